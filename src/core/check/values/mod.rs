//! Follows values through a script: which ones an expression may have, which conditions can never hold, and which numbers were cut.
//!
//! A walk over the typed tree in order of evaluation, with the possible values at each point: too many rather than too few, so a
//! condition that is reported as never true is never true.

mod conditions;
pub(super) mod findings;
mod keys;
mod numbers;
mod point;
mod possible;
mod ranges;
mod statements;
mod walk;

use super::context::Context;
use super::wording;
use crate::diagnostic::Finding;
use crate::script::fault::{FaultKind, ScriptFault};
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
pub(super) enum QuotientUse {
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
pub(super) struct DividedAmount {
    /// The amount and the rate in percent, where both are written so that `percent` can take them.
    pub(super) percent: Option<(Span, String)>,
    /// The product and the divisor.
    pub(super) parts: (Span, Span),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mistake {
    /// A condition that is the same for every request that comes to it, and the condition before it that makes it so.
    Constant(bool, Option<Span>),
    /// A quotient that was cut is calculated with.
    CutUsed(Quotient, QuotientUse),
    /// An amount is multiplied and then divided, which cuts it to the fen.
    CutPart(DividedAmount),
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
pub(super) struct FoundMistake {
    pub(super) span: Span,
    /// The call in the rule's own script, where the place lies in a shared function.
    pub(super) called_from: Option<Span>,
    pub(super) mistake: Mistake,
}

/// A finding for every mistake of every script.
pub(super) fn all(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for tree in cx.trees().flatten() {
        for found in mistakes(cx, tree) {
            findings.push(wording::with_call_site(finding(cx, &found), found.called_from));
        }
    }
    findings
}

fn mistakes(cx: &Context<'_>, tree: &ScriptTree) -> Vec<FoundMistake> {
    let mut walk = Walk::new(cx.definition);
    walk.script(tree);
    // What typing found in a condition is not reported again, nor a condition that only has a constant part.
    let is_reported = |span: Span| {
        let inside =
            |fault: &ScriptFault| fault.span.source == span.source && span.start <= fault.span.start && fault.span.end <= span.end;
        let is_constant = |kind: &FaultKind| matches!(kind, FaultKind::ConstantCondition(_) | FaultKind::UnknownEnumValue { .. });
        tree.faults.iter().any(|fault| is_constant(&fault.kind) && inside(fault))
    };
    walk.found.retain(|found| !(matches!(found.mistake, Mistake::Constant(..)) && is_reported(found.span)));
    walk.found
}

fn finding(cx: &Context<'_>, found: &FoundMistake) -> Finding {
    let span = found.span;
    match &found.mistake {
        Mistake::Constant(value, because) => findings::implied_condition(cx, span, *value, *because),
        Mistake::CutUsed(quotient, how) => findings::used_quotient(cx, span, quotient, *how),
        Mistake::CutPart(divided) => findings::divided_amount(cx, span, divided),
        Mistake::ZeroDivisor => findings::division_by_zero(cx, span),
        Mistake::OpenDivisor(zero) => findings::unguarded_divisor(cx, span, zero),
        Mistake::NegativeExponent => findings::negative_exponent(cx, span),
        Mistake::FloatEquality => findings::float_equality(span),
        Mistake::FractionForInt(number) => findings::fraction_for_int(span, *number),
    }
}
