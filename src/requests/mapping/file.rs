//! The mapping's file: hand-written mirrors of the model, read and written as RON. Unknown names in it are refused.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{BoolWords, FieldMapping, FieldSource, Mapping, MoneyUnit, TimeFormat};
use crate::model::{FieldName, Zone};
use crate::text::{LineColumn, LocalText};

/// The format number of mapping files.
const FORMAT: u32 = 1;

/// Why a text is not a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingError {
    /// Where in the text it was noticed.
    pub place: Option<LineColumn>,
    /// What is wrong.
    pub message: LocalText,
    /// What the RON reader said, where the text is not of a mapping's form.
    pub form: Option<Box<ron::error::SpannedError>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Mapping")]
struct MappingFile {
    format: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delimiter: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<Zone>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    missing: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ignore: Vec<String>,
    #[serde(default)]
    fields: IndexMap<FieldName, FieldFile>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Field")]
struct FieldFile {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    join: Option<JoinFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    constant: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    money: Option<MoneyFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time: Option<TimeFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<Zone>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    words: Option<WordsFile>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    values: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Join")]
struct JoinFile {
    columns: Vec<String>,
    separator: String,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename = "Money")]
enum MoneyFile {
    Yuan,
    Fen,
    Cny,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Time")]
enum TimeFile {
    Pattern(String),
    Seconds,
    Milliseconds,
    Microseconds,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Words")]
struct WordsFile {
    yes: Vec<String>,
    no: Vec<String>,
}

fn options() -> ron::Options {
    ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// What is wrong and where; the caller knows the file's name.
    pub fn from_ron(text: &str) -> Result<Self, MappingError> {
        let file: MappingFile = options().from_str(text).map_err(|error| {
            let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let place = LineColumn { line: count(error.span.start.line), column: count(error.span.start.col) };
            MappingError { place: Some(place), message: LocalText::same(error.code.to_string()), form: Some(Box::new(error)) }
        })?;
        if file.format != FORMAT {
            return Err(wrong(
                format!("mapping format {} is unknown; this program reads format {FORMAT}", file.format),
                format!("映射文件格式 {} 未知；本程序只读取格式 {FORMAT}", file.format),
            ));
        }
        file.into_model()
    }

    /// The mapping as a file, readable again by [`Mapping::from_ron`].
    #[must_use]
    pub fn to_ron(&self) -> String {
        let pretty = ron::ser::PrettyConfig::new().struct_names(false).depth_limit(3);
        options().to_string_pretty(&MappingFile::from_model(self), pretty).map_or(String::new(), |text| text + "\n")
    }
}

fn wrong(en: String, zh: String) -> MappingError {
    MappingError { place: None, message: LocalText::new(en, zh), form: None }
}

impl MappingFile {
    fn into_model(self) -> Result<Mapping, MappingError> {
        let delimiter = self.delimiter.map(|text| one_byte(&text)).transpose()?;
        let fields = self.fields.into_iter().map(|(name, field)| {
            let field = field.into_model(&name)?;
            Ok((name, field))
        });
        let fields = fields.collect::<Result<_, MappingError>>()?;
        Ok(Mapping { delimiter, zone: self.zone, missing: self.missing, ignore: self.ignore, fields })
    }

