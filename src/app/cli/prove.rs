//! `countersign prove`: what holds for every request there can be, with a request where it does not.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::args::{PageFormat, Prove};
use super::exit::{Exit, Failure};
use super::prove_text::{self as text, Line};
use super::screen::Screen;
use super::target::Target;
use crate::cli::kinds::{CANCELLED, NOT_PROVABLE};
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::engine::Engine;
use countersign_core::model::{Definition, StageKind};
use countersign_core::progress::Progress;
use countersign_core::text::{LocalText, reveal_json};
use countersign_prove::{
    Direction, ProofAnswer, ProofOptions, Prover, Question, Relation, Silence, Subject, UnknownReason, Witness,
};
use countersign_workspace::Files;

/// A question with its answer; of a rule that never fires also why.
pub(super) struct Answered {
    pub(super) question: Question,
    pub(super) answer: ProofAnswer,
    pub(super) silence: Option<Silence>,
}

/// Runs the verb.
///
/// # Errors
/// A target cannot be read, its rules have errors, or the run was stopped.
pub fn run(args: &Prove, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let target = Target::open(files, &args.target)?;
    let engine = target.engine()?;
    let against = args.against.as_deref().map(|path| Target::open(files, path)).transpose()?;
    let other = against.as_ref().map(Target::engine).transpose()?;
    let options = ProofOptions { free_parameters: args.free_parameters, ..ProofOptions::default() };
    let progress = Arc::new(Progress::default());
    let what = LocalText::new("proving", "证明中");
    let answered = screen.watch(&what, &progress, || answers(&engine, &options, &progress));
    let answered = answered.map_err(|reason| could_not(&reason))?;
    let relation = match &other {
        Some(other) => {
            let related = screen.watch(&what, &progress, || relation(&engine, other, &options, &progress));
            Some(related.map_err(|reason| could_not(&reason))?)
        }
        None => None,
    };
    screen.may_write()?;
    let definition = engine.definition();
    let lines: Vec<Line> = answered.iter().filter_map(|one| text::line(definition, one)).collect();
    let page = match args.format {
        PageFormat::Human => text::page(definition, &answered, &lines, relation.as_ref(), args.free_parameters, screen.language),
        PageFormat::Json => document(definition, &answered, relation.as_ref(), args.free_parameters),
    };
    screen.print(&page)?;
    let level = Severity::from(args.fail_level);
    let is_found = lines.iter().any(|line| line.severity >= level);
    let is_milder =
        relation.is_some_and(|relation| !matches!(relation.direction(), Direction::Equivalent | Direction::OnlyStricter));
    Ok(if is_found || is_milder { Exit::Found } else { Exit::Clean })
}

fn subject(engine: &Engine) -> Subject<'_> {
    Subject { definition: engine.definition(), plan: engine.plan(), decide: engine }
}

fn answers(engine: &Engine, options: &ProofOptions, progress: &Arc<Progress>) -> Result<Vec<Answered>, UnknownReason> {
    let mut prover = Prover::new(subject(engine), options, progress)?;
    let questions = prover.questions();
    progress.set_total(questions.len() as u64);
    let mut answered = Vec::with_capacity(questions.len());
    for question in questions {
        let answer = prover.ask(question);
        if answer == ProofAnswer::Unknown(UnknownReason::Cancelled) {
            return Err(UnknownReason::Cancelled);
        }
        let silence = match (question, &answer) {
            (Question::Fires(rule), ProofAnswer::Never) => Some(prover.silence(rule)),
            _ => None,
        };
        answered.push(Answered { question, answer, silence });
        progress.advance(1);
    }
    Ok(answered)
}

fn relation(new: &Engine, old: &Engine, options: &ProofOptions, progress: &Arc<Progress>) -> Result<Relation, UnknownReason> {
    let options = ProofOptions { free_parameters: false, ..options.clone() };
    let mut prover = Prover::pair(subject(new), subject(old), &options, progress)?;
    let relation = prover.relation();
    match (&relation.milder, &relation.stricter) {
        (ProofAnswer::Unknown(UnknownReason::Cancelled), _) | (_, ProofAnswer::Unknown(UnknownReason::Cancelled)) => {
            Err(UnknownReason::Cancelled)
        }
        _ => Ok(relation),
    }
}

