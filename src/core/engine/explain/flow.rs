//! Statements of a walk: the branch a script takes, and the values that the other branches would have had.

use std::sync::Arc;

use super::value::{self, ExplainedValue};
use super::walk::{ScriptWalk, WalkExit, WalkResult};
use crate::model::Value;
use crate::script::tree::{Arm, BinaryOp, Block, Expr, ExprKind};

impl ScriptWalk<'_> {
    pub(super) fn statement(&mut self, expr: &Expr) -> WalkResult<ExplainedValue> {
        match &expr.kind {
            ExprKind::If { arms, otherwise } => self.if_else(arms, otherwise.as_ref()),
            ExprKind::Switch { subject, arms, default } => self.switch(subject, arms, default.as_deref()),
            ExprKind::Block(block) => self.block(block),
            ExprKind::Let { name, constant, value, .. } => {
                let value = value.as_deref().map_or(Ok(ExplainedValue::MISSING), |value| self.expr(value))?;
                // The interpreter refuses a second variable of a name.
                if self.locals.iter().any(|(known, ..)| known == name) {
                    return Err(WalkExit::Fail);
                }
                self.locals.push((name.clone(), value, *constant));
                Ok(ExplainedValue::MISSING)
            }
            ExprKind::Assign { target, op, value } => self.assign(target, *op, value),
            ExprKind::Return(value) => {
                let value = value.as_deref().map_or(Ok(ExplainedValue::MISSING), |value| self.expr(value))?;
                Err(WalkExit::Return(value))
            }
            ExprKind::Break(None) => Err(WalkExit::Break),
            ExprKind::Continue => Err(WalkExit::Continue),
            ExprKind::While { condition, body } => self.repeat(condition.as_deref(), body),
            ExprKind::Do { body, condition, until } => self.repeat_until(body, condition, *until),
            ExprKind::For { name, counter, iterable, body, .. } => {
                self.each(name, counter.as_ref().map(|(counter, _)| counter), iterable, body)
            }
            _ => Err(WalkExit::Fail),
        }
    }

    fn if_else(&mut self, arms: &[(Expr, Block)], otherwise: Option<&Block>) -> WalkResult<ExplainedValue> {
        for (at, (condition, then)) in arms.iter().enumerate() {
            if self.expr(condition)?.as_bool().ok_or(WalkExit::Fail)? {
                self.not_taken(arms.get(at + 1..).unwrap_or_default(), otherwise);
                return self.block(then);
            }
            self.trial(|walk| drop(walk.block(then)));
        }
        otherwise.map_or(Ok(ExplainedValue::MISSING), |block| self.block(block))
    }

    /// The values of the arms after the one that was taken, as far as their conditions can be evaluated.
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
    fn switch(&mut self, subject: &Expr, arms: &[Arm], default: Option<&Expr>) -> WalkResult<ExplainedValue> {
        let subject = self.expr(subject)?;
        if matches!(subject, ExplainedValue::Plain(crate::plan::Constant::Float(_))) {
            return Err(WalkExit::Fail);
        }
        for ranges in [false, true] {
            for arm in arms {
                let holds = arm.values.iter().filter(|wanted| is_range(wanted) == ranges).any(|wanted| matches(&subject, wanted));
                if !holds {
                    continue;
                }
                let guarded = arm.guard.as_ref().map_or(Ok(true), |guard| self.expr(guard)?.as_bool().ok_or(WalkExit::Fail))?;
                if guarded {
                    return self.expr(&arm.body);
                }
            }
        }
        default.map_or(Ok(ExplainedValue::MISSING), |default| self.expr(default))
    }

    /// One time round; whether the loop goes on.
    fn round(&mut self, body: &Block) -> WalkResult<bool> {
        match self.block(body) {
            Ok(_) | Err(WalkExit::Continue) => Ok(true),
            Err(WalkExit::Break) => Ok(false),
            Err(other) => Err(other),
        }
    }

    fn holds(&mut self, condition: Option<&Expr>) -> WalkResult<bool> {
        condition.map_or(Ok(true), |condition| self.expr(condition)?.as_bool().ok_or(WalkExit::Fail))
    }

    fn repeat(&mut self, condition: Option<&Expr>, body: &Block) -> WalkResult<ExplainedValue> {
        let mut rounds = 0_u64;
        while self.holds(condition)? && self.round(body)? {
            rounds += 1;
            // An empty body uses no steps.
            if rounds > crate::script::BUDGET.operations {
                return Err(WalkExit::Fail);
            }
        }
        Ok(ExplainedValue::MISSING)
    }

    fn repeat_until(&mut self, body: &Block, condition: &Expr, until: bool) -> WalkResult<ExplainedValue> {
        while self.round(body)? && self.holds(Some(condition))? != until {}
        Ok(ExplainedValue::MISSING)
    }

    fn each(&mut self, name: &Arc<str>, counter: Option<&Arc<str>>, iterable: &Expr, body: &Block) -> WalkResult<ExplainedValue> {
        let items: Box<dyn Iterator<Item = ExplainedValue>> = match self.expr(iterable)? {
            ExplainedValue::Array(items) => Box::new((0..items.len()).map_while(move |at| items.get(at).cloned())),
            ExplainedValue::Range(low, high, false) => Box::new((low..high).map(number)),
            ExplainedValue::Range(low, high, true) => Box::new((low..=high).map(number)),
            _ => return Err(WalkExit::Fail),
        };
        let outside = self.locals.len();
        for (at, item) in (0_i64..).zip(items) {
            if at > 100_000 {
                return Err(WalkExit::Fail);
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
        Ok(ExplainedValue::MISSING)
    }
}

fn number(value: i64) -> ExplainedValue {
    ExplainedValue::of(&Value::Int(value))
}

pub(super) fn is_range(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Binary { op: BinaryOp::Range | BinaryOp::InclusiveRange, .. })
}

/// Whether a value of `switch` is one an arm is for.
fn matches(subject: &ExplainedValue, wanted: &Expr) -> bool {
    match &wanted.kind {
        ExprKind::Literal(literal) => *subject == ExplainedValue::of(literal),
        ExprKind::Binary { op, lhs, rhs, .. } => {
            let (ExprKind::Literal(low), ExprKind::Literal(high)) = (&lhs.kind, &rhs.kind) else { return false };
            let range = value::binary(*op, &ExplainedValue::of(low), &ExplainedValue::of(high));
            matches!((range, subject.as_int()), (Some(ExplainedValue::Range(low, high, inclusive)), Some(number))
                if low <= number && (number < high || (inclusive && number == high)))
        }
        _ => false,
    }
}
