//! Explains one decision: per stage and rule what happened, the value of every part of each script, and for each rule the smallest change
//! of one field that would turn it.
//!
//! What a rule did is the interpreter's word; the values inside are found by walking the typed tree, and are shown only where that walk
//! gives the interpreter's result. Pure data, in both languages; values of personal fields are masked, truth values apart.

mod because;
mod change;
mod data;
mod flow;
mod phrase;
mod points;
mod rule;
mod show;
mod taint;
#[cfg(test)]
mod tests;
mod tree;
mod value;
mod walk;
mod why;

pub use because::because;
pub use data::{
    Explanation, ExplanationNode, Failing, Fate, FieldChange, GivenInterface, GivenLimit, GivenReason, NodeKind, RuleExplanation,
    StageExplanation,
};

use super::combine::{RuleStep, StageResult};
use super::{Engine, StageTrace, Trace};
use crate::model::{Decision, Definition, Limit, Outcome, Request, RuleId, RuleIndex, StageIndex};

/// Explains the decision of one request, which must fit the schema; see [`Request::check`].
#[must_use]
pub fn explain(engine: &Engine, request: &Request) -> Explanation {
    let definition = engine.definition();
    let trace = engine.trace(request);
    let stages = trace.stages.iter().filter_map(|stage| explain_stage(engine, request, &trace, stage)).collect();
    let schema = &definition.schema;
    let key = schema.find(schema.roles.key.as_str()).map(|(index, _)| request.get(index).show(schema.zone));
    Explanation {
        request: key.unwrap_or_default(),
        zone: schema.zone,
        verdict: trace.decision.verdict,
        reasons: reasons(definition, &trace.decision),
        score: trace.decision.score,
        interface: interface(definition, &trace.decision),
        limits: Limit::ALL.into_iter().filter_map(|limit| given_limit(definition, &trace, limit)).collect(),
        stages,
        decision: trace.decision,
    }
}

fn id(definition: &Definition, rule: RuleIndex) -> Option<RuleId> {
    definition.rule_set.rule(rule).map(|rule| rule.id.clone())
}

fn reasons(definition: &Definition, decision: &Decision) -> Vec<GivenReason> {
    let given = decision.reasons.iter().filter_map(|given| {
        let (code, reason) = definition.rule_set.reasons.get_index(given.reason.at())?;
        let rule = given.rule.and_then(|rule| id(definition, rule));
        Some(GivenReason { code: code.clone(), text: reason.text.clone(), rule })
    });
    given.collect()
}

fn interface(definition: &Definition, decision: &Decision) -> Option<GivenInterface> {
    let (name, interface) = definition.rule_set.interfaces.get_index(decision.interface?.at())?;
    let rule = decision.routed_by.and_then(|rule| id(definition, rule));
    Some(GivenInterface { id: name.clone(), title: interface.title.clone(), rule })
}

/// Every rule that was evaluated with effect, with its outcomes.
fn effective(trace: &Trace) -> impl Iterator<Item = (StageIndex, RuleIndex, &[Outcome])> {
    let rules = trace.stages.iter().flat_map(|stage| stage.rules.iter().map(|(rule, step)| (stage.stage, *rule, step)));
    rules.filter_map(|(stage, rule, step)| match step {
        RuleStep::Evaluated { shadow: false, outcome: Ok(outcomes) } => Some((stage, rule, outcomes.as_slice())),
        _ => None,
    })
}

fn sets(outcomes: &[Outcome], limit: Limit, decision: &Decision) -> bool {
    let amount = decision.limits.get(limit);
    amount.is_some() && outcomes.iter().any(|outcome| matches!(outcome, Outcome::Limit(limits) if limits.get(limit) == amount))
}

fn given_limit(definition: &Definition, trace: &Trace, limit: Limit) -> Option<GivenLimit> {
    let amount = trace.decision.limits.get(limit)?;
    let rules = effective(trace).filter(|(_, _, outcomes)| sets(outcomes, limit, &trace.decision));
    let rules = rules.filter_map(|(_, rule, _)| id(definition, rule)).collect();
    Some(GivenLimit { limit: limit.word(), amount: amount.to_string(), shown: show::money(amount), rules })
}

fn explain_stage(engine: &Engine, request: &Request, trace: &Trace, held: &StageTrace) -> Option<StageExplanation> {
    let definition = engine.definition();
    let stage = definition.rule_set.stages.get(held.stage.at())?;
    let decided: Vec<RuleIndex> = held.result.map_or_else(Vec::new, |result| deciding(trace, held, result));
    let decided_by: Vec<RuleId> = decided.iter().filter_map(|rule| id(definition, *rule)).collect();
    let not_reached = RuleStep::NotEvaluated;
    let rules = definition.rule_set.rules().filter(|(_, index, _)| *index == held.stage).map(|(index, _, known)| {
        let step = held.rules.iter().find(|(rule, _)| *rule == index).map_or(&not_reached, |(_, step)| step);
        rule::explain(engine, request, (index, known), step, held.result.map(|_| held))
    });
    let result = held.result.unwrap_or_default();
    Some(StageExplanation {
        id: stage.id.clone(),
        title: stage.title.clone(),
        reached: held.result.is_some(),
        verdict: result.verdict,
        score: result.score,
        band: result.band,
        rules: rules.collect(),
        decided_by,
    })
}

/// The rules that gave a stage its result.
fn deciding(trace: &Trace, held: &StageTrace, result: StageResult) -> Vec<RuleIndex> {
    let banded = result.band.is_some() && result.band == result.verdict;
    let decides = |rule: RuleIndex, outcome: &Outcome| match outcome {
        Outcome::Verdict(verdict, _) => result.verdict == Some(*verdict),
        Outcome::Score(points, _) => banded && *points > 0,
        Outcome::Limit(_) => false,
        Outcome::Route(_) => trace.decision.routed_by == Some(rule),
    };
    let found = held.rules.iter().filter(|(rule, step)| match step {
        RuleStep::Evaluated { shadow: false, outcome: Ok(outcomes) } => {
            outcomes.iter().any(|outcome| decides(*rule, outcome))
                || Limit::ALL.into_iter().any(|limit| sets(outcomes, limit, &trace.decision))
        }
        RuleStep::Evaluated { shadow: false, outcome: Err(_) } => true,
        _ => false,
    });
    found.map(|(rule, _)| *rule).collect()
}
