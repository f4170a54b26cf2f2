//! The figures of ten requests, worked out by hand from the remarks in the fixture.

use std::num::NonZeroUsize;

use proptest::prelude::*;

use super::*;
use crate::Run;
use crate::decisions::{ByLabel, Ratio, Sums};
use crate::fixture::{TEN, engine, new_definition, requests};
use countersign_core::model::{Fen, Limit, RuleId};
use countersign_core::progress::Progress;

fn on(threads: usize, lines: &[&str]) -> (Run, Summary) {
    let rows = requests(lines);
    let threads = NonZeroUsize::new(threads).unwrap();
    let run = Run::on(threads, &engine(new_definition()), &rows, &Progress::default()).unwrap();
    let summary = Summary::of(&run);
    (run, summary)
}

fn sums(requests: u64, with_amount: u64, amount_fen: i128) -> Sums {
    Sums { requests, with_amount, amount_fen }
}

#[test]
fn verdicts_amounts_and_customers_are_counted() {
    let (_, summary) = on(1, &TEN);
    let lines: Vec<(&str, Sums, u64)> = summary.verdicts.iter().map(|line| (line.verdict, line.sums, line.customers)).collect();
    let expected = [
        ("accept", sums(4, 3, 715_000), 3),
        ("step_up", sums(0, 0, 0), 0),
        ("refer", sums(3, 3, 600_600), 2),
        ("decline", sums(3, 3, 621_000), 3),
    ];
    assert_eq!(lines, expected);
    assert_eq!((summary.all, summary.customers), (sums(10, 9, 1_936_600), 6));
    assert_eq!(summary.duplicates, Duplicates { keys: 1, rows: 1 });
    let time = summary.time.unwrap();
    assert_eq!((time.first.as_str(), time.last.as_str()), ("2014-03-24T00:00:00+08:00", "2014-03-24T00:01:02+08:00"));
}

#[test]
fn every_rule_is_credited_with_what_it_did() {
    let (_, summary) = on(1, &TEN);
    // rule, hits, sole hits, shadow hits, decided (accept, step up, refer, decline), alone, errors
    let lines: Vec<_> = summary
        .rules
        .iter()
        .map(|line| {
            let counts = (line.hits.requests, line.sole_hits, line.shadow_hits.requests, line.decided);
            (line.rule.as_str(), counts, line.decided_alone, line.errors)
        })
        .collect();
    let expected = [
        ("closed", (2, 2, 0, [0, 0, 0, 2]), 2, 0),
        ("trusted", (1, 1, 0, [1, 0, 0, 0]), 1, 0),
        ("big", (2, 1, 0, [0, 0, 1, 1]), 1, 0),
        ("points", (4, 3, 0, [0, 0, 1, 1]), 1, 0),
        ("watch", (0, 0, 2, [0, 0, 0, 0]), 0, 0),
        ("fragile", (0, 0, 0, [0, 0, 1, 0]), 1, 1),
        ("limit_day", (7, 7, 0, [0, 0, 0, 0]), 0, 0),
        ("north_stays", (3, 3, 0, [0, 0, 0, 0]), 0, 0),
    ];
    assert_eq!(lines, expected);
    let reasons: Vec<(&str, u64)> = summary.reasons.iter().map(|line| (line.reason.as_str(), line.given.requests)).collect();
    let expected = [("CLOSED", 2), ("TRUSTED", 1), ("BIG", 2), ("POINTS", 2), ("WATCH", 0), ("SYSTEM_ERROR", 1)];
    assert_eq!(reasons, expected);
}

