//! Explains what happened to one rule.

use super::change::{self, ChangeQuery};
use super::data::{Fate, RuleExplanation};
use super::show::{self, ValueWriter};
use super::taint::Taint;
use super::{phrase, tree, walk, why};
use crate::engine::combine::RuleStep;
use crate::engine::{Engine, StageTrace};
use crate::model::{Outcome, Request, Rule, RuleIndex, RuleSet, Status};
use crate::text::LocalText;

/// One rule of a stage; `held` is what happened in the stage, or none where it was not reached.
pub(super) fn explain(
    engine: &Engine,
    request: &Request,
    (index, rule): (RuleIndex, &Rule),
    step: &RuleStep,
    held: Option<&StageTrace>,
) -> RuleExplanation {
    let mut made = RuleExplanation {
        index,
        id: rule.id.clone(),
        title: rule.title.clone(),
        file: rule.script.file.clone(),
        fate: Fate::NotReached,
        shadow: rule.status == Status::Shadow,
        outcomes: Vec::new(),
        error: None,
        followed: false,
        tree: Vec::new(),
        failing: Vec::new(),
        why: None,
        changes: Vec::new(),
    };
    match step {
        RuleStep::Off => {
            made.fate = Fate::Off;
            made.why = Some(LocalText::new("its status is Off", "其状态为停用"));
        }
        RuleStep::OutsideWindow => {
            made.fate = Fate::OutOfWindow;
            made.why = Some(outside(engine, request, rule));
        }
        RuleStep::NotEvaluated => made.why = Some(why_not_evaluated(&engine.definition().rule_set, held)),
        RuleStep::Evaluated { outcome: Ok(outcomes), .. } => evaluated(engine, request, rule, outcomes, &mut made),
        RuleStep::Evaluated { outcome: Err(message), .. } => {
            made.fate = Fate::Error;
            made.error = Some(message.clone());
            if let Some(script) = engine.program().tree(index) {
                let schema = &engine.definition().schema;
                let (taint, identifiers) = (Taint::personal(schema, script), Taint::identifiers(schema, script));
                let show = ValueWriter { definition: engine.definition(), taint: &taint, identifiers: &identifiers };
                let walked = walk::walk(show.definition, script, request);
                // Outcomes of the wrong kind for the stage are an error of the rule, not of a part of it.
                if walked.outcomes.is_none() || engine_gives(engine, index, request).is_ok() {
                    made.followed = true;
                    made.tree = tree::nodes(show, script, &walked);
                }
            }
        }
    }
    made
}

fn engine_gives(engine: &Engine, rule: RuleIndex, request: &Request) -> Result<Vec<Outcome>, crate::script::RunError> {
    engine.program().run(rule, &crate::script::Row::new(engine.program(), request))
}

fn evaluated(engine: &Engine, request: &Request, rule: &Rule, outcomes: &[Outcome], made: &mut RuleExplanation) {
    let fired = !outcomes.is_empty();
    made.fate = if fired { Fate::Fired } else { Fate::DidNotFire };
    let definition = engine.definition();
    made.outcomes = outcomes.iter().map(|outcome| show::outcome(definition, outcome)).collect();
    let Some(script) = engine.program().tree(made.index) else { return };
    let (taint, identifiers) = (Taint::personal(&definition.schema, script), Taint::identifiers(&definition.schema, script));
    let show = ValueWriter { definition, taint: &taint, identifiers: &identifiers };
    let query = ChangeQuery { engine, rule: made.index, tree: script, window: rule.window, request, wanted: !fired };
    made.changes = change::changes(&query);
    let walked = walk::walk(show.definition, script, request);
    // The interpreter's result is the true one: where the walk has another, its values are not shown.
    if walked.outcomes.as_deref() == Some(outcomes) {
        made.followed = true;
        made.tree = tree::nodes(show, script, &walked);
        if !fired {
            made.failing = why::failing(show, script, &walked);
        }
    }
    let smallest = made.changes.first();
    made.why = if fired { smallest.map(phrase::why) } else { Some(phrase::why_not(&made.failing, smallest)) };
}

fn why_not_evaluated(rule_set: &RuleSet, held: Option<&StageTrace>) -> LocalText {
    let Some(held) = held else { return LocalText::new("its stage was not reached", "其所在阶段未到达") };
    // No active rule is evaluated after the one that decides a stage.
    let active = |step: &RuleStep| matches!(step, RuleStep::Evaluated { shadow: false, .. });
    let settled = held.rules.iter().rev().find(|(_, step)| active(step)).and_then(|(rule, _)| rule_set.rule(*rule));
    match settled {
        None => LocalText::new("its stage was settled before it", "本阶段此前已有结论"),
        Some(Rule { id, .. }) => LocalText::new(format!("`{id}` settled the stage before it"), format!("此前 `{id}` 已决定本阶段")),
    }
}

fn outside(engine: &Engine, request: &Request, rule: &Rule) -> LocalText {
    let schema = &engine.definition().schema;
    let Some(now) = request.time(schema) else { return LocalText::new("the request has no time", "请求没有时间") };
    let shown = |time| show::time(time, schema.zone);
    let at = shown(now);
    match (rule.window.from, rule.window.until) {
        (Some(from), _) if now < from.at => {
            let from = shown(from.at);
            LocalText::new(
                format!("it holds from {from}, the request's time is {at}"),
                format!("自 {from} 起生效，请求时间为 {at}"),
            )
        }
        (_, Some(until)) => {
            let until = shown(until.at);
            LocalText::new(
                format!("it held until {until}, the request's time is {at}"),
                format!("至 {until} 止失效，请求时间为 {at}"),
            )
        }
        _ => LocalText::new("the request's time lies outside its window", "请求时间不在生效期内"),
    }
}
