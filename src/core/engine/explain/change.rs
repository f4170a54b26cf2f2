//! The smallest change of one field that turns a rule.
//!
//! For every field the script reads, values are tried that a comparison could tell from the present one: the other side of the comparison
//! and its neighbours, every value of an enum, the entries of a list, borders of hours and days for times, and ever larger steps in both
//! directions. Of a number that identifies something, only what it is compared with for equality is tried. Each try is decided by the plan
//! or the interpreter. From a number that turns the rule, the distance is halved until one unit less no longer turns it.

use std::collections::BTreeSet;

use super::data::FieldChange;
use super::points::{Points, ordered, unordered};
use super::show;
use super::walk;
use crate::engine::Engine;
use crate::model::{Fen, FieldIndex, FieldType, Outcome, Request, RuleIndex, Scalar, Timestamp, Value, Window};
use crate::plan::Scratch;
use crate::script::Row;
use crate::script::tree::{self, ExprKind, ScriptTree};

/// How often a rule may be decided in search of a change, by the plan and by the interpreter.
const MOST_TRIES: (usize, usize) = (20_000, 400);
/// So many tries are always left to halve a range of whole numbers down to neighbours.
const HALVINGS: usize = 64;

/// A rule, a request, and whether the rule should fire.
pub(super) struct ChangeQuery<'a> {
    pub(super) engine: &'a Engine,
    pub(super) rule: RuleIndex,
    pub(super) tree: &'a ScriptTree,
    pub(super) window: Window,
    pub(super) request: &'a Request,
    /// Whether it should fire.
    pub(super) wanted: bool,
}

/// Changes of one field that turn a rule, the smallest first, at most one a field.
pub(super) fn changes(query: &ChangeQuery<'_>) -> Vec<FieldChange> {
    let plan = query.engine.plan().rule(query.rule).is_ok();
    let tries = if plan { MOST_TRIES.0 } else { MOST_TRIES.1 };
    let mut search = ChangeSearch { query, scratch: Scratch::default(), changed: query.request.clone(), tries };
    let mut found: Vec<(Rank, FieldChange)> = Vec::new();
    for field in fields(query) {
        if let Some(value) = search.field(field)
            && let Some(change) = search.change(field, &value)
        {
            found.push(change);
        }
    }
    found.sort_by(|(one, _), (other, _)| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    found.into_iter().map(|(_, change)| change).collect()
}

/// Lower is smaller: what sort of change it is, then how large it is against the value.
struct Rank(u8, f64);

/// The fields the script reads, but for the key, which only names the request.
fn fields(query: &ChangeQuery<'_>) -> BTreeSet<FieldIndex> {
    let mut found = BTreeSet::new();
    tree::walk(query.tree, &mut |expr| {
        if let ExprKind::Field(field) = expr.kind {
            found.insert(field);
        }
    });
    let schema = &query.engine.definition().schema;
    if let Some((key, _)) = schema.find(schema.roles.key.as_str()) {
        found.remove(&key);
    }
    found
}

struct ChangeSearch<'a> {
    query: &'a ChangeQuery<'a>,
    scratch: Scratch,
    /// The request with one field changed.
    changed: Request,
    tries: usize,
}

