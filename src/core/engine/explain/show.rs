//! Values as people write them, in both languages; what tells of a personal field is masked.

use super::taint::Taint;
use super::value::ExplainedValue;
use crate::model::{Definition, EnumType, Fen, FieldType, Limit, ListIndex, Outcome, Timestamp, Value, Zone};
use crate::plan::Constant;
use crate::script::Type;
use crate::script::tree::{Expr, ExprKind};
use crate::text::{LocalText, grouped, yuan};

/// What is shown in place of a value that is masked.
pub(super) const MASK: &str = "•••";
/// The longest text shown whole, in characters.
const LONGEST: usize = 60;

/// An amount in yuan with two decimals and a comma every three digits: `-4,980.00`.
pub(super) fn money(fen: Fen) -> String {
    yuan(fen.0)
}

/// A point in time in the zone: `2014-03-24 09:30:00`.
pub(super) fn time(time: Timestamp, zone: Zone) -> String {
    zone.civil(time).to_string().replacen('T', " ", 1)
}

fn yes_or_no(value: bool) -> LocalText {
    if value { LocalText::new("yes", "是") } else { LocalText::new("no", "否") }
}

pub(super) fn missing() -> LocalText {
    LocalText::new("missing", "缺失")
}

fn member(values: &EnumType, text: &str) -> LocalText {
    match values.values.get(text) {
        Some(title) if title.en != text || title.zh != text => {
            let zh = if title.zh.is_empty() { &title.en } else { &title.zh };
            LocalText::new(format!("{text} ({})", title.en), format!("{text}（{zh}）"))
        }
        _ => LocalText::same(text),
    }
}

fn quoted(text: &str) -> LocalText {
    let short: String = text.chars().take(LONGEST).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    LocalText::same(format!("\"{short}{more}\""))
}

/// A value by its static type.
pub(super) fn plain(constant: &Constant, ty: &Type, zone: Zone) -> LocalText {
    let inner = if let Type::Optional(inner) = ty { inner } else { ty };
    match (constant, inner) {
        (Constant::Missing, _) => missing(),
        (Constant::Bool(value), _) => yes_or_no(*value),
        (Constant::Int(fen), Type::Money) => LocalText::same(money(Fen(*fen))),
        (Constant::Int(micros), Type::Time) => {
            let point = Timestamp::from_micros(*micros);
            LocalText::same(point.map_or_else(|| micros.to_string(), |point| time(point, zone)))
        }
        (Constant::Int(number), _) => LocalText::same(grouped(number)),
        (Constant::Float(bits), _) => LocalText::same(f64::from_bits(*bits).to_string()),
        (Constant::Text(text), Type::Enum(values)) => member(values, text),
        (Constant::Text(text), _) => quoted(text),
    }
}

/// A value that is a name: a whole number in digits alone.
pub(super) fn name(constant: &Constant, ty: &Type, zone: Zone) -> LocalText {
    match constant {
        Constant::Int(number) if ty.present() == Type::Int => LocalText::same(number.to_string()),
        other => plain(other, ty, zone),
    }
}

pub(super) fn field_value(value: &Value, kind: &FieldType, zone: Zone) -> LocalText {
    match ExplainedValue::of(value) {
        ExplainedValue::Plain(constant) => plain(&constant, &Type::from(kind), zone),
        _ => missing(),
    }
}

/// Shows the values of one script.
#[derive(Clone, Copy)]
pub(super) struct ValueWriter<'a> {
    pub(super) definition: &'a Definition,
    /// What is kept back.
    pub(super) taint: &'a Taint<'a>,
    /// What is a name and no quantity.
    pub(super) identifiers: &'a Taint<'a>,
}

