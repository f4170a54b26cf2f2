//! How the columns of a foreign file become the schema's fields, while a person looks at it: the first rows, a mapping that is corrected,
//! and what it would change.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::jobs::mapping::{MappingTrial, ReadFirstRows, TryMapping};
use super::{Session, mappings};
use countersign_core::model::{FieldName, Schema};
use countersign_core::text::LocalText;
use countersign_requests::mapping::{FieldMapping, FieldSource};
use countersign_requests::read::{FirstRows, guess};
use countersign_requests::{Mapping, TextFormOverrides, encoding_named};
use countersign_workspace::InputRequest;

/// How many of the first rows are tried.
pub const TRIED_ROWS: usize = 1_000;

#[derive(Clone, Debug)]
pub struct Mapper {
    pub path: PathBuf,
    /// How its bytes are understood, where a person said so.
    pub read_as: TextFormOverrides,
    /// Its first rows as texts.
    pub first: Arc<FirstRows>,
    /// The mapping as it is now.
    pub mapping: Mapping,
    /// Why it was asked for: what keeps the file from being read as it is.
    pub why: Option<LocalText>,
}

impl Mapper {
    /// The field a column feeds as the only one, or as a part of one.
    pub fn field_of(&self, column: &str, schema: &Schema) -> Option<FieldName> {
        let feeds = |source: &FieldSource, name: &FieldName| match source {
            FieldSource::OwnName => name.as_str() == column,
            FieldSource::Column(own) => own == column,
            FieldSource::Join { columns, .. } => columns.iter().any(|own| own == column),
            FieldSource::Constant(_) | FieldSource::RowNumber => false,
        };
        let mapped = self.mapping.fields.iter().find(|(name, field)| feeds(&field.source, name)).map(|(name, _)| name.clone());
        let by_name = || {
            let is_own = schema.find(column).is_some() && !self.mapping.ignore.iter().any(|own| own == column);
            FieldName::new(column).ok().filter(|name| is_own && !self.mapping.fields.contains_key(name))
        };
        mapped.or_else(by_name)
    }

    /// The fields that no column feeds, with the constant they have, if any; required ones first.
    pub fn unfed(&self, schema: &Schema) -> Vec<(FieldName, bool, Option<String>)> {
        let fed: Vec<FieldName> = self.first.columns.iter().filter_map(|column| self.field_of(column, schema)).collect();
        let all = schema.fields().filter_map(|(_, name, field)| Some((FieldName::new(&name).ok()?, field.optional)));
        let mut unfed: Vec<_> = all
            .filter(|(name, _)| !fed.contains(name))
            .map(|(name, optional)| {
                let constant = self.mapping.fields.get(&name).and_then(|field| match &field.source {
                    FieldSource::Constant(text) => Some(text.clone()),
                    _ => None,
                });
                (name, optional, constant)
            })
            .collect();
        unfed.sort_by_key(|(_, optional, _)| *optional);
        unfed
    }

    /// Lets a column feed a field, or nothing. Whatever fed the field before is left out.
    pub(super) fn assign(&mut self, column: &str, to: Option<FieldName>, schema: &Schema) {
        if let Some(before) = self.field_of(column, schema) {
            self.mapping.fields.shift_remove(&before);
        }
        self.mapping.ignore.retain(|own| own != column);
        let Some(name) = to else {
            self.mapping.ignore.push(column.to_owned());
            return;
        };
        let last = self.first.columns.iter().find(|own| self.field_of(own, schema).as_ref() == Some(&name)).cloned();
        if let Some(last) = last.filter(|last| last != column) {
            self.mapping.ignore.push(last);
        }
        let at = self.first.columns.iter().position(|own| own == column).unwrap_or(usize::MAX);
        let how = schema.find(name.as_str()).map(|(_, field)| guess::how(field, column, self.first.column(at))).unwrap_or_default();
        let source = if name.as_str() == column { FieldSource::OwnName } else { FieldSource::Column(column.to_owned()) };
        self.mapping.fields.insert(name, FieldMapping { source, ..how });
    }

