//! Sentences: what a condition was, what a change is, and both together.

use super::data::{Failing, FieldChange};
use super::show::{self, ValueWriter};
use super::value::ExplainedValue;
use super::walk::Walked;
use crate::model::{Fen, Field, Value};
use crate::plan::Constant;
use crate::script::Type;
use crate::script::tree::{self, BinaryOp, Expr, ExprKind};
use crate::text::LocalText;

/// A text of two halves made alike.
fn both(en: String, zh: String) -> LocalText {
    LocalText { en, zh }
}

/// What a condition was, though it was wanted otherwise: "`money.amount` 4,980.00 is not over 5,000.00".
pub(super) fn failing(show: ValueWriter<'_>, walked: &Walked, expr: &Expr, wanted: bool) -> LocalText {
    match &expr.kind {
        ExprKind::Binary { op, lhs, rhs, .. } if op.is_comparison() => {
            // A constant is put on the right.
            let turned = is_fixed(lhs) && !is_fixed(rhs);
            let (op, lhs, rhs) = if turned { (op.turned(), rhs, lhs) } else { (*op, lhs, rhs) };
            comparison(show, walked, if wanted { op } else { op.opposite() }, (lhs, rhs))
        }
        ExprKind::In { item, container, negated } => {
            let (item, container) = (named(show, walked, item), container_text(show, container));
            if wanted == *negated {
                both(format!("{} is in {}", item.en, container.en), then(&item.zh, &format!("在{}中", container.zh)))
            } else {
                both(format!("{} is not in {}", item.en, container.en), then(&item.zh, &format!("不在{}中", container.zh)))
            }
        }
        ExprKind::Field(_) | ExprKind::Parameter(_) | ExprKind::Local(_) => {
            let text = tree_text(show, expr);
            let Some(value) = shown(show, walked, expr) else { return LocalText::same(text) };
            both(format!("{text} is {}", value.en), format!("{text} 为{}", value.zh))
        }
        _ => {
            let (text, inputs) = (tree_text(show, expr), inputs(show, walked, expr));
            let (en, zh) = if wanted { ("does not hold", "不成立") } else { ("holds", "成立") };
            if inputs.en.is_empty() {
                return both(format!("{text} {en}"), format!("{text} {zh}"));
            }
            both(format!("{text} {en} ({})", inputs.en), format!("{text} {zh}（{}）", inputs.zh))
        }
    }
}

/// Says that `lhs op rhs` is not so.
fn comparison(show: ValueWriter<'_>, walked: &Walked, op: BinaryOp, (lhs, rhs): (&Expr, &Expr)) -> LocalText {
    let one = named_beside(show, walked, lhs, rhs);
    let nothing = matches!(rhs.kind, ExprKind::Literal(Value::Missing));
    match op {
        BinaryOp::Equal if nothing => both(format!("{} is not missing", one.en), then(&one.zh, "并非缺失")),
        BinaryOp::NotEqual if nothing => {
            let text = tree_text(show, lhs);
            both(format!("{text} is missing"), format!("{text} 缺失"))
        }
        BinaryOp::Equal => {
            let other = named_beside(show, walked, rhs, lhs);
            let text = tree_text(show, lhs);
            let is = shown(show, walked, lhs).unwrap_or_default();
            both(format!("{text} is {}, not {}", is.en, other.en), format!("{text} 为 {}，不是 {}", is.zh, other.zh))
        }
        BinaryOp::NotEqual => {
            let other = named_beside(show, walked, rhs, lhs);
            let text = tree_text(show, lhs);
            both(format!("{text} is {}", other.en), format!("{text} 为 {}", other.zh))
        }
        _ => {
            let other = named_beside(show, walked, rhs, lhs);
            let (en, zh) = match op {
                BinaryOp::Greater => ("is not over", "不大于"),
                BinaryOp::GreaterOrEqual => ("is under", "小于"),
                BinaryOp::Less => ("is not under", "不小于"),
                _ => ("is over", "大于"),
            };
            both(format!("{} {en} {}", one.en, other.en), format!("{} {}", then(&one.zh, zh), other.zh))
        }
    }
}

