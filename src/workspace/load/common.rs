//! What several parts of a load need: ids, names that must be known, times and values.

use std::collections::BTreeMap;

use crate::at::At;
use crate::kinds::BAD_ID;
use crate::read::Reader;
use crate::ron_tree::quote;
use countersign_core::check::kinds::{DUPLICATE_ID, WRONG_VALUE};
use countersign_core::diagnostic::FindingKind;
use countersign_core::diagnostic::{Finding, suggest};
use countersign_core::model::{FieldType, IdError, Moment, Scalar, Value, ValueError, Zone};
use countersign_core::text::{LocalText, Span};

/// Ids seen so far and where; a second one of the same name is a finding.
#[derive(Default)]
pub(super) struct Seen {
    spans: BTreeMap<String, Span>,
}

impl Seen {
    /// Notes an id; says whether it is new.
    pub(super) fn note(&mut self, reader: &mut Reader<'_>, what: (&str, &str), id: &str, span: Span) -> bool {
        let Some(first) = self.spans.get(id) else {
            self.spans.insert(id.to_owned(), span);
            return true;
        };
        let (en, zh) = what;
        let message = LocalText::new(format!("the {en} `{id}` appears twice here"), format!("{zh} `{id}` 重复出现"));
        let help = LocalText::new("rename one of them, or remove it", "请给其中一个改名，或删除");
        let note = LocalText::new("the first one is here", "第一次出现在此处");
        reader.wrong(Finding::new(DUPLICATE_ID, span, message).with_help(help).with_note(*first, note));
        false
    }
}

/// An id of the right form, or a finding.
pub(super) fn id<T>(reader: &mut Reader<'_>, made: Result<T, IdError>, span: Span) -> Option<T> {
    made.map_err(|error| {
        let message = LocalText::new(error.to_string(), format!("`{}` 不能用作标识", error.text));
        let help = LocalText::new(format!("write {}", error.wanted), id_help_zh(error.wanted));
        reader.wrong(Finding::new(BAD_ID, span, message).with_help(help));
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
pub(super) fn unknown<'n>(
    reader: &mut Reader<'_>,
    kind: &'static FindingKind,
    what: (&str, &str),
    name: &str,
    span: Span,
    known: impl Iterator<Item = &'n str> + Clone,
) {
    let (en, zh) = what;
    let message = LocalText::new(format!("there is no {en} `{name}`"), format!("没有名为 `{name}` 的{zh}"));
    reader.wrong(quoted_fix(suggest(Finding::new(kind, span, message), name, known)));
}

/// A time with its offset, or a finding.
pub(super) fn moment(reader: &mut Reader<'_>, text: Option<&String>, at: At<'_>) -> Option<Moment> {
    let text = text?;
    Moment::try_from(text.clone())
        .map_err(|_| {
            let message =
                LocalText::new(format!("`{text}` is not a time with an offset"), format!("`{text}` 不是带时区偏移的时间"));
            let help = LocalText::new("write it like `2014-03-24T00:00:00+08:00`", "请写成 `2014-03-24T00:00:00+08:00` 的形式");
            reader.wrong(Finding::new(WRONG_VALUE, at.span(), message).with_help(help));
        })
        .ok()
}

/// A value of a type, or a finding; `()` gives [`Value::Missing`].
pub(super) fn value(reader: &mut Reader<'_>, kind: &FieldType, scalar: &Scalar, zone: Zone, at: At<'_>) -> Option<Value> {
    if let Some(word) = at.bare_word() {
        reader.wrong(bare_word(word, at.span()));
        return None;
    }
    match Value::from_scalar(kind, scalar, zone) {
        Ok(value) => Some(value),
        Err(error) => {
            reader.wrong(wrong_value(kind, &error, at));
            None
        }
    }
}

/// A finding for a word where a value is wanted: without this, a text that lacks its quotes would read as missing.
pub(super) fn bare_word(word: &str, span: Span) -> Finding {
    let message = LocalText::new(format!("`{word}` is no value"), format!("`{word}` 不是有效的值"));
    let help = LocalText::new(format!("did you mean the text `\"{word}\"`?"), format!("是否想写文本 `\"{word}\"`？"));
    Finding::new(WRONG_VALUE, span, message).with_help(help).with_fix(span, quote(word))
}

/// A finding for a value that does not fit its type.
pub(super) fn wrong_value(kind: &FieldType, error: &ValueError, at: At<'_>) -> Finding {
    let (shown, span) = (at.shown(), at.span());
    if let (ValueError::NotInEnum, FieldType::Enum(values)) = (error, kind) {
        let message = LocalText::new(format!("`{shown}` is not one of the allowed values"), format!("`{shown}` 不是允许的取值"));
        let finding = Finding::new(WRONG_VALUE, span, message);
        return quoted_fix(suggest(finding, at.plain().unwrap_or_default(), values.names()));
    }
    let name = kind.name();
    let message = LocalText::new(format!("`{shown}` is not a value of type `{name}`"), format!("`{shown}` 不是类型 `{name}` 的值"));
    let help = LocalText::new(format!("write {}", kind.looks_like()), format!("请写{}", looks_like_zh(kind)));
    Finding::new(WRONG_VALUE, span, message).with_help(help)
}

/// The quotes belong to the text that a fix replaces.
fn quoted_fix(finding: Finding) -> Finding {
    match finding.fix.clone() {
        Some(fix) => finding.with_fix(fix.span, quote(&fix.replacement)),
        None => finding,
    }
}

fn looks_like_zh(kind: &FieldType) -> &'static str {
    match kind {
        FieldType::Bool => " `true` 或 `false`",
        FieldType::Int => "整数，例如 `42`",
        FieldType::Money => "带引号的金额（元），例如 `\"5000.00\"`",
        FieldType::Float => "数字，例如 `0.5`",
        FieldType::Text => "带引号的文本",
        FieldType::Enum(_) => "带引号的枚举值",
        FieldType::Time => "带引号的时间，例如 `\"2014-03-24T00:00:00\"`",
    }
}
