//! Findings that the renderers' tests share.

use countersign_core::check::kinds::UNKNOWN_FIELD;
use countersign_core::diagnostic::{Finding, FindingKind, Severity};
use countersign_core::text::{LocalText, Sources, Span};

const ODD: &FindingKind = &FindingKind::new("odd", Severity::Note, "", "");

/// An error with everything a finding can have, and a note with nothing.
pub(super) fn findings() -> (Sources, Vec<Finding>) {
    let mut sources = Sources::default();
    let id = sources.add("risk/年 a.rhai", "// 年\n  agee > 1\n");
    let span = Span::new(id, 9, 13);
    let error = Finding::new(UNKNOWN_FIELD, span, LocalText::new("`agee` & <co>", "`agee` 有误"))
        .with_help(LocalText::new("did you mean `age`?", "是否想写 `age`？"))
        .with_note(Span::new(id, 0, 6), LocalText::same("n"))
        .with_note(None, LocalText::same("without a place"))
        .with_fix(span, "age");
    (sources, vec![error, Finding::new(ODD, None, LocalText::same("nothing"))])
}
