//! Which values of each field a row of a decision table asks for, to tell rows that overlap and rows that are never reached.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{PlainStatement, Says, Wording};
use crate::model::{Field, FieldType, Value};
use crate::plan::{CompareOp, Constant, NodeId, Op, Set};

/// What a row asks for, at most: nothing that it asks for is left out.
pub(super) struct RowAsks {
    of: BTreeMap<NodeId, AskedValues>,
    /// Whether it asks for no less either.
    pub(super) is_exact: bool,
    /// Whether no later rule of the stage is looked at where it holds.
    ends_stage: bool,
}

#[derive(Clone)]
struct AskedValues {
    /// Whether the value may be missing.
    missing: bool,
    there: ValueSet,
}

#[derive(Clone)]
enum ValueSet {
    /// From the first to the last.
    Span(i128, i128),
    In(BTreeSet<Arc<str>>),
    NotIn(BTreeSet<Arc<str>>),
}

impl RowAsks {
    pub(super) fn new(is_exact: bool, ends_stage: bool) -> Self {
        Self { of: BTreeMap::new(), is_exact, ends_stage }
    }

    /// With one more statement.
    pub(super) fn add(&mut self, wording: &Wording<'_, '_>, statement: &PlainStatement) {
        let is_understood = self.narrow(wording, statement);
        self.is_exact &= is_understood == Some(true);
    }

    /// Narrows what is asked for; whether by just what the statement says, none where it was not understood at all.
    fn narrow(&mut self, wording: &Wording<'_, '_>, statement: &PlainStatement) -> Option<bool> {
        let item = match &statement.says {
            Says::Compare(_, item, _) | Says::OneOf(item, _) | Says::InSet(item, _) | Says::Missing(item) | Says::Truth(item) => {
                *item
            }
            Says::InList(..) | Says::Always | Says::Call(..) | Says::Agree(..) => return None,
        };
        let graph = wording.reader.plan.graph();
        let item = wording.bare(item);
        let Op::Field(field) = &graph.node(item).op else { return None };
        let all = all_values(wording.reader.definition.schema.field(*field)?)?;
        let asked = self.of.entry(item).or_insert(all);
        if !statement.guards.is_empty() {
            asked.missing = false;
        }
        if statement.guards.iter().any(|guard| wording.value_of(*guard) != Some(item)) {
            return None;
        }
        let constant = |node: &NodeId| match &graph.node(*node).op {
            Op::Constant(constant) => Some(constant.clone()),
            Op::Parameter(parameter) => match wording.reader.plan.parameter(*parameter) {
                Value::Text(text) => Some(Constant::Text(text.clone())),
                Value::Bool(value) => Some(Constant::Bool(*value)),
                other => other.whole().map(Constant::Int),
            },
            _ => None,
        };
        match &statement.says {
            Says::Missing(_) if statement.holds => asked.there = ValueSet::In(BTreeSet::new()),
            Says::Missing(_) => asked.missing = false,
            Says::Truth(_) => {
                asked.missing = false;
                asked.keep([word(&Constant::Bool(statement.holds))?].into());
            }
            Says::Compare(CompareOp::Equal | CompareOp::Same, _, value) => {
                let value = constant(value)?;
                asked.missing = false;
                match &value {
                    Constant::Int(number) => asked.within(i128::from(*number), i128::from(*number)),
                    other => asked.keep([word(other)?].into()),
                }
            }
            Says::Compare(CompareOp::NotEqual, _, value) => asked.leave_out(&[word(&constant(value)?)?].into()),
            Says::Compare(how, _, value) => {
                let Constant::Int(number) = constant(value)? else { return None };
                let number = i128::from(number);
                asked.missing = false;
                match how {
                    CompareOp::Less => asked.within(i128::MIN, number - 1),
                    CompareOp::LessOrEqual => asked.within(i128::MIN, number),
                    CompareOp::Greater => asked.within(number + 1, i128::MAX),
                    _ => asked.within(number, i128::MAX),
                }
            }
            Says::OneOf(_, values) => {
                let values = values.iter().map(|value| word(&constant(value)?)).collect::<Option<BTreeSet<_>>>()?;
                if statement.is_all {
                    asked.leave_out(&values);
                } else {
                    asked.missing = false;
                    asked.keep(values);
                }
            }
            Says::InSet(_, Set::Texts(texts)) => {
                let texts: BTreeSet<Arc<str>> = texts.iter().cloned().collect();
                if statement.holds {
                    asked.missing = false;
                    asked.keep(texts);
                } else {
                    asked.leave_out(&texts);
                }
            }
            Says::InSet(..) | Says::InList(..) | Says::Always | Says::Call(..) | Says::Agree(..) => return None,
        }
        Some(true)
    }

