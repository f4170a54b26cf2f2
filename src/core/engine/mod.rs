//! One request decided ([`Engine::decide`]), with every step ([`Engine::trace`]); explanations; regression cases.

pub mod cases;
mod combine;
mod cost;
mod decide;
pub mod explain;
#[cfg(any(test, feature = "fixtures"))]
#[allow(missing_docs, clippy::unwrap_used, clippy::missing_panics_doc, clippy::must_use_candidate, reason = "for tests only")]
pub mod fixture;
mod history;

pub use combine::{Combiner, DecisionStep, Evaluated, RuleStep, StageEffect, StageFlow, StagePlan, StageResult, join};
pub use cost::Costs;
pub use decide::{Engine, StageTrace, Trace};
pub use explain::{Explanation, explain};
pub use history::{History, HistoryError, HistoryEvent, in_window};
