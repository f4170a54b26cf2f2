//! The static types of expressions. They are finer than what the interpreter sees: money, times and enums are numbers and texts there.

use std::fmt;
use std::sync::Arc;

use crate::model::{EnumType, FieldType, ListType};
use crate::text::LocalText;

/// What an outcome may be; a set, since the two branches of an `if` may give different ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "a small set, one member a kind")]
pub struct OutcomeKinds {
    /// `accept`, `step_up`, `refer` or `decline`.
    pub verdict: bool,
    /// `score`.
    pub score: bool,
    /// `limit`.
    pub limit: bool,
    /// `route`.
    pub route: bool,
}

impl OutcomeKinds {
    /// Everything that is in one of the two.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            verdict: self.verdict || other.verdict,
            score: self.score || other.score,
            limit: self.limit || other.limit,
            route: self.route || other.route,
        }
    }
}

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// An amount in fen; a whole number when run.
    Money,
    /// A number with a fraction; never money.
    Float,
    /// Free text.
    Text,
    /// One of a few texts.
    Enum(Arc<EnumType>),
    /// A point in time; microseconds since 1970 when run.
    Time,
    /// `()`: nothing.
    Unit,
    /// That type, or `()`. Never nested.
    Optional(Box<Type>),
    /// An array whose elements have that type.
    Array(Box<Type>),
    /// One of the lists of the rule set.
    List(ListType),
    /// `a..b` or `a..=b`.
    Range,
    /// What `accept` … `route` give.
    Outcome(OutcomeKinds),
    /// `#{ … }`.
    Map,
    /// No value at all: the code after it is not reached.
    Never,
    /// Different types on different ways.
    Mixed,
    /// Not known: the expression has a fault, and no further fault follows from it.
    Unknown,
}

impl Type {
    /// That type or `()`; types that include `()` already stay as they are.
    #[must_use]
    pub fn optional(self) -> Self {
        match self {
            Self::Optional(_) | Self::Unit | Self::Never | Self::Unknown | Self::Mixed => self,
            other => Self::Optional(Box::new(other)),
        }
    }

    /// The type once `()` is ruled out; [`Type::Never`] for `()` itself.
    #[must_use]
    pub fn present(&self) -> Self {
        match self {
            Self::Optional(inner) => inner.as_ref().clone(),
            Self::Unit => Self::Never,
            other => other.clone(),
        }
    }

    /// Whether the value may be `()`.
    #[must_use]
    pub fn may_be_missing(&self) -> bool {
        matches!(self, Self::Optional(_) | Self::Unit)
    }

    /// Whether no further fault is reported, because one has been reported already or the place is not reached.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::Unknown | Self::Never)
    }

    /// Whether it is free text or an enum.
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Enum(_))
    }

    /// The type of a value that comes out of either of two ways.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Never, other) | (other, Self::Never) => other,
            (Self::Unit, other) | (other, Self::Unit) => other.optional(),
            (Self::Optional(one), other) | (other, Self::Optional(one)) => one.join(other.present()).optional(),
            (Self::Outcome(one), Self::Outcome(other)) => Self::Outcome(one.union(other)),
            // A rule may end with one outcome or with several.
            (Self::Array(one), Self::Outcome(other)) | (Self::Outcome(other), Self::Array(one))
                if matches!(*one, Self::Outcome(_) | Self::Never) =>
            {
                Self::Array(Box::new(one.join(Self::Outcome(other))))
            }
            (Self::Array(one), Self::Array(other)) => Self::Array(Box::new(one.join(*other))),
            (Self::Enum(one), Self::Enum(other)) => {
                let values = one.values.iter().chain(&other.values);
                Self::Enum(Arc::new(EnumType { values: values.map(|(name, text)| (name.clone(), text.clone())).collect() }))
            }
            (one, other) if one.is_text() && other.is_text() => Self::Text,
            _ => Self::Mixed,
        }
    }

    /// The type for people, in both languages.
    #[must_use]
    pub fn text(&self) -> LocalText {
        let (en, zh) = match self {
            Self::Bool => ("a Bool", "是否"),
            Self::Int => ("an Int", "整数"),
            Self::Money => ("an amount of Money", "金额"),
            Self::Float => ("a Float", "小数"),
            Self::Text => ("a Text", "文本"),
            Self::Enum(_) => ("an Enum", "枚举"),
            Self::Time => ("a Time", "时间"),
            Self::Unit => ("nothing `()`", "空值 `()`"),
            Self::Optional(inner) => {
                let inner = inner.text();
                return LocalText::new(format!("{} or nothing `()`", inner.en), format!("{}或空值 `()`", inner.zh));
            }
            Self::Array(_) => ("an array", "数组"),
            Self::List(_) => ("a list", "名单"),
            Self::Range => ("a range", "区间"),
            Self::Outcome(_) => ("an outcome", "规则结果"),
            Self::Map => ("a map `#{ … }`", "映射 `#{ … }`"),
            Self::Never => ("no value", "无值"),
            Self::Mixed => ("values of unlike types", "类型不一致的值"),
            Self::Unknown => ("a value of unknown type", "类型未知的值"),
        };
        LocalText::new(en, zh)
    }
}

impl From<&FieldType> for Type {
    fn from(kind: &FieldType) -> Self {
        match kind {
            FieldType::Bool => Self::Bool,
            FieldType::Int => Self::Int,
            FieldType::Money => Self::Money,
            FieldType::Float => Self::Float,
            FieldType::Text => Self::Text,
            FieldType::Enum(values) => Self::Enum(Arc::new(values.clone())),
            FieldType::Time => Self::Time,
        }
    }
}

impl fmt::Display for Type {
    /// The English words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}
