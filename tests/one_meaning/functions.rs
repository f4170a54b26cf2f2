//! Every function of the registry, called with arguments that its signature allows, edge values among them: interpreter, plan, batch
//! and explanation give the same value, or all fail. A function that is added is tested without a test of its own.

use countersign_core::engine::explain;
use countersign_core::engine::explain::Fate;
use countersign_core::model::{Request, RuleIndex};
use countersign_core::plan::Scratch;
use countersign_core::script::functions::{self, Function, Gives, Takes};
use countersign_core::script::{Optimiser, Row};

use super::random::Random;
use super::{Seen, compare, differs_optimised, engine, many, optimised, shown, world};

const CALLS_PER_FORM: usize = 12;
const REQUESTS: usize = 40;
/// Explanations look for changes that turn a rule, which takes long.
const EXPLAINED_REQUESTS: usize = 3;

type Pool = &'static [&'static str];

const INT: Pool = &["req.i", "req.j", "params.i", "(opt.i ?? 3)", "0", "-1", "2", "9_223_372_036_854_775_807", "(req.i - req.j)"];
const MONEY: Pool = &["req.m", "params.m", "(opt.m ?? fen(5))", "fen(0)", "yuan(\"0.05\")", "fen(9_223_372_036_854_775_807)"];
const FLOAT: Pool = &["req.f", "params.f", "(opt.f ?? 2.5)", "0.0", "-2.5", "12345678901234567890.0"];
const TIME: Pool = &["req.at", "params.at", "(opt.at ?? req.at)", "time(\"2014-03-24T00:00:00\")"];
const TEXT: Pool = &["req.t", "req.u", "params.t", "(opt.t ?? \"ab\")", "(req.t + req.u)", "\"\"", "\"a\"", "\" 浙江 \""];
const ENUM: Pool = &["req.e", "params.e", "(opt.e ?? req.e)"];

/// What the arguments of one call that have to be alike are.
const QUANTITIES: [Pool; 4] = [INT, MONEY, FLOAT, TIME];

/// Expressions that an argument may be; `quantity` is a position in [`QUANTITIES`].
fn pools(takes: Takes, quantity: usize) -> Vec<Pool> {
    match takes {
        Takes::Int => vec![INT],
        Takes::Float => vec![FLOAT, INT],
        Takes::Yuan => vec![INT, &["\"0.50\"", "\"-3\"", "\"92233720368547758.07\""]],
        Takes::Amount => vec![MONEY],
        Takes::Number => vec![QUANTITIES[quantity % 3]],
        Takes::Whole | Takes::SameWhole => vec![QUANTITIES[quantity % 2]],
        Takes::Divisor => vec![INT, QUANTITIES[quantity % 2]],
        Takes::Ordered => vec![QUANTITIES[quantity]],
        Takes::Rate => vec![INT, &["\"15.5\"", "\"0\"", "\"99999999\"", "req.t"]],
        Takes::Unit => vec![&["\"1.00\"", "\"0.10\"", "\"0.07\"", "req.t"]],
        Takes::Rounding => vec![&["\"half-up\"", "\"half-even\""]],
        Takes::Text | Takes::Searched => vec![TEXT],
        Takes::TextOrEnum => vec![TEXT, ENUM],
        Takes::TextOrInt => vec![TEXT, ENUM, INT],
        Takes::TextOrArray => vec![TEXT, &["[1, req.i]", "[req.t, \"a\", req.u]"]],
        Takes::Time => vec![TIME],
        Takes::TimeText => vec![&["\"2014-03-24T00:00:00\"", "\"2014-03-23T16:00:00Z\"", "\"1970-01-01\""]],
        Takes::Reason => vec![&["\"A\"", "\"B\""]],
        Takes::Interface => vec![&["\"east\"", "\"west\""]],
        Takes::Limits => vec![&["#{ single: req.m }", "#{ day: fen(0), year: params.m }"]],
    }
}

