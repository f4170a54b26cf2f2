//! Proofs: what holds for every request there can be, with a request where it does not.
//!
//! The plan's graph becomes a formula ([`encode`]), stages and hit policies become truth values over it ([`flow`]), and each
//! [`Question`] is a search for a request. "None" is a proof; a request that is found is decided again ([`Decide`]) before it is shown;
//! everything else is [`Answer::Unknown`] with a [`Reason`].
//!
//! A proof speaks of requests that fit the schema: texts are not empty, are in normal form where the schema takes them so, and have at
//! most [`countersign_core::plan::semantics::TEXT_BYTES`] bytes.

mod budget;
mod decided;
mod encode;
mod flow;
mod formula;
mod fraction;
mod linear;
mod prover;
mod question;
mod simplex;
#[cfg(test)]
mod tests;
mod texts;
mod witness;

pub use budget::{Budget, UnknownReason};
pub use decided::{Decide, Decided};
pub use prover::{ProofOptions, Prover, Subject};
pub use question::{Direction, ProofAnswer, Question, Relation, Silence};
pub use witness::{Witness, usual_request};
