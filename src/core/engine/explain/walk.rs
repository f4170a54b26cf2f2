//! Walks one script for one request in order of evaluation and keeps the value of every sub-expression.
//!
//! Parts that are short-circuited and branches that are not taken are walked too where that is possible, only to know what they would
//! have been: they are kept as not reached. In a loop the values of the last time round are kept.

use std::collections::HashMap;
use std::sync::Arc;

use super::value::{self, ExplainedValue};
use crate::model::{Definition, Outcome, Request};
use crate::script::BUDGET;
use crate::script::tree::{BinaryOp, Block, Expr, ExprKind, ScriptTree};

/// The most expressions walked for one rule, as many as the interpreter has operations.
const MOST_STEPS: usize = 100_000;
/// The most expressions walked that are not reached.
const MOST_TRIED: usize = 20_000;

/// What is known of an expression.
#[derive(Clone, Debug)]
pub(super) struct ExprRecord {
    /// Whether the script evaluates it for this request.
    pub reached: bool,
    /// Its value, or what it would have been; none for what leaves the script, and where it failed.
    pub value: Option<ExplainedValue>,
    /// Whether it failed.
    pub failed: bool,
}

/// The values that a walk kept, and the script's outcomes.
pub(super) struct Walked {
    /// By the address of the expression, which stays where it is as long as its tree is borrowed.
    seen: HashMap<usize, ExprRecord>,
    /// The outcomes; none where the script failed or the walk does not know a construct.
    pub outcomes: Option<Vec<Outcome>>,
}

impl Walked {
    /// What is known of an expression of the tree that was walked.
    pub(super) fn seen(&self, expr: &Expr) -> Option<&ExprRecord> {
        self.seen.get(&address(expr))
    }

    /// The value an expression has or would have.
    pub(super) fn value(&self, expr: &Expr) -> Option<&ExplainedValue> {
        self.seen(expr)?.value.as_ref()
    }

    /// The truth value an expression has or would have.
    pub(super) fn truth(&self, expr: &Expr) -> Option<bool> {
        self.value(expr)?.as_bool()
    }

    pub(super) fn reached(&self, expr: &Expr) -> bool {
        self.seen(expr).is_some_and(|seen| seen.reached)
    }
}

fn address(expr: &Expr) -> usize {
    std::ptr::from_ref(expr).addr()
}

/// Why a walk leaves an expression without a value.
pub(super) enum WalkExit {
    /// `return`, with its value.
    Return(ExplainedValue),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// It fails, or is a construct the walk does not know.
    Fail,
}

pub(super) type WalkResult<T> = Result<T, WalkExit>;

/// A variable: its name and value, and whether it is `const`.
pub(super) type WalkVariable = (Arc<str>, ExplainedValue, bool);

/// A walk under way.
pub(super) struct ScriptWalk<'a> {
    pub(super) definition: &'a Definition,
    pub(super) request: &'a Request,
    pub(super) locals: Vec<WalkVariable>,
    seen: HashMap<usize, ExprRecord>,
    /// Whether the script itself comes here.
    reached: bool,
    steps: usize,
    tried: usize,
    calls: usize,
}

/// Walks a rule's script.
pub(super) fn walk(definition: &Definition, tree: &ScriptTree, request: &Request) -> Walked {
    let mut walk =
        ScriptWalk { definition, request, locals: Vec::new(), seen: HashMap::new(), reached: true, steps: 0, tried: 0, calls: 0 };
    let value = match walk.block(&tree.body) {
        Ok(value) | Err(WalkExit::Return(value)) => Some(value),
        Err(_) => None,
    };
    Walked { seen: walk.seen, outcomes: value.and_then(|value| value.outcomes()) }
}

