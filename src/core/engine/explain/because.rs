//! Why a request is decided as it is, by a few of its rules and in one sentence each: for lists of examples.

use super::data::Fate;
use super::rule;
use crate::engine::combine::RuleStep;
use crate::engine::{Engine, Trace};
use crate::model::{Request, RuleId, RuleIndex};
use crate::text::LocalText;

/// How many rules are named.
const MOST: usize = 3;

/// What the first of these rules did with a request and why; where the rule set has none of them, the rules that gave the verdict.
/// What is personal is masked.
#[must_use]
pub fn because(engine: &Engine, request: &Request, rules: &[RuleId]) -> LocalText {
    let trace = engine.trace(request);
    let rule_set = &engine.definition().rule_set;
    let mut named: Vec<RuleIndex> = rules.iter().filter_map(|id| Some(rule_set.find_rule(id.as_str())?.0)).collect();
    if named.is_empty() {
        named.extend(trace.decision.reasons.iter().filter_map(|given| given.rule));
    }
    named.sort_unstable();
    named.dedup();
    let reasons: Vec<LocalText> = named.into_iter().take(MOST).filter_map(|rule| reason(engine, request, &trace, rule)).collect();
    if reasons.is_empty() {
        return LocalText::new("no rule gives another verdict", "没有规则给出其他结论");
    }
    join(&reasons, ("; ", "；"))
}

fn join(texts: &[LocalText], (en, zh): (&str, &str)) -> LocalText {
    let half = |half: fn(&LocalText) -> &String, with| texts.iter().map(|text| half(text).as_str()).collect::<Vec<_>>().join(with);
    LocalText::new(half(|text| &text.en, en), half(|text| &text.zh, zh))
}

fn reason(engine: &Engine, request: &Request, trace: &Trace, index: RuleIndex) -> Option<LocalText> {
    let (_, stage, known) = engine.definition().rule_set.rules().find(|(rule, ..)| *rule == index)?;
    let held = trace.stages.iter().find(|held| held.stage == stage);
    let step = held.and_then(|held| held.rules.iter().find(|(rule, _)| *rule == index));
    let reached = held.filter(|held| held.result.is_some());
    let made = rule::explain(engine, request, (index, known), step.map_or(&RuleStep::NotEvaluated, |(_, step)| step), reached);
    let did = match made.fate {
        Fate::Fired => {
            let given = join(&made.outcomes, (", ", "，"));
            LocalText::new(format!("gives {}", given.en), format!("给出 {}", given.zh))
        }
        Fate::DidNotFire => LocalText::new("does not hit", "未命中"),
        Fate::Error => LocalText::new("fails", "出错"),
        Fate::NotReached | Fate::Off | Fate::OutOfWindow => LocalText::new("is not asked", "未执行"),
    };
    let id = &made.id;
    Some(match made.why {
        Some(why) => LocalText::new(format!("`{id}` {}: {}", did.en, why.en), format!("`{id}` {}：{}", did.zh, why.zh)),
        None => LocalText::new(format!("`{id}` {}", did.en), format!("`{id}` {}", did.zh)),
    })
}
