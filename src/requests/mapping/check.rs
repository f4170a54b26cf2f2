//! Whether a mapping fits a schema: every field exists, and each way of reading fits the field's type.

use super::{FieldMapping, FieldSource, Mapping, TimeFormat};
use crate::diagnostic::{Finding, suggest};
use crate::model::{FieldType, Schema};
use crate::text::{LocalText, SourceId, Sources, Span};

impl Mapping {
    /// What in the mapping does not fit `schema`. With the mapping's own source, each finding has its place.
    #[must_use]
    pub fn check(&self, schema: &Schema, source: Option<(&Sources, SourceId)>) -> Vec<Finding> {
        let names: Vec<String> = schema.fields().map(|(_, name, _)| name).collect();
        let mut findings = Vec::new();
        for (name, field) in &self.fields {
            let place = source.and_then(|(sources, id)| quoted(sources, id, name.as_str()));
            match schema.find(name.as_str()) {
                None => {
                    let message =
                        LocalText::new(format!("the schema has no field `{name}`"), format!("请求结构中没有字段 `{name}`"));
                    let finding = Finding::error("unknown-mapped-field", place, message);
                    findings.push(suggest(finding, name.as_str(), names.iter().map(String::as_str)));
                }
                Some((_, known)) => findings.extend(misfits(name.as_str(), field, &known.kind, place)),
            }
        }
        findings
    }
}

/// Where a name stands in quotes in a source.
fn quoted(sources: &Sources, id: SourceId, name: &str) -> Option<Span> {
    let start = sources.get(id)?.text().find(&format!("\"{name}\""))? + 1;
    Some(Span::new(id, start, start + name.len()))
}

/// Ways of reading that do not fit the field's type, and joins of nothing.
fn misfits(name: &str, field: &FieldMapping, kind: &FieldType, place: Option<Span>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut unfit = |word: &str, wanted: &str| {
        let kind = kind.name();
        let message = LocalText::new(
            format!("`{word}` of field `{name}` is for {wanted}, but the field is {kind}"),
            format!("字段 `{name}` 的 `{word}` 只适用于 {wanted}，而该字段的类型是 {kind}"),
        );
        let help = LocalText::new(format!("take `{word}` out"), format!("请删除 `{word}`"));
        findings.push(Finding::error("mapping-type-mismatch", place, message).with_help(help));
    };
    if field.money.is_some() && *kind != FieldType::Money {
        unfit("money", "Money");
    }
    if (field.time.is_some() || field.zone.is_some()) && *kind != FieldType::Time {
        unfit(if field.time.is_some() { "time" } else { "zone" }, "Time");
    }
    if field.words.is_some() && *kind != FieldType::Bool {
        unfit("words", "Bool");
    }
    if let Some(TimeFormat::Pattern(pattern)) = &field.time
        && !gives_a_time(pattern)
    {
        let message = LocalText::new(
            format!("`{pattern}` of field `{name}` does not tell date and time"),
            format!("字段 `{name}` 的 `{pattern}` 不能表示完整的日期和时间"),
        );
        let help = LocalText::new("write it like `%Y-%m-%d %H:%M:%S`", "请写成 `%Y-%m-%d %H:%M:%S` 的形式");
        findings.push(Finding::error("bad-time-pattern", place, message).with_help(help));
    }
    if let (FieldType::Enum(known), values) = (kind, &field.values) {
        for value in values.values().filter(|value| !known.contains(value)) {
            let message = LocalText::new(
                format!("`{value}` is not a value of field `{name}`"),
                format!("`{value}` 不是字段 `{name}` 的取值"),
            );
            findings.push(suggest(Finding::error("unknown-mapped-value", place, message), value, known.names()));
        }
    }
    if matches!(&field.source, FieldSource::Join { columns, .. } if columns.is_empty()) {
        let message = LocalText::new(format!("field `{name}` joins no column"), format!("字段 `{name}` 的拼接未列出任何列"));
        let help = LocalText::new("name the columns, or give the one `column`", "请列出各列，或用 `column` 指定一列");
        findings.push(Finding::error("empty-join", place, message).with_help(help));
    }
    findings
}

/// Whether a time written by `pattern` can be read by it again.
fn gives_a_time(pattern: &str) -> bool {
    let written = jiff::fmt::strtime::format(pattern, jiff::Timestamp::UNIX_EPOCH);
    written.and_then(|text| jiff::fmt::strtime::parse(pattern, text)).is_ok_and(|read| read.to_datetime().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requests::table::tests::every_type;

    #[test]
    fn what_does_not_fit_the_schema_is_reported_where_it_stands() {
        let text = r#"(format: 1, fields: {
            "a.cuont": (column: "n"),
            "a.count": (column: "n", money: Fen),
            "a.flag": (column: "f", time: Seconds),
            "a.text": (column: "t", words: (yes: ["1"], no: ["0"])),
            "a.colour": (column: "c", values: {"r": "rde"}),
            "b.text": (join: (columns: [], separator: "")),
            "a.time": (time: Pattern("%H:%M")),
            "b.time": (time: Pattern("%Y-%m-%d %k%!")),
        })"#;
        let mut sources = Sources::default();
        let id = sources.add("mappings/x.ron", text);
        let findings = Mapping::from_ron(text).unwrap().check(&every_type(), Some((&sources, id)));
        let ids: Vec<&str> = findings.iter().map(|finding| finding.id).collect();
        let misfit = "mapping-type-mismatch";
        assert_eq!(
            ids,
            [
                "unknown-mapped-field",
                misfit,
                misfit,
                misfit,
                "unknown-mapped-value",
                "empty-join",
                "bad-time-pattern",
                "bad-time-pattern"
            ]
        );
        assert_eq!(sources.get(id).unwrap().slice(findings[0].span.unwrap()), "a.cuont");
        assert!(findings.iter().all(|finding| finding.help.is_some()), "{findings:?}");
        assert!(findings[0].help.as_ref().unwrap().typed().en.contains("a.count"));
        assert!(findings[4].help.as_ref().unwrap().typed().en.contains("red"));
    }
}
