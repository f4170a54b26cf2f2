//! The options of an `allowed_signers` line: `namespaces="…"`, `valid-after="…"`, `valid-before="…"`.

use super::line::{OptionPart, form};
use crate::diagnostic::Finding;
use crate::model::{Timestamp, Zone};
use crate::release::refusal;
use crate::text::LocalText;

/// What a line allows its key for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::release) struct SignerOptions {
    /// Patterns of namespaces; any where not written.
    pub namespaces: Option<Vec<String>>,
    /// Not good before this.
    pub valid_after: Option<Timestamp>,
    /// Not good after this.
    pub valid_before: Option<Timestamp>,
}

/// Reads comma-separated options.
pub(super) fn read_options(part: OptionPart<'_>) -> Result<SignerOptions, Box<Finding>> {
    let mut options = SignerOptions::default();
    for option in split(part) {
        let (name, value) = match option.text.find('=') {
            Some(at) => (option.cut(0, at), Some(option.cut(at + 1, option.text.len()))),
            None => (option, None),
        };
        let twice = match name.text.to_ascii_lowercase().as_str() {
            "namespaces" => {
                let patterns = quoted(option, value)?.text.split(',').map(str::to_owned).collect();
                options.namespaces.replace(patterns).is_some()
            }
            "valid-after" => options.valid_after.replace(time(quoted(option, value)?)?).is_some(),
            "valid-before" => options.valid_before.replace(time(quoted(option, value)?)?).is_some(),
            "cert-authority" => return Err(authority(name)),
            _ => return Err(unknown(name)),
        };
        if twice {
            let message = LocalText::new(format!("`{}` appears twice", name.text), format!("`{}` 出现了两次", name.text));
            return Err(name.wrong(refusal::SIGNERS_OPTION, message, form()));
        }
    }
    if let (Some(after), Some(before)) = (options.valid_after, options.valid_before)
        && after > before
    {
        let message = LocalText::new("the key is never valid: it ends before it begins", "密钥永远无效：截止时间早于起始时间");
        return Err(part.wrong(refusal::SIGNERS_OPTION, message, form()));
    }
    Ok(options)
}

/// Options at their commas, those within quotes left alone.
fn split(part: OptionPart<'_>) -> Vec<OptionPart<'_>> {
    let (mut quoted, mut start, mut found) = (false, 0, Vec::new());
    for (at, c) in part.text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                found.push(part.cut(start, at));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(part.cut(start, part.text.len()));
    found
}

/// A value's text within its quotes.
fn quoted<'a>(option: OptionPart<'a>, value: Option<OptionPart<'a>>) -> Result<OptionPart<'a>, Box<Finding>> {
    let inside = value.filter(|value| value.text.len() > 2 && value.text.starts_with('"') && value.text.ends_with('"'));
    let inside = inside.map(|value| value.cut(1, value.text.len() - 1)).filter(|value| !value.text.contains(['"', '\\']));
    inside.ok_or_else(|| {
        let message = LocalText::new("the option needs a value in quotes", "该选项需要带引号的值");
        option.wrong(refusal::SIGNERS_OPTION, message, form())
    })
}

/// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, and `Z`.
fn time(part: OptionPart<'_>) -> Result<Timestamp, Box<Finding>> {
    let wrong = |message, help| Err(part.wrong(refusal::SIGNERS_OPTION, message, help));
    let help = || {
        LocalText::new(
            "write it in universal time as `20240131Z` or `20240131235959Z`",
            "请用协调世界时书写，例如 `20240131Z` 或 `20240131235959Z`",
        )
    };
    let Some(digits) = part.text.strip_suffix('Z') else {
        let message = LocalText::new(
            format!("`{}` is another moment on each machine: it has no `Z`", part.text),
            format!("`{}` 没有 `Z`，在不同机器上表示不同的时刻", part.text),
        );
        return wrong(message, help());
    };
    let not = || LocalText::new(format!("`{}` is not a time", part.text), format!("`{}` 不是时间", part.text));
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(digits.len(), 8 | 12 | 14) {
        return wrong(not(), help());
    }
    let at = |from: usize| digits.get(from..from + 2).unwrap_or("00");
    let text = format!("{}-{}-{}T{}:{}:{}", digits.get(..4).unwrap_or(""), at(4), at(6), at(8), at(10), at(12));
    Zone::default().parse_time(&text).map_or_else(|| wrong(not(), help()), Ok)
}

fn authority(name: OptionPart<'_>) -> Box<Finding> {
    let message = LocalText::new("certificate authorities are not supported", "不支持证书颁发机构（cert-authority）");
    let help = LocalText::new("list each person's own key on a line of its own", "请为每个人单独列出一行其本人的公钥");
    name.wrong(refusal::SIGNERS_AUTHORITY, message, help)
}

fn unknown(name: OptionPart<'_>) -> Box<Finding> {
    let message = LocalText::new(
        format!("`{}` is neither an option nor a type of key", name.text),
        format!("`{}` 既不是选项，也不是密钥类型", name.text),
    );
    let help = LocalText::new(
        "options are `namespaces=\"…\"`, `valid-after=\"…\"` and `valid-before=\"…\"`",
        "可用选项为 `namespaces=\"…\"`、`valid-after=\"…\"` 和 `valid-before=\"…\"`",
    );
    name.wrong(refusal::SIGNERS_OPTION, message, help)
}
