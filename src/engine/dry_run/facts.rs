//! What the figures of a dry run need to know of every request besides its decision: time, amount, customer, arriving interface, label.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{Fen, FieldIndex, Request, Schema, Timestamp, Value};
use crate::requests::Table;

/// What became known of a request afterwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// Nothing is known: the request was blocked, or nobody looked.
    #[default]
    Unknown,
    /// It was genuine.
    Genuine,
    /// It was fraud.
    Fraud,
}

/// Where the schema's roles stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roles {
    time: Option<FieldIndex>,
    amount: Option<FieldIndex>,
    customer: Option<FieldIndex>,
    arriving: Option<FieldIndex>,
    label: Option<FieldIndex>,
    personal: Vec<FieldIndex>,
}

impl Roles {
    pub(crate) fn new(schema: &Schema) -> Self {
        let find = |name: Option<&crate::model::FieldName>| Some(schema.find(name?.as_str())?.0);
        let roles = &schema.roles;
        Self {
            time: find(Some(&roles.time)),
            amount: find(roles.amount.as_ref()),
            customer: find(roles.customer.as_ref()),
            arriving: find(roles.interface.as_ref()),
            label: find(roles.label.as_ref()),
            personal: personal(schema),
        }
    }

    /// Takes the request's personal values out of a text.
    pub(crate) fn mask(&self, request: &Request, mut text: String) -> String {
        for field in &self.personal {
            if let Value::Text(value) = request.get(*field)
                && value.chars().count() >= 2
            {
                text = text.replace(value.as_ref(), "***");
            }
        }
        text
    }
}

/// The personal fields, but for the key, by which a request is named.
fn personal(schema: &Schema) -> Vec<FieldIndex> {
    let key = schema.roles.key.as_str();
    schema.fields().filter(|(_, name, field)| field.personal && name != key).map(|(index, ..)| index).collect()
}

/// Who asks, as a value that can be told from others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Customer {
    Text(Arc<str>),
    Number(i64),
}

/// No customer, or no interface.
const NONE: u32 = u32::MAX;

/// One column a fact, one entry a row.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    times: Vec<Option<Timestamp>>,
    amounts: Vec<Option<Fen>>,
    labels: Vec<Label>,
    customers: Numbered<Customer>,
    arriving: Numbered<Arc<str>>,
}

/// A column of values numbered by first appearance.
#[derive(Clone, Debug)]
struct Numbered<T> {
    numbers: HashMap<T, u32>,
    values: Vec<T>,
    of_row: Vec<u32>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), values: Vec::new(), of_row: Vec::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Numbered<T> {
    fn number(&mut self, value: T) -> u32 {
        if let Some(known) = self.numbers.get(&value) {
            return *known;
        }
        let number = u32::try_from(self.values.len()).unwrap_or(NONE);
        self.values.push(value.clone());
        self.numbers.insert(value, number);
        number
    }

    fn push(&mut self, value: Option<T>) {
        let number = value.map_or(NONE, |value| self.number(value));
        self.of_row.push(number);
    }

    fn get(&self, row: usize) -> Option<u32> {
        self.of_row.get(row).copied().filter(|number| *number != NONE)
    }
}

impl Facts {
    /// What is known of every row of a table.
    pub(crate) fn of(rows: &Table) -> Self {
        let roles = Roles::new(rows.schema());
        let mut facts = Self::default();
        for row in 0..rows.len() {
            facts.push(&roles, &rows.request(row));
        }
        facts
    }

    fn push(&mut self, roles: &Roles, request: &Request) {
        let get = |field: Option<FieldIndex>| field.map_or(&Value::Missing, |field| request.get(field));
        self.times.push(match get(roles.time) {
            Value::Time(time) => Some(*time),
            _ => None,
        });
        self.amounts.push(match get(roles.amount) {
            Value::Money(fen) => Some(*fen),
            _ => None,
        });
        self.labels.push(match get(roles.label) {
            Value::Bool(true) => Label::Fraud,
            Value::Bool(false) => Label::Genuine,
            _ => Label::Unknown,
        });
        self.customers.push(match get(roles.customer) {
            Value::Text(text) => Some(Customer::Text(text.clone())),
            Value::Int(number) => Some(Customer::Number(*number)),
            _ => None,
        });
        self.arriving.push(match get(roles.arriving) {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        });
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// When a row arrived.
    #[must_use]
    pub fn time(&self, row: usize) -> Option<Timestamp> {
        self.times.get(row).copied().flatten()
    }

    /// The amount at stake in a row.
    #[must_use]
    pub fn amount(&self, row: usize) -> Option<Fen> {
        self.amounts.get(row).copied().flatten()
    }

    /// What is known of a row.
    #[must_use]
    pub fn label(&self, row: usize) -> Label {
        self.labels.get(row).copied().unwrap_or_default()
    }

    /// The number of a row's customer, from 0 in order of first appearance.
    #[must_use]
    pub fn customer(&self, row: usize) -> Option<u32> {
        self.customers.get(row)
    }

    /// How many distinct customers there are.
    #[must_use]
    pub fn customer_count(&self) -> usize {
        self.customers.values.len()
    }

    /// The number of the interface a row arrives on, into [`Facts::arriving_names`].
    #[must_use]
    pub fn arriving(&self, row: usize) -> Option<u32> {
        self.arriving.get(row)
    }

    /// The interfaces that rows arrive on, by first appearance.
    #[must_use]
    pub fn arriving_names(&self) -> &[Arc<str>] {
        &self.arriving.values
    }
}
