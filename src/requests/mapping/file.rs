//! The mapping's file: hand-written mirrors of the model, read and written as RON. Unknown names in it are refused.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;

use indexmap::IndexMap;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::places::Places;
use super::{BoolWords, FieldMapping, FieldSource, Mapping, MoneyUnit, NumberText, TimeFormat};
use crate::read::encoding_named;
use countersign_core::model::{FieldName, Zone};
use countersign_core::text::{LineColumn, LocalText};

/// The format number of mapping files.
const FORMAT: u32 = 1;

/// Why a text is not a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingError {
    /// Where in the text it was noticed.
    pub place: Option<LineColumn>,
    /// What is wrong.
    pub message: LocalText,
    /// What helps, where that is known.
    pub help: Option<LocalText>,
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
    encoding: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<Zone>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    missing: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ignore: Vec<String>,
    #[serde(default, deserialize_with = "distinct")]
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
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    row_number: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    money: Option<MoneyFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<NumberFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time: Option<TimeFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<Zone>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    words: Option<WordsFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty", deserialize_with = "distinct")]
    values: IndexMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Join")]
struct JoinFile {
    columns: Vec<String>,
    separator: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Money")]
enum MoneyFile {
    Yuan,
    Fen,
    Cny,
    Text {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<UnitFile>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thousands: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decimal: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mark: Option<String>,
    },
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename = "Unit")]
enum UnitFile {
    Yuan,
    Fen,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Number")]
struct NumberFile {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thousands: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decimal: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Time")]
enum TimeFile {
    Pattern(String),
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Words")]
struct WordsFile {
    yes: Vec<String>,
    no: Vec<String>,
}

/// A map whose keys are all different: the last of two would win without a word.
fn distinct<'de, D: Deserializer<'de>, K, V>(deserializer: D) -> Result<IndexMap<K, V>, D::Error>
where
    K: Deserialize<'de> + Eq + Hash + fmt::Display,
    V: Deserialize<'de>,
{
    struct Distinct<K, V>(PhantomData<(K, V)>);

    impl<'de, K: Deserialize<'de> + Eq + Hash + fmt::Display, V: Deserialize<'de>> Visitor<'de> for Distinct<K, V> {
        type Value = IndexMap<K, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut entries = IndexMap::new();
            while let Some(key) = map.next_key::<K>()? {
                if entries.contains_key(&key) {
                    return Err(A::Error::custom(format!("{TWICE}`{key}`")));
                }
                entries.insert(key, map.next_value()?);
            }
            Ok(entries)
        }
    }

    deserializer.deserialize_map(Distinct(PhantomData))
}

/// How the error about a repeated key begins.
const TWICE: &str = "given twice: ";

fn options() -> ron::Options {
    ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// What is wrong and where; the caller knows the file's name.
    pub fn from_ron(text: &str) -> Result<Self, MappingError> {
        let file: MappingFile = options().from_str(text).map_err(malformed)?;
        let fault = if file.format == FORMAT {
            match file.into_model() {
                Ok(mapping) => match mapping.contradictions().into_iter().next() {
                    None => return Ok(mapping),
                    Some(fault) => fault,
                },
                Err(fault) => *fault,
            }
        } else {
            let format = file.format;
            Misstep::new(
                &["format", &format.to_string()],
                format!("mapping format {format} is unknown; this program reads format {FORMAT}"),
                format!("映射文件格式 {format} 未知；本程序只读取格式 {FORMAT}"),
            )
        };
        let path: Vec<&str> = fault.path.iter().map(String::as_str).collect();
        let place = Places::new(text).line_column(&path);
        Err(MappingError { place, message: fault.message, help: fault.help, form: None })
    }

    /// The mapping as a file, readable again by [`Mapping::from_ron`].
    #[must_use]
    pub fn to_ron(&self) -> String {
        let pretty = ron::ser::PrettyConfig::new().struct_names(false).depth_limit(3);
        options().to_string_pretty(&MappingFile::from_model(self), pretty).map_or(String::new(), |text| text + "\n")
    }
}

/// A text that is no mapping by its form.
fn malformed(error: ron::error::SpannedError) -> MappingError {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let place = Some(LineColumn { line: count(error.span.start.line), column: count(error.span.start.col) });
    let said = error.code.to_string();
    match said.find(TWICE).and_then(|at| said.get(at + TWICE.len()..)) {
        Some(key) => MappingError {
            // The reader stops after the key.
            place: Some(LineColumn { line: count(error.span.end.line), column: count(error.span.end.col) }),
            message: LocalText::new(format!("{key} is given twice"), format!("{key} 重复出现")),
            help: Some(LocalText::new("remove one of them", "请删除其中一个")),
            form: None,
        },
        None => MappingError { place, message: LocalText::same(said), help: None, form: Some(Box::new(error)) },
    }
}

/// What is wrong with the meaning of a mapping, and the keys that lead to it.
#[derive(Debug)]
pub(crate) struct Misstep {
    pub(super) path: Vec<String>,
    pub(super) message: LocalText,
    pub(super) help: Option<LocalText>,
}

impl Misstep {
    pub(super) fn new(path: &[&str], en: String, zh: String) -> Self {
        Self { path: path.iter().map(|step| (*step).to_owned()).collect(), message: LocalText::new(en, zh), help: None }
    }