    fn from_model(mapping: &Mapping) -> Self {
        Self {
            format: FORMAT,
            delimiter: mapping.delimiter.map(String::from),
            zone: mapping.zone,
            missing: mapping.missing.clone(),
            ignore: mapping.ignore.clone(),
            fields: mapping.fields.iter().map(|(name, field)| (name.clone(), FieldFile::from_model(field))).collect(),
        }
    }
}

fn one_byte(text: &str) -> Result<char, MappingError> {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii() && !matches!(c, '"' | '\n' | '\r') => Ok(c),
        _ => Err(wrong(
            format!("delimiter `{text}` is not one character such as `;` or a tab"),
            format!("分隔符 `{text}` 不是单个字符，例如 `;` 或制表符"),
        )),
    }
}

impl FieldFile {
    fn into_model(self, name: &FieldName) -> Result<FieldMapping, MappingError> {
        let given = [self.column.is_some(), self.join.is_some(), self.constant.is_some()];
        if given.iter().filter(|given| **given).count() > 1 {
            return Err(wrong(
                format!("field `{name}` has more than one of `column`, `join` and `constant`"),
                format!("字段 `{name}` 只能使用 `column`、`join`、`constant` 之一"),
            ));
        }
        let source = match (self.column, self.join, self.constant) {
            (Some(column), _, _) => FieldSource::Column(column),
            (_, Some(join), _) => FieldSource::Join { columns: join.columns, separator: join.separator },
            (_, _, Some(constant)) => FieldSource::Constant(constant),
            _ => FieldSource::OwnName,
        };
        let money = self.money.map(|unit| match unit {
            MoneyFile::Yuan => MoneyUnit::Yuan,
            MoneyFile::Fen => MoneyUnit::Fen,
            MoneyFile::Cny => MoneyUnit::Cny,
        });
        let time = self.time.map(|time| match time {
            TimeFile::Pattern(pattern) => TimeFormat::Pattern(pattern),
            TimeFile::Seconds => TimeFormat::Seconds,
            TimeFile::Milliseconds => TimeFormat::Milliseconds,
            TimeFile::Microseconds => TimeFormat::Microseconds,
        });
        let words = self.words.map(|words| BoolWords { yes: words.yes, no: words.no });
        Ok(FieldMapping { source, money, time, zone: self.zone, words, values: self.values, default: self.default })
    }

    fn from_model(field: &FieldMapping) -> Self {
        let mut file = Self {
            money: field.money.map(|unit| match unit {
                MoneyUnit::Yuan => MoneyFile::Yuan,
                MoneyUnit::Fen => MoneyFile::Fen,
                MoneyUnit::Cny => MoneyFile::Cny,
            }),
            time: field.time.as_ref().map(|time| match time {
                TimeFormat::Pattern(pattern) => TimeFile::Pattern(pattern.clone()),
                TimeFormat::Seconds => TimeFile::Seconds,
                TimeFormat::Milliseconds => TimeFile::Milliseconds,
                TimeFormat::Microseconds => TimeFile::Microseconds,
            }),
            zone: field.zone,
            words: field.words.as_ref().map(|words| WordsFile { yes: words.yes.clone(), no: words.no.clone() }),
            values: field.values.clone(),
            default: field.default.clone(),
            ..Self::default()
        };
        match &field.source {
            FieldSource::OwnName => {}
            FieldSource::Column(column) => file.column = Some(column.clone()),
            FieldSource::Join { columns, separator } => {
                file.join = Some(JoinFile { columns: columns.clone(), separator: separator.clone() });
            }
            FieldSource::Constant(constant) => file.constant = Some(constant.clone()),
        }
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = r#"(
        format: 1, delimiter: ";", zone: "+08:00", missing: ["NULL"], ignore: ["remark"],
        fields: {
            "request.id": (column: "serial"),
            "request.received_at": (join: (columns: ["date", "time"], separator: " "), time: Pattern("%Y-%m-%d %H:%M:%S"), zone: "+00:00"),
            "request.interface": (constant: "zhejiang"),
            "money.amount": (money: Fen, default: "0"),
            "check.name_match": (column: "name_ok", words: (yes: ["Y"], no: ["N"])),
            "card.kind": (column: "kind", values: {"00": "debit", "01": "credit"}),
        },
    )"#;

    #[test]
    fn a_mapping_is_read_written_and_read_again() {
        let mapping = Mapping::from_ron(FULL).unwrap();
        assert_eq!(mapping.delimiter, Some(';'));
        assert_eq!(mapping.fields.len(), 6);
        assert_eq!(Mapping::from_ron(&mapping.to_ron()).unwrap(), mapping);
    }

    #[test]
    fn a_wrong_mapping_is_refused_with_its_place() {
        let refuse = |text: &str| Mapping::from_ron(text).unwrap_err();
        assert_eq!(refuse("(format: 1,\n  feilds: {})").place.unwrap().line, 2);
        assert!(refuse("(format: 2)").message.en.contains("format 2 is unknown"));
        assert!(refuse("(format: 1, delimiter: \";;\")").message.en.contains("`;;`"));
        assert!(refuse(r#"(format: 1, fields: {"a.b": (column: "x", constant: "y")})"#).message.en.contains("more than one"));
        assert!(refuse(r#"(format: 1, fields: {"a": (column: "x")})"#).place.is_some());
        assert!(refuse(r#"(format: 1, zone: "Asia/Shanghai")"#).message.en.contains("Asia/Shanghai"));
    }
}
