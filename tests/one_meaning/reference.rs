//! What rules come to together, a second time: straight from the tables of `docs/decision-semantics.md`, row by row, with nothing of the
//! program's own but the plain data. Every part of a decision is worked out by a pass of its own over what was evaluated.

use std::collections::BTreeMap;

use countersign_core::engine::{Evaluated, RuleStep, StageResult, StageTrace, Trace};
use countersign_core::model::{
    Decision, DecisionError, Definition, Fen, HitPolicy, InterfaceIndex, Limit, Limits, Outcome, ReasonGiven, ReasonIndex, Rule,
    RuleIndex, Stage, StageIndex, StageKind, Status, Timestamp, Verdict,
};

/// A stage that was reached: what happened to each of its rules, and whether it should have routed and did not.
struct Reached<'a> {
    at: usize,
    stage: &'a Stage,
    rules: Vec<(RuleIndex, RuleStep)>,
    unrouted: bool,
}

/// The trace of a request at that time; `gives` is what a rule returns alone, or why it fails.
pub fn trace(definition: &Definition, time: Option<Timestamp>, gives: &dyn Fn(RuleIndex) -> Evaluated) -> Trace {
    let rule_set = &definition.rule_set;
    let on_error = rule_set.on_error.verdict;
    let error_reason = rule_set.reasons.get_index_of(&rule_set.on_error.reason).map(|at| ReasonIndex(u16::try_from(at).unwrap()));
    let Some(time) = time else {
        let error = DecisionError { stage: StageIndex(0), rule: None, shadow: false, message: String::new() };
        let reasons = error_reason.map(|reason| ReasonGiven { reason, rule: None }).into_iter().collect();
        return Trace {
            decision: Decision { verdict: on_error, reasons, errors: vec![error], ..Decision::default() },
            stages: vec![],
        };
    };
    let mut first_of_stage = 0;
    let mut done: Vec<Reached> = Vec::new();
    let mut stages = Vec::new();
    for (at, stage) in rule_set.stages.iter().enumerate() {
        let first = first_of_stage;
        first_of_stage += stage.rules.len();
        let mut now = Reached { at, stage, rules: Vec::new(), unrouted: false };
        let mut result = None;
        if is_reached(stage, &done, on_error) {
            now.rules = rules_of(stage, first, time, gives);
            now.unrouted = is_unrouted(&now, &rule_set.stages);
            result = Some(StageResult { verdict: verdict_of(&now, on_error), score: sum_of(&now), band: band_of(&now) });
        }
        stages.push(StageTrace { stage: StageIndex(u16::try_from(at).unwrap()), result, rules: now.rules.clone() });
        if result.is_some() {
            done.push(now);
        }
    }
    Trace { decision: decision(definition, &done, (on_error, error_reason)), stages }
}

fn severity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Accept => 0,
        Verdict::StepUp => 1,
        Verdict::Refer => 2,
        Verdict::Decline => 3,
    }
}

fn most_severe(verdicts: Vec<Verdict>) -> Option<Verdict> {
    verdicts.into_iter().reduce(|one, other| if severity(other) > severity(one) { other } else { one })
}

/// Rows "decline", "accept" and "route".
fn is_reached(stage: &Stage, done: &[Reached], on_error: Verdict) -> bool {
    let declined = done.iter().any(|before| verdict_of(before, on_error) == Some(Verdict::Decline));
    let accepted = done.iter().any(|before| {
        matches!(before.stage.kind, StageKind::Screen { .. }) && verdict_of(before, on_error) == Some(Verdict::Accept)
    });
    let routed = done.iter().any(|before| !routes(before).is_empty());
    !(declined
        || accepted && matches!(stage.kind, StageKind::Screen { .. })
        || routed && matches!(stage.kind, StageKind::Route { .. }))
}

/// Rows `Off`, `Shadow`, `First`, `MostSevere`, "route" and "wrong kind".
fn rules_of(stage: &Stage, first: usize, time: Timestamp, gives: &dyn Fn(RuleIndex) -> Evaluated) -> Vec<(RuleIndex, RuleStep)> {
    let mut rules: Vec<(RuleIndex, RuleStep)> = Vec::new();
    for (at, rule) in stage.rules.iter().enumerate() {
        let index = RuleIndex(u16::try_from(first + at).unwrap());
        let settled = rules.iter().any(|(_, step)| match step {
            RuleStep::Evaluated { shadow: false, outcome } => settles(stage, outcome),
            _ => false,
        });
        let step = match rule.status {
            Status::Off => RuleStep::Off,
            _ if !is_inside(rule, time) => RuleStep::OutsideWindow,
            Status::Active if settled => RuleStep::NotEvaluated,
            status => RuleStep::Evaluated { shadow: status == Status::Shadow, outcome: of_the_right_kind(stage, gives(index)) },
        };
        rules.push((index, step));
    }
    rules
}

