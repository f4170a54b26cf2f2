//! Findings and results of cases: for people, and as JSON, SARIF, JUnit, annotations of GitHub.

pub mod cases;
pub mod github;
pub mod human;
pub mod json;
pub mod junit;
#[cfg(test)]
mod sample;
pub mod sarif;
mod uri;
