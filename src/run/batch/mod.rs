//! Many requests by the plan, column by column: what the single decision says, for batches of rows at a time.
//!
//! - [`rules`]: what every rule gives for every row ([`RuleColumn`]), whatever the other rules say. The graph's nodes are worked out once
//!   for each batch over narrow columns ([`eval`]); texts once for each distinct value ([`lookup`]); rows on which anything fails are
//!   decided by the interpreter, rule by rule.
//! - [`mod@decide`]: which rules are reached and what they come to together. That is `engine/combine.rs`, asked once for every combination
//!   of results ([`states`]) and not for every row.
//!
//! Results do not depend on the number of threads.

mod bind;
mod bits;
mod columns;
mod conditions;
mod decide;
mod eval;
mod lookup;
mod matches;
mod numbers;
mod rules;
mod stakes;
mod states;
mod work;

pub(crate) use bits::{BATCH, Bits, NONE, or};
pub use conditions::ConditionCounts;
pub(crate) use conditions::count_conditions;
pub(crate) use decide::{Before, Columns, Combining, decide, decide_again};
pub(crate) use matches::RuleColumn;
pub(crate) use rules::{Script, run_scripts};
pub use work::Cancelled;
pub(crate) use work::all_cores;
