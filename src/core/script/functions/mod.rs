//! Every function that scripts may call: one file a function, or one a small family.
//!
//! A file holds everything about its functions: signature, documentation, value, cost, when a call fails, what other languages call it.
//! [`FunctionId`] is the list. The interpreter, the plan, the batch evaluator, explanations, checks and the prover take what they need
//! from it, so that a new function works everywhere once it is in its file and in the list.

mod abs;
mod calendar;
mod cut;
mod days;
mod division;
mod length;
mod letters;
mod order;
mod outcomes;
mod parts;
mod search;
mod share;
mod time;
mod value;
mod whole;
mod yuan;

use std::ops::{Deref, RangeInclusive};

pub use share::share;
pub(in crate::script) use value::quotable;
pub use value::{CallFailure, ScriptValue};

use super::host::Cost;
use super::operators::OutcomeCall;
use crate::model::Zone;
use crate::text::{LocalText, StaticText};

/// The most arguments that a function takes.
pub const MOST_ARGUMENTS: usize = 3;

/// Lists every function: the name of its form, and where it is defined.
macro_rules! functions {
    ($($id:ident = $function:path,)*) => {
        /// One function, or one form of a function that takes other arguments in another number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FunctionId {
            $(#[doc = concat!("`", stringify!($function), "`.")] $id,)*
        }

        /// Every function, outcome functions first.
        pub const ALL: &[FunctionId] = &[$(FunctionId::$id,)*];

        // Every value has words in both languages, and a truth value also those of its opposite.
        const _: () = {
            $(assert!($function.has_words(), concat!("`", stringify!($function), "` has no words in one of the languages"));)*
        };

        impl Deref for FunctionId {
            type Target = Function;

            fn deref(&self) -> &'static Function {
                match self {
                    $(Self::$id => &$function,)*
                }
            }
        }
    };
}

functions! {
    Accept = outcomes::ACCEPT,
    StepUp = outcomes::STEP_UP,
    Refer = outcomes::REFER,
    Decline = outcomes::DECLINE,
    Score = outcomes::SCORE,
    Limit = outcomes::LIMIT,
    Route = outcomes::ROUTE,
    Yuan = yuan::YUAN,
    Fen = yuan::FEN,
    Time = time::TIME,
    Date = calendar::DATE,
    Year = calendar::YEAR,
    Month = calendar::MONTH,
    Day = calendar::DAY,
    Hour = calendar::HOUR,
    Minute = calendar::MINUTE,
    Weekday = calendar::WEEKDAY,
    DaysBetween = days::DAYS_BETWEEN,
    MinutesBetween = days::MINUTES_BETWEEN,
    Share = share::SHARE,
    StartsWith = search::STARTS_WITH,
    EndsWith = search::ENDS_WITH,
    Contains = search::CONTAINS,
    IsEmpty = length::IS_EMPTY,
    Len = length::LEN,
    Lower = letters::LOWER,
    Upper = letters::UPPER,
    Trim = letters::TRIM,
    Left = cut::LEFT,
    Right = cut::RIGHT,
    Min = order::MIN,
    Max = order::MAX,
    Abs = abs::ABS,
    Round = whole::ROUND,
    RoundTo = parts::ROUND_TO,
    Floor = whole::FLOOR,
    Ratio = division::RATIO,
    Div = division::DIV,
    Percent = parts::PERCENT,
}

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
    /// Text; no Enum, whose values are compared whole.
    Text,
    /// Text or Enum.
    TextOrEnum,
    /// Text; also an Enum where the next argument is a part of one of its values.
    Searched,
    /// A point in time.
    Time,
    /// A text such as `"2014-03-24T00:00:00"` that is written out.
    TimeText,
    /// Text, Enum or whole number.
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

/// How a function gets its value.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// It makes an outcome.
    Outcome(OutcomeCall),
    /// From the values of its arguments alone, and the schema's zone.
    Value(for<'a> fn(&'a [ScriptValue<'a>], Zone) -> Result<ScriptValue<'a>, CallFailure>),
}

/// Whether a call with values of the right types may fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fails {
    /// It never does.
    Never,
    /// Only where an argument lies outside the range of times.
    OutsideTimes,
    /// For some values.
    ForSome,
}

/// The lowest and the highest of some values.
pub type LowHigh = (i128, i128);

/// The values that a function may give, as far as more is known than their type.
#[derive(Clone, Copy, Debug)]
pub enum ValueRange {
    /// Any.
    Any,
    /// From the first to the second, both included.
    Within(i64, i64),
    /// Those of the first argument.
    First,
    /// The lowest and the highest, from those of each argument; amounts in fen, times in microseconds, floats as positions in their order.
    Of(fn(&[LowHigh]) -> Option<LowHigh>),
}

