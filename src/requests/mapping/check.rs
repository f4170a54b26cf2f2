//! Whether a mapping fits a schema: every field exists, and each way of reading fits the field's type.

use super::pattern::{Zones, fault};
use super::places::MappingPlaces;
use super::{FieldMapping, FieldSource, Mapping, TimeFormat};
use crate::kinds::{
    BAD_TIME_PATTERN, EMPTY_JOIN, MAPPING_TYPE_MISMATCH, UNKNOWN_MAPPED_FIELD, UNKNOWN_MAPPED_VALUE, WRONG_MAPPING,
};
use crate::read::{FieldReader, RawValue};
use countersign_core::diagnostic::{Finding, MOST_OF_A_KIND, and_more, bounded, suggest};
use countersign_core::model::{Field, FieldType, Schema};
use countersign_core::text::{LocalText, SourceId, Sources, Span};

impl Mapping {
    /// What in the mapping does not fit `schema`. With the mapping's own source, each finding has its place.
    pub fn check(&self, schema: &Schema, source: Option<(&Sources, SourceId)>) -> Vec<Finding> {
        let names: Vec<String> = schema.fields().map(|(_, name, _)| name).collect();
        let text = source.and_then(|(sources, id)| Some((MappingPlaces::new(sources.get(id)?.text()), id)));
        let span = |path: &[&str]| {
            let (places, id) = text.as_ref()?;
            let bytes = (1..=path.len()).rev().find_map(|length| places.find(path.get(..length)?))?;
            Some(Span::new(*id, bytes.start, bytes.end))
        };
        let mut findings = Vec::new();
        let contradictions = self.contradictions();
        let told = bound(contradictions.len());
        let more = |kind, count: usize| (count > bound(count)).then(|| and_more(kind, count - bound(count)));
        findings.extend(more(WRONG_MAPPING, contradictions.len()));
        for misstep in contradictions.into_iter().take(told) {
            let path: Vec<&str> = misstep.path.iter().map(String::as_str).collect();
            let finding = Finding::new(WRONG_MAPPING, span(&path), misstep.message);
            findings.push(match misstep.help {
                Some(help) => finding.with_help(help),
                None => finding,
            });
        }
        let unknown = self.fields.keys().filter(|name| schema.find(name.as_str()).is_none()).count();
        findings.extend(more(UNKNOWN_MAPPED_FIELD, unknown));
        let mut left = bound(unknown);
        for (name, field) in &self.fields {
            let path = ["fields", name.as_str()];
            match schema.find(name.as_str()) {
                None if left == 0 => {}
                None => {
                    left -= 1;
                    // A field's name, without its quotes, can be replaced by what was meant.
                    let place = span(&path).map(|quoted| {
                        let bytes = quoted.range();
                        Span::new(quoted.source, bytes.start + 1, bytes.end.saturating_sub(1).max(bytes.start + 1))
                    });
                    let message =
                        LocalText::new(format!("the schema has no field `{name}`"), format!("请求结构中没有字段 `{name}`"));
                    let finding = Finding::new(UNKNOWN_MAPPED_FIELD, place, message);
                    findings.push(suggest(finding, name.as_str(), names.iter().map(String::as_str)));
                }
                Some((_, known)) => {
                    let one = FieldCheck { mapping: self, schema, name: name.as_str(), field, known };
                    findings.extend(one.misfits(&|keys: &[&str]| span(&[&path[..], keys].concat())));
                }
            }
        }
        findings.extend(self.missing_values(schema, &span));
        bounded(findings)
    }

