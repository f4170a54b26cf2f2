//! The requests table: its columns, and what stands in a cell. Personal values are masked wherever they are shown or copied.

use std::ops::Range;

use super::mask;
use crate::Session;
use crate::deciding::Impact;
use crate::order::Order;
use crate::view::{Column, ShownColumn};
use countersign_core::model::{Decision, Field, FieldIndex, FieldName, FieldType, Schema, Value, Verdict};
use countersign_core::text::{Cells, Language, LocalText};
use countersign_requests::Table;
use countersign_run::Backtest;

/// At most so many rows are copied at once.
pub const MOST_COPIED: usize = 10_000;

/// A column's head.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// What it shows.
    pub column: Column,
    /// Its name for people.
    pub title: LocalText,
    /// Its name in scripts, for fields; otherwise what the column means.
    pub hover: LocalText,
    /// Whether its cells are numbers, to be set right.
    pub is_number: bool,
    /// In points.
    pub width: f32,
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The text, masked where it is personal.
    pub text: String,
    /// The verdict, where the cell is one.
    pub verdict: Option<Verdict>,
    /// Whether the field is missing.
    pub is_missing: bool,
}

/// Reads cells; made once a frame.
pub struct Reader<'a> {
    table: &'a Table,
    impact: Option<&'a Impact>,
    order: Option<&'a Order>,
    /// The heads of the shown columns with their fields.
    columns: Vec<(Head, Option<FieldIndex>)>,
    language: Language,
}

/// What is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyAs {
    /// With a header, comma-separated.
    Csv,
    /// One array of objects.
    Json,
}

impl<'a> Reader<'a> {
    /// Of the session's requests; none where none are loaded.
    #[must_use]
    pub fn new(session: &'a Session) -> Option<Self> {
        let requests = session.requests()?;
        let table = requests.table.as_ref();
        let shown = &session.view().requests.columns;
        let shown = if shown.is_empty() { suggested(table.schema()) } else { shown.clone() };
        let column = |shown: ShownColumn| {
            let field = match &shown.column {
                Column::Field(name) => table.schema().find(name.as_str()).map(|(index, _)| index),
                _ => None,
            };
            (head(table.schema(), shown), field)
        };
        Some(Self {
            table,
            impact: session.impact().value.map(AsRef::as_ref),
            order: session.order().value.map(AsRef::as_ref),
            columns: shown.into_iter().map(column).collect(),
            language: session.preferences().language,
        })
    }

