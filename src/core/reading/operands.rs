//! Values in words: fields and parameters by title, constants as people write them, and what is reckoned from them.

use super::titles::head;
use super::{PartKind, Phrase, Worded, Wording};
use crate::model::{Definition, EnumType, Fen, FieldType, ParameterIndex, Rounding, Timestamp, Value};
use crate::plan::{Binary, CompareOp, Constant, Graph, NodeId, Op, Unary};
use crate::script::functions::{FunctionId, Gives, Takes};
use crate::text::{Language, LocalText, grouped, yuan};

/// What a value is beyond its kind in the plan: how a constant beside it is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sort<'a> {
    /// Not known.
    Unknown,
    Bool,
    /// A whole number, with its unit where it has one.
    Int(Option<&'a LocalText>),
    /// A whole number that only names something.
    Name,
    Money,
    Float,
    Text,
    Enum(&'a EnumType),
    Time,
}

impl<'a> Sort<'a> {
    /// The other where this one is not known.
    pub(super) fn or(self, other: Self) -> Self {
        if matches!(self, Self::Unknown) { other } else { self }
    }

    fn of(kind: &'a FieldType, unit: Option<&'a LocalText>) -> Self {
        match kind {
            FieldType::Bool => Self::Bool,
            FieldType::Int => Self::Int(unit),
            FieldType::Money => Self::Money,
            FieldType::Float => Self::Float,
            FieldType::Text => Self::Text,
            FieldType::Enum(values) => Self::Enum(values),
            FieldType::Time => Self::Time,
        }
    }
}

impl<'a> Wording<'_, 'a> {
    /// What a value is, as far as its expression tells.
    pub(super) fn sort(&self, node: NodeId) -> Sort<'a> {
        self.reader.sorts.get(node.at()).copied().unwrap_or(Sort::Unknown)
    }

    /// A value in words; `hint` is what a constant in it is.
    pub(super) fn operand(&mut self, node: NodeId, hint: Sort<'a>) -> Worded<Phrase> {
        self.spend()?;
        let graph = self.graph();
        Ok(match &graph.node(node).op {
            Op::Constant(constant) => Phrase::value(&self.constant(constant, hint)),
            Op::Field(field) => {
                let title = self.reader.titles.fields.get(field.at()).cloned().unwrap_or_default();
                Phrase::part(PartKind::Field(*field), &in_quotes(&title))
            }
            Op::Parameter(parameter) => self.parameter(*parameter),
            Op::Present(inner)
            | Op::Unary(Unary::ToFloat | Unary::LimitAmount, inner)
            | Op::Interface(inner)
            | Op::Reason(inner) => self.operand(*inner, hint)?,
            Op::Unary(Unary::Negate, inner) => Phrase::of("−{0}", "−{0}", &[&self.operand(*inner, hint)?]),
            Op::Binary(how, one, other) => self.binary(*how, (*one, *other), hint)?,
            Op::Call(function, args) if function.gives != Gives::Bool => {
                let args = self.arguments(*function, args)?;
                Phrase::of(function.words.en, function.words.zh, &args.iter().collect::<Vec<_>>())
            }
            Op::Coalesce(one, other) => {
                let (one, other) = (self.operand(*one, hint)?, self.operand(*other, hint)?);
                Phrase::of("({0}, or where it is missing {1})", "（{0}，缺失时取{1}）", &[&one, &other])
            }
            Op::Select(..) if self.is_by_value(node) => self.by_value(node, hint)?,
            Op::Select(condition, one, other) => {
                let (condition, one) = (self.inline(*condition, true)?, self.operand(*one, hint)?);
                let other = self.operand(*other, hint)?;
                Phrase::of("({0} where {1}, otherwise {2})", "（{1}时取{0}，否则取{2}）", &[&one, &condition, &other])
            }
            Op::Unary(Unary::Not, _)
            | Op::IsMissing(_)
            | Op::Compare(..)
            | Op::Call(..)
            | Op::All(_)
            | Op::Any(_)
            | Op::InList(..)
            | Op::InSet(..) => Phrase::of("({0})", "（{0}）", &[&self.inline(node, true)?]),
        })
    }

    /// Which value an item must equal for the first of two to be taken: the item, the value, and the two.
    fn case(&self, node: NodeId) -> Option<(NodeId, NodeId, NodeId, NodeId)> {
        let graph = self.graph();
        let Op::Select(condition, one, other) = &graph.node(node).op else { return None };
        let Op::Compare(CompareOp::Equal, item, value) = &graph.node(*condition).op else { return None };
        matches!(graph.node(*value).op, Op::Constant(_)).then_some((*item, *value, *one, *other))
    }

    /// Whether a value depends on which of several values another has.
    fn is_by_value(&self, node: NodeId) -> bool {
        let next = |other| self.case(other);
        self.case(node).is_some_and(|(item, .., other)| next(other).is_some_and(|(same, ..)| same == item))
    }

    /// A value that depends on which of several values another has: each with the value it is for.
    fn by_value(&mut self, node: NodeId, hint: Sort<'a>) -> Worded<Phrase> {
        let Some((item, ..)) = self.case(node) else { return Ok(Phrase::default()) };
        let sort = self.sort(item);
        let subject = self.operand(item, sort)?;
        let (mut ways, mut rest) = (Vec::new(), node);
        while let Some((same, value, one, other)) = self.case(rest) {
            if same != item {
                break;
            }
            let (value, one) = (self.operand(value, sort)?, self.operand(one, hint)?);
            ways.push(Phrase::of("for {0}: {1}", "{0}对应{1}", &[&value, &one]));
            rest = other;
        }
        let otherwise = self.operand(rest, hint)?;
        ways.push(Phrase::of("otherwise: {0}", "其余为{0}", &[&otherwise]));
        let ways = Phrase::joined(&ways, "; ", "；");
        Ok(Phrase::of("(by {0} — {1})", "（按{0}：{1}）", &[&subject, &ways]))
    }

    /// A parameter by its title, with its id and what it is set to.
    fn parameter(&self, parameter: ParameterIndex) -> Phrase {
        let Some((id, held)) = self.definition().rule_set.parameters.get_index(parameter.at()) else { return Phrase::default() };
        let title = self.reader.titles.parameters.get(parameter.at()).cloned().unwrap_or_default();
        let title = Phrase::part(PartKind::Parameter(parameter), &in_quotes(&title));
        let sort = Sort::of(&held.kind, held.unit.as_ref());
        let value = match self.reader.plan.parameter(parameter) {
            Value::Text(text) => quoted(text, sort),
            Value::Bool(value) => yes_or_no(*value),
            Value::Float(number) => LocalText::same(number.to_string()),
            Value::Missing => LocalText::default(),
            other => self.number(other.whole().unwrap_or_default(), sort).text(),
        };
        let value = Phrase::part(PartKind::ParameterValue(parameter), &value);
        Phrase::of(&format!("{{0}} ({id} = {{1}})"), &format!("{{0}}（{id} = {{1}}）"), &[&title, &value])
    }

    fn binary(&mut self, how: Binary, (one, other): (NodeId, NodeId), hint: Sort<'a>) -> Worded<Phrase> {
        let (first, second) = (self.sort(one), self.sort(other));
        let same = first.or(second).or(hint);
        let hints = match how {
            Binary::Add | Binary::Subtract | Binary::Modulo | Binary::Concat => (same, same),
            // Of a product, one side is the amount.
            Binary::Multiply | Binary::Divide => match (first, second, hint) {
                (Sort::Money, ..) => (Sort::Money, Sort::Int(None)),
                (_, Sort::Money, _) if how == Binary::Multiply => (Sort::Int(None), Sort::Money),
                (Sort::Unknown, _, Sort::Money) => (Sort::Money, Sort::Int(None)),
                (_, Sort::Unknown, Sort::Money) if how == Binary::Multiply => (Sort::Int(None), Sort::Money),
                _ => (same, same),
            },
            Binary::Power => (first.or(hint), Sort::Int(None)),
        };
        let (one, other) = (self.operand(one, hints.0)?, self.operand(other, hints.1)?);
        let (en, zh) = match how {
            Binary::Add => ("({0} + {1})", "（{0} + {1}）"),
            Binary::Subtract => ("({0} − {1})", "（{0} − {1}）"),
            Binary::Multiply => ("({0} × {1})", "（{0} × {1}）"),
            Binary::Divide => ("({0} ÷ {1})", "（{0} ÷ {1}）"),
            Binary::Modulo => ("(the remainder of {0} ÷ {1})", "（{0} ÷ {1} 的余数）"),
            Binary::Power => ("({0} to the power of {1})", "（{0} 的 {1} 次方）"),
            Binary::Concat => ("({0} followed by {1})", "（{0} 连接 {1}）"),
        };
        Ok(Phrase::of(en, zh, &[&one, &other]))
    }

    /// The arguments of a call; rates, units and roundings without quotation marks.
    pub(super) fn arguments(&mut self, function: FunctionId, args: &[NodeId]) -> Worded<Vec<Phrase>> {
        let peers = args.iter().fold(Sort::Unknown, |known, arg| known.or(self.sort(*arg)));
        let mut made = Vec::new();
        for (arg, (_, takes)) in args.iter().zip(function.parameters) {
            if let Some(text) = self.graph().as_text(*arg)
                && let Some(words) = written(*takes, text)
            {
                made.push(Phrase::value(&words));
                continue;
            }
            let hint = match takes {
                Takes::Amount | Takes::Unit => Sort::Money,
                Takes::Time | Takes::TimeText => Sort::Time,
                Takes::Ordered | Takes::SameWhole | Takes::Searched | Takes::Number | Takes::Whole => peers,
                Takes::Int | Takes::Yuan | Takes::Rate | Takes::Divisor => Sort::Int(None),
                Takes::Float => Sort::Float,
                Takes::Text
                | Takes::TextOrEnum
                | Takes::TextOrInt
                | Takes::TextOrArray
                | Takes::Rounding
                | Takes::Reason
                | Takes::Interface
                | Takes::Limits => Sort::Text,
            };
            made.push(self.operand(*arg, hint)?);
        }
        Ok(made)
    }

    fn constant(&self, constant: &Constant, sort: Sort<'_>) -> LocalText {
        match constant {
            Constant::Missing => LocalText::new("nothing", "空值"),
            Constant::Bool(value) => yes_or_no(*value),
            Constant::Int(number) => self.number(*number, sort).text(),
            Constant::Float(bits) => LocalText::same(f64::from_bits(*bits).to_string()),
            Constant::Text(text) => quoted(text, sort),
        }
    }

    /// A whole number, an amount or a time.
    pub(super) fn number(&self, number: i64, sort: Sort<'_>) -> Phrase {
        Phrase::value(&match sort {
            Sort::Money => LocalText::same(money(Fen(number))),
            Sort::Time => {
                let time = |time| self.definition().schema.zone.civil(time).to_string().replacen('T', " ", 1);
                LocalText::same(Timestamp::from_micros(number).map_or_else(|| number.to_string(), time))
            }
            Sort::Name => LocalText::same(number.to_string()),
            Sort::Int(Some(unit)) => {
                let (number, en, zh) = (grouped(number), unit.get(Language::En), unit.get(Language::Zh));
                LocalText::new(format!("{number} {en}").trim_end(), format!("{number} {zh}").trim_end())
            }
            Sort::Unknown | Sort::Bool | Sort::Int(None) | Sort::Float | Sort::Text | Sort::Enum(_) => {
                LocalText::same(grouped(number))
            }
        })
    }
}

