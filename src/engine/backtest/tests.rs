//! A backtest says what a dry run and a comparison say, of the fixture worked out by hand.

use super::*;
use crate::engine::fixture::{TEN, engine, new_definition, old_definition, requests};
use crate::engine::{compare, dry_run};

fn backtest(definition: crate::model::Definition) -> Backtest {
    Backtest::new(&engine(definition), requests(&TEN), &Progress::default()).unwrap()
}

#[test]
fn totals_and_rows_are_those_of_the_dry_run() {
    let draft = backtest(new_definition());
    let summary = dry_run(draft.engine(), draft.table(), &Progress::default()).unwrap().summary(draft.table());
    for (line, verdict) in summary.verdicts.iter().zip(Verdict::ALL) {
        assert_eq!(draft.totals().verdict(verdict), line.sums);
        assert_eq!(draft.rows_of_verdict(verdict).count() as u64, line.sums.requests);
    }
    for ((line, totals), (rule, ..)) in
        summary.rules.iter().zip(&draft.totals().rules).zip(draft.engine().definition().rule_set.rules())
    {
        assert_eq!(totals.hits.requests, line.hits.requests + line.shadow_hits.requests, "{}", line.rule);
        assert_eq!(draft.hits(rule).count() as u64, totals.hits.requests, "{}", line.rule);
        assert_eq!(totals.decided.requests, line.decided_in_all(), "{}", line.rule);
        assert_eq!((totals.errors, draft.failures(rule).count() as u64), (line.errors, line.errors), "{}", line.rule);
    }
    assert_eq!(draft.totals().failed, 1);
    assert_eq!(draft.decision(8).unwrap().errors.len(), 1);
    assert!(draft.decision(10).is_none());
}

#[test]
fn flips_are_those_of_the_comparison() {
    let live = backtest(old_definition());
    let draft = live.changed(&engine(new_definition()), &Progress::default()).unwrap();
    let flips = draft.flips(&live);
    let comparison = compare(live.engine(), draft.engine(), draft.table(), &Progress::default()).ok().unwrap();
    assert_eq!(flips.all(), comparison.flips());
    let rows: Vec<Vec<usize>> = (0..flips.group_count()).map(|group| flips.rows(group).iter().collect()).collect();
    assert_eq!(rows, [vec![2, 7], vec![3, 4]]);
    assert!(live.flips(&live).all().is_empty());
}
