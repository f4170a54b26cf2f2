//! Calls: helpers, outcome functions, and functions of the shared script walked in place.

use std::sync::Arc;

use super::super::node::{Constant, Unary, ValueKind};
use super::super::rule::{NotLowered, OutcomeNode, ReasonNode};
use super::value::LoweredValue;
use super::{Frame, Lowered, LoweredVariable, PlanLowering};
use crate::model::Limit;
use crate::script::functions::{FunctionId, Gives, ScriptValue, Takes};
use crate::script::tree::{Block, Expr, OutcomeCall};
use crate::text::Span;

impl PlanLowering<'_> {
    pub(super) fn call(&mut self, function: FunctionId, args: &[Expr], span: Span) -> Lowered<LoweredValue> {
        let wrong = || NotLowered::new(span, "a call with such arguments", "带此类参数的调用");
        let mut values = Vec::new();
        for arg in args {
            values.push(self.operand(arg)?);
        }
        if let [value @ LoweredValue::Array(items)] = values.as_slice() {
            self.check_value(value);
            let length = [ScriptValue::Array(items.len())];
            let value = function.evaluate(&length, self.graph.zone()).ok().and_then(Constant::of).ok_or_else(wrong)?;
            return Ok(LoweredValue::Scalar(self.graph.constant(value)));
        }
        let mut nodes = Vec::new();
        for (value, arg) in values.iter().zip(args) {
            nodes.push(Self::as_scalar(value, arg.span)?);
        }
        let kinds: Vec<ValueKind> = nodes.iter().map(|node| self.graph.node(*node).kind).collect();
        let kind = kind_of_call(function, &kinds).ok_or_else(wrong)?;
        Ok(LoweredValue::Scalar(self.graph.call(function, &nodes, kind)))
    }

    pub(super) fn outcome(&mut self, call: OutcomeCall, args: &[Expr], span: Span) -> Lowered<OutcomeNode> {
        let wrong = || NotLowered::new(span, "an outcome with such arguments", "带此类参数的规则结果");
        let mut values = Vec::new();
        for arg in args {
            values.push(self.operand(arg)?);
        }
        match (call, values.as_slice()) {
            (OutcomeCall::Verdict(verdict), [reason]) => Ok(OutcomeNode::Verdict(verdict, self.reason(reason).ok_or_else(wrong)?)),
            (OutcomeCall::Score, [points, reason]) => {
                let points = Self::as_scalar(points, span)?;
                if self.graph.node(points).kind != ValueKind::I64 {
                    return Err(wrong());
                }
                let points = self.graph.present(points);
                Ok(OutcomeNode::Score(points, self.reason(reason).ok_or_else(wrong)?))
            }
            (OutcomeCall::Limit, [LoweredValue::Map(entries)]) if !entries.is_empty() => {
                let mut amounts = [None; 4];
                for (name, value) in entries.iter() {
                    let amount = Self::as_scalar(value, span)?;
                    let limit = Limit::ALL.into_iter().find(|limit| limit.word() == name.as_ref()).ok_or_else(wrong)?;
                    if self.graph.node(amount).kind != ValueKind::I64 {
                        return Err(wrong());
                    }
                    if let Some(place) = amounts.get_mut(limit as usize) {
                        *place = Some(self.graph.unary(Unary::LimitAmount, amount));
                    }
                }
                Ok(OutcomeNode::Limit(amounts))
            }
            (OutcomeCall::Route, [LoweredValue::Scalar(id)]) if self.graph.node(*id).kind == ValueKind::Text => {
                if let Some(text) = self.graph.as_text(*id) {
                    return self.context.interface(text).map(OutcomeNode::Route).ok_or_else(wrong);
                }
                let id = self.graph.present(*id);
                Ok(OutcomeNode::RouteTo(self.graph.interface(id)))
            }
            _ => Err(wrong()),
        }
    }

    fn reason(&mut self, value: &LoweredValue) -> Option<ReasonNode> {
        let LoweredValue::Scalar(node) = value else { return None };
        if let Some(code) = self.graph.as_text(*node) {
            return self.context.reason(code).map(ReasonNode::Fixed);
        }
        if self.graph.node(*node).kind != ValueKind::Text {
            return None;
        }
        let code = self.graph.present(*node);
        Some(ReasonNode::Of(self.graph.reason(code)))
    }

    /// A call of a shared function: its statements with the arguments as variables.
    pub(super) fn shared(&mut self, parameters: &[Arc<str>], args: &[Expr], body: &Block, span: Span) -> Lowered<LoweredValue> {
        // Far enough from the interpreter's budget of calls.
        if !self.context.shared || self.calls + 2 > crate::script::BUDGET.call_depth {
            return Err(NotLowered::new(span, "a call nested this deeply", "嵌套过深的调用"));
        }
        let mut locals = Vec::new();
        for (name, arg) in parameters.iter().zip(args) {
            let value = self.operand(arg)?;
            self.check_value(&value);
            locals.push(LoweredVariable { name: name.clone(), value, fixed: true });
        }
        let base = self.path.len();
        let inner = Frame { locals, base, function: true, ..Frame::default() };
        let outer = std::mem::replace(&mut self.frame, inner);
        self.calls += 1;
        let flow = self.block(body);
        self.calls -= 1;
        let frame = std::mem::replace(&mut self.frame, outer);
        self.path.truncate(base);
        let mut value = flow?;
        for (guard, left_with) in frame.returns.into_iter().rev() {
            value = Some(match value {
                Some(rest) => LoweredValue::merge(self.graph, guard, left_with, rest),
                None => left_with,
            });
        }
        value.ok_or_else(|| NotLowered::new(span, "a function without a value", "没有值的函数"))
    }
}

/// The kind of a call's value; none where the function does not take arguments of these kinds.
fn kind_of_call(function: FunctionId, kinds: &[ValueKind]) -> Option<ValueKind> {
    let first = kinds.first().copied();
    let takes_all = kinds
        .iter()
        .zip(function.parameters)
        .all(|(kind, (_, takes))| takes_kind(*takes, *kind) && (*takes != Takes::Ordered || Some(*kind) == first));
    if !takes_all || !function.counts().contains(&kinds.len()) {
        return None;
    }
    match function.gives {
        Gives::Bool => Some(ValueKind::Bool),
        Gives::Int | Gives::Money | Gives::Quotient | Gives::Time => Some(ValueKind::I64),
        Gives::Float => Some(ValueKind::F64),
        Gives::Text => Some(ValueKind::Text),
        Gives::SameAsFirst => first,
        Gives::Outcome => None,
    }
}

fn takes_kind(takes: Takes, kind: ValueKind) -> bool {
    match takes {
        Takes::Int | Takes::Amount | Takes::Whole | Takes::SameWhole | Takes::Divisor | Takes::Time => kind == ValueKind::I64,
        Takes::Float | Takes::Number | Takes::Ordered => matches!(kind, ValueKind::I64 | ValueKind::F64),
        Takes::Yuan | Takes::Rate | Takes::TextOrInt => matches!(kind, ValueKind::I64 | ValueKind::Text),
        Takes::Text
        | Takes::TextOrEnum
        | Takes::Searched
        | Takes::TextOrArray
        | Takes::TimeText
        | Takes::Unit
        | Takes::Rounding => kind == ValueKind::Text,
        Takes::Reason | Takes::Interface | Takes::Limits => false,
    }
}
