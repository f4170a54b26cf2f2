//! Arithmetic in the formula: exact where one side is the same for every request, else a value within its range.

use batsat::Lit;

use super::super::linear::{Linear, LinearVariable};
use super::super::texts::Text;
use super::fractions::{as_float, negated};
use super::term::{Cases, MOST_CASES, Term, Val, add_case};
use super::{Encoder, INTS, Part};
use countersign_core::plan::{Binary, Constant, Graph, NodeId, Op, Unary, ValueKind};
use countersign_core::script::functions::FunctionId;
use countersign_core::text::LocalText;

/// The value of a case; none where the operation fails.
type Encoding<T> = Option<T>;

impl Encoder {
    pub(super) fn unary(&mut self, part: &Part<'_>, how: Unary, operand: NodeId, kind: ValueKind) -> Term {
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
            (Unary::LimitAmount, Val::Int(cases)) => {
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
                match turned {
                    Some(cases) => whole_term(Val::Float(cases)),
                    None => self.vague_after(bad, kind, INTS, &function_value("-")),
                }
            }
            _ => self.vague_after(bad, kind, INTS, &function_value("-")),
        }
    }

    /// The number without its sign, in each case.
    pub(super) fn absolute(&mut self, bad: Lit, cases: &Cases<Linear>) -> Term {
        let mut signed = Vec::new();
        for (guard, number) in cases {
            let positive = self.at_most(&Linear::default(), number);
            for (sign, value) in [(positive, Some(number.clone())), (!positive, number.scaled(-1))] {
                let guard = self.formula.all([*guard, sign]);
                add_case(&mut self.formula, &mut signed, guard, value.unwrap_or_default());
            }
        }
        self.checked(bad, &signed, |number| Some(number.clone()))
    }

    pub(super) fn length(&mut self, bad: Lit, cases: &Cases<Text>) -> Term {
        let mut made = Vec::new();
        for (guard, text) in cases {
            let length = match text {
                Text::Known(text) => Linear::constant(i128::try_from(text.chars().count()).unwrap_or(i128::MAX)),
                Text::Open(open) => Linear::variable(self.texts.length(&mut self.formula, *open)),
            };
            add_case(&mut self.formula, &mut made, *guard, length);
        }
        Term { fails: bad, missing: self.formula.no(), value: Val::Int(made) }
    }

    /// A value that nothing is known of, after a part that may fail.
    pub(super) fn vague_after(&mut self, bad: Lit, kind: ValueKind, bounds: (i128, i128), what: &LocalText) -> Term {
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
    pub(super) fn checked(&mut self, bad: Lit, cases: &Cases<Linear>, change: impl Fn(&Linear) -> Option<Linear>) -> Term {
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
        self.vague_after(bad, ValueKind::I64, INTS, &what)
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

    pub(super) fn binary(&mut self, part: &Part<'_>, how: Binary, nodes: (NodeId, NodeId), kind: ValueKind) -> Term {
        let (one, other) = (part.term(nodes.0).clone(), part.term(nodes.1).clone());
        let later = other.is_bad(&mut self.formula);
        let first = one.is_bad(&mut self.formula);
        let bad = self.formula.any([first, later]);
        match (how, &one.value, &other.value) {
            (_, Val::Int(one), Val::Int(other)) => self.arithmetic(how, bad, one, other),
            (Binary::Concat, Val::Text(one), Val::Text(other)) => self.concat(bad, one, other),
            _ => {
                let what = LocalText::new("arithmetic of numbers with a fraction", "带小数的数的运算");
                self.vague_after(bad, kind, INTS, &what)
            }
        }
    }

    pub(super) fn arithmetic(&mut self, how: Binary, bad: Lit, one: &Cases<Linear>, other: &Cases<Linear>) -> Term {
        let exact = self.each_pair(bad, one, other, |this, one, other| this.apply_linear(how, one, other));
        exact.unwrap_or_else(|| self.unknown_arithmetic(how, bad, one, other))
    }

    /// What `apply` makes of two numbers, case by case: when it fails beside an overflow, and the results. None where it has none for a
    /// case.
    pub(super) fn each_pair(
        &mut self,
        bad: Lit,
        one: &Cases<Linear>,
        other: &Cases<Linear>,
        apply: impl Fn(&mut Self, &Linear, &Linear) -> Option<(Lit, Cases<Linear>)>,
    ) -> Option<Term> {
        let (mut made, mut fails) = (Vec::new(), vec![bad]);
        for (left_guard, left) in one {
            for (right_guard, right) in other {
                let guard = self.formula.all([*left_guard, *right_guard]);
                if guard == self.formula.no() {
                    continue;
                }
                let (failing, cases) = apply(self, left, right)?;
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
        Some(Term { fails, missing: self.formula.no(), value: Val::Int(self.fewer_numbers(made, MOST_CASES)) })
    }

    /// Two numbers: when it fails beside an overflow, and the result. None where that is not linear.
    fn apply_linear(&mut self, how: Binary, one: &Linear, other: &Linear) -> Option<(Lit, Cases<Linear>)> {
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
            _ => None,
        }
    }

    /// A product or quotient of two values that requests leave open: within the range of its parts.
    fn unknown_arithmetic(&mut self, how: Binary, bad: Lit, one: &Cases<Linear>, other: &Cases<Linear>) -> Term {
        let what = match how {
            Binary::Multiply => LocalText::new("a product of two open values", "两个未定值的乘积"),
            Binary::Divide | Binary::Modulo => LocalText::new("a division by an open value", "除以未定值"),
            _ => uneven(),
        };
        let mut term = self.vague_after(bad, ValueKind::I64, INTS, &what);
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
    pub(super) fn floor_division(&mut self, number: &Linear, by: i128) -> Option<(LinearVariable, LinearVariable)> {
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
    pub(super) fn half_up(&mut self, number: &Linear, by: i128) -> Option<Cases<Linear>> {
        let positive = self.at_most(&Linear::default(), number);
        let mut made = Vec::new();
        for (guard, sign) in [(positive, 1), (!positive, -1)] {
            let doubled = number.scaled(2 * sign)?.shifted(by)?;
            let (quotient, _) = self.floor_division(&doubled, by.checked_mul(2)?)?;
            made.push((guard, Linear::variable(quotient).scaled(sign)?));
        }
        Some(made)
    }

    /// A number read from a text, which fails where it cannot be read.
    pub(super) fn number_of_text(&mut self, bad: Lit, cases: &Cases<Text>, read: impl Fn(&str) -> Encoding<i64>) -> Term {
        let (mut made, mut fails) = (Vec::new(), vec![bad]);
        for (guard, text) in self.expanded(cases) {
            match &text {
                Text::Known(text) => match read(text) {
                    Some(number) => add_case(&mut self.formula, &mut made, guard, Linear::constant(number.into())),
                    None => fails.push(guard),
                },
                Text::Open(_) => {
                    let what = LocalText::new("a number read from a text", "从文本读取的数");
                    let term = self.vague_term(ValueKind::I64, INTS, &what);
                    fails.push(self.formula.all([guard, term.fails]));
                    if let Val::Int(cases) = term.value {
                        made.extend(cases.into_iter().map(|(_, number)| (guard, number)));
                    }
                }
            }
        }
        Term { fails: self.formula.any(fails), missing: self.formula.no(), value: Val::Int(self.fewer_numbers(made, MOST_CASES)) }
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
        let Val::Text(cases) = &term.value else { return self.anything(ValueKind::I64) };
        self.number_of_text(bad, cases, |text| find(part.plan, text).map(i64::from))
    }
}

/// A value that is not followed: the reason that is reported.
pub(super) fn uneven() -> LocalText {
    LocalText::new("a power or a rounding to even", "乘方或取偶舍入")
}

/// The value of an operator or function that is not followed: the reason that is reported.
pub(super) fn function_value(name: &str) -> LocalText {
    LocalText::new(format!("`{name}`"), format!("`{name}`"))
}

/// The function, text and number of characters of a `left` or `right`, where it is the same for every request.
pub(super) fn cut_of(graph: &Graph, id: NodeId) -> Option<(FunctionId, NodeId, i64)> {
    let Op::Call(function @ (FunctionId::Left | FunctionId::Right), args) = &graph.node(id).op else { return None };
    let [text, wanted] = **args else { return None };
    match &graph.node(wanted).op {
        Op::Constant(Constant::Int(wanted)) if *wanted >= 0 => Some((*function, text, *wanted)),
        _ => None,
    }
}