fn is_inside(rule: &Rule, time: Timestamp) -> bool {
    let (from, until) = (rule.window.from, rule.window.until);
    from.is_none_or(|from| time.micros() >= from.at.micros()) && until.is_none_or(|until| time.micros() < until.at.micros())
}

fn settles(stage: &Stage, outcome: &Evaluated) -> bool {
    let any = |wanted: fn(&Outcome) -> bool| outcome.as_ref().map_or(true, |outcomes| outcomes.iter().any(wanted));
    match stage.kind {
        StageKind::Screen { policy: HitPolicy::First, .. } => any(|outcome| matches!(outcome, Outcome::Verdict(..))),
        StageKind::Route { .. } => any(|outcome| matches!(outcome, Outcome::Route(_))),
        StageKind::Screen { policy: HitPolicy::MostSevere, .. } | StageKind::Limit => false,
    }
}

fn of_the_right_kind(stage: &Stage, outcome: Evaluated) -> Evaluated {
    let outcomes = outcome.map_err(|_| String::new())?;
    let is_right = |given: &Outcome| match given {
        Outcome::Verdict(..) | Outcome::Score(..) => matches!(stage.kind, StageKind::Screen { .. }),
        Outcome::Limit(_) => stage.kind == StageKind::Limit,
        Outcome::Route(_) => matches!(stage.kind, StageKind::Route { .. }),
    };
    if outcomes.iter().all(is_right) { Ok(outcomes) } else { Err(String::new()) }
}

/// What the active rules of a stage gave, in order; a failure is none.
fn given<'a>(of: &'a Reached) -> Vec<(RuleIndex, Option<&'a Outcome>)> {
    let mut all = Vec::new();
    for (rule, step) in &of.rules {
        match step {
            RuleStep::Evaluated { shadow: false, outcome: Ok(outcomes) } => {
                all.extend(outcomes.iter().map(|outcome| (*rule, Some(outcome))));
            }
            RuleStep::Evaluated { shadow: false, outcome: Err(_) } => all.push((*rule, None)),
            _ => {}
        }
    }
    all
}

/// Row "score".
fn sum_of(of: &Reached) -> i64 {
    let mut sum = 0_i64;
    for (_, outcome) in given(of) {
        if let Some(Outcome::Score(points, _)) = outcome {
            sum = sum.saturating_add(*points);
        }
    }
    sum
}

/// Row "band".
fn band_of(of: &Reached) -> Option<Verdict> {
    let StageKind::Screen { bands, .. } = &of.stage.kind else { return None };
    let sum = sum_of(of);
    bands.iter().filter(|band| band.at_least <= sum).max_by_key(|band| band.at_least).map(|band| band.verdict)
}

/// Row "verdict of the stage"; an Accept of a band is none.
fn verdict_of(of: &Reached, on_error: Verdict) -> Option<Verdict> {
    let mut verdicts: Vec<Verdict> = band_of(of).into_iter().filter(|band| *band != Verdict::Accept).collect();
    for (_, outcome) in given(of) {
        match outcome {
            Some(Outcome::Verdict(verdict, _)) => verdicts.push(*verdict),
            None => verdicts.push(on_error),
            _ => {}
        }
    }
    verdicts.extend(of.unrouted.then_some(on_error));
    most_severe(verdicts)
}

fn routes(of: &Reached) -> Vec<(RuleIndex, InterfaceIndex)> {
    let route = |(rule, outcome): (RuleIndex, Option<&Outcome>)| match outcome {
        Some(Outcome::Route(interface)) => Some((rule, *interface)),
        _ => None,
    };
    given(of).into_iter().filter_map(route).collect()
}

fn failed(of: &Reached) -> bool {
    given(of).iter().any(|(_, outcome)| outcome.is_none())
}

/// Row "no default".
fn is_unrouted(of: &Reached, stages: &[Stage]) -> bool {
    let has_default = |stage: &Stage| matches!(stage.kind, StageKind::Route { default: Some(_) });
    matches!(of.stage.kind, StageKind::Route { .. })
        && routes(of).is_empty()
        && !failed(of)
        && !stages[..=of.at].iter().any(has_default)
}

