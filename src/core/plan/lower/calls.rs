//! Calls: helpers, outcome functions, and functions of the shared script walked in place.

use std::sync::Arc;

use super::super::node::{Binary, Comparison, Constant, Kind, NodeId, Unary};
use super::super::rule::{NotLowered, OutcomeNode, ReasonNode};
use super::value::Val;
use super::{Frame, Local, Lower, Lowered};
use crate::model::{Limit, Rate, Rounding};
use crate::script::functions::{Function, Gives, Takes};
use crate::script::tree::{Block, Expr, OutcomeCall};
use crate::text::Span;

/// What a helper becomes, with the kinds of its arguments.
enum Helper {
    One(Unary, Kind),
    Two(Binary, Kind),
    /// Whole numbers or numbers with a fraction, both arguments the same.
    Numbers(Binary),
}

fn helper(function: &Function) -> Option<Helper> {
    Some(match function.name {
        "time" => Helper::One(Unary::TimeText, Kind::Text),
        "date" if function.gives == Gives::Text => Helper::One(Unary::Date, Kind::I64),
        "date" => Helper::One(Unary::StartOfDay, Kind::I64),
        "year" => Helper::One(Unary::Year, Kind::I64),
        "month" => Helper::One(Unary::Month, Kind::I64),
        "hour" => Helper::One(Unary::Hour, Kind::I64),
        "minute" => Helper::One(Unary::Minute, Kind::I64),
        "day" | "day_of_month" => Helper::One(Unary::Day, Kind::I64),
        "weekday" => Helper::One(Unary::Weekday, Kind::I64),
        "lower" => Helper::One(Unary::Lower, Kind::Text),
        "upper" => Helper::One(Unary::Upper, Kind::Text),
        "trim" => Helper::One(Unary::Trim, Kind::Text),
        "div" => Helper::Two(Binary::Divide, Kind::I64),
        "days_between" => Helper::Two(Binary::DaysBetween, Kind::I64),
        "minutes_between" => Helper::Two(Binary::MinutesBetween, Kind::I64),
        "share" => Helper::Two(Binary::Share, Kind::Text),
        "starts_with" => Helper::Two(Binary::StartsWith, Kind::Text),
        "ends_with" => Helper::Two(Binary::EndsWith, Kind::Text),
        "contains" => Helper::Two(Binary::Contains, Kind::Text),
        "min" => Helper::Numbers(Binary::Min),
        "max" => Helper::Numbers(Binary::Max),
        _ => return None,
    })
}

