//! Calls of functions: exact where the prover has a rule for the function, else a value within the function's range.

use std::sync::Arc;

use batsat::Lit;

use super::super::linear::Linear;
use super::super::texts::Text;
use super::numbers::{function_value, uneven};
use super::term::{Cases, Term, Val, choose_cases};
use super::{Encoder, INTS, Part};
use countersign_core::model::{Fen, Rate, Rounding};
use countersign_core::plan::{Binary, Constant, Graph, NodeId, ValueKind};
use countersign_core::script::functions::{Fails, FunctionId, ScriptValue, ValueRange};

impl Encoder {
    pub(super) fn call(&mut self, part: &Part<'_>, graph: &Graph, function: FunctionId, args: &[NodeId], kind: ValueKind) -> Term {
        use FunctionId as F;
        let terms: Vec<Term> = args.iter().map(|arg| part.term(*arg).clone()).collect();
        let bad: Vec<Lit> = terms.iter().map(|term| term.is_bad(&mut self.formula)).collect();
        let bad = self.formula.any(bad);
        let values: Vec<&Val> = terms.iter().map(|term| &term.value).collect();
        match (function, values.as_slice()) {
            (F::Fen | F::Round | F::Floor, [value @ Val::Int(_)]) => {
                Term { fails: bad, missing: self.formula.no(), value: (*value).clone() }
            }
            (F::Yuan, [Val::Int(cases)]) => self.checked(bad, cases, |number| number.scaled(100)),
            (F::Abs, [Val::Int(cases)]) => self.absolute(bad, cases),
            (F::Len, [Val::Text(cases)]) => self.length(bad, cases),
            (F::IsEmpty, [Val::Text(cases)]) => {
                let empty = Text::Known(Arc::from(""));
                let is_empty = self.any_case(cases, |this, text| this.texts.same(&mut this.formula, text, &empty));
                Term { fails: bad, missing: self.formula.no(), value: Val::Bool(is_empty) }
            }
            (F::Min | F::Max, [Val::Int(one), Val::Int(other)]) => self.first_or_last(function, bad, one, other, kind),
            (F::Div, [Val::Int(one), Val::Int(other)]) => self.arithmetic(Binary::Divide, bad, one, other),
            (F::Percent, [Val::Int(amount), Val::Int(rate), rounding @ ..]) => {
                let rate = self.checked(bad, rate, |rate| rate.scaled(Rate::ONE.into()));
                self.rounded(function, amount, &rate, rounding, kind)
            }
            (F::Percent, [Val::Int(amount), Val::Text(rate), rounding @ ..]) => {
                let rate = self.number_of_text(bad, rate, |rate| Rate::parse(rate).map(|rate| rate.0));
                self.rounded(function, amount, &rate, rounding, kind)
            }
            (F::RoundTo, [Val::Int(amount), Val::Text(unit), rounding @ ..]) => {
                let unit = self.number_of_text(bad, unit, |unit| Fen::parse_unit(unit).map(|unit| unit.0));
                self.rounded(function, amount, &unit, rounding, kind)
            }
            (F::Share, [Val::Text(keys), Val::Text(salts)]) => {
                self.share(bad, keys, salts).unwrap_or_else(|| self.any_value(function, bad, kind))
            }
            (F::StartsWith | F::EndsWith | F::Contains, [Val::Text(one), Val::Text(other)]) => {
                self.search(function, bad, one, other)
            }
            (F::DaysBetween | F::MinutesBetween, [Val::Int(from), Val::Int(to)]) => self.between(function, bad, from, to, graph),
            (F::Date | F::Year | F::Month | F::Day | F::Hour | F::Minute | F::Weekday, [Val::Int(cases)]) => {
                self.part_of_time(function, bad, cases, graph, kind)
            }
            _ => self.any_call(function, bad, &values, graph, kind),
        }
    }

    /// A call that the prover has no rule for: exact for each known text where that is the only argument that is not a constant, else any value.
    fn any_call(&mut self, function: FunctionId, bad: Lit, args: &[&Val], graph: &Graph, kind: ValueKind) -> Term {
        let zone = graph.zone();
        let constants: Vec<Option<Constant>> = args.iter().map(|arg| constant_of(arg)).collect();
        let mut open = args.iter().zip(&constants).filter(|(_, constant)| constant.is_none());
        let (Some((Val::Text(cases), _)), None) = (open.next(), open.next()) else { return self.any_value(function, bad, kind) };
        let cases = cases.clone();
        let evaluate = move |text: &str| {
            let args: Option<Vec<ScriptValue<'_>>> = constants
                .iter()
                .map(|constant| constant.as_ref().map_or_else(|| Some(ScriptValue::text(text)), Constant::as_script_value))
                .collect();
            function.evaluate(&args?, zone).ok().and_then(Constant::of)
        };
        match kind {
            // A negative count fails, whatever the text.
            ValueKind::Text if function.fails == Fails::Never || evaluate("").is_some() => {
                self.rewritten(bad, &cases, move |text| match evaluate(text) {
                    Some(Constant::Text(text)) => Some(text),
                    _ => None,
                })
            }
            ValueKind::I64 => self.number_of_text(bad, &cases, |text| match evaluate(text) {
                Some(Constant::Int(number)) => Some(number),
                _ => None,
            }),
            _ => self.any_value(function, bad, kind),
        }
    }

