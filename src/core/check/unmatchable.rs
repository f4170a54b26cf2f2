//! Texts that no value in normal form can have.

use super::context::Context;
use super::kinds::UNMATCHABLE_TEXT;
use crate::diagnostic::Finding;
use crate::model::Value;
use crate::script::functions::FunctionId;
use crate::script::tree::{BinaryOp, Expr, ExprKind, walk};
use crate::text::{LocalText, normal, normalized, visible};

pub(super) fn unmatchable_texts(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for tree in cx.trees().flatten() {
        walk(tree, &mut |expr| match &expr.kind {
            ExprKind::Binary { op: BinaryOp::Equal | BinaryOp::NotEqual, lhs, rhs, .. } => {
                findings.extend(unmatchable_text(cx, lhs, rhs, ComparedPart::Whole));
                findings.extend(unmatchable_text(cx, rhs, lhs, ComparedPart::Whole));
            }
            ExprKind::In { item, container, .. } => {
                if let ExprKind::Array(texts) = &container.kind {
                    findings.extend(texts.iter().filter_map(|text| unmatchable_text(cx, item, text, ComparedPart::Whole)));
                }
            }
            ExprKind::Switch { subject, arms, .. } => {
                let values = arms.iter().flat_map(|arm| &arm.values);
                findings.extend(values.filter_map(|text| unmatchable_text(cx, subject, text, ComparedPart::Whole)));
            }
            ExprKind::Call { function, args, .. } => {
                if let ([text, part], Some(which)) = (args.as_slice(), ComparedPart::of(*function)) {
                    findings.extend(unmatchable_text(cx, text, part, which));
                }
            }
            _ => {}
        });
    }
    findings
}

/// Which part of a value a text is compared with.
#[derive(Clone, Copy)]
enum ComparedPart {
    Whole,
    Start,
    End,
    Inside,
}

impl ComparedPart {
    fn of(function: FunctionId) -> Option<Self> {
        match function {
            FunctionId::StartsWith => Some(Self::Start),
            FunctionId::EndsWith => Some(Self::End),
            FunctionId::Contains => Some(Self::Inside),
            _ => None,
        }
    }

    /// The text as a value in normal form can have it there; none where it can have the text as it is.
    fn possible(self, text: &str) -> Option<String> {
        let (before, after) = match self {
            Self::Whole => ("", ""),
            Self::Start => ("", "x"),
            Self::End => ("x", ""),
            Self::Inside => ("x", "x"),
        };
        let around = format!("{before}{text}{after}");
        let held = normal(&around)?;
        let held = held.strip_prefix(before).and_then(|held| held.strip_suffix(after));
        Some(held.map_or_else(|| normalized(text).into_owned(), str::to_owned))
    }
}

/// A finding where `one` is a field in normal form and `other` a text that it cannot have.
fn unmatchable_text(cx: &Context<'_>, one: &Expr, other: &Expr, part: ComparedPart) -> Option<Finding> {
    if !is_normal_field(cx, one) {
        return None;
    }
    let text = match &other.kind {
        ExprKind::Literal(Value::Text(text)) => text,
        ExprKind::Parameter(parameter) => {
            match cx.definition.rule_set.parameters.get_index(parameter.at()).map(|(_, known)| &known.value) {
                Some(Value::Text(text)) => text,
                _ => return None,
            }
        }
        _ => return None,
    };
    let possible = part.possible(text)?;
    let shown = visible(text);
    let message = LocalText::new(
        format!("no value of the field can be like `{shown}`: values are read in normal form"),
        format!("该字段的取值不可能为 `{shown}`：取值按规范形式读取"),
    );
    let help = LocalText::new(format!("write `\"{possible}\"`"), format!("请写 `\"{possible}\"`"));
    let finding = Finding::new(UNMATCHABLE_TEXT, other.span, message).with_help(help);
    let is_plain = matches!(other.kind, ExprKind::Literal(_)) && !possible.contains(['"', '\\']) && !possible.is_empty();
    Some(if is_plain { finding.with_fix(other.span, format!("\"{possible}\"")) } else { finding })
}

/// Whether an expression is a field whose texts are in normal form, or that field with a default.
fn is_normal_field(cx: &Context<'_>, expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Field(field) => cx.definition.schema.field(*field).is_some_and(|field| !field.as_written),
        ExprKind::Coalesce(all) => all.first().is_some_and(|first| is_normal_field(cx, first)),
        _ => false,
    }
}
