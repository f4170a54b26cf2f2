//! The types of fields and parameters, and one table of what each is. To add one: a variant here and in [`Value`]; the compiler names
//! the rest.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::time::Timestamp;
use super::value::{Fen, Value};
use crate::text::{LocalText, StaticText};

/// The values an enum may take, in the schema's order, each with its text for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EnumType {
    /// Value and text.
    pub values: IndexMap<String, LocalText>,
}

impl EnumType {
    /// Whether `value` is one of them.
    #[must_use]
    pub fn contains(&self, value: &str) -> bool {
        self.values.contains_key(value)
    }

    /// The values alone.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.values.keys().map(String::as_str)
    }
}

/// What a field or parameter may hold. `E` is what is known of an enum: its values in a rule set, their form in a file, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldType<E = EnumType> {
    /// `true` or `false`.
    Bool,
    /// A whole number, 64 bits.
    Int,
    /// An amount in fen.
    Money,
    /// A finite number; never money.
    Float,
    /// Free text.
    Text,
    /// One of a few named values.
    Enum(E),
    /// A point in time, to the microsecond.
    Time,
}

/// What is the same for all values of a type.
#[derive(Debug)]
pub struct TypeSpec {
    /// As people and files write it; the Chinese name beside it.
    pub name: StaticText,
    /// How a RON file writes a value.
    pub ron_form: StaticText,
    /// What a text is that is no value.
    pub not_one: StaticText,
    /// Whether a RON file writes values as texts in quotes.
    pub is_quoted: bool,
    /// Whether values have an order, so that a parameter may have a range.
    pub is_ordered: bool,
    /// Whether values are quantities, shown flush right.
    pub is_quantity: bool,
    /// A value that a form begins with, as plain text; empty for an enum.
    pub first: &'static str,
}

impl<E> FieldType<E> {
    /// What is the same for all values of the type.
    #[must_use]
    pub fn spec(&self) -> &'static TypeSpec {
        match self {
            Self::Bool => &TypeSpec {
                name: StaticText { en: "Bool", zh: "是否" },
                ron_form: StaticText { en: "`true` or `false`", zh: " `true` 或 `false`" },
                not_one: StaticText { en: "is not a truth value", zh: "不是是否值" },
                is_quoted: false,
                is_ordered: false,
                is_quantity: false,
                first: "false",
            },
            Self::Int => &TypeSpec {
                name: StaticText { en: "Int", zh: "整数" },
                ron_form: StaticText { en: "a whole number such as `42`", zh: "整数，例如 `42`" },
                not_one: StaticText { en: "is not a whole number", zh: "不是整数" },
                is_quoted: false,
                is_ordered: true,
                is_quantity: true,
                first: "0",
            },
            Self::Money => &TypeSpec {
                name: StaticText { en: "Money", zh: "金额" },
                ron_form: StaticText {
                    en: "an amount in yuan in quotes such as `\"5000.00\"`",
                    zh: "带引号的金额（元），例如 `\"5000.00\"`",
                },
                not_one: StaticText {
                    en: "is not an amount in yuan such as `5000.00`",
                    zh: "不是以元为单位的金额，例如 `5000.00`",
                },
                is_quoted: true,
                is_ordered: true,
                is_quantity: true,
                first: "0",
            },
            Self::Float => &TypeSpec {
                name: StaticText { en: "Float", zh: "小数" },
                ron_form: StaticText { en: "a number such as `0.5`", zh: "数字，例如 `0.5`" },
                not_one: StaticText { en: "is not a finite number", zh: "不是有限的数" },
                is_quoted: false,
                is_ordered: true,
                is_quantity: true,
                first: "0",
            },
            Self::Text => &TypeSpec {
                name: StaticText { en: "Text", zh: "文本" },
                ron_form: StaticText { en: "a text in quotes", zh: "带引号的文本" },
                not_one: StaticText { en: "is not text", zh: "不是文本" },
                is_quoted: true,
                is_ordered: false,
                is_quantity: false,
                first: "text",
            },
            Self::Enum(_) => &TypeSpec {
                name: StaticText { en: "Enum", zh: "枚举" },
                ron_form: StaticText { en: "one of the enum's values in quotes", zh: "带引号的枚举值" },
                not_one: StaticText { en: "is not a value of the field", zh: "不是该字段的取值" },
                is_quoted: true,
                is_ordered: false,
                is_quantity: false,
                first: "",
            },
            Self::Time => &TypeSpec {
                name: StaticText { en: "Time", zh: "时间" },
                ron_form: StaticText {
                    en: "a time in quotes such as `\"2014-03-24T00:00:00\"`",
                    zh: "带引号的时间，例如 `\"2014-03-24T00:00:00\"`",
                },
                not_one: StaticText {
                    en: "is not a time such as `2014-03-24T00:00:00`",
                    zh: "不是 `2014-03-24T00:00:00` 形式的时间",
                },
                is_quoted: true,
                is_ordered: true,
                is_quantity: false,
                first: "2014-03-24T09:00:00",
            },
        }
    }

    /// The type's name as files write it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.spec().name.en
    }

    /// The type for people.
    #[must_use]
    pub fn text(&self) -> StaticText {
        self.spec().name
    }

    /// What a value of the type looks like in a RON file.
    #[must_use]
    pub fn looks_like(&self) -> &'static str {
        self.spec().ron_form.en
    }

    /// Whether a value is of the type; of an enum, any text. A missing value is of none.
    #[must_use]
    pub fn holds(&self, value: &Value) -> bool {
        match self {
            Self::Bool => matches!(value, Value::Bool(_)),
            Self::Int => matches!(value, Value::Int(_)),
            Self::Money => matches!(value, Value::Money(_)),
            Self::Float => matches!(value, Value::Float(number) if number.is_finite()),
            Self::Text | Self::Enum(_) => matches!(value, Value::Text(_)),
            Self::Time => matches!(value, Value::Time(_)),
        }
    }

    /// The same type, with `change` applied to what is known of an enum.
    pub fn map_enum<'e, F>(&'e self, change: impl FnOnce(&'e E) -> F) -> FieldType<F> {
        match self {
            Self::Bool => FieldType::Bool,
            Self::Int => FieldType::Int,
            Self::Money => FieldType::Money,
            Self::Float => FieldType::Float,
            Self::Text => FieldType::Text,
            Self::Enum(known) => FieldType::Enum(change(known)),
            Self::Time => FieldType::Time,
        }
    }

    /// The value that [`Value::whole`] gives as this number; none of types whose values are no whole numbers, or out of range.
    #[must_use]
    pub fn value_of_whole(&self, whole: i64) -> Option<Value> {
        match self {
            Self::Int => Some(Value::Int(whole)),
            Self::Money => Some(Value::Money(Fen(whole))),
            Self::Time => Timestamp::from_micros(whole).map(Value::Time),
            Self::Bool | Self::Float | Self::Text | Self::Enum(_) => None,
        }
    }
}

