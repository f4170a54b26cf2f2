//! What a rule says in plain language is what its plan decides: statements, as they are printed, put together by the printed and, or and
//! order of arms. The same counts come from columns.

use std::sync::Arc;

use countersign_core::engine::Engine;
use countersign_core::model::{Fen, HitPolicy, Request, RuleIndex, StageIndex, StageKind, Timestamp, Value};
use countersign_core::plan::{CompareOp, EvalValue, NeedsInterpreter, NodeId, PlanStep, Scratch, Single};
use countersign_core::progress::Progress;
use countersign_core::reading::{
    Clause, PlainStatement, ReadingLineKind, ReadingTotals, RuleReader, RuleReading, Says, StageTable, StatementCount, as_script,
};
use countersign_core::script::Program;
use countersign_core::text::{Language, Span};
use countersign_run::reading_totals;

use crate::one_meaning::generate::Generate;
use crate::one_meaning::random::Random;
use crate::one_meaning::{engine, many, number, shown, world};

type Answered<T> = Result<T, NeedsInterpreter>;

/// One request against a reading; the counts of the clauses it comes to.
struct Asked<'s, 'a> {
    single: &'s mut Single<'a>,
    counts: Vec<StatementCount>,
    at: usize,
}

impl Asked<'_, '_> {
    fn truth(&mut self, node: NodeId) -> Answered<bool> {
        match self.single.answer(node)? {
            EvalValue::Bool(value) => Ok(value),
            other => panic!("{other:?} is no truth value"),
        }
    }

    fn clause(&mut self, clause: &Clause) -> Answered<bool> {
        let own = self.at;
        self.at += 1;
        self.counts[own].reached += 1;
        let (parts, all) = match clause {
            Clause::One(statement) => {
                let holds = self.statement(statement)?;
                self.counts[own].held += u64::from(holds);
                return Ok(holds);
            }
            Clause::All(parts) => (parts, true),
            Clause::Any(parts) => (parts, false),
        };
        let holds = self.parts(parts, all)?;
        self.counts[own].held += u64::from(holds);
        Ok(holds)
    }

    /// Parts in order, until one decides; those after it are passed over.
    fn parts(&mut self, parts: &[Clause], all: bool) -> Answered<bool> {
        let mut decided = None;
        for part in parts {
            if decided.is_some() {
                self.at += size(part);
            } else if self.clause(part)? != all {
                decided = Some(!all);
            }
        }
        Ok(decided.unwrap_or(all))
    }

    /// The statement as it is printed; what it says of numbers is worked out here again.
    fn statement(&mut self, statement: &PlainStatement) -> Answered<bool> {
        for guard in &statement.guards {
            if self.truth(*guard)? {
                return Ok(false);
            }
        }
        let mut holds = statement.is_all;
        for node in &statement.nodes {
            if (self.truth(*node)? == statement.holds) != statement.is_all {
                holds = !statement.is_all;
                break;
            }
        }
        if let Says::Compare(how, one, other) = &statement.says
            && let (EvalValue::Int(one), EvalValue::Int(other)) = (self.single.answer(*one)?, self.single.answer(*other)?)
        {
            let printed = match how {
                CompareOp::Equal | CompareOp::Same => one == other,
                CompareOp::NotEqual => one != other,
                CompareOp::Less => one < other,
                CompareOp::LessOrEqual => one <= other,
                CompareOp::Greater => one > other,
                CompareOp::GreaterOrEqual => one >= other,
            };
            assert_eq!(printed, holds, "{}", statement.text.text().en);
        }
        if let Says::OneOf(item, values) = &statement.says
            && let EvalValue::Int(item) = self.single.answer(*item)?
        {
            let mut found = false;
            for value in values {
                found |= self.single.answer(*value)? == EvalValue::Int(item);
            }
            assert_eq!(found != statement.is_all, holds, "{}", statement.text.text().en);
        }
        if let Says::Agree(one, other, agree) = &statement.says {
            assert_eq!((self.truth(*one)? == self.truth(*other)?) == *agree, holds, "{}", statement.text.text().en);
        }
        Ok(holds)
    }
}

