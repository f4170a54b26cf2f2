//! Gives the raw form its meaning: ids, names that must be known, times, values, roles. Everything that does not fit is a finding.
//!
//! What a check of an understood rule set finds (an unknown reason in a script) is not looked for here.

mod common;
mod parameters;
mod rule_set;
mod schema;
mod stages;

pub use common::{SeenIds, bare_word, id, unknown, wrong_value};
pub use rule_set::rule_set;
pub use schema::schema;

use super::RawForm;
use crate::diagnostic::Finding;
use crate::model::{List, RuleId, Script};
use crate::text::Span;

/// A part of the text that a raw form was read from; a part that is not written is where the part around it is.
pub trait RawPlace: Clone {
    fn span(&self) -> Span;
    /// A field of a record.
    #[must_use]
    fn field(&self, name: &str) -> Self;
    /// An item of a list, or the value of an entry, with the id it has.
    #[must_use]
    fn entry(&self, position: usize, id: &str) -> Self;
    /// The id of an entry.
    fn key(&self, position: usize, id: &str) -> Span;
    /// What an enum's word holds: the entries of `Enum( … )`.
    #[must_use]
    fn content(&self) -> Self;
    /// A single value as it is written, for messages.
    fn shown(&self) -> String;
    /// A word that is no value; only a form that reads it as a missing one needs to look.
    fn bare_word(&self) -> Option<&str> {
        None
    }
}

/// Where a raw form comes from: gathers findings, and knows how scripts and lists are read.
pub trait RawSource {
    type Form: RawForm;

    fn wrong(&mut self, finding: Finding);
    fn finding_count(&self) -> usize;
    fn script(&mut self, written: &<Self::Form as RawForm>::Script, at: &impl RawPlace) -> Script;
    fn condition(&mut self, invariant: &RuleId, written: &<Self::Form as RawForm>::Condition) -> Script;
    /// `None` only with a finding.
    fn list(&mut self, id: &str, written: &<Self::Form as RawForm>::List, at: &impl RawPlace) -> Option<List>;
}
