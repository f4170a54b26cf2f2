//! Values worth trying for a field: those at which some comparison of the script may turn.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::value::ExplainedValue;
use super::walk::Walked;
use crate::model::{Definition, FieldIndex, FieldType, ListEntries, Request, Value, Zone};
use crate::script::functions::Takes;
use crate::script::tree::{self, BinaryOp, Expr, ExprKind, ScriptTree};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// Collects candidates.
pub(super) struct Points;

impl Points {
    /// Numbers around what the script's comparisons speak of, as ordinals; see the module's head for which.
    pub(super) fn numbers(
        definition: &Definition,
        tree: &ScriptTree,
        walked: &Walked,
        kind: &FieldType,
        base: i64,
    ) -> BTreeSet<i64> {
        let mut found = BTreeSet::new();
        let mut near = |point: Option<i64>| {
            found.extend([-1, 0, 1].into_iter().filter_map(|by| point?.checked_add(by)));
        };
        let float = *kind == FieldType::Float;
        let mut calendar = false;
        tree::walk(tree, &mut |expr| {
            let value = walked.value(expr);
            match &expr.kind {
                ExprKind::Binary { lhs, rhs, .. } => {
                    if let (Some(one), Some(other)) = (walked.value(lhs), walked.value(rhs)) {
                        for gap in gaps(one, other, base, float) {
                            near(gap);
                        }
                    }
                }
                ExprKind::Call { function, .. } => {
                    calendar |= function.takes(Takes::Time);
                }
                ExprKind::List(list) => {
                    if let Some((_, list)) = definition.rule_set.lists.get_index(list.at())
                        && let ListEntries::Int(entries) = &list.entries
                    {
                        let at = entries.partition_point(|entry| *entry < base);
                        let around = entries.get(at.saturating_sub(1)..(at + 2).min(entries.len())).unwrap_or_default();
                        for entry in around {
                            near(Some(*entry));
                        }
                    }
                }
                _ => {}
            }
            // The values of a `switch` are written out, and not evaluated.
            let written = if let ExprKind::Literal(literal) = &expr.kind { Some(ExplainedValue::of(literal)) } else { None };
            let value = value.or(written.as_ref());
            near(value.and_then(|value| if float { value.as_float().map(ordered) } else { value.as_int() }));
        });
        for power in 0..63 {
            let step = 1_i64 << power;
            near(base.checked_add(step));
            near(base.checked_sub(step));
        }
        if float {
            let number = unordered(base);
            for power in -20..60 {
                let step = f64::powi(2.0, power);
                near(Some(ordered(number + step)));
                near(Some(ordered(number - step)));
            }
        }
        if calendar && *kind == FieldType::Time {
            borders(base, definition.schema.zone).for_each(|point| near(Some(point)));
        }
        found
    }

    /// Numbers that an identifier is compared with for equality: written out, of parameters, of other fields, or entries of a list.
    pub(super) fn names(definition: &Definition, tree: &ScriptTree, request: &Request, field: FieldIndex) -> Vec<Value> {
        let mut found: Vec<Value> = Vec::new();
        let parameter = |index: crate::model::ParameterIndex| definition.rule_set.parameters.get_index(index.at());
        let mut note = |expr: &Expr| match &expr.kind {
            ExprKind::Literal(value) => found.push(value.clone()),
            ExprKind::Field(other) => found.push(request.get(*other).clone()),
            ExprKind::Parameter(index) => found.extend(parameter(*index).map(|(_, known)| known.value.clone())),
            ExprKind::List(list) => {
                if let Some((_, list)) = definition.rule_set.lists.get_index(list.at())
                    && let ListEntries::Int(entries) = &list.entries
                {
                    found.extend(entries.iter().take(3).map(|entry| Value::Int(*entry)));
                }
            }
            _ => {}
        };
        tree::walk(tree, &mut |expr| match &expr.kind {
            ExprKind::Binary { op: BinaryOp::Equal | BinaryOp::NotEqual, lhs, rhs, .. } => {
                for (one, other) in [(lhs, rhs), (rhs, lhs)] {
                    if is_field(one, field) {
                        note(other);
                    }
                }
            }
            ExprKind::In { item, container, .. } if is_field(item, field) => match &container.kind {
                ExprKind::Array(values) => values.iter().for_each(&mut note),
                _ => note(container),
            },
            ExprKind::Switch { subject, arms, .. } if is_field(subject, field) => {
                arms.iter().flat_map(|arm| &arm.values).for_each(&mut note);
            }
            _ => {}
        });
        found.retain(|value| matches!(value, Value::Int(_)));
        found
    }