impl ChangeSearch<'_> {
    /// Whether the rule is as wanted with another value of a field. A value that does not fit the field is never as wanted.
    fn turns(&mut self, field: FieldIndex, value: &Value) -> bool {
        let engine = self.query.engine;
        let fits = engine.definition().schema.field(field).is_some_and(|known| known.accepts(value).is_ok());
        if !fits || self.tries == 0 {
            return false;
        }
        self.tries -= 1;
        let was = self.changed.get(field).clone();
        self.changed.set(field, value.clone());
        let fires = fires(engine, self.query.rule, self.query.window, &self.changed, &mut self.scratch);
        self.changed.set(field, was);
        fires == Some(self.query.wanted)
    }

    /// The nearest value of a field that turns the rule.
    fn field(&mut self, field: FieldIndex) -> Option<Value> {
        let definition = self.query.engine.definition().clone();
        let kind = &definition.schema.field(field)?.kind;
        let now = self.query.request.get(field).clone();
        let value = match kind {
            FieldType::Bool => {
                [Value::Bool(true), Value::Bool(false)].into_iter().find(|value| *value != now && self.turns(field, value))
            }
            FieldType::Enum(values) => {
                let mut others = values.names().map(|name| Value::Text(name.into())).filter(|value| *value != now);
                others.find(|value| self.turns(field, value))
            }
            FieldType::Text => {
                let points = Points::texts(&definition, self.query.tree, self.query.request, &now);
                points.into_iter().find(|value| *value != now && self.turns(field, value))
            }
            FieldType::Int if definition.schema.is_identifier(field) => {
                let points = Points::names(&definition, self.query.tree, self.query.request, field);
                points.into_iter().find(|value| *value != now && self.turns(field, value))
            }
            FieldType::Int | FieldType::Money | FieldType::Time | FieldType::Float => self.number(field, kind, &now),
        };
        value.or_else(|| (now != Value::Missing && self.turns(field, &Value::Missing)).then_some(Value::Missing))
    }

    /// The nearest number: the points are tried by distance, and the way back is halved.
    fn number(&mut self, field: FieldIndex, kind: &FieldType, now: &Value) -> Option<Value> {
        let definition = self.query.engine.definition().clone();
        let base = match now {
            Value::Missing => self.base(kind),
            _ => ordinal(now)?,
        };
        let mut request = self.query.request.clone();
        request.set(field, of_ordinal(kind, base)?);
        let walked = walk::walk(&definition, self.query.tree, &request);
        let points = Points::numbers(&definition, self.query.tree, &walked, kind, base);
        if *now == Value::Missing && self.turns(field, &of_ordinal(kind, base)?) {
            return of_ordinal(kind, base);
        }
        let mut best: Option<i64> = None;
        for up in [true, false] {
            let mut side =
                points.iter().copied().filter(|point| if up { *point > base } else { *point < base }).collect::<Vec<_>>();
            side.sort_by_key(|point| point.abs_diff(base));
            let hit = side.into_iter().find(|point| of_ordinal(kind, *point).is_some_and(|value| self.turns(field, &value)));
            let Some(hit) = hit else { continue };
            let Some(nearest) = self.nearest(field, kind, base, hit) else { continue };
            if best.is_none_or(|best| nearest.abs_diff(base) < best.abs_diff(base)) {
                best = Some(nearest);
            }
        }
        of_ordinal(kind, best?)
    }

    /// The value a missing number is taken for: 0, or the request's own time.
    fn base(&self, kind: &FieldType) -> i64 {
        let schema = &self.query.engine.definition().schema;
        let time = self.query.request.time(schema).map_or(0, Timestamp::micros);
        match kind {
            FieldType::Time => time,
            FieldType::Float => ordered(0.0),
            _ => 0,
        }
    }

    /// Halves the way between a value that does not turn the rule and one that does, until they are neighbours; none where the tries end
    /// before.
    fn nearest(&mut self, field: FieldIndex, kind: &FieldType, base: i64, hit: i64) -> Option<i64> {
        let (mut short, mut far) = (base, hit);
        self.tries = self.tries.max(HALVINGS);
        while short.abs_diff(far) > 1 && self.tries > 0 {
            let middle = midpoint(short, far);
            if of_ordinal(kind, middle).is_some_and(|value| self.turns(field, &value)) {
                far = middle;
            } else {
                short = middle;
            }
        }
        (short.abs_diff(far) <= 1).then_some(far)
    }

    /// The change for people, confirmed by the interpreter.
    fn change(&self, field: FieldIndex, value: &Value) -> Option<(Rank, FieldChange)> {
        let query = self.query;
        let definition = query.engine.definition();
        let mut changed = query.request.clone();
        changed.set(field, value.clone());
        if interpreted(query.engine, query.rule, query.window, &changed) != Some(query.wanted) {
            return None;
        }
        let schema = &definition.schema;
        let (_, name, known) = schema.fields().find(|(index, ..)| *index == field)?;
        let (from, masked) = (query.request.get(field), known.personal);
        let scalar = |value: &Value| match value {
            Value::Missing => value.to_scalar(schema.zone),
            _ if masked => Scalar::Text(show::MASK.to_owned()),
            other => other.to_scalar(schema.zone),
        };
        let is_name = schema.is_identifier(field);
        let said = super::phrase::change(known, (masked, is_name), from, value, schema.zone);
        let change = FieldChange { index: field, field: name, from: scalar(from), to: scalar(value), said, value: value.clone() };
        let rank = if is_name && *value != Value::Missing { Rank(2, 0.0) } else { rank(from, value, masked) };
        Some((rank, change))
    }
}

