//! The rule set: stages with their rules in order, and the parameters, interfaces, reasons and lists they use.

use std::collections::BTreeSet;
use std::mem::discriminant;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::decision::Verdict;
use super::field_type::FieldType;
use super::id::{InterfaceId, ListId, ParameterId, ReasonId, ReasonIndex, RuleId, RuleIndex, StageId, StageIndex};
use super::time::{Moment, Timestamp};
use super::value::Value;
use crate::text::{LocalText, SourceId, normal};

/// Whether a rule counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Status {
    /// Evaluated, with effect.
    #[default]
    Active,
    /// Evaluated and reported, without effect (旁路).
    Shadow,
    /// Not evaluated.
    Off,
}

/// When a rule holds: from the first moment on, until just before the second; compared with the request's own time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// First moment it holds; always so when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// First moment it holds no more; never when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

impl Window {
    /// Whether a request of that time falls inside.
    #[must_use]
    pub fn contains(&self, time: Timestamp) -> bool {
        self.from.is_none_or(|from| from.at <= time) && self.until.is_none_or(|until| time < until.at)
    }
}

/// A script's text and the file it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Path inside the workspace, with `/`: `risk/age.rhai`.
    pub file: String,
    /// The text.
    pub text: Arc<str>,
    /// Its number among the definition's sources.
    pub source: SourceId,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its identity, the same for ever.
    pub id: RuleId,
    /// What it does, for people.
    pub title: LocalText,
    /// Who answers for it.
    pub owner: String,
    /// The law, notice or decision it rests on.
    pub basis: LocalText,
    /// Whether it counts.
    pub status: Status,
    /// When it holds.
    pub window: Window,
    /// Its script.
    pub script: Script,
}

/// Which outcome of a Screen stage counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HitPolicy {
    /// The rules up to the first with a verdict; the rules after it are not evaluated, so their scores do not count either.
    First,
    /// Every rule is evaluated; the most severe verdict counts.
    MostSevere,
}

/// A score from which a stage's sum means a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The lowest sum that belongs to the band.
    pub at_least: i64,
    /// What it means.
    pub verdict: Verdict,
}

/// What a stage is for and how its rules combine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StageKind {
    /// Verdicts and scores.
    Screen {
        /// Which verdict counts.
        policy: HitPolicy,
        /// What sums of scores mean, lowest first.
        bands: Vec<Band>,
    },
    /// Limits; the smallest value per limit wins.
    Limit,
    /// The interface to use; the first rule that routes wins, and no Route stage after it is reached.
    Route {
        /// Used when no rule routes and no Route stage before has a default; without any that is an error.
        default: Option<InterfaceId>,
    },
}

/// A step of the decision with its rules in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Its identity.
    pub id: StageId,
    /// What it is, for people.
    pub title: LocalText,
    /// What it is for.
    pub kind: StageKind,
    /// Its rules in order.
    pub rules: Vec<Rule>,
}

/// The values a number, amount or time may take, both ends included.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The smallest.
    pub min: Value,
    /// The largest.
    pub max: Value,
}

/// A value that staff may set without touching a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// What it holds.
    pub kind: FieldType,
    /// What it is set to; never missing.
    pub value: Value,
    /// What it may be set to, for Int, Money, Float and Time.
    pub range: Option<Range>,
    /// Its unit, for people.
    pub unit: Option<LocalText>,
    /// What it means, for people.
    pub text: LocalText,
}

/// An interface of the bank that requests arrive on and are routed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interface {
    /// Its name, for people.
    pub title: LocalText,
    /// How many requests it carries a second; unknown when absent (`interface-without-capacity`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity_per_second: Option<u32>,
}

/// A reason code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Its text for people.
    pub text: LocalText,
    /// The code on the wire to the platform, such as `PB511019`.
    pub wire: String,
    /// ISO 8583 field 39, such as `05`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iso8583: Option<String>,
}

/// What a list's entries are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ListType {
    /// Texts, compared byte by byte.
    Text,
    /// Whole numbers.
    Int,
}

/// The entries of a list, sorted and without duplicates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListEntries {
    /// Of a list of texts.
    Text(Arc<[Arc<str>]>),
    /// Of a list of numbers.
    Int(Arc<[i64]>),
}