impl Lower<'_> {
    pub(super) fn call(&mut self, function: &Function, args: &[Expr], span: Span) -> Lowered<Val> {
        let mut values = Vec::new();
        for arg in args {
            values.push(self.operand(arg)?);
        }
        if let ("len", [Val::Array(items)]) = (function.name, values.as_slice()) {
            let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
            for value in &values {
                self.check_value(value);
            }
            return Ok(Val::Scalar(self.graph.constant(Constant::Int(count))));
        }
        let mut nodes = Vec::new();
        for (value, arg) in values.iter().zip(args) {
            nodes.push(Self::as_scalar(value, arg.span)?);
        }
        let wrong = || NotLowered::new(span, "a call with such arguments", "带此类参数的调用");
        self.helper_call(function, &nodes).map(Val::Scalar).ok_or_else(wrong)
    }

    fn helper_call(&mut self, function: &Function, nodes: &[NodeId]) -> Option<NodeId> {
        let kind = |lower: &Self, node: NodeId| lower.graph.node(node).kind;
        match (function.name, nodes) {
            ("yuan", [amount]) if kind(self, *amount) == Kind::I64 => {
                let hundred = self.graph.constant(Constant::Int(100));
                return Some(self.graph.binary(Binary::Multiply, *amount, hundred));
            }
            ("yuan", [text]) if kind(self, *text) == Kind::Text => return Some(self.graph.unary(Unary::YuanText, *text)),
            ("fen", [amount]) if kind(self, *amount) == Kind::I64 => return Some(self.graph.present(*amount)),
            ("len", [text]) if kind(self, *text) == Kind::Text => return Some(self.graph.unary(Unary::Length, *text)),
            ("abs", [number]) if matches!(kind(self, *number), Kind::I64 | Kind::F64) => {
                return Some(self.graph.unary(Unary::Absolute, *number));
            }
            ("is_empty", [text]) if kind(self, *text) == Kind::Text => {
                let empty = self.graph.constant(Constant::text(""));
                let text = self.graph.present(*text);
                return Some(self.graph.compare(Comparison::Equal, text, empty));
            }
            ("round" | "floor", [number]) if kind(self, *number) == Kind::I64 => return Some(self.graph.present(*number)),
            ("round", [number]) if kind(self, *number) == Kind::F64 => return Some(self.graph.unary(Unary::Round, *number)),
            ("floor", [number]) if kind(self, *number) == Kind::F64 => return Some(self.graph.unary(Unary::Floor, *number)),
            ("left" | "right", [text, wanted]) if kind(self, *text) == Kind::Text && kind(self, *wanted) == Kind::I64 => {
                let how = if function.name == "left" { Binary::Left } else { Binary::Right };
                return Some(self.graph.binary(how, *text, *wanted));
            }
            ("share", [key, salt]) if kind(self, *key) == Kind::I64 && kind(self, *salt) == Kind::Text => {
                let takes_numbers = matches!(function.parameters, [(_, Takes::TextOrInt), ..]);
                return takes_numbers.then(|| self.graph.binary(Binary::Share, *key, *salt));
            }
            ("percent", [amount, rate, rest @ ..]) => return self.percent(*amount, *rate, rest),
            ("round", [amount, unit, rest @ ..]) if kind(self, *amount) == Kind::I64 && kind(self, *unit) == Kind::Text => {
                let (unit, how) = (self.graph.unary(Unary::UnitText, *unit), self.rounding(rest)?);
                return Some(self.graph.binary(Binary::RoundTo(how), *amount, unit));
            }
            ("ratio", [one, other]) if kind(self, *one) == Kind::I64 && kind(self, *other) == Kind::I64 => {
                let (one, other) = (self.graph.present(*one), self.graph.present(*other));
                let (one, other) = self.both_floats(one, other);
                return Some(self.graph.binary(Binary::Divide, one, other));
            }
            _ => {}
        }
        self.other_helper(function, nodes)
    }

    fn percent(&mut self, amount: NodeId, rate: NodeId, rest: &[NodeId]) -> Option<NodeId> {
        let how = self.rounding(rest)?;
        let rate = match (self.graph.node(amount).kind, self.graph.node(rate).kind) {
            (Kind::I64, Kind::Text) => self.graph.unary(Unary::RateText, rate),
            (Kind::I64, Kind::I64) => {
                let one = self.graph.constant(Constant::Int(Rate::ONE));
                self.graph.binary(Binary::Multiply, rate, one)
            }
            _ => return None,
        };
        Some(self.graph.binary(Binary::Percent(how), amount, rate))
    }

    /// The rounding that is written out, or the usual one.
    fn rounding(&self, rest: &[NodeId]) -> Option<Rounding> {
        match rest {
            [] => Some(Rounding::default()),
            [word] => Rounding::parse(self.graph.as_text(*word)?),
            _ => None,
        }
    }

    fn other_helper(&mut self, function: &Function, nodes: &[NodeId]) -> Option<NodeId> {
        let kind = |lower: &Self, node: NodeId| lower.graph.node(node).kind;
        match (helper(function)?, nodes) {
            (Helper::One(how, wanted), [one]) if kind(self, *one) == wanted => Some(self.graph.unary(how, *one)),
            (Helper::Two(how, wanted), [one, other]) if kind(self, *one) == wanted && kind(self, *other) == wanted => {
                Some(self.graph.binary(how, *one, *other))
            }
            (Helper::Numbers(how), [one, other])
                if kind(self, *one) == kind(self, *other) && matches!(kind(self, *one), Kind::I64 | Kind::F64) =>
            {
                Some(self.graph.binary(how, *one, *other))
            }
            _ => None,
        }
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
                if self.graph.node(points).kind != Kind::I64 {
                    return Err(wrong());
                }
                let points = self.graph.present(points);
                Ok(OutcomeNode::Score(points, self.reason(reason).ok_or_else(wrong)?))
            }
            (OutcomeCall::Limit, [Val::Map(entries)]) if !entries.is_empty() => {
                let mut amounts = [None; 4];
                for (name, value) in entries.iter() {
                    let amount = Self::as_scalar(value, span)?;
                    let limit = Limit::ALL.into_iter().find(|limit| limit.word() == name.as_ref()).ok_or_else(wrong)?;
                    if self.graph.node(amount).kind != Kind::I64 {
                        return Err(wrong());
                    }
                    if let Some(place) = amounts.get_mut(limit as usize) {
                        *place = Some(self.graph.unary(Unary::Limit, amount));
                    }
                }
                Ok(OutcomeNode::Limit(amounts))
            }
            (OutcomeCall::Route, [Val::Scalar(id)]) if self.graph.node(*id).kind == Kind::Text => {
                if let Some(text) = self.graph.as_text(*id) {
                    return self.context.interface(text).map(OutcomeNode::Route).ok_or_else(wrong);
                }
                let id = self.graph.present(*id);
                Ok(OutcomeNode::RouteTo(self.graph.interface(id)))
            }
            _ => Err(wrong()),
        }
    }

    fn reason(&mut self, value: &Val) -> Option<ReasonNode> {
        let Val::Scalar(node) = value else { return None };
        if let Some(code) = self.graph.as_text(*node) {
            return self.context.reason(code).map(ReasonNode::Fixed);
        }
        if self.graph.node(*node).kind != Kind::Text {
            return None;
        }
        let code = self.graph.present(*node);
        Some(ReasonNode::Of(self.graph.reason(code)))
    }

    /// A call of a shared function: its statements with the arguments as variables.
    pub(super) fn shared(&mut self, parameters: &[Arc<str>], args: &[Expr], body: &Block, span: Span) -> Lowered<Val> {
        // Far enough from the interpreter's budget of calls.
        if !self.context.shared || self.calls + 2 > crate::script::BUDGET.call_depth {
            return Err(NotLowered::new(span, "a call nested this deeply", "嵌套过深的调用"));
        }
        let mut locals = Vec::new();
        for (name, arg) in parameters.iter().zip(args) {
            let value = self.operand(arg)?;
            self.check_value(&value);
            locals.push(Local { name: name.clone(), value, fixed: true });
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
                Some(rest) => Val::merge(self.graph, guard, left_with, rest),
                None => left_with,
            });
        }
        value.ok_or_else(|| NotLowered::new(span, "a function without a value", "没有值的函数"))
    }
}
