//! One meaning: whatever a generated script does by the interpreter, it does by the interpreter's optimiser and by the plan, for one
//! request and for many at once, on requests full of edge values. What differs is made as small as it can be. What generated rules come
//! to together is compared with a combiner of the tests' own, and with the examples of `docs/decision-semantics.md`.
//!
//! `COUNTERSIGN_MEANING_SEED` and `COUNTERSIGN_MEANING_PAIRS` choose other scripts, and more of them: a run over a night takes 100 million
//! pairs; `COUNTERSIGN_MEANING_RULE_SETS` chooses how many rule sets.

mod combined;
mod explained;
mod functions;
mod generate;
mod hostile;
mod many;
mod notation;
mod piece;
mod random;
mod reading;
mod reference;
mod translated;
mod world;

use std::sync::Arc;

use countersign_core::engine::Engine;
use countersign_core::model::{Outcome, Request, RuleIndex, Schema};
use countersign_core::plan::Scratch;
use countersign_core::script::{Optimiser, Program, Row};

use generate::Generate;
use piece::Piece;
use random::Random;

const RULES: usize = 8;
const REQUESTS: usize = 120;

/// What was seen over all scripts.
#[derive(Default, Debug)]
struct Seen {
    pairs: usize,
    scripts: usize,
    lowered: usize,
    /// Pairs the plan answered itself, and those it handed on though nothing failed.
    answered: usize,
    overcautious: usize,
    failed: usize,
    hits: usize,
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn engine(scripts: &[String], seed: u64) -> Engine {
    optimised(scripts, seed, Optimiser::Off)
}

fn optimised(scripts: &[String], seed: u64, optimiser: Optimiser) -> Engine {
    let definition = Arc::new(world::definition(scripts, &mut Random::new(seed)));
    let program = Program::optimised(&definition, optimiser).program;
    Engine::new(definition, program)
}

/// Compares one rule on one request; says what differs.
fn compare(
    engine: &Engine,
    rule: RuleIndex,
    request: &Request,
    row: &Row,
    scratch: &mut Scratch,
    seen: &mut Seen,
) -> Option<String> {
    let by_plan = engine.plan().single(request, scratch).rule(rule);
    let by_interpreter = engine.program().run(rule, row);
    seen.pairs += 1;
    seen.failed += usize::from(by_interpreter.is_err());
    seen.hits += usize::from(by_interpreter.as_ref().is_ok_and(|outcomes: &Vec<Outcome>| !outcomes.is_empty()));
    match (&by_plan, &by_interpreter) {
        (Ok(one), Ok(other)) if one == other => {
            seen.answered += 1;
            None
        }
        (Err(_), Ok(_)) => {
            seen.overcautious += usize::from(engine.plan().rule(rule).is_ok());
            None
        }
        (Err(_), Err(_)) => None,
        _ => Some(format!("plan {by_plan:?}, interpreter {:?}", by_interpreter.map_err(|error| error.to_string()))),
    }
}

/// Whether a script differs between any two ways of running it for a request, with the words for it.
fn differs(script: &str, request: &Request, seed: u64) -> Option<String> {
    let scripts = [script.to_owned()];
    let engine = engine(&scripts, seed);
    let row = Row::new(engine.program(), request);
    if let Some(words) = compare(&engine, RuleIndex(0), request, &row, &mut Scratch::default(), &mut Seen::default()) {
        return Some(words);
    }
    for optimiser in [Optimiser::Simple, Optimiser::Full] {
        if let Some(words) = differs_optimised(&engine, &optimised(&scripts, seed, optimiser), RuleIndex(0), request) {
            return Some(words);
        }
    }
    if let Some(words) = many::differs(&engine, std::slice::from_ref(request)) {
        return Some(words);
    }
    None
}

/// What differs between the interpreter as it is and with its optimiser: outcomes, or words and place of the error.
fn differs_optimised(plain: &Engine, optimised: &Engine, rule: RuleIndex, request: &Request) -> Option<String> {
    let [one, other] = [plain, optimised].map(|engine| {
        let given = engine.program().run(rule, &Row::new(engine.program(), request));
        given.map_err(|error| error.to_string())
    });
    (one != other).then(|| format!("interpreter {one:?}, optimised {other:?}"))
}

/// Makes a script and its request smaller as long as `differs` says that they differ; gives its last words too.
fn shrink(
    mut script: Piece,
    mut request: Request,
    differs: impl Fn(&str, &Request) -> Option<String>,
) -> (String, Request, String) {
    let mut words = differs(&script.render(), &request).unwrap_or_default();
    let mut tries = 0;
    'smaller: while tries < 20_000 {
        for candidate in script.smaller() {
            tries += 1;
            if let Some(said) = differs(&candidate.render(), &request) {
                (script, words) = (candidate, said);
                continue 'smaller;
            }
        }
        break;
    }
    let schema = world::schema();
    for (index, _, field) in schema.fields() {
        for simple in world::simple(&field.kind, field.optional) {
            let mut candidate = request.clone();
            candidate.set(index, simple);
            if let Some(said) = differs(&script.render(), &candidate) {
                (request, words) = (candidate, said);
                break;
            }
        }
    }
    (script.render(), request, words)
}

