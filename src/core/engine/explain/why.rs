//! The conditions that kept a rule from firing: found on the way from the script's start to its outcomes, and put into words.

use super::data::Failing;
use super::phrase;
use super::show::ValueWriter;
use super::walk::Walked;
use crate::script::tree::{self, Block, Expr, ExprKind, ScriptTree, UnaryOp};

/// The most conditions named.
const MOST: usize = 8;

/// The failing conditions of a script that gave no outcome, in order of place.
pub(super) fn failing(show: ValueWriter<'_>, tree: &ScriptTree, walked: &Walked) -> Vec<Failing> {
    let mut blame = Blame { show, walked, found: Vec::new() };
    blame.block(&tree.body);
    blame.found.truncate(MOST);
    blame.found
}

struct Blame<'a> {
    show: ValueWriter<'a>,
    walked: &'a Walked,
    found: Vec<Failing>,
}

impl Blame<'_> {
    fn block(&mut self, block: &Block) {
        for statement in &block.statements {
            self.statement(&statement.expr);
            // What follows a `return` that was reached has no effect.
            if left_in(self.walked, &statement.expr) {
                break;
            }
        }
    }

    fn statement(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::If { arms, otherwise } => self.if_else(arms, otherwise.as_ref()),
            ExprKind::Switch { subject, arms, default } => {
                let taken = arms.iter().map(|arm| &arm.body).chain(default.as_deref()).find(|body| self.walked.reached(body));
                let matters = arms.iter().any(|arm| gives_outcome(&arm.body));
                match taken {
                    Some(body) if gives_outcome(body) => self.statement(body),
                    _ if matters => self.add(subject, true),
                    _ => {}
                }
            }
            ExprKind::Block(block) => self.block(block),
            ExprKind::While { body, .. } | ExprKind::Do { body, .. } | ExprKind::For { body, .. } => self.block(body),
            ExprKind::SharedCall { body, .. } if block_gives_outcome(body) => self.block(body),
            ExprKind::Return(Some(value)) | ExprKind::Let { value: Some(value), .. } | ExprKind::Assign { value, .. } => {
                self.statement(value);
            }
            ExprKind::Array(items) => items.iter().for_each(|item| self.statement(item)),
            _ => {}
        }
    }

    fn if_else(&mut self, arms: &[(Expr, Block)], otherwise: Option<&Block>) {
        for (at, (condition, then)) in arms.iter().enumerate() {
            let inside = block_gives_outcome(then);
            if self.walked.truth(condition) == Some(true) {
                self.block(then);
                let left = then.statements.iter().any(|statement| left_in(self.walked, &statement.expr));
                let mut rest = arms.iter().skip(at + 1).map(|(_, then)| then).chain(otherwise);
                if !inside && (left || rest.any(block_gives_outcome)) {
                    self.blame(condition, false);
                }
                return;
            }
            if inside {
                self.blame(condition, true);
                self.block(then);
            }
        }
        if let Some(otherwise) = otherwise {
            self.block(otherwise);
        }
    }

    /// Finds the parts because of which a condition is not `wanted`.
    fn blame(&mut self, expr: &Expr, wanted: bool) {
        if self.walked.truth(expr).is_none_or(|truth| truth == wanted) {
            return;
        }
        match &expr.kind {
            ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter().for_each(|part| self.blame(part, wanted)),
            ExprKind::Unary(UnaryOp::Not, inner) => self.blame(inner, !wanted),
            ExprKind::Block(block) if block.statements.len() == 1 => {
                block.statements.iter().for_each(|statement| self.blame(&statement.expr, wanted));
            }
            _ => self.add(expr, wanted),
        }
    }

    fn add(&mut self, expr: &Expr, wanted: bool) {
        if self.found.iter().any(|known| known.span == expr.span) {
            return;
        }
        let said = phrase::failing(self.show, self.walked, expr, wanted);
        self.found.push(Failing { text: super::tree::text(self.show, expr.span), span: expr.span, said });
    }
}

/// Whether the script was left inside a statement.
fn left_in(walked: &Walked, expr: &Expr) -> bool {
    let mut left = false;
    // A `return` in a shared function leaves that function only.
    let mut inside = vec![expr];
    while let Some(expr) = inside.pop() {
        left |= matches!(expr.kind, ExprKind::Return(_)) && walked.reached(expr);
        if matches!(expr.kind, ExprKind::SharedCall { .. }) {
            continue;
        }
        for part in tree::parts(expr) {
            match part {
                tree::ExprPart::Expr(inner) => inside.push(inner),
                tree::ExprPart::Block(block) => inside.extend(block.statements.iter().map(|statement| &statement.expr)),
            }
        }
    }
    left
}

fn gives_outcome(expr: &Expr) -> bool {
    let mut found = false;
    tree::walk_expr(expr, &mut |part| {
        let local = matches!(&part.kind, ExprKind::Local(_)) && matches!(part.ty.present(), crate::script::Type::Outcome(_));
        found |= local || matches!(part.kind, ExprKind::Outcome { .. });
    });
    found
}

fn block_gives_outcome(block: &Block) -> bool {
    block.statements.iter().any(|statement| gives_outcome(&statement.expr))
}
