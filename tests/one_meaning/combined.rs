//! What rules come to together: the examples of the documentation and generated rule sets, on every path that makes a decision, beside
//! the [`reference`]. What differs is made as small as it can be.

use std::fmt::Write as _;
use std::sync::Arc;

use countersign_core::engine::explain::Fate;
use countersign_core::engine::{Engine, Explanation, RuleStep, Trace, explain};
use countersign_core::model::{Definition, Request, Value};
use countersign_core::plan::Scratch;
use countersign_core::script::{Program, Row};

use crate::one_meaning::random::Random;
use crate::one_meaning::{notation, number, reference, world};

const PAGES: [&str; 2] = [include_str!("../../docs/decision-semantics.md"), include_str!("../../docs/decision-semantics.zh.md")];

fn engine(spec: &str) -> Engine {
    let definition = Arc::new(notation::definition(spec));
    let program = Program::compile(&definition).program;
    Engine::new(definition, program)
}

fn expected(engine: &Engine, request: &Request) -> Trace {
    let definition: &Definition = engine.definition();
    let time = definition.schema.find(definition.schema.roles.time.as_str()).and_then(|(index, _)| match request.get(index) {
        Value::Time(time) => Some(*time),
        _ => None,
    });
    let row = Row::new(engine.program(), request);
    reference::trace(definition, time, &|rule| engine.program().run(rule, &row).map_err(|error| error.to_string()))
}

fn unless_equal<T: PartialEq + std::fmt::Debug>(path: &str, given: &T, wanted: &T) -> Option<String> {
    (given != wanted).then(|| format!("{path}: {given:?}\nreference: {wanted:?}"))
}

/// What differs between the reference and each way of deciding one request.
fn single(engine: &Engine, request: &Request, wanted: &Trace, scratch: &mut Scratch) -> Option<String> {
    let words = |decision| reference::without_words(Trace { decision, stages: Vec::new() }).decision;
    unless_equal("interpreter", &words(engine.interpret(request)), &wanted.decision)
        .or_else(|| unless_equal("plan", &words(engine.decide_with(request, scratch)), &wanted.decision))
        .or_else(|| unless_equal("steps", &reference::without_words(engine.trace(request)), wanted))
}

/// What differs between the reference and what people are told.
fn explained(engine: &Engine, request: &Request, wanted: &Trace) -> Option<String> {
    let said: Explanation = explain(engine, request);
    let router = wanted.decision.routed_by.and_then(|rule| engine.definition().rule_set.rule(rule)).map(|rule| rule.id.clone());
    let by = said.interface.as_ref().and_then(|interface| interface.rule.clone());
    let mut faults = unless_equal("explained router", &by, &router)
        .or_else(|| unless_equal("explained stages", &said.stages.len(), &wanted.stages.len()));
    for (stage, wanted) in said.stages.iter().zip(&wanted.stages) {
        let came_to = stage.reached.then_some((stage.verdict, stage.score, stage.band));
        let result = wanted.result.map(|result| (result.verdict, result.score, result.band));
        faults = faults.or_else(|| unless_equal("explained stage", &came_to, &result));
        for rule in &stage.rules {
            let step = wanted.rules.iter().find(|(index, _)| *index == rule.index).map(|(_, step)| step);
            let fate = match step {
                None | Some(RuleStep::NotEvaluated) => Fate::NotReached,
                Some(RuleStep::Off) => Fate::Off,
                Some(RuleStep::OutsideWindow) => Fate::OutOfWindow,
                Some(RuleStep::Evaluated { outcome: Err(_), .. }) => Fate::Error,
                Some(RuleStep::Evaluated { outcome: Ok(outcomes), .. }) if outcomes.is_empty() => Fate::DidNotFire,
                Some(RuleStep::Evaluated { .. }) => Fate::Fired,
            };
            faults = faults.or_else(|| unless_equal("explained rule", &rule.fate, &fate));
            // Only a rule of this stage, asked and active, can have settled it.
            let named = rule.why.as_ref().filter(|_| step == Some(&RuleStep::NotEvaluated)).map(|why| why.en.clone());
            let last = wanted.rules.iter().rev().find(|(_, step)| matches!(step, RuleStep::Evaluated { shadow: false, .. }));
            let settled = last.and_then(|(rule, _)| engine.definition().rule_set.rule(*rule)).map(|rule| rule.id.to_string());
            let why = named.as_ref().and(settled).map(|id| format!("`{id}` settled the stage before it"));
            faults = faults.or_else(|| unless_equal("explained settling", &named, &why));
        }
    }
    faults
}

