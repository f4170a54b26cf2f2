//! What is known at one point of a script: its variables, and what conditions before it have settled.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Quotient;
use super::possible::Possible;
use crate::text::Span;

/// How a number was computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// It comes from a quotient that was cut.
    pub(super) cut: Option<Quotient>,
    /// It comes from an amount that was multiplied.
    pub(super) product: Option<Span>,
}

impl Marks {
    pub(super) fn or(self, other: Self) -> Self {
        Self { cut: self.cut.or(other.cut), product: self.product.or(other.product) }
    }
}

/// The value of an expression.
#[derive(Clone, Debug)]
pub(super) struct KnownValue {
    pub(super) possible: Possible,
    pub(super) marks: Marks,
}

impl KnownValue {
    pub(super) fn or(self, other: Self) -> Self {
        Self { possible: self.possible.or(other.possible), marks: self.marks.or(other.marks) }
    }
}

impl From<Possible> for KnownValue {
    fn from(possible: Possible) -> Self {
        Self { possible, marks: Marks::default() }
    }
}

#[derive(Clone, Debug)]
pub(super) struct PointVariable {
    pub(super) name: Arc<str>,
    /// Names its value: that of an expression it was set to, or a number of its own, new with each change.
    pub(super) key: String,
    /// Its possible values where it is set, without regard to conditions around that place.
    pub(super) alone: Possible,
    /// Its possible values here.
    pub(super) known: KnownValue,
}

/// What a condition has settled of an expression, and where.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    pub(super) possible: Possible,
    pub(super) by: Option<Span>,
}

#[derive(Clone, Debug)]
pub(super) struct ProgramPoint {
    pub(super) variables: Vec<PointVariable>,
    settled: BTreeMap<String, Settled>,
    /// Whether conditions before the current one are left out.
    pub(super) alone: bool,
    pub(super) reachable: bool,
}

impl ProgramPoint {
    pub(super) fn start() -> Self {
        Self { variables: Vec::new(), settled: BTreeMap::new(), alone: false, reachable: true }
    }

    /// The same point without anything that conditions have settled.
    pub(super) fn by_itself(&self) -> Self {
        Self { variables: self.variables.clone(), settled: BTreeMap::new(), alone: true, reachable: true }
    }

    pub(super) fn find(&self, name: &str) -> Option<&PointVariable> {
        self.variables.iter().rev().find(|variable| variable.name.as_ref() == name)
    }

    pub(super) fn settled(&self, key: &str) -> Option<&Settled> {
        self.settled.get(key)
    }

    /// The same point once an expression is known to be one of these values; not reached where there is none.
    pub(super) fn with(&self, key: Option<&str>, possible: Possible, by: Span) -> Self {
        let mut point = self.clone();
        point.reachable &= !possible.is_empty();
        if let (Some(key), true) = (key, point.reachable) {
            // An earlier condition that implies as much keeps its place.
            let same = point.settled.get(key).is_some_and(|settled| settled.possible == possible);
            if !same {
                point.settled.insert(key.to_owned(), Settled { possible, by: Some(by) });
            }
        }
        point
    }

    /// The point where two branches meet; `fresh` gives names to variables that differ.
    pub(super) fn join(self, other: Self, fresh: &mut dyn FnMut() -> String) -> Self {
        match (self.reachable, other.reachable) {
            (true, false) => return self,
            (false, true) => return other,
            _ => {}
        }
        let mut joined = self;
        for (mine, theirs) in joined.variables.iter_mut().zip(other.variables) {
            if mine.key != theirs.key {
                mine.key = fresh();
                mine.alone = mine.alone.clone().or(theirs.alone);
            }
            mine.known = mine.known.clone().or(theirs.known);
        }
        let mut others = other.settled;
        joined.settled.retain(|key, _| others.contains_key(key));
        for (key, settled) in &mut joined.settled {
            if let Some(theirs) = others.remove(key) {
                settled.possible = settled.possible.clone().or(theirs.possible);
            }
        }
        joined
    }
}
