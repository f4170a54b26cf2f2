//! An explanation for a terminal: the decision, then per stage what each rule did, why, and the value of every condition.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use countersign_core::engine::explain::{Explanation, ExplanationNode, Fate, NodeKind, RuleExplanation, StageExplanation};
use countersign_core::model::RuleId;
use countersign_core::text::{Language, LocalText};
use countersign_run::history::Contributions;

/// The longest text of a condition shown on its line, in characters.
const LONGEST: usize = 90;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const QUIET: Style = AnsiColor::BrightBlack.on_default();
const STRONG: Style = Style::new().bold();

#[derive(Clone, Copy, Debug, Default)]
pub struct Choice {
    /// Only the one rule that is left in the explanation, without the decision and the stages it is not in.
    pub one_rule: bool,
    /// Without the conditions.
    pub brief: bool,
}

/// The whole page; styled, for an output that takes styles out where they are not wanted.
pub fn text(explanation: &Explanation, history: &[Contributions], choice: Choice, language: Language) -> String {
    let mut page = ExplainPage { choice, language, out: String::new() };
    if !choice.one_rule {
        page.decision(explanation);
    }
    for line in history {
        page.line(line.sentence().get(language));
    }
    for stage in &explanation.stages {
        page.stage(stage);
    }
    page.out
}

struct ExplainPage {
    choice: Choice,
    language: Language,
    out: String,
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

impl ExplainPage {
    fn say(&self, en: impl Into<String>, zh: impl Into<String>) -> String {
        LocalText::new(en, zh).get(self.language).to_owned()
    }

    fn by(&self, rules: &[RuleId]) -> String {
        let rules: Vec<String> = rules.iter().map(|rule| format!("`{rule}`")).collect();
        self.say(format!(", by {}", rules.join(", ")), format!("，来自 {}", rules.join("、")))
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{}", text.trim_end());
    }

    fn decision(&mut self, explanation: &Explanation) {
        let verdict = explanation.verdict.text();
        let title = self.say(
            format!("request {}: {}", explanation.request, verdict.en),
            format!("请求 {}：{}", explanation.request, verdict.zh),
        );
        self.line(&styled(STRONG, &title));
        for reason in &explanation.reasons {
            let by = reason.rule.as_ref();
            let by = by.map_or_else(String::new, |rule| self.say(format!(", by `{rule}`"), format!("，规则 `{rule}`")));
            let text = self.say(format!("{} ({})", reason.code, reason.text.en), format!("{}（{}）", reason.code, reason.text.zh));
            self.line(&format!("  {text}{by}"));
        }
        if let Some(interface) = &explanation.interface {
            let by =
                interface.rule.as_ref().map_or_else(|| self.say("the stage's default", "阶段默认值"), |rule| format!("`{rule}`"));
            let (id, title) = (&interface.id, &interface.title);
            let text = self.say(format!("interface {id} ({}), by {by}", title.en), format!("接口 {id}（{}），来自 {by}", title.zh));
            self.line(&format!("  {text}"));
        }
        for limit in &explanation.limits {
            let text = self.say(format!("limit {} {}", limit.limit, limit.shown), format!("限额 {} {}", limit.limit, limit.shown));
            let by = self.by(&limit.rules);
            self.line(&format!("  {text}{by}"));
        }
        if explanation.score != 0 {
            let text = self.say(format!("score {}", explanation.score), format!("评分 {}", explanation.score));
            self.line(&format!("  {text}"));
        }
        let zone = self.say(format!("times in {}", explanation.zone), format!("时间按 {} 显示", explanation.zone));
        self.line(&format!("  {}", styled(QUIET, &zone)));
    }

    fn stage(&mut self, stage: &StageExplanation) {
        if self.choice.one_rule && stage.rules.is_empty() {
            return;
        }
        let mut title = format!("{} {}", stage.id, stage.title.get(self.language));
        let came_to = match (stage.reached, stage.verdict) {
            (false, _) => self.say("not reached", "未到达"),
            (true, None) => self.say("no verdict", "无结论"),
            (true, Some(verdict)) => verdict.text().get(self.language).to_owned(),
        };
        let _ = write!(title, "{}{came_to}", self.say(": ", "："));
        if stage.score != 0 {
            title.push_str(&self.say(format!(", score {}", stage.score), format!("，评分 {}", stage.score)));
        }
        if !stage.decided_by.is_empty() {
            title.push_str(&self.by(&stage.decided_by));
        }
        self.line("");
        self.line(&styled(STRONG, &title));
        if stage.reached {
            for rule in &stage.rules {
                self.rule(rule);
            }
        }
    }

