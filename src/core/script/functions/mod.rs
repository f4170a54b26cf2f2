//! Every function that scripts may call, documented in both languages.

mod all;

pub use all::ALL;

use std::ops::RangeInclusive;

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
    /// An amount.
    Amount,
    /// Int or Money.
    Whole,
    /// Int or Money; all such arguments of a call the same.
    SameWhole,
    /// Int; also Money where the first argument is Money.
    Divisor,
    /// A rate in percent: a whole number, or a text such as `"15.5"`.
    Rate,
    /// A text such as `"1.00"`: an amount over zero that another is rounded to.
    Unit,
    /// `"half-up"` or `"half-even"`, written out; `"half-up"` where left out.
    Rounding,
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
    /// A number with a fraction.
    Float,
    /// An amount.
    Money,
    /// Money where the first argument is an amount and the second a number; else Int.
    Quotient,
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
    /// Whether such an argument may be left out.
    #[must_use]
    pub fn is_optional(self) -> bool {
        self == Self::Rounding
    }

    /// What it takes, for people.
    #[must_use]
    pub fn text(self) -> LocalText {
        let (en, zh) = match self {
            Self::Int => ("an Int", "整数"),
            Self::Float => ("a Float", "小数"),
            Self::Yuan => ("whole yuan, or a text such as `\"0.50\"`", "整数元，或形如 `\"0.50\"` 的文本"),
            Self::Number => ("a number or an amount", "数或金额"),
            Self::Amount => ("an amount", "金额"),
            Self::Whole => ("a whole number or an amount", "整数或金额"),
            Self::SameWhole => ("two whole numbers or two amounts", "两个整数或两个金额"),
            Self::Divisor => ("a whole number, or an amount to divide an amount by", "整数；除金额时也可为金额"),
            Self::Rate => ("a rate in percent such as `\"15.5\"` or `15`", "百分比，例如 `\"15.5\"` 或 `15`"),
            Self::Unit => ("an amount over zero in quotes, such as `\"1.00\"`", "加引号且大于零的金额，例如 `\"1.00\"`"),
            Self::Rounding => ("`\"half-up\"` or `\"half-even\"`", "`\"half-up\"`（四舍五入）或 `\"half-even\"`（四舍六入五成双）"),
            Self::Ordered => ("two numbers, two amounts or two times", "两个数、两个金额或两个时间"),
            Self::Text => ("a Text", "文本"),
            Self::Time => ("a Time", "时间"),
            Self::TimeText => {
                ("a time written out, such as `\"2014-03-24T00:00:00\"`", "写明的时间，例如 `\"2014-03-24T00:00:00\"`")
            }
            Self::TextOrInt => ("a Text or an Int", "文本 或整数"),
            Self::TextOrArray => ("a Text or an array", "文本 或数组"),
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
            Self::Float => "Float",
            Self::Money => "Money",
            Self::Quotient => "Int | Money",
            Self::Text => "Text",
            Self::Time => "Time",
            Self::SameAsFirst => "same",
            Self::Outcome => "Outcome",
        }
    }
}

impl Function {
    /// How it is called: `share(key, salt) -> Int`, `percent(amount, rate, [rounding]) -> Money`.
    #[must_use]
    pub fn signature(&self) -> String {
        let name = |(name, takes): &(&str, Takes)| if takes.is_optional() { format!("[{name}]") } else { (*name).to_owned() };
        let names: Vec<String> = self.parameters.iter().map(name).collect();
        format!("{}({}) -> {}", self.name, names.join(", "), self.gives.name())
    }

    /// How many arguments it may be called with.
    #[must_use]
    pub fn counts(&self) -> RangeInclusive<usize> {
        self.parameters.iter().filter(|(_, takes)| !takes.is_optional()).count()..=self.parameters.len()
    }

    /// The documentation in both languages.
    #[must_use]
    pub fn doc(&self) -> LocalText {
        LocalText::new(self.en, self.zh)
    }
}

/// The function of that name; the first where there are several forms.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    forms(name).next()
}

/// Every form of the function of that name: they differ in how many arguments they take.
pub fn forms(name: &str) -> impl Iterator<Item = &'static Function> {
    ALL.iter().filter(move |function| function.name == name)
}

/// The form that a call with so many arguments means: one that takes as many, or else the nearest.
#[must_use]
pub fn form(name: &str, count: usize) -> Option<&'static Function> {
    let away = |function: &&Function| function.counts().map(|takes| takes.abs_diff(count)).min();
    forms(name).min_by_key(away)
}
