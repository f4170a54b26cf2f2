//! Every proof is attacked by requests, and every request that a proof shows is decided again.

mod made;
mod planted;
mod smt;

use std::sync::Arc;

use super::{Budget, Decide, ProofAnswer, ProofOptions, Prover, Question, Subject, UnknownReason};
use countersign_core::engine::Engine;
use countersign_core::model::{Definition, Fen, ParameterIndex, Request, StageKind, Value};
use countersign_core::progress::Progress;
use countersign_core::script::Program;
use made::Dice;

fn engine(definition: Definition) -> Engine {
    let compiled = Program::compile(&definition);
    Engine::new(Arc::new(definition), compiled.program)
}

fn subject(engine: &Engine) -> Subject<'_> {
    Subject { definition: engine.definition(), plan: engine.plan(), decide: engine }
}

fn bands(definition: &Definition, stage: countersign_core::model::StageIndex) -> Vec<i64> {
    match &definition.rule_set.stages[stage.at()].kind {
        StageKind::Screen { bands, .. } => bands.iter().map(|band| band.at_least).collect(),
        _ => Vec::new(),
    }
}

/// Whether requests show what a question asks for.
fn shown(definition: &Definition, deciders: &[&dyn Decide], question: Question, request: &Request) -> bool {
    let decided: Vec<_> = deciders.iter().map(|decider| decider.decide(request)).collect();
    question.is_shown(&decided, |stage| bands(definition, stage))
}

/// The rule set with other permitted values of its parameters.
fn otherwise_set(dice: &mut Dice, engine: &Engine) -> Box<dyn Decide> {
    let big = Value::Money(Fen(dice.pick(&[100, 101, 500, 3_000, 6_000, 9_999, 10_000])));
    let least = Value::Int(dice.pick(&[0, 1, 5, 8, 9]));
    engine.with(&[(ParameterIndex(0), big), (ParameterIndex(1), least)]).unwrap()
}

fn scripts(definition: &Definition) -> String {
    let rules = definition.rule_set.rules().map(|(_, stage, rule)| {
        format!(
            "{} {:?} {:?} {:?}: {}",
            rule.id,
            definition.rule_set.stages[stage.at()].kind,
            rule.status,
            rule.window,
            rule.script.text
        )
    });
    let invariants = definition.rule_set.invariants.iter().map(|one| format!("{:?}: {}", one.verdicts, one.when.text));
    rules.chain(invariants).collect::<Vec<_>>().join("\n")
}

/// How many rule sets are made, and by how many requests each proof is attacked.
fn effort() -> (u64, u64, usize) {
    let read = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    (read("PROVE_FIRST", 0), read("PROVE_SETS", 25), usize::try_from(read("PROVE_REQUESTS", 150)).unwrap())
}

#[test]
fn no_request_breaks_a_proof() {
    let (first, sets, requests) = effort();
    let mut counts = [0_usize; 3];
    for seed in first..first + sets {
        let mut dice = Dice(seed);
        let engine = engine(made::random(&mut dice));
        let definition = engine.definition();
        let options = ProofOptions { free_parameters: seed % 3 == 2, ..ProofOptions::default() };
        let mut prover = Prover::new(subject(&engine), &options, &Arc::new(Progress::default())).unwrap();
        let mut certain = Vec::new();
        for question in prover.questions() {
            match prover.ask(question) {
                ProofAnswer::Never => {
                    counts[0] += 1;
                    certain.push(question);
                }
                ProofAnswer::Request(witness) => {
                    counts[1] += 1;
                    let set = engine.with(&witness.parameters).unwrap();
                    let decider: &dyn Decide = if witness.parameters.is_empty() { &engine } else { set.as_ref() };
                    assert_eq!(witness.request.check(&definition.schema), Ok(()));
                    assert!(shown(definition, &[decider], question, &witness.request), "{seed}: {question:?}");
                }
                ProofAnswer::Unknown(reason) => {
                    counts[2] += 1;
                    if std::env::var("PROVE_SHOW").is_ok() {
                        println!("{seed}: {question:?} unknown: {}\n{}", reason.text().en, scripts(definition));
                    }
                }
            }
        }
        let others: Vec<_> = (0..if options.free_parameters { 8 } else { 0 }).map(|_| otherwise_set(&mut dice, &engine)).collect();
        let deciders: Vec<&dyn Decide> = others.iter().map(AsRef::as_ref).chain([&engine as &dyn Decide]).collect();
        for at in 0..requests {
            let request = made::request(&mut dice, &definition.schema);
            let decider = deciders[at % deciders.len()];
            for question in &certain {
                let is_shown = shown(definition, &[decider], *question, &request);
                assert!(!is_shown, "{seed}: {question:?} by {request:?}\n{}", scripts(definition));
            }
        }
    }
    println!("proved, shown, unknown: {counts:?}");
    assert!(counts[0] > 0 && counts[1] > counts[0] && counts[2] * 20 < counts[0] + counts[1], "{counts:?}");
}

