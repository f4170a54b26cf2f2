//! Expressions: leaves, conditions, `??`, `in`, arrays and maps.

use std::rc::Rc;

use super::super::node::{CompareOp, Constant, NodeId, Unary, ValueKind};
use super::super::probe::ProbedCondition;
use super::super::rule::NotLowered;
use super::flow::BlockValue;
use super::value::LoweredValue;
use super::{Lowered, PlanLowering};
use crate::model::{ListIndex, ListType, Value};
use crate::script::functions::FunctionId;
use crate::script::tree::{Expr, ExprKind, UnaryOp};
use crate::text::Span;

impl PlanLowering<'_> {
    /// Any expression or statement at the current point.
    pub(super) fn expr(&mut self, expr: &Expr) -> Lowered<BlockValue> {
        self.spend(expr.span)?;
        match &expr.kind {
            ExprKind::If { arms, otherwise } => self.if_else(arms, otherwise.as_ref()),
            ExprKind::Switch { subject, arms, default } => self.switch(subject, arms, default.as_deref()),
            ExprKind::Block(block) => self.block(block),
            ExprKind::Let { name, constant, value, .. } => self.variable(name, *constant, value.as_deref(), expr.span),
            ExprKind::Assign { target, op, value } => self.assign(target, *op, value),
            ExprKind::Return(value) => self.leave(value.as_deref(), expr.span),
            _ => self.value(expr).map(Some),
        }
    }

    /// An expression whose value another one needs.
    pub(super) fn operand(&mut self, expr: &Expr) -> Lowered<LoweredValue> {
        self.frame.operands += 1;
        let flow = self.expr(expr);
        self.frame.operands -= 1;
        flow?.ok_or_else(|| NotLowered::new(expr.span, "an expression without a value", "没有值的表达式"))
    }

    /// A truth value, number or text.
    pub(super) fn scalar(&mut self, expr: &Expr) -> Lowered<NodeId> {
        let value = self.operand(expr)?;
        Self::as_scalar(&value, expr.span)
    }

    pub(super) fn as_scalar(value: &LoweredValue, span: Span) -> Lowered<NodeId> {
        match value {
            LoweredValue::Scalar(node) => Ok(*node),
            LoweredValue::Unit => Err(NotLowered::new(span, "nothing `()` used as a value", "把空值 `()` 当作值使用")),
            _ => Err(NotLowered::new(span, "a value put together in this way", "以这种方式组成的值")),
        }
    }

    /// A truth value that is there.
    pub(super) fn truth(&mut self, expr: &Expr) -> Lowered<NodeId> {
        let node = self.scalar(expr)?;
        if self.graph.node(node).kind != ValueKind::Bool {
            return Err(NotLowered::new(expr.span, "a condition that is not Bool", "不是布尔值的条件"));
        }
        let node = self.graph.present(node);
        if self.conditions.is_some() {
            let guard = self.guard_from(0);
            let step = self.steps.len();
            self.conditions.get_or_insert_default().push(ProbedCondition { span: expr.span, step, guard, node });
        }
        Ok(node)
    }

    pub(super) fn literal(&mut self, value: &Value) -> Option<NodeId> {
        let constant = match value {
            Value::Missing => return None,
            Value::Bool(value) => Constant::Bool(*value),
            Value::Int(number) => Constant::Int(*number),
            Value::Money(fen) => Constant::Int(fen.0),
            Value::Time(time) => Constant::Int(time.micros()),
            Value::Float(number) => Constant::Float(number.to_bits()),
            Value::Text(text) if text.len() > super::super::semantics::TEXT_BYTES => return None,
            Value::Text(text) => Constant::Text(text.clone()),
        };
        Some(self.graph.constant(constant))
    }

    fn value(&mut self, expr: &Expr) -> Lowered<LoweredValue> {
        let span = expr.span;
        Ok(match &expr.kind {
            ExprKind::Literal(Value::Missing) => LoweredValue::Unit,
            ExprKind::Literal(value) => {
                let refused = || NotLowered::new(span, "a long text", "过长的文本");
                LoweredValue::Scalar(self.literal(value).ok_or_else(refused)?)
            }
            ExprKind::Field(_) | ExprKind::Parameter(_) | ExprKind::List(_) | ExprKind::Local(_) => self.leaf(expr)?,
            ExprKind::Unary(op, operand) => LoweredValue::Scalar(self.unary(*op, operand)?),
            ExprKind::Binary { op, lhs, rhs, .. } => self.binary(*op, lhs, rhs, span)?,
            ExprKind::And(parts) => LoweredValue::Scalar(self.chain(parts, true)?),
            ExprKind::Or(parts) => LoweredValue::Scalar(self.chain(parts, false)?),
            ExprKind::Coalesce(parts) => self.coalesce(parts)?,
            ExprKind::In { item, container, negated } => {
                let found = self.within(item, container)?;
                LoweredValue::Scalar(if *negated { self.graph.unary(Unary::Not, found) } else { found })
            }
            ExprKind::Call { function, args, .. } => self.call(*function, args, span)?,
            ExprKind::Outcome { call, args, .. } => LoweredValue::Outcome(self.outcome(*call, args, span)?),
            ExprKind::SharedCall { parameters, args, body, .. } => self.shared(parameters, args, body, span)?,
            ExprKind::Array(items) => self.array(items, span)?,
            ExprKind::Map(entries) => {
                let mut made = Vec::new();
                for (name, _, value) in entries {
                    made.push((name.clone(), self.operand(value)?));
                }
                LoweredValue::Map(made.into())
            }
            other => return Err(refusal(other, span)),
        })
    }

    fn leaf(&mut self, expr: &Expr) -> Lowered<LoweredValue> {
        let unknown = || NotLowered::new(expr.span, "a name that nothing has", "不存在的名称");
        Ok(match &expr.kind {
            ExprKind::Field(index) => {
                let (kind, optional, is_time) = *self.context.fields.get(index.at()).ok_or_else(unknown)?;
                LoweredValue::Scalar(self.graph.field(*index, kind, optional, is_time))
            }
            ExprKind::Parameter(index) => {
                let (kind, is_time) = *self.context.parameters.get(index.at()).ok_or_else(unknown)?;
                LoweredValue::Scalar(self.graph.parameter(*index, kind, is_time))
            }
            ExprKind::List(index) => LoweredValue::List(*index),
            ExprKind::Local(name) => {
                let local = self.frame.locals.iter().rev().find(|local| local.name == *name).ok_or_else(unknown)?;
                local.value.clone()
            }
            _ => return Err(unknown()),
        })
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) -> Lowered<NodeId> {
        if op == UnaryOp::Not {
            let operand = self.truth(operand)?;
            return Ok(self.graph.unary(Unary::Not, operand));
        }
        let node = self.scalar(operand)?;
        if !matches!(self.graph.node(node).kind, ValueKind::I64 | ValueKind::F64) {
            return Err(NotLowered::new(operand.span, "a sign before something that is no number", "对非数值使用正负号"));
        }
        Ok(if op == UnaryOp::Negate { self.graph.unary(Unary::Negate, node) } else { self.graph.present(node) })
    }

    /// `a && b && …`, `a || b || …`: a part is reached where those before it held, or did not.
    fn chain(&mut self, parts: &[Expr], and: bool) -> Lowered<NodeId> {
        let depth = self.path.len();
        let mut nodes = Vec::new();
        for part in parts {
            let node = self.truth(part)?;
            nodes.push(node);
            let on = if and { node } else { self.graph.unary(Unary::Not, node) };
            self.path.push(on);
        }
        self.path.truncate(depth);
        Ok(if and { self.graph.all(nodes) } else { self.graph.any(nodes) })
    }

    /// `a ?? b ?? …`: a part is reached where those before it are missing.
    fn coalesce(&mut self, parts: &[Expr]) -> Lowered<LoweredValue> {
        let depth = self.path.len();
        let mut nodes: Vec<NodeId> = Vec::new();
        for part in parts {
            let value = self.operand(part)?;
            if matches!(value, LoweredValue::Unit) {
                continue;
            }
            let node = Self::as_scalar(&value, part.span)?;
            if nodes.first().is_some_and(|first| self.graph.node(*first).kind != self.graph.node(node).kind) {
                return Err(NotLowered::new(part.span, "`??` between unlike types", "类型不一致的 `??`"));
            }
            nodes.push(node);
            let missing = self.graph.is_missing(node);
            self.path.push(missing);
        }
        self.path.truncate(depth);
        let last = nodes.pop();
        let Some(mut value) = last else { return Ok(LoweredValue::Unit) };
        for node in nodes.into_iter().rev() {
            value = self.graph.coalesce(node, value);
        }
        Ok(LoweredValue::Scalar(value))
    }

    fn array(&mut self, items: &[Expr], span: Span) -> Lowered<LoweredValue> {
        if items.len() > crate::script::BUDGET.array_elements {
            return Err(NotLowered::new(span, "an array of this many elements", "元素如此多的数组"));
        }
        let mut made = Vec::new();
        let mut bytes = 0;
        for item in items {
            let value = self.operand(item)?;
            match &value {
                LoweredValue::Scalar(node) if self.graph.node(*node).kind == ValueKind::Text => {
                    bytes += self.graph.as_text(*node).map_or(super::super::semantics::TEXT_BYTES, |text| text.len());
                }
                LoweredValue::Array(_) | LoweredValue::Map(_) | LoweredValue::Range { .. } | LoweredValue::List(_) => {
                    return Err(NotLowered::new(item.span, "an array in an array", "数组中的数组"));
                }
                _ => {}
            }
            made.push(value);
        }
        if bytes > crate::script::BUDGET.text_bytes {
            return Err(NotLowered::new(span, "an array of long texts", "由长文本组成的数组"));
        }
        Ok(LoweredValue::Array(made.into()))
    }

    /// `item in container`; the container is evaluated whole, and first.
    fn within(&mut self, item: &Expr, container: &Expr) -> Lowered<NodeId> {
        let held = self.operand(container)?;
        let item_value = self.operand(item)?;
        let unlike = || NotLowered::new(item.span, "`in` between unlike types", "类型不一致的 `in`");
        if let LoweredValue::Array(elements) = &held {
            return self.in_array(&item_value, elements, &held, item.span);
        }
        let node = Self::as_scalar(&item_value, item.span)?;
        let kind = self.graph.node(node).kind;
        match held {
            LoweredValue::List(list) if self.list_kind(list) == Some(kind) => Ok(self.graph.in_list(list, node)),
            LoweredValue::Range { low, high, inclusive } if kind == ValueKind::I64 => {
                self.check(low);
                self.check(high);
                let node = self.graph.present(node);
                let above = if inclusive { CompareOp::LessOrEqual } else { CompareOp::Less };
                let ends = [self.graph.compare(CompareOp::GreaterOrEqual, node, low), self.graph.compare(above, node, high)];
                Ok(self.graph.all(ends))
            }
            LoweredValue::Scalar(text) if kind == ValueKind::Text && self.graph.node(text).kind == ValueKind::Text => {
                Ok(self.graph.call(FunctionId::Contains, &[text, node], ValueKind::Bool))
            }
            _ => Err(unlike()),
        }
    }

    fn list_kind(&self, list: ListIndex) -> Option<ValueKind> {
        self.context.lists.get(list.at()).map(|kind| match kind {
            ListType::Text => ValueKind::Text,
            ListType::Int => ValueKind::I64,
        })
    }

    fn in_array(&mut self, item: &LoweredValue, elements: &Rc<[LoweredValue]>, held: &LoweredValue, span: Span) -> Lowered<NodeId> {
        self.check_value(held);
        self.check_value(item);
        let scalars: Option<Vec<NodeId>> =
            elements.iter().map(|element| if let LoweredValue::Scalar(node) = element { Some(*node) } else { None }).collect();
        if let (LoweredValue::Scalar(item), Some(scalars)) = (item, scalars)
            && let Some(found) = self.graph.in_set(*item, &scalars)
        {
            return Ok(found);
        }
        let found: Vec<NodeId> = elements.iter().map(|element| self.element(item, element, span)).collect::<Lowered<_>>()?;
        Ok(self.graph.any(found))
    }

    fn element(&mut self, item: &LoweredValue, element: &LoweredValue, span: Span) -> Lowered<NodeId> {
        match (item, element) {
            (LoweredValue::Unit, LoweredValue::Unit) => Ok(self.graph.truth(true)),
            (LoweredValue::Scalar(node), LoweredValue::Unit) | (LoweredValue::Unit, LoweredValue::Scalar(node)) => {
                Ok(self.graph.is_missing(*node))
            }
            _ => {
                let (one, other) = (Self::as_scalar(item, span)?, Self::as_scalar(element, span)?);
                self.same(one, other, span)
            }
        }
    }

    /// Whether two values are the same element: numbers of either kind by their value, nothing like nothing.
    fn same(&mut self, one: NodeId, other: NodeId, span: Span) -> Lowered<NodeId> {
        let (left, right) = (self.graph.node(one).kind, self.graph.node(other).kind);
        match (left, right) {
            _ if left == right => Ok(self.graph.compare(CompareOp::Same, one, other)),
            (ValueKind::I64, ValueKind::F64) | (ValueKind::F64, ValueKind::I64) => {
                let (one, other) = self.both_floats(one, other);
                Ok(self.graph.compare(CompareOp::Same, one, other))
            }
            _ => Err(NotLowered::new(span, "`in` between unlike types", "类型不一致的 `in`")),
        }
    }
}

/// Why an expression is not lowered, by what it is.
fn refusal(kind: &ExprKind, span: Span) -> NotLowered {
    let (en, zh) = match kind {
        ExprKind::While { .. } | ExprKind::Do { .. } | ExprKind::For { .. } | ExprKind::Break(_) | ExprKind::Continue => {
            ("a loop", "循环")
        }
        ExprKind::Index { .. } => ("an element of an array", "数组元素"),
        ExprKind::Unknown(_) => ("a name that nothing has", "不存在的名称"),
        ExprKind::Opaque { .. } => ("a construct that rules do not have", "规则不支持的语法"),
        _ => ("an expression of this kind", "此类表达式"),
    };
    NotLowered::new(span, en, zh)
}
