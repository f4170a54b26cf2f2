//! Where a mapping contradicts itself: one input that would mean two things.

use std::collections::HashSet;

use super::file::Misstep;
use super::{FieldMapping, FieldSource, Mapping};
use crate::read::Word;
use countersign_core::model::{FieldName, Zone};
use countersign_core::text::normalized;

impl Mapping {
    /// Every input that the mapping gives two meanings.
    pub(super) fn contradictions(&self) -> Vec<Misstep> {
        let ignored: HashSet<&str> = self.ignore.iter().map(String::as_str).collect();
        let mut found = Vec::new();
        for (name, field) in &self.fields {
            let zone = field.zone.or(self.zone).unwrap_or_default();
            found.extend(field.contradictions(name, &self.missing, zone));
            found.extend(field.columns(name).filter(|column| ignored.contains(column)).map(|column| {
                Misstep::new(
                    &["ignore", column],
                    format!("column `{column}` is ignored, and read into field `{name}`"),
                    format!("列 `{column}` 既被忽略，又用于字段 `{name}`"),
                )
                .with_help("remove one of them", "请删除其中一处")
            }));
        }
        found
    }
}

impl FieldMapping {
    /// The columns it is read from.
    pub(crate) fn columns<'a>(&'a self, name: &'a FieldName) -> impl Iterator<Item = &'a str> {
        let columns: Vec<&str> = match &self.source {
            FieldSource::OwnName => vec![name.as_str()],
            FieldSource::Column(column) => vec![column],
            FieldSource::Join { columns, .. } => columns.iter().map(String::as_str).collect(),
            FieldSource::Constant(_) | FieldSource::RowNumber => Vec::new(),
        };
        columns.into_iter()
    }

    /// Every input of the field that has two meanings; `missing` are the file's words for "no value".
    pub(crate) fn contradictions(&self, name: &FieldName, missing: &[String], zone: Zone) -> Vec<Misstep> {
        let own = ["fields", name.as_str()];
        let mut meanings: Vec<Meaning> = Vec::new();
        let missing_path: &[&str] = if self.missing.is_some() { &["fields", name.as_str(), "missing"] } else { &["missing"] };
        let words = |list: &[String], path: &[&str], is: fn(String) -> Is| -> Vec<Meaning> {
            list.iter().map(|word| Meaning::new(word, &[path, &[word]].concat(), is(word.clone()), zone)).collect()
        };
        meanings.extend(words(self.missing.as_deref().unwrap_or(missing), missing_path, |_| Is::Missing));
        if let Some(BoolLists { yes, no }) = self.words.as_ref().map(|words| BoolLists { yes: &words.yes, no: &words.no }) {
            meanings.extend(words(yes, &[&own[..], &["words", "yes"]].concat(), |_| Is::Bool(true)));
            meanings.extend(words(no, &[&own[..], &["words", "no"]].concat(), |_| Is::Bool(false)));
        }
        for (word, value) in &self.values {
            let path = [&own[..], &["values", word]].concat();
            meanings.push(Meaning::new(word, &path, Is::Value(value.clone()), zone));
        }
        for (key, word) in [("default", self.default.as_ref()), ("constant", self.constant())] {
            if let Some(word) = word {
                meanings.push(Meaning::new(word, &[&own[..], &[key, word]].concat(), Is::Given(key), zone));
            }
        }
        let mut found = Vec::new();
        for (at, later) in meanings.iter().enumerate() {
            let earlier = meanings.iter().take(at).find(|earlier| earlier.word.is_same(&later.word) && earlier.is.bars(&later.is));
            found.extend(earlier.map(|earlier| earlier.against(later, name)));
        }
        found
    }

    fn constant(&self) -> Option<&String> {
        match &self.source {
            FieldSource::Constant(text) => Some(text),
            _ => None,
        }
    }
}

struct BoolLists<'a> {
    yes: &'a [String],
    no: &'a [String],
}

/// A word and what it is said to mean.
struct Meaning {
    word: Word,
    path: Vec<String>,
    is: Is,
}

#[derive(PartialEq, Eq)]
enum Is {
    Missing,
    Bool(bool),
    Value(String),
    /// What a cell becomes by that key.
    Given(&'static str),
}

impl Is {
    /// Whether a word cannot mean both.
    fn bars(&self, later: &Self) -> bool {
        match (self, later) {
            // What a default or constant means is told by the words and values.
            (Self::Missing, Self::Given(_)) => true,
            (_, Self::Given(_)) | (Self::Given(_), _) => false,
            (one, other) => one != other,
        }
    }

    fn shown(&self) -> (String, String) {
        match self {
            Self::Missing => ("no value".to_owned(), "缺失".to_owned()),
            Self::Bool(value) => (value.to_string(), value.to_string()),
            Self::Value(value) => (format!("`{value}`"), format!("`{value}`")),
            Self::Given(key) => (format!("the `{key}`"), format!("`{key}` 的值")),
        }
    }
}

impl Meaning {
    fn new(word: &str, path: &[&str], is: Is, zone: Zone) -> Self {
        Self { word: Word::new(&normalized(word), zone), path: path.iter().map(|step| (*step).to_owned()).collect(), is }
    }

    fn against(&self, later: &Self, name: &FieldName) -> Misstep {
        let (one, other) = (self.is.shown(), later.is.shown());
        let path: Vec<&str> = later.path.iter().map(String::as_str).collect();
        let word = &later.word.text;
        let same = if *word == self.word.text { String::new() } else { format!(" (= `{}`)", self.word.text) };
        let misstep = Misstep::new(
            &path,
            format!("`{word}`{same} means two things in field `{name}`: {} and {}", one.0, other.0),
            format!("字段 `{name}` 中 `{word}`{same} 有两种含义：{}与{}", one.1, other.1),
        );
        if self.is == Is::Missing && self.path.len() == 2 {
            return misstep.with_help(
                "give the field its own words for \"no value\": `missing: []`",
                "请为该字段单独指定表示缺失的词：`missing: []`",
            );
        }
        misstep.with_help("remove one of them", "请删除其中一处")
    }
}