fn shown(schema: &Schema, request: &Request) -> String {
    let fields = schema.fields().zip(request.values());
    fields.map(|((_, name, _), value)| format!("{name} = {value:?}")).collect::<Vec<_>>().join(", ")
}

/// Ends the test with the smallest script and request that still differ.
fn told(seed: u64, piece: &Piece, request: &Request) -> ! {
    let (script, request, words) = shrink(piece.clone(), request.clone(), |script, request| differs(script, request, seed));
    panic!("seed {seed}: {words}\n{script}\nwas {}\non {}", piece.render(), shown(&world::schema(), &request));
}

#[test]
fn interpreter_and_plan_mean_the_same() {
    let wanted = usize::try_from(number("COUNTERSIGN_MEANING_PAIRS", 110_000)).unwrap();
    let start = number("COUNTERSIGN_MEANING_SEED", 1);
    let mut seen = Seen::default();
    let mut named = String::new();
    let mut why = std::collections::BTreeMap::<String, usize>::new();
    let mut scratch = Scratch::default();
    for seed in start.. {
        if seen.pairs >= wanted {
            break;
        }
        let mut random = Random::new(seed);
        let pieces: Vec<Piece> = (0..RULES).map(|_| Generate::new(&mut random).script()).collect();
        let scripts: Vec<String> = pieces.iter().map(Piece::render).collect();
        let engine = engine(&scripts, seed);
        let optimiser = if seed % 2 == 0 { Optimiser::Simple } else { Optimiser::Full };
        let other = optimised(&scripts, seed, optimiser);
        let schema = world::schema();
        let requests: Vec<Request> = (0..REQUESTS).map(|at| world::request(&mut random, &schema, at)).collect();
        for (at, script) in scripts.iter().enumerate() {
            let rule = RuleIndex(u16::try_from(at).unwrap());
            seen.scripts += 1;
            match engine.plan().rule(rule) {
                Ok(_) => {
                    seen.lowered += 1;
                    named.push_str(script);
                }
                Err(reason) => *why.entry(reason.why.en.clone()).or_default() += 1,
            }
        }
        for (number, request) in requests.iter().enumerate() {
            let row = Row::new(engine.program(), request);
            for (at, piece) in pieces.iter().enumerate() {
                let rule = RuleIndex(u16::try_from(at).unwrap());
                let by_plan =
                    engine.plan().rule(rule).is_ok() && compare(&engine, rule, request, &row, &mut scratch, &mut seen).is_some();
                if by_plan || (number % 4 == 0 && differs_optimised(&engine, &other, rule, request).is_some()) {
                    told(seed, piece, request);
                }
            }
        }
        if let Some(words) = many::differs(&engine, &requests) {
            for (piece, request) in pieces.iter().flat_map(|piece| requests.iter().map(move |request| (piece, request))) {
                if differs(&piece.render(), request, seed).is_some() {
                    told(seed, piece, request);
                }
            }
            panic!("seed {seed}: {words}\n{}", scripts.join("\n---\n"));
        }
        for request in requests.iter().take(4) {
            assert_eq!(engine.decide(request), engine.interpret(request), "seed {seed}");
        }
    }
    eprintln!("{seen:?}\nnot lowered: {why:?}");
    assert!(seen.lowered * 10 >= seen.scripts * 7, "most scripts lower: {seen:?} {why:?}");
    assert!(seen.overcautious * 50 <= seen.pairs, "the plan rarely asks in vain: {seen:?}");
    assert!(seen.answered * 3 >= seen.pairs, "most pairs are answered by the plan: {seen:?}");
    for rounding in countersign_core::model::Rounding::ALL {
        assert!(named.contains(rounding.word()), "`{}` is never generated", rounding.word());
    }
}

/// Scripts that once differed, and those where the two ways could most easily part: what is evaluated and what is not.
const FIXED: [&str; 22] = [
    "limit(#{ month: fen(-3), year: fen(0) }); ()",
    "let x = 100 / req.i; accept(\"A\")",
    "if req.b { let x = 100 / req.i; } accept(\"A\")",
    "if req.b || 100 / req.i > 3 { accept(\"A\") }",
    "if req.b && { let x = 100 / req.i; x > 3 } { accept(\"A\") }",
    "if req.b { if req.i > 5 { return decline(\"A\"); } let x = 1 / req.j; } refer(\"B\")",
    "let n = clamp(req.i, 0, 10); score(n, \"A\")",
    "score(halves(req.i, req.j), \"A\")",
    "if halves(1, 0) > halves(req.i, 2) { accept(\"A\") }",
    "switch req.i { 1 if req.b => accept(\"A\"), 1 => refer(\"B\"), 0..5 => decline(\"C\"), -20..=20 if req.j > 0 => () }",
    "let x = if req.b { return accept(\"A\"); } else { req.i }; score(x, \"B\")",
    "let o = if req.b { score(req.i * req.j, \"A\") } else { () }; if req.j > 0 { return o; } refer(\"B\")",
    "[if req.b { score(1, \"A\") } else { refer(\"B\") }, if req.i > 0 { decline(\"C\") } else { score(req.i + req.j, \"A\") }]",
    "if opt.i ?? 100 / req.i > 5 { accept(\"A\") }",
    "if (opt.i ?? opt.j ?? req.i) in [opt.i, 7, 100 / req.j] { accept(\"A\") }",
    "if opt.i > 3 { accept(\"A\") }",
    "if opt.i == opt.j { accept(\"A\") }",
    "if req.i in (100 / req.j)..5 { accept(\"A\") }",
    "route(params.e); route(req.e)",
    "limit(#{ single: req.m })",
    "let v = 1; if req.b { v += req.i; if req.i > 7 { return score(v, \"A\"); } v = v * 2; } score(v, \"B\")",
    "if len(req.t + req.u) > 3 && share(req.t, \"s\") < 5_000 && left(req.t, req.i) == \"a\" { accept(\"A\") }",
];

