//! What an edit does: the sentence of the strip, and the groups of flips somebody answers for.

use std::collections::BTreeSet;

use super::figures;
use crate::Session;
use crate::deciding::{FlipGroup, Impact, Part};
use crate::view::{Change, Only};
use countersign_core::model::{RuleId, Verdict};
use countersign_core::text::{Language, LocalText};
use countersign_run::compare::Known;
use countersign_run::dry_run::Sums;

/// One piece of the strip's sentence: `+812 declined`; a click shows its requests.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// What it says.
    pub text: LocalText,
    /// Its requests.
    pub sums: Sums,
    /// The condition that lists them.
    pub only: Only,
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
    /// The flips and their amounts.
    pub sums: Sums,
    /// Distinct customers.
    pub customers: u64,
    /// How many go from which verdict to which, most first.
    pub transitions: Vec<(Verdict, Verdict, u64)>,
    /// Whether somebody took responsibility for it.
    pub is_acknowledged: bool,
}

/// The strip's sentence, most severe verdict first; empty when nothing flips.
#[must_use]
pub fn sentence(impact: &Impact) -> Vec<Piece> {
    let verdicts = [Verdict::Decline, Verdict::Refer, Verdict::StepUp, Verdict::Accept];
    let of = |change: Change| impact.parts.iter().find(|part| part.change == change);
    let mut pieces = Vec::new();
    for verdict in verdicts {
        pieces.extend(of(Change::Now(verdict)).map(|part| piece(part, '+', &past(verdict))));
        pieces.extend(of(Change::NoLonger(verdict)).map(|part| piece(part, '−', &past(verdict))));
    }
    let others = [
        (Change::Rerouted, LocalText::new("re-routed", "改变路由")),
        (Change::Reasons, LocalText::new("with other reasons", "原因改变")),
        (Change::Limits, LocalText::new("with other limits", "限额改变")),
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

fn piece(part: &Part, sign: char, words: &LocalText) -> Piece {
    let count = figures::count(part.sums.requests);
    let text = LocalText::new(format!("{sign}{count} {}", words.en), format!("{} {sign}{count}", words.zh));
    Piece { text, sums: part.sums, only: Only::Change(part.change) }
}

fn plain(part: &Part, words: &LocalText) -> Piece {
    let count = figures::count(part.sums.requests);
    let text = LocalText::new(format!("{count} {}", words.en), format!("{} {count}", words.zh));
    Piece { text, sums: part.sums, only: Only::Change(part.change) }
}

/// The groups of flips, most first.
#[must_use]
pub fn groups(session: &Session) -> Vec<GroupRow> {
    let Some(impact) = session.impact().value else { return Vec::new() };
    group_rows(impact, &session.view().acknowledged)
}

/// The groups of flips of a comparison, most first.
#[must_use]
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

fn title(causes: &[Known]) -> LocalText {
    if causes.is_empty() {
        return LocalText::new("settings of a stage", "阶段设置");
    }
    let joined = |language, comma| causes.iter().map(|known| known.title.get(language)).collect::<Vec<_>>().join(comma);
    LocalText::new(joined(Language::En, ", "), joined(Language::Zh, "、"))
}