    /// Words for "no value" that are values of a field.
    fn missing_values(&self, schema: &Schema, span: &dyn Fn(&[&str]) -> Option<Span>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (_, name, known) in schema.fields() {
            let field = self.fields.get(name.as_str());
            let own = field.and_then(|field| field.missing.as_ref());
            let is_value = |word: &str| match &known.kind {
                FieldType::Bool => field.is_none_or(|field| field.words.is_none()) && matches!(word, "true" | "false"),
                FieldType::Enum(values) => values.contains(word),
                _ => false,
            };
            for word in own.unwrap_or(&self.missing).iter().filter(|word| is_value(word)) {
                let place = if own.is_some() { span(&["fields", &name, "missing", word]) } else { span(&["missing", word]) };
                let message = LocalText::new(
                    format!("`{word}` means two things in field `{name}`: no value, and a value of the field"),
                    format!("字段 `{name}` 中 `{word}` 有两种含义：缺失，以及该字段的一个取值"),
                );
                let help = LocalText::new(
                    "give the field its own words for \"no value\": `missing: []`",
                    "请为该字段单独指定表示缺失的词：`missing: []`",
                );
                findings.push(Finding::new(WRONG_MAPPING, place, message).with_help(help));
            }
        }
        findings
    }
}

/// How many of `count` findings of one kind are listed one by one.
fn bound(count: usize) -> usize {
    if count > MOST_OF_A_KIND { MOST_OF_A_KIND - 1 } else { count }
}

/// A field of a mapping beside the one of the schema.
struct FieldCheck<'a> {
    mapping: &'a Mapping,
    schema: &'a Schema,
    name: &'a str,
    field: &'a FieldMapping,
    known: &'a Field,
}