    fn rule(&mut self, rule: &RuleExplanation) {
        let (mark, style) = match rule.fate {
            Fate::Fired if rule.shadow => ("◌", STRONG),
            Fate::Fired => ("●", STRONG),
            Fate::DidNotFire => ("○", Style::new()),
            Fate::Error => ("✗", BAD),
            Fate::NotReached | Fate::Off | Fate::OutOfWindow => ("–", QUIET),
        };
        let shadow = if rule.shadow { self.say(" (shadow)", "（影子）") } else { String::new() };
        let title = rule.title.get(self.language);
        self.line(&format!("  {} {} {title}{shadow}", styled(style, mark), styled(style, rule.id.as_str())));
        for outcome in &rule.outcomes {
            self.line(&format!("      {}", styled(STRONG, outcome.get(self.language))));
        }
        if let Some(error) = &rule.error {
            self.line(&format!("      {}", styled(BAD, error)));
        }
        if let Some(why) = &rule.why {
            self.line(&format!("      {}", why.get(self.language)));
        }
        if self.choice.brief {
            return;
        }
        self.branches(&rule.tree.iter().collect::<Vec<_>>(), "      ");
        let evaluated = matches!(rule.fate, Fate::Fired | Fate::DidNotFire);
        if evaluated && !rule.followed {
            let text = self.say("the values inside this script cannot be followed", "无法展示该脚本内部的取值");
            self.line(&format!("      {}", styled(QUIET, &text)));
        }
    }

    fn branches(&mut self, nodes: &[&ExplanationNode], indent: &str) {
        for (at, node) in nodes.iter().enumerate() {
            let last = at + 1 == nodes.len();
            let (arm, below) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            self.node(node, &format!("{indent}{}", styled(QUIET, arm)), &format!("{indent}{}", styled(QUIET, below)));
        }
    }

    fn node(&mut self, node: &ExplanationNode, lead: &str, indent: &str) {
        // An `if` shares its line with its condition.
        let (said, rest) = match node.parts.split_first() {
            Some((condition, rest)) if node.kind == NodeKind::If && condition.span.end <= node.span.end => (condition, rest),
            _ => (node, &[] as &[ExplanationNode]),
        };
        let word = if node.kind == NodeKind::If && !std::ptr::eq(said, node) { self.say("if ", "若 ") } else { String::new() };
        let (leaves, mut parts): (Vec<&ExplanationNode>, Vec<&ExplanationNode>) = said.parts.iter().partition(|part| is_leaf(part));
        let alone = parts.is_empty();
        parts.extend(rest);
        if !said.reached {
            parts.clear();
        }
        let text = format!("{lead}{}{word}{}{}", mark(said), self.own(said, !parts.is_empty()), self.values(said, &leaves, alone));
        self.line(&text);
        self.branches(&parts, indent);
    }

    /// A node's own text on one line; "all of" where its parts follow.
    fn own(&self, node: &ExplanationNode, parts: bool) -> String {
        match node.kind {
            NodeKind::All if parts => return self.say("all of", "全部满足"),
            NodeKind::Any if parts => return self.say("any of", "任一满足"),
            _ => {}
        }
        let line = node.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let short: String = line.chars().take(LONGEST).collect();
        let short = if short.len() < line.len() { format!("{short}…") } else { short };
        if node.reached { short } else { styled(QUIET, &format!("{short}  {}", self.say("not reached", "未执行"))) }
    }

    /// The values a node is made of, and its own; where it has other parts too, every value has its name.
    fn values(&self, node: &ExplanationNode, leaves: &[&ExplanationNode], alone: bool) -> String {
        let shown = leaves.iter().filter_map(|leaf| Some((leaf.text.as_str(), leaf.value.as_ref()?.get(self.language))));
        let mut values: Vec<(&str, &str)> = shown.collect();
        values.dedup();
        let inputs = match values.as_slice() {
            [] => String::new(),
            [(_, value)] if alone => (*value).to_owned(),
            many => many.iter().map(|(text, value)| format!("{text} {value}")).collect::<Vec<_>>().join(&self.say(", ", "，")),
        };
        let own = match (&node.value, node.holds, node.kind) {
            (Some(value), None, NodeKind::Name | NodeKind::Value | NodeKind::Call) => value.get(self.language),
            _ => "",
        };
        let all = [inputs.as_str(), own].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" → ");
        if all.is_empty() { String::new() } else { format!("  {}", styled(QUIET, &all)) }
    }
}

fn mark(node: &ExplanationNode) -> String {
    match (node.failed, node.reached, node.holds) {
        (true, ..) => styled(BAD, "✗✗ "),
        (_, true, None) if node.kind == NodeKind::Outcome => styled(STRONG, "→ "),
        (_, false, _) => styled(QUIET, "· "),
        (_, _, Some(true)) => styled(GOOD, "✓ "),
        (_, _, Some(false)) => styled(BAD, "✗ "),
        _ => String::new(),
    }
}

/// A name, or a value made of nothing that has a node of its own.
fn is_leaf(node: &ExplanationNode) -> bool {
    node.parts.is_empty() && node.reached && !node.failed && matches!(node.kind, NodeKind::Name | NodeKind::Value)
}
