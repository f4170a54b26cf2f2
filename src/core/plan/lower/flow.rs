//! Blocks, `if`, `switch`, `let`, assignment and `return`: which way a script takes, and what its variables then hold.

use std::sync::Arc;

use super::super::node::{CompareOp, Constant, NodeId, Unary, ValueKind};
use super::super::rule::NotLowered;
use super::value::LoweredValue;
use super::{Lowered, LoweredVariable, PlanLowering};
use crate::model::Value;
use crate::script::tree::{Arm, BinaryOp, Block, Expr, ExprKind};
use crate::text::Span;

/// The most ways of one `if` or `switch`.
const MOST_WAYS: usize = 100;

/// What a walk gives: a value, or nothing where every way has been left.
pub(super) type BlockValue = Option<LoweredValue>;

impl PlanLowering<'_> {
    /// Statements in order; the last one's value is the block's.
    pub(super) fn block(&mut self, block: &Block) -> Lowered<BlockValue> {
        let (locals, path) = (self.frame.locals.len(), self.path.len());
        let mut value = Some(LoweredValue::Unit);
        let last = block.statements.len();
        for (at, statement) in block.statements.iter().enumerate() {
            let left = self.frame.returns.len();
            value = self.expr(&statement.expr)?;
            let Some(given) = &value else { break };
            if at + 1 < last {
                self.check_value(given);
                self.not_left_since(left);
            }
        }
        self.frame.locals.truncate(locals);
        self.path.truncate(path);
        Ok(value)
    }

    /// The rest of a function's block is reached only where it was not left before.
    fn not_left_since(&mut self, count: usize) {
        let ways: Vec<NodeId> = self.frame.returns.iter().skip(count).map(|(guard, _)| *guard).collect();
        if !ways.is_empty() {
            let left = self.graph.any(ways);
            let stayed = self.graph.unary(Unary::Not, left);
            self.path.push(stayed);
        }
    }

    /// Two ways from a condition; variables hold what the way taken gave them.
    pub(super) fn branch(
        &mut self,
        condition: NodeId,
        then: impl FnOnce(&mut Self) -> Lowered<BlockValue>,
        otherwise: impl FnOnce(&mut Self) -> Lowered<BlockValue>,
    ) -> Lowered<BlockValue> {
        match self.graph.as_bool(condition) {
            Some(true) => return then(self),
            Some(false) => return otherwise(self),
            None => self.check(condition),
        }
        let before = self.frame.locals.clone();
        let count = before.len();
        self.path.push(condition);
        let one = then(self)?;
        self.path.pop();
        self.frame.locals.truncate(count);
        let after_one = std::mem::replace(&mut self.frame.locals, before);
        let opposite = self.graph.unary(Unary::Not, condition);
        // The script's own ends are steps: where one was taken, later steps are not evaluated.
        let needed = one.is_some() || self.frame.function;
        if needed {
            self.path.push(opposite);
        }
        let other = otherwise(self)?;
        if needed {
            self.path.pop();
        }
        self.frame.locals.truncate(count);
        Ok(match (one, other) {
            (Some(one), Some(other)) => {
                for (local, was) in self.frame.locals.iter_mut().zip(after_one) {
                    let now = std::mem::replace(&mut local.value, LoweredValue::Unit);
                    local.value = LoweredValue::merge(self.graph, condition, was.value, now);
                }
                Some(LoweredValue::merge(self.graph, condition, one, other))
            }
            (Some(one), None) => {
                self.frame.locals = after_one;
                Some(one)
            }
            (None, other) => other,
        })
    }

    pub(super) fn if_else(&mut self, arms: &[(Expr, Block)], otherwise: Option<&Block>) -> Lowered<BlockValue> {
        let Some(((condition, then), rest)) = arms.split_first() else {
            return otherwise.map_or(Ok(Some(LoweredValue::Unit)), |block| self.block(block));
        };
        if rest.len() >= MOST_WAYS {
            return Err(NotLowered::new(condition.span, "an `if` with more than 100 ways", "分支超过 100 个的 `if`"));
        }
        let condition = self.truth(condition)?;
        self.branch(condition, |lower| lower.block(then), |lower| lower.if_else(rest, otherwise))
    }

    /// Arms for one value come before arms for ranges, each in order; that is how the interpreter looks them up.
    pub(super) fn switch(&mut self, subject: &Expr, arms: &[Arm], default: Option<&Expr>) -> Lowered<BlockValue> {
        let span = subject.span;
        let value = self.operand(subject)?;
        self.check_value(&value);
        let mut ways: Vec<(NodeId, &Arm)> = Vec::new();
        for ranges in [false, true] {
            for arm in arms {
                let mut conditions = Vec::new();
                for wanted in arm.values.iter().filter(|value| is_range(value) == ranges) {
                    conditions.push(self.arm_holds(&value, wanted, span)?);
                }
                if !conditions.is_empty() {
                    ways.push((self.graph.any(conditions), arm));
                }
            }
        }
        if ways.len() > MOST_WAYS {
            return Err(NotLowered::new(span, "a `switch` with more than 100 ways", "分支超过 100 个的 `switch`"));
        }
        self.switch_from(&ways, default)
    }

    fn switch_from(&mut self, ways: &[(NodeId, &Arm)], default: Option<&Expr>) -> Lowered<BlockValue> {
        let Some(((holds, arm), rest)) = ways.split_first() else {
            return default.map_or(Ok(Some(LoweredValue::Unit)), |default| self.expr(default));
        };
        let mut condition = *holds;
        if let Some(guard) = &arm.guard {
            self.path.push(condition);
            let guard = self.truth(guard);
            self.path.pop();
            condition = self.graph.all([condition, guard?]);
        }
        self.branch(condition, |lower| lower.expr(&arm.body), |lower| lower.switch_from(rest, default))
    }

    fn arm_holds(&mut self, subject: &LoweredValue, wanted: &Expr, span: Span) -> Lowered<NodeId> {
        let refused = || NotLowered::new(span, "a `switch` over such values", "对此类值使用的 `switch`");
        let subject = match subject {
            LoweredValue::Scalar(node) => *node,
            LoweredValue::Unit => return Ok(self.graph.truth(matches!(wanted.kind, ExprKind::Literal(Value::Missing)))),
            _ => return Err(refused()),
        };
        if let ExprKind::Binary { op, lhs, rhs, .. } = &wanted.kind {
            let (ExprKind::Literal(Value::Int(low)), ExprKind::Literal(Value::Int(high))) = (&lhs.kind, &rhs.kind) else {
                return Err(refused());
            };
            if self.graph.node(subject).kind != ValueKind::I64 {
                return Err(refused());
            }
            let (low, high) = (self.graph.constant(Constant::Int(*low)), self.graph.constant(Constant::Int(*high)));
            let above = if *op == BinaryOp::InclusiveRange { CompareOp::LessOrEqual } else { CompareOp::Less };
            let ends = [self.graph.compare(CompareOp::GreaterOrEqual, subject, low), self.graph.compare(above, subject, high)];
            return Ok(self.graph.all(ends));
        }
        let ExprKind::Literal(literal) = &wanted.kind else { return Err(refused()) };
        if *literal == Value::Missing {
            return Ok(self.graph.is_missing(subject));
        }
        let Some(wanted) = self.literal(literal) else { return Err(refused()) };
        let (kind, other) = (self.graph.node(subject).kind, self.graph.node(wanted).kind);
        match (kind, other) {
            // The interpreter looks numbers with a fraction up by their bits.
            (ValueKind::F64, _) | (_, ValueKind::F64) => Err(refused()),
            _ if kind == other => Ok(self.graph.compare(CompareOp::Equal, subject, wanted)),
            _ => Ok(self.graph.truth(false)),
        }
    }

    pub(super) fn assign(&mut self, target: &Expr, op: Option<BinaryOp>, value: &Expr) -> Lowered<BlockValue> {
        let given = self.operand(value)?;
        let refused = || NotLowered::new(target.span, "a change of something that is no variable", "对非变量的赋值");
        let ExprKind::Local(name) = &target.kind else { return Err(refused()) };
        let found = self.frame.locals.iter().rposition(|local| local.name == *name);
        let Some((at, local)) = found.and_then(|at| Some((at, self.frame.locals.get(at)?))) else { return Err(refused()) };
        if local.fixed || self.frame.operands > 0 {
            return Err(refused());
        }
        let becomes = match op {
            None => given,
            Some(op) => {
                let now = local.value.clone();
                let same = self.same_kind(&now, &given);
                if !matches!(op, BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply) || !same {
                    return Err(NotLowered::new(target.span, "this kind of assignment", "此类赋值"));
                }
                LoweredValue::Scalar(self.operate(op, &now, &given, target.span)?)
            }
        };
        self.check_value(&becomes);
        if let Some(local) = self.frame.locals.get_mut(at) {
            local.value = becomes;
        }
        Ok(Some(LoweredValue::Unit))
    }

    fn same_kind(&self, one: &LoweredValue, other: &LoweredValue) -> bool {
        match (one, other) {
            (LoweredValue::Scalar(one), LoweredValue::Scalar(other)) => self.graph.node(*one).kind == self.graph.node(*other).kind,
            _ => false,
        }
    }

    pub(super) fn variable(&mut self, name: &Arc<str>, constant: bool, value: Option<&Expr>, span: Span) -> Lowered<BlockValue> {
        let value = match value {
            Some(value) => match self.expr(value)? {
                Some(value) => value,
                None => return Ok(None),
            },
            None => LoweredValue::Unit,
        };
        self.check_value(&value);
        // The interpreter refuses a second variable of a name.
        let taken = self.frame.locals.iter().any(|local| local.name == *name);
        if taken || (!self.frame.function && self.context.names.contains(name)) {
            return Err(NotLowered::new(span, "a name used for two variables", "两个变量同名"));
        }
        self.frame.locals.push(LoweredVariable { name: name.clone(), value, fixed: constant });
        Ok(Some(LoweredValue::Unit))
    }

    /// The end of the script or function here, with that value.
    pub(super) fn leave(&mut self, value: Option<&Expr>, span: Span) -> Lowered<BlockValue> {
        if self.frame.operands > 0 {
            return Err(NotLowered::new(span, "a `return` inside an expression", "表达式内部的 `return`"));
        }
        let value = match value {
            Some(value) => match self.expr(value)? {
                Some(value) => value,
                None => return Ok(None),
            },
            None => LoweredValue::Unit,
        };
        if self.frame.function {
            self.check_value(&value);
            let guard = self.guard_from(self.frame.base);
            self.frame.returns.push((guard, value));
        } else {
            self.end(&value, span)?;
        }
        Ok(None)
    }
}

fn is_range(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Binary { op: BinaryOp::Range | BinaryOp::InclusiveRange, .. })
}
