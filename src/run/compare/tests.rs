//! What flips between the fixture's two rule sets, worked out by hand.

use super::*;
use crate::decisions::Sums;
use crate::fixture::{TEN, engine, new_definition, old_definition, requests};
use crate::identity::RuleChange;
use crate::kinds::{SCHEMA_CHANGED_TYPE, SCHEMA_CHANGED_VALUES, SCHEMA_LACKS_FIELD};
use countersign_core::engine::Engine;
use countersign_core::model::{FieldType, Verdict};

fn compared(old: &Engine) -> (Comparison, Figures) {
    let rows = requests(&TEN);
    let threads = NonZeroUsize::new(2).unwrap();
    let comparison = Comparison::on(threads, old, &engine(new_definition()), &rows, &Progress::default()).unwrap();
    let figures = Figures::of(&comparison);
    (comparison, figures)
}

#[test]
fn every_flip_names_the_rules_that_changed() {
    let (comparison, _) = compared(&engine(old_definition()));
    let flips: Vec<(usize, Vec<&str>)> = comparison
        .flips()
        .iter()
        .map(|flip| (flip.row, comparison.cause_ids(flip).into_iter().map(RuleId::as_str).collect()))
        .collect();
    let expected = [(2, vec!["closed", "gone"]), (3, vec!["big"]), (4, vec!["big"]), (7, vec!["closed", "gone"])];
    assert_eq!(flips, expected);
    let changes: Vec<(&str, RuleChange)> = comparison.rules().iter().map(|known| (known.rule.as_str(), known.change)).collect();
    assert!(changes.contains(&("closed", RuleChange::Added)));
    assert!(changes.contains(&("gone", RuleChange::Removed)));
    assert!(changes.contains(&("big", RuleChange::Inputs)));
    assert!(changes.contains(&("points", RuleChange::Same)));
    let all = Differs { verdict: true, interface: true, reasons: true, limits: true };
    assert_eq!(comparison.flips()[0].differs, all);
    assert_eq!(comparison.flips()[1].differs, Differs { interface: false, limits: false, ..all });
}

#[test]
fn matrices_hold_every_request_once() {
    let (_, figures) = compared(&engine(old_definition()));
    let cell = |old: Verdict, new: Verdict| {
        let found = figures.transitions.iter().find(|cell| (cell.old, cell.new) == (old.word(), new.word())).unwrap();
        (found.cell.sums.requests, found.cell.customers)
    };
    assert_eq!(cell(Verdict::Accept, Verdict::Accept), (4, 3));
    assert_eq!(cell(Verdict::Accept, Verdict::Refer), (1, 1));
    assert_eq!(cell(Verdict::Accept, Verdict::Decline), (1, 1));
    assert_eq!(cell(Verdict::StepUp, Verdict::Decline), (2, 2));
    assert_eq!(cell(Verdict::Refer, Verdict::Refer), (2, 1));
    let all: Sums = figures.transitions.iter().map(|cell| &cell.cell.sums).sum();
    assert_eq!((all.requests, all.amount_fen), (10, 1_936_600));
    let all: Sums = figures.interfaces.iter().map(|cell| &cell.cell.sums).sum();
    assert_eq!((all.requests, all.amount_fen), (10, 1_936_600));
    let counts = figures.effects.flips;
    assert_eq!((counts.any, counts.verdict, counts.interface, counts.reasons, counts.limits), (4, 4, 3, 4, 3));
}

#[test]
fn flips_are_grouped_by_their_causes() {
    let (_, figures) = compared(&engine(old_definition()));
    let groups: Vec<(Vec<&str>, u64, u64, Vec<&str>)> = figures
        .effects
        .groups
        .iter()
        .map(|group| {
            let causes = group.causes.iter().map(|known| known.rule.as_str()).collect();
            let keys = group.first_keys.iter().map(String::as_str).collect();
            (causes, group.cell.sums.requests, group.labels.fraud.requests, keys)
        })
        .collect();
    let expected = [(vec!["closed", "gone"], 2, 1, vec!["k3", "k8"]), (vec!["big"], 2, 2, vec!["k4", "k5"])];
    assert_eq!(groups, expected);
    assert_eq!(figures.effects.groups[0].transitions, [("step_up", "decline", 2)]);
}