impl FieldType {
    /// Every type in the order that people choose from, the enum without values.
    #[must_use]
    pub fn all() -> [Self; 7] {
        [Self::Text, Self::Int, Self::Money, Self::Float, Self::Bool, Self::Time, Self::Enum(EnumType::default())]
    }

    /// A value that a form begins with, as plain text: empty for an enum without values.
    #[must_use]
    pub fn first_text(&self) -> &str {
        match self {
            Self::Enum(values) => values.names().next().unwrap_or_default(),
            _ => self.spec().first,
        }
    }

    /// Values at and around the ends of what the type holds, and everyday ones: what tests and generators try.
    #[must_use]
    pub fn edge_values(&self) -> Vec<Value> {
        let text = |text: &str| Value::Text(text.into());
        match self {
            Self::Bool => [false, true].map(Value::Bool).to_vec(),
            Self::Int => [0, 1, -1, 2, 7, 100, i64::MAX, i64::MIN].map(Value::Int).to_vec(),
            Self::Money => [0, 1, -1, 99, 100, 500_000, i64::MAX, i64::MIN].map(|fen| Value::Money(Fen(fen))).to_vec(),
            Self::Float => [0.0, -0.0, 1.0, -1.5, 0.5, 1e300, f64::MAX, f64::MIN, f64::MIN_POSITIVE].map(Value::Float).to_vec(),
            Self::Text => ["", "a", "A", "0", " a ", "王", "\u{1f600}"].map(text).to_vec(),
            Self::Enum(values) => values.names().map(text).collect(),
            Self::Time => {
                let micros = [0, -1, 1, 1_395_590_400_000_000, Timestamp::MIN.micros(), Timestamp::MAX.micros()];
                micros.into_iter().filter_map(|micros| self.value_of_whole(micros)).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Field, Zone};

    #[test]
    fn every_value_at_the_edge_of_its_type_is_read_back_from_what_is_written() {
        let zone = Zone::parse("+08:00").unwrap();
        for mut kind in FieldType::all() {
            if let FieldType::Enum(known) = &mut kind {
                known.values = ["red", "blue"].map(|name| (name.to_owned(), LocalText::same(name))).into();
            }
            let name = kind.name();
            let text = LocalText::default();
            let field = Field {
                kind,
                optional: false,
                text,
                unit: None,
                personal: false,
                as_written: true,
                identifier: false,
                derived: None,
            };
            let first = Value::parse(&field.kind, field.kind.first_text(), zone).unwrap();
            for value in field.kind.edge_values().into_iter().chain([first]) {
                assert_eq!(Value::parse(&field.kind, &value.show(zone), zone), Ok(value.clone()), "{name}");
                assert_eq!(Value::from_scalar(&field.kind, &value.to_scalar(zone), zone), Ok(value.clone()), "{name}");
                assert_eq!(field.accepts(&value), Ok(()), "{name} {value:?}");
                assert_eq!(
                    value.whole().and_then(|whole| field.kind.value_of_whole(whole)).is_some(),
                    value.whole().is_some(),
                    "{name}"
                );
                let others = FieldType::all().into_iter().filter(|other| {
                    let accepts = |kind| Field { kind, ..field.clone() }.accepts(&value).is_ok();
                    other.name() != name && accepts(other.clone())
                });
                let is_text = matches!(value, Value::Text(_));
                assert_eq!(
                    others.map(|other| other.name()).collect::<Vec<_>>(),
                    if is_text && name == "Enum" { vec!["Text"] } else { vec![] }
                );
            }
        }
    }
}
