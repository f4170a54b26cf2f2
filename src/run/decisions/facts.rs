//! What the figures of a dry run need to know of every request besides its decision: time, amount, customer, arriving interface, label.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::RowSet;
use countersign_core::model::{Fen, FieldIndex, FieldType, Schema, Timestamp, Value};
use countersign_requests::Table;
use countersign_requests::table::{Column, Data, SEGMENT, Segment};

/// What became known of a request afterwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// Nothing is known: the request was blocked, or nobody looked.
    #[default]
    Unknown,
    Genuine,
    Fraud,
}

/// Where the schema's roles stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoleFields {
    time: Option<FieldIndex>,
    pub(crate) amount: Option<FieldIndex>,
    customer: Option<FieldIndex>,
    arriving: Option<FieldIndex>,
    pub(crate) label: Option<FieldIndex>,
}

impl RoleFields {
    pub(crate) fn new(schema: &Schema) -> Self {
        let find = |name: Option<&countersign_core::model::FieldName>| Some(schema.find(name?.as_str())?.0);
        let roles = &schema.roles;
        Self {
            time: find(Some(&roles.time)),
            amount: find(roles.amount.as_ref()),
            customer: find(roles.customer.as_ref()),
            arriving: find(roles.interface.as_ref()),
            label: find(roles.label.as_ref()),
        }
    }
}

/// No customer, or no interface.
const NONE: u32 = u32::MAX;

/// No time: before the earliest that there is.
const NO_TIME: i64 = i64::MIN;

/// One column a fact, one entry a row; each is read from the table when it is first asked for.
#[derive(Clone, Debug)]
pub struct Facts {
    table: Arc<Table>,
    roles: RoleFields,
    times: OnceLock<Vec<i64>>,
    amounts: OnceLock<(Vec<i64>, RowSet)>,
    labels: OnceLock<Vec<Label>>,
    customers: OnceLock<Numbered>,
    arriving: OnceLock<Numbered>,
}

/// A column of values by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbered {
    pub(crate) names: Vec<Arc<str>>,
    count: usize,
    of_row: Vec<u32>,
}

impl Numbered {
    /// From a column, with the values' names where they are wanted.
    fn of(column: Option<&Column>, rows: usize, with_names: bool) -> Self {
        let Some(column) = column else { return Self { of_row: vec![NONE; rows], ..Self::default() } };
        let coded = column.segments().iter().all(|segment| matches!(segment.data(), Data::Codes(_)));
        if !coded {
            return Self::by_value(column, rows);
        }
        let mut of_row = Vec::with_capacity(rows);
        for segment in column.segments() {
            let start = of_row.len();
            of_row.resize(start + segment.len(), 0);
            if let (Data::Codes(codes), Some(place)) = (segment.data(), of_row.get_mut(start..)) {
                codes.unpack(0, place);
                absent(segment, |at| place.get_mut(at).into_iter().for_each(|code| *code = NONE));
            }
        }
        let of_dictionary = || if with_names { column.dictionary().iter().collect() } else { Vec::new() };
        let names = if column.names().is_empty() { of_dictionary() } else { column.names().to_vec() };
        let mut seen = vec![false; column.names().len().max(column.dictionary().len())];
        for code in &of_row {
            if let Some(place) = seen.get_mut(*code as usize) {
                *place = true;
            }
        }
        let count = seen.iter().filter(|seen| **seen).count();
        Self { names, count, of_row }
    }

    fn by_value(column: &Column, rows: usize) -> Self {
        let mut numbers: HashMap<Customer, u32> = HashMap::new();
        let mut names = Vec::new();
        let mut number = |value: Value| {
            let name = if let Value::Text(text) = &value { Some(text.clone()) } else { None };
            let customer = match value {
                Value::Text(text) => Customer::Text(text),
                Value::Int(number) => Customer::Number(number),
                _ => return NONE,
            };
            let next = u32::try_from(numbers.len()).unwrap_or(NONE);
            *numbers.entry(customer).or_insert_with(|| {
                names.extend(name);
                next
            })
        };
        let of_row = (0..rows).map(|row| number(column.value(row))).collect();
        Self { count: numbers.len(), names, of_row }
    }

    pub(crate) fn get(&self, row: usize) -> Option<u32> {
        self.of_row.get(row).copied().filter(|number| *number != NONE)
    }
}

/// Who asks, as a value that can be told from others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Customer {
    Text(Arc<str>),
    Number(i64),
}

/// Calls `each` for the rows of a segment that have no value.
fn absent(segment: &Segment, mut each: impl FnMut(usize)) {
    if let Some(present) = segment.present() {
        (0..segment.len()).filter(|at| !present.get(*at)).for_each(&mut each);
    }
}

