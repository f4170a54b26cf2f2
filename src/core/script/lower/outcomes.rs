//! Outcome functions: reasons, interfaces and limits that can be known beforehand.

use super::{Low, ScriptLowering};
use crate::model::{Limit, Value};
use crate::script::fault::FaultKind;
use crate::script::functions::{FunctionId, Takes};
use crate::script::placed::TokenRange;
use crate::script::tree::{Expr, ExprKind, OutcomeCall};
use crate::script::types::Type;

/// Whether a rule may end with a value of that type.
pub(super) fn is_outcome(ty: &Type) -> bool {
    match ty {
        Type::Outcome(_) | Type::Unit | Type::Never | Type::Unknown => true,
        Type::Optional(inner) => is_outcome(inner),
        Type::Array(element) => matches!(**element, Type::Outcome(_) | Type::Never | Type::Unknown),
        _ => false,
    }
}

/// Whether a value of that type holds an outcome that would be lost with it.
pub(in crate::script) fn holds_outcome(ty: &Type) -> bool {
    match ty {
        Type::Outcome(_) => true,
        Type::Optional(inner) | Type::Array(inner) => holds_outcome(inner),
        _ => false,
    }
}

impl ScriptLowering<'_> {
    pub(super) fn outcome(
        &mut self,
        function: FunctionId,
        call: OutcomeCall,
        args: Vec<Expr>,
        at: usize,
        extent: TokenRange,
    ) -> Low {
        let name_span = self.placed.token_span(at);
        self.count_arguments(function, args.len(), at);
        for (arg, (parameter, takes)) in args.iter().zip(function.parameters) {
            self.outcome_argument(function.name, parameter, *takes, arg);
        }
        self.made(ExprKind::Outcome { call, name_span, args }, Type::Outcome(call.kinds()), extent)
    }

    fn outcome_argument(&mut self, function: &str, parameter: &str, takes: Takes, arg: &Expr) {
        let ty = self.present(arg);
        match takes {
            _ if ty.is_silent() => {}
            Takes::Reason if ty.is_text() => self.named(arg, &ty, true),
            Takes::Interface if ty.is_text() => self.named(arg, &ty, false),
            Takes::Int if ty == Type::Int => {}
            Takes::Limits => self.limits(function, parameter, arg, ty),
            _ => self.wrong_argument(function, parameter, takes, arg, ty),
        }
    }

    /// A reason or an interface: written out, or an enum whose values are all known.
    fn named(&mut self, arg: &Expr, ty: &Type, reason: bool) {
        let names = self.names;
        let is_known = |name: &str| if reason { names.reasons.contains_key(name) } else { names.interfaces.contains_key(name) };
        let unknown = match (&arg.constant, ty) {
            (Some(Value::Text(text)), _) => Some(text.to_string()).filter(|text| !is_known(text)),
            (_, Type::Enum(values)) => {
                // Only the values that the guards before it have left.
                let possible = |name: &&str| match arg.kind {
                    ExprKind::Field(field) => self.env.may_be(field, name),
                    _ => true,
                };
                values.names().filter(possible).find(|name| !is_known(name)).map(str::to_owned)
            }
            _ => {
                let kind = if reason { FaultKind::DynamicReason } else { FaultKind::DynamicInterface };
                self.fault(arg.span, kind);
                return;
            }
        };
        if let Some(name) = unknown {
            let kind = if reason { FaultKind::UnknownReason(name) } else { FaultKind::UnknownInterface(name) };
            self.fault(arg.span, kind);
        }
    }

    fn limits(&mut self, function: &str, parameter: &str, arg: &Expr, ty: Type) {
        let ExprKind::Map(entries) = &arg.kind else {
            self.wrong_argument(function, parameter, Takes::Limits, arg, ty);
            return;
        };
        if entries.is_empty() {
            self.wrong_argument(function, parameter, Takes::Limits, arg, ty);
        }
        for (name, span, value) in entries {
            if Limit::ALL.into_iter().all(|limit| limit.word() != name.as_ref()) {
                self.fault(*span, FaultKind::UnknownLimit(name.to_string()));
            }
            match self.present(value) {
                Type::Money => {}
                Type::Float => self.fault(value.span, FaultKind::FloatAsMoney),
                found if found.is_silent() => {}
                found => {
                    let wanted = Type::Money.text();
                    let kind =
                        FaultKind::WrongArgument { function: function.to_owned(), parameter: name.to_string(), wanted, found };
                    self.fault(value.span, kind);
                }
            }
        }
    }
}
