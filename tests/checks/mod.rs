//! Findings: the examples of their pages, their messages, other outputs.
//!
//! With `UPDATE_SNAPSHOTS=1` the tests write `tests/fixtures/checks/messages.*.txt` and the indexes in `docs/findings`; look at the difference.

mod definitions;
mod examples;
pub(crate) mod fixture;
mod numbers;
mod outputs;
mod pages;