#[test]
fn every_change_is_counted_on_its_own_and_said_in_both_languages() {
    let (comparison, figures) = compared(&engine(old_definition()));
    let lines = said(&figures);
    let expected = [
        "1 accepted request is now declined, ¥6,000.00 in all, 1 known fraud",
        "1 accepted request is now referred, ¥6,000.00 in all, 1 known fraud",
        "2 stepped-up requests are now declined, ¥210.00 in all, 1 known fraud",
    ];
    assert_eq!(lines.iter().map(|line| line.0.as_str()).collect::<Vec<_>>(), expected);
    assert_eq!(lines[2].1, "2 笔原结论为加强验证的请求现予拒绝，金额合计 ¥210.00，已知欺诈 1 笔");
    for line in &figures.effects.changes {
        assert_eq!(comparison.flips.rows_of(line.change).count() as u64, line.requests.all().requests, "{}", line.what);
    }
    let known = figures.effects.known.unwrap();
    let expected = ["0 frauds newly let through", "2 frauds newly caught, ¥12,000.00 in all", "0 genuine requests newly hindered"];
    assert_eq!(known_effect(&known).iter().map(|line| line.en.as_str()).collect::<Vec<_>>(), expected);
    // The groups of causes add up to the whole.
    let sums = |of: fn(&KnownEffect) -> Sums| {
        figures.effects.groups.iter().filter_map(|group| group.known.as_ref()).map(of).fold(Sums::default(), |mut all, one| {
            all.merge(&one);
            all
        })
    };
    assert_eq!(sums(|known| known.fraud_let_through), known.fraud_let_through);
    assert_eq!(sums(|known| known.fraud_caught), known.fraud_caught);
    assert_eq!(sums(|known| known.genuine_hindered), known.genuine_hindered);
    for field in &figures.segments.fields {
        let (requests, flips) = field.values.iter().fold((0, 0), |sum, line| (sum.0 + line.requests, sum.1 + line.flips()));
        assert_eq!((requests, flips), (10, 4), "{}", field.field);
    }
    let days: u64 = figures.segments.over_time.iter().map(|line| line.requests).sum();
    assert_eq!((days, figures.segments.fields.len()), (10, 1));
}

fn said(figures: &Figures) -> Vec<(String, String)> {
    figures.effects.changes.iter().map(|line| (line.sentence.en.clone(), line.sentence.zh.clone())).collect()
}

#[test]
fn changes_are_said_worst_first() {
    // What a rule of the new definition says instead, and what that changes.
    let cases: [(&str, &str, &[&str], &str); 5] = [
        (
            "limit_day",
            "limit(#{ single: yuan(8_000), day: yuan(10_000) })",
            &["7 requests get a higher single limit, ¥5,000.00 → ¥8,000.00, ¥13,156.00 in all, 1 known fraud, 4 known genuine"],
            "7 笔请求的单笔限额提高，¥5,000.00 → ¥8,000.00，金额合计 ¥13,156.00，已知欺诈 1 笔，已知正常 4 笔",
        ),
        (
            "limit_day",
            "if risk.points < 9 { limit(#{ single: yuan(4_000) }) }",
            &[
                "3 requests get a higher single limit, ¥5,000.00 → no limit, ¥7,055.00 in all, 3 known genuine",
                "7 requests get a higher daily limit, ¥10,000.00 → no limit, ¥13,156.00 in all, 1 known fraud, 4 known genuine",
                "4 requests get a lower single limit, ¥5,000.00 → ¥4,000.00, ¥6,101.00 in all, 1 known fraud, 1 known genuine",
            ],
            "3 笔请求的单笔限额提高，¥5,000.00 → 无限额，金额合计 ¥7,055.00，已知正常 3 笔",
        ),
        (
            "north_stays",
            "if request.via == \"north\" { route(\"west\") }",
            &["3 requests take another interface, north → west, ¥7,055.00 in all, 3 known genuine"],
            "3 笔请求改走其他接口，北 → 西，金额合计 ¥7,055.00，已知正常 3 笔",
        ),
        (
            "big",
            "if money.amount != () && money.amount > params.big_amount { score(60, \"WATCH\") }",
            &["2 requests get other reasons, most often large amount → watched (1), ¥12,000.00 in all, 2 known fraud"],
            "2 笔请求的原因改变，最多为 金额较大 → 关注（1 笔），金额合计 ¥12,000.00，已知欺诈 2 笔",
        ),
        (
            "points",
            "if risk.points == 60 { accept(\"TRUSTED\") }",
            &[
                "1 referred request now gets through, ¥5.00 in all, 1 known genuine",
                "1 declined request is now referred, ¥6,000.00 in all, 1 known fraud",
            ],
            "1 笔原结论为转人工审核的请求现予通过，金额合计 ¥5.00，已知正常 1 笔",
        ),
    ];
    for (rule, text, expected, first_in_chinese) in cases {
        let mut draft = new_definition();
        let rules = draft.rule_set.stages.iter_mut().flat_map(|stage| &mut stage.rules);
        rules.filter(|known| known.id.as_str() == rule).for_each(|known| known.script.text = text.into());
        let rows = requests(&TEN);
        let comparison = Comparison::new(&engine(new_definition()), &engine(draft), &rows, &Progress::default()).ok().unwrap();
        let lines = said(&Figures::of(&comparison));
        assert_eq!(lines.iter().map(|(en, _)| en.as_str()).collect::<Vec<_>>(), expected, "{rule}");
        assert_eq!(lines[0].1, first_in_chinese, "{rule}");
    }
}

