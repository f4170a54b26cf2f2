//! The form of a mapping's file: mirrors of the model with the names in the file.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;

use indexmap::IndexMap;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::file::{FORMAT, MappingFault, TWICE};
use super::{BoolWords, FieldMapping, FieldSource, Mapping, MoneyUnit, NumberText, TimeFormat};
use crate::read::encoding_named;
use countersign_core::model::{FieldName, Zone};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Mapping")]
pub(super) struct MappingFile {
    pub(super) format: u32,
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
    fields: IndexMap<FieldName, FieldMappingFile>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Field")]
pub(super) struct FieldMappingFile {
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
    time: Option<TimeFormat>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<Zone>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    words: Option<BoolWords>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty", deserialize_with = "distinct")]
    values: IndexMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Join")]
pub(super) struct JoinFile {
    columns: Vec<String>,
    separator: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Money")]
pub(super) enum MoneyFile {
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
pub(super) enum UnitFile {
    Yuan,
    Fen,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Number")]
pub(super) struct NumberFile {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thousands: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decimal: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<String>,
}

/// A map whose keys are all different: the last of two would win without a word.
fn distinct<'de, D: Deserializer<'de>, K, V>(deserializer: D) -> Result<IndexMap<K, V>, D::Error>
where
    K: Deserialize<'de> + Eq + Hash + fmt::Display,
    V: Deserialize<'de>,
{
    struct DistinctMap<K, V>(PhantomData<(K, V)>);

    impl<'de, K: Deserialize<'de> + Eq + Hash + fmt::Display, V: Deserialize<'de>> Visitor<'de> for DistinctMap<K, V> {
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

    deserializer.deserialize_map(DistinctMap(PhantomData))
}

impl MappingFile {
    pub(super) fn into_model(self) -> Result<Mapping, Box<MappingFault>> {
        let delimiter = self.delimiter.map(|text| one_byte(&text)).transpose()?;
        let encoding = self.encoding.map(known_encoding).transpose()?;
        let fields = self.fields.into_iter().map(|(name, field)| {
            let field = field.into_model(&name)?;
            Ok((name, field))
        });
        let fields = fields.collect::<Result<_, Box<MappingFault>>>()?;
        Ok(Mapping { delimiter, encoding, sheet: self.sheet, zone: self.zone, missing: self.missing, ignore: self.ignore, fields })
    }

    pub(super) fn from_model(mapping: &Mapping) -> Self {
        Self {
            format: FORMAT,
            delimiter: mapping.delimiter.map(String::from),
            encoding: mapping.encoding.clone(),
            sheet: mapping.sheet.clone(),
            zone: mapping.zone,
            missing: mapping.missing.clone(),
            ignore: mapping.ignore.clone(),
            fields: mapping.fields.iter().map(|(name, field)| (name.clone(), FieldMappingFile::from_model(field))).collect(),
        }
    }
}

fn one_byte(text: &str) -> Result<char, Box<MappingFault>> {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii() && !matches!(c, '"' | '\n' | '\r') => Ok(c),
        _ => Err(Box::new(MappingFault::new(
            &["delimiter", text],
            format!("delimiter `{text}` is not one character such as `;` or a tab"),
            format!("分隔符 `{text}` 不是单个字符，例如 `;` 或制表符"),
        ))),
    }
}

fn known_encoding(name: String) -> Result<String, Box<MappingFault>> {
    if encoding_named(&name).is_some() {
        return Ok(name);
    }
    Err(Box::new(MappingFault::new(
        &["encoding"],
        format!("encoding `{name}` is unknown; write one such as `utf-8`, `gb18030`, `utf-16le` or `windows-1252`"),
        format!("编码 `{name}` 未知；请写 `utf-8`、`gb18030`、`utf-16le`、`windows-1252` 等"),
    )))
}

impl FieldMappingFile {
    pub(super) fn into_model(self, name: &FieldName) -> Result<FieldMapping, Box<MappingFault>> {
        let given = [self.column.is_some(), self.join.is_some(), self.constant.is_some(), self.row_number];
        if given.iter().filter(|given| **given).count() > 1 {
            return Err(Box::new(MappingFault::new(
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
            Ok::<_, Box<MappingFault>>(match unit {
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
        let Self { time, zone, words, missing, default, .. } = self;
        let values: BTreeMap<String, String> = self.values.into_iter().collect();
        let field = FieldMapping { source, money, number, time, zone, words, missing, values, default };
        if is_row_number && field != (FieldMapping { source: FieldSource::RowNumber, ..FieldMapping::default() }) {
            return Err(Box::new(MappingFault::new(
                &["fields", name.as_str()],
                format!("field `{name}` is the row's number: nothing else can be said of how it is read"),
                format!("字段 `{name}` 取行号，不能再写其他读取方式"),
            )));
        }
        Ok(field)
    }

    pub(super) fn from_model(field: &FieldMapping) -> Self {
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
            time: field.time.clone(),
            zone: field.zone,
            words: field.words.clone(),
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
    pub(super) fn into_model(self, path: &[&str]) -> Result<NumberText, Box<MappingFault>> {
        let one = |key: &str, text: Option<String>| {
            let Some(text) = text else { return Ok(None) };
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) if !c.is_alphanumeric() && !matches!(c, '-' | '+') => Ok(Some(c)),
                _ => Err(Box::new(MappingFault::new(
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
                MappingFault::new(
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
            Some(mark) if is_wrong(&mark) => Err(Box::new(MappingFault::new(
                &[path, &["mark"]].concat(),
                format!("the mark `{mark}` is empty, or has digits, a sign or a separator"),
                format!("标记 `{mark}` 为空，或含有数字、正负号或分隔符"),
            ))),
            mark => Ok(NumberText { thousands, decimal, mark: mark.map(|mark| mark.trim().to_owned()) }),
        }
    }

    pub(super) fn from_model(form: &NumberText) -> Self {
        let NumberText { thousands, decimal, mark } = form;
        let is_plain = thousands.is_none() && mark.is_none();
        let decimal = Some(decimal).filter(|decimal| is_plain || **decimal != '.');
        Self { thousands: thousands.map(String::from), decimal: decimal.copied().map(String::from), mark: mark.clone() }
    }
}