    pub(super) fn with_help(self, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { help: Some(LocalText::new(en, zh)), ..self }
    }
}

impl MappingFile {
    fn into_model(self) -> Result<Mapping, Box<Misstep>> {
        let delimiter = self.delimiter.map(|text| one_byte(&text)).transpose()?;
        let encoding = self.encoding.map(known_encoding).transpose()?;
        let fields = self.fields.into_iter().map(|(name, field)| {
            let field = field.into_model(&name)?;
            Ok((name, field))
        });
        let fields = fields.collect::<Result<_, Box<Misstep>>>()?;
        Ok(Mapping { delimiter, encoding, sheet: self.sheet, zone: self.zone, missing: self.missing, ignore: self.ignore, fields })
    }

    fn from_model(mapping: &Mapping) -> Self {
        Self {
            format: FORMAT,
            delimiter: mapping.delimiter.map(String::from),
            encoding: mapping.encoding.clone(),
            sheet: mapping.sheet.clone(),
            zone: mapping.zone,
            missing: mapping.missing.clone(),
            ignore: mapping.ignore.clone(),
            fields: mapping.fields.iter().map(|(name, field)| (name.clone(), FieldFile::from_model(field))).collect(),
        }
    }
}

fn one_byte(text: &str) -> Result<char, Box<Misstep>> {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii() && !matches!(c, '"' | '\n' | '\r') => Ok(c),
        _ => Err(Box::new(Misstep::new(
            &["delimiter", text],
            format!("delimiter `{text}` is not one character such as `;` or a tab"),
            format!("分隔符 `{text}` 不是单个字符，例如 `;` 或制表符"),
        ))),
    }
}

/// A name that the readers know.
fn known_encoding(name: String) -> Result<String, Box<Misstep>> {
    if encoding_named(&name).is_some() {
        return Ok(name);
    }
    Err(Box::new(Misstep::new(
        &["encoding"],
        format!("encoding `{name}` is unknown; write one such as `utf-8`, `gb18030`, `utf-16le` or `windows-1252`"),
        format!("编码 `{name}` 未知；请写 `utf-8`、`gb18030`、`utf-16le`、`windows-1252` 等"),
    )))
}

impl FieldFile {
    fn into_model(self, name: &FieldName) -> Result<FieldMapping, Box<Misstep>> {
        let given = [self.column.is_some(), self.join.is_some(), self.constant.is_some(), self.row_number];
        if given.iter().filter(|given| **given).count() > 1 {
            return Err(Box::new(Misstep::new(
                &["fields", name.as_str()],
                format!("field `{name}` has more than one of `column`, `join`, `constant` and `row_number`"),
                format!("字段 `{name}` 只能使用 `column`、`join`、`constant`、`row_number` 之一"),
            )));
        }
        let is_row_number = self.row_number;
        let source = match (self.column, self.join, self.constant) {
            (Some(column), _, _) => FieldSource::Column(column),
            (_, Some(join), _) => FieldSource::Join { columns: join.columns, separator: join.separator },
            (_, _, Some(constant)) => FieldSource::Constant(constant),
            _ if is_row_number => FieldSource::RowNumber,
            _ => FieldSource::OwnName,
        };
        let money = self.money.map(|unit| {
            Ok::<_, Box<Misstep>>(match unit {
                MoneyFile::Yuan => MoneyUnit::Yuan,
                MoneyFile::Fen => MoneyUnit::Fen,
                MoneyFile::Cny => MoneyUnit::Cny,
                MoneyFile::Text { unit, thousands, decimal, mark } => {
                    let path = ["fields", name.as_str(), "money"];
                    let form = NumberFile { thousands, decimal, mark }.into_model(&path)?;
                    MoneyUnit::Text { in_fen: matches!(unit, Some(UnitFile::Fen)), form }
                }
            })
        });
        let money = money.transpose()?;
        let number = self.number.map(|number| number.into_model(&["fields", name.as_str(), "number"])).transpose()?;
        let time = self.time.map(|time| match time {
            TimeFile::Pattern(pattern) => TimeFormat::Pattern(pattern),
            TimeFile::Seconds => TimeFormat::Seconds,
            TimeFile::Milliseconds => TimeFormat::Milliseconds,
            TimeFile::Microseconds => TimeFormat::Microseconds,
            TimeFile::Nanoseconds => TimeFormat::Nanoseconds,
        });
        let words = self.words.map(|words| BoolWords { yes: words.yes, no: words.no });
        let Self { zone, missing, default, .. } = self;
        let values: BTreeMap<String, String> = self.values.into_iter().collect();
        let field = FieldMapping { source, money, number, time, zone, words, missing, values, default };
        if is_row_number && field != (FieldMapping { source: FieldSource::RowNumber, ..FieldMapping::default() }) {
            return Err(Box::new(Misstep::new(
                &["fields", name.as_str()],
                format!("field `{name}` is the row's number: nothing else can be said of how it is read"),
                format!("字段 `{name}` 取行号，不能再写其他读取方式"),
            )));
        }
        Ok(field)
    }

