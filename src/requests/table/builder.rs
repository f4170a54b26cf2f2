//! Fills a table: by rows through [`TableBuilder`], by columns from the readers.

use std::sync::Arc;

use super::Table;
use super::bits::{Bitmap, Packed};
use super::cells::{CellData, Cells, Texts};
use super::column::{Column, Data, Numbers, SEGMENT, Segment};
use super::dictionary::{Dictionary, TextInterner};
use super::texts::TextBlock;
use countersign_core::model::{FieldType, Request, Schema, Value, ValueError};

/// Collects requests into a [`Table`].
#[derive(Debug)]
pub struct TableBuilder {
    schema: Arc<Schema>,
    columns: Vec<ColumnBuilder>,
    rows: usize,
}

impl TableBuilder {
    /// An empty table of that schema.
    pub fn new(schema: Arc<Schema>) -> Self {
        let columns = columns(&schema);
        Self { schema, columns, rows: 0 }
    }

    /// Appends a row of values in the schema's order. Empty text counts as missing, as in every reader.
    ///
    /// # Errors
    /// The first field whose value does not fit, by full name; nothing is appended.
    pub fn push(&mut self, values: &[Value]) -> Result<(), (String, ValueError)> {
        let fields = self.schema.groups.values().flat_map(|group| group.fields.values());
        let misfit = fields.enumerate().find_map(|(at, field)| Some((at, field.accepts(value_at(values, at)).err()?)));
        if let Some((at, error)) = misfit {
            let name = self.schema.fields().nth(at).map(|(_, name, _)| name);
            return Err((name.unwrap_or_default(), error));
        }
        for (at, column) in self.columns.iter_mut().enumerate() {
            column.push(value_at(values, at));
        }
        self.rows += 1;
        Ok(())
    }

    /// Appends a request; see [`TableBuilder::push`].
    ///
    /// # Errors
    /// The first field whose value does not fit, by full name; nothing is appended.
    pub fn push_request(&mut self, request: &Request) -> Result<(), (String, ValueError)> {
        self.push(request.values())
    }

    /// How many rows there are so far.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row yet.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    pub fn finish(self) -> Table {
        let columns = self.columns.into_iter().map(|column| Arc::new(column.finish())).collect();
        Table::new(self.schema, self.rows, columns)
    }
}

/// One empty column a field.
pub(super) fn columns(schema: &Schema) -> Vec<ColumnBuilder> {
    let key = schema.find(schema.roles.key.as_str()).map(|(index, _)| index);
    let columns = schema.fields().map(|(index, _, field)| ColumnBuilder::new(&field.kind, field.optional, Some(index) == key));
    columns.collect()
}

fn value_at(values: &[Value], at: usize) -> &Value {
    match values.get(at) {
        Some(Value::Text(text)) if text.is_empty() => &Value::Missing,
        Some(value) => value,
        None => &Value::Missing,
    }
}

/// The values of a whole column, one a row; those of missing rows have no meaning.
#[derive(Debug)]
pub enum ColumnValues {
    Bools(Vec<bool>),
    /// Whole numbers, fen or microseconds.
    Numbers(Vec<i64>),
    Floats(Vec<f64>),
    /// Of any type; missing ones are [`Value::Missing`].
    Any(Vec<Value>),
}

impl Column {
    /// A column of that type; `present` has an entry for each row, and none where no row is missing.
    pub fn of(kind: &FieldType, values: ColumnValues, present: Vec<bool>) -> Self {
        let mut column = ColumnBuilder::new(kind, true, false);
        let data = match values {
            ColumnValues::Bools(values) => CellData::Bools(values),
            ColumnValues::Numbers(values) => CellData::Numbers(values),
            ColumnValues::Floats(values) => CellData::Floats(values),
            ColumnValues::Any(values) => {
                for value in &values {
                    column.push(value);
                }
                return column.finish();
            }
        };
        column.append(&Cells { data, present });
        column.finish()
    }
}

/// The values of the segment that is being filled.
#[derive(Debug)]
enum StagedValues {
    Bools(Vec<bool>),
    Numbers(Vec<i64>),
    Floats(Vec<f64>),
    Codes(Vec<u32>),
    Texts(Texts),
}

