//! Derived fields: figures over a request's history, such as how many signings its card made in 24 hours. Their meaning is a table in
//! `docs/history-fields.md`.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::definition::Definition;
use super::field_type::FieldType;
use super::id::{FieldName, RuleId};
use super::rule_set::{Invariant, RuleSet, Script};
use super::schema::{Field, FieldIndex, Schema};
use super::time::{CalendarPeriod, Timestamp, Zone};
use crate::text::{LocalText, Places, Sources};

/// What is computed over the events in the window. Events without a value of the field count for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HistoryFunction<F = FieldName> {
    /// How many events there are.
    Count,
    /// How many distinct values the field has.
    CountDistinct(F),
    /// The sum; 0 of no event.
    Sum(F),
    /// The smallest value; missing where there is no event.
    Min(F),
    /// The largest value; missing where there is no event.
    Max(F),
    /// The mean; missing where there is no event. Of amounts in whole fen, half a fen away from zero.
    Mean(F),
    /// The value in the earliest event; missing where there is no event.
    First(F),
    /// The value in the latest event; missing where there is no event.
    Last(F),
    /// Whole seconds since the latest event; missing where there is no event.
    SecondsSinceLast,
    /// Whether no event has the value that the field has now; missing where it has none now.
    IsFirst(F),
}

/// Whether the request itself is an event of its own window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CurrentRequest {
    /// It is, where it meets the condition.
    Included,
    /// It is not.
    Excluded,
}

/// What a request gets whose key is missing. Never 0: a request without a card would pass as one whose card is unused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WithoutKey {
    /// A missing value.
    #[default]
    Missing,
}

/// Which of the earlier events count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HistoryWindow<F = FieldName> {
    /// Those after the moment that lies so long before the request.
    Last(HistoryLength),
    /// The latest ones, so many.
    Events(u32),
    /// Those of the day, month or year that the request's time lies in, in the schema's zone.
    Calendar(CalendarPeriod),
    /// All.
    Ever,
    /// Those at or after the time that the request has in a field.
    Since(F),
}

/// A length of time as it is written, such as `24h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HistoryLength {
    count: u32,
    unit: LengthUnit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum LengthUnit {
    Second,
    Minute,
    Hour,
    Day,
}

impl LengthUnit {
    const ALL: [Self; 4] = [Self::Second, Self::Minute, Self::Hour, Self::Day];

    fn letter(self) -> char {
        match self {
            Self::Second => 's',
            Self::Minute => 'm',
            Self::Hour => 'h',
            Self::Day => 'd',
        }
    }

    fn micros(self) -> i64 {
        match self {
            Self::Second => 1_000_000,
            Self::Minute => 60_000_000,
            Self::Hour => 3_600_000_000,
            Self::Day => 86_400_000_000,
        }
    }
}

impl HistoryLength {
    /// A hundred years.
    const LONGEST_MICROS: i64 = 36_525 * 86_400_000_000;

    /// Over 0, at most a hundred years.
    #[must_use]
    pub fn micros(self) -> i64 {
        i64::from(self.count).saturating_mul(self.unit.micros())
    }
}

impl FromStr for HistoryLength {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let unit = LengthUnit::ALL.into_iter().find(|unit| text.ends_with(unit.letter())).ok_or(())?;
        let digits = text.trim_end_matches(unit.letter());
        let count: u32 = digits.parse().map_err(|_| ())?;
        let length = Self { count, unit };
        let is_plain = length.to_string() == text;
        (is_plain && count > 0 && length.micros() <= Self::LONGEST_MICROS).then_some(length).ok_or(())
    }
}

impl fmt::Display for HistoryLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.letter())
    }
}

/// How a derived field is computed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Derived<F = FieldName> {
    /// What is computed.
    pub function: HistoryFunction<F>,
    /// The fields whose values together are the key: only requests of the same key are events. Of none, all requests are.
    pub by: Vec<F>,
    /// The condition of an event: an expression over the event's own fields.
    pub condition: Option<Arc<str>>,
    /// Which events count.
    pub over: HistoryWindow<F>,
    /// Whether the request itself does.
    pub current: CurrentRequest,
}