    /// Whether it certainly ends the stage for every request that another row asks for.
    pub(super) fn covers(&self, other: &Self) -> bool {
        let within = |(item, own): (&NodeId, &AskedValues)| other.of.get(item).is_some_and(|asked| own.covers(asked));
        self.is_exact && self.ends_stage && self.of.iter().all(within)
    }

    /// Whether some request certainly fits both.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let meets = |(item, own): (&NodeId, &AskedValues)| other.of.get(item).is_none_or(|asked| own.meets(asked));
        let possible = !self.is_impossible() && !other.is_impossible();
        self.is_exact && other.is_exact && possible && self.of.iter().all(meets)
    }

    /// Whether certainly no request fits.
    pub(super) fn is_impossible(&self) -> bool {
        self.of.values().any(|asked| !asked.missing && asked.there.is_empty())
    }
}

impl AskedValues {
    fn keep(&mut self, wanted: BTreeSet<Arc<str>>) {
        self.there = ValueSet::In(match &self.there {
            ValueSet::In(known) => known.intersection(&wanted).cloned().collect(),
            ValueSet::NotIn(barred) => wanted.difference(barred).cloned().collect(),
            ValueSet::Span(..) => wanted,
        });
    }

    fn leave_out(&mut self, barred: &BTreeSet<Arc<str>>) {
        self.there = match &self.there {
            ValueSet::In(known) => ValueSet::In(known.difference(barred).cloned().collect()),
            ValueSet::NotIn(known) => ValueSet::NotIn(known.union(barred).cloned().collect()),
            ValueSet::Span(low, high) => ValueSet::Span(*low, *high),
        };
    }

    fn within(&mut self, least: i128, most: i128) {
        if let ValueSet::Span(low, high) = &mut self.there {
            (*low, *high) = ((*low).max(least), (*high).min(most));
        }
    }

    fn covers(&self, other: &Self) -> bool {
        (self.missing || !other.missing)
            && match (&self.there, &other.there) {
                (_, there) if there.is_empty() => true,
                (ValueSet::Span(low, high), ValueSet::Span(least, most)) => low <= least && most <= high,
                (ValueSet::In(own), ValueSet::In(more)) => more.is_subset(own),
                (ValueSet::NotIn(barred), ValueSet::In(more)) => barred.is_disjoint(more),
                (ValueSet::NotIn(barred), ValueSet::NotIn(more)) => barred.is_subset(more),
                _ => false,
            }
    }

    fn meets(&self, other: &Self) -> bool {
        (self.missing && other.missing)
            || match (&self.there, &other.there) {
                (ValueSet::Span(low, high), ValueSet::Span(least, most)) => low.max(least) <= high.min(most),
                (ValueSet::In(own), ValueSet::In(more)) => !own.is_disjoint(more),
                (ValueSet::In(own), ValueSet::NotIn(barred)) | (ValueSet::NotIn(barred), ValueSet::In(own)) => {
                    !own.is_subset(barred)
                }
                (ValueSet::NotIn(_), ValueSet::NotIn(_)) => true,
                _ => false,
            }
    }
}

impl ValueSet {
    fn is_empty(&self) -> bool {
        match self {
            Self::Span(low, high) => low > high,
            Self::In(known) => known.is_empty(),
            Self::NotIn(_) => false,
        }
    }
}

/// Every value a field may have; none for a type whose values are not understood here.
fn all_values(field: &Field) -> Option<AskedValues> {
    let there = match &field.kind {
        FieldType::Int | FieldType::Money | FieldType::Time => ValueSet::Span(i128::from(i64::MIN), i128::from(i64::MAX)),
        FieldType::Bool => ValueSet::In(["false", "true"].map(Arc::from).into()),
        FieldType::Enum(values) => ValueSet::In(values.names().map(Arc::from).collect()),
        FieldType::Text => ValueSet::NotIn(BTreeSet::new()),
        FieldType::Float => return None,
    };
    Some(AskedValues { missing: field.optional, there })
}

/// A truth value or a text as a word; numbers are spans.
fn word(constant: &Constant) -> Option<Arc<str>> {
    match constant {
        Constant::Bool(value) => Some(if *value { "true" } else { "false" }.into()),
        Constant::Text(text) => Some(text.clone()),
        Constant::Missing | Constant::Int(_) | Constant::Float(_) => None,
    }
}
