//! Follows values through a script: which ones an expression may have, which conditions can never hold, and which numbers were cut.
//!
//! A walk over the typed tree in order of evaluation, with what is known at each point. It knows too many values rather than too few,
//! so what it says can never be is never so.

mod conditions;
mod keys;
mod numbers;
mod point;
mod possible;
mod ranges;
mod statements;
mod walk;

use super::context::Context;
use super::said;
use super::scripts::{
    constant_condition, cut_division, division_by_zero, float_equality, fraction_for_int, negative_exponent, unguarded_divisor,
};
use crate::diagnostic::Finding;
use crate::script::fault::FaultKind;
use crate::script::tree::ScriptTree;
use crate::text::Span;
use walk::Walk;

/// A quotient of whole numbers or amounts, which was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quotient {
    pub(super) whole: Span,
    pub(super) one: Span,
    pub(super) other: Span,
    /// Whether an amount was divided by a number: the quotient is an amount, cut to the fen.
    pub(super) amount: bool,
}

/// How a quotient that was cut is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It is multiplied, or raised to a power.
    Multiplied,
    /// Something is divided by it.
    Divisor,
    /// It meets a number with a fraction.
    Fraction,
    /// It is given to a function that goes on calculating.
    Argument(&'static str),
}

/// An amount that is multiplied and then divided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The amount and the rate in percent, where both are written so that `percent` can take them.
    pub(super) percent: Option<(Span, String)>,
    /// The product and the divisor.
    pub(super) parts: (Span, Span),
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mistake {
    /// A condition that is the same for every request that comes to it, and the condition before it that makes it so.
    Constant(bool, Option<Span>),
    /// A quotient that was cut is calculated with.
    CutUsed(Quotient, Use),
    /// An amount is multiplied and then divided, which cuts it to the fen.
    CutPart(Part),
    /// A divisor that is zero for every request.
    ZeroDivisor,
    /// A divisor that may be zero, with zero as it is written for its type.
    OpenDivisor(&'static str),
    /// A whole number to a power below zero.
    NegativeExponent,
    /// Numbers with a fraction compared for equality.
    FloatEquality,
    /// A whole number compared with one that has a fraction.
    FractionForInt(f64),
}

/// One mistake at one place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) span: Span,
    /// The call in the rule's own script, where the place lies in a shared function.
    pub(super) called_from: Option<Span>,
    pub(super) mistake: Mistake,
}

/// A finding for every mistake of every script.
pub(super) fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for tree in cx.trees().flatten() {
        for found in all(cx, tree) {
            findings.push(said::called_from(finding(cx, &found), found.called_from));
        }
    }
    findings
}

fn all(cx: &Context<'_>, tree: &ScriptTree) -> Vec<Found> {
    let mut walk = Walk::new(cx.definition);
    walk.script(tree);
    // What typing has said of a condition is not said again, and of a whole whose part is constant neither.
    let said = |span: Span| {
        let inside = |fault: &crate::script::fault::Fault| {
            fault.span.source == span.source && span.start <= fault.span.start && fault.span.end <= span.end
        };
        let says = |kind: &FaultKind| matches!(kind, FaultKind::ConstantCondition(_) | FaultKind::UnknownEnumValue { .. });
        tree.faults.iter().any(|fault| says(&fault.kind) && inside(fault))
    };
    walk.found.retain(|found| !(matches!(found.mistake, Mistake::Constant(..)) && said(found.span)));
    walk.found
}

fn finding(cx: &Context<'_>, found: &Found) -> Finding {
    let span = found.span;
    match &found.mistake {
        Mistake::Constant(value, because) => constant_condition::settled(cx, span, *value, *because),
        Mistake::CutUsed(quotient, how) => cut_division::used(cx, span, quotient, *how),
        Mistake::CutPart(part) => cut_division::part(cx, span, part),
        Mistake::ZeroDivisor => division_by_zero::finding(cx, span),
        Mistake::OpenDivisor(zero) => unguarded_divisor::finding(cx, span, zero),
        Mistake::NegativeExponent => negative_exponent::finding(cx, span),
        Mistake::FloatEquality => float_equality::finding(span),
        Mistake::FractionForInt(number) => fraction_for_int::finding(span, *number),
    }
}