/// The whole numbers of a column of that kind, and the rows that have one.
fn numbers(column: Option<&Column>, kind: FieldType<()>, rows: usize) -> (Vec<i64>, RowSet) {
    let Some(column) = column.filter(|column| column.kind() == kind) else { return (vec![0; rows], RowSet::none(rows)) };
    let mut numbers = Vec::with_capacity(rows);
    let mut words: Vec<u64> = Vec::with_capacity(rows.div_ceil(64));
    let mut codes = Vec::new();
    for segment in column.segments() {
        if let Data::Numbers(held) = segment.data() {
            codes.resize(segment.len(), 0_u64);
            held.codes.unpack(0, &mut codes);
            numbers.extend(codes.iter().map(|code| held.base.wrapping_add(code.wrapping_mul(held.scale).cast_signed())));
        }
        numbers.resize(words.len() * 64 + segment.len(), 0);
        match segment.present() {
            Some(present) => words.extend(present.words()),
            None => words.resize(words.len() + segment.len().div_ceil(64), u64::MAX),
        }
    }
    (numbers, RowSet::from_words(words, rows))
}

impl Facts {
    /// What is known of every row of a table.
    pub(crate) fn of(table: &Arc<Table>) -> Self {
        Self {
            table: table.clone(),
            roles: RoleFields::new(table.schema()),
            times: OnceLock::new(),
            amounts: OnceLock::new(),
            labels: OnceLock::new(),
            customers: OnceLock::new(),
            arriving: OnceLock::new(),
        }
    }

    fn column(&self, field: Option<FieldIndex>) -> Option<&Column> {
        self.table.column(field?)
    }

    fn times(&self) -> &[i64] {
        self.times.get_or_init(|| {
            let (mut times, with_time) = numbers(self.column(self.roles.time), FieldType::Time, self.len());
            for row in RowSet::all(self.len()).without(&with_time).iter() {
                times.get_mut(row).into_iter().for_each(|time| *time = NO_TIME);
            }
            times
        })
    }

    fn amounts(&self) -> &(Vec<i64>, RowSet) {
        self.amounts.get_or_init(|| numbers(self.column(self.roles.amount), FieldType::Money, self.len()))
    }

    fn labels(&self) -> &[Label] {
        self.labels.get_or_init(|| labels(self.column(self.roles.label), self.len()))
    }

    fn customers(&self) -> &Numbered {
        self.customers.get_or_init(|| Numbered::of(self.column(self.roles.customer), self.len(), false))
    }

    fn interfaces(&self) -> &Numbered {
        self.arriving.get_or_init(|| Numbered::of(self.column(self.roles.arriving), self.len(), true))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When a row arrived.
    pub fn time(&self, row: usize) -> Option<Timestamp> {
        self.times().get(row).copied().filter(|time| *time != NO_TIME).and_then(Timestamp::from_micros)
    }

    /// The amount at stake in a row.
    pub fn amount(&self, row: usize) -> Option<Fen> {
        let (amounts, there) = self.amounts();
        amounts.get(row).filter(|_| there.contains(row)).map(|fen| Fen(*fen))
    }

    /// What is known of a row.
    pub fn label(&self, row: usize) -> Label {
        self.labels().get(row).copied().unwrap_or_default()
    }

    /// Whether the outcome of any row became known.
    pub fn has_labels(&self) -> bool {
        self.labels().iter().any(|label| *label != Label::Unknown)
    }

    /// Every row's value of a field of named values, by number.
    pub(crate) fn named_values(&self, field: FieldIndex) -> Numbered {
        Numbered::of(self.column(Some(field)), self.len(), true)
    }

    /// The number of a row's customer.
    pub fn customer(&self, row: usize) -> Option<u32> {
        self.customers().get(row)
    }

    /// How many distinct customers there are.
    pub fn customer_count(&self) -> usize {
        self.customers().count
    }

    /// The number of the interface a row arrives on, into [`Facts::arriving_names`].
    pub fn arriving(&self, row: usize) -> Option<u32> {
        self.interfaces().get(row)
    }

    /// The interfaces that rows may arrive on.
    pub fn arriving_names(&self) -> &[Arc<str>] {
        &self.interfaces().names
    }
}

/// What is known of every row.
fn labels(column: Option<&Column>, rows: usize) -> Vec<Label> {
    let mut labels = vec![Label::Unknown; rows];
    for (segment, labels) in column.into_iter().flat_map(Column::segments).zip(labels.chunks_mut(SEGMENT)) {
        let Data::Bits(bits) = segment.data() else { continue };
        for (at, label) in labels.iter_mut().enumerate() {
            *label = if bits.get(at) { Label::Fraud } else { Label::Genuine };
        }
        absent(segment, |at| labels.get_mut(at).into_iter().for_each(|label| *label = Label::Unknown));
    }
    labels
}
