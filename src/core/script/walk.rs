//! Visiting a typed tree: every expression, in order of evaluation.

use super::tree::{Arm, Block, Expr, ExprKind, ScriptTree};

/// Visits every expression of a script, outer ones first, in order of evaluation; bodies of shared functions once per call.
pub fn walk<'a>(tree: &'a ScriptTree, visit: &mut dyn FnMut(&'a Expr)) {
    walk_block(&tree.body, visit);
}

/// Visits every expression of a block; see [`walk`].
pub fn walk_block<'a>(block: &'a Block, visit: &mut dyn FnMut(&'a Expr)) {
    for statement in &block.statements {
        walk_expr(&statement.expr, visit);
    }
}

/// Visits an expression and everything in it; see [`walk`].
pub fn walk_expr<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    visit(expr);
    for part in parts(expr) {
        match part {
            ExprPart::Expr(inner) => walk_expr(inner, visit),
            ExprPart::Block(block) => walk_block(block, visit),
        }
    }
}

/// A direct part of an expression.
pub enum ExprPart<'a> {
    /// An expression.
    Expr(&'a Expr),
    /// Statements between braces.
    Block(&'a Block),
}

/// The direct parts of an expression, in order of evaluation.
#[must_use]
pub fn parts(expr: &Expr) -> Vec<ExprPart<'_>> {
    use ExprKind as K;
    let mut found = PartList::default();
    match &expr.kind {
        K::Literal(_) | K::Field(_) | K::Parameter(_) | K::List(_) | K::Local(_) | K::Unknown(_) | K::Continue => {}
        K::Unary(_, operand) => found.exprs([&**operand]),
        K::Binary { lhs, rhs, .. } => found.exprs([&**lhs, &**rhs]),
        K::In { item, container, .. } => found.exprs([&**item, &**container]),
        K::Index { base, index } => found.exprs([&**base, &**index]),
        K::Assign { target, value, .. } => found.exprs([&**target, &**value]),
        K::And(all) | K::Or(all) | K::Coalesce(all) | K::Array(all) => found.exprs(all),
        K::Opaque { children, .. } => found.exprs(children),
        K::Call { args, .. } | K::Outcome { args, .. } => found.exprs(args),
        K::SharedCall { args, body, .. } => {
            found.exprs(args);
            found.block(body);
        }
        K::If { arms, otherwise } => {
            for (condition, then) in arms {
                found.exprs([condition]);
                found.block(then);
            }
            found.0.extend(otherwise.iter().map(ExprPart::Block));
        }
        K::Switch { subject, arms, default } => found.switch(subject, arms, default.as_deref()),
        K::Block(block) => found.block(block),
        K::Let { value, .. } | K::Return(value) | K::Break(value) => found.exprs(value.as_deref()),
        K::Map(entries) => found.exprs(entries.iter().map(|(_, _, value)| value)),
        K::While { condition, body } => {
            found.exprs(condition.as_deref());
            found.block(body);
        }
        K::Do { body, condition, .. } => {
            found.block(body);
            found.exprs([&**condition]);
        }
        K::For { iterable, body, .. } => {
            found.exprs([&**iterable]);
            found.block(body);
        }
    }
    found.0
}

#[derive(Default)]
struct PartList<'a>(Vec<ExprPart<'a>>);

impl<'a> PartList<'a> {
    fn exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) {
        self.0.extend(exprs.into_iter().map(ExprPart::Expr));
    }

    fn block(&mut self, block: &'a Block) {
        self.0.push(ExprPart::Block(block));
    }

    fn switch(&mut self, subject: &'a Expr, arms: &'a [Arm], default: Option<&'a Expr>) {
        self.exprs([subject]);
        for arm in arms {
            self.exprs(&arm.values);
            self.exprs(&arm.guard);
            self.exprs([&arm.body]);
        }
        self.exprs(default);
    }
}
