//! Enums and the texts that meet them: a text that is written out must be one of the enum's values, however it gets there.

use std::sync::Arc;

use super::ScriptLowering;
use crate::model::{EnumType, ListEntries, Value};
use crate::script::fault::FaultKind;
use crate::script::tree::{Block, Expr, ExprKind, WrittenTexts};
use crate::script::types::Type;
use crate::text::{LocalText, Span};

/// How many texts are followed.
const MOST_TEXTS: usize = 64;
/// How many entries of a list are looked at.
const MOST_ENTRIES: usize = 10_000;

/// The texts that an expression is made of, as far as its own kind tells.
pub(super) fn of(kind: &ExprKind, span: Span) -> Option<WrittenTexts> {
    match kind {
        ExprKind::Literal(Value::Text(text)) => Some([(text.clone(), span)].into()),
        ExprKind::Array(items) => union(items.iter().map(|item| item.texts.as_ref())),
        ExprKind::Block(block) => of_block(block).cloned(),
        _ => None,
    }
}

/// The texts that a block's value is one of.
pub(super) fn of_block(block: &Block) -> Option<&WrittenTexts> {
    block.statements.last()?.expr.texts.as_ref()
}

/// All texts of several ways, where each way has some.
pub(super) fn union<'t>(ways: impl Iterator<Item = Option<&'t WrittenTexts>>) -> Option<WrittenTexts> {
    let mut all: Vec<(Arc<str>, Span)> = Vec::new();
    for way in ways {
        for text in way?.iter() {
            if !all.contains(text) {
                all.push(text.clone());
            }
        }
    }
    (!all.is_empty() && all.len() <= MOST_TEXTS).then(|| all.into())
}

/// The type of a value that comes out of either of two ways, of which one may be an enum and the other texts written out: an enum
/// of them all, so that what it is compared with later is still held against its values.
pub(super) fn join(one: (Type, Option<&WrittenTexts>), other: (Type, Option<&WrittenTexts>)) -> Type {
    let pair = match (one.0.present(), other.0.present()) {
        (Type::Enum(values), Type::Text) => other.1.map(|texts| (values, texts)),
        (Type::Text, Type::Enum(values)) => one.1.map(|texts| (values, texts)),
        _ => None,
    };
    let Some((values, texts)) = pair else { return one.0.join(other.0) };
    let mut all = EnumType::clone(&values);
    for (text, _) in texts.iter().filter(|(text, _)| !values.contains(text)) {
        all.values.insert(text.to_string(), LocalText::same(&**text));
    }
    let joined = Type::Enum(Arc::new(all));
    if one.0.may_be_missing() || other.0.may_be_missing() { joined.optional() } else { joined }
}

/// The words of a text that looks like a list: `"credit,debit"`.
fn listed(text: &str) -> Vec<&str> {
    text.split([',', ';', '|', '，', '、', '；']).flat_map(str::split_whitespace).filter(|word| !word.is_empty()).collect()
}

impl ScriptLowering<'_> {
    /// Says which of the texts the enum does not have.
    fn members(&mut self, values: &EnumType, texts: &WrittenTexts) {
        for (text, span) in texts.iter().filter(|(text, _)| !values.contains(text)) {
            self.not_a_value(values, text, *span);
        }
    }

    pub(super) fn not_a_value(&mut self, values: &EnumType, value: &str, span: Span) {
        let known = values.names().map(str::to_owned).collect();
        self.fault(span, FaultKind::UnknownEnumValue { value: value.to_owned(), known });
    }

    /// Where an enum and texts come out of two ways, the texts must be its values.
    pub(super) fn meet(&mut self, one: (&Type, Option<&WrittenTexts>), other: (&Type, Option<&WrittenTexts>)) {
        for (side, facing) in [(one, other), (other, one)] {
            if let (Type::Enum(values), Type::Text, Some(texts)) = (side.0.present(), facing.0.present(), facing.1) {
                self.members(&values, texts);
            }
        }
    }

    /// Whether one side is an enum and the other texts that are written out; a fault for each that is none of its values.
    pub(super) fn enum_member(&mut self, lhs: &Expr, rhs: &Expr) -> bool {
        for (one, other) in [(lhs, rhs), (rhs, lhs)] {
            let Type::Enum(values) = one.ty.present() else { continue };
            if matches!(other.ty.present(), Type::Enum(_)) {
                continue;
            }
            match (&other.texts, &other.constant) {
                (Some(texts), _) => self.members(&values, texts),
                (None, Some(Value::Text(text))) if !values.contains(text) => self.not_a_value(&values, text, other.span),
                (None, Some(Value::Text(_))) => {}
                _ => continue,
            }
            return true;
        }
        false
    }

    /// The present value of a parameter that meets an enum must be one of its values.
    pub(super) fn parameter_member(&mut self, lhs: &Expr, rhs: &Expr) {
        for (one, other) in [(lhs, rhs), (rhs, lhs)] {
            if let (Type::Enum(values), ExprKind::Parameter(index)) = (one.ty.present(), &other.kind)
                && !matches!(one.kind, ExprKind::Parameter(_))
                && let Some(Value::Text(text)) = self.names.parameter_values.get(index.at())
                && !values.contains(text)
            {
                self.not_a_value(&values, text, other.span);
            }
        }
    }

    /// The entries of a list that an enum is looked up in must be its values.
    pub(super) fn list_members(&mut self, item: &Type, container: &Expr) {
        let (Type::Enum(values), ExprKind::List(index)) = (item, &container.kind) else { return };
        let Some(ListEntries::Text(entries)) = self.names.list_entries.get(index.at()) else { return };
        if let Some(entry) = entries.iter().take(MOST_ENTRIES).find(|entry| !values.contains(entry)) {
            self.not_a_value(values, entry, container.span);
        }
    }

    /// `text in text`, or `!in`.
    pub(super) fn text_in_text(&mut self, item: &Expr, container: &Expr, negated: bool, whole: Span) {
        let (wanted, held) = (&item.ty.present(), container.ty.present());
        let written = |expr: &Expr| self.placed.text.get(expr.span.range()).unwrap_or("").to_owned();
        let fix = match (&container.constant, &container.kind) {
            (Some(Value::Text(text)), ExprKind::Literal(_)) => {
                let words = listed(text);
                let plain = !words.is_empty() && words.iter().all(|word| !word.contains(['"', '\\']));
                plain.then(|| (container.span, format!("[\"{}\"]", words.join("\", \""))))
            }
            _ if matches!(held, Type::Enum(_)) => {
                let op = if negated { "!=" } else { "==" };
                Some((whole, format!("{} {op} {}", written(container), written(item))))
            }
            _ if *wanted == Type::Text => {
                let not = if negated { "!" } else { "" };
                Some((whole, format!("{not}contains({}, {})", written(container), written(item))))
            }
            _ => None,
        };
        self.fault(whole, FaultKind::TextInText { fix });
        if let (Type::Enum(values), Some(Value::Text(text))) = (wanted, &container.constant) {
            for word in listed(text).into_iter().filter(|word| !values.contains(word)) {
                self.not_a_value(values, word, container.span);
            }
        }
    }
}
