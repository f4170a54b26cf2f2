//! The decisions of many requests as columns, and the sums that figures are made of.

mod facts;
mod recorded;
mod sums;

pub(crate) use facts::RoleFields;
pub use facts::{Facts, Label};
pub use recorded::{DecisionOutline, Decisions, ErrorExample, Kind as DecisionKind, RuleFailure};
pub(crate) use recorded::{EXAMPLES, Interner, Kinds};
pub use sums::{ByLabel, Ratio, Sums};
pub(crate) use sums::{by_shape, customers, group_customers};
