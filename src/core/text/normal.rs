//! The one form in which text values are compared: requests, lists, cases and mappings all go through it. `docs/texts.md` documents it.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The normal form of a text; `None` where the text is in it already. It may be empty: then there is no value.
#[inline]
#[must_use]
pub fn normal(text: &str) -> Option<Cow<'_, str>> {
    if is_plain(text.as_bytes()) { None } else { changed(text) }
}

/// The normal form of a text.
#[inline]
#[must_use]
pub fn normalized(text: &str) -> Cow<'_, str> {
    normal(text).unwrap_or(Cow::Borrowed(text))
}

/// A text with everything but plain blanks that cannot be seen written as its number: `a\u{a0}`.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c != ' ' && is_blank(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Whether a text is in normal form for certain: ASCII that neither begins nor ends with something that is taken away.
#[inline]
fn is_plain(text: &[u8]) -> bool {
    let (Some(first), Some(last)) = (text.first(), text.last()) else { return true };
    first.is_ascii_graphic() && last.is_ascii_graphic() && !matches!(first, b'\'' | b'=') && text.is_ascii()
}

fn changed(text: &str) -> Option<Cow<'_, str>> {
    let composed = if text.chars().all(is_composed) { Cow::Borrowed(text) } else { composed(text) };
    let found = match composed {
        Cow::Borrowed(text) => unwrapped(text),
        Cow::Owned(text) => Cow::Owned(unwrapped(&text).into_owned()),
    };
    (found != text).then_some(found)
}

/// Without invisible characters, in NFC.
fn composed(text: &str) -> Cow<'_, str> {
    Cow::Owned(text.chars().filter(|c| !is_invisible(*c)).nfc().collect())
}

/// Whether a character never changes by NFC, whatever is before or after it, and can be seen: ASCII and common Chinese.
fn is_composed(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{3000}'..='\u{3002}' | '\u{4e00}'..='\u{9fff}')
}

/// Without outer white space and what spreadsheets put round a text.
fn unwrapped(text: &str) -> Cow<'_, str> {
    let mut inner = text;
    loop {
        let next = inner.trim_matches(is_outer).trim_start_matches('\'');
        if next.len() == inner.len() {
            break;
        }
        inner = next;
    }
    // Every level doubles the quotes inside: there are few.
    match inner.strip_prefix("=\"").and_then(|inner| inner.strip_suffix('"')).and_then(unquoted) {
        Some(held) => Cow::Owned(unwrapped(&held).into_owned()),
        None => Cow::Borrowed(inner),
    }
}

/// The text of `="…"`, in which quotes are doubled; none where they are not: then it is a formula.
fn unquoted(inner: &str) -> Option<String> {
    let plain = inner.replace("\"\"", "");
    (!plain.contains('"')).then(|| inner.replace("\"\"", "\""))
}

/// Whether nothing of a character can be seen.
#[must_use]
pub fn is_blank(c: char) -> bool {
    is_outer(c) || is_invisible(c)
}

fn is_outer(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// What Unicode calls default ignorable: zero-width characters, byte order marks, soft hyphens, marks of direction, selectors of variants.
fn is_invisible(c: char) -> bool {
    matches!(
        u32::from(c),
        0xad | 0x34f
            | 0x61c
            | 0x115f..=0x1160
            | 0x17b4..=0x17b5
            | 0x180b..=0x180f
            | 0x200b..=0x200f
            | 0x202a..=0x202e
            | 0x2060..=0x206f
            | 0x3164
            | 0xfe00..=0xfe0f
            | 0xfeff
            | 0xffa0
            | 0xfff0..=0xfff8
            | 0x1_bca0..=0x1_bca3
            | 0x1_d173..=0x1_d17a
            | 0xe_0000..=0xe_0fff
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pairs of a text and its normal form; the documentation shows the same ones.
    const PAIRS: &str = include_str!("normal.txt");

    #[test]
    fn texts_have_the_documented_normal_form() {
        let mut pairs = 0;
        for line in PAIRS.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
            let (given, wanted) = line.split_once(" -> ").unwrap();
            let [given, wanted] = [given, wanted].map(|part| part.replace("\\t", "\t").replace("\\n", "\n"));
            let [given, wanted] = [given, wanted].map(|part| escaped(part.strip_prefix('|').unwrap().strip_suffix('|').unwrap()));
            assert_eq!(normalized(&given), wanted, "{line}");
            assert_eq!(normal(&given).is_none(), given == wanted, "{line}");
            pairs += 1;
        }
        assert!(pairs > 30);
    }

    /// `{A0}` is the character of that number.
    fn escaped(text: &str) -> String {
        let mut parts = text.split('{');
        let mut made = parts.next().unwrap().to_owned();
        for part in parts {
            let (number, rest) = part.split_once('}').unwrap();
            made.push(char::from_u32(u32::from_str_radix(number, 16).unwrap()).unwrap());
            made.push_str(rest);
        }
        made
    }

    #[test]
    fn invisible_characters_are_shown() {
        assert_eq!(visible("a b\u{a0}\u{200b}名\t"), "a b\\u{a0}\\u{200b}名\\u{9}");
    }

    proptest! {
        #[test]
        fn the_normal_form_of_a_normal_form_is_itself(text in "([ '=\"a\u{a0}\u{200b}\u{301}\u{feff}\u{3000}名éA\u{30a}\t]|\\PC){0,12}") {
            let once = normalized(&text).into_owned();
            prop_assert_eq!(normal(&once), None, "{:?}", text);
            prop_assert!(!once.starts_with([' ', '\'', '\u{a0}', '\u{feff}']) && !once.ends_with([' ', '\u{200b}', '\u{3000}']), "{:?}", text);
        }

        #[test]
        fn visible_text_without_outer_blanks_stays(text in "[a-zA-Z0-9名单#][a-zA-Z0-9 名单#=']{0,12}[a-zA-Z0-9名单#]") {
            prop_assert_eq!(normal(&text), None);
        }
    }
}
