//! Arithmetic in the formula: exact where one side is the same for every request, else a value within its range.

use std::sync::Arc;

use batsat::Lit;

use super::super::linear::{Linear, Variable};
use super::super::texts::Text;
use super::fractions::{as_float, negated};
use super::term::{Cases, MOST_CASES, Term, Val, add_case, choose_cases};
use super::{Encoder, INTS, Part};
use countersign_core::model::{Rate, Rounding};
use countersign_core::plan::{Binary, Constant, Graph, Kind, NodeId, Op, Unary, meaning};
use countersign_core::text::LocalText;

/// What a case comes to: a value, or that the operation fails there.
type Made<T> = Option<T>;

impl Encoder {
    pub(super) fn unary(&mut self, part: &Part<'_>, graph: &Graph, how: Unary, operand: NodeId, kind: Kind) -> Term {
        let term = part.term(operand).clone();
        let bad = term.is_bad(&mut self.formula);
        let no = self.formula.no();
        let whole_term = |value| Term { fails: bad, missing: no, value };
        match (how, &term.value) {
            (Unary::Not, Val::Bool(truth)) => whole_term(Val::Bool(!*truth)),
            (Unary::Negate, Val::Int(cases)) => {
                let cases = cases.clone();
                self.checked(bad, &cases, |number| number.scaled(-1))
            }
            (Unary::Absolute, Val::Int(cases)) => {
                let mut signed = Vec::new();
                for (guard, number) in cases.clone() {
                    let positive = self.at_most(&Linear::default(), &number);
                    for (sign, value) in [(positive, Some(number.clone())), (!positive, number.scaled(-1))] {
                        let guard = self.formula.all([guard, sign]);
                        add_case(&mut self.formula, &mut signed, guard, value.unwrap_or_default());
                    }
                }
                self.checked(bad, &signed, |number| Some(number.clone()))
            }
            (Unary::Limit, Val::Int(cases)) => {
                let cases = cases.clone();
                let below = self.any_case(&cases, |this, number| this.at_most(number, &Linear::constant(-1)));
                Term { fails: self.formula.any([bad, below]), missing: no, value: Val::Int(cases) }
            }
            (Unary::ToFloat, Val::Int(cases)) => {
                let converted = cases.iter().map(|(guard, number)| (*guard, as_float(number)));
                whole_term(Val::Float(converted.collect()))
            }
            (Unary::Negate, Val::Float(cases)) => {
                let turned = cases.iter().map(|(guard, number)| Some((*guard, negated(number)?))).collect::<Option<Cases<_>>>();
                turned.map_or_else(|| self.other_unary(how, bad, kind), |cases| whole_term(Val::Float(cases)))
            }
            (Unary::Length, Val::Text(cases)) => {
                let cases = cases.clone();
                let mut made = Vec::new();
                for (guard, text) in cases {
                    let length = match &text {
                        Text::Known(text) => Linear::constant(i128::try_from(text.chars().count()).unwrap_or(i128::MAX)),
                        Text::Open(open) => Linear::variable(self.texts.length(&mut self.formula, *open)),
                    };
                    add_case(&mut self.formula, &mut made, guard, length);
                }
                Term { fails: bad, missing: no, value: Val::Int(made) }
            }
            (Unary::YuanText | Unary::UnitText | Unary::RateText | Unary::TimeText, Val::Text(cases)) => {
                let (cases, zone) = (cases.clone(), graph.zone());
                self.number_of_text(bad, &cases, |text| meaning::read_text(how, text, zone))
            }
            (Unary::Lower | Unary::Upper | Unary::Trim, Val::Text(cases)) => {
                let cases = cases.clone();
                self.rewritten(bad, &cases, move |text| meaning::rewrite(how, text).map(Arc::from))
            }
            (_, Val::Int(cases)) => {
                let cases = cases.clone();
                self.part_of_time(how, bad, &cases, graph, kind)
            }
            _ => self.other_unary(how, bad, kind),
        }
    }