impl ListEntries {
    /// No entry, in a list of that type.
    #[must_use]
    pub fn none(kind: ListType) -> Self {
        match kind {
            ListType::Text => Self::Text(Arc::from([])),
            ListType::Int => Self::Int(Arc::from([])),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(entries) => entries.len(),
            Self::Int(entries) => entries.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries in normal form; none where they are in it.
    #[must_use]
    pub fn normalized(&self) -> Option<Self> {
        let Self::Text(entries) = self else { return None };
        entries.iter().find(|entry| normal(entry).is_some())?;
        let entries: BTreeSet<Arc<str>> = entries
            .iter()
            .map(|entry| normal(entry).map_or_else(|| Arc::clone(entry), |entry| Arc::from(entry.as_ref())))
            .collect();
        Some(Self::Text(entries.into_iter().filter(|entry| !entry.is_empty()).collect()))
    }

    /// Whether a text is in a list of texts.
    #[must_use]
    pub fn contains_text(&self, text: &str) -> bool {
        matches!(self, Self::Text(entries) if entries.binary_search_by(|entry| entry.as_ref().cmp(text)).is_ok())
    }

    /// Whether a number is in a list of numbers.
    #[must_use]
    pub fn contains_int(&self, number: i64) -> bool {
        matches!(self, Self::Int(entries) if entries.binary_search(&number).is_ok())
    }
}

/// A named list: blocked identities, trusted accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// What it is, for people.
    pub title: LocalText,
    /// What its entries are.
    pub kind: ListType,
    /// Path inside the workspace: `lists/blocked_ids.txt`.
    pub file: String,
    /// Its entries.
    pub entries: ListEntries,
}

/// What a decision takes when a rule fails at run time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnError {
    /// Refer or Decline; anything milder is refused when read.
    pub verdict: Verdict,
    /// The reason given.
    pub reason: ReasonId,
}

/// Something that must hold for every request: where `when` is true the verdict must be one of `verdicts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invariant {
    /// Its identity.
    pub id: RuleId,
    /// Its text for people.
    pub title: LocalText,
    /// A script whose value is Bool.
    pub when: Script,
    /// The verdicts that may be given.
    pub verdicts: Vec<Verdict>,
}

/// The rule set with every script and list in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSet {
    /// Its name.
    pub name: String,
    /// Its version, chosen by staff.
    pub version: String,
    /// What it is, for people.
    pub title: LocalText,
    /// What a failing rule means.
    pub on_error: OnError,
    /// Stages in order.
    pub stages: Vec<Stage>,
    /// Parameters by id.
    pub parameters: IndexMap<ParameterId, Parameter>,
    /// Interfaces by id.
    pub interfaces: IndexMap<InterfaceId, Interface>,
    /// Reasons by code.
    pub reasons: IndexMap<ReasonId, Reason>,
    /// Lists by id.
    pub lists: IndexMap<ListId, List>,
    /// What must hold for every request.
    pub invariants: Vec<Invariant>,
    /// Functions that every script may call.
    pub shared: Option<Script>,
}

impl RuleSet {
    /// Every rule with its stage and its index, stages and rules in order.
    pub fn rules(&self) -> impl Iterator<Item = (RuleIndex, StageIndex, &Rule)> {
        let flat = self.stages.iter().enumerate().flat_map(|(stage, held)| held.rules.iter().map(move |rule| (stage, rule)));
        flat.enumerate()
            .filter_map(|(at, (stage, rule))| Some((RuleIndex::from_position(at)?, StageIndex::from_position(stage)?, rule)))
    }

    /// The rule at an index.
    #[must_use]
    pub fn rule(&self, index: RuleIndex) -> Option<&Rule> {
        self.stages.iter().flat_map(|stage| &stage.rules).nth(index.at())
    }

    /// Finds a rule by its id.
    #[must_use]
    pub fn find_rule(&self, id: &str) -> Option<(RuleIndex, StageIndex, &Rule)> {
        self.rules().find(|(_, _, rule)| rule.id.as_str() == id)
    }

    /// A reason's index.
    #[must_use]
    pub fn reason_index(&self, code: &str) -> Option<ReasonIndex> {
        ReasonIndex::from_position(self.reasons.get_index_of(code)?)
    }

    /// The reason given when a rule fails.
    #[must_use]
    pub fn error_reason(&self) -> Option<ReasonIndex> {
        self.reason_index(self.on_error.reason.as_str())
    }
}

impl Range {
    /// Whether the range holds any value: its ends are of one type with an order, the smaller first.
    #[must_use]
    pub fn holds_any(&self) -> bool {
        self.contains(&self.min)
    }

    /// Whether a value of the same type is in the range; values of another type are not.
    #[must_use]
    pub fn contains(&self, value: &Value) -> bool {
        let is_at_most = |one: &Value, other: &Value| match (one, other) {
            (Value::Float(one), Value::Float(other)) => one <= other,
            _ => {
                discriminant(one) == discriminant(other) && one.whole().zip(other.whole()).is_some_and(|(one, other)| one <= other)
            }
        };
        is_at_most(&self.min, value) && is_at_most(value, &self.max)
    }
}
