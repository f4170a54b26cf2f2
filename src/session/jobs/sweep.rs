//! One parameter tried over its range: what each value would do to the loaded requests.

use std::sync::Arc;

use super::impact::{DecideDraft, Impact, decided_as};
use super::{Basis, DerivedJob, JobKind, JobResult};
use crate::Session;
use crate::views::figures;
use countersign_core::engine::Engine;
use countersign_core::model::{
    Definition, FieldIndex, FieldType, Parameter, ParameterId, ParameterIndex, RuleId, RuleIndex, Value, Verdict, Zone,
};
use countersign_core::progress::Progress;
use countersign_core::script::tree::{Expr, ExprKind, walk};
use countersign_core::text::LocalText;
use countersign_run::compare::Flips;
use countersign_run::decisions::{ByLabel, Ratio};
use countersign_run::{RowSet, Run};

/// At most so many values are tried.
pub const POINTS: u32 = 25;

/// A range whose ends are so many times apart is tried in steps that grow.
const WIDE: i128 = 100;

/// What is caught at one value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Caught {
    pub requests: ByLabel,
    /// Of those with a known label, those that are fraud.
    pub precision: Ratio,
    /// Of all known fraud, what is caught.
    pub recall: Ratio,
    /// Of all known genuine requests, those that are caught too.
    pub hindered: Ratio,
}

impl Caught {
    fn new(requests: ByLabel, all: &ByLabel) -> Self {
        let (fraud, genuine) = (requests.fraud.requests, requests.genuine.requests);
        Self {
            requests,
            precision: Ratio::new(fraud, fraud + genuine),
            recall: Ratio::new(fraud, all.fraud.requests),
            hindered: Ratio::new(genuine, all.genuine.requests),
        }
    }

    /// The amount of known fraud caught, in fen.
    pub fn saved_fen(&self) -> i128 {
        self.requests.fraud.amount_fen
    }
}

/// One value of the parameter and what it does.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepPoint {
    pub value: Value,
    /// As people write it.
    pub shown: String,
    /// Requests per verdict, mildest first, by what became known of them.
    pub verdicts: [ByLabel; 4],
    /// By the whole set: any verdict but accept.
    pub whole_set: Caught,
    /// By the rules that read the parameter: any of them hits.
    pub own_rules: Caught,
    /// Customers with a request that is decided otherwise than by what the draft is compared with.
    pub customers: u64,
}

#[derive(Clone, Debug)]
pub struct Sweep {
    pub parameter: ParameterId,
    /// The rules that read it.
    pub rules: Vec<RuleId>,
    /// The values in order, each as far from the next on the axis: they are closer together where there are more requests.
    pub points: Vec<SweepPoint>,
    /// The place of the draft's value among them.
    pub present: Option<usize>,
    /// That of the baseline's, where it has the parameter.
    pub live: Option<usize>,
}

/// Tries a parameter over its range.
pub(crate) struct SweepParameter {
    parameter: ParameterId,
    impact: Arc<Impact>,
}

impl DerivedJob for SweepParameter {
    const KIND: JobKind = JobKind::Sweep;
    type Output = Sweep;

    fn basis(session: &Session) -> Basis {
        session.results.sweep_basis(session.document.revision())
    }

    fn snapshot(session: &Session) -> Option<Self> {
        Some(Self { parameter: session.view.sweep.clone()?, impact: Arc::clone(session.fresh::<DecideDraft>()?) })
    }

    fn run(self, progress: &Progress) -> JobResult<Sweep> {
        let Self { parameter: id, impact } = self;
        let engine = impact.new.engine();
        let definition = engine.definition();
        let gone = || LocalText::new(format!("there is no parameter `{id}`"), format!("没有名为 `{id}` 的参数"));
        let parameters = &definition.rule_set.parameters;
        let (index, _, parameter) = parameters.get_full(&id).ok_or_else(gone)?;
        let before = impact.old.as_ref().and_then(|old| old.engine().definition().rule_set.parameters.get(&id));
        let index = ParameterIndex::from_position(index).ok_or_else(gone)?;
        let (rules, fields) = readers(engine, index);
        let extra = [Some(&parameter.value), before.map(|before| &before.value)];
        let values = values(parameter, &compared_values(&impact.new, &fields), &extra)?;
        progress.set_total(values.len() as u64);
        let zone = definition.schema.zone;
        let mut points = Vec::new();
        for value in values {
            let mut tried = Definition::clone(definition);
            if let Some(place) = tried.rule_set.parameters.get_mut(&id) {
                place.value = value.clone();
            }
            let Some(run) = decided_as(&impact.new, tried, progress)? else { return Ok(None) };
            points.push(point(&impact, &run, &rules, value, zone));
            progress.advance(1);
        }
        let place = |wanted: &Value| points.iter().position(|point| point.value == *wanted);
        let (present, live) = (place(&parameter.value), before.and_then(|before| place(&before.value)));
        let id_of = |rule: &RuleIndex| definition.rule_set.rule(*rule).map(|rule| rule.id.clone());
        Ok(Some(Sweep { parameter: id, rules: rules.iter().filter_map(id_of).collect(), points, present, live }))
    }
}

