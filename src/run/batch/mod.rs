//! Decides many requests by the plan, column by column in batches of rows, each as the single decision would.
//!
//! - [`rules`]: the result of every rule for every row ([`RuleColumn`]), independent of the other rules. The graph's nodes are evaluated once
//!   for each batch over narrow columns ([`eval`]); texts once for each distinct value ([`lookup`]); rows on which anything fails are
//!   decided by the interpreter, rule by rule.
//! - [`mod@decide`]: which rules are reached and the decision they lead to. `combine.rs` of the core computes it, once for every combination of
//!   results ([`signatures`]) and not for every row.
//!
//! Results do not depend on the number of threads.
//!
//! Own engine, since a query engine on Arrow stops a batch at the first error and has its own arithmetic. Here each row gets the value or
//! the error that the interpreter gives, and an edit recomputes only the rules it touches.

mod amounts;
mod bind;
mod bits;
mod columns;
mod conditions;
mod decide;
mod eval;
mod lookup;
mod matches;
mod numbers;
mod reading;
mod rules;
mod signatures;
mod work;

pub(crate) use bits::{BATCH, Bits, NONE, or};
pub use conditions::ConditionCounts;
pub(crate) use conditions::count_conditions;
pub(crate) use decide::{DecisionInputs, PreviousDecisions, RuleColumns, decide, decide_again};
pub(crate) use matches::RuleColumn;
pub(crate) use reading::count_reading;
pub(crate) use rules::{BatchScript, run_scripts};
pub use work::Cancelled;
pub(crate) use work::{all_cores, each_batch};