fn decision(definition: &Definition, done: &[Reached], on_error: (Verdict, Option<ReasonIndex>)) -> Decision {
    let verdict = most_severe(done.iter().filter_map(|of| verdict_of(of, on_error.0)).collect()).unwrap_or(Verdict::Accept);
    let (interface, routed_by) = interface(definition, done);
    let hits = |wanted: bool| {
        let is_hit = |step: &RuleStep| matches!(step, RuleStep::Evaluated { shadow, outcome: Ok(outcomes) } if *shadow == wanted && !outcomes.is_empty());
        done.iter().flat_map(|of| &of.rules).filter(|(_, step)| is_hit(step)).map(|(rule, _)| *rule).collect()
    };
    Decision {
        verdict,
        reasons: reasons(done, verdict, on_error),
        limits: limits(done),
        interface,
        routed_by,
        score: done.iter().map(sum_of).fold(0, i64::saturating_add),
        hits: hits(false),
        shadow_hits: hits(true),
        errors: errors(done),
    }
}

/// Row "reasons".
fn reasons(done: &[Reached], verdict: Verdict, on_error: (Verdict, Option<ReasonIndex>)) -> Vec<ReasonGiven> {
    let mut all: Vec<(Verdict, Option<ReasonIndex>, Option<RuleIndex>)> = Vec::new();
    for of in done {
        for (rule, outcome) in given(of) {
            match outcome {
                Some(Outcome::Verdict(verdict, reason)) => all.push((*verdict, Some(*reason), Some(rule))),
                None => all.push((on_error.0, on_error.1, Some(rule))),
                _ => {}
            }
        }
        for (rule, outcome) in given(of) {
            if let (Some(band), Some(Outcome::Score(1.., reason))) = (band_of(of), outcome) {
                all.push((band, Some(*reason), Some(rule)));
            }
        }
        if of.unrouted {
            all.push((on_error.0, on_error.1, None));
        }
    }
    let mut kept = Vec::new();
    for (of, reason, rule) in all {
        if let Some(given) =
            reason.map(|reason| ReasonGiven { reason, rule }).filter(|given| of == verdict && !kept.contains(given))
        {
            kept.push(given);
        }
    }
    kept
}

/// Row "limits".
fn limits(done: &[Reached]) -> Limits {
    let mut smallest: BTreeMap<Limit, Fen> = BTreeMap::new();
    for (_, outcome) in done.iter().flat_map(given) {
        let Some(Outcome::Limit(given)) = outcome else { continue };
        for limit in Limit::ALL {
            if let Some(fen) = given.get(limit)
                && smallest.get(&limit).is_none_or(|known| fen.0 < known.0)
            {
                smallest.insert(limit, fen);
            }
        }
    }
    let mut limits = Limits::default();
    for (limit, fen) in smallest {
        limits.set(limit, fen);
    }
    limits
}

/// Rows "route" and "default".
fn interface(definition: &Definition, done: &[Reached]) -> (Option<InterfaceIndex>, Option<RuleIndex>) {
    if let Some((rule, interface)) = done.iter().flat_map(routes).next() {
        return (Some(interface), Some(rule));
    }
    for of in done {
        if let StageKind::Route { default: Some(default) } = &of.stage.kind
            && !failed(of)
        {
            let at = definition.rule_set.interfaces.get_index_of(default).unwrap();
            return (Some(InterfaceIndex(u16::try_from(at).unwrap())), None);
        }
    }
    (None, None)
}

/// Row "error"; without the words.
fn errors(done: &[Reached]) -> Vec<DecisionError> {
    let mut errors = Vec::new();
    for of in done {
        let stage = StageIndex(u16::try_from(of.at).unwrap());
        for (rule, step) in &of.rules {
            if let RuleStep::Evaluated { shadow, outcome: Err(_) } = step {
                errors.push(DecisionError { stage, rule: Some(*rule), shadow: *shadow, message: String::new() });
            }
        }
        if of.unrouted {
            errors.push(DecisionError { stage, rule: None, shadow: false, message: String::new() });
        }
    }
    errors
}

/// A trace without the words of its errors.
pub fn without_words(mut trace: Trace) -> Trace {
    trace.decision.errors.iter_mut().for_each(|error| error.message.clear());
    for (_, step) in trace.stages.iter_mut().flat_map(|stage| &mut stage.rules) {
        if let RuleStep::Evaluated { outcome: Err(message), .. } = step {
            message.clear();
        }
    }
    trace
}
