//! The ways in which decisions change, each counted on its own and exactly: verdicts by from and to, interfaces, limits, reasons.
//!
//! A request that changes in several ways counts in each of them. An interface or a limit changes only where both decisions or neither
//! are a decline: a declined request has none, which its verdict says already. Reasons change only where the verdict stays. So every flip
//! counts somewhere.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Differs;
use super::known::VerdictCells;
use super::sentences;
use crate::decisions::{ByLabel, DecisionOutline};
use crate::identity::{Identity, RuleSetSide};
use countersign_core::model::{Fen, Limit, Limits, Verdict};
use countersign_core::text::{Language, LocalText};

/// How many pairs of values of one change are named.
const WAYS_LISTED: usize = 8;

/// How many pairs of values of one change are counted separately; a limit worked out from an amount has as many as there are amounts.
const WAYS_COUNTED: usize = 10_000;

/// One way in which a decision changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DecisionChange {
    /// From a verdict to another.
    Verdict(Verdict, Verdict),
    Route,
    LimitRaised(Limit),
    LimitLowered(Limit),
    Reasons,
}

impl DecisionChange {
    /// Worst first: milder verdicts by how far they fall, higher limits, stricter verdicts, other interfaces, lower limits, other reasons.
    fn rank(self) -> (u8, u8, Verdict) {
        match self {
            Self::Verdict(old, new) if new < old => (0, Verdict::Decline as u8 - (old as u8 - new as u8), new),
            Self::LimitRaised(limit) => (1, limit as u8, Verdict::Accept),
            Self::Verdict(old, new) => (2, Verdict::Decline as u8 - (new as u8 - old as u8), old),
            Self::Route => (3, 0, Verdict::Accept),
            Self::LimitLowered(limit) => (4, limit as u8, Verdict::Accept),
            Self::Reasons => (5, 0, Verdict::Accept),
        }
    }

    /// The name in a report for programs.
    fn word(self) -> String {
        match self {
            Self::Verdict(..) => "verdict".to_owned(),
            Self::Route => "interface".to_owned(),
            Self::LimitRaised(limit) => format!("limit_{}_raised", limit.word()),
            Self::LimitLowered(limit) => format!("limit_{}_lowered", limit.word()),
            Self::Reasons => "reasons".to_owned(),
        }
    }
}

/// What a change goes from and to, in the common numbering.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    Verdicts(Verdict, Verdict),
    Interfaces(Option<usize>, Option<usize>),
    Amounts(Option<Fen>, Option<Fen>),
    Reasons(Vec<usize>, Vec<usize>),
}

/// In which ways two decisions that differ do so.
pub(super) fn changes(
    identity: &Identity,
    differs: Differs,
    (old, old_limits): (&DecisionOutline, Limits),
    (new, new_limits): (&DecisionOutline, Limits),
) -> Vec<(DecisionChange, Way)> {
    let mut all = Vec::new();
    if differs.verdict {
        all.push((DecisionChange::Verdict(old.verdict, new.verdict), Way::Verdicts(old.verdict, new.verdict)));
    }
    let is_comparable = (old.verdict == Verdict::Decline) == (new.verdict == Verdict::Decline);
    if differs.interface && is_comparable {
        let of = |side: &RuleSetSide, shape: &DecisionOutline| shape.interface.map(|interface| side.interface(interface));
        all.push((DecisionChange::Route, Way::Interfaces(of(identity.old(), old), of(identity.new_side(), new))));
    }
    for limit in Limit::ALL.into_iter().filter(|_| differs.limits && is_comparable) {
        let (before, after) = (old_limits.get(limit), new_limits.get(limit));
        // No limit is higher than any.
        let is_raised = before.is_some_and(|before| after.is_none_or(|after| after > before));
        let change = if is_raised { DecisionChange::LimitRaised(limit) } else { DecisionChange::LimitLowered(limit) };
        if before != after {
            all.push((change, Way::Amounts(before, after)));
        }
    }
    if differs.reasons && !differs.verdict {
        let codes = |side: &RuleSetSide, shape: &DecisionOutline| {
            let mut codes: Vec<usize> = shape.reasons.iter().map(|given| side.reason(given.reason)).collect();
            codes.sort_unstable();
            codes.dedup();
            codes
        };
        all.push((DecisionChange::Reasons, Way::Reasons(codes(identity.old(), old), codes(identity.new_side(), new))));
    }
    all
}

