//! What the value of one field is, read from what a file has, and what to say when it is none.

use std::borrow::Cow;

use super::cell_fault::CellFault;
use super::column_notes::ColumnNotes;
use super::convert::{BatchNotes, convert};
use super::given::{MappedWord, MappedWords, RawValue};
use super::scalars::EnumCodes;
use super::time::TimeReader;
use crate::mapping::{FieldMapping, MoneyUnit, NumberText, TimeFormat};
use crate::table::{CellData, Cells, Texts};
use countersign_core::model::{Field, FieldType, Zone};
use countersign_core::text::{LocalText, normal};

/// Longer texts are refused; bytes. No field of a request is a document.
pub(super) const MAX_TEXT_BYTES: usize = 65_536;

#[derive(Debug)]
pub(crate) struct FieldReader {
    pub(super) kind: FieldType<EnumCodes>,
    pub(super) forms: Forms,
    pub(super) optional: bool,
    /// Whether texts are taken without bringing them to normal form.
    pub(super) as_written: bool,
    /// Whether every digit of a text counts: it names the request, or is looked up in a list.
    pub(super) is_exact: bool,
    /// Words for "no value", foreign words, and what an empty cell becomes; `None` in the common case that there are none.
    words: Option<FieldWords>,
}

pub(super) enum NormalizedValue<'a> {
    /// A text in normal form.
    Text {
        text: Cow<'a, str>,
        /// Whether the mapping names it, so that it is not reported.
        is_mapped: bool,
    },
    Typed(RawValue<'a>),
}

impl NormalizedValue<'_> {
    pub(super) fn given(&self) -> RawValue<'_> {
        match self {
            Self::Text { text, .. } => RawValue::Text(text),
            Self::Typed(given) => *given,
        }
    }
}

/// How a file writes values; each type uses its own.
#[derive(Debug)]
pub(super) struct Forms {
    pub(super) flags: BoolForms,
    pub(super) number: Option<NumberText>,
    pub(super) money: MoneyUnit,
    pub(super) clock: TimeReader,
}

#[derive(Debug)]
pub(super) struct BoolForms {
    yes: MappedWords,
    no: MappedWords,
}

#[derive(Debug)]
struct FieldWords {
    missing: MappedWords,
    values: MappedWords,
    /// What each of `values` becomes.
    becomes: Vec<String>,
    default: Option<String>,
}

impl FieldReader {
    /// Values of the field's form that mean nothing yet, none of them missing.
    pub(super) fn blank(&self, rows: usize) -> Cells {
        let data = if matches!(self.kind, FieldType::Text) {
            let mut texts = Texts::default();
            for _ in 0..rows {
                texts.push("");
            }
            CellData::Texts(texts)
        } else {
            CellData::Numbers(vec![0; rows])
        };
        Cells { data, present: Vec::new() }
    }

    /// `missing` and `zone` are the file's; `mapping` is the field's own.
    pub(crate) fn new(field: &Field, mapping: Option<&FieldMapping>, missing: &[String], zone: Zone) -> Self {
        let plain = FieldMapping::default();
        let mapping = mapping.unwrap_or(&plain);
        let zone = mapping.zone.unwrap_or(zone);
        let word = |word: &String| MappedWord::new(&field.form(word), zone);
        let list = |words: &[String]| MappedWords::new(words.iter().map(word).collect());
        let flags = match &mapping.words {
            Some(words) => BoolForms { yes: list(&words.yes), no: list(&words.no) },
            None => BoolForms { yes: list(&["true".to_owned()]), no: list(&["false".to_owned()]) },
        };
        let (number, money) = (mapping.number.clone(), mapping.money.clone().unwrap_or(MoneyUnit::Yuan));
        let forms = Forms { flags, number, money, clock: TimeReader::new(mapping.time.as_ref(), zone) };
        let missing = mapping.missing.as_deref().unwrap_or(missing);
        let is_plain = missing.is_empty() && mapping.values.is_empty() && mapping.default.is_none();
        let words = (!is_plain).then(|| FieldWords {
            missing: list(missing),
            values: MappedWords::new(mapping.values.keys().map(word).collect()),
            becomes: mapping.values.values().map(|value| field.form(value).into_owned()).collect(),
            default: mapping.default.as_ref().map(|text| field.form(text).into_owned()),
        });
        let kind = field.kind.map_enum(EnumCodes::new);
        Self { kind, forms, optional: field.optional, as_written: field.as_written, is_exact: false, words }
    }

