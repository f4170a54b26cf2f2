//! Identifiers that are taken for quantities.

use std::collections::HashSet;
use std::sync::Arc;

use super::context::Context;
use super::kinds::IDENTIFIER_ARITHMETIC;
use crate::diagnostic::Finding;
use crate::script::Type;
use crate::script::tree::{BinaryOp, Expr, ExprKind, ScriptTree, UnaryOp, walk};
use crate::text::LocalText;

pub(super) fn misused_identifiers(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for tree in cx.trees().flatten() {
        let names = IdentifierNames::of(cx, tree);
        walk(tree, &mut |expr| findings.extend(names.misuse(expr).map(misused_identifier)));
    }
    findings
}

fn misused_identifier(expr: &Expr) -> Finding {
    let message = LocalText::new(
        "an identifier is a name: calculating with it or comparing it by order means nothing",
        "标识符只是编号：对其计算或比较大小没有意义",
    );
    let help = LocalText::new(
        "compare with `==` or `in`, or use a list; `share(…)` chooses a part of the requests",
        "请用 `==`、`in` 或名单比较；如需抽取一定比例的请求，请用 `share(…)`",
    );
    Finding::new(IDENTIFIER_ARITHMETIC, expr.span, message).with_help(help)
}

/// The variables of a script that hold identifiers.
struct IdentifierNames<'a> {
    cx: &'a Context<'a>,
    variables: HashSet<Arc<str>>,
}

impl<'a> IdentifierNames<'a> {
    fn of(cx: &'a Context<'a>, tree: &ScriptTree) -> Self {
        let mut names = Self { cx, variables: HashSet::new() };
        // What one variable gives another is found in the next round.
        loop {
            let known = names.variables.len();
            walk(tree, &mut |expr| match &expr.kind {
                ExprKind::Let { name, value: Some(value), .. } => names.assign(name, value),
                ExprKind::Assign { target, op: None, value, .. } => {
                    if let ExprKind::Local(name) = &target.kind {
                        names.assign(name, value);
                    }
                }
                ExprKind::SharedCall { parameters, args, .. } => {
                    parameters.iter().zip(args).for_each(|(name, value)| names.assign(name, value));
                }
                _ => {}
            });
            if names.variables.len() == known {
                return names;
            }
        }
    }

    fn assign(&mut self, name: &Arc<str>, value: &Expr) {
        if self.is_identifier(value) {
            self.variables.insert(name.clone());
        }
    }

    /// Whether an expression is an identifier, or one with a default.
    fn is_identifier(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Field(field) => self.cx.definition.schema.is_identifier(*field),
            ExprKind::Local(name) => self.variables.contains(name),
            ExprKind::Coalesce(all) => all.first().is_some_and(|first| self.is_identifier(first)),
            _ => false,
        }
    }

    /// The expression that takes an identifier for a quantity.
    fn misuse<'e>(&self, expr: &'e Expr) -> Option<&'e Expr> {
        let is_misused = match &expr.kind {
            // Put after a text, a number is written out.
            ExprKind::Binary { op: BinaryOp::Add, lhs, rhs, .. }
                if [lhs, rhs].iter().any(|side| side.ty.present() == Type::Text) =>
            {
                false
            }
            ExprKind::Binary { op, lhs, rhs, .. } => {
                !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) && (self.is_identifier(lhs) || self.is_identifier(rhs))
            }
            ExprKind::Unary(UnaryOp::Negate, of) => self.is_identifier(of),
            ExprKind::Assign { target, op: Some(_), value, .. } => {
                target.ty.present() != Type::Text && (self.is_identifier(target) || self.is_identifier(value))
            }
            ExprKind::In { item, container, .. } => self.is_identifier(item) && is_range(container),
            ExprKind::Switch { subject, arms, .. } => {
                self.is_identifier(subject) && arms.iter().flat_map(|arm| &arm.values).any(is_range)
            }
            ExprKind::Call { function, args, .. } => {
                args.iter().zip(function.parameters).any(|(arg, (_, takes))| takes.is_quantity() && self.is_identifier(arg))
            }
            _ => false,
        };
        let subject = match &expr.kind {
            // Without the arms.
            ExprKind::Switch { subject, .. } => subject,
            _ => expr,
        };
        is_misused.then_some(subject)
    }
}

fn is_range(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Binary { op: BinaryOp::Range | BinaryOp::InclusiveRange, .. })
}