/// Many requests at once: all together, in parts, and as an edit of another rule set over the same requests.
mod together {
    use countersign_core::model::{Decision, ReasonIndex};
    use countersign_core::progress::Progress;
    use countersign_core::storage::ScratchFile;
    use countersign_requests::Table;
    use countersign_run::compare::{Differs, Flips};
    use countersign_run::{Run, Streamed};

    use super::*;
    use crate::one_meaning::many;

    fn decisions(path: &str, backtest: &Run, wanted: &[Trace]) -> Option<String> {
        let mut rows = wanted.iter().enumerate();
        rows.find_map(|(row, wanted)| unless_equal(path, &backtest.decisions().decision(row).unwrap(), &wanted.decision))
    }

    fn flips(old: &Run, new: &Run, before: &[Trace], after: &[Trace]) -> Option<String> {
        let codes = |decision: &Decision| {
            let mut codes: Vec<ReasonIndex> = decision.reasons.iter().map(|given| given.reason).collect();
            codes.sort_unstable();
            codes.dedup();
            codes
        };
        let differs = |(one, other): (&Trace, &Trace)| {
            let (one, other) = (&one.decision, &other.decision);
            Differs {
                verdict: one.verdict != other.verdict,
                interface: one.interface != other.interface,
                reasons: codes(one) != codes(other),
                limits: one.limits != other.limits,
            }
        };
        let wanted: Vec<(usize, Differs)> =
            before.iter().zip(after).map(differs).enumerate().filter(|(_, differs)| differs.any()).collect();
        let flips = Flips::between(old, new);
        let told: Vec<(usize, Differs)> = flips.all().iter().map(|flip| (flip.row, flip.differs)).collect();
        unless_equal("flips", &told, &wanted)
    }

    fn streamed(engine: &Engine, requests: &[Request], wanted: &[Trace]) -> Option<String> {
        let scratch = || Ok(Box::new(Vec::new()) as Box<dyn ScratchFile>);
        let mut streamed = Streamed::new(engine, None, (&scratch, 1_000));
        for (requests, wanted) in requests.chunks(7).zip(wanted.chunks(7)) {
            let (run, _) = streamed.add(&many::table(engine, requests), &Progress::default()).unwrap();
            for (row, wanted) in wanted.iter().enumerate() {
                let given = run.decisions().decision(row).unwrap();
                if let Some(fault) = unless_equal("streamed", &given, &wanted.decision) {
                    return Some(fault);
                }
            }
        }
        None
    }

    /// The requests as a table holds them, which knows no empty text.
    pub fn held(engine: &Engine, requests: &[Request]) -> Vec<Request> {
        let table: Arc<Table> = many::table(engine, requests);
        (0..table.len()).map(|row| table.request(row)).collect()
    }

    pub fn differs(old: &Engine, new: &Engine, requests: &[Request], before: &[Trace], after: &[Trace]) -> Option<String> {
        let progress = Progress::default();
        let fresh = Run::new(old, &many::table(old, requests), &progress).unwrap();
        let edited = fresh.changed(new, &progress).unwrap();
        let back = edited.changed(old, &progress).unwrap();
        decisions("batch", &fresh, before)
            .or_else(|| decisions("edited batch", &edited, after))
            .or_else(|| decisions("batch edited back", &back, before))
            .or_else(|| flips(&fresh, &edited, before, after))
            .or_else(|| streamed(new, requests, after))
    }
}

/// What differs between the reference and any path, for a rule set and an edit of it.
fn differs(spec: &str, edited: &str, requests: &[Request]) -> Option<String> {
    let (old, new) = (engine(spec), engine(edited));
    let expect = |engine: &Engine| -> Vec<Trace> { requests.iter().map(|request| expected(engine, request)).collect() };
    let (before, after) = (expect(&old), expect(&new));
    let mut scratch = Scratch::default();
    for (at, (request, wanted)) in requests.iter().zip(&before).enumerate() {
        let fault = single(&old, request, wanted, &mut scratch);
        let fault = fault.or_else(|| if at < 3 { explained(&old, request, wanted) } else { None });
        if fault.is_some() {
            return fault;
        }
    }
    together::differs(&old, &new, requests, &before, &after)
}

