//! The requests table: its columns, and what a cell shows. Personal values are masked wherever they are shown or copied.

use std::ops::Range;

use super::mask;
use crate::Session;
use crate::jobs::impact::Impact;
use crate::jobs::request_filter::RequestOrder;
use crate::view::{RequestColumn, ShownColumn};
use countersign_core::model::{Decision, Field, FieldIndex, FieldName, FieldType, Schema, Value, Verdict};
use countersign_core::text::{Cells, Language, LocalText};
use countersign_requests::Table;
use countersign_run::Run;

/// At most so many rows are copied at once.
pub const MOST_COPIED: usize = 10_000;

#[derive(Clone, Debug, PartialEq)]
pub struct ColumnHeading {
    pub column: RequestColumn,
    pub title: LocalText,
    /// Its name in scripts, for fields; otherwise what the column means.
    pub hover: LocalText,
    /// Whether its cells are numbers, to be set right.
    pub is_number: bool,
    /// In points.
    pub width: f32,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestCell {
    /// The text, masked where it is personal.
    pub text: String,
    /// The verdict, where the cell is one.
    pub verdict: Option<Verdict>,
    pub is_missing: bool,
}

/// Reads cells; made once a frame.
pub struct RequestRows<'a> {
    table: &'a Table,
    impact: Option<&'a Impact>,
    order: Option<&'a RequestOrder>,
    /// The heads of the shown columns with their fields.
    columns: Vec<(ColumnHeading, Option<FieldIndex>)>,
    language: Language,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyAs {
    Csv,
    Json,
}

impl<'a> RequestRows<'a> {
    /// Of the session's requests; none where none are loaded.
    pub fn new(session: &'a Session) -> Option<Self> {
        let requests = session.requests()?;
        let table = requests.table.as_ref();
        let shown = &session.view().requests.columns;
        let shown = if shown.is_empty() { suggested(table.schema()) } else { shown.clone() };
        let column = |shown: ShownColumn| {
            let field = match &shown.column {
                RequestColumn::Field(name) => table.schema().find(name.as_str()).map(|(index, _)| index),
                _ => None,
            };
            (head(table.schema(), shown), field)
        };
        Some(Self {
            table,
            impact: session.impact().value.map(AsRef::as_ref),
            order: session.request_order().value.map(AsRef::as_ref),
            columns: shown.into_iter().map(column).collect(),
            language: session.preferences().language,
        })
    }

    pub fn len(&self) -> usize {
        self.order.map_or(self.table.len(), |order| order.count)
    }

    /// Whether none is listed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The columns in order.
    pub fn heads(&self) -> impl Iterator<Item = &ColumnHeading> {
        self.columns.iter().map(|(head, _)| head)
    }

    /// The table's row at a position of the list.
    pub fn row(&self, at: usize) -> Option<u32> {
        self.order.map_or_else(|| u32::try_from(at).ok().filter(|_| at < self.table.len()), |order| order.row(at))
    }

    /// What a cell shows: a position of the list, a position of the columns.
    pub fn cell(&self, at: usize, column: usize) -> RequestCell {
        let (Some(row), Some((head, field))) = (self.row(at), self.columns.get(column)) else { return RequestCell::default() };
        self.cell_of(row as usize, &head.column, *field)
    }

    fn cell_of(&self, row: usize, column: &RequestColumn, field: Option<FieldIndex>) -> RequestCell {
        match column {
            RequestColumn::Field(_) => field.map_or_else(RequestCell::default, |field| self.value(row, field)),
            RequestColumn::OldVerdict => {
                self.impact.and_then(|impact| impact.old.as_ref()).map_or_else(RequestCell::default, |old| self.verdict(old, row))
            }
            _ => self.impact.map_or_else(RequestCell::default, |impact| self.decided(&impact.new, row, column)),
        }
    }

    fn value(&self, row: usize, index: FieldIndex) -> RequestCell {
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
        RequestCell { text, verdict: None, is_missing }
    }

    fn verdict(&self, run: &Run, row: usize) -> RequestCell {
        let verdict = run.verdict(row);
        let text = verdict.map(|verdict| verdict.text().get(self.language).to_owned());
        RequestCell { text: text.unwrap_or_default(), verdict, is_missing: verdict.is_none() }
    }

    fn decided(&self, run: &Run, row: usize, column: &RequestColumn) -> RequestCell {
        if matches!(column, RequestColumn::Verdict) {
            return self.verdict(run, row);
        }
        let Some(decision) = run.decisions().decision(row) else { return RequestCell::default() };
        let text = text_of(run, &decision, column, self.language);
        RequestCell { is_missing: text.is_empty(), text, verdict: None }
    }