    fn from_model(field: &FieldMapping) -> Self {
        let mut file = Self {
            money: field.money.as_ref().map(|unit| match unit {
                MoneyUnit::Yuan => MoneyFile::Yuan,
                MoneyUnit::Fen => MoneyFile::Fen,
                MoneyUnit::Cny => MoneyFile::Cny,
                MoneyUnit::Text { in_fen, form } => {
                    let NumberFile { thousands, decimal, mark } = NumberFile::from_model(form);
                    MoneyFile::Text { unit: in_fen.then_some(UnitFile::Fen), thousands, decimal, mark }
                }
            }),
            number: field.number.as_ref().map(NumberFile::from_model),
            time: field.time.as_ref().map(|time| match time {
                TimeFormat::Pattern(pattern) => TimeFile::Pattern(pattern.clone()),
                TimeFormat::Seconds => TimeFile::Seconds,
                TimeFormat::Milliseconds => TimeFile::Milliseconds,
                TimeFormat::Microseconds => TimeFile::Microseconds,
                TimeFormat::Nanoseconds => TimeFile::Nanoseconds,
            }),
            zone: field.zone,
            words: field.words.as_ref().map(|words| WordsFile { yes: words.yes.clone(), no: words.no.clone() }),
            missing: field.missing.clone(),
            values: field.values.clone().into_iter().collect(),
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
            FieldSource::RowNumber => file.row_number = true,
        }
        file
    }
}

impl NumberFile {
    /// `path` leads to it.
    fn into_model(self, path: &[&str]) -> Result<NumberText, Box<Misstep>> {
        let one = |key: &str, text: Option<String>| {
            let Some(text) = text else { return Ok(None) };
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) if !c.is_alphanumeric() && !matches!(c, '-' | '+') => Ok(Some(c)),
                _ => Err(Box::new(Misstep::new(
                    &[path, &[key]].concat(),
                    format!("`{key}` is not one character such as `,`"),
                    format!("`{key}` 应为单个字符，例如 `,`"),
                ))),
            }
        };
        let thousands = one("thousands", self.thousands)?;
        let decimal = one("decimal", self.decimal)?.unwrap_or(if thousands == Some('.') { ',' } else { '.' });
        if thousands == Some(decimal) {
            return Err(Box::new(
                Misstep::new(
                    &[path, &["thousands"]].concat(),
                    format!("`{decimal}` is to group thousands and to part decimals"),
                    format!("`{decimal}` 不能既作千位分隔符又作小数点"),
                )
                .with_help("give `decimal` another character", "请为 `decimal` 指定另一个字符"),
            ));
        }
        let is_wrong = |mark: &String| {
            let marks = mark.trim();
            marks.is_empty()
                || marks.contains(|c: char| c.is_numeric() || matches!(c, '-' | '+') || Some(c) == thousands || c == decimal)
        };
        match self.mark {
            Some(mark) if is_wrong(&mark) => Err(Box::new(Misstep::new(
                &[path, &["mark"]].concat(),
                format!("the mark `{mark}` is empty, or has digits, a sign or a separator"),
                format!("标记 `{mark}` 为空，或含有数字、正负号或分隔符"),
            ))),
            mark => Ok(NumberText { thousands, decimal, mark: mark.map(|mark| mark.trim().to_owned()) }),
        }
    }

    fn from_model(form: &NumberText) -> Self {
        let NumberText { thousands, decimal, mark } = form;
        let is_plain = thousands.is_none() && mark.is_none();
        let decimal = Some(decimal).filter(|decimal| is_plain || **decimal != '.');
        Self { thousands: thousands.map(String::from), decimal: decimal.copied().map(String::from), mark: mark.clone() }
    }
}

