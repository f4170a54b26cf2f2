//! Outcomes that a rule's stage does not take; reported as `not-an-outcome`.

use super::context::Context;
use super::scripts::not_an_outcome::CHECK;
use super::{said, settles};
use crate::diagnostic::Finding;
use crate::model::StageKind;
use crate::script::OutcomeKinds;
use crate::script::tree::{Block, Expr, ExprKind, OutcomeCall, Part, parts};
use crate::text::{LocalText, Span};

/// Every outcome of a kind that the rule's stage does not take.
pub(super) fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let takes = taken(&stage.kind);
        for rule in &stage.rules {
            let Some(tree) = cx.tree_of(rule.id.as_str()) else { continue };
            if is_subset(settles::of_type(&tree.value), takes) {
                continue;
            }
            let mut search = Search { kind: &stage.kind, takes, findings: &mut findings };
            search.block(&tree.body, None);
        }
    }
    findings
}

/// What a stage takes.
fn taken(kind: &StageKind) -> OutcomeKinds {
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

struct Search<'a> {
    kind: &'a StageKind,
    takes: OutcomeKinds,
    findings: &'a mut Vec<Finding>,
}

impl Search<'_> {
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
            self.findings.push(finding(self.kind, *call, *name_span, called_from));
        }
        let inside = match &expr.kind {
            ExprKind::SharedCall { name_span, .. } => called_from.or(Some(*name_span)),
            _ => called_from,
        };
        for part in parts(expr) {
            match part {
                // The arguments of a shared call are the caller's own.
                Part::Expr(inner) => self.expr(inner, called_from),
                Part::Block(block) => self.block(block, inside),
            }
        }
    }
}

fn finding(kind: &StageKind, call: OutcomeCall, span: Span, called_from: Option<Span>) -> Finding {
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
    said::called_from(CHECK.finding(span, message).with_help(help), called_from)
}