/// A script whose outcome shows the value of a call with so many arguments.
fn script(function: &Function, count: usize, random: &mut Random) -> String {
    let quantity = random.below(QUANTITIES.len());
    let mut picked: Vec<(Pool, &str)> = Vec::new();
    for (_, takes) in function.parameters.iter().take(count) {
        let pool = random.pick(&pools(*takes, quantity));
        picked.push((pool, random.pick(pool)));
    }
    let args: Vec<&str> = picked.iter().map(|(_, arg)| *arg).collect();
    let call = format!("{}({})", function.name, args.join(", "));
    let gives = match (function.gives, picked.as_slice()) {
        (Gives::SameAsFirst, [(MONEY, _), ..]) | (Gives::Quotient, [(MONEY, _), (INT, _)]) => Gives::Money,
        (Gives::SameAsFirst, [(FLOAT, _), ..]) => Gives::Float,
        (Gives::SameAsFirst, [(TIME, _), ..]) => Gives::Time,
        (Gives::SameAsFirst | Gives::Quotient, _) => Gives::Int,
        (gives, _) => gives,
    };
    match gives {
        Gives::Outcome => format!("if req.b {{ {call} }}"),
        Gives::Bool => format!("if {call} {{ accept(\"A\") }}"),
        Gives::Money => format!("score(div({call}, fen(1)), \"A\")"),
        Gives::Float => format!("let x = {call}; if x > 1.0e6 {{ accept(\"A\") }} else {{ score(floor(x * 1_000.0), \"B\") }}"),
        Gives::Text => format!("let text = {call}; score(share(text, \"s\") + 10_000 * len(text), \"A\")"),
        Gives::Time => format!("score(minutes_between(params.at, {call}), \"A\")"),
        Gives::Int | Gives::SameAsFirst | Gives::Quotient => format!("score({call}, \"A\")"),
    }
}

#[test]
fn every_function_has_one_value() {
    let schema = world::schema();
    let mut scratch = Scratch::default();
    let mut all = Seen::default();
    for (seed, function) in (700_u64..).zip(functions::ALL) {
        let mut random = Random::new(seed);
        let counts = function.counts().flat_map(|count| std::iter::repeat_n(count, CALLS_PER_FORM));
        let scripts: Vec<String> = counts.map(|count| script(function, count, &mut random)).collect();
        let engine = engine(&scripts, seed);
        let full = optimised(&scripts, seed, Optimiser::Full);
        let requests: Vec<Request> = (0..REQUESTS).map(|at| world::request(&mut random, &schema, at)).collect();
        let mut seen = Seen::default();
        for (at, script) in scripts.iter().enumerate() {
            let rule = RuleIndex(u16::try_from(at).unwrap());
            let faults = &engine.program().tree(rule).unwrap().faults;
            assert!(faults.is_empty(), "{script}: {faults:?}");
            if let Err(refused) = engine.plan().rule(rule) {
                panic!("{script} runs interpreted because of {}", refused.why.en);
            }
            for request in &requests {
                let row = Row::new(engine.program(), request);
                let differs = compare(&engine, rule, request, &row, &mut scratch, &mut seen);
                if let Some(words) = differs.or_else(|| differs_optimised(&engine, &full, rule, request)) {
                    panic!("{script}: {words}\non {}", shown(&schema, request));
                }
            }
        }
        if let Some(words) = many::differs(&engine, &requests) {
            panic!("{}: {words}\n{}", function.name, scripts.join("\n"));
        }
        for request in requests.iter().take(EXPLAINED_REQUESTS) {
            let row = Row::new(engine.program(), request);
            let explanation = explain(&engine, request);
            assert_eq!(explanation.decision, engine.interpret(request), "{}", function.name);
            // An outcome that the stage does not take is an error of the decision, not of the call.
            let taken = |fate: Fate| function.gives != Gives::Outcome || fate != Fate::Error;
            for explained in explanation.stages[0].rules.iter().filter(|explained| taken(explained.fate)) {
                let fate = match engine.program().run(explained.index, &row) {
                    Ok(outcomes) if outcomes.is_empty() => Fate::DidNotFire,
                    Ok(_) => Fate::Fired,
                    Err(_) => Fate::Error,
                };
                let script = &scripts[explained.index.at()];
                assert_eq!((explained.fate, explained.followed), (fate, true), "{script}\non {}", shown(&schema, request));
            }
        }
        assert!(seen.answered * 5 >= seen.pairs, "{}: {seen:?}", function.name);
        assert!(seen.overcautious * 10 <= seen.pairs, "{}: {seen:?}", function.name);
        all.pairs += seen.pairs;
        all.answered += seen.answered;
        all.failed += seen.failed;
    }
    eprintln!("{all:?}");
}
