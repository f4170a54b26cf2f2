//! Every function that scripts may call, documented in both languages.

mod all;

pub use all::ALL;

use crate::text::LocalText;

/// What one argument takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Whole number.
    Int,
    /// A number with a fraction.
    Float,
    /// Whole yuan, or a text such as `"0.50"` that is written out.
    Yuan,
    /// Int, Money or Float.
    Number,
    /// Int, Money, Float or Time; all such arguments of a call the same.
    Ordered,
    /// Text or Enum.
    Text,
    /// A point in time.
    Time,
    /// A text such as `"2014-03-24T00:00:00"` that is written out.
    TimeText,
    /// Text or whole number.
    TextOrInt,
    /// Text or array.
    TextOrArray,
    /// A reason code.
    Reason,
    /// An interface.
    Interface,
    /// `#{ single: …, day: …, month: …, year: … }` with amounts.
    Limits,
}

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// `true` or `false`.
    Bool,
    /// Whole number.
    Int,
    /// An amount.
    Money,
    /// Text.
    Text,
    /// A point in time.
    Time,
    /// What the first argument is.
    SameAsFirst,
    /// An outcome.
    Outcome,
}

/// One function with its documentation.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Its arguments: name and what it takes.
    pub parameters: &'static [(&'static str, Takes)],
    /// What it gives.
    pub gives: Gives,
    /// What it does, in English.
    pub en: &'static str,
    /// What it does, in Chinese.
    pub zh: &'static str,
    /// An expression that uses it, and its value as a script writes it; `outcome` for an outcome. It names reasons and
    /// interfaces that a rule set may not have.
    pub example: (&'static str, &'static str),
}

impl Takes {
    /// What it takes, for people.
    #[must_use]
    pub fn text(self) -> LocalText {
        let (en, zh) = match self {
            Self::Int => ("an Int", "整数 Int"),
            Self::Float => ("a Float", "小数 Float"),
            Self::Yuan => ("whole yuan, or a text such as `\"0.50\"`", "整数元，或形如 `\"0.50\"` 的文本"),
            Self::Number => ("a number or an amount", "数或金额"),
            Self::Ordered => ("two numbers, two amounts or two times", "两个数、两个金额或两个时间"),
            Self::Text => ("a Text", "文本 Text"),
            Self::Time => ("a Time", "时间 Time"),
            Self::TimeText => {
                ("a time written out, such as `\"2014-03-24T00:00:00\"`", "写明的时间，例如 `\"2014-03-24T00:00:00\"`")
            }
            Self::TextOrInt => ("a Text or an Int", "文本 Text 或整数 Int"),
            Self::TextOrArray => ("a Text or an array", "文本 Text 或数组"),
            Self::Reason => ("a reason code in quotes", "加引号的原因码"),
            Self::Interface => ("an interface in quotes, or a parameter of interfaces", "加引号的接口，或取值为接口的参数"),
            Self::Limits => ("limits such as `#{ single: yuan(5_000) }`", "限额，例如 `#{ single: yuan(5_000) }`"),
        };
        LocalText::new(en, zh)
    }
}

impl Gives {
    /// What it gives, as people write a type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "Bool",
            Self::Int => "Int",
            Self::Money => "Money",
            Self::Text => "Text",
            Self::Time => "Time",
            Self::SameAsFirst => "same",
            Self::Outcome => "Outcome",
        }
    }
}

impl Function {
    /// How it is called: `share(key, salt) -> Int`.
    #[must_use]
    pub fn signature(&self) -> String {
        let names: Vec<&str> = self.parameters.iter().map(|(name, _)| *name).collect();
        format!("{}({}) -> {}", self.name, names.join(", "), self.gives.name())
    }

    /// The documentation in both languages.
    #[must_use]
    pub fn doc(&self) -> LocalText {
        LocalText::new(self.en, self.zh)
    }
}

/// The function of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    ALL.iter().find(|function| function.name == name)
}
