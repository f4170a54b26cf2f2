//! Calls: operators as the interpreter sees them, helpers, outcome functions, functions of the shared script.

use rhai::{FnCallExpr, Position};

use super::env::{Env, Local};
use super::{Low, MAX_CALLS, ScriptLowering, SharedFunction};
use crate::model::{EnumType, Fen, Rate, Rounding, Timestamp, Value};
use crate::script::fault::FaultKind;
use crate::script::functions::{self, Body, FunctionId, Gives, ScriptValue, Takes};
use crate::script::placed::TokenRange;
use crate::script::tree::{Block, Expr, ExprKind, NameKind};
use crate::script::types::Type;
use crate::text::{LocalText, StaticText};

impl ScriptLowering<'_> {
    /// A call, or an operator; `base` is before the point of a method call.
    pub(super) fn call(&mut self, call: &FnCallExpr, position: Position, base: Option<Low>) -> Low {
        let at = self.placed.at(position).unwrap_or(0);
        let word = self.placed.word(at).to_owned();
        match (call.args.as_slice(), &call.op_token, word.as_str()) {
            ([container, item], _, "in") => return self.within(item, container, false),
            ([inner], _, "!in") => {
                if let rhai::Expr::FnCall(inner, _) = inner
                    && let [container, item] = inner.args.as_slice()
                {
                    return self.within(item, container, true);
                }
            }
            ([operand], Some(token), _) => return self.unary(token, operand, at),
            ([lhs, rhs], Some(token), _) => return self.binary(token, (lhs, rhs), at),
            _ => {}
        }
        self.named_call(call, at, base)
    }

    fn named_call(&mut self, call: &FnCallExpr, at: usize, base: Option<Low>) -> Low {
        let first = base.as_ref().map_or(at, |base| self.outer(base).first);
        let extent = TokenRange { first, last: self.placed.close(at + 1).max(at) };
        let method = base.is_some();
        let mut args: Vec<Expr> = base.into_iter().map(|low| low.expr).collect();
        for arg in &call.args {
            args.push(self.expr(arg).expr);
        }
        if call.capture_parent_scope {
            return self.opaque("a call with `!`", "带 `!` 的调用", args, extent);
        }
        let name = call.name.as_str();
        if let Some(function) = functions::form(name, args.len()) {
            return match function.body {
                Body::Outcome(outcome) => self.outcome(function, outcome, args, at, extent),
                Body::Value(_) => self.value_call(function, args, at, extent),
            };
        }
        let shared = self.shared.and_then(|shared| shared.functions.get(&(name.to_owned(), args.len())));
        match shared {
            Some(function) if !method => self.shared_call(function, args, at, extent),
            _ => self.unknown_function(name, args, at, extent),
        }
    }

    fn unknown_function(&mut self, name: &str, args: Vec<Expr>, at: usize, extent: TokenRange) -> Low {
        let shared = self.shared.into_iter().flat_map(|shared| shared.functions.keys());
        let same = shared.clone().find(|(known, _)| known == name);
        let span = self.placed.token_span(at);
        if let Some((_, wanted)) = same {
            let kind = FaultKind::WrongArgumentCount { function: name.to_owned(), wanted: *wanted, found: args.len() };
            let low = self.made(
                ExprKind::Opaque { what: "a call with a wrong number of arguments", children: args },
                Type::Unknown,
                extent,
            );
            self.fault(span, kind);
            return low;
        }
        let helpers = functions::ALL.iter().map(|function| function.name.to_owned());
        let known = helpers.chain(shared.map(|(name, _)| name.clone())).collect();
        let unknown = self.unknown(NameKind::Function, name, None, known, TokenRange { first: at, last: at });
        let children = std::iter::once(unknown.expr).chain(args).collect();
        self.made(ExprKind::Opaque { what: "a call of an unknown function", children }, Type::Unknown, extent)
    }

    fn value_call(&mut self, function: FunctionId, args: Vec<Expr>, at: usize, extent: TokenRange) -> Low {
        let name_span = self.placed.token_span(at);
        let fits = self.count_arguments(function, args.len(), at);
        let mut first: Option<Type> = None;
        let mut good = fits;
        for (at_argument, (arg, (parameter, takes))) in args.iter().zip(function.parameters).enumerate() {
            let ty = self.present(arg);
            if ty.is_silent() {
                good = false;
                continue;
            }
            let fits = match (takes, &first, &ty) {
                (Takes::Ordered | Takes::SameWhole, Some(first), _) => *first == ty,
                (Takes::Divisor, Some(first), _) => ty == Type::Int || (ty == Type::Money && *first == ty),
                (Takes::Searched, _, Type::Enum(values)) => self.is_part_searched(function, values, args.get(at_argument + 1)),
                _ => true,
            };
            if !(takes_type(*takes, arg, &ty) && fits) {
                self.wrong_argument(function.name, parameter, *takes, arg, ty.clone());
                good = false;
            } else if !self.literal_reads(function.name, *takes, arg) {
                good = false;
            }
            first.get_or_insert(ty);
        }
        let ty = match function.gives {
            _ if !good => Type::Unknown,
            Gives::Bool => Type::Bool,
            Gives::Int => Type::Int,
            Gives::Float => Type::Float,
            Gives::Money => Type::Money,
            Gives::Quotient => match args.as_slice() {
                [one, other] if one.ty.present() == Type::Money && other.ty.present() == Type::Int => Type::Money,
                _ => Type::Int,
            },
            Gives::Text => Type::Text,
            Gives::Time => Type::Time,
            Gives::SameAsFirst => args.first().map_or(Type::Unknown, |arg| arg.ty.present()),
            Gives::Outcome => Type::Unknown,
        };
        let constant = self.literal_value(function, &args);
        let mut low = self.made(ExprKind::Call { function, name_span, args }, ty, extent);
        low.expr.constant = constant;
        low
    }

    /// Whether a part is looked for in an enum: not one of its values, which are compared whole. A part that no value has is reported.
    fn is_part_searched(&mut self, function: FunctionId, values: &EnumType, part: Option<&Expr>) -> bool {
        let Some((Some(Value::Text(text)), span)) = part.map(|part| (&part.constant, part.span)) else { return false };
        if values.contains(text) {
            return false;
        }
        let zone = self.names.zone;
        let finds = |value: &str| {
            let args = [ScriptValue::text(value), ScriptValue::text(text)];
            function.evaluate(&args, zone).is_ok_and(|found| found.as_bool() == Some(true))
        };
        if !values.names().any(finds) {
            self.not_a_value(values, text, span);
        }
        true
    }

    pub(super) fn count_arguments(&mut self, function: FunctionId, found: usize, at: usize) -> bool {
        let counts = function.counts();
        let wanted = found.clamp(*counts.start(), *counts.end());
        if wanted != found {
            let kind = FaultKind::WrongArgumentCount { function: function.name.to_owned(), wanted, found };
            self.fault(self.placed.token_span(at), kind);
        }
        wanted == found
    }

    pub(super) fn wrong_argument(&mut self, function: &str, parameter: &str, takes: Takes, arg: &Expr, found: Type) {
        let money = matches!(takes, Takes::Yuan | Takes::Amount) && found == Type::Float;
        let kind = if money {
            FaultKind::FloatAsMoney
        } else {
            FaultKind::WrongArgument { function: function.to_owned(), parameter: parameter.to_owned(), wanted: takes.text(), found }
        };
        self.fault(arg.span, kind);
    }

    /// Whether a text that must be written out can be read.
    fn literal_reads(&mut self, function: &'static str, takes: Takes, arg: &Expr) -> bool {
        let Some(Value::Text(text)) = &arg.constant else { return true };
        let (reads, wanted) = match takes {
            Takes::Yuan => (
                !text.starts_with("CNY") && Fen::parse_yuan(text).is_some(),
                StaticText::new("an amount such as `0.50`", "形如 `0.50` 的金额"),
            ),
            Takes::TimeText => (
                self.names.zone.parse_time(text).is_some(),
                StaticText::new("a time such as `2014-03-24T00:00:00`", "形如 `2014-03-24T00:00:00` 的时间"),
            ),
            Takes::Rate => (
                Rate::parse(text).is_some(),
                StaticText::new(
                    "a rate in percent such as `15.5`, with at most nine decimals",
                    "形如 `15.5` 的百分率，最多九位小数",
                ),
            ),
            Takes::Unit => {
                (Fen::parse_unit(text).is_some(), StaticText::new("an amount over zero such as `1.00`", "形如 `1.00` 的正金额"))
            }
            Takes::Rounding => {
                (Rounding::parse(text).is_some(), StaticText::new("`half-up` or `half-even`", " `half-up` 或 `half-even`"))
            }
            _ => return true,
        };
        if !reads {
            self.fault(arg.span, FaultKind::BadLiteral { function, text: text.to_string(), wanted });
        }
        reads
    }

    /// The constant that a call writes down.
    fn literal_value(&self, function: FunctionId, args: &[Expr]) -> Option<Value> {
        let [arg] = args else { return None };
        let arg = match arg.constant.as_ref().filter(|_| function.is_literal)? {
            Value::Int(number) => ScriptValue::Int(*number),
            Value::Text(text) => ScriptValue::text(text),
            _ => return None,
        };
        let number = function.evaluate(&[arg], self.names.zone).ok()?.as_int()?;
        match function.gives {
            Gives::Money => Some(Value::Money(Fen(number))),
            Gives::Time => Timestamp::from_micros(number).map(Value::Time),
            _ => None,
        }
    }

    /// A call of a shared function: its statements, typed for just these arguments.
    fn shared_call(&mut self, function: &SharedFunction, args: Vec<Expr>, at: usize, extent: TokenRange) -> Low {
        let name_span = self.placed.token_span(at);
        let Some(shared) = self.shared else { return self.unknown_function(&function.name, args, at, extent) };
        let recursive = self.calls.iter().any(|name| name == function.name.as_ref());
        if recursive || self.calls.len() >= MAX_CALLS || self.too_large() {
            let low = self.made(ExprKind::Opaque { what: "a call that is not followed", children: args }, Type::Unknown, extent);
            let kind = if recursive {
                FaultKind::Recursion(function.name.to_string())
            } else {
                FaultKind::Forbidden(LocalText::new("calls nested this deeply", "如此深的嵌套调用"))
            };
            self.fault(name_span, kind);
            return low;
        }
        let (body, ty) = self.inside(function, &args, shared, extent);
        let parameters = function.parameters.clone();
        let found = super::texts::of_block(&body).filter(|_| ty == body.ty).cloned();
        let kind = ExprKind::SharedCall { name: function.name.clone(), name_span, parameters, args, body };
        let mut low = self.made(kind, ty, extent);
        low.expr.texts = found;
        low
    }

    fn inside(&mut self, function: &SharedFunction, args: &[Expr], shared: &super::Shared, extent: TokenRange) -> (Block, Type) {
        let mut env = Env::new();
        env.reachable = self.env.reachable;
        for (name, arg) in function.parameters.iter().zip(args) {
            let (declared, ty) = (arg.ty.clone(), arg.ty.clone());
            env.locals.push(Local {
                name: name.clone(),
                declared,
                ty,
                value: arg.constant.clone(),
                texts: arg.texts.clone(),
                constant: false,
                loops: 0,
            });
        }
        let call_span = self.placed.span(extent);
        let outer_env = std::mem::replace(&mut self.env, env);
        let outer_placed = std::mem::replace(&mut self.placed, shared.placed.clone());
        let outer_returns = std::mem::take(&mut self.returns);
        let outer_spans = std::mem::take(&mut self.return_spans);
        let (outer_loops, outer_breaks) = (std::mem::take(&mut self.loops), std::mem::take(&mut self.breaks));
        let outer_from = self.called_from;
        self.called_from.get_or_insert(call_span);
        self.calls.push(function.name.to_string());
        let (body, _) = self.braces(&function.body);
        self.calls.pop();
        self.called_from = outer_from;
        let returns = std::mem::replace(&mut self.returns, outer_returns);
        self.return_spans = outer_spans;
        (self.loops, self.breaks) = (outer_loops, outer_breaks);
        self.placed = outer_placed;
        self.env = outer_env;
        let ty = returns.into_iter().fold(body.ty.clone(), Type::join);
        (body, ty)
    }
}