fn could_not(reason: &UnknownReason) -> Failure {
    let kind = if *reason == UnknownReason::Cancelled { CANCELLED } else { NOT_PROVABLE };
    Finding::new(kind, None, reason.text()).into()
}

fn document(definition: &Definition, answered: &[Answered], relation: Option<&Relation>, free: bool) -> String {
    let questions: Vec<Value> = answered.iter().map(|one| question(definition, one)).collect();
    let counts = text::counts(answered);
    let mut document = json!({
        "format": 1,
        "free_parameters": free,
        "assumptions": text::assumptions(free),
        "counts": { "never": counts.never, "request": counts.request, "unknown": counts.unknown },
        "questions": questions,
    });
    if let (Some(relation), Some(map)) = (relation, document.as_object_mut()) {
        let direction = text::direction_word(relation.direction());
        let (milder, stricter) = (answer(definition, &relation.milder), answer(definition, &relation.stricter));
        map.insert("against".to_owned(), json!({ "verdicts": direction, "milder": milder, "stricter": stricter }));
    }
    reveal_json(format!("{document:#}\n"))
}

fn question(definition: &Definition, one: &Answered) -> Value {
    let rules = &definition.rule_set;
    let rule = |rule| rules.rule(rule).map(|rule| rule.id.as_str());
    let (word, key, id) = match one.question {
        Question::Fires(at) => ("fires", "rule", rule(at)),
        Question::Fails(at) => ("fails", "rule", rule(at)),
        Question::Unrouted(at) => ("unrouted", "stage", rules.stages.get(at.at()).map(|stage| stage.id.as_str())),
        Question::InBand(at, _) => ("in_band", "stage", rules.stages.get(at.at()).map(|stage| stage.id.as_str())),
        Question::Breaks(at) => ("breaks", "invariant", rules.invariants.get(at).map(|invariant| invariant.id.as_str())),
        Question::Milder => ("milder", "verdict", None),
        Question::Stricter => ("stricter", "verdict", None),
    };
    let mut made = answer(definition, &one.answer);
    let Some(map) = made.as_object_mut() else { return made };
    map.insert("question".to_owned(), json!(word));
    map.insert(key.to_owned(), json!(id));
    if let Question::InBand(stage, band) = one.question
        && let Some(StageKind::Screen { bands, .. }) = rules.stages.get(stage.at()).map(|stage| &stage.kind)
    {
        map.insert("at_least".to_owned(), json!(bands.get(band).map(|band| band.at_least)));
    }
    if let Some(line) = text::line(definition, one) {
        map.insert("severity".to_owned(), json!(line.severity.word()));
        map.insert("message".to_owned(), json!(line.message));
    }
    if let Some(Silence::Shadowed(by)) = &one.silence {
        let by: Vec<Option<&str>> = by.iter().map(|by| rule(*by)).collect();
        map.insert("shadowed_by".to_owned(), json!(by));
    }
    made
}

fn answer(definition: &Definition, answer: &ProofAnswer) -> Value {
    match answer {
        ProofAnswer::Never => json!({ "answer": "never" }),
        ProofAnswer::Unknown(reason) => json!({ "answer": "unknown", "reason": reason.text() }),
        ProofAnswer::Request(witness) => witness_json(definition, witness),
    }
}

fn witness_json(definition: &Definition, witness: &Witness) -> Value {
    let zone = definition.schema.zone;
    let named = definition.schema.fields().map(|(index, name, _)| (name, witness.request.get(index).to_scalar(zone)));
    let request: Map<String, Value> = named.map(|(name, value)| (name, json!(value))).collect();
    let matters: Vec<Option<String>> = witness.matters.iter().map(|field| definition.schema.name_of(*field)).collect();
    let set = witness.parameters.iter().filter_map(|(index, value)| {
        let (id, _) = definition.rule_set.parameters.get_index(index.at())?;
        Some((id.as_str().to_owned(), json!(value.to_scalar(zone))))
    });
    let parameters: Map<String, Value> = set.collect();
    json!({ "answer": "request", "request": request, "matters": matters, "parameters": parameters })
}