/// A text in quotation marks; the value of an enum by its title.
pub(super) fn quoted(text: &str, sort: Sort<'_>) -> LocalText {
    let Sort::Enum(values) = sort else { return in_quotes(&LocalText::same(text)) };
    let Some(title) = values.values.get(text) else { return in_quotes(&LocalText::same(text)) };
    let title_in = |language| {
        let whole = title.get(language);
        let own = head(whole);
        let is_one = values.values.values().filter(|other| head(other.get(language)) == own).count() == 1;
        match if is_one { own } else { whole } {
            "" => text.to_owned(),
            title => title.to_owned(),
        }
    };
    in_quotes(&LocalText { en: title_in(Language::En), zh: title_in(Language::Zh) })
}

/// What every expression of a graph is.
pub(super) fn sorts<'a>(definition: &'a Definition, graph: &Graph) -> Vec<Sort<'a>> {
    let fields: Vec<Sort<'a>> = definition
        .schema
        .indexed()
        .map(
            |(index, held)| {
                if definition.schema.is_identifier(index) { Sort::Name } else { Sort::of(&held.kind, held.unit.as_ref()) }
            },
        )
        .collect();
    let mut known: Vec<Sort<'a>> = Vec::with_capacity(graph.nodes().len());
    for node in graph.nodes() {
        // Parts come before the whole.
        let sort = |node: &NodeId| known.get(node.at()).copied().unwrap_or(Sort::Unknown);
        let own = match &node.op {
            Op::Field(field) => fields.get(field.at()).copied().unwrap_or(Sort::Unknown),
            Op::Parameter(parameter) => {
                let held = definition.rule_set.parameters.get_index(parameter.at());
                held.map_or(Sort::Unknown, |(_, held)| Sort::of(&held.kind, held.unit.as_ref()))
            }
            Op::Present(inner) | Op::Unary(Unary::Negate, inner) => sort(inner),
            Op::Unary(Unary::ToFloat, _) => Sort::Float,
            Op::Unary(Unary::LimitAmount, _) => Sort::Money,
            Op::Binary(how, one, other) => reckoned(*how, sort(one), sort(other)),
            Op::Call(function, args) => match function.gives {
                Gives::Bool => Sort::Bool,
                Gives::Int => Sort::Int(None),
                Gives::Float => Sort::Float,
                Gives::Money => Sort::Money,
                Gives::Text => Sort::Text,
                Gives::Time => Sort::Time,
                Gives::SameAsFirst => args.iter().fold(Sort::Unknown, |known, arg| known.or(sort(arg))),
                Gives::Quotient => match args.as_ref() {
                    [one, other] => reckoned(Binary::Divide, sort(one), sort(other)),
                    _ => Sort::Unknown,
                },
                Gives::Outcome => Sort::Unknown,
            },
            Op::Coalesce(one, other) | Op::Select(_, one, other) => sort(one).or(sort(other)),
            Op::Unary(Unary::Not, _)
            | Op::IsMissing(_)
            | Op::Compare(..)
            | Op::All(_)
            | Op::Any(_)
            | Op::InList(..)
            | Op::InSet(..) => Sort::Bool,
            Op::Constant(_) | Op::Interface(_) | Op::Reason(_) => Sort::Unknown,
        };
        known.push(own);
    }
    known
}

