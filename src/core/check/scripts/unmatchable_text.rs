//! `unmatchable-text`: a text in a script that no value of a field can be equal to.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::model::Value;
use crate::script::functions::FunctionId;
use crate::script::tree::{BinaryOp, Expr, ExprKind, walk};
use crate::text::{LocalText, StaticText, normal, normalized, visible};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "unmatchable-text",
        severity: Severity::Warning,
        title: StaticText::new("a text that no value can be equal to", "任何取值都无法与之相等的文本"),
        what: StaticText::new(
            "Finds texts that a field is compared with and that are not in normal form: with blanks or invisible characters at their ends, \
             zero-width characters inside, or in another Unicode form.",
            "找出与字段比较、却不是规范形式的文本：首尾有空白或不可见字符，内部有零宽字符，或 Unicode 形式不同。",
        ),
        why: StaticText::new(
            "Values of fields are brought to normal form when they are read, so such a comparison is never true.",
            "字段的值在读取时已规范化，这样的比较永远不成立。",
        ),
        example: Example::Script {
            wrong: r#"if customer.id_hash == "3f5a " {
    refer("TOO_MANY_CARDS")
}"#,
            right: r#"if customer.id_hash == "3f5a" {
    refer("TOO_MANY_CARDS")
}"#,
        },
        remedy: StaticText::new(
            "Write the text without these characters; if they belong to the values, give the field `as_written: true` in `schema.ron`.",
            "请去掉文本中的这些字符；若取值确实含有它们，请在 `schema.ron` 中为该字段写 `as_written: true`。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for tree in cx.trees().flatten() {
        walk(tree, &mut |expr| match &expr.kind {
            ExprKind::Binary { op: BinaryOp::Equal | BinaryOp::NotEqual, lhs, rhs, .. } => {
                findings.extend(compared(cx, lhs, rhs, Part::Whole));
                findings.extend(compared(cx, rhs, lhs, Part::Whole));
            }
            ExprKind::In { item, container, .. } => {
                if let ExprKind::Array(texts) = &container.kind {
                    findings.extend(texts.iter().filter_map(|text| compared(cx, item, text, Part::Whole)));
                }
            }
            ExprKind::Switch { subject, arms, .. } => {
                let values = arms.iter().flat_map(|arm| &arm.values);
                findings.extend(values.filter_map(|text| compared(cx, subject, text, Part::Whole)));
            }
            ExprKind::Call { function, args, .. } => {
                if let ([text, part], Some(which)) = (args.as_slice(), Part::of(*function)) {
                    findings.extend(compared(cx, text, part, which));
                }
            }
            _ => {}
        });
    }
    findings
}

/// Which part of a value a text is compared with.
#[derive(Clone, Copy)]
enum Part {
    Whole,
    Start,
    End,
    Inside,
}

impl Part {
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
fn compared(cx: &Context<'_>, one: &Expr, other: &Expr, part: Part) -> Option<Finding> {
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
    let finding = CHECK.finding(other.span, message).with_help(help);
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