/// Fills one column. The caller has checked that values fit the field.
#[derive(Debug)]
pub(super) struct ColumnBuilder {
    pub(super) kind: FieldType<()>,
    optional: bool,
    names: Vec<Arc<str>>,
    interner: TextInterner,
    present: Vec<bool>,
    stage: StagedValues,
    segments: Vec<Segment>,
}

fn part<T>(values: &[T], start: usize, end: usize) -> &[T] {
    values.get(start..end).unwrap_or(&[])
}

/// From so many distinct texts on, a dictionary must save something to be kept.
const DICTIONARY_TRIAL: usize = 262_144;

impl ColumnBuilder {
    pub(super) fn new(kind: &FieldType, optional: bool, is_key: bool) -> Self {
        let mut names = Vec::new();
        let stage = match kind {
            FieldType::Bool => StagedValues::Bools(Vec::new()),
            FieldType::Int | FieldType::Money | FieldType::Time => StagedValues::Numbers(Vec::new()),
            FieldType::Float => StagedValues::Floats(Vec::new()),
            FieldType::Text if is_key => StagedValues::Texts(Texts::default()),
            FieldType::Text => StagedValues::Codes(Vec::new()),
            FieldType::Enum(values) => {
                names.extend(values.names().map(Into::into));
                StagedValues::Codes(Vec::new())
            }
        };
        let (kind, interner) = (kind.map_enum(|_| ()), TextInterner::default());
        Self { kind, optional, names, interner, present: Vec::new(), stage, segments: Vec::new() }
    }

    fn push(&mut self, value: &Value) {
        match value {
            Value::Missing => self.push_missing(),
            Value::Bool(value) => self.push_bool(*value),
            Value::Float(number) => self.push_float(*number),
            Value::Text(text) if self.kind == FieldType::Enum(()) => {
                let code = self.names.iter().position(|name| name == text);
                self.push_code(code.and_then(|code| u32::try_from(code).ok()).unwrap_or(u32::MAX));
            }
            Value::Text(text) => self.push_text(text),
            Value::Int(_) | Value::Money(_) | Value::Time(_) => self.push_number(value.whole().unwrap_or(0)),
        }
    }

    pub(super) fn push_missing(&mut self) {
        match &mut self.stage {
            StagedValues::Bools(stage) => stage.push(false),
            StagedValues::Numbers(stage) => stage.push(stage.last().copied().unwrap_or(0)),
            StagedValues::Floats(stage) => stage.push(0.0),
            StagedValues::Codes(stage) => stage.push(0),
            StagedValues::Texts(stage) => stage.push(""),
        }
        self.pushed(false);
    }

    fn push_bool(&mut self, value: bool) {
        if let StagedValues::Bools(stage) = &mut self.stage {
            stage.push(value);
        }
        self.pushed(true);
    }

    /// A whole number, fen or microseconds.
    fn push_number(&mut self, number: i64) {
        if let StagedValues::Numbers(stage) = &mut self.stage {
            stage.push(number);
        }
        self.pushed(true);
    }

    fn push_float(&mut self, number: f64) {
        if let StagedValues::Floats(stage) = &mut self.stage {
            stage.push(number);
        }
        self.pushed(true);
    }

    /// The position of an enum's value in the schema.
    fn push_code(&mut self, code: u32) {
        if let StagedValues::Codes(stage) = &mut self.stage {
            stage.push(code);
        }
        self.pushed(true);
    }

