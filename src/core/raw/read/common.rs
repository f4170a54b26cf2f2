//! Ids, names that must be known, times and values.

use std::collections::BTreeMap;

use super::{RawPlace, RawSource};
use crate::check::kinds::{DUPLICATE_ID, WRONG_VALUE};
use crate::diagnostic::{Finding, FindingKind, suggest};
use crate::model::{FieldType, IdError, Moment, Scalar, Value, ValueError, Zone};
use crate::raw::kinds::BAD_ID;
use crate::text::{LocalText, Span, quoted};

/// Ids seen so far and where; a second one of the same name is a finding.
#[derive(Default)]
pub struct SeenIds {
    spans: BTreeMap<String, Span>,
}

impl SeenIds {
    /// Notes an id; returns whether it is new.
    pub fn note(&mut self, source: &mut impl RawSource, what: (&str, &str), id: &str, span: Span) -> bool {
        let Some(first) = self.spans.get(id) else {
            self.spans.insert(id.to_owned(), span);
            return true;
        };
        let (en, zh) = what;
        let message = LocalText::new(format!("the {en} `{id}` appears twice here"), format!("{zh} `{id}` 重复出现"));
        let help = LocalText::new("rename one of them, or remove it", "请给其中一个改名，或删除");
        let note = LocalText::new("the first one is here", "第一次出现在此处");
        source.wrong(Finding::new(DUPLICATE_ID, span, message).with_help(help).with_note(*first, note));
        false
    }
}

/// An id of the right form, or a finding.
pub fn id<T>(source: &mut impl RawSource, made: Result<T, IdError>, span: Span) -> Option<T> {
    made.map_err(|error| {
        let message = LocalText::new(error.to_string(), format!("`{}` 不能用作标识", error.text));
        let help = LocalText::new(format!("write {}", error.wanted), id_help_zh(error.wanted));
        source.wrong(Finding::new(BAD_ID, span, message).with_help(help));
    })
    .ok()
}

fn id_help_zh(wanted: &str) -> &'static str {
    if wanted.contains("upper") {
        "请用大写字母开头，仅含大写字母、数字和 `_`，至多 64 个字符"
    } else if wanted.contains("one to four words") {
        "请写成 `customer.age` 这样的字段名：一至四个由字母、数字和 `_` 组成的词，以点分隔"
    } else if wanted.contains("one to three words") {
        "请写一至三个由字母、数字和 `_` 组成的词，以点分隔"
    } else if wanted.contains("a word of letters") {
        "请写由字母、数字和 `_` 组成的词，数字之前须有字母，至多 64 个字符"
    } else {
        "请用小写字母开头，仅含小写字母、数字和 `_`，至多 64 个字符"
    }
}

/// Reports a name that is not among the known ones.
pub fn unknown<'n>(
    source: &mut impl RawSource,
    kind: &'static FindingKind,
    what: (&str, &str),
    name: &str,
    span: Span,
    known: impl Iterator<Item = &'n str> + Clone,
) {
    let (en, zh) = what;
    let message = LocalText::new(format!("there is no {en} `{name}`"), format!("没有名为 `{name}` 的{zh}"));
    source.wrong(with_quoted_fix(suggest(Finding::new(kind, span, message), name, known)));
}

/// A time with its offset, or a finding.
pub(super) fn moment(source: &mut impl RawSource, text: Option<&String>, at: &impl RawPlace) -> Option<Moment> {
    let text = text?;
    Moment::try_from(text.clone())
        .map_err(|_| {
            let message =
                LocalText::new(format!("`{text}` is not a time with an offset"), format!("`{text}` 不是带时区偏移的时间"));
            let help = LocalText::new("write it like `2014-03-24T00:00:00+08:00`", "请写成 `2014-03-24T00:00:00+08:00` 的形式");
            source.wrong(Finding::new(WRONG_VALUE, at.span(), message).with_help(help));
        })
        .ok()
}

/// A value of a type, or a finding; `()` gives [`Value::Missing`].
pub(super) fn value(
    source: &mut impl RawSource,
    kind: &FieldType,
    scalar: &Scalar,
    zone: Zone,
    at: &impl RawPlace,
) -> Option<Value> {
    if let Some(word) = at.bare_word() {
        source.wrong(bare_word(word, at.span()));
        return None;
    }
    match Value::from_scalar(kind, scalar, zone) {
        Ok(value) => Some(value),
        Err(error) => {
            source.wrong(wrong_value(kind, &error, at));
            None
        }
    }
}

/// A finding for a word where a value is wanted: without this, a text that lacks its quotes would read as missing.
#[must_use]
pub fn bare_word(word: &str, span: Span) -> Finding {
    let message = LocalText::new(format!("`{word}` is no value"), format!("`{word}` 不是有效的值"));
    let help = LocalText::new(format!("did you mean the text `\"{word}\"`?"), format!("是否想写文本 `\"{word}\"`？"));
    Finding::new(WRONG_VALUE, span, message).with_help(help).with_fix(span, quoted(word))
}

/// A finding for a value that does not fit its type.
pub fn wrong_value(kind: &FieldType, error: &ValueError, at: &impl RawPlace) -> Finding {
    let (shown, span) = (at.shown(), at.span());
    if let (ValueError::NotInEnum, FieldType::Enum(values)) = (error, kind) {
        let message = LocalText::new(format!("`{shown}` is not one of the allowed values"), format!("`{shown}` 不是允许的取值"));
        let finding = Finding::new(WRONG_VALUE, span, message);
        return with_quoted_fix(suggest(finding, shown.trim_matches('"'), values.names()));
    }
    let name = kind.name();
    let message = LocalText::new(format!("`{shown}` is not a value of type `{name}`"), format!("`{shown}` 不是类型 `{name}` 的值"));
    let form = kind.spec().ron_form;
    let help = LocalText::new(format!("write {}", form.en), format!("请写{}", form.zh));
    Finding::new(WRONG_VALUE, span, message).with_help(help)
}

/// The quotes belong to the text that a fix replaces.
fn with_quoted_fix(finding: Finding) -> Finding {
    match finding.fix.clone() {
        Some(fix) => finding.with_fix(fix.span, quoted(&fix.replacement)),
        None => finding,
    }
}