    fn other_unary(&mut self, how: Unary, bad: Lit, kind: Kind) -> Term {
        let what = LocalText::new(format!("`{}`", word(how)), format!("`{}`", word(how)));
        self.vague_after(bad, kind, INTS, &what)
    }

    /// A value that nothing is known of, after a part that may fail.
    pub(super) fn vague_after(&mut self, bad: Lit, kind: Kind, bounds: (i128, i128), what: &LocalText) -> Term {
        let mut term = self.vague_term(kind, bounds, what);
        term.fails = self.formula.any([bad, term.fails]);
        term
    }

    pub(super) fn any_case<T>(&mut self, cases: &Cases<T>, mut ask: impl FnMut(&mut Self, &T) -> Lit) -> Lit {
        let mut held = Vec::new();
        for (guard, value) in cases {
            let answer = ask(self, value);
            held.push(self.formula.all([*guard, answer]));
        }
        self.formula.any(held)
    }

    /// Whether a number lies outside the whole numbers of scripts.
    fn overflows(&mut self, number: &Linear) -> Lit {
        if self.formula.range(number).is_some_and(|(low, high)| low >= INTS.0 && high <= INTS.1) {
            return self.formula.no();
        }
        let low = self.at_most(number, &Linear::constant(INTS.0 - 1));
        let high = self.at_most(&Linear::constant(INTS.1 + 1), number);
        self.formula.any([low, high])
    }

    /// Makes each case another number, which fails where it is too large.
    fn checked(&mut self, bad: Lit, cases: &Cases<Linear>, change: impl Fn(&Linear) -> Option<Linear>) -> Term {
        let mut made = Vec::new();
        for (guard, number) in cases {
            let Some(number) = change(number) else { return self.too_large(bad) };
            add_case(&mut self.formula, &mut made, *guard, number);
        }
        self.within(bad, made)
    }

    fn within(&mut self, bad: Lit, cases: Cases<Linear>) -> Term {
        let outside = self.any_case(&cases, Self::overflows);
        let fails = self.formula.any([bad, outside]);
        Term { fails, missing: self.formula.no(), value: Val::Int(self.fewer_numbers(cases, MOST_CASES)) }
    }

    fn too_large(&mut self, bad: Lit) -> Term {
        let what = LocalText::new("numbers beyond 128 bits", "超出 128 位的数");
        self.vague_after(bad, Kind::I64, INTS, &what)
    }

    /// The same number with few cases: where there are many, a variable that is equal to each under its condition.
    pub(in super::super) fn fewer_numbers(&mut self, cases: Cases<Linear>, most: usize) -> Cases<Linear> {
        if cases.len() <= most {
            return cases;
        }
        let ranges: Option<Vec<(i128, i128)>> = cases.iter().map(|(_, number)| self.formula.range(number)).collect();
        let ranges = ranges.unwrap_or_else(|| vec![(i128::from(i64::MIN) << 20, i128::from(i64::MAX) << 20)]);
        let low = ranges.iter().map(|range| range.0).min().unwrap_or_default();
        let high = ranges.iter().map(|range| range.1).max().unwrap_or_default();
        let made = self.formula.variable(low, high);
        let variable = Linear::variable(made);
        for (guard, number) in &cases {
            let same = self.equal(&variable, number);
            self.formula.meaning(&[made], &[!*guard, same]);
        }
        vec![(self.formula.yes(), variable)]
    }