impl FieldCheck<'_> {
    /// Ways of reading that do not fit the field's type, values that cannot be read, and joins of nothing.
    fn misfits(&self, place: &dyn Fn(&[&str]) -> Option<Span>) -> Vec<Finding> {
        let Self { name, field, .. } = self;
        let mut findings = self.keys_of_other_types(place);
        let own_zone = field.zone.or(self.mapping.zone);
        let zone = own_zone.unwrap_or(self.schema.zone);
        if let Some(TimeFormat::Pattern(pattern)) = &field.time
            && let Some((message, help)) = fault(pattern, Zones { zone, is_given: own_zone.is_some() })
        {
            let message = LocalText::new(format!("field `{name}`: {}", message.en), format!("字段 `{name}`：{}", message.zh));
            findings.push(Finding::new(BAD_TIME_PATTERN, place(&["time", pattern]), message).with_help(help));
        }
        if matches!(&field.source, FieldSource::Join { columns, .. } if columns.is_empty()) {
            let message = LocalText::new(format!("field `{name}` joins no column"), format!("字段 `{name}` 的拼接未列出任何列"));
            let help = LocalText::new("name the columns, or give the one `column`", "请列出各列，或用 `column` 指定一列");
            findings.push(Finding::new(EMPTY_JOIN, place(&["join"]), message).with_help(help));
        }
        if findings.is_empty() {
            findings.extend(self.unreadable(place));
        }
        findings
    }

    fn keys_of_other_types(&self, place: &dyn Fn(&[&str]) -> Option<Span>) -> Vec<Finding> {
        let Self { name, field, known, .. } = self;
        let kind = &known.kind;
        let is_time = *kind == FieldType::Time;
        let unfit = [
            ("money", field.money.is_some() && *kind != FieldType::Money, "Money"),
            ("number", field.number.is_some() && !matches!(kind, FieldType::Int | FieldType::Float), "Int, Float"),
            ("time", field.time.is_some() && !is_time, "Time"),
            ("zone", field.zone.is_some() && field.time.is_none() && !is_time, "Time"),
            ("words", field.words.is_some() && *kind != FieldType::Bool, "Bool"),
            (
                "row_number",
                field.source == FieldSource::RowNumber && !matches!(kind, FieldType::Int | FieldType::Text),
                "Int, Text",
            ),
        ];
        let finding = |(word, _, wanted): &(&str, bool, &str)| {
            let kind = kind.name();
            let message = LocalText::new(
                format!("`{word}` of field `{name}` is for {wanted}, but the field is {kind}"),
                format!("字段 `{name}` 的 `{word}` 只适用于 {wanted}，而该字段的类型是 {kind}"),
            );
            let help = LocalText::new(format!("remove `{word}`"), format!("请删除 `{word}`"));
            Finding::new(MAPPING_TYPE_MISMATCH, place(&[word]), message).with_help(help)
        };
        unfit.iter().filter(|(_, is_unfit, _)| *is_unfit).map(finding).collect()
    }

    /// Texts of the mapping that are meant as values and cannot be read as such.
    fn unreadable(&self, place: &dyn Fn(&[&str]) -> Option<Span>) -> Vec<Finding> {
        let Self { mapping, schema, name, field, known } = self;
        let rule = FieldReader::new(known, Some(field), &mapping.missing, mapping.zone.unwrap_or(schema.zone));
        let kind = known.kind.name();
        let mut findings = Vec::new();
        let mut wrong = |text: &str, path: &[&str], names: &[&str]| {
            let message = LocalText::new(
                format!("`{text}` is not a value of field `{name}`, which is {kind}"),
                format!("`{text}` 不是字段 `{name}` 的取值，该字段的类型是 {kind}"),
            );
            let finding = Finding::new(UNKNOWN_MAPPED_VALUE, place(path), message);
            findings.push(if names.is_empty() {
                finding.with_help(LocalText::new("write it as the file writes such values", "请按文件中的写法书写"))
            } else {
                suggest(finding, text, names.iter().copied())
            });
        };
        let names: Vec<&str> = match &known.kind {
            FieldType::Enum(values) => values.names().collect(),
            _ => Vec::new(),
        };
        for (word, value) in &field.values {
            if rule.try_read(Some(RawValue::Text(word))).is_err() {
                wrong(value, &["values", word], &names);
            }
        }
        if let Some(default) = &field.default
            && rule.try_read(None).is_err()
        {
            wrong(default, &["default", default], &names);
        }
        if let FieldSource::Constant(constant) = &field.source
            && !constant.is_empty()
            && rule.try_read(Some(RawValue::Text(constant))).is_err()
        {
            wrong(constant, &["constant", constant], &names);
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::every_type;

    /// Each mapping, the finding, and the line and column where it is.
    #[test]
    fn what_does_not_fit_the_schema_is_reported_where_it_is() {
        let text = r#"(format: 1, fields: {
            "a.cuont": (column: "n"),
            "a.count": (column: "n", money: Fen),
            "a.flag": (column: "f", time: Seconds),
            "a.text": (column: "t", words: (yes: ["1"], no: ["0"])),
            "a.colour": (column: "c", values: {"r": "rde"}),
            "b.text": (join: (columns: [], separator: "")),
            "a.time": (time: Pattern("%H:%M")),
            "b.time": (time: Pattern("%Y-%m-%dT%H:%M:%SZ")),
            "b.count": (column: "m", default: "x"),
            "b.money": (constant: "1,2"),
        })"#;
        let mut sources = Sources::default();
        let id = sources.add("mappings/x.ron", text);
        let findings = Mapping::from_ron(text).unwrap().check(&every_type(), Some((&sources, id)));
        let source = sources.get(id).unwrap();
        let found: Vec<(&str, &str)> = findings.iter().map(|finding| (finding.id(), source.slice(finding.span.unwrap()))).collect();
        let misfit = "mapping-type-mismatch";
        assert_eq!(
            found,
            [
                ("unknown-mapped-field", "a.cuont"),
                (misfit, "money"),
                (misfit, "time"),
                (misfit, "words"),
                ("unknown-mapped-value", "\"r\""),
                ("empty-join", "join"),
                ("bad-time-pattern", "\"%H:%M\""),
                ("bad-time-pattern", "\"%Y-%m-%dT%H:%M:%SZ\""),
                ("unknown-mapped-value", "\"x\""),
                ("unknown-mapped-value", "\"1,2\""),
            ]
        );
        assert!(findings.iter().all(|finding| finding.help.is_some()), "{findings:?}");
        assert!(findings[0].help.as_ref().unwrap().on_command_line().en.contains("a.count"));
        assert!(findings[4].help.as_ref().unwrap().on_command_line().en.contains("red"));
    }
}