#[test]
fn load_is_counted_where_requests_arrive_and_where_they_are_sent() {
    let (_, summary) = on(1, &TEN);
    let load = &summary.load;
    let peak = |peak: &Option<Peak>| peak.as_ref().map(|peak| peak.requests);
    let lines: Vec<_> = load
        .interfaces
        .iter()
        .map(|line| {
            let routed = &line.routed;
            let peaks = (peak(&routed.peak_second), peak(&routed.peak_minute));
            (line.interface.as_str(), line.arriving.requests, routed.requests, peaks, routed.seconds_over_capacity)
        })
        .collect();
    let expected = [
        ("east", 4, 4, (Some(2), Some(3)), Some(1)),
        ("west", 2, 0, (None, None), None),
        ("north", 4, 3, (Some(2), Some(3)), Some(0)),
    ];
    assert_eq!(lines, expected);
    assert_eq!(load.unrouted, 3);
    let senders = |at: usize| -> Vec<(Option<&str>, u64)> {
        let senders = &load.interfaces[at].routed_by;
        senders.iter().map(|sender| (sender.rule.as_ref().map(RuleId::as_str), sender.requests)).collect()
    };
    assert_eq!(senders(0), [(None, 4)]);
    assert_eq!(senders(2), [(Some("north_stays"), 3)]);
    assert_eq!(load.bin_seconds, 1);
}

#[test]
fn decisions_are_judged_by_what_became_known_and_nothing_is_guessed() {
    let (_, summary) = on(1, &TEN);
    let labels = summary.labels.unwrap();
    let counts = |by: &ByLabel| (by.fraud.requests, by.genuine.requests, by.unknown.requests);
    assert_eq!(counts(&labels.all), (3, 4, 3));
    let level = |at: usize| {
        let quality = &labels.levels[at].quality;
        (labels.levels[at].at_least, counts(&quality.caught), quality.precision, quality.recall)
    };
    assert_eq!(level(0), ("decline", (2, 0, 1), Ratio::new(2, 2), Ratio::new(2, 3)));
    assert_eq!(level(1), ("refer", (3, 1, 2), Ratio::new(3, 4), Ratio::new(3, 3)));
    let declined = &labels.levels[0].quality;
    assert_eq!((declined.saved_fen(), declined.lost_fen(), declined.turned_away_fen()), (601_000, 600_000, 0));
    let points = labels.rules.iter().find(|line| line.rule.as_str() == "points").unwrap();
    assert_eq!(counts(&points.quality.caught), (1, 2, 1));
    assert_eq!((points.quality.precision, points.quality.false_positives_to_frauds), (Ratio::new(1, 3), Ratio::new(2, 1)));
    assert_eq!(counts(&points.stopped), (1, 1, 0));
    let watch = labels.rules.iter().find(|line| line.rule.as_str() == "watch").unwrap();
    assert!(watch.shadow);
    assert_eq!(counts(&watch.quality.caught), (1, 1, 0));
}

#[test]
fn failures_and_broken_invariants_name_their_requests() {
    let (_, summary) = on(1, &TEN);
    let error = &summary.errors[0];
    assert_eq!((summary.errors.len(), error.rule.as_ref().unwrap().as_str(), error.requests), (1, "fragile", 1));
    assert_eq!(error.examples[0].key, "k9");
    let invariant = &summary.invariants[0];
    assert_eq!((invariant.applies, invariant.broken, invariant.failed), (2, 1, 0));
    assert_eq!(invariant.examples, [Example { key: "k8".to_owned(), message: "decline".to_owned() }]);
}

#[test]
fn scores_are_spread_with_the_bands() {
    let (_, summary) = on(1, &TEN);
    let scores = summary.scores;
    assert_eq!((scores.zero, scores.lowest, scores.highest), (5, Some(7), Some(100)));
    let filled: Vec<(i64, i64, [u64; 4])> =
        scores.bins.iter().filter(|bin| bin.by_verdict != [0; 4]).map(|bin| (bin.from, bin.to, bin.by_verdict)).collect();
    assert_eq!(filled, [(5, 9, [0, 0, 1, 0]), (10, 14, [1, 0, 0, 0]), (60, 64, [0, 0, 2, 0]), (100, 104, [0, 0, 0, 1])]);
    assert_eq!(scores.bands.iter().map(|band| (band.at_least, band.verdict)).collect::<Vec<_>>(), [(60, "refer"), (90, "decline")]);
}