    /// How many requests are listed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.map_or(self.table.len(), |order| order.count)
    }

    /// Whether none is listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The columns in order.
    pub fn heads(&self) -> impl Iterator<Item = &Head> {
        self.columns.iter().map(|(head, _)| head)
    }

    /// The table's row at a position of the list.
    #[must_use]
    pub fn row(&self, at: usize) -> Option<u32> {
        self.order.map_or_else(|| u32::try_from(at).ok().filter(|_| at < self.table.len()), |order| order.row(at))
    }

    /// What stands in a cell: a position of the list, a position of the columns.
    #[must_use]
    pub fn cell(&self, at: usize, column: usize) -> Cell {
        let (Some(row), Some((head, field))) = (self.row(at), self.columns.get(column)) else { return Cell::default() };
        self.cell_of(row as usize, &head.column, *field)
    }

    fn cell_of(&self, row: usize, column: &Column, field: Option<FieldIndex>) -> Cell {
        match column {
            Column::Field(_) => field.map_or_else(Cell::default, |field| self.value(row, field)),
            Column::OldVerdict => {
                self.impact.and_then(|impact| impact.old.as_ref()).map_or_else(Cell::default, |old| self.verdict(old, row))
            }
            _ => self.impact.map_or_else(Cell::default, |impact| self.decided(&impact.new, row, column)),
        }
    }

    fn value(&self, row: usize, index: FieldIndex) -> Cell {
        let schema = self.table.schema();
        let value = self.table.value(row, index);
        let is_missing = value == Value::Missing;
        let text = schema.field(index).map_or_else(String::new, |field| match (&field.kind, &value) {
            _ if field.personal => mask::shown(field, &value, schema.zone),
            (FieldType::Enum(values), Value::Text(text)) => {
                let named = values.values.get(text.as_ref()).map(|both| both.get(self.language)).filter(|name| !name.is_empty());
                named.unwrap_or(text).to_owned()
            }
            (FieldType::Int, value) if schema.is_identifier(index) => value.show(schema.zone),
            (_, value) => super::figures::value(value, schema.zone),
        });
        Cell { text, verdict: None, is_missing }
    }

    fn verdict(&self, run: &Backtest, row: usize) -> Cell {
        let verdict = run.verdict(row);
        let text = verdict.map(|verdict| verdict.text().get(self.language).to_owned());
        Cell { text: text.unwrap_or_default(), verdict, is_missing: verdict.is_none() }
    }

    fn decided(&self, run: &Backtest, row: usize, column: &Column) -> Cell {
        if matches!(column, Column::Verdict) {
            return self.verdict(run, row);
        }
        let Some(decision) = run.decisions().decision(row) else { return Cell::default() };
        let text = text_of(run, &decision, column, self.language);
        Cell { is_missing: text.is_empty(), text, verdict: None }
    }

    /// Listed requests as text for other programs, masked like on the screen; at most [`MOST_COPIED`].
    #[must_use]
    pub fn copy(&self, listed: Range<usize>, how: CopyAs) -> String {
        let rows = listed.start..listed.end.min(self.len()).min(listed.start.saturating_add(MOST_COPIED));
        match how {
            CopyAs::Csv => self.csv(rows),
            CopyAs::Json => self.json(rows),
        }
    }

    fn csv(&self, rows: Range<usize>) -> String {
        let line = |cells: Vec<String>| Cells::Guarded.line(cells.iter().map(String::as_str));
        let mut text = line(self.heads().map(|head| name(&head.column)).collect());
        for at in rows {
            text.push_str(&line((0..self.columns.len()).map(|column| self.cell(at, column).text).collect()));
        }
        text
    }

    fn json(&self, rows: Range<usize>) -> String {
        let object = |at: usize| {
            let cell = |column: usize| {
                let cell = self.cell(at, column);
                if cell.is_missing { serde_json::Value::Null } else { cell.text.into() }
            };
            let pairs = self.heads().enumerate().map(|(column, head)| (name(&head.column), cell(column)));
            serde_json::Value::Object(pairs.collect())
        };
        let all: Vec<serde_json::Value> = rows.map(object).collect();
        format!("{:#}\n", serde_json::Value::Array(all))
    }
}

fn text_of(run: &Backtest, decision: &Decision, column: &Column, language: Language) -> String {
    let rules = &run.engine().definition().rule_set;
    let joined = |names: Vec<&str>| names.join(if language == Language::Zh { "、" } else { ", " });
    match column {
        Column::Interface => {
            let found = decision.interface.and_then(|interface| rules.interfaces.get_index(interface.at()));
            found.map(|(id, interface)| named(&interface.title, id.as_str(), language).to_owned()).unwrap_or_default()
        }
        Column::Reasons => {
            let mut codes: Vec<&str> = decision
                .reasons
                .iter()
                .filter_map(|given| rules.reasons.get_index(given.reason.at()))
                .map(|(id, _)| id.as_str())
                .collect();
            codes.dedup();
            joined(codes)
        }
        Column::Score => decision.score.to_string(),
        Column::Hits => {
            let hits = decision.hits.iter().chain(&decision.shadow_hits);
            joined(hits.filter_map(|rule| rules.rule(*rule)).map(|rule| rule.id.as_str()).collect())
        }
        Column::Field(_) | Column::Verdict | Column::OldVerdict => String::new(),
    }
}

fn named<'a>(title: &'a LocalText, id: &'a str, language: Language) -> &'a str {
    let title = title.get(language);
    if title.is_empty() { id } else { title }
}

/// A column's name in copied text.
fn name(column: &Column) -> String {
    match column {
        Column::Field(name) => name.to_string(),
        Column::Verdict => "verdict".to_owned(),
        Column::OldVerdict => "verdict_before".to_owned(),
        Column::Interface => "interface".to_owned(),
        Column::Reasons => "reasons".to_owned(),
        Column::Score => "score".to_owned(),
        Column::Hits => "hits".to_owned(),
    }
}

/// Every column there is: those of decisions first, then the schema's fields.
#[must_use]
pub fn all_columns(schema: &Schema) -> Vec<Head> {
    let decided = [Column::Verdict, Column::OldVerdict, Column::Interface, Column::Reasons, Column::Score, Column::Hits];
    let fields = schema.fields().filter_map(|(_, name, _)| FieldName::new(name).ok()).map(Column::Field);
    let shown = |column: Column| ShownColumn { width: width(schema, &column), column };
    decided.into_iter().chain(fields).map(|column| head(schema, shown(column))).collect()
}

