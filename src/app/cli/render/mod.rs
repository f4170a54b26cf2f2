//! Findings for programs: JSON, SARIF, JUnit, annotations of GitHub.

pub mod github;
pub mod json;
pub mod junit;
#[cfg(test)]
mod sample;
pub mod sarif;
mod uri;
