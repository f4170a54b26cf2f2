//! Words and numbers on the page: escaped, in both languages, figures grouped and never rounded up to what they are not.

use std::fmt::{Display, Write as _};

use crate::decisions::Ratio;
use countersign_core::text::{LocalText, reveal};

/// Text with everything escaped that HTML or an attribute could take for markup; hidden characters are written out.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in reveal(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Words in both languages, of which the page shows one; words that are the same in both stand once. Words are escaped.
pub(crate) fn both(text: &LocalText) -> String {
    let text = LocalText::new(text.get(countersign_core::text::Language::En), text.get(countersign_core::text::Language::Zh));
    if text.en == text.zh { escape(&text.en) } else { markup(&escape(&text.en), &escape(&text.zh)) }
}

/// Words in both languages.
pub(crate) fn say(en: &str, zh: &str) -> String {
    both(&LocalText::new(en, zh))
}

/// Markup in both languages, not escaped.
pub(crate) fn markup(en: &str, zh: &str) -> String {
    format!("<span class=\"en\" lang=\"en\">{en}</span><span class=\"zh\" lang=\"zh-CN\">{zh}</span>")
}

/// The same inside a drawing.
pub(crate) fn drawn(x: &str, y: &str, class: &str, en: &str, zh: &str) -> String {
    let (en, zh) = (escape(en), escape(zh));
    if en == zh {
        return format!("<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{en}</text>");
    }
    format!(
        "<text x=\"{x}\" y=\"{y}\" class=\"{class} en\" lang=\"en\">{en}</text><text x=\"{x}\" y=\"{y}\" class=\"{class} zh\" lang=\"zh-CN\">{zh}</text>"
    )
}

/// A whole number with its thousands apart: `1,234,567`.
pub(crate) fn count(number: impl Display) -> String {
    countersign_core::text::grouped(number).replacen('-', "−", 1)
}

/// `1 row`, `2 rows`.
pub(crate) fn plural(number: u64, one: &str, many: &str) -> String {
    countersign_core::text::counted(number, one, many)
}

/// A number in a table's cell: nothing is a quiet dash.
pub(crate) fn cell(number: u64) -> String {
    if number == 0 { "<span class=\"nil\">–</span>".to_owned() } else { count(number) }
}

/// An amount in yuan with its fen: `1,234.50`.
pub(crate) fn yuan(fen: i128) -> String {
    countersign_core::text::yuan(fen).replacen('-', "−", 1)
}

/// An amount in a table's cell.
pub(crate) fn yuan_cell(fen: i128) -> String {
    if fen == 0 { "<span class=\"nil\">–</span>".to_owned() } else { yuan(fen) }
}

/// A share in per cent with one decimal. What is neither nothing nor all never reads `0.0%` or `100.0%`.
pub(crate) fn share(ratio: Ratio) -> String {
    let Ratio { part, whole } = ratio;
    if whole == 0 {
        return "<span class=\"nil\">–</span>".to_owned();
    }
    let tenths = (u128::from(part) * 2_000 + u128::from(whole)) / (u128::from(whole) * 2);
    match tenths {
        0 if part > 0 => "&lt;0.1%".to_owned(),
        1_000 if part < whole => "&gt;99.9%".to_owned(),
        _ => format!("{}.{}%", tenths / 10, tenths % 10),
    }
}

/// `part` for each of `whole`, as in `2.5 : 1`.
pub(crate) fn to_one(ratio: Ratio) -> String {
    let Ratio { part, whole } = ratio;
    match (part, whole) {
        (0, 0) => "<span class=\"nil\">–</span>".to_owned(),
        (part, 0) => format!("{} : 0", count(part)),
        (part, whole) => {
            let tenths = (u128::from(part) * 20 + u128::from(whole)) / (u128::from(whole) * 2);
            format!("{}.{} : 1", count(tenths / 10), tenths % 10)
        }
    }
}

/// A number for a drawing: at most two decimals, a point, no exponent.
pub(crate) fn at(number: f64) -> String {
    let mut text = String::new();
    let _ = write!(text, "{number:.2}");
    let trimmed = text.trim_end_matches('0').trim_end_matches('.');
    if trimmed.is_empty() || trimmed == "-0" { "0".to_owned() } else { trimmed.to_owned() }
}

/// `2014-03-24T00:00:00+08:00` as `2014-03-24 00:00:00`; the page names the zone once.
pub(crate) fn plain_time(time: &str) -> String {
    escape(&time.get(..19).unwrap_or(time).replace('T', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_text_stays_text() {
        assert_eq!(escape("<b a=\"1\" b='2'>&\u{7}"), "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;\\u{7}");
        assert_eq!(say("a<b", "甲"), "<span class=\"en\" lang=\"en\">a&lt;b</span><span class=\"zh\" lang=\"zh-CN\">甲</span>");
        assert_eq!(say("SIGN", "SIGN"), "SIGN");
    }

    #[test]
    fn figures_are_grouped_and_honest() {
        assert_eq!(
            (count(0), count(999), count(1_000), count(-1_234_567)),
            ("0".into(), "999".into(), "1,000".into(), "−1,234,567".into())
        );
        assert_eq!((yuan(5), yuan(-123_456)), ("0.05".to_owned(), "−1,234.56".to_owned()));
        let shares = [(0, 5), (1, 100_000), (1, 3), (2, 3), (99_999, 100_000), (5, 5), (0, 0)]
            .map(|(part, whole)| share(Ratio::new(part, whole)));
        assert_eq!(shares[..6], ["0.0%", "&lt;0.1%", "33.3%", "66.7%", "&gt;99.9%", "100.0%"].map(str::to_owned));
        assert_eq!([to_one(Ratio::new(5, 2)), to_one(Ratio::new(3, 0))], ["2.5 : 1", "3 : 0"]);
        assert_eq!([at(1.0), at(-0.001), at(12.5)], ["1", "0", "12.5"]);
    }
}
