//! One decision's way through the stages, for a terminal.

use std::fmt::Write;

use crate::engine::{RuleStep, StageTrace, Trace};
use crate::model::{Decision, Definition, Limit, Outcome, ReasonIndex, Rule, RuleIndex, RuleSet};
use crate::text::{Language, LocalText};

/// The decision, then per stage what each rule did; rules that were off, out of their window or gave nothing share a line.
#[must_use]
pub fn text(trace: &Trace, definition: &Definition, language: Language) -> String {
    let page = Page { rule_set: &definition.rule_set, language };
    let mut text = page.decision(&trace.decision);
    for stage in &trace.stages {
        text.push_str(&page.stage(stage));
    }
    text
}

struct Page<'a> {
    rule_set: &'a RuleSet,
    language: Language,
}

impl Page<'_> {
    fn say(&self, en: impl Into<String>, zh: impl Into<String>) -> String {
        LocalText::new(en, zh).get(self.language).to_owned()
    }

    fn rule(&self, rule: RuleIndex) -> &str {
        self.rule_set.rule(rule).map_or("", |rule| rule.id.as_str())
    }

    fn reason(&self, reason: ReasonIndex) -> String {
        let found = self.rule_set.reasons.get_index(reason.at());
        found.map_or_else(String::new, |(code, reason)| format!("{code} ({})", reason.text.get(self.language)))
    }

    fn interface(&self, at: usize) -> &str {
        self.rule_set.interfaces.get_index(at).map_or("", |(id, _)| id.as_str())
    }

    fn decision(&self, decision: &Decision) -> String {
        let mut text = format!("{}\n", decision.verdict.text().get(self.language));
        for given in &decision.reasons {
            let rule = given.rule.map_or_else(String::new, |rule| {
                self.say(format!(" by `{}`", self.rule(rule)), format!("，规则 `{}`", self.rule(rule)))
            });
            let _ = writeln!(text, "  {}{rule}", self.reason(given.reason));
        }
        if let Some(interface) = decision.interface {
            let by = decision
                .routed_by
                .map_or_else(|| self.say("the stage's default", "阶段默认"), |rule| format!("`{}`", self.rule(rule)));
            let id = self.interface(interface.at());
            let _ = writeln!(text, "  {}", self.say(format!("interface {id}, by {by}"), format!("接口 {id}，来自 {by}")));
        }
        for limit in Limit::ALL {
            if let Some(amount) = decision.limits.get(limit) {
                let _ = writeln!(
                    text,
                    "  {}",
                    self.say(format!("limit {} {amount}", limit.word()), format!("限额 {} {amount}", limit.word()))
                );
            }
        }
        if decision.score != 0 {
            let _ = writeln!(text, "  {}", self.say(format!("score {}", decision.score), format!("评分 {}", decision.score)));
        }
        for error in &decision.errors {
            let _ = writeln!(text, "  {}", self.say(format!("error: {}", error.message), format!("错误：{}", error.message)));
        }
        text
    }

    fn stage(&self, trace: &StageTrace) -> String {
        let Some(stage) = self.rule_set.stages.get(trace.stage.at()) else { return String::new() };
        let title = stage.title.get(self.language);
        let Some(result) = trace.result else {
            return format!("\n{} {title}\n  {}\n", stage.id, self.say("not reached", "未到达"));
        };
        let came_to =
            result.verdict.map_or_else(|| self.say("no verdict", "无结论"), |verdict| verdict.text().get(self.language).to_owned());
        let mut text = format!("\n{} {title}: {came_to}\n", stage.id);
        let mut quiet = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
        for (rule, step) in &trace.rules {
            let id = self.rule(*rule);
            match step {
                RuleStep::Evaluated { shadow, outcome: Ok(outcomes) } if !outcomes.is_empty() => {
                    let said: Vec<String> = outcomes.iter().map(|outcome| self.outcome(outcome)).collect();
                    let title = self.rule_set.rule(*rule).map_or("", |rule: &Rule| rule.title.get(self.language));
                    let mark = if *shadow { "◌" } else { "●" };
                    let _ = writeln!(text, "  {mark} {id}: {} – {title}", said.join(", "));
                }
                RuleStep::Evaluated { outcome: Err(message), .. } => {
                    let _ = writeln!(text, "  ✗ {id}: {message}");
                }
                RuleStep::Evaluated { .. } => quiet[0].push(id),
                RuleStep::NotAsked => quiet[1].push(id),
                RuleStep::OutsideWindow => quiet[2].push(id),
                RuleStep::Off => quiet[3].push(id),
            }
        }
        let names = [("did not fire", "未命中"), ("not asked", "未执行"), ("outside their window", "不在生效期"), ("off", "停用")];
        for ((en, zh), ids) in names.into_iter().zip(quiet) {
            if !ids.is_empty() {
                let _ = writeln!(text, "  {}: {}", self.say(en, zh), ids.join(", "));
            }
        }
        text
    }

    fn outcome(&self, outcome: &Outcome) -> String {
        match outcome {
            Outcome::Verdict(verdict, reason) => format!("{} {}", verdict.text().get(self.language), self.reason(*reason)),
            Outcome::Score(points, reason) => format!("{points:+} {}", self.reason(*reason)),
            Outcome::Limit(limits) => {
                let set = Limit::ALL.into_iter().filter_map(|limit| Some(format!("{} {}", limit.word(), limits.get(limit)?)));
                set.collect::<Vec<_>>().join(", ")
            }
            Outcome::Route(interface) => format!("→ {}", self.interface(interface.at())),
        }
    }
}