impl ScriptWalk<'_> {
    /// An expression or statement.
    pub(super) fn expr(&mut self, expr: &Expr) -> WalkResult<ExplainedValue> {
        let count = if self.reached { &mut self.steps } else { &mut self.tried };
        *count += 1;
        if self.steps > MOST_STEPS || self.tried > MOST_TRIED {
            return Err(WalkExit::Fail);
        }
        let result = self.kind(expr);
        let seen = ExprRecord {
            reached: self.reached,
            value: result.as_ref().ok().cloned(),
            failed: matches!(result, Err(WalkExit::Fail)),
        };
        let kept = self.seen.entry(address(expr)).or_insert_with(|| seen.clone());
        if self.reached || !kept.reached {
            *kept = seen;
        }
        result
    }

    fn kind(&mut self, expr: &Expr) -> WalkResult<ExplainedValue> {
        let zone = self.definition.schema.zone;
        match &expr.kind {
            ExprKind::Literal(value) => Ok(ExplainedValue::of(value)),
            ExprKind::Field(field) => Ok(ExplainedValue::of(self.request.get(*field))),
            ExprKind::Parameter(index) => {
                let found = self.definition.rule_set.parameters.get_index(index.at());
                found.map(|(_, parameter)| ExplainedValue::of(&parameter.value)).ok_or(WalkExit::Fail)
            }
            ExprKind::List(list) => Ok(ExplainedValue::List(*list)),
            ExprKind::Local(name) => {
                let found = self.locals.iter().rev().find(|(known, ..)| known == name);
                found.map(|(_, value, _)| value.clone()).ok_or(WalkExit::Fail)
            }
            ExprKind::Unary(op, operand) => {
                let operand = self.expr(operand)?;
                value::unary(*op, &operand).ok_or(WalkExit::Fail)
            }
            ExprKind::Binary { op, lhs, rhs, .. } => {
                let (one, other) = (self.expr(lhs)?, self.expr(rhs)?);
                value::binary(*op, &one, &other).ok_or(WalkExit::Fail)
            }
            ExprKind::And(parts) => self.chain(parts, true),
            ExprKind::Or(parts) => self.chain(parts, false),
            ExprKind::Coalesce(parts) => self.coalesce(parts),
            ExprKind::In { item, container, negated } => {
                let (container, item) = (self.expr(container)?, self.expr(item)?);
                let found = value::within(&item, &container, self.definition).ok_or(WalkExit::Fail)?;
                Ok(ExplainedValue::truth(found != *negated))
            }
            ExprKind::Call { function, args, .. } => {
                let args = self.all(args)?;
                value::call(*function, &args, zone).ok_or(WalkExit::Fail)
            }
            ExprKind::Outcome { call, args, .. } => {
                let args = self.all(args)?;
                value::outcome(*call, &args, self.definition).map(ExplainedValue::Outcome).ok_or(WalkExit::Fail)
            }
            ExprKind::SharedCall { parameters, args, body, .. } => self.shared(parameters, args, body),
            ExprKind::Array(items) => Ok(ExplainedValue::Array(self.all(items)?.into())),
            ExprKind::Map(entries) => {
                let made = entries.iter().map(|(name, _, value)| Ok((name.clone(), self.expr(value)?)));
                Ok(ExplainedValue::Map(made.collect::<WalkResult<Vec<_>>>()?.into()))
            }
            ExprKind::Index { base, index } => self.index(base, index),
            ExprKind::Unknown(_) | ExprKind::Opaque { .. } => Err(WalkExit::Fail),
            _ => self.statement(expr),
        }
    }

    fn all(&mut self, exprs: &[Expr]) -> WalkResult<Vec<ExplainedValue>> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    /// Walks a part that is not reached; its changes of variables are undone.
    pub(super) fn trial(&mut self, walk: impl FnOnce(&mut Self)) {
        let (locals, reached) = (self.locals.clone(), self.reached);
        self.reached = false;
        walk(self);
        self.reached = reached;
        self.locals = locals;
    }

    /// `a && b && …`, `a || b || …`.
    fn chain(&mut self, parts: &[Expr], and: bool) -> WalkResult<ExplainedValue> {
        for (at, part) in parts.iter().enumerate() {
            let holds = self.expr(part)?.as_bool().ok_or(WalkExit::Fail)?;
            if holds != and {
                let rest = parts.get(at + 1..).unwrap_or_default();
                for part in rest {
                    self.trial(|walk| drop(walk.expr(part)));
                }
                return Ok(ExplainedValue::truth(holds));
            }
        }
        Ok(ExplainedValue::truth(and))
    }

    fn coalesce(&mut self, parts: &[Expr]) -> WalkResult<ExplainedValue> {
        let mut value = ExplainedValue::MISSING;
        for part in parts {
            value = self.expr(part)?;
            if !value.is_missing() {
                break;
            }
        }
        Ok(value)
    }

    fn index(&mut self, base: &Expr, index: &Expr) -> WalkResult<ExplainedValue> {
        let (base, index) = (self.expr(base)?, self.expr(index)?);
        let (ExplainedValue::Array(items), Some(at)) = (&base, index.as_int()) else { return Err(WalkExit::Fail) };
        let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
        // A negative position counts from the end.
        let at = if at < 0 { at.checked_add(count).ok_or(WalkExit::Fail)? } else { at };
        usize::try_from(at).ok().and_then(|at| items.get(at)).cloned().ok_or(WalkExit::Fail)
    }

    fn shared(&mut self, parameters: &[Arc<str>], args: &[Expr], body: &Block) -> WalkResult<ExplainedValue> {
        let args = self.all(args)?;
        if self.calls >= BUDGET.call_depth {
            return Err(WalkExit::Fail);
        }
        let inner = parameters.iter().cloned().zip(args).map(|(name, value)| (name, value, false)).collect();
        let outer = std::mem::replace(&mut self.locals, inner);
        self.calls += 1;
        let result = self.block(body);
        self.calls -= 1;
        self.locals = outer;
        match result {
            Err(WalkExit::Return(value)) => Ok(value),
            other => other,
        }
    }

    /// Statements in order; the last one's value is the block's.
    pub(super) fn block(&mut self, block: &Block) -> WalkResult<ExplainedValue> {
        let count = self.locals.len();
        let mut result = Ok(ExplainedValue::MISSING);
        for statement in &block.statements {
            result = self.expr(&statement.expr);
            if result.is_err() {
                break;
            }
        }
        self.locals.truncate(count);
        result
    }

    /// `x = v`, `x += v`.
    pub(super) fn assign(&mut self, target: &Expr, op: Option<BinaryOp>, given: &Expr) -> WalkResult<ExplainedValue> {
        let given = self.expr(given)?;
        let ExprKind::Local(name) = &target.kind else { return Err(WalkExit::Fail) };
        let Some((_, held, false)) = self.locals.iter_mut().rev().find(|(known, ..)| known == name) else {
            return Err(WalkExit::Fail);
        };
        *held = match op {
            None => given,
            // A whole number never becomes one with a fraction in place.
            Some(_) if held.as_int().is_some() && given.as_int().is_none() => return Err(WalkExit::Fail),
            Some(op) => value::binary(op, held, &given).ok_or(WalkExit::Fail)?,
        };
        Ok(ExplainedValue::MISSING)
    }
}
