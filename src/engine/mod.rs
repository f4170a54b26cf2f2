//! Decides: one request ([`Engine::decide`], with every step by [`Engine::trace`]).

mod combine;
#[cfg(test)]
mod combine_tests;
mod decide;

pub use combine::{Combiner, Evaluated, RuleStep, StageResult, Step};
pub use decide::{Engine, StageTrace, Trace};
