//! Regression cases: a request with the parts of the decision it must get.

use indexmap::IndexMap;

use super::decision::Verdict;
use super::id::{FieldName, InterfaceId, ReasonId, RuleId};
use super::value::{Fen, Scalar};
use crate::text::LocalText;

/// Fields given for a request; what is not given comes from the template, or is missing.
pub type Template = IndexMap<FieldName, Scalar>;

/// Amounts a decision must set; a limit not named may be anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExpectLimits {
    /// One payment: the amount, or `Some(None)` for "must not be set".
    pub single: Option<Option<Fen>>,
    /// A day.
    pub day: Option<Option<Fen>>,
    /// A month.
    pub month: Option<Option<Fen>>,
    /// A year.
    pub year: Option<Option<Fen>>,
}

/// The parts of a decision that a case fixes; what is absent may be anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expect {
    /// The verdict.
    pub verdict: Option<Verdict>,
    /// All reason codes, in any order.
    pub reasons: Option<Vec<ReasonId>>,
    /// The interface; `Some(None)` for "none".
    pub interface: Option<Option<InterfaceId>>,
    /// The sum of scores.
    pub score: Option<i64>,
    /// Rules that must hit.
    pub hits: Vec<RuleId>,
    /// Rules that must not hit.
    pub misses: Vec<RuleId>,
    /// Shadow rules that must hit.
    pub shadow_hits: Vec<RuleId>,
    /// Limits.
    pub limits: ExpectLimits,
    /// Rules that must fail; none may fail that is not named.
    pub errors: Vec<RuleId>,
}

/// One case.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Its identity.
    pub id: RuleId,
    /// What it shows, for people.
    pub title: LocalText,
    /// The template it starts from.
    pub from: Option<String>,
    /// The fields that matter.
    pub set: Template,
    /// Earlier requests, in the order in which they came: each is the case's own with other values. Derived fields that the case does not
    /// set are computed from them.
    pub before: Vec<Template>,
    /// What the decision must be.
    pub expect: Expect,
    /// Its file, relative to the workspace.
    pub file: String,
}

/// All cases of a workspace with the templates they start from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaseSet {
    /// Templates by name.
    pub templates: IndexMap<String, Template>,
    /// Cases in the order of files and within them.
    pub cases: Vec<Case>,
}
