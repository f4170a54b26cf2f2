//! One parameter tried over its range: what each value would do to the loaded requests.

use std::sync::Arc;

use super::impact::{DecideDraft, Impact};
use super::{Basis, DerivedJob, JobKind, JobResult};
use crate::Session;
use crate::requests::first_message;
use crate::views::figures;
use countersign_core::engine::Engine;
use countersign_core::model::{Definition, FieldType, Parameter, ParameterId, Value, Verdict, Zone};
use countersign_core::progress::Progress;
use countersign_core::script::Program;
use countersign_core::text::LocalText;
use countersign_run::compare::Flips;
use countersign_run::decisions::{ByLabel, Ratio, Sums};
use countersign_run::{NotDecided, Run};

/// At most so many values are tried.
pub const POINTS: u32 = 25;

/// One value of the parameter and what it does.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepPoint {
    pub value: Value,
    /// As people write it.
    pub shown: String,
    /// As a number on an axis: yuan for money, seconds since 1970 for times, the position for named values.
    pub at: f64,
    /// Requests and amounts per verdict, mildest first.
    pub verdicts: [Sums; 4],
    /// Of the requests caught (any verdict but accept) with a known label, those that are fraud.
    pub precision: Ratio,
    /// Of all known fraud, what is caught.
    pub recall: Ratio,
    /// Customers with a request that is decided otherwise than by the draft.
    pub customers: u64,
}

#[derive(Clone, Debug)]
pub struct Sweep {
    pub parameter: ParameterId,
    /// The values in order.
    pub points: Vec<SweepPoint>,
    /// The draft's value as a number on the axis.
    pub present: f64,
    /// The baseline's, where it has the parameter.
    pub live: Option<f64>,
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
        let draft = &impact.new;
        let definition = draft.engine().definition();
        let zone = definition.schema.zone;
        let gone = || LocalText::new(format!("there is no parameter `{id}`"), format!("没有名为 `{id}` 的参数"));
        let parameter = definition.rule_set.parameters.get(&id).ok_or_else(gone)?;
        let before = impact.old.as_ref().and_then(|old| old.engine().definition().rule_set.parameters.get(&id));
        let extra = [Some(&parameter.value), before.map(|before| &before.value)];
        let values = values(parameter, &extra)?;
        progress.set_total(values.len() as u64);
        let mut points = Vec::new();
        for value in values {
            let Some(point) = point(draft, &id, parameter, value, zone, progress)? else { return Ok(None) };
            points.push(point);
            progress.advance(1);
        }
        let (present, live) = (axis(parameter, &parameter.value), before.map(|before| axis(parameter, &before.value)));
        Ok(Some(Sweep { parameter: id, points, present, live }))
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

fn point(
    draft: &Run,
    id: &ParameterId,
    parameter: &Parameter,
    value: Value,
    zone: Zone,
    progress: &Progress,
) -> JobResult<SweepPoint> {
    let mut definition = Definition::clone(draft.engine().definition());
    if let Some(place) = definition.rule_set.parameters.get_mut(id) {
        place.value = value.clone();
    }
    let compiled = Program::compile(&definition);
    let engine = Engine::new(Arc::new(definition), compiled.program);
    let run = match draft.changed(&engine, progress) {
        Ok(run) => run,
        Err(NotDecided::Cancelled) => return Ok(None),
        Err(NotDecided::Schema(findings)) => return Err(first_message(&findings)),
    };
    let totals = run.totals();
    let caught = totals.verdicts.iter().skip(Verdict::StepUp as usize).fold(ByLabel::default(), |mut sum, more| {
        sum.merge(more);
        sum
    });
    let flips = Flips::between(draft, &run);
    let mut customers: Vec<u32> = flips.all().iter().filter_map(|flip| run.facts().customer(flip.row)).collect();
    customers.sort_unstable();
    customers.dedup();
    let (fraud, genuine) = (caught.fraud.requests, caught.genuine.requests);
    Ok(Some(SweepPoint {
        shown: figures::value(&value, zone),
        at: axis(parameter, &value),
        verdicts: [0, 1, 2, 3].map(|at: usize| totals.verdicts.get(at).map(ByLabel::all).unwrap_or_default()),
        precision: Ratio::new(fraud, fraud + genuine),
        recall: Ratio::new(fraud, totals.all.fraud.requests),
        customers: customers.len() as u64,
        value,
    }))
}

/// The values to try: the whole range in even steps, and those of `extra` that lie inside.
fn values(parameter: &Parameter, extra: &[Option<&Value>]) -> Result<Vec<Value>, LocalText> {
    let none = || LocalText::new("the parameter has no range to try", "该参数没有可试算的取值范围");
    let mut values: Vec<Value> = match (&parameter.kind, &parameter.range) {
        (FieldType::Bool, _) => vec![Value::Bool(false), Value::Bool(true)],
        (FieldType::Enum(held), _) => held.names().map(|name| Value::Text(name.into())).collect(),
        (_, Some(range)) => match (&range.min, &range.max) {
            (Value::Float(min), Value::Float(max)) => {
                let step = |at: u32| min + (max - min) * f64::from(at) / f64::from(POINTS - 1);
                (0..POINTS).map(step).map(Value::Float).collect()
            }
            (min, max) => {
                let (min, max) = min.whole().zip(max.whole()).ok_or_else(none)?;
                even(min, max).into_iter().filter_map(|whole| parameter.kind.value_of_whole(whole)).collect()
            }
        },
        (_, None) => return Err(none()),
    };
    for value in extra.iter().copied().flatten() {
        if !values.contains(value) && parameter.range.as_ref().is_some_and(|range| range.contains(value)) {
            values.push(value.clone());
        }
    }
    if !matches!(parameter.kind, FieldType::Enum(_)) {
        values.sort_by(|a, b| axis(parameter, a).total_cmp(&axis(parameter, b)));
    }
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

/// A value as a number on an axis.
#[expect(clippy::cast_precision_loss, reason = "a place on a chart")]
fn axis(parameter: &Parameter, value: &Value) -> f64 {
    match value {
        Value::Missing => 0.0,
        Value::Bool(yes) => f64::from(u8::from(*yes)),
        Value::Int(number) => *number as f64,
        Value::Money(fen) => fen.0 as f64 / 100.0,
        Value::Float(number) => *number,
        Value::Time(time) => time.micros() as f64 / 1_000_000.0,
        Value::Text(text) => match &parameter.kind {
            FieldType::Enum(held) => held.names().position(|name| name == text.as_ref()).unwrap_or(0) as f64,
            _ => 0.0,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_even_and_end_at_the_ends() {
        assert_eq!(even(1, 5), [1, 2, 3, 4, 5]);
        assert_eq!(even(7, 7), [7]);
        for (min, max) in [(0, 1_000), (-3, 40), (i64::MIN, i64::MAX)] {
            let steps = even(min, max);
            assert_eq!((steps.first(), steps.last()), (Some(&min), Some(&max)));
            assert!(steps.len() <= POINTS as usize);
        }
    }
}