    /// Texts that the script compares with, entries of its lists, other fields' texts, and one that is none of them.
    pub(super) fn texts(definition: &Definition, tree: &ScriptTree, request: &Request, now: &Value) -> Vec<Value> {
        let mut found: Vec<Arc<str>> = Vec::new();
        let own = if let Value::Text(text) = now { text.as_ref() } else { "" };
        tree::walk(tree, &mut |expr| {
            let value = match &expr.kind {
                ExprKind::Literal(value) => Some(value),
                ExprKind::Field(field) => Some(request.get(*field)),
                ExprKind::Parameter(index) => definition.rule_set.parameters.get_index(index.at()).map(|(_, known)| &known.value),
                _ => None,
            };
            if let Some(Value::Text(text)) = value {
                // As it is for `==`, and put on for `starts_with`, `ends_with` and `contains`.
                found.extend([text.clone(), [text, own].concat().into(), [own, text].concat().into()]);
            }
            if let ExprKind::List(list) = &expr.kind
                && let Some((_, list)) = definition.rule_set.lists.get_index(list.at())
                && let ListEntries::Text(entries) = &list.entries
            {
                found.extend(entries.iter().take(3).cloned());
            }
        });
        let other =
            (1..=found.len() + 1).map(|count| "-".repeat(count)).find(|text| !found.iter().any(|known| known.as_ref() == text));
        found.extend(other.map(Arc::from));
        found.push("".into());
        let mut seen = BTreeSet::new();
        found.into_iter().filter(|text| seen.insert(text.clone())).map(Value::Text).collect()
    }
}

/// Whether an expression is a field, or that field with a default.
fn is_field(expr: &Expr, field: FieldIndex) -> bool {
    match &expr.kind {
        ExprKind::Field(own) => *own == field,
        ExprKind::Coalesce(all) => all.first().is_some_and(|first| is_field(first, field)),
        _ => false,
    }
}

/// Where the field would have to be for two sides to be equal, when it is on either side by itself or in a sum.
fn gaps(one: &ExplainedValue, other: &ExplainedValue, base: i64, float: bool) -> Vec<Option<i64>> {
    if float {
        let (Some(one), Some(other)) = (one.as_float(), other.as_float()) else { return Vec::new() };
        let (number, gap) = (unordered(base), other - one);
        return vec![Some(ordered(number + gap)), Some(ordered(number - gap))];
    }
    let Some(gap) = super::phrase::distance(one, other) else { return Vec::new() };
    vec![base.checked_add(gap), base.checked_sub(gap)]
}

/// Borders of hours for two days and of days for a year, before and after a time.
fn borders(base: i64, zone: Zone) -> impl Iterator<Item = i64> {
    let offset = i64::from(zone.seconds()) * 1_000_000;
    let local = base.saturating_add(offset);
    let hours = (-48..=48).map(move |by| (local.div_euclid(HOUR) + by) * HOUR - offset);
    let days = (-370..=370).map(move |by| (local.div_euclid(DAY) + by) * DAY - offset);
    hours.chain(days)
}

/// A number with a fraction as a whole number that keeps the order.
#[expect(clippy::cast_possible_wrap, reason = "bits, not a number")]
pub(super) fn ordered(number: f64) -> i64 {
    let bits = (number + 0.0).to_bits() as i64;
    if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
}

/// The inverse of [`ordered`].
#[expect(clippy::cast_sign_loss, reason = "bits, not a number")]
pub(super) fn unordered(at: i64) -> f64 {
    let bits = if at < 0 { i64::MIN.wrapping_sub(at) } else { at };
    f64::from_bits(bits as u64)
}