impl ValueWriter<'_> {
    /// The value of an expression; none for constants and for what has no single value, such as a list.
    pub(super) fn value(self, expr: &Expr, value: &ExplainedValue) -> Option<LocalText> {
        let zone = self.definition.schema.zone;
        match value {
            _ if self.hides(expr, value) => Some(LocalText::same(MASK)),
            ExplainedValue::Plain(constant) if self.identifiers.reaches(expr) => Some(name(constant, &expr.ty, zone)),
            ExplainedValue::Plain(constant) => Some(plain(constant, &expr.ty, zone)),
            ExplainedValue::Outcome(outcome) => Some(self::outcome(self.definition, outcome)),
            ExplainedValue::Range(low, high, inclusive) => {
                Some(LocalText::same(format!("{low}{}{high}", if *inclusive { "..=" } else { ".." })))
            }
            ExplainedValue::Array(items) => {
                let count = items.len();
                Some(LocalText::new(format!("{count} elements"), format!("{count} 个元素")))
            }
            ExplainedValue::List(list) => self.list(*list),
            ExplainedValue::Map(_) => None,
        }
    }

    fn list(self, list: ListIndex) -> Option<LocalText> {
        let (_, list) = self.definition.rule_set.lists.get_index(list.at())?;
        let count = grouped(list.entries.len());
        let (en, zh) = (&list.title.en, &list.title.zh);
        Some(LocalText::new(format!("{en}, {count} entries"), format!("{zh}，{count} 条")))
    }

    /// Whether a value is kept back. Of what depends on a personal field only a truth value is shown, and that there is nothing.
    fn hides(self, expr: &Expr, value: &ExplainedValue) -> bool {
        match (&expr.kind, value) {
            (ExprKind::Field(field), _) => self.definition.schema.field(*field).is_some_and(|field| field.personal),
            (_, ExplainedValue::Plain(Constant::Bool(_) | Constant::Missing)) => false,
            (_, ExplainedValue::Plain(_) | ExplainedValue::Range(..)) => self.taint.reaches(expr),
            _ => false,
        }
    }
}

/// An outcome, for people.
pub(super) fn outcome(definition: &Definition, outcome: &Outcome) -> LocalText {
    let rules = &definition.rule_set;
    let reason = |index: crate::model::ReasonIndex| {
        let found = rules.reasons.get_index(index.at());
        let shown = |(code, reason): (&crate::model::ReasonId, &crate::model::Reason)| {
            LocalText::new(format!("{code} ({})", reason.text.en), format!("{code}（{}）", reason.text.zh))
        };
        found.map(shown).unwrap_or_default()
    };
    match outcome {
        Outcome::Verdict(verdict, index) => {
            let (verdict, reason) = (verdict.text(), reason(*index));
            LocalText::new(format!("{} {}", verdict.en, reason.en), format!("{} {}", verdict.zh, reason.zh))
        }
        Outcome::Score(points, index) => {
            let reason = reason(*index);
            LocalText::new(format!("{points:+} {}", reason.en), format!("{points:+} {}", reason.zh))
        }
        Outcome::Limit(limits) => {
            let set = Limit::ALL.into_iter().filter_map(|limit| Some((limit, money(limits.get(limit)?))));
            let set: Vec<(Limit, String)> = set.collect();
            let join = |name: fn(Limit) -> &'static str| {
                set.iter().map(|(limit, amount)| format!("{} {amount}", name(*limit))).collect::<Vec<_>>().join(", ")
            };
            LocalText::new(join(Limit::word), join(limit_zh))
        }
        Outcome::Route(interface) => {
            let found = rules.interfaces.get_index(interface.at());
            let shown = |(id, interface): (&crate::model::InterfaceId, &crate::model::Interface)| {
                LocalText::new(format!("→ {id} ({})", interface.title.en), format!("→ {id}（{}）", interface.title.zh))
            };
            found.map(shown).unwrap_or_default()
        }
    }
}

/// A limit in Chinese.
pub(super) fn limit_zh(limit: Limit) -> &'static str {
    match limit {
        Limit::Single => "单笔",
        Limit::Day => "日累计",
        Limit::Month => "月累计",
        Limit::Year => "年累计",
    }
}
