//! Data of charts: shares of verdicts, hits per rule, spread of scores, the rhythm of the day.

use std::fmt::Write;

use crate::engine::dry_run::{Scores, Sums};
use crate::model::{RuleId, Verdict};
use crate::session::Session;
use crate::session::deciding::Impact;
use crate::text::LocalText;

/// One verdict's share, of the draft and of what it is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The verdict.
    pub verdict: Verdict,
    /// The draft's requests.
    pub new: Sums,
    /// The baseline's.
    pub old: Option<Sums>,
    /// All requests.
    pub of: u64,
}

/// A rule's hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hits {
    /// The rule.
    pub rule: RuleId,
    /// Its name.
    pub title: LocalText,
    /// Requests it hits, as active or shadow.
    pub hits: u64,
    /// Requests in whose decision one of its reasons stands.
    pub decided: u64,
}

/// The verdicts' shares, mildest first; nothing before the first dry run.
#[must_use]
pub fn shares(session: &Session) -> Vec<Share> {
    let Some(impact) = session.impact().value else { return Vec::new() };
    let share = |verdict| Share {
        verdict,
        new: impact.new.totals().verdict(verdict),
        old: impact.old.as_ref().map(|old| old.totals().verdict(verdict)),
        of: impact.new.table().len() as u64,
    };
    Verdict::ALL.map(share).to_vec()
}

/// The rules' hits, most first.
#[must_use]
pub fn hits(session: &Session) -> Vec<Hits> {
    let Some(impact) = session.impact().value else { return Vec::new() };
    let rules = impact.new.engine().definition().rule_set.rules().zip(&impact.new.totals().rules);
    let mut all: Vec<Hits> = rules
        .map(|((.., rule), totals)| Hits {
            rule: rule.id.clone(),
            title: rule.title.clone(),
            hits: totals.hits.requests,
            decided: totals.decided.requests,
        })
        .collect();
    all.sort_by_key(|hits| std::cmp::Reverse(hits.hits));
    all
}

/// The spread of scores, with the bands of the stages.
#[must_use]
pub fn scores(session: &Session) -> Option<&Scores> {
    session.details().value.map(|details| &details.summary.scores)
}

/// Requests per hour of the day and verdict, mildest first, in the schema's zone.
pub(in crate::session) fn rhythm(impact: &Impact) -> [[u64; 4]; 24] {
    let zone = impact.new.table().schema().zone;
    let mut rhythm = [[0; 4]; 24];
    for row in 0..impact.new.table().len() {
        let (Some(time), Some(verdict)) = (impact.new.facts().time(row), impact.new.verdict(row)) else { continue };
        let hour = usize::try_from(zone.civil(time).hour()).unwrap_or(0);
        if let Some(count) = rhythm.get_mut(hour).and_then(|hour| hour.get_mut(verdict as usize)) {
            *count += 1;
        }
    }
    rhythm
}

/// A chart's numbers as CSV: a head and lines.
#[must_use]
pub fn csv(head: &[&str], lines: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = head.join(",");
    text.push('\n');
    for line in lines {
        let cells: Vec<String> = line
            .into_iter()
            .map(|cell| if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell })
            .collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}