    /// Listed requests as text for other programs, masked like on the screen; at most [`MOST_COPIED`].
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

fn text_of(run: &Run, decision: &Decision, column: &RequestColumn, language: Language) -> String {
    let rules = &run.engine().definition().rule_set;
    let joined = |names: Vec<&str>| names.join(if language == Language::Zh { "、" } else { ", " });
    match column {
        RequestColumn::Interface => {
            let found = decision.interface.and_then(|interface| rules.interfaces.get_index(interface.at()));
            found.map(|(id, interface)| named(&interface.title, id.as_str(), language).to_owned()).unwrap_or_default()
        }
        RequestColumn::Reasons => {
            let mut codes: Vec<&str> = decision
                .reasons
                .iter()
                .filter_map(|given| rules.reasons.get_index(given.reason.at()))
                .map(|(id, _)| id.as_str())
                .collect();
            codes.dedup();
            joined(codes)
        }
        RequestColumn::Score => decision.score.to_string(),
        RequestColumn::Hits => {
            let hits = decision.hits.iter().chain(&decision.shadow_hits);
            joined(hits.filter_map(|rule| rules.rule(*rule)).map(|rule| rule.id.as_str()).collect())
        }
        RequestColumn::Field(_) | RequestColumn::Verdict | RequestColumn::OldVerdict => String::new(),
    }
}

fn named<'a>(title: &'a LocalText, id: &'a str, language: Language) -> &'a str {
    let title = title.get(language);
    if title.is_empty() { id } else { title }
}

/// A column's name in copied text.
fn name(column: &RequestColumn) -> String {
    match column {
        RequestColumn::Field(name) => name.to_string(),
        RequestColumn::Verdict => "verdict".to_owned(),
        RequestColumn::OldVerdict => "verdict_before".to_owned(),
        RequestColumn::Interface => "interface".to_owned(),
        RequestColumn::Reasons => "reasons".to_owned(),
        RequestColumn::Score => "score".to_owned(),
        RequestColumn::Hits => "hits".to_owned(),
    }
}

/// Every column there is: those of decisions first, then the schema's fields.
pub fn all_columns(schema: &Schema) -> Vec<ColumnHeading> {
    let decided = [
        RequestColumn::Verdict,
        RequestColumn::OldVerdict,
        RequestColumn::Interface,
        RequestColumn::Reasons,
        RequestColumn::Score,
        RequestColumn::Hits,
    ];
    let fields = schema.fields().filter_map(|(_, name, _)| FieldName::new(name).ok()).map(RequestColumn::Field);
    let shown = |column: RequestColumn| ShownColumn { width: width(schema, &column), column };
    decided.into_iter().chain(fields).map(|column| head(schema, shown(column))).collect()
}

/// What is shown before anyone chose: key, time, what is decided, the amount, and a few short fields.
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
    let mut columns: Vec<RequestColumn> = names.into_iter().map(RequestColumn::Field).collect();
    let after_time = columns.len().min(2);
    columns.splice(after_time..after_time, [RequestColumn::Verdict, RequestColumn::Interface, RequestColumn::Reasons]);
    columns.into_iter().map(|column| ShownColumn { width: width(schema, &column), column }).collect()
}

/// The width a column starts with, in points: most titles and values fit, and none takes more than its share.
fn width(schema: &Schema, column: &RequestColumn) -> f32 {
    match column {
        RequestColumn::Verdict | RequestColumn::OldVerdict => 110.0,
        RequestColumn::Interface => 130.0,
        RequestColumn::Reasons | RequestColumn::Hits => 220.0,
        RequestColumn::Score => 70.0,
        RequestColumn::Field(name) if *name == schema.roles.key => 272.0,
        RequestColumn::Field(name) => schema.find(name.as_str()).map_or(100.0, |(_, field)| field_width(field)),
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

fn head(schema: &Schema, shown: ShownColumn) -> ColumnHeading {
    let (title, hover, is_number) = match &shown.column {
        RequestColumn::Verdict => plain(("Verdict", "结论"), ("the draft's verdict", "草稿的结论"), false),
        RequestColumn::OldVerdict => plain(("Before", "原决策"), ("the verdict of what is compared with", "对比基准的决策"), false),
        RequestColumn::Interface => plain(("Routed to", "路由至"), ("the interface the draft chooses", "草稿选择的接口"), false),
        RequestColumn::Reasons => plain(("Reasons", "原因"), ("the reasons of the verdict", "决策的原因码"), false),
        RequestColumn::Score => plain(("Score", "评分"), ("the sum of all scores", "评分合计"), true),
        RequestColumn::Hits => plain(("Hits", "命中规则"), ("the rules that hit, shadows last", "命中的规则，影子规则在后"), false),
        RequestColumn::Field(name) => match schema.find(name.as_str()) {
            Some((index, field)) => {
                let is_number = field.kind.spec().is_quantity && !schema.is_identifier(index);
                (
                    short_title(field),
                    LocalText::new(format!("{name}: {}", field.text.en), format!("{name}：{}", field.text.zh)),
                    is_number,
                )
            }
            None => (LocalText::same(name.as_str()), LocalText::same(name.as_str()), false),
        },
    };
    ColumnHeading { column: shown.column, title, hover, is_number, width: shown.width }
}

/// A field's text up to its first stop, with its unit: what follows explains, and is in the hover text.
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
