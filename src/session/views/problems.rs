//! All findings as rows: what is wrong, where, and the remedy as an action.

use crate::draft::ScriptRef;
use crate::{Action, FileAction, OpenState, ScriptAction, SelectAction, Session};
use countersign_core::diagnostic::{Finding, Help, Severity};
use countersign_core::text::{LineColumn, LocalText, Sources, Span};

/// A finding as a row.
#[derive(Clone, Debug, PartialEq)]
pub struct ProblemRow {
    pub at: usize,
    /// The id of what is wrong.
    pub id: &'static str,
    pub severity: Severity,
    pub message: LocalText,
    pub help: Option<LocalText>,
    /// The file and place; none for what has no text.
    pub place: Option<(String, LineColumn)>,
    /// The script it lies in, with its bytes.
    pub script: Option<(ScriptRef, Span)>,
    /// What fixes it with one click, and the words of the button.
    pub remedy: Option<(Action, LocalText)>,
    pub jump: Action,
}

/// Every finding, errors first, otherwise in order of place.
pub fn problems(session: &Session) -> Vec<ProblemRow> {
    let sources = match session.document().opened() {
        OpenState::Unreadable(broken) => &broken.sources,
        _ => match session.check().value {
            Some(checked) => &checked.definition.sources,
            None => return Vec::new(),
        },
    };
    let findings = session.findings().iter().enumerate();
    let mut all: Vec<ProblemRow> = findings.map(|(at, finding)| problem(session, sources, at, finding)).collect();
    all.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    all
}

/// The findings in one script, for marks under its text.
pub fn in_script(session: &Session, script: &ScriptRef) -> Vec<ProblemRow> {
    let mut all = problems(session);
    all.retain(|problem| problem.script.as_ref().is_some_and(|(held, _)| held == script));
    all
}

fn problem(session: &Session, sources: &Sources, at: usize, finding: &Finding) -> ProblemRow {
    let source = finding.span.and_then(|span| sources.get(span.source));
    let place = source.zip(finding.span).map(|(source, span)| (source.name().to_owned(), source.line_column(span.start)));
    let script = finding.span.and_then(|span| Some((session.document().draft().script_of(span.source)?, span)));
    ProblemRow {
        at,
        id: finding.id(),
        severity: finding.severity,
        message: finding.message.clone(),
        help: finding.help.as_ref().map(Help::in_window),
        place,
        script,
        remedy: remedy(session, sources, finding),
        jump: Action::Select(SelectAction::Finding(at)),
    }
}

fn remedy(session: &Session, sources: &Sources, finding: &Finding) -> Option<(Action, LocalText)> {
    let fix = finding.fix.as_ref()?;
    let source = sources.get(fix.span.source)?;
    let was = source.slice(fix.span);
    let with = fix.replacement.clone();
    let words = if with.is_empty() {
        LocalText::new(format!("remove `{was}`"), format!("删除 `{was}`"))
    } else {
        LocalText::new(format!("replace with `{with}`"), format!("替换为 `{with}`"))
    };
    if let Some(script) = session.document().draft().script_of(fix.span.source) {
        let (start, end) = (fix.span.start, fix.span.end);
        return Some((Action::Script(ScriptAction::Replace { script, start, end, was: was.to_owned(), with }), words));
    }
    session.unreadable()?;
    // Only the texts of a workspace that could not be understood have remedies outside scripts.
    let mut text = source.text().to_string();
    text.get(fix.span.range())?;
    text.replace_range(fix.span.range(), &with);
    Some((Action::File(FileAction::EditText(source.name().to_owned(), text)), words))
}
