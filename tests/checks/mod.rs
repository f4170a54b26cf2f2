//! Every check fires on its own wrong example and not on its right one; what is said is held word for word; nothing is undocumented.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test checks` writes what is said now into `tests/fixtures/checks/said.*.txt`; look at the difference.

mod definitions;
mod examples;
mod fixture;
mod numbers;
mod outputs;
mod registry;
