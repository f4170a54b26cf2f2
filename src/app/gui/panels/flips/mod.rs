//! Flips as they are shown wherever two rule sets are compared: a group with the rules that cause it, and single ones.

mod group;
mod list;

pub use group::group;
pub use list::List;
