//! Conditions: what a guard settles for the code after it.
//!
//! `x != () && …`, `x == () || …`, `!(…)`, and nests of these. Whatever else a condition is made of settles nothing.

use rhai::{Expr as Ast, FnCallExpr, Token};

use super::env::{Env, GuardSubject};
use super::{Low, ScriptLowering};
use crate::model::Value;
use crate::script::fault::FaultKind;
use crate::script::placed::TokenRange;
use crate::script::tree::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::script::types::Type;

impl ScriptLowering<'_> {
    /// A condition, with what is known where it holds and where it does not.
    pub(super) fn condition(&mut self, ast: &Ast) -> (Low, Env, Env) {
        let (low, yes, no) = self.ways(ast);
        self.must_be_bool(&low.expr);
        (low, yes, no)
    }

    /// A condition whose value is wanted, not its ways.
    pub(super) fn condition_value(&mut self, ast: &Ast) -> Low {
        let (low, yes, no) = self.ways(ast);
        self.env = yes.join(no);
        low
    }

    fn ways(&mut self, ast: &Ast) -> (Low, Env, Env) {
        match ast {
            Ast::And(parts, _) => self.all(parts, true),
            Ast::Or(parts, _) => self.all(parts, false),
            Ast::FnCall(call, position) if is_not(call) => {
                let at = self.placed.at(*position).unwrap_or(0);
                match call.args.first() {
                    Some(operand) if self.placed.word(at) != "!in" => self.not(operand, at),
                    _ => self.leaf(ast),
                }
            }
            _ => self.leaf(ast),
        }
    }

    /// `a && b && …` or `a || b || …`: each part is reached only where those before it held, or did not.
    fn all(&mut self, parts: &[Ast], and: bool) -> (Low, Env, Env) {
        let mut made = Vec::new();
        let mut extent: Option<TokenRange> = None;
        let mut left: Option<Env> = None;
        for part in parts {
            let (low, yes, no) = self.ways(part);
            self.must_be_bool(&low.expr);
            let outer = self.outer(&low);
            extent = Some(extent.map_or(outer, |extent| extent.to(outer)));
            made.push(low.expr);
            let (on, off) = if and { (yes, no) } else { (no, yes) };
            self.env = on;
            left = Some(match left {
                Some(left) => left.join(off),
                None => off,
            });
        }
        let through = self.env.clone();
        let left = left.unwrap_or_else(|| through.clone());
        let kind = if and { ExprKind::And(made) } else { ExprKind::Or(made) };
        let extent = self.placed.balanced(extent.unwrap_or(TokenRange { first: 0, last: 0 }));
        let low = self.made(kind, Type::Bool, extent);
        if and { (low, through, left) } else { (low, left, through) }
    }

    fn not(&mut self, operand: &Ast, at: usize) -> (Low, Env, Env) {
        let (low, yes, no) = self.ways(operand);
        self.must_be_bool(&low.expr);
        let extent = TokenRange { first: at, last: self.outer(&low).last };
        let made = self.made(ExprKind::Unary(UnaryOp::Not, Box::new(low.expr)), Type::Bool, extent);
        (made, no, yes)
    }

    /// `!x` where a value is wanted.
    pub(super) fn condition_value_of_not(&mut self, operand: &Ast, at: usize) -> Low {
        let (low, yes, no) = self.not(operand, at);
        self.env = yes.join(no);
        low
    }

    fn leaf(&mut self, ast: &Ast) -> (Low, Env, Env) {
        let low = self.expr(ast);
        if let Some(Value::Bool(value)) = low.expr.constant {
            self.fault_of_rule(low.expr.span, FaultKind::ConstantCondition(value));
        }
        let env = self.env.clone();
        match self.presence(&low.expr) {
            Some((subject, true)) => (low, env.with(subject, true), env.with(subject, false)),
            Some((subject, false)) => (low, env.with(subject, false), env.with(subject, true)),
            None => {
                let (yes, no) = enum_ways(&low.expr, env);
                (low, yes, no)
            }
        }
    }

    /// What `x != ()` and `x == ()` settle: the subject, and whether it is there where the condition holds.
    fn presence(&self, expr: &Expr) -> Option<(GuardSubject, bool)> {
        let ExprKind::Binary { op: op @ (BinaryOp::Equal | BinaryOp::NotEqual), lhs, rhs, .. } = &expr.kind else { return None };
        let other = match (&lhs.kind, &rhs.kind) {
            (_, ExprKind::Literal(Value::Missing)) => lhs,
            (ExprKind::Literal(Value::Missing), _) => rhs,
            _ => return None,
        };
        // What is known already stays as it is: `Never` would hide faults in code that can be reached all the same.
        if !matches!(other.ty, Type::Optional(_)) {
            return None;
        }
        let subject = match &other.kind {
            ExprKind::Field(index) => GuardSubject::Field(*index),
            ExprKind::Local(name) => GuardSubject::Local(self.env.find(name)?.0),
            _ => return None,
        };
        Some((subject, *op == BinaryOp::NotEqual))
    }

    pub(super) fn must_be_bool(&mut self, expr: &Expr) {
        match self.present(expr) {
            Type::Bool => {}
            ty if ty.is_silent() => {}
            ty => self.fault(expr.span, FaultKind::NotACondition(ty)),
        }
    }

    /// The type of a value that must be there; a fault where it may be missing.
    pub(super) fn present(&mut self, expr: &Expr) -> Type {
        let ty = expr.ty.present();
        if expr.ty.may_be_missing() {
            let text = self.placed.text.get(expr.span.range()).unwrap_or("").to_owned();
            self.fault(expr.span, FaultKind::UnguardedOptional { text, present: ty.clone() });
            if ty == Type::Never {
                return Type::Unknown;
            }
        }
        ty
    }
}

/// What `field == "value"` and `field != "value"` settle about a field that is an enum.
fn enum_ways(expr: &Expr, env: Env) -> (Env, Env) {
    let ExprKind::Binary { op: op @ (BinaryOp::Equal | BinaryOp::NotEqual), lhs, rhs, .. } = &expr.kind else {
        return (env.clone(), env);
    };
    let (field, values, value) = match (&lhs.kind, &lhs.ty, &rhs.constant, &rhs.kind, &rhs.ty, &lhs.constant) {
        (ExprKind::Field(field), Type::Enum(values), Some(Value::Text(value)), ..)
        | (.., ExprKind::Field(field), Type::Enum(values), Some(Value::Text(value))) => (*field, values, value),
        _ => return (env.clone(), env),
    };
    let others = values.names().filter(|name| *name != value.as_ref()).map(str::to_owned);
    let (same, other) = (env.without(field, others), env.without(field, [value.as_ref().to_owned()]));
    if *op == BinaryOp::Equal { (same, other) } else { (other, same) }
}

fn is_not(call: &FnCallExpr) -> bool {
    matches!(call.op_token, Some(Token::Bang))
}
