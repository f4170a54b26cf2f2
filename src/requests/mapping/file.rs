//! The mapping's file, read and written as RON. Unknown names in it are refused.

use super::file_form::{FieldMappingFile, MappingFile};
use super::places::MappingPlaces;
use super::{FieldMapping, Mapping};
use countersign_core::text::{LineColumn, LocalText};

pub(super) const FORMAT: u32 = 1;

/// Why a text is not a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingError {
    /// Where in the text it was noticed.
    pub place: Option<LineColumn>,
    pub message: LocalText,
    /// What helps, where that is known.
    pub help: Option<LocalText>,
    /// The error of the RON reader, where the text is no mapping by its form.
    pub form: Option<Box<ron::error::SpannedError>>,
}

/// How the error about a repeated key begins.
pub(super) const TWICE: &str = "given twice: ";

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
            MappingFault::new(
                &["format", &format.to_string()],
                format!("mapping format {format} is unknown; this program reads format {FORMAT}"),
                format!("映射文件格式 {format} 未知；本程序只读取格式 {FORMAT}"),
            )
        };
        let path: Vec<&str> = fault.path.iter().map(String::as_str).collect();
        let place = MappingPlaces::new(text).line_column(&path);
        Err(MappingError { place, message: fault.message, help: fault.help, form: None })
    }

    /// The mapping as a file, readable again by [`Mapping::from_ron`].
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
pub(crate) struct MappingFault {
    pub(super) path: Vec<String>,
    pub(super) message: LocalText,
    pub(super) help: Option<LocalText>,
}

impl MappingFault {
    pub(super) fn new(path: &[&str], en: String, zh: String) -> Self {
        Self { path: path.iter().map(|step| (*step).to_owned()).collect(), message: LocalText::new(en, zh), help: None }
    }

    pub(super) fn with_help(self, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { help: Some(LocalText::new(en, zh)), ..self }
    }
}

impl FieldMapping {
    /// The field with its mapping as one line among `fields`: `"a.count": (column: "n")`.
    pub(crate) fn line(&self, name: &str) -> String {
        let pretty = ron::ser::PrettyConfig::new().struct_names(false).depth_limit(0);
        let field = options().to_string_pretty(&FieldMappingFile::from_model(self), pretty).unwrap_or_default();
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
