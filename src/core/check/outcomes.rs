//! Outcomes that have no effect, and the kinds of outcomes that rules give.

use super::context::Context;
use super::kinds::{DROPPED_OUTCOME, NOT_AN_OUTCOME, RULE_WITHOUT_OUTCOME};
use super::wording;
use crate::diagnostic::Finding;
use crate::model::{Rule, Stage, StageKind, Status, Window};
use crate::script::tree::{Block, Expr, ExprKind, ExprPart, OutcomeCall, Purpose, parts};
use crate::script::usage::UnusedKind;
use crate::script::{OutcomeKinds, Type};
use crate::text::{LocalText, Span};

/// The kinds of outcomes that the rule may give; none where its script could not be read.
pub(super) fn of_rule(cx: &Context<'_>, rule: &Rule) -> OutcomeKinds {
    cx.tree_of(rule.id.as_str()).map(|tree| of_type(&tree.value)).unwrap_or_default()
}

/// The kinds of outcomes in a value of that type.
fn of_type(value: &Type) -> OutcomeKinds {
    match value {
        Type::Outcome(kinds) => *kinds,
        Type::Optional(inner) | Type::Array(inner) => of_type(inner),
        _ => OutcomeKinds::default(),
    }
}

/// Whether the rule is active, holds at any time, and gives a verdict (in a Screen stage) or a route whatever the request.
pub(super) fn always_settles(cx: &Context<'_>, stage: &Stage, rule: &Rule) -> bool {
    if rule.status != Status::Active || rule.window != Window::default() {
        return false;
    }
    let Some(tree) = cx.tree_of(rule.id.as_str()).filter(|tree| tree.faults.is_empty()) else { return false };
    let none = OutcomeKinds::default();
    let wanted = match stage.kind {
        StageKind::Screen { .. } => OutcomeKinds { verdict: true, ..none },
        StageKind::Route { .. } => OutcomeKinds { route: true, ..none },
        StageKind::Limit => return false,
    };
    tree.value == Type::Outcome(wanted)
}

pub(super) fn dropped_outcome(span: Span) -> Finding {
    let message = LocalText::new("this outcome is thrown away: more statements follow it", "该规则结果被丢弃：其后还有其他语句");
    let help = LocalText::new(
        "write `return` before it, or join the conditions with `else if`; gather several outcomes in an array",
        "请在前面写 `return`，或用 `else if` 连接条件；多个规则结果请放进数组",
    );
    Finding::new(DROPPED_OUTCOME, span, message).with_help(help)
}

/// Outcomes in variables that no way through the script returns.
pub(super) fn unreturned_outcomes(cx: &Context<'_>) -> Vec<Finding> {
    let dropped = cx.unused.iter().filter(|unused| unused.what == UnusedKind::Outcome);
    let findings = dropped.map(|unused| {
        let message = LocalText::new("no way through the script returns this outcome", "没有任何路径返回该规则结果");
        let help = LocalText::new(
            "write `return` before it, or end the script with the variable that holds it",
            "请在前面写 `return`，或以保存该结果的变量作为脚本的结尾",
        );
        wording::with_call_site(Finding::new(DROPPED_OUTCOME, unused.span, message).with_help(help), unused.called_from)
    });
    findings.collect()
}

pub(super) fn not_an_outcome(span: Span, purpose: Purpose, found: &Type) -> Finding {
    let found = found.text();
    if purpose == Purpose::Condition {
        let message = LocalText::new(
            format!("the condition of an invariant must be a Bool, not {}", found.en),
            format!("不变式的条件必须是布尔值 Bool，而不是{}", found.zh),
        );
        return Finding::new(NOT_AN_OUTCOME, span, message).with_help(LocalText::new("end it with a comparison", "请以比较结尾"));
    }
    let message = LocalText::new(
        format!("the value of a rule must be an outcome, not {}", found.en),
        format!("规则的值必须是规则结果，而不是{}", found.zh),
    );
    let help = LocalText::new(
        "end with an outcome such as `decline(\"REASON\")`, an array of outcomes, or `()`",
        "请以规则结果结尾，例如 `decline(\"REASON\")`、规则结果数组或 `()`",
    );
    Finding::new(NOT_AN_OUTCOME, span, message).with_help(help)
}

