//! How the sums of scores are spread, and where the bands lie.

use std::collections::BTreeMap;

use serde::Serialize;

use countersign_core::model::{RuleSet, StageId, StageKind, Verdict};
use countersign_core::text::LocalText;

/// Sums of scores from `from` to `to`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ScoreBin {
    pub from: i64,
    pub to: i64,
    /// Requests per verdict, mildest first.
    pub by_verdict: [u64; 4],
}

/// A band of a stage, for reference beside the distribution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BandLine {
    pub stage: StageId,
    pub title: LocalText,
    pub at_least: i64,
    pub verdict: &'static str,
}

/// The distribution of the decisions' scores.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scores {
    /// Requests whose score is exactly 0; the bins leave them out.
    pub zero: u64,
    /// The lowest score other than 0.
    pub lowest: Option<i64>,
    /// The highest score other than 0.
    pub highest: Option<i64>,
    /// The distribution of scores other than 0.
    pub bins: Vec<ScoreBin>,
    pub bands: Vec<BandLine>,
}

/// At most this many bins.
const BINS: i128 = 32;

/// The width of a bin: 1, 2 or 5 with zeros behind.
fn width(lowest: i64, highest: i64) -> i128 {
    let span = i128::from(highest) - i128::from(lowest) + 1;
    let mut unit = 1;
    loop {
        for step in [1, 2, 5] {
            if span / (step * unit) < BINS {
                return step * unit;
            }
        }
        unit *= 10;
    }
}

fn clamp(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

/// Spreads the scores of a dry run: how many requests have which score and verdict.
pub(crate) fn scores(rule_set: &RuleSet, counts: &BTreeMap<(i64, Verdict), u64>) -> Scores {
    let counts: Vec<(i64, Verdict, u64)> =
        counts.iter().map(|((score, verdict), requests)| (*score, *verdict, *requests)).collect();
    let others = || counts.iter().filter(|(score, ..)| *score != 0);
    let (lowest, highest) = (others().map(|(score, ..)| *score).min(), others().map(|(score, ..)| *score).max());
    let zero = counts.iter().filter(|(score, ..)| *score == 0).map(|(_, _, count)| count).sum();
    let mut scores = Scores { zero, lowest, highest, bins: Vec::new(), bands: bands(rule_set) };
    if let (Some(lowest), Some(highest)) = (lowest, highest) {
        scores.bins = bins(&counts, lowest, highest);
    }
    scores
}

fn bins(counts: &[(i64, Verdict, u64)], lowest: i64, highest: i64) -> Vec<ScoreBin> {
    let width = width(lowest, highest);
    let first = i128::from(lowest).div_euclid(width);
    let last = i128::from(highest).div_euclid(width);
    let bin = |at: i128| ScoreBin { from: clamp(at * width), to: clamp(at * width + width - 1), by_verdict: [0; 4] };
    let mut bins: Vec<ScoreBin> = (first..=last).map(bin).collect();
    for (score, verdict, requests) in counts.iter().filter(|(score, ..)| *score != 0) {
        let at = usize::try_from(i128::from(*score).div_euclid(width) - first).unwrap_or(usize::MAX);
        if let Some(count) = bins.get_mut(at).and_then(|bin| bin.by_verdict.get_mut(*verdict as usize)) {
            *count += requests;
        }
    }
    bins
}

fn bands(rule_set: &RuleSet) -> Vec<BandLine> {
    let mut lines = Vec::new();
    for stage in &rule_set.stages {
        let StageKind::Screen { bands, .. } = &stage.kind else { continue };
        lines.extend(bands.iter().map(|band| BandLine {
            stage: stage.id.clone(),
            title: stage.title.clone(),
            at_least: band.at_least,
            verdict: Verdict::word(band.verdict),
        }));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(scores: &[i64]) -> Vec<(i64, i64, u64)> {
        let counts: Vec<(i64, Verdict, u64)> = scores.iter().map(|score| (*score, Verdict::Accept, 1)).collect();
        let (lowest, highest) = (*scores.iter().min().unwrap(), *scores.iter().max().unwrap());
        bins(&counts, lowest, highest).into_iter().map(|bin| (bin.from, bin.to, bin.by_verdict.iter().sum())).collect()
    }

    #[test]
    fn bins_are_round_and_hold_every_score() {
        assert_eq!(spread(&[5, 7, 7]), [(5, 5, 1), (6, 6, 0), (7, 7, 2)]);
        assert_eq!(spread(&[-3, 60])[..2], [(-5, -1, 1), (0, 4, 0)]);
        assert_eq!(spread(&[10, 150]).last(), Some(&(150, 154, 1)));
        let wide = spread(&[i64::MIN, -1, 1, i64::MAX]);
        assert_eq!(wide.iter().map(|(_, _, count)| count).sum::<u64>(), 4);
        assert_eq!((wide[0].0, wide[wide.len() - 1].1), (i64::MIN, i64::MAX));
        assert!(wide.len() <= 33);
    }
}