    pub(super) fn binary(&mut self, part: &Part<'_>, graph: &Graph, how: Binary, nodes: (NodeId, NodeId), kind: Kind) -> Term {
        let (one, other) = (part.term(nodes.0).clone(), part.term(nodes.1).clone());
        let later = other.is_bad(&mut self.formula);
        let first = one.is_bad(&mut self.formula);
        let bad = self.formula.any([first, later]);
        match (how, &one.value, &other.value) {
            (Binary::DaysBetween | Binary::MinutesBetween, Val::Int(from), Val::Int(to)) => self.between(how, bad, from, to, graph),
            (Binary::Share, key, Val::Text(salt)) => self.share(bad, key, salt),
            (_, Val::Int(one), Val::Int(other)) => self.whole_numbers(how, bad, one, other),
            (Binary::StartsWith | Binary::EndsWith | Binary::Contains, Val::Text(one), Val::Text(other)) => {
                self.ask_texts(how, bad, one, other)
            }
            (Binary::Left | Binary::Right, Val::Text(text), Val::Int(wanted)) => self.cut(how, bad, text, wanted),
            (Binary::Concat, Val::Text(one), Val::Text(other)) => self.concat(bad, one, other),
            _ => {
                let what = LocalText::new("arithmetic of numbers with a fraction", "带小数的数的运算");
                self.vague_after(bad, kind, INTS, &what)
            }
        }
    }

    fn whole_numbers(&mut self, how: Binary, bad: Lit, one: &Cases<Linear>, other: &Cases<Linear>) -> Term {
        let (mut made, mut fails) = (Vec::new(), vec![bad]);
        for (left_guard, left) in one {
            for (right_guard, right) in other {
                let guard = self.formula.all([*left_guard, *right_guard]);
                if guard == self.formula.no() {
                    continue;
                }
                let Some((failing, cases)) = self.reckon(how, left, right) else {
                    return self.unreckoned(how, bad, one, other);
                };
                fails.push(self.formula.all([guard, failing]));
                for (inner, number) in cases {
                    let guard = self.formula.all([guard, inner]);
                    add_case(&mut self.formula, &mut made, guard, number);
                }
            }
        }
        let outside = self.any_case(&made, Self::overflows);
        fails.push(outside);
        let fails = self.formula.any(fails);
        Term { fails, missing: self.formula.no(), value: Val::Int(self.fewer_numbers(made, MOST_CASES)) }
    }

    /// Two numbers: when it fails beside an overflow, and the result. None where that is not linear.
    fn reckon(&mut self, how: Binary, one: &Linear, other: &Linear) -> Option<(Lit, Cases<Linear>)> {
        let (yes, no) = (self.formula.yes(), self.formula.no());
        let sure = |number: Linear| (no, vec![(yes, number)]);
        match how {
            Binary::Add => one.plus(other).map(sure),
            Binary::Subtract => one.minus(other).map(sure),
            Binary::Multiply => match (one.as_constant(), other.as_constant()) {
                (Some(factor), _) => other.scaled(factor).map(sure),
                (_, Some(factor)) => one.scaled(factor).map(sure),
                _ => None,
            },
            Binary::Min | Binary::Max => {
                let first = if how == Binary::Min { self.at_most(one, other) } else { self.at_most(other, one) };
                let cases = choose_cases(&mut self.formula, first, &vec![(yes, one.clone())], &vec![(yes, other.clone())]);
                Some((no, cases))
            }
            Binary::Divide | Binary::Modulo => {
                let divisor = other.as_constant()?;
                if divisor == 0 {
                    return Some((yes, Vec::new()));
                }
                // The remainder of the smallest number by -1 overflows, though its value would be 0.
                let fails = if divisor == -1 { self.at_most(one, &Linear::constant(INTS.0)) } else { no };
                let (quotient, rest) = self.cut_division(one, divisor)?;
                Some((fails, if how == Binary::Divide { quotient } else { rest }))
            }
            Binary::Percent(Rounding::HalfUp) => {
                let product = one.scaled(other.as_constant()?)?;
                self.half_up(&product, i128::from(Rate::ONE) * 100).map(|cases| (no, cases))
            }
            Binary::RoundTo(Rounding::HalfUp) => {
                let unit = other.as_constant()?;
                if unit <= 0 {
                    return Some((yes, Vec::new()));
                }
                let steps = self.half_up(one, unit)?;
                let scaled = steps.into_iter().map(|(guard, number)| Some((guard, number.scaled(unit)?)));
                Some((no, scaled.collect::<Option<_>>()?))
            }
            _ => None,
        }
    }