#[test]
fn a_rule_set_does_not_differ_from_itself() {
    let (comparison, figures) = compared(&engine(new_definition()));
    assert_eq!(comparison.flips(), []);
    assert!(figures.changed_rules.is_empty() && figures.effects.groups.is_empty());
}

#[test]
fn a_removed_rule_that_took_points_away_is_the_cause() {
    let mut old = old_definition();
    let rule = old.rule_set.stages[1].rules.iter().find(|rule| rule.id.as_str() == "points").unwrap().clone();
    let mut relief = rule;
    relief.id = RuleId::new("relief").unwrap();
    relief.script.text = "if risk.points == 60 { score(-20, \"POINTS\") }".into();
    old.rule_set.stages[1].rules.push(relief);
    let (comparison, _) = compared(&engine(old));
    let flip = comparison.flips().iter().find(|flip| flip.row == 9).unwrap();
    assert_eq!(comparison.cause_ids(flip).iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["relief"]);
}

#[test]
fn another_schema_is_matched_by_name_and_refused_where_a_field_that_is_read_is_missing() {
    let mut wider = old_definition();
    let risk = wider.schema.groups.get_mut("risk").unwrap();
    let points = risk.fields["points"].clone();
    risk.fields.insert_before(0, "unused".to_owned(), points.clone());
    let (comparison, _) = compared(&engine(wider));
    assert_eq!(comparison.flips().len(), 4);

    let mut reads = old_definition();
    reads.schema.groups.get_mut("risk").unwrap().fields.insert("other".to_owned(), points);
    reads.rule_set.stages[1].rules[1].script.text = "if risk.other > 0 { score(risk.points, \"POINTS\") }".into();
    let rows = requests(&TEN);
    let refused = Comparison::new(&engine(reads), &engine(new_definition()), &rows, &Progress::default()).err().unwrap();
    let NotDecided::Schema(findings) = refused else { panic!("not refused for its schema") };
    assert_eq!(findings.iter().map(|finding| finding.kind).collect::<Vec<_>>(), [SCHEMA_LACKS_FIELD]);

    let mut typed = old_definition();
    typed.schema.groups.get_mut("risk").unwrap().fields["points"].kind = FieldType::Float;
    let refused = Comparison::new(&engine(typed), &engine(new_definition()), &rows, &Progress::default()).err().unwrap();
    let NotDecided::Schema(findings) = refused else { panic!("not refused for its schema") };
    assert_eq!(findings[0].kind, SCHEMA_CHANGED_TYPE);

    let mut narrower = old_definition();
    let via = &mut narrower.schema.groups.get_mut("request").unwrap().fields["via"].kind;
    let FieldType::Enum(values) = via else { panic!("no enum") };
    values.values.pop();
    narrower.rule_set.stages[1].rules[1].script.text = "if request.via == \"east\" { score(risk.points, \"POINTS\") }".into();
    let (comparison, _) = compared(&engine(narrower));
    assert_eq!(comparison.findings()[0].kind, SCHEMA_CHANGED_VALUES);
}

#[test]
fn the_margins_of_the_matrix_are_the_verdicts_of_both_sides() {
    let (old, new) = (engine(old_definition()), engine(new_definition()));
    let lines: Vec<String> = (0_u32..400)
        .map(|at| {
            let pick = |of: &[&'static str], salt: u32| {
                of[(at.wrapping_mul(2_654_435_761).wrapping_add(salt * 97) >> 16) as usize % of.len()]
            };
            let (via, customer) = (pick(&["east", "west", "north"], 1), pick(&["c1", "c2", "c9"], 2));
            let (amount, points) = (pick(&["-", "6000.00", "11000.00"], 3), pick(&["0", "7", "40", "60"], 4));
            format!("k{at} {at} {via} {customer} {amount} {points} -")
        })
        .collect();
    let rows = requests(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let comparison = Comparison::new(&old, &new, &rows, &Progress::default()).ok().unwrap();
    let figures = Figures::of(&comparison);
    let count = |run: &Run, verdict: Verdict| {
        (0..run.decisions().len()).filter(|row| run.decisions().verdict(*row) == Some(verdict)).count() as u64
    };
    for verdict in Verdict::ALL {
        let cells = |of: fn(&Transition) -> &'static str| -> u64 {
            figures.transitions.iter().filter(|cell| of(cell) == verdict.word()).map(|cell| cell.cell.sums.requests).sum()
        };
        assert_eq!(cells(|cell| cell.old), count(comparison.old_run(), verdict));
        assert_eq!(cells(|cell| cell.new), count(comparison.new_run(), verdict));
    }
    let flips: u64 = figures.effects.groups.iter().map(|group| group.cell.sums.requests).sum();
    assert_eq!((flips, figures.effects.flips.any), (comparison.flips().len() as u64, comparison.flips().len() as u64));
    assert!(flips > 50, "{flips}");
}
