//! Findings that the renderers' tests share.

use countersign_core::diagnostic::{Documentation, Example, Finding, Severity};
use countersign_core::text::{LocalText, Sources, Span, StaticText};

/// The documentation of the first of [`findings`].
pub(super) const DOCUMENTATION: Documentation = Documentation {
    id: "unknown-field",
    severity: Severity::Error,
    title: StaticText::new("a field that is not in the schema", "字段不在请求结构中"),
    what: StaticText::new("Finds it.", "找出它。"),
    why: StaticText::new("It matters.", "很重要。"),
    example: Example::Script { wrong: "a <b> `c`", right: "b" },
    remedy: StaticText::new("Fix it.", "修正它。"),
};

/// An error with everything a finding can have, and a note with nothing.
pub(super) fn findings() -> (Sources, Vec<Finding>) {
    let mut sources = Sources::default();
    let id = sources.add("risk/年 a.rhai", "// 年\n  agee > 1\n");
    let span = Span::new(id, 9, 13);
    let error = Finding::error("unknown-field", span, LocalText::new("`agee` & <co>", "`agee` 有误"))
        .with_help(LocalText::new("did you mean `age`?", "是否想写 `age`？"))
        .with_note(Span::new(id, 0, 6), LocalText::same("n"))
        .with_note(None, LocalText::same("without a place"))
        .with_fix(span, "age");
    (sources, vec![error, Finding::new("odd", Severity::Note, None, LocalText::same("nothing"))])
}
