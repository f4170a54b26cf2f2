//! What an edit does: the sentence of the strip, and the groups of flips somebody takes responsibility for.

use std::collections::{BTreeMap, BTreeSet};

use crate::Session;
use crate::jobs::impact::{Impact, rules_of};
use crate::view::RowFilter;
use countersign_core::model::{RuleId, Verdict};
use countersign_core::text::{Language, LocalText};
use countersign_run::MatchedRule;
use countersign_run::compare::{ChangeLine, FlipGroup, known_effect};
use countersign_run::decisions::Sums;

/// One way in which decisions change: `49 declined requests now get through`; a click shows the requests.
#[derive(Clone, Debug, PartialEq)]
pub struct SentencePart {
    pub text: LocalText,
    pub sums: Sums,
    pub only: RowFilter,
}

/// Flips with the same causing rules, as somebody acknowledges them.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupRow {
    /// What an acknowledgement is kept under: the rules and the figures, so that it lapses when either changes.
    pub key: String,
    /// The causing rules; none where only a stage's settings differ.
    pub rules: BTreeSet<RuleId>,
    /// What became of them, for people.
    pub title: LocalText,
    pub sums: Sums,
    pub customers: u64,
    /// How many go from which verdict to which, most first.
    pub transitions: Vec<(Verdict, Verdict, u64)>,
    /// What it changes for requests whose outcome is known.
    pub known: Vec<LocalText>,
    /// Whether somebody took responsibility for it.
    pub is_acknowledged: bool,
    /// The reason, where somebody gave one.
    pub comment: String,
}

/// What changes, worst first; empty when nothing flips.
pub fn sentence(impact: &Impact) -> Vec<SentencePart> {
    let part = |line: &ChangeLine| SentencePart {
        text: line.sentence.clone(),
        sums: line.requests.all(),
        only: RowFilter::Change(line.change),
    };
    impact.effects.changes.iter().map(part).collect()
}

/// The groups of flips, most first.
pub fn groups(session: &Session) -> Vec<GroupRow> {
    let Some(impact) = session.impact().value else { return Vec::new() };
    group_rows(impact, &session.view().acknowledged)
}

/// The groups of flips of a comparison, most first.
pub fn group_rows(impact: &Impact, acknowledged: &BTreeMap<String, String>) -> Vec<GroupRow> {
    impact.effects.groups.iter().map(|group| row(group, acknowledged)).collect()
}

fn row(group: &FlipGroup, acknowledged: &BTreeMap<String, String>) -> GroupRow {
    let rules = rules_of(group);
    let names: Vec<&str> = rules.iter().map(RuleId::as_str).collect();
    let sums = group.cell.sums;
    let key = format!("{}|{}|{}|{:?}", names.join(","), sums.requests, sums.amount_fen, group.transitions);
    let comment = acknowledged.get(&key);
    let verdict = |word: &str| Verdict::ALL.into_iter().find(|verdict| verdict.word() == word).unwrap_or_default();
    GroupRow {
        title: title(&group.causes),
        is_acknowledged: comment.is_some(),
        comment: comment.cloned().unwrap_or_default(),
        key,
        sums,
        customers: group.cell.customers,
        transitions: group.transitions.iter().map(|(old, new, count)| (verdict(old), verdict(new), *count)).collect(),
        known: group.known.as_ref().map(known_effect).unwrap_or_default(),
        rules,
    }
}

/// The reasons given for groups of flips, each with the number of its requests and the rules that cause it.
pub(crate) fn comments(impact: &Impact, acknowledged: &BTreeMap<String, String>) -> Vec<(u64, String)> {
    let commented = group_rows(impact, acknowledged).into_iter().filter(|group| !group.comment.trim().is_empty());
    let said = |group: GroupRow| {
        let rules: Vec<&str> = group.rules.iter().map(RuleId::as_str).collect();
        let comment = group.comment.trim();
        (group.sums.requests, if rules.is_empty() { comment.to_owned() } else { format!("{}: {comment}", rules.join(", ")) })
    };
    commented.map(said).collect()
}

fn title(causes: &[MatchedRule]) -> LocalText {
    if causes.is_empty() {
        return LocalText::new("settings of a stage", "阶段设置");
    }
    let joined = |language, comma| causes.iter().map(|known| known.title.get(language)).collect::<Vec<_>>().join(comma);
    LocalText::new(joined(Language::En, ", "), joined(Language::Zh, "、"))
}
