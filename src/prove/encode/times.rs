//! Times in the formula: days, hours and weekdays are exact divisions of the time; months and years are exact for a span of years.

use batsat::Lit;

use super::super::linear::Linear;
use super::term::{Cases, MOST_CASES, Term, Val, add_case};
use super::{Encoder, INTS, Vague, times};
use countersign_core::plan::{Graph, ValueKind};
use countersign_core::script::functions::FunctionId;
use countersign_core::text::LocalText;

const MINUTE: i128 = 60_000_000;
const HOUR: i128 = 60 * MINUTE;
const DAY: i128 = 24 * HOUR;
/// Years whose months begin at known times; of others only the bounds are known.
const FIRST_YEAR: i128 = 1990;
const LAST_YEAR: i128 = 2069;

impl Encoder {
    /// Where some case lies outside the range of times.
    fn outside_times(&mut self, cases: &Cases<Linear>) -> Lit {
        let (first, last) = times();
        self.any_case(cases, |this, time| {
            if this.formula.range(time).is_some_and(|(low, high)| low >= first && high <= last) {
                return this.formula.no();
            }
            let (low, high) = (this.at_most(time, &Linear::constant(first - 1)), this.at_most(&Linear::constant(last + 1), time));
            this.formula.any([low, high])
        })
    }

    pub(super) fn part_of_time(
        &mut self,
        how: FunctionId,
        bad: Lit,
        cases: &Cases<Linear>,
        graph: &Graph,
        kind: ValueKind,
    ) -> Term {
        let seconds = graph.zone().seconds();
        let offset = i128::from(seconds) * 1_000_000;
        let outside = self.outside_times(cases);
        let fails = self.formula.any([bad, outside]);
        let mut made = Vec::new();
        for (guard, time) in cases {
            let part = time.shifted(offset).and_then(|local| self.part_of_local(how, &local, offset, graph));
            let Some(part) = part else {
                let word = how.name;
                let what = LocalText::new(format!("`{word}` of a time"), format!("时间的 `{word}`"));
                let bounds = if how == FunctionId::Day { (1, 31) } else { INTS };
                let mut term = self.vague_term(kind, bounds, &what);
                term.fails = fails;
                return term;
            };
            add_case(&mut self.formula, &mut made, *guard, part);
        }
        Term { fails, missing: self.formula.no(), value: Val::Int(self.fewer_numbers(made, MOST_CASES)) }
    }

    fn part_of_local(&mut self, how: FunctionId, local: &Linear, offset: i128, graph: &Graph) -> Option<Linear> {
        let (day, of_day) = match how {
            FunctionId::Hour | FunctionId::Minute | FunctionId::Weekday | FunctionId::Date => self.floor_division(local, DAY)?,
            FunctionId::Month => {
                let month = self.month_count(local, offset, graph)?;
                let (_, month) = self.floor_division(&month, 12)?;
                return Linear::variable(month).shifted(1);
            }
            FunctionId::Year => {
                let month = self.month_count(local, offset, graph)?;
                let (year, _) = self.floor_division(&month, 12)?;
                return Some(Linear::variable(year));
            }
            _ => return None,
        };
        Some(match how {
            FunctionId::Hour => Linear::variable(self.floor_division(&Linear::variable(of_day), HOUR)?.0),
            FunctionId::Minute => {
                let (_, of_hour) = self.floor_division(&Linear::variable(of_day), HOUR)?;
                Linear::variable(self.floor_division(&Linear::variable(of_hour), MINUTE)?.0)
            }
            // 1970-01-01 was a Thursday, the fourth day of its week.
            FunctionId::Weekday => {
                let since = Linear::variable(day).shifted(3)?;
                Linear::variable(self.floor_division(&since, 7)?.1).shifted(1)?
            }
            _ => Linear::variable(day).scaled(DAY)?.shifted(-offset)?,
        })
    }

    /// Months since the year 0, exact for a span of years.
    fn month_count(&mut self, local: &Linear, offset: i128, graph: &Graph) -> Option<Linear> {
        let key = (local.clone(), -12);
        if let Some((months, _)) = self.divisions.get(&key) {
            return Some(Linear::variable(*months));
        }
        let months = self.formula.variable(0, 12 * 9_999 + 11);
        self.formula.prefer(months, 12 * 2_014);
        let variable = Linear::variable(months);
        for month in 12 * FIRST_YEAR..=12 * (LAST_YEAR + 1) {
            let begins = graph.zone().parse_time(&format!("{:04}-{:02}-01", month / 12, month % 12 + 1))?;
            let begins = i128::from(begins.micros()) + offset;
            let before = self.at_most(local, &Linear::constant(begins - 1));
            let earlier = self.at_most(&variable, &Linear::constant(month - 1));
            let same = self.formula.same(before, earlier);
            self.formula.meaning(&[months], &[same]);
        }
        let (first, last) = (Linear::constant(12 * FIRST_YEAR), Linear::constant(12 * LAST_YEAR + 11));
        let exact = [self.at_most(&first, &variable), self.at_most(&variable, &last)];
        self.exact.extend(exact);
        self.vague.push(Vague {
            what: LocalText::new("months before 1990 and after 2069", "1990 年之前和 2069 年之后的月份"),
            literals: exact.to_vec(),
            numbers: Vec::new(),
        });
        self.divisions.insert(key, (months, months));
        Some(variable)
    }

    pub(super) fn between(&mut self, how: FunctionId, bad: Lit, from: &Cases<Linear>, to: &Cases<Linear>, graph: &Graph) -> Term {
        let offset = i128::from(graph.zone().seconds()) * 1_000_000;
        let (early, late) = (self.outside_times(from), self.outside_times(to));
        let fails = self.formula.any([bad, early, late]);
        let mut made = Vec::new();
        for (from_guard, from) in from {
            for (to_guard, to) in to {
                let guard = self.formula.all([*from_guard, *to_guard]);
                let cases = if how == FunctionId::DaysBetween { self.days(from, to, offset) } else { self.minutes(from, to) };
                let Some(cases) = cases else {
                    let what = LocalText::new("numbers beyond 128 bits", "超出 128 位的数");
                    return self.vague_after(fails, ValueKind::I64, INTS, &what);
                };
                for (inner, number) in cases {
                    let guard = self.formula.all([guard, inner]);
                    add_case(&mut self.formula, &mut made, guard, number);
                }
            }
        }
        Term { fails, missing: self.formula.no(), value: Val::Int(self.fewer_numbers(made, MOST_CASES)) }
    }

    fn days(&mut self, from: &Linear, to: &Linear, offset: i128) -> Option<Cases<Linear>> {
        let (start, _) = self.floor_division(&from.shifted(offset)?, DAY)?;
        let (end, _) = self.floor_division(&to.shifted(offset)?, DAY)?;
        Some(vec![(self.formula.yes(), Linear::variable(end).minus(&Linear::variable(start))?)])
    }

    fn minutes(&mut self, from: &Linear, to: &Linear) -> Option<Cases<Linear>> {
        self.cut_division(&to.minus(from)?, MINUTE).map(|(minutes, _)| minutes)
    }
}