fn size(clause: &Clause) -> usize {
    match clause {
        Clause::One(_) => 1,
        Clause::All(parts) | Clause::Any(parts) => 1 + parts.iter().map(size).sum::<usize>(),
    }
}

/// The position of the arm that a request takes, after the reading.
fn arm(asked: &mut Asked<'_, '_>, reading: &RuleReading) -> Answered<Option<usize>> {
    if !asked.parts(&reading.common, true)? {
        return Ok(None);
    }
    for (at, arm) in reading.arms.iter().enumerate() {
        if asked.parts(&arm.when, true)? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

#[derive(Default, Debug)]
struct ReadingSeen {
    rules: usize,
    read: usize,
    pairs: usize,
    hits: usize,
    statements: usize,
}

/// Compares a rule's reading with its plan over requests, and its counts with those from columns.
fn check(engine: &Engine, rule: RuleIndex, requests: &[Request], seen: &mut ReadingSeen, place: &str) {
    let plan = engine.plan();
    let Ok(reading) = RuleReader::new(engine.definition(), plan).rule(rule) else { return };
    seen.read += 1;
    let lowered = plan.rule(rule).unwrap();
    let clauses = reading.clauses();
    seen.statements += clauses.iter().filter(|clause| matches!(clause, Clause::One(_))).count();
    for clause in &clauses {
        if let Clause::One(statement) = clause {
            let text = statement.text.text();
            assert!(!text.en.is_empty() && !text.zh.is_empty() && !text.en.contains(['{', '}']), "{text:?}: {place}");
        }
    }
    let mut totals = ReadingTotals::default();
    let mut scratch = Scratch::default();
    let mut taken = Vec::new();
    // As a table has them: an empty text is no value.
    let table = many::table(engine, requests);
    let requests: Vec<Request> = (0..table.len()).map(|row| table.request(row)).collect();
    for request in &requests {
        let mut single = plan.single(request, &mut scratch);
        let Ok(outcomes) = single.rule(rule) else { continue };
        let mut asked = Asked { single: &mut single, counts: vec![StatementCount::default(); clauses.len()], at: 0 };
        let Ok(found) = arm(&mut asked, &reading) else { panic!("the reading fails where the plan does not: {place}") };
        let mut one = ReadingTotals { requests: 1, clauses: asked.counts, arms: vec![0; reading.arms.len()] };
        seen.pairs += 1;
        let given = found.map(|at| {
            one.arms[at] += 1;
            let PlanStep::Arm { outcomes, .. } = &lowered.steps[reading.arms[at].step] else { panic!("no arm") };
            assert_eq!(outcomes.len(), reading.arms[at].outcomes.len());
            let value = |node| match single.answer(node) {
                Ok(EvalValue::Int(number)) => Ok(number),
                _ => Err(NeedsInterpreter),
            };
            let mut value = value;
            outcomes.iter().map(|outcome| outcome.outcome(NeedsInterpreter, &mut value).unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(given.unwrap_or_default(), outcomes, "{place}\non {}", shown(&engine.definition().schema, request));
        seen.hits += usize::from(!outcomes.is_empty());
        totals.add(&one);
        taken.push(request.clone());
    }
    if taken.is_empty() {
        return;
    }
    let table = many::table(engine, &taken);
    let counted = reading_totals(engine, (rule, &reading), &table, &Progress::default()).ok().unwrap().unwrap();
    assert_eq!(counted, totals, "{place}");
    let lines = reading.lines();
    let shown: Vec<usize> = lines.iter().filter_map(|line| line.clause).collect();
    assert!(shown.is_sorted() && shown.iter().all(|at| *at < clauses.len()), "{place}");
    assert_eq!(lines.iter().filter(|line| matches!(line.kind, ReadingLineKind::Arm(_))).count(), reading.arms.len());
}

#[test]
fn what_a_rule_says_is_what_its_plan_decides() {
    let wanted = usize::try_from(number("COUNTERSIGN_MEANING_PAIRS", 30_000)).unwrap();
    let start = number("COUNTERSIGN_MEANING_SEED", 1);
    let mut seen = ReadingSeen::default();
    for seed in start.. {
        if seen.pairs >= wanted {
            break;
        }
        let mut random = Random::new(seed ^ 0x5eed);
        let scripts: Vec<String> = (0..8).map(|_| Generate::new(&mut random).script().render()).collect();
        let engine = engine(&scripts, seed);
        let schema = world::schema();
        let requests: Vec<Request> = (0..60).map(|at| world::request(&mut random, &schema, at)).collect();
        for (rule, _, held) in engine.definition().rule_set.rules() {
            seen.rules += 1;
            check(&engine, rule, &requests, &mut seen, &format!("seed {seed}: {}", held.script.text));
        }
    }
    eprintln!("{seen:?}");
    assert!(seen.read * 10 >= seen.rules * 7, "most rules have a reading: {seen:?}");
    assert!(seen.hits * 5 >= seen.pairs && seen.statements > 2 * seen.rules, "{seen:?}");
}

/// Every shipped rule has a reading, in both languages, without a word of its script in it.
#[test]
fn every_shipped_rule_is_read() {
    use countersign_workspace::{DiskFiles, load};
    for root in ["rules", "tests/card-payments"] {
        let definition = load(&DiskFiles, root).unwrap_or_else(|failed| panic!("{:?}", failed.findings));
        let program = Program::compile(&definition).program;
        let engine = Engine::new(Arc::new(definition), program);
        let reader = RuleReader::new(engine.definition(), engine.plan());
        for (index, _, rule) in engine.definition().rule_set.rules() {
            let reading = reader.rule(index).unwrap_or_else(|refused| panic!("{}: {}", rule.id, refused.why.en));
            for language in [Language::En, Language::Zh] {
                let page = reading.page(None, language);
                assert!(!page.contains("request.") && !page.contains("params.") && !page.contains("&&"), "{page}");
            }
        }
    }
}

/// Scripts and their readings. The fields of the generated world share one text, so their names follow it.
#[test]
fn each_construct_has_its_words() {
    let cases: [(&str, &str, &str); 14] = [
        ("if req.i > 5 { decline(\"A\") }", "“a field req.i” is over 5", "“a field req.i”超过 5"),
        ("if !(req.i > 5) { decline(\"A\") }", "“a field req.i” is at most 5", "“a field req.i”不超过 5"),
        (
            "if opt.m != () && opt.m > yuan(5_000) { decline(\"A\") }",
            "“a field opt.m” is given and is over ¥5,000.00",
            "“a field opt.m”有值且超过 ¥5,000.00",
        ),
        ("if opt.e != () && opt.e == \"east\" { decline(\"A\") }", "“a field opt.e” is “east”", "“a field opt.e”为“east”"),
        (
            "if req.e == \"east\" || req.e == \"west\" { decline(\"A\") }",
            "“a field req.e” is one of “east” and “west”",
            "“a field req.e”为“east”、“west”之一",
        ),
        (
            "if req.e != \"east\" && req.e != \"west\" { decline(\"A\") }",
            "“a field req.e” is none of “east” and “west”",
            "“a field req.e”不是“east”、“west”中的任何一项",
        ),
        ("if opt.t == () { decline(\"A\") }", "“a field opt.t” is missing", "“a field opt.t”缺失"),
        ("if req.b { decline(\"A\") }", "“a field req.b” is yes", "“a field req.b”为是"),
        ("if !req.b { decline(\"A\") }", "“a field req.b” is no", "“a field req.b”为否"),
        (
            "if hour(req.at) < 6 { decline(\"A\") }",
            "the hour of “a field req.at” is under 6",
            "“a field req.at”的小时（0 至 23）低于 6",
        ),
        (
            "if !starts_with(req.t, \"62\") { decline(\"A\") }",
            "“a field req.t” does not start with “62”",
            "“a field req.t”不以“62”开头",
        ),
        (
            "if req.at >= time(\"2014-03-24T00:00:00\") { decline(\"A\") }",
            "“a field req.at” is no earlier than 2014-03-24 00:00:00",
            "“a field req.at”不早于 2014-03-24 00:00:00",
        ),
        (
            "if percent(req.m, \"15.5\") > yuan(1) { decline(\"A\") }",
            "15.5 % of “a field req.m” is over ¥1.00",
            "“a field req.m”的 15.5% 超过 ¥1.00",
        ),
        (
            "if (req.i > 1) == (req.j > 2) { decline(\"A\") }",
            "(“a field req.i” is over 1) exactly when (“a field req.j” is over 2)",
            "（“a field req.i”超过 1）当且仅当（“a field req.j”超过 2）",
        ),
    ];
    let scripts: Vec<String> = cases.iter().map(|(script, ..)| (*script).to_owned()).collect();
    let engine = engine(&scripts, 1);
    let reader = RuleReader::new(engine.definition(), engine.plan());
    for ((rule, ..), (script, en, zh)) in engine.definition().rule_set.rules().zip(cases) {
        let reading = reader.rule(rule).unwrap_or_else(|refused| panic!("{script}: {}", refused.why.en));
        let [Clause::One(statement)] = reading.arms[0].when.as_slice() else { panic!("{script}: {reading:?}") };
        let text = statement.text.text();
        assert_eq!((text.en.as_str(), text.zh.as_str()), (en, zh), "{script}");
    }
    let looped = ["let n = 0; for i in 1..=3 { n += i; } if n > req.i { accept(\"A\") }".to_owned()];
    let looped = self::engine(&looped, 1);
    let refused = RuleReader::new(looped.definition(), looped.plan()).rule(RuleIndex(0)).unwrap_err();
    assert_eq!(refused.sentence().en, "Shown as its script: a loop has no plain form.");
}

/// Rules of a stage whose first hit decides, or whose most severe one does.
fn in_stage(scripts: &[&str], policy: HitPolicy) -> Engine {
    let scripts: Vec<String> = scripts.iter().map(|script| (*script).to_owned()).collect();
    let mut definition = world::definition(&scripts, &mut Random::new(1));
    definition.rule_set.stages[0].kind = StageKind::Screen { policy, bands: Vec::new() };
    let program = Program::compile(&definition).program;
    Engine::new(Arc::new(definition), program)
}

fn table_of(engine: &Engine) -> StageTable {
    RuleReader::new(engine.definition(), engine.plan()).table(StageIndex(0))
}

/// What a table says of each row: whether it never holds, the row that keeps it from being reached, the rows it overlaps.
#[test]
fn rows_of_a_table_are_marked_where_that_is_certain() {
    type Marks = (bool, Option<usize>, &'static [usize]);
    const NONE: Marks = (false, None, &[]);
    use HitPolicy::{First, MostSevere};
    let cases: [(&str, &str, HitPolicy, [Marks; 2]); 8] = [
        ("if req.i > 5 { decline(\"A\") }", "if req.i > 9 { decline(\"A\") }", First, [NONE, (false, Some(0), &[])]),
        ("if req.i > 5 { decline(\"A\") }", "if req.i > 9 { decline(\"A\") }", MostSevere, [NONE, NONE]),
        ("if req.i > 9 { decline(\"A\") }", "if req.i > 5 { decline(\"A\") }", First, [NONE, NONE]),
        ("if req.i > 5 { decline(\"A\") }", "if req.j > 9 { decline(\"A\") }", First, [NONE, NONE]),
        ("if req.i > 9 { decline(\"A\") }", "if req.i > 5 { accept(\"B\") }", First, [(false, None, &[1]), (false, None, &[0])]),
        ("if req.i > 5 && req.i < 3 { decline(\"A\") }", "if req.i > 2 { accept(\"B\") }", First, [(true, None, &[]), NONE]),
        ("if req.e == \"east\" { decline(\"A\") }", "if req.e == \"west\" { accept(\"B\") }", First, [NONE, NONE]),
        ("if hour(req.at) < 6 { decline(\"A\") }", "if hour(req.at) < 3 { accept(\"B\") }", First, [NONE, NONE]),
    ];
    for (one, other, policy, expected) in cases {
        let table = table_of(&in_stage(&[one, other], policy));
        let marks: Vec<_> = table.rows.iter().map(|row| (row.is_impossible, row.covered_by, row.overlaps.as_slice())).collect();
        assert_eq!(marks, expected, "{one} / {other}, {policy:?}");
    }
}

/// The bytes of the value of a rule's only cell in its script, and the value.
fn in_cell(engine: &Engine) -> Option<(Span, Value)> {
    let table = table_of(engine);
    let cell = table.rows.first()?.cells.iter().flatten().next()?;
    cell.compared.as_ref()?.place(engine.program().tree(RuleIndex(0))?)
}

/// A value is put into its place in a script, and is what the table then reads there.
#[test]
fn a_value_of_a_cell_is_put_into_its_place() {
    let text = |text: &str| Value::Text(text.into());
    let cases: [(&str, Value, Option<&str>); 11] = [
        ("if req.f > 0.5 { decline(\"A\") }", Value::Float(-1.5), Some("if req.f > -1.5 { decline(\"A\") }")),
        ("if req.i > 5 { decline(\"A\") }", Value::Int(-7), Some("if req.i > -7 { decline(\"A\") }")),
        ("if 5 < req.i { decline(\"A\") }", Value::Int(1_000_000), Some("if 1_000_000 < req.i { decline(\"A\") }")),
        (
            "if !(req.m <= yuan(5)) { decline(\"A\") }",
            Value::Money(Fen(100_000)),
            Some("if !(req.m <= yuan(1_000)) { decline(\"A\") }"),
        ),
        ("if req.m > yuan(5) { decline(\"A\") }", Value::Money(Fen(-1)), Some("if req.m > yuan(\"-0.01\") { decline(\"A\") }")),
        ("if req.e == \"east\" { decline(\"A\") }", text("west"), Some("if req.e == \"west\" { decline(\"A\") }")),
        ("if req.t == \"a\" { decline(\"A\") }", text("q\"\\王"), Some("if req.t == \"q\\\"\\\\王\" { decline(\"A\") }")),
        (
            "if req.at >= time(\"2014-03-24T00:00:00\") { decline(\"A\") }",
            Value::Time(Timestamp::from_micros(1_420_138_845_000_000).unwrap()),
            Some("if req.at >= time(\"2015-01-02T03:00:45+08:00\") { decline(\"A\") }"),
        ),
        ("if req.i > 5 && req.b { decline(\"A\") } else if req.i > 5 { accept(\"B\") }", Value::Int(7), None),
        ("if req.i > params.i { decline(\"A\") }", Value::Int(7), None),
        ("if req.i > req.j { decline(\"A\") }", Value::Int(7), None),
    ];
    for (script, value, expected) in cases {
        let engine = in_stage(&[script], HitPolicy::First);
        let zone = engine.definition().schema.zone;
        let found = in_cell(&engine);
        let edited = |value: &Value| {
            let (span, _) = found.as_ref()?;
            Some(format!("{}{}{}", &script[..span.start as usize], as_script(value, zone), &script[span.end as usize..]))
        };
        assert_eq!(edited(&value).as_deref(), expected, "{script}");
        let Some((_, now)) = &found else { continue };
        let like = |value: &Value| std::mem::discriminant(value) == std::mem::discriminant(now) && !script.contains("req.e");
        let edges = world::types().into_iter().flat_map(|(_, kind)| kind.edge_values()).filter(like);
        for value in edges.chain([value]) {
            let edited = edited(&value).unwrap();
            let read = in_cell(&in_stage(&[&edited], HitPolicy::First)).map(|(_, value)| value);
            assert_eq!(read, Some(value), "{edited}");
        }
    }
}
