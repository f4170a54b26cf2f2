//! Totals, rows and changed runs of the fixture worked out by hand.

use super::*;
use crate::Comparison;
use crate::compare::Flips;
use crate::figures::Summary;
use crate::fixture::{TEN, engine, new_definition, old_definition, requests};

fn run_of(definition: countersign_core::model::Definition) -> Run {
    Run::new(&engine(definition), &requests(&TEN), &Progress::default()).unwrap()
}

#[test]
fn totals_and_rows_are_those_of_the_figures() {
    let draft = run_of(new_definition());
    let summary = Summary::of(&draft);
    for (line, verdict) in summary.verdicts.iter().zip(Verdict::ALL) {
        assert_eq!(draft.totals().verdict(verdict), line.sums);
        assert_eq!(draft.rows_of_verdict(verdict).count() as u64, line.sums.requests);
    }
    for ((line, totals), (rule, ..)) in
        summary.rules.iter().zip(&draft.totals().rules).zip(draft.engine().definition().rule_set.rules())
    {
        assert_eq!(totals.hits.all().requests, line.hits.requests + line.shadow_hits.requests, "{}", line.rule);
        assert_eq!(draft.hits(rule).count() as u64, totals.hits.all().requests, "{}", line.rule);
        assert_eq!(totals.decided.requests, line.decided_in_all(), "{}", line.rule);
        assert_eq!((totals.errors, draft.failures(rule).count() as u64), (line.errors, line.errors), "{}", line.rule);
    }
    assert_eq!(draft.totals().failed, 1);
    assert_eq!(draft.decision(8).unwrap().errors.len(), 1);
    assert!(draft.decision(10).is_none());
}

#[test]
fn flips_are_those_of_the_comparison() {
    let live = run_of(old_definition());
    let draft = live.changed(&engine(new_definition()), &Progress::default()).unwrap();
    let flips = Flips::between(&live, &draft);
    let comparison = Comparison::new(live.engine(), draft.engine(), draft.table(), &Progress::default()).ok().unwrap();
    assert_eq!(flips.all(), comparison.flips());
    let rows: Vec<Vec<usize>> = (0..flips.group_count()).map(|group| flips.rows(group).iter().collect()).collect();
    assert_eq!(rows, [vec![2, 7], vec![3, 4]]);
    assert!(Flips::between(&live, &live).all().is_empty());
}

#[test]
fn conditions_are_counted_where_they_are_reached() {
    let draft = run_of(new_definition());
    let counts = |id: &str| {
        let definition = draft.engine().definition().clone();
        let (rule, _, held) = definition.rule_set.find_rule(id).unwrap();
        let counted = draft.conditions(rule, &Progress::default()).unwrap().unwrap();
        let text =
            |span: countersign_core::text::Span| held.script.text.get(span.start as usize..span.end as usize).unwrap().to_owned();
        counted
            .into_iter()
            .map(|counts| (text(counts.span), [counts.holds, counts.fails, counts.errors, counts.not_reached]))
            .collect::<Vec<_>>()
    };
    let named = |text: &str, counts: [u64; 4]| (text.to_owned(), counts);
    assert_eq!(
        counts("big"),
        [
            named("money.amount != ()", [9, 1, 0, 0]),
            named("money.amount > params.big_amount", [3, 6, 0, 1]),
            named("money.amount != () && money.amount > params.big_amount", [3, 7, 0, 0]),
        ]
    );
    assert_eq!(
        counts("fragile"),
        [
            named("risk.points == 7", [1, 9, 0, 0]),
            named("1 / (risk.points % 7) > 0", [0, 0, 1, 9]),
            named("risk.points == 7 && 1 / (risk.points % 7) > 0", [0, 9, 1, 0]),
        ]
    );
}

/// Edits of every kind: each must give what a new run gives, whatever it starts from.
#[test]
fn a_changed_backtest_is_the_same_as_a_new_one() {
    use countersign_core::model::{Band, Definition, HitPolicy, StageKind, Status, Value};
    type Edit = (&'static str, fn(&mut Definition));
    let edits: [Edit; 9] = [
        ("another parameter", |definition| {
            definition.rule_set.parameters.values_mut().for_each(|parameter| {
                if let Value::Money(fen) = &mut parameter.value {
                    fen.0 = 1_000;
                }
            });
        }),
        ("a shadow made active", |definition| each_rule(definition, |rule| rule.status = Status::Active)),
        ("rules off", |definition| {
            each_rule(definition, |rule| {
                if rule.id.as_str() == "closed" {
                    rule.status = Status::Off;
                }
            });
        }),
        ("another script", |definition| {
            each_rule(definition, |rule| {
                if rule.id.as_str() == "points" {
                    rule.script.text = "if risk.points > 9 { [score(risk.points * 2, \"POINTS\"), refer(\"WATCH\")] }".into();
                }
            });
        }),
        ("an outcome of the wrong kind", |definition| {
            each_rule(definition, |rule| {
                if rule.id.as_str() == "limit_day" {
                    rule.script.text = "refer(\"BIG\")".into();
                }
            });
        }),
        ("a rule gone", |definition| {
            definition.rule_set.stages.iter_mut().for_each(|stage| stage.rules.retain(|rule| rule.id.as_str() != "big"));
        }),
        ("another order", |definition| definition.rule_set.stages.iter_mut().for_each(|stage| stage.rules.reverse())),
        ("another policy and bands", |definition| {
            for stage in &mut definition.rule_set.stages {
                if let StageKind::Screen { policy, bands } = &mut stage.kind {
                    *policy = if *policy == HitPolicy::First { HitPolicy::MostSevere } else { HitPolicy::First };
                    *bands = vec![Band { at_least: 5, verdict: Verdict::StepUp }];
                }
            }
        }),
        ("nothing", |_| {}),
    ];
    let starts = [run_of(new_definition()), run_of(old_definition())];
    for (name, edit) in edits {
        for start in &starts {
            let mut definition = new_definition();
            edit(&mut definition);
            let draft = engine(definition);
            let next = start.changed(&draft, &Progress::default()).unwrap();
            let fresh = Run::new(&draft, start.table(), &Progress::default()).unwrap();
            for row in 0..fresh.table().len() {
                assert_eq!(next.decisions().decision(row), fresh.decisions().decision(row), "{name}, row {row}");
                let words = |run: &Run| run.decisions().error_examples().to_vec();
                assert_eq!(words(&next), words(&fresh), "{name}");
            }
            assert_eq!((next.totals(), next.invariants()), (fresh.totals(), fresh.invariants()), "{name}");
            // And on from there, to where it started.
            let back = next.changed(start.engine(), &Progress::default()).unwrap();
            assert_eq!(all(&back), all(start), "back from {name}");
            assert_eq!(back.totals(), start.totals(), "back from {name}");
        }
    }
}

fn all(run: &Run) -> Vec<Option<Decision>> {
    (0..run.table().len()).map(|row| run.decisions().decision(row)).collect()
}

fn each_rule(definition: &mut countersign_core::model::Definition, edit: impl Fn(&mut countersign_core::model::Rule)) {
    definition.rule_set.stages.iter_mut().flat_map(|stage| &mut stage.rules).for_each(edit);
}