pub(super) fn rule_without_outcome(span: Span) -> Finding {
    let message =
        LocalText::new("this rule never hits: its script gives no outcome", "该规则永远不会命中：其脚本没有给出任何规则结果");
    let help = LocalText::new(
        "end the script with an outcome such as `decline(\"REASON\")`, or take the rule away",
        "请让脚本以规则结果结尾，例如 `decline(\"REASON\")`，或删除该规则",
    );
    Finding::new(RULE_WITHOUT_OUTCOME, span, message).with_help(help)
}

/// Outcomes of a kind that the rule's stage does not take.
pub(super) fn misplaced_outcomes(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let takes = accepted_outcomes(&stage.kind);
        for rule in &stage.rules {
            let Some(tree) = cx.tree_of(rule.id.as_str()) else { continue };
            if is_subset(of_type(&tree.value), takes) {
                continue;
            }
            let mut search = OutcomeSearch { kind: &stage.kind, takes, findings: &mut findings };
            search.block(&tree.body, None);
        }
    }
    findings
}

fn accepted_outcomes(kind: &StageKind) -> OutcomeKinds {
    let none = OutcomeKinds::default();
    match kind {
        StageKind::Screen { .. } => OutcomeKinds { verdict: true, score: true, ..none },
        StageKind::Limit => OutcomeKinds { limit: true, ..none },
        StageKind::Route { .. } => OutcomeKinds { route: true, ..none },
    }
}

fn is_subset(some: OutcomeKinds, all: OutcomeKinds) -> bool {
    all.union(some) == all
}

struct OutcomeSearch<'a> {
    kind: &'a StageKind,
    takes: OutcomeKinds,
    findings: &'a mut Vec<Finding>,
}

impl OutcomeSearch<'_> {
    fn block(&mut self, block: &Block, called_from: Option<Span>) {
        for statement in &block.statements {
            self.expr(&statement.expr, called_from);
        }
    }

    /// `called_from` is the call in the rule's own script, inside a shared function.
    fn expr(&mut self, expr: &Expr, called_from: Option<Span>) {
        if let ExprKind::Outcome { call, name_span, .. } = &expr.kind
            && !is_subset(call.kinds(), self.takes)
        {
            self.findings.push(misplaced_outcome(self.kind, *call, *name_span, called_from));
        }
        let inside = match &expr.kind {
            ExprKind::SharedCall { name_span, .. } => called_from.or(Some(*name_span)),
            _ => called_from,
        };
        for part in parts(expr) {
            match part {
                // The arguments of a shared call are the caller's own.
                ExprPart::Expr(inner) => self.expr(inner, called_from),
                ExprPart::Block(block) => self.block(block, inside),
            }
        }
    }
}

fn misplaced_outcome(kind: &StageKind, call: OutcomeCall, span: Span, called_from: Option<Span>) -> Finding {
    let name = call.name();
    let (stage, takes) = match kind {
        StageKind::Screen { .. } => ("Screen", "accept`, `step_up`, `refer`, `decline`, `score"),
        StageKind::Limit => ("Limit", "limit"),
        StageKind::Route { .. } => ("Route", "route"),
    };
    let message = LocalText::new(format!("a {stage} stage does not take `{name}`"), format!("{stage} 阶段不接受 `{name}`"));
    let help = LocalText::new(
        format!("give `{takes}` here, or move the rule to a stage that takes `{name}`"),
        format!("请在此处使用 `{}`，或将规则移到接受 `{name}` 的阶段", takes.replace(", ", "、")),
    );
    wording::with_call_site(Finding::new(NOT_AN_OUTCOME, span, message).with_help(help), called_from)
}