/// A derived field of a schema, its fields by position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryField {
    /// The field that gets the figure.
    pub field: FieldIndex,
    /// How it is computed.
    pub derived: Derived<FieldIndex>,
    /// The type of the function's field, where it has one.
    pub of: Option<FieldType>,
    /// The position of its condition among the invariants of [`Definition::history_conditions`].
    pub condition: Option<usize>,
}

impl<F> HistoryFunction<F> {
    /// The field it reads.
    pub fn argument(&self) -> Option<&F> {
        match self {
            Self::Count | Self::SecondsSinceLast => None,
            Self::CountDistinct(field)
            | Self::Sum(field)
            | Self::Min(field)
            | Self::Max(field)
            | Self::Mean(field)
            | Self::First(field)
            | Self::Last(field)
            | Self::IsFirst(field) => Some(field),
        }
    }

    /// The same function of another field; none where `to` gives none.
    pub fn map<G>(&self, to: impl FnOnce(&F) -> Option<G>) -> Option<HistoryFunction<G>> {
        Some(match self {
            Self::Count => HistoryFunction::Count,
            Self::CountDistinct(field) => HistoryFunction::CountDistinct(to(field)?),
            Self::Sum(field) => HistoryFunction::Sum(to(field)?),
            Self::Min(field) => HistoryFunction::Min(to(field)?),
            Self::Max(field) => HistoryFunction::Max(to(field)?),
            Self::Mean(field) => HistoryFunction::Mean(to(field)?),
            Self::First(field) => HistoryFunction::First(to(field)?),
            Self::Last(field) => HistoryFunction::Last(to(field)?),
            Self::SecondsSinceLast => HistoryFunction::SecondsSinceLast,
            Self::IsFirst(field) => HistoryFunction::IsFirst(to(field)?),
        })
    }

    /// The same function, its field written otherwise.
    pub fn with_names<G: Default>(&self, name: impl FnOnce(&F) -> G) -> HistoryFunction<G> {
        self.map(|field| Some(name(field))).unwrap_or(HistoryFunction::Count)
    }

    /// The type of its result, for a field of type `of`; none where there is no such function.
    #[must_use]
    pub fn result(&self, of: Option<&FieldType>) -> Option<FieldType> {
        use FieldType as T;
        match (self, of) {
            (Self::Count | Self::SecondsSinceLast, None) | (Self::CountDistinct(_), Some(_)) => Some(T::Int),
            // The sum of fractions would depend on their order.
            (Self::Sum(_), Some(of @ (T::Int | T::Money)))
            | (Self::Mean(_), Some(of @ T::Money))
            | (Self::First(_) | Self::Last(_), Some(of)) => Some(of.clone()),
            (Self::Mean(_), Some(T::Int)) => Some(T::Float),
            (Self::Min(_) | Self::Max(_), Some(of)) if of.spec().is_ordered => Some(of.clone()),
            (Self::IsFirst(_), Some(_)) => Some(T::Bool),
            _ => None,
        }
    }

    /// Whether the result is missing where there is no event.
    #[must_use]
    pub fn misses_without_events(&self) -> bool {
        match self {
            Self::Min(_) | Self::Max(_) | Self::Mean(_) | Self::First(_) | Self::Last(_) | Self::SecondsSinceLast => true,
            Self::Count | Self::CountDistinct(_) | Self::Sum(_) | Self::IsFirst(_) => false,
        }
    }

    /// Whether the result is a value that a request had in the field.
    #[must_use]
    pub fn gives_values(&self) -> bool {
        matches!(self, Self::Min(_) | Self::Max(_) | Self::First(_) | Self::Last(_))
    }

    /// Whether a request that is an event of its own window has always the same result.
    #[must_use]
    pub fn is_fixed_by_current(&self) -> bool {
        matches!(self, Self::Last(_) | Self::SecondsSinceLast | Self::IsFirst(_))
    }
}

impl<F> HistoryWindow<F> {
    /// The same window, a field in it replaced; none where `to` gives none.
    pub fn map<G>(&self, to: impl FnOnce(&F) -> Option<G>) -> Option<HistoryWindow<G>> {
        Some(match self {
            Self::Last(length) => HistoryWindow::Last(*length),
            Self::Events(count) => HistoryWindow::Events(*count),
            Self::Calendar(period) => HistoryWindow::Calendar(*period),
            Self::Ever => HistoryWindow::Ever,
            Self::Since(field) => HistoryWindow::Since(to(field)?),
        })
    }

