//! Pieces that several sections use: verdicts with icon and word, rules with title and id, tables, terms.

use super::text::{both, escape, markup, say};
use crate::MatchedRule;
use countersign_core::model::{RuleId, Verdict};
use countersign_core::text::LocalText;

/// The icons, drawn once; every verdict refers to its own.
pub(super) const ICONS: &str = include_str!("icons.svg");

/// Why a request is decided as it is, under what it is decided.
pub(super) fn why(text: &LocalText) -> String {
    // What stands between backticks is the user's own.
    let coded = |text: &str| -> String {
        let part = |(at, part): (usize, &str)| if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() };
        escape(text).split('`').enumerate().map(part).collect()
    };
    format!("<span class=\"why\">{}</span>", markup(&coded(&text.en), &coded(&text.zh)))
}

/// A verdict with its icon and word.
pub(super) fn verdict(verdict: Verdict) -> String {
    let (word, text) = (verdict.word(), both(&verdict.text()));
    format!("<span class=\"v v-{word}\"><svg aria-hidden=\"true\"><use href=\"#i-{word}\"/></svg>{text}</span>")
}

pub(super) fn known_verdict(word: &str) -> Verdict {
    Verdict::ALL.into_iter().find(|verdict| verdict.word() == word).unwrap_or_default()
}

/// A rule with its name for people and its id.
pub(super) fn rule(id: &RuleId, title: &LocalText) -> String {
    format!("{}<span class=\"id\">{}</span>", both(title), escape(id.as_str()))
}

/// A rule of a comparison, with what became of it.
pub(super) fn cause(known: &MatchedRule) -> String {
    let (title, change) = (both(&known.title), both(&known.change.text()));
    format!(
        "<div class=\"rule\">{title} <span class=\"tag\">{change}</span><span class=\"id\">{}</span></div>",
        escape(known.rule.as_str())
    )
}

/// A table: heads with whether they stand over figures, and rows of markup.
pub(super) fn table(heads: &[(bool, String)], rows: &str) -> String {
    let cell =
        |(figures, text): &(bool, String)| format!("<th scope=\"col\"{}>{text}</th>", if *figures { " class=\"n\"" } else { "" });
    let heads: String = heads.iter().map(cell).collect();
    format!("<div class=\"scroll\"><table><thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table></div>\n")
}

/// A table as wide as its words.
pub(super) fn narrow(heads: &[(bool, String)], rows: &str) -> String {
    table(heads, rows).replacen("<table>", "<table class=\"narrow\">", 1)
}

/// `1 customer`, `2 customers`.
pub(super) fn customers(number: u64) -> String {
    let (shown, word) = (super::text::count(number), if number == 1 { "customer" } else { "customers" });
    markup(&format!("{shown} {word}"), &format!("{shown} 位客户"))
}

pub(super) fn words(en: &str, zh: &str) -> (bool, String) {
    (false, say(en, zh))
}

pub(super) fn figures(en: &str, zh: &str) -> (bool, String) {
    (true, say(en, zh))
}

pub(super) fn n(markup: &str) -> String {
    format!("<td class=\"n\">{markup}</td>")
}

pub(super) fn td(markup: &str) -> String {
    format!("<td>{markup}</td>")
}

/// A paragraph of small print; both texts are markup.
pub(super) fn note(en: &str, zh: &str) -> String {
    format!("<p class=\"note\">{}</p>\n", markup(en, zh))
}

/// A paragraph under a heading; both texts are markup.
pub(super) fn lead(en: &str, zh: &str) -> String {
    format!("<p class=\"lead\">{}</p>\n", markup(en, zh))
}

/// A heading inside a section.
pub(super) fn h3(en: &str, zh: &str) -> String {
    format!("<h3>{}</h3>\n", say(en, zh))
}