#[test]
fn scripts_that_could_part_do_not() {
    let schema = world::schema();
    let mut scratch = Scratch::default();
    for (at, script) in FIXED.iter().enumerate() {
        let mut random = Random::new(u64::try_from(at).unwrap() + 99);
        let engine = engine(&[(*script).to_owned()], 5);
        if let Err(refused) = engine.plan().rule(RuleIndex(0)) {
            panic!("{script} runs interpreted because of {}", refused.why.en);
        }
        let mut seen = Seen::default();
        for number in 0..150 {
            let request = world::request(&mut random, &schema, number);
            let row = Row::new(engine.program(), &request);
            if let Some(words) = compare(&engine, RuleIndex(0), &request, &row, &mut scratch, &mut seen) {
                panic!("{script}: {words}\non {}", shown(&schema, &request));
            }
        }
        assert!(seen.overcautious <= 15, "{script}: {seen:?}");
    }
}

/// Every rule of the shipped workspaces is fast, and each sample decides the same either way.
#[test]
fn every_shipped_rule_lowers_and_means_the_same() {
    use countersign_core::model::Value;
    use countersign_workspace::{DiskFiles, load};
    for root in ["rules", "tests/card-payments"] {
        let definition = load(&DiskFiles, root).unwrap_or_else(|failed| panic!("{:?}", failed.findings));
        let program = Program::compile(&definition).program;
        let engine = Engine::new(Arc::new(definition), program);
        for (index, _, rule) in engine.definition().rule_set.rules() {
            if let Err(refused) = engine.plan().rule(index) {
                panic!("{root}: `{}` runs interpreted because of {}", rule.id, refused.why.en);
            }
        }
        let mut random = Random::new(7);
        let mut scratch = Scratch::default();
        let schema = engine.definition().schema.clone();
        let edges: Vec<Value> = engine.definition().rule_set.parameters.values().map(|parameter| parameter.value.clone()).collect();
        for at in 0..1_500 {
            let mut request = Request::empty(&schema);
            for (index, _, field) in schema.fields() {
                let mut value = world::value(&mut random, &field.kind);
                if let countersign_core::model::FieldType::Enum(values) = &field.kind {
                    let names: Vec<&str> = values.names().collect();
                    value = Value::Text(random.pick(&names).into());
                }
                let near = &edges[random.below(edges.len())];
                if random.one_in(3) && field.accepts(near).is_ok() {
                    value = near.clone();
                }
                request.set(index, if field.optional && random.one_in(3) { Value::Missing } else { value });
            }
            assert_eq!(engine.decide_with(&request, &mut scratch), engine.interpret(&request), "{root}: request {at}");
        }
    }
}

/// A way of running scripts that takes "over" for "not under" is found, and what is left of script and request says where.
#[test]
fn what_differs_is_made_as_small_as_it_can_be() {
    let broken = |script: &str| script.replace(" > ", ">= ");
    let differs = |script: &str, request: &Request| {
        let [one, other] = [script.to_owned(), broken(script)].map(|script| engine(&[script], 1));
        differs_optimised(&one, &other, RuleIndex(0), request).map(|words| words.replace("optimised", "broken"))
    };
    let schema = world::schema();
    let mut found = 0;
    let mut random = Random::new(70_000);
    while found < 3 {
        let piece = Generate::new(&mut random).script();
        if !piece.render().contains(" > ") {
            continue;
        }
        let request = world::request(&mut random, &schema, 0);
        if differs(&piece.render(), &request).is_none() {
            continue;
        }
        let (script, small, words) = shrink(piece.clone(), request, differs);
        found += 1;
        assert!(
            script.contains(" > ") && script.len() <= 110 && words.contains("broken"),
            "{script}: {words}\nwas {}",
            piece.render()
        );
        let set = schema
            .fields()
            .zip(small.values())
            .filter(|((_, _, field), value)| !world::simple(&field.kind, field.optional).contains(value));
        assert!(set.count() <= 3, "{}", shown(&schema, &small));
    }
}
