//! Statements of a walk: which way a script takes, and what the ways not taken would have come to.

use std::sync::Arc;

use super::value::{self, Val};
use super::walk::{Step, Stop, Walk};
use crate::model::Value;
use crate::script::tree::{Arm, BinaryOp, Block, Expr, ExprKind};

impl Walk<'_> {
    pub(super) fn statement(&mut self, expr: &Expr) -> Step<Val> {
        match &expr.kind {
            ExprKind::If { arms, otherwise } => self.if_else(arms, otherwise.as_ref()),
            ExprKind::Switch { subject, arms, default } => self.switch(subject, arms, default.as_deref()),
            ExprKind::Block(block) => self.block(block),
            ExprKind::Let { name, constant, value, .. } => {
                let value = value.as_deref().map_or(Ok(Val::MISSING), |value| self.expr(value))?;
                // The interpreter refuses a second variable of a name.
                if self.locals.iter().any(|(known, ..)| known == name) {
                    return Err(Stop::Fail);
                }
                self.locals.push((name.clone(), value, *constant));
                Ok(Val::MISSING)
            }
            ExprKind::Assign { target, op, value } => self.assign(target, *op, value),
            ExprKind::Return(value) => {
                let value = value.as_deref().map_or(Ok(Val::MISSING), |value| self.expr(value))?;
                Err(Stop::Return(value))
            }
            ExprKind::Break(None) => Err(Stop::Break),
            ExprKind::Continue => Err(Stop::Continue),
            ExprKind::While { condition, body } => self.repeat(condition.as_deref(), body),
            ExprKind::Do { body, condition, until } => self.repeat_until(body, condition, *until),
            ExprKind::For { name, counter, iterable, body, .. } => {
                self.each(name, counter.as_ref().map(|(counter, _)| counter), iterable, body)
            }
            _ => Err(Stop::Fail),
        }
    }

    fn if_else(&mut self, arms: &[(Expr, Block)], otherwise: Option<&Block>) -> Step<Val> {
        for (at, (condition, then)) in arms.iter().enumerate() {
            if self.expr(condition)?.as_bool().ok_or(Stop::Fail)? {
                self.not_taken(arms.get(at + 1..).unwrap_or_default(), otherwise);
                return self.block(then);
            }
            self.trial(|walk| drop(walk.block(then)));
        }
        otherwise.map_or(Ok(Val::MISSING), |block| self.block(block))
    }

    /// What the arms after the one that was taken would have come to, as far as their conditions can be told.
    fn not_taken(&mut self, arms: &[(Expr, Block)], otherwise: Option<&Block>) {
        self.trial(|walk| {
            for (condition, then) in arms {
                if walk.expr(condition).is_err() {
                    return;
                }
                walk.trial(|walk| drop(walk.block(then)));
            }
            if let Some(otherwise) = otherwise {
                drop(walk.block(otherwise));
            }
        });
    }

    /// Arms for one value come before arms for ranges, each in order; that is how the interpreter looks them up.
    fn switch(&mut self, subject: &Expr, arms: &[Arm], default: Option<&Expr>) -> Step<Val> {
        let subject = self.expr(subject)?;
        if matches!(subject, Val::Plain(crate::plan::Constant::Float(_))) {
            return Err(Stop::Fail);
        }
        for ranges in [false, true] {
            for arm in arms {
                let holds = arm.values.iter().filter(|wanted| is_range(wanted) == ranges).any(|wanted| matches(&subject, wanted));
                if !holds {
                    continue;
                }
                let guarded = arm.guard.as_ref().map_or(Ok(true), |guard| self.expr(guard)?.as_bool().ok_or(Stop::Fail))?;
                if guarded {
                    return self.expr(&arm.body);
                }
            }
        }
        default.map_or(Ok(Val::MISSING), |default| self.expr(default))
    }

    /// One time round; whether the loop goes on.
    fn round(&mut self, body: &Block) -> Step<bool> {
        match self.block(body) {
            Ok(_) | Err(Stop::Continue) => Ok(true),
            Err(Stop::Break) => Ok(false),
            Err(other) => Err(other),
        }
    }

    fn holds(&mut self, condition: Option<&Expr>) -> Step<bool> {
        condition.map_or(Ok(true), |condition| self.expr(condition)?.as_bool().ok_or(Stop::Fail))
    }

    fn repeat(&mut self, condition: Option<&Expr>, body: &Block) -> Step<Val> {
        let mut rounds = 0_u64;
        while self.holds(condition)? && self.round(body)? {
            rounds += 1;
            // An empty body spends nothing of its own.
            if rounds > crate::script::BUDGET.operations {
                return Err(Stop::Fail);
            }
        }
        Ok(Val::MISSING)
    }

    fn repeat_until(&mut self, body: &Block, condition: &Expr, until: bool) -> Step<Val> {
        while self.round(body)? && self.holds(Some(condition))? != until {}
        Ok(Val::MISSING)
    }

    fn each(&mut self, name: &Arc<str>, counter: Option<&Arc<str>>, iterable: &Expr, body: &Block) -> Step<Val> {
        let items: Box<dyn Iterator<Item = Val>> = match self.expr(iterable)? {
            Val::Array(items) => Box::new((0..items.len()).map_while(move |at| items.get(at).cloned())),
            Val::Range(low, high, false) => Box::new((low..high).map(number)),
            Val::Range(low, high, true) => Box::new((low..=high).map(number)),
            _ => return Err(Stop::Fail),
        };
        let outside = self.locals.len();
        for (at, item) in (0_i64..).zip(items) {
            if at > 100_000 {
                return Err(Stop::Fail);
            }
            self.locals.push((name.clone(), item, false));
            if let Some(counter) = counter {
                self.locals.push((counter.clone(), number(at), false));
            }
            let goes_on = self.round(body);
            self.locals.truncate(outside);
            if !goes_on? {
                break;
            }
        }
        Ok(Val::MISSING)
    }
}

fn number(value: i64) -> Val {
    Val::of(&Value::Int(value))
}

pub(super) fn is_range(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Binary { op: BinaryOp::Range | BinaryOp::InclusiveRange, .. })
}

/// Whether a value of `switch` is one an arm is for.
fn matches(subject: &Val, wanted: &Expr) -> bool {
    match &wanted.kind {
        ExprKind::Literal(literal) => *subject == Val::of(literal),
        ExprKind::Binary { op, lhs, rhs, .. } => {
            let (ExprKind::Literal(low), ExprKind::Literal(high)) = (&lhs.kind, &rhs.kind) else { return false };
            let range = value::binary(*op, &Val::of(low), &Val::of(high));
            matches!((range, subject.as_int()), (Some(Val::Range(low, high, inclusive)), Some(number))
                if low <= number && (number < high || (inclusive && number == high)))
        }
        _ => false,
    }
}