/// Numbers by how far they move, then yes or no, then other words, then what is there or not, then texts nobody may see.
fn rank(from: &Value, to: &Value, masked: bool) -> Rank {
    #[expect(clippy::cast_precision_loss, reason = "only to compare")]
    let far = |one: i64, other: i64, unit: f64| one.abs_diff(other) as f64 / unit.max(1.0);
    match (from, to) {
        (Value::Int(one), Value::Int(other)) | (Value::Money(Fen(one)), Value::Money(Fen(other))) => {
            #[expect(clippy::cast_precision_loss, reason = "only to compare")]
            let unit = one.unsigned_abs() as f64;
            Rank(0, far(*one, *other, unit))
        }
        (Value::Float(one), Value::Float(other)) => Rank(0, (one - other).abs() / one.abs().max(1.0)),
        // Against thirty days.
        (Value::Time(one), Value::Time(other)) => Rank(0, far(one.micros(), other.micros(), 2.592e12)),
        (Value::Bool(_), Value::Bool(_)) => Rank(1, 0.0),
        (Value::Missing, _) | (_, Value::Missing) => Rank(3, 0.0),
        _ if masked => Rank(4, 0.0),
        _ => Rank(2, 0.0),
    }
}

/// Whether a rule gives an outcome; none where it fails. By the plan where that can tell.
fn fires(engine: &Engine, rule: RuleIndex, window: Window, request: &Request, scratch: &mut Scratch) -> Option<bool> {
    let applies = |outcomes: Vec<Outcome>| !outcomes.is_empty() && in_window(engine, window, request);
    match engine.plan().single(request, scratch).rule(rule) {
        Ok(outcomes) => Some(applies(outcomes)),
        Err(_) => interpreted(engine, rule, window, request),
    }
}

fn interpreted(engine: &Engine, rule: RuleIndex, window: Window, request: &Request) -> Option<bool> {
    let outcomes = engine.program().run(rule, &Row::new(engine.program(), request)).ok()?;
    Some(!outcomes.is_empty() && in_window(engine, window, request))
}

fn in_window(engine: &Engine, window: Window, request: &Request) -> bool {
    request.time(&engine.definition().schema).is_some_and(|time| window.contains(time))
}

/// A number as a whole number that keeps the order; each has its neighbours one away.
fn ordinal(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Money(fen) => Some(fen.0),
        Value::Time(time) => Some(time.micros()),
        Value::Float(number) => Some(ordered(*number)),
        _ => None,
    }
}

fn of_ordinal(kind: &FieldType, at: i64) -> Option<Value> {
    match kind {
        FieldType::Int => Some(Value::Int(at)),
        FieldType::Money => Some(Value::Money(Fen(at))),
        FieldType::Time => Timestamp::from_micros(at).map(Value::Time),
        FieldType::Float => Some(unordered(at)).filter(|number| number.is_finite()).map(Value::Float),
        _ => None,
    }
}

fn midpoint(one: i64, other: i64) -> i64 {
    // Exact for any two, rounded towards the first.
    let half = one.abs_diff(other) / 2;
    if one < other { one.saturating_add_unsigned(half) } else { one.saturating_sub_unsigned(half) }
}