#[test]
fn the_examples_of_the_documentation_hold_on_every_path() {
    let [english, chinese] = PAGES.map(notation::examples);
    assert_eq!(english, chinese, "both languages have the same examples");
    assert!(english.len() > 40, "{}", english.len());
    let mut faults = String::new();
    for (at, (spec, decision)) in english.iter().enumerate() {
        let engine = engine(spec);
        let request = notation::plain_request(engine.definition());
        let wanted = expected(&engine, &request).decision;
        let shown = notation::show(&wanted, engine.definition());
        if shown != *decision {
            let _ = writeln!(faults, "{spec}\n=> {decision}\nreference: {shown}");
        }
        let other = &english[(at + 1) % english.len()].0;
        let other = if spec.starts_with("(no time)") == other.starts_with("(no time)") { other } else { spec };
        if let Some(fault) = differs(spec, other, &[request]) {
            let _ = writeln!(faults, "{spec}\n=> {decision}\n{fault}");
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// A generated rule set: what stands in front, and stages with their heads and rules.
#[derive(Clone)]
struct RuleSet {
    front: &'static str,
    stages: Vec<(String, Vec<String>)>,
}

const CONDITIONS: [&str; 10] = [
    "req.b",
    "req.i > 3",
    "req.i < 0",
    "req.j >= 10",
    "opt.i == ()",
    "opt.b ?? false",
    "req.e == \"east\"",
    "req.m > fen(10)",
    "100 / req.i > 5",
    "opt.j > 0",
];

fn verdict(random: &mut Random) -> &'static str {
    random.pick(&["accept", "accept", "step_up", "refer", "decline"])
}

fn head(random: &mut Random) -> String {
    match random.below(7) {
        0 => "limit".to_owned(),
        1 | 2 => random.pick(&["route", "route east", "route west"]).to_owned(),
        kind => {
            let mut head = if kind < 5 { "first" } else { "most" }.to_owned();
            let mut least = -10;
            for _ in 0..random.below(4) {
                least += 5 + i64::try_from(random.below(3)).unwrap() * 10;
                let _ = write!(head, " {least}={}", verdict(random));
            }
            head
        }
    }
}

fn outcome(random: &mut Random, head: &str) -> String {
    // Sometimes what does not belong there.
    let head = if random.one_in(25) { random.pick(&["first", "limit", "route"]) } else { head };
    let reason = random.pick(&["A", "B", "C", "D"]);
    match head.split(' ').next() {
        Some("limit") => format!("limit {} {}", random.pick(&["single", "day", "month", "year"]), random.below(9)),
        Some("route") => format!("route {}", random.pick(&["east", "west"])),
        _ if random.one_in(2) => {
            format!("score {} {reason}", random.pick(&["-20", "-1", "0", "5", "10", "30", "9223372036854775807"]))
        }
        _ => format!("{} {reason}", verdict(random)),
    }
}

fn rule(random: &mut Random, head: &str, name: usize) -> String {
    let mark = random.pick(&["", "", "", "", "", "~", "!", "@", "<", ">"]);
    let gives = match random.below(12) {
        0 => "-".to_owned(),
        1 => "error".to_owned(),
        2 | 3 => format!("{} + {}", outcome(random, head), outcome(random, head)),
        _ => outcome(random, head),
    };
    let condition = if random.one_in(6) { String::new() } else { format!(" if {}", random.pick(&CONDITIONS)) };
    format!("{mark}r{name} {gives}{condition}")
}

impl RuleSet {
    fn generate(random: &mut Random) -> Self {
        let front = random.pick(&["", "", "", "", "(on_error decline) ", "(no time) ", "(no time) (on_error decline) "]);
        let mut name = 0;
        let mut stage = |random: &mut Random| {
            let head = head(random);
            let rules = (0..random.below(5)).map(|_| {
                name += 1;
                rule(random, &head, name)
            });
            let rules = rules.collect();
            (head, rules)
        };
        let stages = (0..=random.below(6)).map(|_| stage(random)).collect();
        Self { front, stages }
    }

    /// One thing is another: a rule is changed, removed or added, or a stage's settings are.
    fn edited(&self, random: &mut Random) -> Self {
        let mut edited = self.clone();
        let at = random.below(edited.stages.len());
        let (head_now, rules) = &mut edited.stages[at];
        match random.below(5) {
            0 => {
                // Of the same kind, since a stage's kind changes what its rules may give.
                let kind = |head: &str| head.split(' ').next().unwrap().replace("most", "first");
                let other = (0..50).map(|_| head(random)).find(|other| kind(other) == kind(head_now));
                *head_now = other.unwrap_or_else(|| head_now.clone());
            }
            1 => rules.push(rule(random, head_now, 90)),
            2 if !rules.is_empty() => drop(rules.remove(random.below(rules.len()))),
            3 if rules.len() > 1 => rules.reverse(),
            _ if !rules.is_empty() => {
                let at = random.below(rules.len());
                let name = rules[at].split(' ').next().unwrap().trim_start_matches(['~', '!', '@', '<', '>', 'r']).parse().unwrap();
                rules[at] = rule(random, head_now, name);
            }
            _ => {}
        }
        edited
    }

    fn render(&self) -> String {
        let stages: Vec<String> = self.stages.iter().map(|(head, rules)| format!("{head}: {}", rules.join("; "))).collect();
        format!("{}{}", self.front, stages.join(" | "))
    }

    /// Every rule set that is this one without a stage or a rule.
    fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        for at in 0..self.stages.len() {
            if self.stages.len() > 1 {
                let mut less = self.clone();
                less.stages.remove(at);
                all.push(less);
            }
            for rule in 0..self.stages[at].1.len() {
                let mut less = self.clone();
                less.stages[at].1.remove(rule);
                all.push(less);
            }
        }
        all
    }
}

/// Makes a rule set smaller as long as it differs from the reference.
fn shrink(mut rule_set: RuleSet, requests: &[Request]) -> (String, String) {
    let fault = |rule_set: &RuleSet| differs(&rule_set.render(), &rule_set.render(), requests);
    let Some(mut words) = fault(&rule_set) else { return (rule_set.render(), "only where it is edited".to_owned()) };
    while let Some((less, fewer)) = rule_set.smaller().into_iter().find_map(|less| Some((less.clone(), fault(&less)?))) {
        (rule_set, words) = (less, fewer);
    }
    (rule_set.render(), words)
}

#[test]
fn generated_rule_sets_mean_what_the_reference_says() {
    let wanted = number("COUNTERSIGN_MEANING_RULE_SETS", 100);
    let start = number("COUNTERSIGN_MEANING_SEED", 1);
    let mut seen = std::collections::BTreeMap::<&str, usize>::new();
    for seed in start..start + wanted {
        let mut random = Random::new(seed + 900_000);
        let rule_set = RuleSet::generate(&mut random);
        let edited = rule_set.edited(&mut random);
        let (spec, other) = (rule_set.render(), edited.render());
        let engine = engine(&spec);
        let schema = &engine.definition().schema;
        let requests: Vec<Request> = (0..40).map(|at| world::request(&mut random, schema, at)).collect();
        let requests = together::held(&engine, &requests);
        if let Some(fault) = differs(&spec, &other, &requests) {
            let (small, words) = shrink(rule_set, &requests);
            panic!("seed {seed}: {spec}\nedited {other}\n{fault}\nsmaller: {small}\n{words}");
        }
        for trace in requests.iter().map(|request| expected(&engine, request)) {
            let (decision, routes) = (&trace.decision, spec.matches("route").count());
            let of = |name, holds: bool| if holds { Some(name) } else { None };
            let things = [
                of("all", true),
                of("routed by a rule", decision.routed_by.is_some()),
                of("a default", decision.interface.is_some() && decision.routed_by.is_none()),
                of("several Route stages", routes > 1 && decision.routed_by.is_some()),
                of("an error", decision.errors.iter().any(|error| !error.shadow)),
                of("a shadow's hit", !decision.shadow_hits.is_empty()),
                of("a limit", !decision.limits.is_empty()),
                of(
                    "a band over a verdict",
                    trace
                        .stages
                        .iter()
                        .filter_map(|stage| stage.result)
                        .any(|result| result.band.is_some() && result.band == result.verdict),
                ),
                of("a stage that is not reached", trace.stages.iter().any(|stage| stage.result.is_none())),
            ];
            things.into_iter().flatten().for_each(|thing| *seen.entry(thing).or_default() += 1);
        }
    }
    eprintln!("{seen:?}");
    let rare: Vec<_> = seen.iter().filter(|(_, count)| **count * 100 < seen["all"]).collect();
    assert!(seen.len() == 9 && rare.is_empty(), "hardly ever generated: {rare:?} of {seen:?}");
}