    /// What to read: texts in normal form, foreign words replaced, `None` for no value.
    #[inline]
    pub(super) fn meant<'a>(&'a self, raw: Option<RawValue<'a>>, noted: &mut ColumnNotes) -> Option<NormalizedValue<'a>> {
        let meant = raw.and_then(|raw| match raw {
            RawValue::Text("") => None,
            RawValue::Text(raw) => {
                let text = match normal(raw).filter(|_| !self.as_written) {
                    None => Cow::Borrowed(raw),
                    Some(normal) => {
                        noted.normalized.add(raw);
                        normal
                    }
                };
                (!text.is_empty()).then_some(NormalizedValue::Text { text, is_mapped: false })
            }
            typed => Some(NormalizedValue::Typed(typed)),
        });
        let Some(words) = &self.words else { return meant };
        let meant = meant.filter(|meant| words.missing.position(meant.given()).is_none());
        let default = || words.default.as_deref().map(|text| NormalizedValue::Text { text: Cow::Borrowed(text), is_mapped: false });
        let meant = meant.or_else(default)?;
        let value = words.values.position(meant.given()).and_then(|at| words.becomes.get(at));
        Some(value.map_or(meant, |value| NormalizedValue::Text { text: Cow::Borrowed(value), is_mapped: true }))
    }

    /// Whether it reads points in time.
    pub(super) fn is_time(&self) -> bool {
        matches!(self.kind, FieldType::Time)
    }

    /// Whether one value can be read.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn try_read(&self, given: Option<RawValue<'_>>) -> Result<(), CellFault> {
        let mut observed = BatchNotes::default();
        convert(self, 0, std::iter::once(given), &mut observed);
        observed.bad.pop().map_or(Ok(()), |cell| Err(cell.fault))
    }

    /// How values of the field are written, where `text` is none of them.
    pub(super) fn explain_wrong_value(&self, text: &str) -> LocalText {
        let Forms { flags, money, clock, .. } = &self.forms;
        let not_one = self.kind.spec().not_one.local();
        match &self.kind {
            FieldType::Bool => {
                let list = |words: &MappedWords| words.texts().collect::<Vec<_>>().join("`, `");
                let (yes, no) = (list(&flags.yes), list(&flags.no));
                LocalText::new(format!("is neither `{yes}` nor `{no}`"), format!("既不是 `{yes}` 也不是 `{no}`"))
            }
            FieldType::Money => match money {
                MoneyUnit::Yuan => not_one,
                MoneyUnit::Fen => LocalText::new("is not a whole number of fen", "不是以分为单位的整数"),
                MoneyUnit::Cny => LocalText::new("is not an amount such as `CNY5000.00`", "不是 `CNY5000.00` 形式的金额"),
                MoneyUnit::Text { in_fen, form } => {
                    let like = written_like(if *in_fen { "500000" } else { "5000.00" }, form);
                    LocalText::new(format!("is not an amount such as `{like}`"), format!("不是 `{like}` 形式的金额"))
                }
            },
            FieldType::Enum(codes) => codes.explain(text),
            FieldType::Time => match &clock.format {
                Some(TimeFormat::Pattern(pattern)) => {
                    LocalText::new(format!("is not a time of the form `{pattern}`"), format!("不是 `{pattern}` 形式的时间"))
                }
                Some(_) => LocalText::new("is not a number since 1970", "不是自 1970 年起的数值"),
                None => not_one,
            },
            _ => not_one,
        }
    }
}

/// `5000.00` or `500000` in a form: `¥5,000.00`.
fn written_like(digits: &str, form: &NumberText) -> String {
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let (head, tail) = whole.split_at_checked(whole.len().saturating_sub(3)).unwrap_or(("", whole));
    let mark = form.mark.as_deref().unwrap_or("");
    let thousands = form.thousands.map(String::from).unwrap_or_default();
    let fraction = fraction.map(|fraction| format!("{}{fraction}", form.decimal)).unwrap_or_default();
    format!("{mark}{head}{thousands}{tail}{fraction}")
}

impl BoolForms {
    pub(super) fn read(&self, given: RawValue<'_>) -> Result<bool, CellFault> {
        if self.yes.position(given).is_some() {
            return Ok(true);
        }
        if self.no.position(given).is_some() {
            return Ok(false);
        }
        match given {
            RawValue::Bool(value) => Ok(value),
            _ => Err(CellFault::NotThat),
        }
    }
}
