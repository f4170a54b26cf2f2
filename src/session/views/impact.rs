//! What an edit does: the sentence of the strip, and the groups of flips somebody takes responsibility for.

use std::collections::BTreeSet;

use super::figures;
use crate::Session;
use crate::jobs::impact::{FlipGroup, Impact, ImpactPart};
use crate::view::{DecisionChange, RowFilter};
use countersign_core::model::{RuleId, Verdict};
use countersign_core::text::{Language, LocalText};
use countersign_run::MatchedRule;
use countersign_run::decisions::Sums;

/// One piece of the strip's sentence: `+812 declined`; a click shows its requests.
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
    /// Whether somebody took responsibility for it.
    pub is_acknowledged: bool,
}

/// The strip's sentence, most severe verdict first; empty when nothing flips.
pub fn sentence(impact: &Impact) -> Vec<SentencePart> {
    let verdicts = [Verdict::Decline, Verdict::Refer, Verdict::StepUp, Verdict::Accept];
    let of = |change: DecisionChange| impact.parts.iter().find(|part| part.change == change);
    let mut pieces = Vec::new();
    for verdict in verdicts {
        pieces.extend(of(DecisionChange::Now(verdict)).map(|part| piece(part, '+', &past(verdict))));
        pieces.extend(of(DecisionChange::NoLonger(verdict)).map(|part| piece(part, '−', &past(verdict))));
    }
    let others = [
        (DecisionChange::Rerouted, LocalText::new("re-routed", "改变路由")),
        (DecisionChange::Reasons, LocalText::new("with other reasons", "原因改变")),
        (DecisionChange::Limits, LocalText::new("with other limits", "限额改变")),
    ];
    for (change, words) in others {
        pieces.extend(of(change).map(|part| plain(part, &words)));
    }
    pieces
}

fn past(verdict: Verdict) -> LocalText {
    match verdict {
        Verdict::Accept => LocalText::new("accepted", "通过"),
        Verdict::StepUp => LocalText::new("stepped up", "加强验证"),
        Verdict::Refer => LocalText::new("referred", "转人工审核"),
        Verdict::Decline => LocalText::new("declined", "拒绝"),
    }
}

fn piece(part: &ImpactPart, sign: char, words: &LocalText) -> SentencePart {
    let count = figures::count(part.sums.requests);
    let text = LocalText::new(format!("{sign}{count} {}", words.en), format!("{} {sign}{count}", words.zh));
    SentencePart { text, sums: part.sums, only: RowFilter::Change(part.change) }
}

fn plain(part: &ImpactPart, words: &LocalText) -> SentencePart {
    let count = figures::count(part.sums.requests);
    let text = LocalText::new(format!("{count} {}", words.en), format!("{} {count}", words.zh));
    SentencePart { text, sums: part.sums, only: RowFilter::Change(part.change) }
}

/// The groups of flips, most first.
pub fn groups(session: &Session) -> Vec<GroupRow> {
    let Some(impact) = session.impact().value else { return Vec::new() };
    group_rows(impact, &session.view().acknowledged)
}

/// The groups of flips of a comparison, most first.
pub fn group_rows(impact: &Impact, acknowledged: &BTreeSet<String>) -> Vec<GroupRow> {
    impact.groups.iter().map(|group| row(group, acknowledged)).collect()
}

fn row(group: &FlipGroup, acknowledged: &BTreeSet<String>) -> GroupRow {
    let rules = group.rules();
    let names: Vec<&str> = rules.iter().map(RuleId::as_str).collect();
    let key = format!("{}|{}|{}|{:?}", names.join(","), group.sums.requests, group.sums.amount_fen, group.moves);
    let is_acknowledged = acknowledged.contains(&key);
    GroupRow {
        title: title(&group.causes),
        key,
        sums: group.sums,
        customers: group.customers,
        transitions: transitions(&group.moves),
        is_acknowledged,
        rules,
    }
}

fn transitions(moves: &[[u64; 4]; 4]) -> Vec<(Verdict, Verdict, u64)> {
    let pairs = Verdict::ALL
        .into_iter()
        .zip(moves)
        .flat_map(|(old, row)| Verdict::ALL.into_iter().zip(row).map(move |(new, n)| (old, new, *n)));
    let mut all: Vec<(Verdict, Verdict, u64)> = pairs.filter(|(.., count)| *count > 0).collect();
    all.sort_by_key(|(.., count)| std::cmp::Reverse(*count));
    all
}

fn title(causes: &[MatchedRule]) -> LocalText {
    if causes.is_empty() {
        return LocalText::new("settings of a stage", "阶段设置");
    }
    let joined = |language, comma| causes.iter().map(|known| known.title.get(language)).collect::<Vec<_>>().join(comma);
    LocalText::new(joined(Language::En, ", "), joined(Language::Zh, "、"))
}