/// The result of an arithmetic operation on two values.
fn reckoned<'a>(how: Binary, one: Sort<'a>, other: Sort<'a>) -> Sort<'a> {
    match (how, one, other) {
        (Binary::Concat, ..) => Sort::Text,
        (Binary::Divide, Sort::Money, Sort::Money) => Sort::Int(None),
        (Binary::Divide, _, Sort::Money) => Sort::Unknown,
        (_, Sort::Money, _) | (_, _, Sort::Money) => Sort::Money,
        (_, Sort::Name, _) => Sort::Int(None),
        _ => one.or(other),
    }
}

/// An argument that is a text in scripts and something else to people.
fn written(takes: Takes, text: &str) -> Option<LocalText> {
    match takes {
        Takes::Rate => Some(LocalText::same(text)),
        Takes::Unit => Fen::parse_yuan(text).map(|unit| LocalText::same(money(unit))),
        Takes::Rounding => Rounding::parse(text).map(|rounding| match rounding {
            Rounding::HalfUp => LocalText::new("half up", "四舍五入"),
            Rounding::HalfEven => LocalText::new("half to even", "四舍六入五成双"),
        }),
        _ => None,
    }
}

pub(super) fn money(fen: Fen) -> String {
    let text = yuan(fen.0);
    text.strip_prefix('-').map_or_else(|| format!("¥{text}"), |rest| format!("-¥{rest}"))
}

fn yes_or_no(value: bool) -> LocalText {
    if value { LocalText::new("yes", "是") } else { LocalText::new("no", "否") }
}

fn in_quotes(text: &LocalText) -> LocalText {
    LocalText { en: format!("“{}”", text.get(Language::En)), zh: format!("“{}”", text.get(Language::Zh)) }
}