    /// A product or quotient of two values that requests leave open: within the range of its parts.
    fn unreckoned(&mut self, how: Binary, bad: Lit, one: &Cases<Linear>, other: &Cases<Linear>) -> Term {
        let what = match how {
            Binary::Multiply => LocalText::new("a product of two open values", "两个未定值的乘积"),
            Binary::Divide | Binary::Modulo => LocalText::new("a division by an open value", "除以未定值"),
            _ => LocalText::new("a power or a rounding to even", "乘方或取偶舍入"),
        };
        let mut term = self.vague_after(bad, Kind::I64, INTS, &what);
        if matches!(how, Binary::Divide | Binary::Modulo) {
            let zero = self.any_case(other, |this, number| this.equal(number, &Linear::default()));
            let turned = self.any_case(other, |this, number| this.equal(number, &Linear::constant(-1)));
            let smallest = self.any_case(one, |this, number| this.at_most(number, &Linear::constant(INTS.0)));
            let overflow = self.formula.all([turned, smallest]);
            term.fails = self.formula.any([bad, zero, overflow]);
        }
        if how == Binary::Multiply && self.product_fits(one, other) {
            term.fails = bad;
        }
        term
    }

    /// Whether no product of two cases can be too large.
    fn product_fits(&self, one: &Cases<Linear>, other: &Cases<Linear>) -> bool {
        let largest = |cases: &Cases<Linear>| {
            cases.iter().map(|(_, number)| self.formula.range(number)).try_fold(0_i128, |most, range| {
                let (low, high) = range?;
                Some(most.max(low.checked_abs()?).max(high.checked_abs()?))
            })
        };
        largest(one).zip(largest(other)).and_then(|(one, other)| one.checked_mul(other)).is_some_and(|most| most <= INTS.1)
    }

    /// Quotient and remainder by a positive number, the remainder at least 0.
    pub(super) fn floor_division(&mut self, number: &Linear, by: i128) -> Option<(Variable, Variable)> {
        let key = (number.clone(), by);
        if let Some(known) = self.divisions.get(&key) {
            return Some(*known);
        }
        let (low, high) = self.formula.range(number)?;
        let quotient = self.formula.variable(low.div_euclid(by), high.div_euclid(by));
        let rest = self.formula.variable(0, by - 1);
        let sum = Linear::variable(quotient).scaled(by)?.plus(&Linear::variable(rest))?;
        let same = self.formula.equal(number, &sum)?;
        self.formula.meaning(&[quotient, rest], &[same]);
        self.divisions.insert(key, (quotient, rest));
        Some((quotient, rest))
    }

    /// Quotient and remainder as scripts divide: towards zero.
    pub(super) fn cut_division(&mut self, number: &Linear, by: i128) -> Option<(Cases<Linear>, Cases<Linear>)> {
        let positive = self.at_most(&Linear::default(), number);
        let (mut quotients, mut rests) = (Vec::new(), Vec::new());
        for (guard, sign) in [(positive, 1), (!positive, -1)] {
            if guard == self.formula.no() {
                continue;
            }
            let (quotient, rest) = self.floor_division(&number.scaled(sign)?, by.checked_abs()?)?;
            quotients.push((guard, Linear::variable(quotient).scaled(sign * by.signum())?));
            rests.push((guard, Linear::variable(rest).scaled(sign)?));
        }
        Some((quotients, rests))
    }