    /// The first microsecond of the window of a request that arrives at `now`; `since` is the time it has in the window's field.
    /// None where the window is not bounded by a time.
    #[must_use]
    pub fn first_moment(&self, now: Timestamp, zone: Zone, since: Option<Timestamp>) -> Option<i64> {
        match self {
            // The moment itself is outside: a request 24 hours ago to the microsecond is no more among those of 24 hours.
            Self::Last(length) => Some(now.micros().saturating_sub(length.micros()).saturating_add(1)),
            Self::Calendar(period) => Some(zone.start_of(*period, now)),
            Self::Since(_) => since.map(Timestamp::micros),
            Self::Events(_) | Self::Ever => None,
        }
    }
}

impl Derived {
    /// The same with positions of fields; none where the schema has not all of them.
    #[must_use]
    pub fn resolved(&self, schema: &Schema) -> Option<Derived<FieldIndex>> {
        let index = |name: &FieldName| schema.find(name.as_str()).map(|(index, _)| index);
        Some(Derived {
            function: self.function.map(index)?,
            by: self.by.iter().map(index).collect::<Option<_>>()?,
            condition: self.condition.clone(),
            over: self.over.map(index)?,
            current: self.current,
        })
    }

    /// The fields it names outside its condition.
    pub fn names(&self) -> impl Iterator<Item = &FieldName> {
        let since = if let HistoryWindow::Since(field) = &self.over { Some(field) } else { None };
        self.function.argument().into_iter().chain(&self.by).chain(since)
    }

    /// The same, to replace them.
    pub fn names_mut(&mut self) -> impl Iterator<Item = &mut FieldName> {
        use HistoryFunction as H;
        let argument = match &mut self.function {
            H::Count | H::SecondsSinceLast => None,
            H::CountDistinct(field)
            | H::Sum(field)
            | H::Min(field)
            | H::Max(field)
            | H::Mean(field)
            | H::First(field)
            | H::Last(field)
            | H::IsFirst(field) => Some(field),
        };
        let since = if let HistoryWindow::Since(field) = &mut self.over { Some(field) } else { None };
        argument.into_iter().chain(&mut self.by).chain(since)
    }

    /// Whether its value may be missing for a request of that schema.
    #[must_use]
    pub fn may_miss(&self, schema: &Schema) -> bool {
        let is_optional = |name: &FieldName| schema.find(name.as_str()).is_some_and(|(_, field)| field.optional);
        let argument = self.function.argument();
        let without_key = self.by.iter().any(is_optional)
            || matches!(&self.function, HistoryFunction::IsFirst(field) if is_optional(field))
            || matches!(&self.over, HistoryWindow::Since(field) if is_optional(field));
        let always_has_one = self.current == CurrentRequest::Included
            && self.condition.is_none()
            && !argument.is_some_and(is_optional)
            && !matches!(self.over, HistoryWindow::Since(_));
        without_key || self.function.misses_without_events() && !always_has_one
    }
}

impl Schema {
    /// The derived fields with the names they have, in order.
    pub fn derived(&self) -> impl Iterator<Item = (FieldIndex, String, &Field, &Derived)> {
        self.fields().filter_map(|(index, name, field)| Some((index, name, field, field.derived.as_deref()?)))
    }

    /// Whether any field is derived.
    #[must_use]
    pub fn has_derived(&self) -> bool {
        self.indexed().any(|(_, field)| field.derived.is_some())
    }

    /// The derived fields, ready to be computed.
    ///
    /// # Errors
    /// The name of the first one whose definition names a field that there is not, or whose function there is not for its field.
    pub fn history(&self) -> Result<Vec<HistoryField>, String> {
        let mut conditions = 0..;
        let fields = self.derived().map(|(field, name, held, derived)| {
            let resolved = derived.resolved(self).ok_or_else(|| name.clone())?;
            let of = resolved.function.argument().and_then(|of| self.field(*of)).map(|of| of.kind.clone());
            let fits = derived.function.result(of.as_ref()).is_some_and(|kind| kind == held.kind);
            let condition = derived.condition.as_ref().and_then(|_| conditions.next());
            fits.then_some(HistoryField { field, derived: resolved, of, condition }).ok_or(name)
        });
        fields.collect()
    }