/// Whether an expression is the same for every request and has no name.
fn is_fixed(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(_)) || (expr.constant.is_some() && matches!(expr.kind, ExprKind::Call { .. }))
}

/// An expression's own text in backticks, on one line.
fn tree_text(show: ValueWriter<'_>, expr: &Expr) -> String {
    let text = super::tree::text(show, expr.span);
    format!("`{}`", text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn shown(show: ValueWriter<'_>, walked: &Walked, expr: &Expr) -> Option<LocalText> {
    show.value(expr, walked.value(expr)?)
}

/// "`money.amount` 4,980.00"; of what is written out, the value alone.
fn named(show: ValueWriter<'_>, walked: &Walked, expr: &Expr) -> LocalText {
    let text = tree_text(show, expr);
    match shown(show, walked, expr) {
        Some(value) if is_fixed(expr) => value,
        Some(value) => both(format!("{text} {}", value.en), format!("{text} {}", value.zh)),
        None => LocalText::same(text),
    }
}

/// The same beside another expression, of whose enum a text may be a value, and beside whose identifier a number is a name.
fn named_beside(show: ValueWriter<'_>, walked: &Walked, expr: &Expr, beside: &Expr) -> LocalText {
    match (&expr.kind, beside.ty.present()) {
        (ExprKind::Literal(Value::Text(text)), ty @ Type::Enum(_)) => {
            show::plain(&Constant::Text(text.clone()), &ty, show.definition.schema.zone)
        }
        (ExprKind::Literal(Value::Int(number)), _) if show.identifiers.reaches(beside) => LocalText::same(number.to_string()),
        (ExprKind::Parameter(_), Type::Int) if show.identifiers.reaches(beside) => match walked.value(expr) {
            Some(ExplainedValue::Plain(constant)) if !show.taint.reaches(expr) => {
                let (text, value) = (tree_text(show, expr), show::name(constant, &expr.ty, show.definition.schema.zone));
                both(format!("{text} {}", value.en), format!("{text} {}", value.zh))
            }
            _ => named(show, walked, expr),
        },
        _ => named(show, walked, expr),
    }
}

fn container_text(show: ValueWriter<'_>, container: &Expr) -> LocalText {
    let text = tree_text(show, container);
    match &container.kind {
        ExprKind::List(list) => match show.definition.rule_set.lists.get_index(list.at()) {
            Some((_, list)) => both(format!("{text} ({})", list.title.en), format!("名单 {text}（{}）", list.title.zh)),
            None => LocalText::same(text),
        },
        _ => both(text.clone(), format!(" {text} ")),
    }
}

/// The fields and variables that a condition is made of, with their values, each once.
fn inputs(show: ValueWriter<'_>, walked: &Walked, expr: &Expr) -> LocalText {
    let mut found: Vec<LocalText> = Vec::new();
    // The names inside a shared function mean nothing here.
    let mut inside = vec![expr];
    while let Some(expr) = inside.pop() {
        if matches!(expr.kind, ExprKind::Field(_) | ExprKind::Parameter(_) | ExprKind::Local(_)) {
            let one = named(show, walked, expr);
            if !found.contains(&one) {
                found.push(one);
            }
        }
        for part in tree::parts(expr).into_iter().rev() {
            if let tree::ExprPart::Expr(part) = part {
                inside.push(part);
            }
        }
    }
    let join =
        |half: fn(&LocalText) -> &String, with: &str| found.iter().map(|one| half(one).as_str()).collect::<Vec<_>>().join(with);
    both(join(|text| &text.en, ", "), join(|text| &text.zh, "，"))
}

/// What a change is: "20.01 more", "set to PAY (Pay)", "missing".
pub(super) fn change(
    field: &Field,
    (masked, is_name): (bool, bool),
    from: &Value,
    to: &Value,
    zone: crate::model::Zone,
) -> LocalText {
    if masked && *to != Value::Missing {
        return LocalText::new("another value", "换为其他值");
    }
    match (from, to) {
        (_, Value::Missing) => LocalText::new("left out", "置空"),
        (Value::Money(from), Value::Money(to)) => more_or_less(from.0, to.0, |by| show::money(Fen(by))),
        (_, Value::Int(to)) if is_name => both(format!("set to {to}"), format!("改为 {to}")),
        (Value::Int(from), Value::Int(to)) => more_or_less(*from, *to, crate::text::grouped),
        _ => {
            let value = show::field_value(to, &field.kind, zone);
            both(format!("set to {}", value.en), format!("改为 {}", value.zh))
        }
    }
}

fn more_or_less(from: i64, to: i64, shown: impl Fn(i64) -> String) -> LocalText {
    match to.checked_sub(from).filter(|by| *by != i64::MIN) {
        Some(by) if by > 0 => both(format!("{} more", shown(by)), format!("增加 {}", shown(by))),
        Some(by) => both(format!("{} less", shown(-by)), format!("减少 {}", shown(-by))),
        None => both(format!("set to {}", shown(to)), format!("改为 {}", shown(to))),
    }
}

/// Why a rule did not fire and what would make it, in one sentence.
pub(super) fn why_not(failing: &[Failing], change: Option<&FieldChange>) -> LocalText {
    let join = |half: fn(&LocalText) -> &String, with: &str| {
        failing.iter().map(|one| half(&one.said).as_str()).collect::<Vec<_>>().join(with)
    };
    let causes = both(join(|text| &text.en, "; "), join(|text| &text.zh, "；"));
    let Some(change) = change else {
        let none = LocalText::new("no change of one field was found that would make it fire", "未找到只改一个字段即可命中的改法");
        return joined(&causes, &none);
    };
    let about = format!("`{}`", change.field);
    let own = failing.len() == 1 && causes.en.starts_with(&about);
    let (en, zh) = (&change.said.en, &change.said.zh);
    let end = match (own, en.strip_prefix("set to "), &change.value) {
        (true, Some(value), _) => both(format!("{value} would"), then(zh, "即可命中")),
        (true, None, Value::Missing) => both("without a value it would".to_owned(), then(zh, "即可命中")),
        (true, None, _) => both(format!("{en} would"), then(zh, "即可命中")),
        (false, None, Value::Int(_) | Value::Money(_)) => {
            both(format!("{about} {en} would make it fire"), then(&format!("{about} {zh}"), "即可命中"))
        }
        (false, ..) => both(format!("with {about} {en} it would fire"), then(&format!("将 {about} {zh}"), "即可命中")),
    };
    joined(&causes, &end)
}

/// Chinese after what may end in a number or a word of the script; then a space belongs between the two.
fn then(one: &str, other: &str) -> String {
    let wide = |last: char| last == '）' || ('\u{4e00}'..='\u{9fff}').contains(&last);
    let space = if one.ends_with(wide) { "" } else { " " };
    format!("{one}{space}{other}")
}

fn joined(causes: &LocalText, end: &LocalText) -> LocalText {
    if causes.en.is_empty() {
        end.clone()
    } else {
        both(format!("{}: {}", causes.en, end.en), format!("{}：{}", causes.zh, end.zh))
    }
}

/// What would keep a rule that fired from firing.
pub(super) fn why(change: &FieldChange) -> LocalText {
    let (about, words) = (format!("`{}`", change.field), &change.said);
    both(format!("with {about} {} it would not fire", words.en), then(&format!("将 {about} {}", words.zh), "则不会命中"))
}

/// The value of an expression as a number, where two of them have a distance.
pub(super) fn distance(one: &ExplainedValue, other: &ExplainedValue) -> Option<i64> {
    other.as_int()?.checked_sub(one.as_int()?)
}
