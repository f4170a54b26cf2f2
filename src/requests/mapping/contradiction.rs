//! Where a mapping contradicts itself: one input that would mean two things.

use std::collections::{HashMap, HashSet};

use super::file::MappingFault;
use super::{FieldMapping, FieldSource, Mapping};
use crate::read::{MappedWord, WordKey};
use countersign_core::model::{FieldName, Zone};
use countersign_core::text::normalized;

impl Mapping {
    /// Every input that the mapping gives two meanings.
    pub(super) fn contradictions(&self) -> Vec<MappingFault> {
        let ignored: HashSet<&str> = self.ignore.iter().map(String::as_str).collect();
        let mut found = Vec::new();
        for (name, field) in &self.fields {
            let zone = field.zone.or(self.zone).unwrap_or_default();
            found.extend(field.contradictions(name, &self.missing, zone));
            found.extend(field.columns(name).filter(|column| ignored.contains(column)).map(|column| {
                MappingFault::new(
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
    pub(crate) fn contradictions(&self, name: &FieldName, missing: &[String], zone: Zone) -> Vec<MappingFault> {
        let own = ["fields", name.as_str()];
        let mut meanings: Vec<MappedMeaning> = Vec::new();
        let missing_path: &[&str] = if self.missing.is_some() { &["fields", name.as_str(), "missing"] } else { &["missing"] };
        let words = |list: &[String], path: &[&str], is: fn(String) -> WordMeaning| -> Vec<MappedMeaning> {
            list.iter().map(|word| MappedMeaning::new(word, &[path, &[word]].concat(), is(word.clone()), zone)).collect()
        };
        meanings.extend(words(self.missing.as_deref().unwrap_or(missing), missing_path, |_| WordMeaning::Missing));
        if let Some(BoolLists { yes, no }) = self.words.as_ref().map(|words| BoolLists { yes: &words.yes, no: &words.no }) {
            meanings.extend(words(yes, &[&own[..], &["words", "yes"]].concat(), |_| WordMeaning::Bool(true)));
            meanings.extend(words(no, &[&own[..], &["words", "no"]].concat(), |_| WordMeaning::Bool(false)));
        }
        for (word, value) in &self.values {
            let path = [&own[..], &["values", word]].concat();
            meanings.push(MappedMeaning::new(word, &path, WordMeaning::Value(value.clone()), zone));
        }
        for (key, word) in [("default", self.default.as_ref()), ("constant", self.constant())] {
            if let Some(word) = word {
                meanings.push(MappedMeaning::new(word, &[&own[..], &[key, word]].concat(), WordMeaning::RawValue(key), zone));
            }
        }
        let mut found = Vec::new();
        // The first meanings of each word: one, and one that differs from it.
        let mut earlier: HashMap<WordKey<'_>, Vec<usize>> = HashMap::new();
        for (at, later) in meanings.iter().enumerate() {
            let mut first: Option<usize> = None;
            for key in later.word.keys() {
                let held = earlier.entry(key).or_default();
                let differs = |one: &&usize| meanings.get(**one).is_some_and(|one| one.is.bars(&later.is));
                first = first.into_iter().chain(held.iter().find(differs).copied()).min();
                let is_new = !matches!(later.is, WordMeaning::RawValue(_))
                    && held.len() < 2
                    && held.iter().all(|one| meanings.get(*one).is_some_and(|one| one.is != later.is));
                if is_new {
                    held.push(at);
                }
            }
            found.extend(first.and_then(|at| meanings.get(at)).map(|earlier| earlier.against(later, name)));
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

/// A word and one of its meanings.
struct MappedMeaning {
    word: MappedWord,
    path: Vec<String>,
    is: WordMeaning,
}

#[derive(PartialEq, Eq)]
enum WordMeaning {
    Missing,
    Bool(bool),
    Value(String),
    /// What a cell becomes by that key.
    RawValue(&'static str),
}

impl WordMeaning {
    /// Whether a word cannot mean both.
    fn bars(&self, later: &Self) -> bool {
        match (self, later) {
            // A default or constant is itself read by the words and values.
            (Self::Missing, Self::RawValue(_)) => true,
            (_, Self::RawValue(_)) | (Self::RawValue(_), _) => false,
            (one, other) => one != other,
        }
    }

    fn shown(&self) -> (String, String) {
        match self {
            Self::Missing => ("no value".to_owned(), "缺失".to_owned()),
            Self::Bool(value) => (value.to_string(), value.to_string()),
            Self::Value(value) => (format!("`{value}`"), format!("`{value}`")),
            Self::RawValue(key) => (format!("the `{key}`"), format!("`{key}` 的值")),
        }
    }
}

impl MappedMeaning {
    fn new(word: &str, path: &[&str], is: WordMeaning, zone: Zone) -> Self {
        Self { word: MappedWord::new(&normalized(word), zone), path: path.iter().map(|step| (*step).to_owned()).collect(), is }
    }

    fn against(&self, later: &Self, name: &FieldName) -> MappingFault {
        let (one, other) = (self.is.shown(), later.is.shown());
        let path: Vec<&str> = later.path.iter().map(String::as_str).collect();
        let word = &later.word.text;
        let same = if *word == self.word.text { String::new() } else { format!(" (= `{}`)", self.word.text) };
        let misstep = MappingFault::new(
            &path,
            format!("`{word}`{same} means two things in field `{name}`: {} and {}", one.0, other.0),
            format!("字段 `{name}` 中 `{word}`{same} 有两种含义：{}与{}", one.1, other.1),
        );
        if self.is == WordMeaning::Missing && self.path.len() == 2 {
            return misstep.with_help(
                "give the field its own words for \"no value\": `missing: []`",
                "请为该字段单独指定表示缺失的词：`missing: []`",
            );
        }
        misstep.with_help("remove one of them", "请删除其中一处")
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn long_lists_are_compared_in_linear_time() {
        let words: Vec<String> = (0..100_000).map(|at| format!("word {at}")).collect();
        let numbers: Vec<String> = (0..100_000).map(|at| format!("{at}.0")).collect();
        let values = |words: &[String]| words.iter().map(|word| (word.clone(), "x".to_owned())).collect();
        let own = FieldMapping::default;
        let cases = [
            (FieldMapping { missing: Some(words.clone()), values: values(&numbers), ..own() }, 0),
            (FieldMapping { missing: Some(words.clone()), values: values(&words), ..own() }, 100_000),
            (
                FieldMapping { missing: Some((0..100_000).map(|at| at.to_string()).collect()), values: values(&numbers), ..own() },
                100_000,
            ),
            (FieldMapping { missing: Some(vec!["1".to_owned(); 100_000]), default: Some("1".to_owned()), ..own() }, 1),
            (FieldMapping { missing: Some(Vec::new()), values: values(&words), default: Some("word 1".to_owned()), ..own() }, 0),
        ];
        for (at, (field, wanted)) in cases.into_iter().enumerate() {
            let start = Instant::now();
            let found = field.contradictions(&FieldName::new("a.b").unwrap(), &[], Zone::default());
            assert_eq!(found.len(), wanted, "case {at}");
            assert!(start.elapsed() < Duration::from_secs(20), "case {at}: {:?}", start.elapsed());
        }
    }
}
