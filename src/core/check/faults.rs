//! Findings for what the typing of scripts found wrong. The `match` has an arm for every kind, so that no fault is lost.

use super::context::Context;
use super::values::findings::constant_condition;
use super::{names, outcomes, statements, types, wording};
use crate::diagnostic::Finding;
use crate::script::Type;
use crate::script::fault::{FaultKind, ScriptFault};
use crate::script::tree::Purpose;

/// A finding for every fault of every script.
pub(super) fn all(cx: &Context<'_>) -> Vec<Finding> {
    let trees = cx.trees().flatten();
    trees
        .flat_map(|tree| {
            tree.faults.iter().map(|fault| wording::with_call_site(finding(cx, tree.purpose, fault), fault.called_from))
        })
        .collect()
}

fn finding(cx: &Context<'_>, purpose: Purpose, fault: &ScriptFault) -> Finding {
    use FaultKind as K;
    let span = fault.span;
    match &fault.kind {
        K::UnknownName(name) => names::unknown_name(name),
        K::LabelVisible(field) => names::label_visible(cx, span, *field),
        K::UnguardedOptional { text, present } => types::unguarded_optional(span, text, present),
        K::MismatchedComparison { op, lhs, rhs } => types::mismatched_comparison(span, *op, lhs, rhs),
        K::UnknownEnumValue { value, known } => names::unknown_enum_value(cx, span, value, known),
        K::TextInText { fix } => types::text_in_text(span, fix.as_ref()),
        K::WrongOperand { op, lhs, rhs } => types::wrong_operand(span, op, lhs, rhs.as_ref()),
        K::FloatAsMoney => types::float_as_money(span),
        K::WrongArgument { function, parameter, wanted, found } => {
            types::wrong_argument_type(span, function, parameter, wanted, found)
        }
        K::WrongArgumentCount { function, wanted, found } => types::wrong_argument_count(span, function, *wanted, *found),
        K::BadLiteral { function, text, wanted } => types::bad_literal(span, function, text, *wanted),
        K::NotACondition(found) => types::not_a_condition(span, found),
        K::NotAnOutcome(Type::Unit) if purpose == Purpose::Rule => outcomes::rule_without_outcome(span),
        K::NotAnOutcome(found) => outcomes::not_an_outcome(span, purpose, found),
        K::OutcomeDropped => outcomes::dropped_outcome(span),
        K::ConstantCondition(value) => constant_condition(span, *value),
        K::AssignmentInCondition => statements::assignment_in_condition(cx, span),
        K::Unreachable => statements::unreachable_code(span),
        K::AssignmentToConstant(text) => statements::assignment_to_constant(span, text),
        K::ChangedType { name, was, becomes } => types::changed_type(span, name, was, becomes),
        K::UnknownReason(code) => names::unknown_reason(cx, Some(span), code),
        K::UnknownInterface(name) => names::unknown_interface(cx, Some(span), name),
        K::UnknownLimit(key) => names::unknown_limit(span, key),
        K::DynamicReason => names::dynamic_reason(span),
        K::DynamicInterface => names::dynamic_interface(span),
        K::UnboundedLoop => statements::unbounded_loop(span),
        K::Recursion(name) => statements::recursion(span, name),
        K::GroupAsValue(name) => names::group_as_value(cx, span, name),
        K::Forbidden(what) => statements::forbidden_construct(span, what),
    }
}