/// Two rule sets of which the second is the first with one change.
fn changed(dice: &mut Dice, definition: &Definition) -> Definition {
    let mut other = definition.clone();
    let stage = dice.below(other.rule_set.stages.len());
    let stage = &mut other.rule_set.stages[stage];
    let rule = dice.below(stage.rules.len());
    match dice.below(5) {
        0 => {
            stage.rules.remove(rule);
        }
        1 => stage.rules.reverse(),
        2 => {
            let copy = stage.rules[rule].clone();
            stage.rules[rule].script.text = format!("if risk.points > 7 {{ return; }} {}", copy.script.text).into();
        }
        3 => stage.rules[rule].status = countersign_core::model::Status::Off,
        _ => {}
    }
    other
}

#[test]
fn two_rule_sets_are_compared_for_every_request() {
    let (first, sets, requests) = effort();
    let mut counts = [0_usize; 3];
    for seed in first..first + sets {
        let mut dice = Dice(seed ^ 0xC0FF_EE00);
        let definition = made::random(&mut dice);
        let (old, new) = (engine(definition.clone()), engine(changed(&mut dice, &definition)));
        let options = ProofOptions::default();
        let mut prover = Prover::pair(subject(&new), subject(&old), &options, &Arc::new(Progress::default())).unwrap();
        let relation = prover.relation();
        let mut certain = Vec::new();
        for (question, answer) in [(Question::Milder, &relation.milder), (Question::Stricter, &relation.stricter)] {
            match answer {
                ProofAnswer::Never => certain.push(question),
                ProofAnswer::Request(witness) => {
                    assert!(shown(&definition, &[&new, &old], question, &witness.request), "{seed}: {question:?}");
                }
                ProofAnswer::Unknown(reason) => println!("{seed}: {question:?} unknown: {}", reason.text().en),
            }
            counts[match answer {
                ProofAnswer::Never => 0,
                ProofAnswer::Request(_) => 1,
                ProofAnswer::Unknown(_) => 2,
            }] += 1;
        }
        for _ in 0..requests {
            let request = made::request(&mut dice, &definition.schema);
            for question in &certain {
                assert!(
                    !shown(&definition, &[&new, &old], *question, &request),
                    "{seed}: {question:?} by {request:?}\n{}\n{}",
                    scripts(old.definition()),
                    scripts(new.definition())
                );
            }
        }
    }
    println!("proved, shown, unknown: {counts:?}");
    assert!(counts[0] > 0 && counts[1] > 0 && counts[2] * 10 < counts[0] + counts[1], "{counts:?}");
}

/// One request at a time: what it does, the formula must allow; and what the formula allows, it should do.
#[test]
fn the_formula_allows_what_requests_do() {
    let (first, sets, requests) = effort();
    let (mut done, mut too_much) = (0_usize, 0_usize);
    for seed in first..first + sets {
        let mut dice = Dice(seed ^ 0xBEEF);
        let engine = engine(made::random(&mut dice));
        let definition = engine.definition();
        let mut prover = Prover::new(subject(&engine), &ProofOptions::default(), &Arc::new(Progress::default())).unwrap();
        let questions = prover.questions();
        for _ in 0..requests / 30 {
            let request = made::request(&mut dice, &definition.schema);
            for question in &questions {
                let does = shown(definition, &[&engine], *question, &request);
                let Some(allowed) = prover.allows(&request, *question) else { continue };
                assert!(allowed || !does, "{seed}: {question:?} by {request:?}\n{}", scripts(definition));
                done += 1;
                too_much += usize::from(allowed && !does);
            }
        }
    }
    println!("compared {done}, allowed but not done {too_much}");
    assert!(done > 0 && too_much * 100 < done, "{too_much} of {done}");
}

#[test]
fn a_small_budget_or_a_cancelled_run_proves_nothing() {
    let engine = engine(made::random(&mut Dice(7)));
    let progress = Arc::new(Progress::default());
    let small = |steps, size| ProofOptions { budget: Budget { steps, size, attempts: 3 }, ..ProofOptions::default() };
    assert_eq!(Prover::new(subject(&engine), &small(1, 10), &progress).err(), Some(UnknownReason::Size));
    let mut hasty = Prover::new(subject(&engine), &small(1, 1_000_000), &progress).unwrap();
    let unknown =
        hasty.questions().into_iter().filter(|question| hasty.ask(*question) == ProofAnswer::Unknown(UnknownReason::Steps)).count();
    assert!(unknown > 0);
    let mut prover = Prover::new(subject(&engine), &ProofOptions::default(), &progress).unwrap();
    assert!(progress.cancel());
    let questions = prover.questions();
    let answers: Vec<ProofAnswer> = questions.into_iter().map(|question| prover.ask(question)).collect();
    assert!(
        answers.iter().all(|answer| matches!(answer, ProofAnswer::Never | ProofAnswer::Unknown(UnknownReason::Cancelled))),
        "{answers:?}"
    );
    assert!(answers.contains(&ProofAnswer::Unknown(UnknownReason::Cancelled)));
    assert_eq!(Prover::new(subject(&engine), &ProofOptions::default(), &progress).err(), Some(UnknownReason::Cancelled));
}