impl Session {
    /// Sweeps a parameter; the one that is swept already no longer.
    pub(crate) fn sweep(&mut self, parameter: ParameterId) {
        let is_closed = self.view.sweep.as_ref() == Some(&parameter);
        self.view.sweep = (!is_closed).then_some(parameter);
        self.results.sweep_changed();
    }
}

fn point(impact: &Impact, run: &Run, rules: &[RuleIndex], value: Value, zone: Zone) -> SweepPoint {
    let totals = run.totals();
    let caught = totals.verdicts.iter().skip(Verdict::StepUp as usize).fold(ByLabel::default(), |mut sum, more| {
        sum.merge(more);
        sum
    });
    let hit = rules.iter().fold(RowSet::none(run.table().len()), |all, rule| all.or(&run.hits(*rule)));
    let mut own = ByLabel::default();
    hit.iter().for_each(|row| own.add(run.facts().label(row), run.facts().amount(row)));
    let flips = Flips::between(impact.old.as_ref().unwrap_or(&impact.new), run);
    let mut customers: Vec<u32> = flips.all().iter().filter_map(|flip| run.facts().customer(flip.row)).collect();
    customers.sort_unstable();
    customers.dedup();
    SweepPoint {
        shown: figures::value(&value, zone),
        verdicts: totals.verdicts,
        whole_set: Caught::new(caught, &totals.all),
        own_rules: Caught::new(own, &totals.all),
        customers: customers.len() as u64,
        value,
    }
}

/// The rules that read a parameter, and the fields they compare with it.
fn readers(engine: &Engine, parameter: ParameterIndex) -> (Vec<RuleIndex>, Vec<FieldIndex>) {
    let (mut rules, mut fields) = (Vec::new(), Vec::new());
    for (rule, ..) in engine.definition().rule_set.rules() {
        let Some(tree) = engine.program().tree(rule) else { continue };
        walk(tree, &mut |expr| {
            if matches!(expr.kind, ExprKind::Parameter(read) if read == parameter) && !rules.contains(&rule) {
                rules.push(rule);
            }
            if let ExprKind::Binary { lhs, rhs, .. } = &expr.kind {
                for (one, other) in [(lhs, rhs), (rhs, lhs)] {
                    fields.extend(field_of(one).filter(|_| matches!(other.kind, ExprKind::Parameter(read) if read == parameter)));
                }
            }
        });
    }
    (rules, fields)
}

fn field_of(expr: &Expr) -> Option<FieldIndex> {
    match &expr.kind {
        ExprKind::Field(field) => Some(*field),
        _ => None,
    }
}

/// The values of the first of these fields that the requests have, in order; none where there is no such field of whole numbers.
fn compared_values(run: &Run, fields: &[FieldIndex]) -> Vec<i64> {
    let Some(field) = fields.first() else { return Vec::new() };
    let mut values: Vec<i64> = (0..run.table().len()).filter_map(|row| run.table().value(row, *field).whole()).collect();
    values.sort_unstable();
    values
}

