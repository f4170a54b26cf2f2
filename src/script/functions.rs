//! Every function that scripts may call, documented in both languages.

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

/// Every function, outcome functions first.
pub static ALL: &[Function] = &[
    Function {
        name: "accept",
        parameters: &[("reason", Takes::Reason)],
        gives: Gives::Outcome,
        en: "Lets the request through, with a reason. The Screen stages that follow are skipped.",
        zh: "通过该请求，并给出原因。其后的筛查阶段不再执行。",
        example: ("accept(\"UNLINKED\")", "outcome"),
    },
    Function {
        name: "step_up",
        parameters: &[("reason", Takes::Reason)],
        gives: Gives::Outcome,
        en: "Asks the customer for another factor, with a reason.",
        zh: "要求客户加强验证，并给出原因。",
        example: ("step_up(\"NEW_DEVICE\")", "outcome"),
    },
    Function {
        name: "refer",
        parameters: &[("reason", Takes::Reason)],
        gives: Gives::Outcome,
        en: "Hands the request to a person, with a reason.",
        zh: "将请求转人工审核，并给出原因。",
        example: ("refer(\"SYSTEM_ERROR\")", "outcome"),
    },
    Function {
        name: "decline",
        parameters: &[("reason", Takes::Reason)],
        gives: Gives::Outcome,
        en: "Turns the request down, with a reason. The decision ends after this stage.",
        zh: "拒绝该请求，并给出原因。本阶段结束后决策即告终止。",
        example: ("decline(\"NEW_DEVICE\")", "outcome"),
    },
    Function {
        name: "score",
        parameters: &[("points", Takes::Int), ("reason", Takes::Reason)],
        gives: Gives::Outcome,
        en: "Adds points to the stage's sum, with a reason; negative points lower it.",
        zh: "向本阶段的总分加分，并给出原因；负分则减分。",
        example: ("score(25, \"NEW_DEVICE\")", "outcome"),
    },
    Function {
        name: "limit",
        parameters: &[("limits", Takes::Limits)],
        gives: Gives::Outcome,
        en: "Sets limits; the keys are `single`, `day`, `month` and `year`. The smallest amount per limit counts.",
        zh: "设置限额；键为 `single`（单笔）、`day`（日累计）、`month`（月累计）、`year`（年累计）。同类限额取最小值。",
        example: ("limit(#{ single: yuan(5_000), month: yuan(50_000) })", "outcome"),
    },
    Function {
        name: "route",
        parameters: &[("interface", Takes::Interface)],
        gives: Gives::Outcome,
        en: "Sends the request over an interface.",
        zh: "将请求路由到指定接口。",
        example: ("route(\"zhejiang\")", "outcome"),
    },
    Function {
        name: "yuan",
        parameters: &[("amount", Takes::Yuan)],
        gives: Gives::Money,
        en: "An amount of whole yuan; an amount with fen is written as text.",
        zh: "以元为单位的金额；带分的金额用文本书写。",
        example: ("yuan(5_000) + yuan(\"0.50\")", "500050"),
    },
    Function {
        name: "fen",
        parameters: &[("amount", Takes::Int)],
        gives: Gives::Money,
        en: "An amount of fen, the hundredth of a yuan.",
        zh: "以分为单位的金额。",
        example: ("fen(150)", "150"),
    },
    Function {
        name: "time",
        parameters: &[("text", Takes::TimeText)],
        gives: Gives::Time,
        en: "A point in time, read in the schema's zone unless an offset is written.",
        zh: "一个时间点；未写时区偏移时按请求结构的时区读取。",
        example: ("time(\"2014-03-24T00:00:00\") == time(\"2014-03-23T16:00:00Z\")", "true"),
    },
    Function {
        name: "date",
        parameters: &[("time", Takes::Time)],
        gives: Gives::Time,
        en: "The start of that day, in the schema's zone.",
        zh: "该日零点（请求结构的时区）。",
        example: ("date(time(\"2014-03-24T09:30:00\")) == time(\"2014-03-24\")", "true"),
    },
    Function {
        name: "year",
        parameters: &[("time", Takes::Time)],
        gives: Gives::Int,
        en: "The year, in the schema's zone.",
        zh: "年份（请求结构的时区）。",
        example: ("year(time(\"2014-03-24\"))", "2014"),
    },
    Function {
        name: "month",
        parameters: &[("time", Takes::Time)],
        gives: Gives::Int,
        en: "The month, 1 to 12, in the schema's zone.",
        zh: "月份，1 至 12（请求结构的时区）。",
        example: ("month(time(\"2014-03-24\"))", "3"),
    },
    Function {
        name: "day",
        parameters: &[("time", Takes::Time)],
        gives: Gives::Int,
        en: "The day of the month, 1 to 31, in the schema's zone.",
        zh: "日，1 至 31（请求结构的时区）。",
        example: ("day(time(\"2014-03-24\"))", "24"),
    },
    Function {
        name: "hour",
        parameters: &[("time", Takes::Time)],
        gives: Gives::Int,
        en: "The hour, 0 to 23, in the schema's zone.",
        zh: "小时，0 至 23（请求结构的时区）。",
        example: ("hour(time(\"2014-03-24T23:59:59\"))", "23"),
    },
    Function {
        name: "minute",
        parameters: &[("time", Takes::Time)],
        gives: Gives::Int,
        en: "The minute, 0 to 59, in the schema's zone.",
        zh: "分钟，0 至 59（请求结构的时区）。",
        example: ("minute(time(\"2014-03-24T23:59:59\"))", "59"),
    },
    Function {
        name: "weekday",
        parameters: &[("time", Takes::Time)],
        gives: Gives::Int,
        en: "The day of the week, from 1 for Monday to 7 for Sunday, in the schema's zone.",
        zh: "星期几，1 为星期一，7 为星期日（请求结构的时区）。",
        example: ("weekday(time(\"2014-03-24\"))", "1"),
    },
    Function {
        name: "days_between",
        parameters: &[("from", Takes::Time), ("to", Takes::Time)],
        gives: Gives::Int,
        en: "How many midnights, in the schema's zone, lie between the two; negative when `to` is earlier.",
        zh: "两个时间之间经过的零点数（请求结构的时区）；`to` 较早时为负。",
        example: ("days_between(time(\"2014-03-23T23:00:00\"), time(\"2014-03-24T01:00:00\"))", "1"),
    },
    Function {
        name: "minutes_between",
        parameters: &[("from", Takes::Time), ("to", Takes::Time)],
        gives: Gives::Int,
        en: "How many whole minutes have passed; negative when `to` is earlier.",
        zh: "两个时间之间的整分钟数；`to` 较早时为负。",
        example: ("minutes_between(time(\"2014-03-24T00:00:00\"), time(\"2014-03-24T00:01:59\"))", "1"),
    },
    Function {
        name: "share",
        parameters: &[("key", Takes::TextOrInt), ("salt", Takes::Text)],
        gives: Gives::Int,
        en: "A number from 0 to 9999 that is the same for the same key and salt for ever: `share(card.hash, \"wave1\") < 500` holds for five per cent of the cards.",
        zh: "0 至 9999 的数，相同的键与盐永远得到相同结果：`share(card.hash, \"wave1\") < 500` 对百分之五的卡成立。",
        example: ("share(\"card-1\", \"wave1\")", "8775"),
    },
    Function {
        name: "starts_with",
        parameters: &[("text", Takes::Text), ("part", Takes::Text)],
        gives: Gives::Bool,
        en: "Whether the text begins with the part.",
        zh: "文本是否以该部分开头。",
        example: ("starts_with(\"622202\", \"62\")", "true"),
    },
    Function {
        name: "ends_with",
        parameters: &[("text", Takes::Text), ("part", Takes::Text)],
        gives: Gives::Bool,
        en: "Whether the text ends with the part.",
        zh: "文本是否以该部分结尾。",
        example: ("ends_with(\"622202\", \"02\")", "true"),
    },
    Function {
        name: "contains",
        parameters: &[("text", Takes::Text), ("part", Takes::Text)],
        gives: Gives::Bool,
        en: "Whether the part stands anywhere in the text.",
        zh: "文本是否包含该部分。",
        example: ("contains(\"622202\", \"220\")", "true"),
    },
    Function {
        name: "is_empty",
        parameters: &[("text", Takes::Text)],
        gives: Gives::Bool,
        en: "Whether the text has no character.",
        zh: "文本是否为空。",
        example: ("is_empty(\"\")", "true"),
    },
    Function {
        name: "len",
        parameters: &[("of", Takes::TextOrArray)],
        gives: Gives::Int,
        en: "How many characters a text has, or how many elements an array.",
        zh: "文本的字符数，或数组的元素个数。",
        example: ("len(\"签约\")", "2"),
    },
    Function {
        name: "lower",
        parameters: &[("text", Takes::Text)],
        gives: Gives::Text,
        en: "The text with the letters A to Z made small.",
        zh: "将字母 A 至 Z 转为小写。",
        example: ("lower(\"AbC\")", "\"abc\""),
    },
    Function {
        name: "upper",
        parameters: &[("text", Takes::Text)],
        gives: Gives::Text,
        en: "The text with the letters a to z made large.",
        zh: "将字母 a 至 z 转为大写。",
        example: ("upper(\"AbC\")", "\"ABC\""),
    },
    Function {
        name: "trim",
        parameters: &[("text", Takes::Text)],
        gives: Gives::Text,
        en: "The text without white space at either end.",
        zh: "去掉两端空白后的文本。",
        example: ("trim(\" a b \")", "\"a b\""),
    },
    Function {
        name: "left",
        parameters: &[("text", Takes::Text), ("count", Takes::Int)],
        gives: Gives::Text,
        en: "The first characters, or all where there are fewer.",
        zh: "开头若干个字符；不足时为全部。",
        example: ("left(\"622202\", 2)", "\"62\""),
    },
    Function {
        name: "right",
        parameters: &[("text", Takes::Text), ("count", Takes::Int)],
        gives: Gives::Text,
        en: "The last characters, or all where there are fewer.",
        zh: "末尾若干个字符；不足时为全部。",
        example: ("right(\"622202\", 2)", "\"02\""),
    },
    Function {
        name: "min",
        parameters: &[("one", Takes::Ordered), ("other", Takes::Ordered)],
        gives: Gives::SameAsFirst,
        en: "The smaller of two numbers or amounts, the earlier of two times.",
        zh: "两个数或金额中较小者，两个时间中较早者。",
        example: ("min(3, 5)", "3"),
    },
    Function {
        name: "max",
        parameters: &[("one", Takes::Ordered), ("other", Takes::Ordered)],
        gives: Gives::SameAsFirst,
        en: "The larger of two numbers or amounts, the later of two times.",
        zh: "两个数或金额中较大者，两个时间中较晚者。",
        example: ("max(yuan(3), yuan(5)) == yuan(5)", "true"),
    },
    Function {
        name: "abs",
        parameters: &[("number", Takes::Number)],
        gives: Gives::SameAsFirst,
        en: "The number or amount without its sign.",
        zh: "数或金额的绝对值。",
        example: ("abs(-3)", "3"),
    },
    Function {
        name: "round",
        parameters: &[("number", Takes::Float)],
        gives: Gives::Int,
        en: "The nearest whole number, halves away from nought.",
        zh: "四舍五入后的整数。",
        example: ("round(2.5)", "3"),
    },
    Function {
        name: "floor",
        parameters: &[("number", Takes::Float)],
        gives: Gives::Int,
        en: "The largest whole number that is not larger.",
        zh: "不大于该数的最大整数。",
        example: ("floor(-2.5)", "-3"),
    },
];

/// The function of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    ALL.iter().find(|function| function.name == name)
}