/// What a call costs beside its steps: nothing where none of the counted arguments is a text.
#[derive(Clone, Copy, Debug)]
pub struct Charge {
    /// For the call, and for the bytes of the counted texts together.
    pub cost: Cost,
    /// The positions of the arguments that are counted.
    pub counted: &'static [usize],
}

/// One function.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Its arguments: name and what it takes.
    pub parameters: &'static [(&'static str, Takes)],
    /// What it gives.
    pub gives: Gives,
    /// What it does.
    pub doc: StaticText,
    /// An expression that uses it, and its value as a script writes it; `outcome` for an outcome. It names reasons and
    /// interfaces that a rule set may not have.
    pub example: (&'static str, &'static str),
    /// How it gets its value.
    pub body: Body,
    /// Whether it writes down a value: a call with a constant is that constant to the checks.
    pub is_literal: bool,
    /// When a call fails.
    pub fails: Fails,
    /// Which values it gives.
    pub range: ValueRange,
    /// What it costs; none where that does not grow with its arguments.
    pub charge: Option<Charge>,
    /// A call in a sentence: `{0}` stands for the first argument; what stands in `[` and `]` is said only of an argument that is given.
    pub words: StaticText,
    /// The same where the value, a truth value, is false.
    pub words_if_not: StaticText,
    /// What other languages call it: compared without case and `_`.
    pub foreign: &'static [&'static str],
    /// What to write in place of the foreign names.
    pub write: StaticText,
}

/// A function that never fails, costs its steps alone and has no foreign name; a definition starts from it.
const PURE: Function = Function {
    name: "",
    parameters: &[],
    gives: Gives::Bool,
    doc: StaticText::new("", ""),
    example: ("", ""),
    body: Body::Value(|_, _| Err(CallFailure::TYPES)),
    is_literal: false,
    fails: Fails::Never,
    range: ValueRange::Any,
    charge: None,
    words: StaticText::new("", ""),
    words_if_not: StaticText::new("", ""),
    foreign: &[],
    write: StaticText::new("", ""),
};

impl Takes {
    /// Whether such an argument may be left out.
    #[must_use]
    pub fn is_optional(self) -> bool {
        self == Self::Rounding
    }

    /// Whether it is a number as a quantity, not as an identifier or a count of characters.
    #[must_use]
    pub fn is_quantity(self) -> bool {
        matches!(self, Self::Float | Self::Number | Self::Amount | Self::Whole | Self::SameWhole | Self::Divisor | Self::Ordered)
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
            Self::Text | Self::TextOrEnum | Self::Searched => ("a Text", "文本"),
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

    const fn has_words(&self) -> bool {
        const fn is_whole(text: StaticText) -> bool {
            !text.en.is_empty() && !text.zh.is_empty()
        }
        matches!(self.body, Body::Outcome(_))
            || (is_whole(self.words) && (!matches!(self.gives, Gives::Bool) || is_whole(self.words_if_not)))
    }

    /// The documentation in both languages.
    #[must_use]
    pub fn doc(&self) -> LocalText {
        self.doc.local()
    }

    /// Whether one of its arguments takes that.
    #[must_use]
    pub fn takes(&self, wanted: Takes) -> bool {
        self.parameters.iter().any(|(_, takes)| *takes == wanted)
    }

    /// Whether its value is a number of its arguments, at most with another sign.
    #[must_use]
    pub fn keeps_number(&self) -> bool {
        self.gives == Gives::SameAsFirst || matches!(self.range, ValueRange::First)
    }

    /// The value of a call.
    ///
    /// # Errors
    /// When it does not take values of these types, or has no value for them.
    pub fn evaluate<'a>(&self, args: &'a [ScriptValue<'a>], zone: Zone) -> Result<ScriptValue<'a>, CallFailure> {
        match self.body {
            Body::Value(evaluate) => evaluate(args, zone),
            Body::Outcome(_) => Err(CallFailure::TYPES),
        }
    }

    /// The operations that a call costs beside its steps.
    #[must_use]
    pub fn operations(&self, args: &[ScriptValue<'_>]) -> u64 {
        let Some(charge) = self.charge else { return 0 };
        let counted = charge.counted.iter().filter_map(|at| args.get(*at)?.as_text()).map(str::len);
        counted.reduce(|one, other| one + other).map_or(0, |bytes| charge.cost.of(bytes))
    }
}

/// The function of that name; the first where there are several forms.
#[must_use]
pub fn find(name: &str) -> Option<FunctionId> {
    forms(name).next()
}

/// Every form of the function of that name: they differ in how many arguments they take.
pub fn forms(name: &str) -> impl Iterator<Item = FunctionId> {
    ALL.iter().copied().filter(move |function| function.name == name)
}

/// The form that a call with so many arguments means: one that takes as many, or else the nearest.
#[must_use]
pub fn form(name: &str, count: usize) -> Option<FunctionId> {
    let distance = |function: &FunctionId| function.counts().map(|takes| takes.abs_diff(count)).min();
    forms(name).min_by_key(distance)
}