impl FieldMapping {
    /// The field with its mapping as one line among `fields`: `"a.count": (column: "n")`.
    #[must_use]
    pub(crate) fn line(&self, name: &str) -> String {
        let pretty = ron::ser::PrettyConfig::new().struct_names(false).depth_limit(0);
        let field = options().to_string_pretty(&FieldFile::from_model(self), pretty).unwrap_or_default();
        let name = options().to_string(name).unwrap_or_default();
        format!("{name}: {field}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = r#"(
        format: 1, delimiter: ";", encoding: "gbk", sheet: "2014", zone: "+08:00", missing: ["NULL"], ignore: ["remark"],
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
    fn an_input_with_two_meanings_is_refused_with_its_place() {
        for (text, place, said) in [
            (r#"{"a.b": (words: (yes: ["true", "false"], no: ["false"]))}"#, r#""false"]))"#, "true and false"),
            (r#"{"a.b": (words: (yes: ["1"], no: ["1.0"]))}"#, r#""1.0""#, "`1.0` (= `1`)"),
            (r#"{"a.b": (words: (yes: ["Y"], no: ["-"]))}"#, r#""-"]))"#, "no value and false"),
            (r#"{"a.b": (values: {"-": "x"})}"#, r#""-": "x""#, "no value and `x`"),
            (r#"{"a.b": (values: {"1": "x", "2": "y", "1": "z"})}"#, r#": "z""#, "`1` is given twice"),
            (r#"{"a.b": (values: {"1": "x", "1.0": "y"})}"#, r#""1.0""#, "`x`"),
            (r#"{"a.b": (words: (yes: ["Y"], no: ["N"]), values: {"Y": "N"})}"#, r#""Y": "N""#, "true and `N`"),
            (r#"{"a.b": (values: {" 1": "x", "1": "y"})}"#, r#""1": "y""#, "`1`"),
            (r#"{"a.b": (default: "-")}"#, r#""-")"#, "no value"),
            (r#"{"a.b": (constant: "-")}"#, r#""-")"#, "no value"),
            (r#"{"a.b": (missing: ["x"], default: "x")}"#, r#""x")"#, "no value"),
            (r#"{"a.b": (column: "old")}"#, r#""old"], fields"#, "`old` is ignored"),
            (r#"{"a.b": (zone: "Z"), "a.b": (money: Fen)}"#, ": (money", "`a.b` is given twice"),
            (r#"{"a.b": (money: Text(thousands: ",", decimal: ","))}"#, "thousands", "group thousands"),
            (r#"{"a.b": (money: Text(mark: "5"))}"#, "mark", "mark"),
            (r#"{"a.b": (number: (thousands: ",,"))}"#, "thousands", "one character"),
        ] {
            let text = format!(r#"(format: 1, missing: ["-"], ignore: ["old"], fields: {text})"#);
            let error = Mapping::from_ron(&text).unwrap_err();
            let at = usize::try_from(error.place.unwrap().column).unwrap() - 1;
            assert!(error.message.en.contains(said), "{text}: {}", error.message.en);
            assert!(text[at..].starts_with(place), "{text}: {}", &text[at..]);
        }
        for sound in [
            r#"{"a.b": (missing: [], words: (yes: ["Y"], no: ["-"]))}"#,
            r#"{"a.b": (values: {"01": "x", "1": "y"})}"#,
            r#"{"a.b": (values: {"Y": "y", "y": "x"}), "a.c": (column: "a.b")}"#,
        ] {
            Mapping::from_ron(&format!(r#"(format: 1, missing: ["-"], ignore: ["old"], fields: {sound})"#)).unwrap();
        }
    }

    #[test]
    fn a_wrong_mapping_is_refused_with_its_place() {
        let refuse = |text: &str| Mapping::from_ron(text).unwrap_err();
        assert_eq!(refuse("(format: 1,\n  feilds: {})").place.unwrap().line, 2);
        assert!(refuse("(format: 2)").message.en.contains("format 2 is unknown"));
        assert!(refuse("(format: 1, encoding: \"klingon\")").message.en.contains("`klingon`"));
        assert!(refuse("(format: 1, delimiter: \";;\")").message.en.contains("`;;`"));
        assert!(refuse(r#"(format: 1, fields: {"a.b": (column: "x", constant: "y")})"#).message.en.contains("more than one"));
        assert!(refuse(r#"(format: 1, fields: {"a-b": (column: "x")})"#).place.is_some());
        assert!(refuse(r#"(format: 1, zone: "Asia/Shanghai")"#).message.en.contains("Asia/Shanghai"));
    }
}