    /// Free text; empty text is missing.
    fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return self.push_missing();
        }
        match &mut self.stage {
            StagedValues::Codes(stage) => stage.push(self.interner.code(text)),
            StagedValues::Texts(stage) => stage.push(text),
            _ => {}
        }
        self.pushed(true);
    }

    fn pushed(&mut self, present: bool) {
        if self.optional {
            self.present.push(present);
        }
        if self.staged() == SEGMENT {
            self.seal();
        }
    }

    pub(super) fn append(&mut self, cells: &Cells) {
        if let Some(texts) = cells.texts() {
            return self.append_texts(texts);
        }
        let (mut at, len) = (0, cells.len());
        while at < len {
            let end = len.min(at + SEGMENT - self.staged());
            match (&mut self.stage, &cells.data) {
                (StagedValues::Bools(stage), CellData::Bools(values)) => stage.extend_from_slice(part(values, at, end)),
                (StagedValues::Numbers(stage), CellData::Numbers(values)) => stage.extend_from_slice(part(values, at, end)),
                (StagedValues::Floats(stage), CellData::Floats(values)) => stage.extend_from_slice(part(values, at, end)),
                (StagedValues::Codes(stage), CellData::Codes(values)) => stage.extend_from_slice(part(values, at, end)),
                _ => {}
            }
            if self.optional && cells.present.is_empty() {
                self.present.resize(self.present.len() + end - at, true);
            } else if self.optional {
                self.present.extend_from_slice(part(&cells.present, at, end));
            }
            if self.staged() == SEGMENT {
                self.seal();
            }
            at = end;
        }
    }

    /// Appends texts; an empty one is missing.
    fn append_texts(&mut self, texts: &Texts) {
        let mut left = texts.iter();
        while left.len() > 0 {
            let some = left.len().min(SEGMENT - self.staged());
            match &mut self.stage {
                StagedValues::Codes(stage) => self.interner.codes(left.clone().take(some), stage),
                StagedValues::Texts(stage) => left.clone().take(some).for_each(|text| stage.push(text)),
                _ => return,
            }
            if self.optional {
                self.present.extend(left.clone().take(some).map(|text| !text.is_empty()));
            }
            if self.staged() == SEGMENT {
                self.seal();
            }
            // Steps over what was taken.
            left.by_ref().take(some).for_each(drop);
        }
    }

    fn staged(&self) -> usize {
        match &self.stage {
            StagedValues::Bools(stage) => stage.len(),
            StagedValues::Numbers(stage) => stage.len(),
            StagedValues::Floats(stage) => stage.len(),
            StagedValues::Codes(stage) => stage.len(),
            StagedValues::Texts(stage) => stage.len(),
        }
    }

    /// Turns what is staged into a segment.
    fn seal(&mut self) {
        let len = self.staged();
        let data = match &mut self.stage {
            StagedValues::Bools(stage) => Data::Bits(Bitmap::new(&std::mem::take(stage))),
            StagedValues::Numbers(stage) => Data::Numbers(Numbers::new(&std::mem::take(stage))),
            StagedValues::Floats(stage) => Data::Floats(std::mem::take(stage).into()),
            StagedValues::Codes(stage) => Data::Codes(Packed::new(std::mem::take(stage).iter().map(|code| u64::from(*code)))),
            StagedValues::Texts(stage) => {
                let texts = TextBlock::new(stage.iter());
                stage.clear();
                Data::Texts(texts)
            }
        };
        let present = std::mem::take(&mut self.present);
        let present = present.contains(&false).then(|| Bitmap::new(&present));
        self.segments.push(Segment { len, present, data });
        if self.kind == FieldType::Text && self.interner.len() >= DICTIONARY_TRIAL {
            let rows = self.segments.len() * SEGMENT;
            if self.interner.len() > rows / 5 * 4 {
                self.drop_dictionary();
            }
        }
    }

    /// Most texts occur once: packs them by themselves from here on, and what was coded so far too.
    fn drop_dictionary(&mut self) {
        for segment in &mut self.segments {
            if let Data::Codes(codes) = &segment.data {
                let codes: Vec<usize> = codes.iter().map(|code| usize::try_from(code).unwrap_or(usize::MAX)).collect();
                segment.data = Data::Texts(TextBlock::new(codes.iter().map(|code| self.interner.get(*code))));
            }
        }
        self.interner = TextInterner::default();
        self.stage = StagedValues::Texts(Texts::default());
    }

    pub(super) fn finish(mut self) -> Column {
        if self.staged() > 0 {
            self.seal();
        }
        if matches!(self.stage, StagedValues::Codes(_)) && self.kind == FieldType::Text && self.is_dictionary_wasted() {
            self.drop_dictionary();
        }
        let dictionary = if self.kind == FieldType::Text { self.interner.finish() } else { Dictionary::default() };
        Column { kind: self.kind, segments: self.segments, names: self.names, dictionary }
    }

    /// Whether nearly every text of a column of some size is distinct.
    fn is_dictionary_wasted(&self) -> bool {
        let rows: usize = self.segments.iter().map(Segment::len).sum();
        rows > 1_000 && self.interner.len() > rows / 5 * 4
    }
}