    /// A value within the function's range. A call that occurs twice with the same arguments is one node of the graph, and so one value.
    fn any_value(&mut self, function: FunctionId, bad: Lit, kind: ValueKind) -> Term {
        let bounds = match function.range {
            ValueRange::Within(low, high) => (low.into(), high.into()),
            _ => INTS,
        };
        let mut term = self.vague_after(bad, kind, bounds, &function_value(function.name));
        if function.fails == Fails::Never {
            term.fails = bad;
        }
        term
    }

    fn first_or_last(
        &mut self,
        function: FunctionId,
        bad: Lit,
        one: &Cases<Linear>,
        other: &Cases<Linear>,
        kind: ValueKind,
    ) -> Term {
        let (yes, no) = (self.formula.yes(), self.formula.no());
        let chosen = self.each_pair(bad, one, other, |this, one, other| {
            let first = if function == FunctionId::Min { this.at_most(one, other) } else { this.at_most(other, one) };
            Some((no, choose_cases(&mut this.formula, first, &vec![(yes, one.clone())], &vec![(yes, other.clone())])))
        });
        chosen.unwrap_or_else(|| self.any_value(function, bad, kind))
    }

    /// A part of an amount, or an amount rounded to a unit; `with` is the rate or the unit, and fails where the arguments do.
    fn rounded(&mut self, function: FunctionId, amount: &Cases<Linear>, with: &Term, rounding: &[&Val], kind: ValueKind) -> Term {
        let bad = with.is_bad(&mut self.formula);
        let (yes, no) = (self.formula.yes(), self.formula.no());
        let how = match rounding {
            [] => Some(Rounding::default()),
            [word, ..] => constant_of(word).and_then(|word| match word {
                Constant::Text(word) => Rounding::parse(&word),
                _ => None,
            }),
        };
        let (Val::Int(with), Some(Rounding::HalfUp)) = (&with.value, how) else {
            return self.vague_after(bad, kind, INTS, &uneven());
        };
        let exact = self.each_pair(bad, amount, with, |this, amount, with| {
            let with = with.as_constant()?;
            if function == FunctionId::Percent {
                let product = amount.scaled(with)?;
                return this.half_up(&product, i128::from(Rate::ONE) * 100).map(|cases| (no, cases));
            }
            if with <= 0 {
                return Some((yes, Vec::new()));
            }
            let steps = this.half_up(amount, with)?.into_iter();
            Some((no, steps.map(|(guard, number)| Some((guard, number.scaled(with)?))).collect::<Option<_>>()?))
        });
        exact.unwrap_or_else(|| self.vague_after(bad, kind, INTS, &uneven()))
    }

    /// The share of each key; none where a salt is not known.
    fn share(&mut self, bad: Lit, keys: &Cases<Text>, salts: &Cases<Text>) -> Option<Term> {
        let mut made = Vec::new();
        for (salt_guard, salt) in salts {
            let Text::Known(salt) = salt else { return None };
            for (guard, key) in keys {
                let number = match key {
                    Text::Known(key) => Linear::constant(countersign_core::script::share(key, salt).into()),
                    Text::Open(open) => Linear::variable(self.texts.share(&mut self.formula, *open, salt)),
                };
                let guard = self.formula.all([*salt_guard, *guard]);
                super::term::add_case(&mut self.formula, &mut made, guard, number);
            }
        }
        let value = Val::Int(self.fewer_numbers(made, super::term::MOST_CASES));
        Some(Term { fails: bad, missing: self.formula.no(), value })
    }
}

/// The value that is the same for every request.
fn constant_of(value: &Val) -> Option<Constant> {
    match value {
        Val::Int(cases) => match cases.as_slice() {
            [(_, number)] => i64::try_from(number.as_constant()?).ok().map(Constant::Int),
            _ => None,
        },
        Val::Text(cases) => match cases.as_slice() {
            [(_, Text::Known(text))] => Some(Constant::Text(text.clone())),
            _ => None,
        },
        Val::Bool(_) | Val::Float(_) => None,
    }
}