/// Whether an argument's type is one that the function takes.
fn takes_type(takes: Takes, arg: &Expr, ty: &Type) -> bool {
    let written_out = matches!(arg.constant, Some(Value::Text(_))) && *ty == Type::Text;
    let is_enum = matches!(ty, Type::Enum(_));
    match takes {
        Takes::Int => *ty == Type::Int,
        Takes::Float => matches!(ty, Type::Float | Type::Int),
        Takes::Yuan => *ty == Type::Int || written_out,
        Takes::Number => matches!(ty, Type::Int | Type::Money | Type::Float),
        Takes::Amount => *ty == Type::Money,
        Takes::Whole | Takes::SameWhole | Takes::Divisor => matches!(ty, Type::Int | Type::Money),
        Takes::Rate => matches!(ty, Type::Int | Type::Text),
        Takes::Unit => *ty == Type::Text,
        Takes::Ordered => matches!(ty, Type::Int | Type::Money | Type::Float | Type::Time),
        Takes::Text => ty.is_text() && !is_enum,
        Takes::TextOrEnum | Takes::Searched | Takes::Reason | Takes::Interface => ty.is_text(),
        Takes::Time => *ty == Type::Time,
        Takes::TimeText | Takes::Rounding => written_out,
        Takes::TextOrInt => ty.is_text() || *ty == Type::Int,
        Takes::TextOrArray => {
            (ty.is_text() && !is_enum) || matches!(ty, Type::Array(element) if !super::outcomes::holds_outcome(element))
        }
        Takes::Limits => *ty == Type::Map,
    }
}