#[test]
fn threads_do_not_change_the_result() {
    let lines: Vec<&str> = TEN.iter().copied().cycle().take(3_000).collect();
    let (one, sequential) = on(1, &lines);
    for threads in [2, 5] {
        let (many, parallel) = on(threads, &lines);
        assert_eq!(sequential, parallel);
        for row in 0..lines.len() {
            assert_eq!(one.decisions().decision(row), many.decisions().decision(row), "{row}");
        }
    }
}

#[test]
fn a_row_keeps_its_whole_decision() {
    let (run, _) = on(1, &TEN);
    let engine = engine(new_definition());
    let rows = requests(&TEN);
    for row in 0..TEN.len() {
        let mut decision = engine.decide(&rows.request(row));
        decision.errors.iter_mut().for_each(|error| error.message.clear());
        assert_eq!(run.decisions().decision(row), Some(decision), "{row}");
    }
    assert_eq!(run.decisions().limits(0).get(Limit::Day), Some(Fen(1_000_000)));
    assert_eq!(run.decisions().limits(2).get(Limit::Day), None);
}

#[test]
fn an_empty_table_has_figures_too() {
    let (_, summary) = on(2, &[]);
    assert_eq!((summary.all, summary.time), (Sums::default(), None));
    assert_eq!(summary.load.first_bin, None);
    assert!(summary.scores.bins.is_empty());
}

/// Requests of any kind, as the fixture writes them.
fn any_lines() -> impl Strategy<Value = Vec<String>> {
    let word = |words: &'static [&'static str]| proptest::sample::select(words);
    let line = (
        0..30_u8,
        0..400_u32,
        word(&["east", "west", "north", "elsewhere"]),
        word(&["c1", "c2", "c9"]),
        word(&["-", "1.00", "6000.00", "92233720368547758.07"]),
        word(&["0", "7", "10", "45", "60", "95", "-20"]),
        word(&["fraud", "genuine", "-"]),
    );
    let line = line.prop_map(|(key, second, via, customer, amount, points, label)| {
        format!("k{key} {second} {via} {customer} {amount} {points} {label}")
    });
    proptest::collection::vec(line, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_request_is_counted_once_everywhere(lines in any_lines()) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let (_, summary) = on(2, &lines);
        let rows = lines.len() as u64;
        let all = summary.all;
        let verdicts: Sums = summary.verdicts.iter().map(|line| &line.sums).sum();
        prop_assert_eq!(verdicts, all);
        prop_assert_eq!(all.requests, rows);
        let routed: u64 = summary.load.interfaces.iter().map(|line| line.routed.requests).sum();
        prop_assert_eq!(routed + summary.load.unrouted, rows);
        let arriving: u64 = summary.load.interfaces.iter().map(|line| line.arriving.requests).sum();
        prop_assert_eq!(arriving + summary.load.arriving_elsewhere.values().sum::<u64>(), rows);
        for line in &summary.load.interfaces {
            prop_assert_eq!(line.routed.per_bin.iter().sum::<u64>(), line.routed.requests);
            prop_assert_eq!(line.routed_by.iter().map(|sender| sender.requests).sum::<u64>(), line.routed.requests);
        }
        let binned: u64 = summary.scores.bins.iter().flat_map(|bin| bin.by_verdict).sum();
        prop_assert_eq!(binned + summary.scores.zero, rows);
        let labels = summary.labels.unwrap();
        prop_assert_eq!(labels.all.all(), all);
        for level in &labels.levels {
            let (mut caught, passed) = (level.quality.caught.all(), level.quality.passed.all());
            caught.merge(&passed);
            prop_assert_eq!(caught, all);
        }
        for line in &summary.rules {
            prop_assert!(line.sole_hits <= line.hits.requests && line.decided_alone <= line.decided_in_all());
            prop_assert!(line.hits.requests + line.errors <= rows);
        }
    }
}
