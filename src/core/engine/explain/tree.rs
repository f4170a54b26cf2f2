//! A walked script as nodes for people: each part with its own text and value.

use super::data::{ExplanationNode, NodeKind};
use super::show::ValueWriter;
use super::walk::Walked;
use crate::script::tree::{self, Block, Expr, ExprKind, ExprPart, ScriptTree, UnaryOp};
use crate::text::{SourceId, Span};

/// The most nodes of one rule; what lies deeper is left out.
const MOST_NODES: usize = 4_000;

/// The statements of a script as nodes.
pub(super) fn nodes(show: ValueWriter<'_>, tree: &ScriptTree, walked: &Walked) -> Vec<ExplanationNode> {
    let mut build = Build { show, walked, own: tree.source, left: MOST_NODES };
    build.block(&tree.body)
}

struct Build<'a> {
    show: ValueWriter<'a>,
    walked: &'a Walked,
    /// The rule's own source; other places lie in the shared functions.
    own: SourceId,
    left: usize,
}

impl Build<'_> {
    fn block(&mut self, block: &Block) -> Vec<ExplanationNode> {
        block.statements.iter().flat_map(|statement| self.expr(&statement.expr)).collect()
    }

    /// No node for what is written out; the nodes inside for what only holds others.
    fn expr(&mut self, expr: &Expr) -> Vec<ExplanationNode> {
        if let ExprKind::If { arms, otherwise } = &expr.kind {
            return self.branches(expr, arms, otherwise.as_ref());
        }
        let Some(kind) = kind(expr) else {
            return if matches!(expr.kind, ExprKind::Literal(_)) { Vec::new() } else { self.parts(expr) };
        };
        if self.left == 0 {
            return Vec::new();
        }
        self.left -= 1;
        let seen = self.walked.seen(expr);
        let reached = seen.is_some_and(|seen| seen.reached);
        let value = seen.and_then(|seen| seen.value.as_ref());
        let statement = matches!(kind, NodeKind::If | NodeKind::Switch | NodeKind::Loop | NodeKind::Assignment | NodeKind::Return);
        let shown = if reached && !statement { value.and_then(|value| self.show.value(expr, value)) } else { None };
        let span = head(expr);
        let parts = self.parts(expr);
        let inside = parts.iter().any(fails);
        vec![ExplanationNode {
            kind,
            text: text(self.show, span),
            span,
            shared: span.source != self.own,
            reached,
            failed: !inside && seen.is_some_and(|seen| seen.reached && seen.failed),
            holds: if statement { None } else { value.and_then(super::value::ExplainedValue::as_bool) },
            value: shown,
            parts,
        }]
    }

    /// An `if`, then each `else if` beside it; the branch where none holds belongs to the last of them.
    fn branches(&mut self, expr: &Expr, arms: &[(Expr, Block)], otherwise: Option<&Block>) -> Vec<ExplanationNode> {
        let mut nodes = Vec::new();
        for (at, (condition, then)) in arms.iter().enumerate() {
            if self.left == 0 {
                break;
            }
            self.left -= 1;
            let mut parts = self.expr(condition);
            parts.extend(self.block(then));
            if at + 1 == arms.len() {
                parts.extend(otherwise.map(|block| self.block(block)).unwrap_or_default());
            }
            let whole = if at == 0 { expr.span } else { condition.span };
            let span = Span { end: then.span.start.max(whole.start), ..whole };
            let word = if at == 0 { "" } else { "else if " };
            let failed = at == 0 && self.walked.seen(expr).is_some_and(|seen| seen.reached && seen.failed);
            nodes.push(ExplanationNode {
                kind: NodeKind::If,
                text: format!("{word}{}", text(self.show, span)),
                span,
                shared: span.source != self.own,
                reached: self.walked.reached(if at == 0 { expr } else { condition }),
                failed: failed && !parts.iter().any(fails),
                holds: None,
                value: None,
                parts,
            });
        }
        nodes
    }

    fn parts(&mut self, expr: &Expr) -> Vec<ExplanationNode> {
        let mut nodes = Vec::new();
        for part in tree::parts(expr) {
            match part {
                ExprPart::Expr(inner) => nodes.extend(self.expr(inner)),
                ExprPart::Block(block) => nodes.extend(self.block(block)),
            }
        }
        nodes
    }
}

fn fails(node: &ExplanationNode) -> bool {
    node.failed || node.parts.iter().any(fails)
}

/// The source's text under a span.
pub(super) fn text(show: ValueWriter<'_>, span: Span) -> String {
    show.definition.sources.get(span.source).map_or_else(String::new, |source| source.slice(span).trim_end().to_owned())
}

fn kind(expr: &Expr) -> Option<NodeKind> {
    Some(match &expr.kind {
        ExprKind::Literal(_) | ExprKind::List(_) | ExprKind::Map(_) | ExprKind::Array(_) | ExprKind::Block(_) => return None,
        ExprKind::If { .. } => NodeKind::If,
        ExprKind::Switch { .. } => NodeKind::Switch,
        ExprKind::While { .. } | ExprKind::Do { .. } | ExprKind::For { .. } => NodeKind::Loop,
        ExprKind::And(_) => NodeKind::All,
        ExprKind::Or(_) => NodeKind::Any,
        ExprKind::Unary(UnaryOp::Not, _) => NodeKind::Not,
        ExprKind::Binary { op, .. } if op.is_comparison() => NodeKind::Comparison,
        ExprKind::In { .. } => NodeKind::Comparison,
        // `yuan(5_000)` and its like are written out too.
        ExprKind::Call { .. } if expr.constant.is_some() => return None,
        ExprKind::Call { .. } | ExprKind::SharedCall { .. } => NodeKind::Call,
        ExprKind::Outcome { .. } => NodeKind::Outcome,
        ExprKind::Field(_) | ExprKind::Parameter(_) | ExprKind::Local(_) | ExprKind::Unknown(_) => NodeKind::Name,
        ExprKind::Let { .. } | ExprKind::Assign { .. } => NodeKind::Assignment,
        ExprKind::Return(_) | ExprKind::Break(_) | ExprKind::Continue => NodeKind::Return,
        ExprKind::Unary(..)
        | ExprKind::Binary { .. }
        | ExprKind::Coalesce(_)
        | ExprKind::Index { .. }
        | ExprKind::Opaque { .. } => NodeKind::Value,
    })
}

/// The bytes that show an expression: of one with statements inside, only those before them.
fn head(expr: &Expr) -> Span {
    let until = |end: u32| Span { end: end.max(expr.span.start), ..expr.span };
    match &expr.kind {
        ExprKind::While { body, .. } | ExprKind::For { body, .. } | ExprKind::Do { body, .. } => until(body.span.start),
        ExprKind::Switch { subject, .. } => until(subject.span.end),
        _ => expr.span,
    }
}