/// A value before and after, for people, and how many requests go that way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedValue {
    pub old: LocalText,
    pub new: LocalText,
    pub requests: u64,
}

/// Every request that changes in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeLine {
    #[serde(skip)]
    pub change: DecisionChange,
    /// The name of the change: `verdict`, `interface`, `limit_single_raised`, `reasons`.
    pub what: String,
    /// The change in words, the same wherever it is shown.
    pub sentence: LocalText,
    pub requests: ByLabel,
    /// What they go from and to, most first; the first of them.
    pub ways: Vec<ChangedValue>,
    /// How many requests go another way than those listed.
    pub other_ways: u64,
}

/// Changes being added up.
#[derive(Clone, Debug, Default)]
pub(crate) struct ChangeTally {
    all: BTreeMap<DecisionChange, OneChange>,
    pub(super) cells: VerdictCells,
}

#[derive(Clone, Debug, Default)]
struct OneChange {
    requests: ByLabel,
    ways: BTreeMap<Way, u64>,
}

impl ChangeTally {
    /// Adds requests that change in the same ways.
    pub(super) fn add(&mut self, changes: &[(DecisionChange, Way)], requests: &ByLabel) {
        let count = requests.all().requests;
        for (change, way) in changes {
            let held = self.all.entry(*change).or_default();
            held.requests.merge(requests);
            if held.ways.len() < WAYS_COUNTED || held.ways.contains_key(way) {
                *held.ways.entry(way.clone()).or_default() += count;
            }
        }
    }

    /// The changes, worst first.
    pub(super) fn lines(&self, identity: &Identity) -> Vec<ChangeLine> {
        let line = |(change, held): (&DecisionChange, &OneChange)| {
            let mut ways: Vec<(&Way, u64)> = held.ways.iter().map(|(way, count)| (way, *count)).collect();
            ways.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            let named = ways.iter().take(WAYS_LISTED).map(|(way, requests)| {
                let (old, new) = sides(identity, way);
                ChangedValue { old, new, requests: *requests }
            });
            let ways: Vec<ChangedValue> = named.collect();
            let other_ways = held.requests.all().requests - ways.iter().map(|way| way.requests).sum::<u64>();
            let sentence = sentences::change(*change, &held.requests, ways.first(), other_ways > 0 || ways.len() > 1);
            ChangeLine { change: *change, what: change.word(), sentence, requests: held.requests, ways, other_ways }
        };
        let mut lines: Vec<ChangeLine> = self.all.iter().map(line).collect();
        lines.sort_by_key(|line| line.change.rank());
        lines
    }
}

fn sides(identity: &Identity, way: &Way) -> (LocalText, LocalText) {
    let interface = |at: Option<usize>| match at {
        Some(at) => identity.interfaces.get(at).map(named).unwrap_or_default(),
        None => LocalText::new("no interface", "无接口"),
    };
    let amount = |amount: Option<Fen>| match amount {
        Some(Fen(fen)) => LocalText::same(sentences::money(i128::from(fen))),
        None => LocalText::new("no limit", "无限额"),
    };
    let reasons = |codes: &Vec<usize>| {
        let texts: Vec<LocalText> = codes.iter().filter_map(|at| identity.reasons.get(*at)).map(named).collect();
        let joined = |language, comma| texts.iter().map(|text| text.get(language)).collect::<Vec<_>>().join(comma);
        if texts.is_empty() {
            return LocalText::new("no reason", "无原因");
        }
        LocalText::new(joined(Language::En, ", "), joined(Language::Zh, "、"))
    };
    match way {
        Way::Verdicts(old, new) => (old.text(), new.text()),
        Way::Interfaces(old, new) => (interface(*old), interface(*new)),
        Way::Amounts(old, new) => (amount(*old), amount(*new)),
        Way::Reasons(old, new) => (reasons(old), reasons(new)),
    }
}

/// What is named for people, by its id where it has no words.
fn named((id, text): &(String, LocalText)) -> LocalText {
    if text.en.is_empty() { LocalText::same(id.as_str()) } else { text.clone() }
}