/// The values to try, in order: quantiles of what the parameter is compared with, else the whole range; and those of `extra`.
fn values(parameter: &Parameter, compared: &[i64], extra: &[Option<&Value>]) -> Result<Vec<Value>, LocalText> {
    let none = || LocalText::new("the parameter has no range to try", "该参数没有可试算的取值范围");
    let mut values: Vec<Value> = match (&parameter.kind, &parameter.range) {
        (FieldType::Bool, _) => return Ok(vec![Value::Bool(false), Value::Bool(true)]),
        (FieldType::Enum(held), _) => return Ok(held.names().map(|name| Value::Text(name.into())).collect()),
        (_, Some(range)) => match (&range.min, &range.max) {
            (Value::Float(min), Value::Float(max)) => {
                let step = |at: u32| min + (max - min) * f64::from(at) / f64::from(POINTS - 1);
                (0..POINTS).map(step).map(Value::Float).collect()
            }
            (min, max) => {
                let (min, max) = min.whole().zip(max.whole()).ok_or_else(none)?;
                let mut steps = quantiles(compared, min, max);
                if steps.len() < 3 {
                    steps = if is_wide(min, max) { growing(min, max) } else { even(min, max) };
                }
                steps.into_iter().filter_map(|whole| parameter.kind.value_of_whole(whole)).collect()
            }
        },
        (_, None) => return Err(none()),
    };
    for value in extra.iter().copied().flatten() {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    values.sort_by(|a, b| match (a, b) {
        (Value::Float(a), Value::Float(b)) => a.total_cmp(b),
        (a, b) => a.whole().cmp(&b.whole()),
    });
    Ok(values)
}

/// Whole numbers in even steps, both ends included, each once.
fn even(min: i64, max: i64) -> Vec<i64> {
    let (min, span) = (i128::from(min), i128::from(max) - i128::from(min));
    let last = i128::from(POINTS - 1);
    let mut all: Vec<i64> = (0..=last).filter_map(|at| i64::try_from(min + span * at / last).ok()).collect();
    all.dedup();
    all
}

fn is_wide(min: i64, max: i64) -> bool {
    min >= 0 && i128::from(max) > WIDE * i128::from(min.max(1))
}

/// 1, 2 and 5 times the powers of ten between both ends, and these; at most as many as are tried.
fn growing(min: i64, max: i64) -> Vec<i64> {
    let inside = (0..=18).flat_map(|power| [1, 2, 5].map(|by| i64::checked_mul(by, 10_i64.pow(power))));
    let mut all: Vec<i64> = inside.flatten().filter(|step| (min..=max).contains(step)).chain([min, max]).collect();
    all.sort_unstable();
    all.dedup();
    thinned(&all)
}

/// The values at even shares of what the requests have, to two significant digits, inside both ends.
fn quantiles(sorted: &[i64], min: i64, max: i64) -> Vec<i64> {
    let last = POINTS as usize - 1;
    let at = |share: usize| sorted.get((sorted.len() - 1) * share / last).copied();
    if sorted.is_empty() {
        return Vec::new();
    }
    let mut all: Vec<i64> = (0..=last).filter_map(at).map(two_digits).map(|value| value.clamp(min, max)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A number to two significant digits.
fn two_digits(value: i64) -> i64 {
    let digits = value.unsigned_abs().checked_ilog10().unwrap_or(0).saturating_sub(1);
    let step = 10_i128.pow(digits);
    let rounded = (i128::from(value) + step / 2).div_euclid(step) * step;
    i64::try_from(rounded).unwrap_or(value)
}

/// At most as many as are tried, both ends among them.
fn thinned(all: &[i64]) -> Vec<i64> {
    let most = POINTS as usize - 1;
    if all.len() <= most {
        return all.to_vec();
    }
    (0..=most).filter_map(|at| all.get((all.len() - 1) * at / most).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_end_at_the_ends_and_are_few() {
        assert_eq!(even(1, 5), [1, 2, 3, 4, 5]);
        assert_eq!(even(7, 7), [7]);
        assert_eq!(growing(0, 30), [0, 1, 2, 5, 10, 20, 30]);
        for (min, max) in [(0, 1_000), (-3, 40), (i64::MIN, i64::MAX), (1, i64::MAX)] {
            for steps in [even(min, max), growing(min, max)] {
                assert_eq!((steps.first(), steps.last()), (Some(&min), Some(&max)));
                assert!(steps.len() <= POINTS as usize && steps.is_sorted());
            }
        }
        assert!(is_wide(0, 101) && is_wide(5, 501) && !is_wide(5, 500) && !is_wide(-1, 1_000));
    }

    #[test]
    fn values_are_tried_where_requests_are() {
        let amounts: Vec<i64> = (0..1_000).map(|at| if at < 900 { 100 + at } else { 100_000 + at * 1_000 }).collect();
        let tried = quantiles(&amounts, 0, 10_000_000);
        assert_eq!((tried.first(), tried.last()), (Some(&100), Some(&1_100_000)));
        assert!(tried.iter().filter(|value| **value <= 1_000).count() > 15, "{tried:?}");
        assert_eq!(quantiles(&amounts, 500, 700).first(), Some(&500));
        assert_eq!(quantiles(&[], 0, 9), [0; 0]);
        let rounded = [
            (0, 0),
            (7, 7),
            (-14, -14),
            (498_013, 500_000),
            (1_049, 1_000),
            (-1_051, -1_100),
            (i64::MAX, 9_200_000_000_000_000_000),
        ];
        for (value, expected) in rounded {
            assert_eq!(two_digits(value), expected, "{value}");
        }
    }
}
