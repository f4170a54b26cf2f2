//! Findings as JSON for other programs.
//!
//! The shape is stable: `format` is raised when a member is renamed or changes its meaning; members may be added without that.
//!
//! ```json
//! {
//!   "format": 2,
//!   "tool": { "name": "countersign", "version": "0.1.0" },
//!   "summary": { "errors": 1, "warnings": 0, "notes": 0 },
//!   "costs": [{ "target": "rules", "rule": "age", "case": "too_young", "operations": 12, "budget": 100000, "cases": 40 }],
//!   "findings": [
//!     {
//!       "id": "unknown-field",
//!       "target": "rules",
//!       "severity": "error",
//!       "message": { "en": "…", "zh": "…" },
//!       "help": { "en": "…", "zh": "…" },
//!       "place": {
//!         "file": "rules/risk/age.rhai",
//!         "start": { "byte": 12, "line": 1, "column": 13 },
//!         "end": { "byte": 16, "line": 1, "column": 17 }
//!       },
//!       "notes": [{ "message": { "en": "…", "zh": "…" }, "place": null }],
//!       "fix": { "place": { … }, "replacement": "age" }
//!     }
//!   ]
//! }
//! ```
//!
//! `target` is the workspace, release or other file that was looked at, as it was asked for. `file` is seen from the current folder, and
//! from the root of all files where it lies outside. In format 1 it was seen from the workspace.
//! `costs` has the most that a rule used of its budget of operations over the cases, for each target with cases.
//! `help`, `place` and `fix` may be `null`. Bytes count from 0, lines and columns from 1, columns in characters; `end` is just past the last one.

use serde_json::{Value, json};

use countersign_core::diagnostic::Place;
use countersign_core::diagnostic::{Finding, Severity, TargetFindings};
use countersign_core::text::{LineColumn, LocalText, Sources, Span, reveal_json};

/// Renders all findings, with the texts in both languages.
pub fn render(found: &[TargetFindings<'_>]) -> String {
    reveal_json(format!("{:#}\n", value(found)))
}

fn value(found: &[TargetFindings<'_>]) -> Value {
    let all = || found.iter().flat_map(|of| of.findings.iter().map(move |finding| (of, finding)));
    let count = |severity| all().filter(|(_, finding)| finding.severity == severity).count();
    json!({
        "format": 2,
        "tool": { "name": "countersign", "version": env!("CARGO_PKG_VERSION") },
        "summary": {
            "errors": count(Severity::Error),
            "warnings": count(Severity::Warning),
            "notes": count(Severity::Note),
        },
        "costs": found.iter().filter_map(cost).collect::<Vec<_>>(),
        "findings": all().map(|(of, finding)| one(finding, of)).collect::<Vec<_>>(),
    })
}

/// The most that a rule used of its budget.
fn cost(of: &TargetFindings<'_>) -> Option<Value> {
    let cost = of.cost?;
    Some(json!({
        "target": of.target,
        "rule": cost.rule,
        "case": cost.request,
        "operations": cost.operations,
        "budget": cost.budget,
        "cases": cost.requests,
    }))
}

fn one(finding: &Finding, TargetFindings { target, sources, .. }: &TargetFindings<'_>) -> Value {
    let note = |(span, note): &(Option<Span>, LocalText)| json!({ "message": text(note), "place": place(sources, *span) });
    json!({
        "id": finding.id(),
        "target": target,
        "severity": finding.severity.word(),
        "message": text(&finding.message),
        "help": finding.help.as_ref().map(|help| text(&help.on_command_line())),
        "place": place(sources, finding.span),
        "notes": finding.notes.iter().map(note).collect::<Vec<_>>(),
        "fix": finding.fix.as_ref().map(|fix| json!({
            "place": place(sources, Some(fix.span)),
            "replacement": fix.replacement,
        })),
    })
}

fn text(text: &LocalText) -> Value {
    json!({ "en": text.en, "zh": text.zh })
}

fn place(sources: &Sources, span: Option<Span>) -> Value {
    let (Some(place), Some(span)) = (Place::find(sources, span), span) else { return Value::Null };
    let point = |byte: u32, at: LineColumn| json!({ "byte": byte, "line": at.line, "column": at.column });
    json!({
        "file": place.file,
        "start": point(span.start, place.start),
        "end": point(span.end, place.end),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_core::check::kinds::UNKNOWN_FIELD;

    #[test]
    fn the_shape_is_the_documented_one() {
        let mut sources = Sources::default();
        let id = sources.add("risk/年龄.rhai", "年龄 agee");
        let span = Span::new(id, 7, 11);
        let finding = Finding::new(UNKNOWN_FIELD, span, LocalText::new("e", "z"))
            .with_help(LocalText::new("h", "帮"))
            .with_note(None, LocalText::same("n"))
            .with_fix(span, "age");
        let place = json!({
            "file": "risk/年龄.rhai",
            "start": { "byte": 7, "line": 1, "column": 4 },
            "end": { "byte": 11, "line": 1, "column": 8 },
        });
        let expected = json!([{
            "id": "unknown-field",
            "target": "rules",
            "severity": "error",
            "message": { "en": "e", "zh": "z" },
            "help": { "en": "h", "zh": "帮" },
            "place": place,
            "notes": [{ "message": { "en": "n", "zh": "n" }, "place": null }],
            "fix": { "place": place, "replacement": "age" },
        }]);
        let all = value(&[TargetFindings { target: "rules", findings: &[finding], sources: &sources, cost: None }]);
        assert_eq!(all["findings"], expected);
        assert_eq!(all["summary"], json!({ "errors": 1, "warnings": 0, "notes": 0 }));
        assert!(render(&[]).ends_with("}\n"));
    }
}
