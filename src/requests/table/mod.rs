//! The columnar table of requests: immutable, narrow, shared.
//!
//! Own storage, since an Arrow array has one width for all rows of a column. Segments as narrow as their own values allow hold a million
//! requests of the shipped schema in 78 MB, and the batch engine reads them without unpacking.

mod bits;
mod builder;
mod cells;
mod column;
mod computed;
mod dictionary;
mod filler;
mod texts;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use bits::{Bitmap, Lane, Packed};
pub use builder::{ColumnValues, TableBuilder};
pub(crate) use cells::{CellData, Cells, Texts};
pub use column::{Column, Data, Numbers, SEGMENT, Segment};
pub use computed::ComputedColumn;
use computed::ComputedColumns;
pub use dictionary::Dictionary;
pub(crate) use filler::Filler;
pub use texts::{PackedTexts, PlainTexts, TextBlock};

use countersign_core::model::{FieldIndex, FieldType, Request, Schema, Value};

/// Requests by columns. Rows count from 0. It never changes: share it in an `Arc`.
#[derive(Clone, Debug)]
pub struct Table {
    schema: Arc<Schema>,
    rows: usize,
    columns: Vec<Arc<Column>>,
    key: Option<FieldIndex>,
    /// Requests that came before, in order of their files: no rows of this table.
    earlier: Vec<Arc<Self>>,
    /// What columns held before they were replaced.
    given: BTreeMap<FieldIndex, Arc<Column>>,
    computed: ComputedColumns,
}

impl Table {
    fn new(schema: Arc<Schema>, rows: usize, columns: Vec<Arc<Column>>) -> Self {
        let key = schema.find(schema.roles.key.as_str()).map(|(index, _)| index);
        Self { schema, rows, columns, key, earlier: Vec::new(), given: BTreeMap::new(), computed: ComputedColumns::default() }
    }

    /// The same requests with those that came before them, which derived fields count.
    #[must_use]
    pub fn with_earlier(self, earlier: Vec<Arc<Self>>) -> Self {
        Self { earlier, computed: ComputedColumns::default(), ..self }
    }

    pub fn earlier(&self) -> &[Arc<Self>] {
        &self.earlier
    }

    /// The same requests under a schema of the same fields, some of their columns replaced.
    #[must_use]
    pub fn replaced(&self, schema: Arc<Schema>, columns: impl IntoIterator<Item = (FieldIndex, Arc<Column>)>) -> Self {
        let mut table = Self { schema, ..self.clone() };
        for (field, column) in columns {
            if let Some(place) = table.columns.get_mut(field.at()) {
                let before = std::mem::replace(place, column);
                table.given.entry(field).or_insert(before);
            }
        }
        table
    }

    /// What a column held as it was read, though it may be replaced since.
    pub fn given(&self, field: FieldIndex) -> Option<&Arc<Column>> {
        self.given.get(&field).or_else(|| self.columns.get(field.at()))
    }

    /// The schema that every row fits.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The value of a field in a row; missing outside the table.
    pub fn value(&self, row: usize, field: FieldIndex) -> Value {
        self.columns.get(field.at()).map_or(Value::Missing, |column| column.value(row))
    }

    /// A whole row; every value is missing outside the table.
    pub fn request(&self, row: usize) -> Request {
        let mut request = Request::empty(&self.schema);
        for (at, column) in (0..).zip(&self.columns) {
            request.set(FieldIndex(at), column.value(row));
        }
        request
    }

    /// A row's value in the schema's key field, as text.
    pub fn key(&self, row: usize) -> String {
        self.key.map_or(String::new(), |key| self.value(row, key).show(self.schema.zone))
    }

    /// The first row with that key, as it is or as a cell of CSV holds it: see [`Cells`](countersign_core::text::Cells).
    pub fn find(&self, key: &str) -> Option<usize> {
        let other = key.strip_prefix('\'').map_or_else(|| format!("'{key}"), str::to_owned);
        self.with_key(key).or_else(|| self.with_key(&other))
    }

    fn with_key(&self, key: &str) -> Option<usize> {
        let column = self.key.and_then(|field| self.column(field))?;
        if column.kind() == FieldType::Text { column.find(key) } else { (0..self.rows).find(|row| self.key(*row) == key) }
    }

    pub fn column(&self, field: FieldIndex) -> Option<&Column> {
        self.columns.get(field.at()).map(Arc::as_ref)
    }

    /// Every column in the schema's order.
    pub fn columns(&self) -> &[Arc<Column>] {
        &self.columns
    }

    /// The same rows under another schema: each of its fields holds what the field named in `from` holds here, which must be of its
    /// type, and is missing where none is named. Nothing is copied.
    pub fn projected(&self, schema: Arc<Schema>, from: &[Option<FieldIndex>]) -> Self {
        let fields = schema.groups.values().flat_map(|group| group.fields.values());
        let columns = fields.zip(from).map(|(field, from)| {
            let known = from.and_then(|from| self.columns.get(from.at()));
            known.cloned().unwrap_or_else(|| Arc::new(Column::missing(&field.kind, self.rows)))
        });
        let columns = columns.collect();
        let earlier = self.earlier.iter().map(|table| Arc::new(table.projected(Arc::clone(&schema), from))).collect();
        let given = (0..).map(FieldIndex).zip(from).filter_map(|(to, from)| Some((to, self.given.get(from.as_ref()?)?.clone())));
        let (given, computed) = (given.collect(), self.computed.clone());
        Self { earlier, given, computed, ..Self::new(schema, self.rows, columns) }
    }

    /// Bytes the columns take in memory, dictionaries included.
    pub fn memory_bytes(&self) -> usize {
        self.columns.iter().map(|column| column.memory_bytes()).sum()
    }
}

#[cfg(test)]
pub(crate) mod tests;