    /// All that the values of a derived field follow from beside the requests, as a text.
    #[must_use]
    pub fn history_identity(&self, field: &HistoryField) -> String {
        let derived = self.field(field.field).and_then(|held| held.derived.as_deref());
        format!("{:?} {:?} {} {} {derived:?}", self.name_of(field.field), field.of, self.roles.time, self.zone)
    }

    /// The schema as request files have it: derived fields are fields that may be missing, since a file need not carry them.
    #[must_use]
    pub fn as_read(&self) -> Self {
        let mut schema = self.clone();
        let fields = schema.groups.values_mut().flat_map(|group| group.fields.values_mut());
        fields.filter(|field| field.derived.is_some()).for_each(|field| field.optional = true);
        schema
    }
}

impl Definition {
    /// The conditions of the derived fields that have one, in order, as the invariants of a rule set without parameters, lists and
    /// functions, over a schema without derived fields: what an event is follows from the event alone.
    #[must_use]
    pub fn history_conditions(&self) -> Self {
        let mut schema = self.schema.clone();
        let fields = schema.groups.values_mut().flat_map(|group| group.fields.values_mut());
        fields.for_each(|field| field.derived = None);
        let mut sources = Sources::default();
        let mut invariants = Vec::new();
        for (_, name, _, derived) in self.schema.derived() {
            let Some(text) = &derived.condition else { continue };
            let Ok(id) = RuleId::new(format!("where_{}", invariants.len())) else { continue };
            let source = sources.add(name.clone(), Arc::clone(text));
            let when = Script { file: name, text: Arc::clone(text), source };
            invariants.push(Invariant { id, title: LocalText::default(), when, verdicts: Vec::new() });
        }
        let rule_set = RuleSet {
            name: String::new(),
            version: String::new(),
            title: LocalText::default(),
            on_error: self.rule_set.on_error.clone(),
            stages: Vec::new(),
            parameters: IndexMap::new(),
            interfaces: IndexMap::new(),
            reasons: IndexMap::new(),
            lists: IndexMap::new(),
            invariants,
            shared: None,
        };
        Self { schema, rule_set, sources, places: Places::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_written_in_one_way() {
        for (text, micros) in [("1s", 1_000_000), ("10m", 600_000_000), ("24h", 86_400_000_000), ("36525d", 3_155_760_000_000_000)]
        {
            let length: HistoryLength = text.parse().unwrap();
            assert_eq!((length.micros(), length.to_string().as_str()), (micros, text));
        }
        for wrong in ["", "h", "0h", "-1h", "+1h", "01h", "1hh", "1.5h", "1 h", "1w", "24", "36526d", "4294967296s", "1H", "１h"] {
            assert!(wrong.parse::<HistoryLength>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_window_begins_at_its_first_microsecond() {
        let zone = Zone::parse("+08:00").unwrap();
        let at = |text: &str| zone.parse_time(text).unwrap();
        let now = at("2024-02-29T23:59:59.999999");
        let length = HistoryWindow::<()>::Last("24h".parse().unwrap());
        let cases = [
            (length, "2024-02-29T00:00:00"),
            (HistoryWindow::Calendar(CalendarPeriod::Day), "2024-02-29T00:00:00"),
            (HistoryWindow::Calendar(CalendarPeriod::Month), "2024-02-01T00:00:00"),
            (HistoryWindow::Calendar(CalendarPeriod::Year), "2024-01-01T00:00:00"),
        ];
        for (window, first) in cases {
            assert_eq!(window.first_moment(now, zone, None), Some(at(first).micros()), "{window:?}");
        }
        let first = Timestamp::MIN;
        for window in [length, HistoryWindow::Calendar(CalendarPeriod::Year)] {
            assert!(window.first_moment(first, zone, None).unwrap() <= first.micros());
        }
    }
}
