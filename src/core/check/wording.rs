//! Parts of messages that several checks share.

use super::context::Context;
use crate::diagnostic::{Finding, suggest};
use crate::text::{LocalText, Span};

/// Like [`suggest`], for a name in quotes: the fix keeps them.
pub(super) fn suggest_quoted<'n>(
    cx: &Context<'_>,
    finding: Finding,
    name: &str,
    known: impl Iterator<Item = &'n str> + Clone,
) -> Finding {
    let mut finding = suggest(finding, name, known);
    if let Some(fix) = &mut finding.fix
        && let Some(quote @ ('"' | '`')) = cx.text(fix.span).chars().next()
    {
        fix.replacement = format!("{quote}{}{quote}", fix.replacement);
    }
    finding
}

/// A script's text in one line, cut where it is long.
pub(super) fn in_one_line(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST { line } else { line.chars().take(LONGEST).chain(['…']).collect() }
}

/// Adds a note with the call in the rule's own script, for a finding inside a shared function.
pub(super) fn with_call_site(finding: Finding, call: Option<Span>) -> Finding {
    match call {
        Some(call) => finding.with_note(call, LocalText::new("called from here", "在此处调用")),
        None => finding,
    }
}