    /// A division by a positive number to the nearest whole one, halves away from zero.
    fn half_up(&mut self, number: &Linear, by: i128) -> Option<Cases<Linear>> {
        let positive = self.at_most(&Linear::default(), number);
        let mut made = Vec::new();
        for (guard, sign) in [(positive, 1), (!positive, -1)] {
            let doubled = number.scaled(2 * sign)?.shifted(by)?;
            let (quotient, _) = self.floor_division(&doubled, by.checked_mul(2)?)?;
            made.push((guard, Linear::variable(quotient).scaled(sign)?));
        }
        Some(made)
    }

    /// A number that a text says, or fails to say.
    pub(super) fn number_of_text(&mut self, bad: Lit, cases: &Cases<Text>, read: impl Fn(&str) -> Made<i64>) -> Term {
        let (mut made, mut fails) = (Vec::new(), vec![bad]);
        for (guard, text) in self.expanded(cases) {
            match &text {
                Text::Known(text) => match read(text) {
                    Some(number) => add_case(&mut self.formula, &mut made, guard, Linear::constant(number.into())),
                    None => fails.push(guard),
                },
                Text::Open(_) => {
                    let what = LocalText::new("a number read from a text", "从文本读取的数");
                    let term = self.vague_term(Kind::I64, INTS, &what);
                    fails.push(self.formula.all([guard, term.fails]));
                    if let Val::Int(cases) = term.value {
                        made.extend(cases.into_iter().map(|(_, number)| (guard, number)));
                    }
                }
            }
        }
        Term { fails: self.formula.any(fails), missing: self.formula.no(), value: Val::Int(self.fewer_numbers(made, MOST_CASES)) }
    }

    fn share(&mut self, bad: Lit, key: &Val, salts: &Cases<Text>) -> Term {
        let mut made = Vec::new();
        for (salt_guard, salt) in salts {
            let (Text::Known(salt), Val::Text(keys)) = (salt, key) else { return self.any_share(bad) };
            for (guard, key) in keys {
                let number = match key {
                    Text::Known(key) => Linear::constant(countersign_core::script::share(key, salt).into()),
                    Text::Open(open) => Linear::variable(self.texts.share(&mut self.formula, *open, salt)),
                };
                let guard = self.formula.all([*salt_guard, *guard]);
                add_case(&mut self.formula, &mut made, guard, number);
            }
        }
        Term { fails: bad, missing: self.formula.no(), value: Val::Int(self.fewer_numbers(made, MOST_CASES)) }
    }

    fn any_share(&mut self, bad: Lit) -> Term {
        let what = LocalText::new("the share of a whole number", "整数的份额");
        let mut term = self.vague_term(Kind::I64, (0, 9_999), &what);
        term.fails = bad;
        term
    }

    /// The position of what a text names; it fails where it names nothing.
    pub(super) fn named(
        &mut self,
        part: &Part<'_>,
        one: NodeId,
        find: impl Fn(&countersign_core::plan::Plan, &str) -> Option<u16>,
    ) -> Term {
        let term = part.term(one).clone();
        let bad = term.is_bad(&mut self.formula);
        let Val::Text(cases) = &term.value else { return self.anything(Kind::I64) };
        self.number_of_text(bad, cases, |text| find(part.plan, text).map(i64::from))
    }
}

fn word(how: Unary) -> &'static str {
    match how {
        Unary::Round => "round",
        Unary::Floor => "floor",
        Unary::Absolute => "abs",
        Unary::Negate => "-",
        Unary::Date => "date",
        Unary::Day => "day",
        Unary::Month => "month",
        Unary::Year => "year",
        _ => "a function",
    }
}

/// The number of characters that a `left` or `right` asks for, where it is the same for every request.
pub(super) fn cut_of(graph: &Graph, id: NodeId) -> Option<(Binary, NodeId, i64)> {
    let Op::Binary(how @ (Binary::Left | Binary::Right), text, wanted) = &graph.node(id).op else { return None };
    match &graph.node(*wanted).op {
        Op::Constant(Constant::Int(wanted)) if *wanted >= 0 => Some((*how, *text, *wanted)),
        _ => None,
    }
}
