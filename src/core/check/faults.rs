//! Says what the typing of scripts found wrong. The `match` has an arm for every kind, so that no fault is ever lost.

use super::context::Context;
use super::said;
use super::scripts::{
    assignment_in_condition, assignment_to_constant, changed_type, constant_condition, dropped_outcome, dynamic_interface,
    dynamic_reason, float_as_money, forbidden_construct, group_as_value, label_visible, mismatched_comparison, not_a_condition,
    not_an_outcome, recursion, rule_without_outcome, text_in_text, unbounded_loop, unguarded_optional, unknown_enum_value,
    unknown_field, unknown_function, unknown_interface, unknown_limit, unknown_list, unknown_parameter, unknown_reason,
    unknown_variable, unreachable_code, wrong_argument, wrong_operand,
};
use crate::diagnostic::Finding;
use crate::script::Type;
use crate::script::fault::{Fault, FaultKind};
use crate::script::tree::{NameKind, Purpose, UnknownName};

/// A finding for every fault of every script.
pub(super) fn check(cx: &Context<'_>) -> Vec<Finding> {
    let trees = cx.trees().flatten();
    trees
        .flat_map(|tree| tree.faults.iter().map(|fault| said::called_from(finding(cx, tree.purpose, fault), fault.called_from)))
        .collect()
}

fn finding(cx: &Context<'_>, purpose: Purpose, fault: &Fault) -> Finding {
    use FaultKind as K;
    let span = fault.span;
    match &fault.kind {
        K::UnknownName(name) => unknown_name(name),
        K::LabelVisible(field) => label_visible::finding(cx, span, *field),
        K::UnguardedOptional { text, present } => unguarded_optional::finding(span, text, present),
        K::MismatchedComparison { op, lhs, rhs } => mismatched_comparison::finding(span, *op, lhs, rhs),
        K::UnknownEnumValue { value, known } => unknown_enum_value::finding(cx, span, value, known),
        K::TextInText { fix } => text_in_text::finding(span, fix.as_ref()),
        K::WrongOperand { op, lhs, rhs } => wrong_operand::finding(span, op, lhs, rhs.as_ref()),
        K::FloatAsMoney => float_as_money::finding(span),
        K::WrongArgument { function, parameter, wanted, found } => {
            wrong_argument::wrong_type(span, function, parameter, wanted, found)
        }
        K::WrongArgumentCount { function, wanted, found } => wrong_argument::wrong_count(span, function, *wanted, *found),
        K::BadLiteral { function, text, wanted } => wrong_argument::bad_literal(span, function, text, *wanted),
        K::NotACondition(found) => not_a_condition::finding(span, found),
        K::NotAnOutcome(Type::Unit) if purpose == Purpose::Rule => rule_without_outcome::finding(span),
        K::NotAnOutcome(found) => not_an_outcome::finding(span, purpose, found),
        K::OutcomeDropped => dropped_outcome::finding(span),
        K::ConstantCondition(value) => constant_condition::finding(span, *value),
        K::AssignmentInCondition => assignment_in_condition::finding(cx, span),
        K::Unreachable => unreachable_code::finding(span),
        K::AssignmentToConstant(text) => assignment_to_constant::finding(span, text),
        K::ChangedType { name, was, becomes } => changed_type::finding(span, name, was, becomes),
        K::UnknownReason(code) => unknown_reason::finding(cx, Some(span), code),
        K::UnknownInterface(name) => unknown_interface::finding(cx, Some(span), name),
        K::UnknownLimit(key) => unknown_limit::finding(span, key),
        K::DynamicReason => dynamic_reason::finding(span),
        K::DynamicInterface => dynamic_interface::finding(span),
        K::UnboundedLoop => unbounded_loop::finding(span),
        K::Recursion(name) => recursion::finding(span, name),
        K::GroupAsValue(name) => group_as_value::finding(cx, span, name),
        K::Forbidden(what) => forbidden_construct::finding(span, what),
    }
}

fn unknown_name(name: &UnknownName) -> Finding {
    match name.kind {
        NameKind::Field | NameKind::Group => unknown_field::finding(name),
        NameKind::Parameter => unknown_parameter::finding(name),
        NameKind::List => unknown_list::finding(name),
        NameKind::Variable => unknown_variable::finding(name),
        NameKind::Function => unknown_function::finding(name),
    }
}