/// What is shown before anyone chose: key, time, what is decided, the amount, and a few short fields.
#[must_use]
pub fn suggested(schema: &Schema) -> Vec<ShownColumn> {
    let roles = &schema.roles;
    let mut names = vec![roles.key.clone(), roles.time.clone()];
    let enums = schema.fields().filter(|(_, _, field)| matches!(field.kind, FieldType::Enum(_)) && !field.optional);
    let enums = enums.filter_map(|(_, name, _)| FieldName::new(name).ok());
    let mut extra: Vec<FieldName> = roles.interface.iter().cloned().chain(roles.amount.clone()).collect();
    extra.extend(enums.take(4));
    for name in extra {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut columns: Vec<Column> = names.into_iter().map(Column::Field).collect();
    let after_time = columns.len().min(2);
    columns.splice(after_time..after_time, [Column::Verdict, Column::Interface, Column::Reasons]);
    columns.into_iter().map(|column| ShownColumn { width: width(schema, &column), column }).collect()
}

/// The width a column starts with, in points: most titles and values fit, and none takes more than its share.
fn width(schema: &Schema, column: &Column) -> f32 {
    match column {
        Column::Verdict | Column::OldVerdict => 110.0,
        Column::Interface => 130.0,
        Column::Reasons | Column::Hits => 220.0,
        Column::Score => 70.0,
        Column::Field(name) if *name == schema.roles.key => 230.0,
        Column::Field(name) => schema.find(name.as_str()).map_or(100.0, |(_, field)| field_width(field)),
    }
}

fn field_width(field: &Field) -> f32 {
    let least = match &field.kind {
        FieldType::Time => 180.0,
        FieldType::Text => 140.0,
        FieldType::Bool => 70.0,
        FieldType::Enum(values) => room(values.values.values().map(|text| text.en.as_str()), 6.8),
        _ => 100.0,
    };
    // Titles are written smaller than values.
    room([short_title(field).en.as_str()].into_iter(), 6.0).max(least).min(180.0)
}

/// The room that the longest of some texts takes in points, at so many a character.
fn room<'t>(texts: impl Iterator<Item = &'t str>, character: f32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of characters")]
    let longest = texts.map(|text| text.chars().count()).max().unwrap_or(0) as f32;
    longest * character + 16.0
}

fn head(schema: &Schema, shown: ShownColumn) -> Head {
    let (title, hover, is_number) = match &shown.column {
        Column::Verdict => plain(("Verdict", "结论"), ("the draft's verdict", "草稿的结论"), false),
        Column::OldVerdict => plain(("Before", "原决策"), ("the verdict of what is compared with", "对比基准的决策"), false),
        Column::Interface => plain(("Routed to", "路由至"), ("the interface the draft chooses", "草稿选择的接口"), false),
        Column::Reasons => plain(("Reasons", "原因"), ("the reasons of the verdict", "决策的原因码"), false),
        Column::Score => plain(("Score", "评分"), ("the sum of all scores", "评分合计"), true),
        Column::Hits => plain(("Hits", "命中规则"), ("the rules that hit, shadows last", "命中的规则，影子规则在后"), false),
        Column::Field(name) => match schema.find(name.as_str()) {
            Some((index, field)) => {
                let is_number = matches!(field.kind, FieldType::Int | FieldType::Money | FieldType::Float);
                let is_number = is_number && !schema.is_identifier(index);
                (
                    short_title(field),
                    LocalText::new(format!("{name}: {}", field.text.en), format!("{name}：{}", field.text.zh)),
                    is_number,
                )
            }
            None => (LocalText::same(name.as_str()), LocalText::same(name.as_str()), false),
        },
    };
    Head { column: shown.column, title, hover, is_number, width: shown.width }
}

/// A field's text up to its first stop, with its unit: what follows explains, and stands in the hover text.
fn short_title(field: &Field) -> LocalText {
    let short = |text: &str| text.split([':', ';', ',', '：', '；', '，']).next().unwrap_or(text).trim().to_owned();
    let (en, zh) = (short(&field.text.en), short(&field.text.zh));
    match &field.unit {
        Some(unit) => LocalText::new(format!("{en} ({})", unit.en), format!("{zh}（{}）", unit.zh)),
        None => LocalText::new(en, zh),
    }
}

fn plain(title: (&str, &str), hover: (&str, &str), is_number: bool) -> (LocalText, LocalText, bool) {
    (LocalText::new(title.0, title.1), LocalText::new(hover.0, hover.1), is_number)
}