    /// Gives a field the same text in every row, or none.
    pub(super) fn constant(&mut self, field: FieldName, text: Option<String>) {
        match text.filter(|text| !text.is_empty()) {
            None => drop(self.mapping.fields.shift_remove(&field)),
            Some(text) => {
                let source = FieldSource::Constant(text);
                self.mapping.fields.insert(field, FieldMapping { source, ..FieldMapping::default() });
            }
        }
    }

    /// Another way of reading a field's cells; where they come from stays.
    pub(super) fn how(&mut self, field: FieldName, how: FieldMapping) {
        let source = self.mapping.fields.get(&field).map(|held| held.source.clone()).unwrap_or_default();
        self.mapping.fields.insert(field, FieldMapping { source, ..how });
    }
}

impl Session {
    /// The mapping being made, if any.
    pub fn mapper(&self) -> Option<&Mapper> {
        self.requests.mapper()
    }

    /// What the mapping being made does to the first rows.
    pub fn mapping_trial(&self) -> Option<&MappingTrial> {
        self.requests.tried()
    }

    /// Reads the first rows of a file and guesses what its columns are.
    pub(super) fn map_requests(&mut self, asked: InputRequest, why: Option<LocalText>) {
        self.begin_mapping(asked, why, None);
    }

    /// Reads the first rows of a file and takes the mapping it was read by; without one its columns are guessed.
    pub(super) fn map_again(&mut self, path: &Path, held: Option<Mapping>, why: Option<LocalText>) {
        let read_as = held.as_ref().map_or_else(TextFormOverrides::default, |held| TextFormOverrides {
            delimiter: held.delimiter,
            encoding: held.encoding.as_deref().and_then(encoding_named),
            sheet: held.sheet.clone(),
        });
        self.begin_mapping(InputRequest { read_as, ..InputRequest::of(path) }, why, held);
    }

    fn begin_mapping(&mut self, asked: InputRequest, why: Option<LocalText>, mapping: Option<Mapping>) {
        let definition = Arc::clone(self.document.definition());
        self.start(ReadFirstRows { files: self.files(), asked, definition, mapping, why });
    }

    /// Takes the first rows, or a mapping that was changed, and tries it.
    pub(super) fn try_mapping(&mut self, mapper: Mapper) {
        self.requests.set_mapper(mapper.clone());
        let definition = Arc::clone(self.document.definition());
        self.start(TryMapping { files: self.files(), mapper, definition });
    }

    /// Reads the whole file by the mapping; kept in the workspace where it gets a name.
    pub(super) fn accept_mapping(&mut self, keep_as: Option<String>) -> Result<(), LocalText> {
        let nothing = || LocalText::new("no mapping is being made", "没有正在编辑的映射");
        let mapper = self.requests.mapper().cloned().ok_or_else(nothing)?;
        let text = mapper.mapping.to_ron();
        if let Some(name) = &keep_as {
            self.keep_mapping(name, &text)?;
        }
        self.requests.close_mapper();
        self.requests.queue(mapper.path, keep_as, Some(text));
        Ok(())
    }

    /// Puts a mapping among those of the workspace.
    fn keep_mapping(&mut self, name: &str, text: &str) -> Result<(), LocalText> {
        if !mappings::is_name(name) {
            return Err(LocalText::new(
                format!("`{name}` cannot be a mapping's name: use letters, digits, `-` and `_`"),
                format!("`{name}` 不能作为映射名称：请使用字母、数字、`-` 和 `_`"),
            ));
        }
        let (name, text) = (name.to_owned(), text.to_owned());
        self.edit(move |draft| {
            let mut draft = draft.clone();
            Arc::make_mut(&mut draft.mappings).insert(name.clone(), text);
            let label = LocalText::new(format!("keep mapping `{name}`"), format!("保存映射 `{name}`"));
            Ok(super::history::DraftEdit { draft, label, joins: None })
        })
    }
}
