//! Selection and jumps.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Session;
use crate::document::OpenState;
use crate::draft::ScriptRef;
use crate::jobs::check::CheckDraft;
use countersign_core::model::{RuleId, StageId};
use countersign_core::text::LocalText;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SelectAction {
    /// One rule alone, with its script.
    Rule(RuleId),
    /// Marks a rule too, or no more.
    ToggleRule(RuleId),
    /// Just these rules; the first is shown.
    Rules(BTreeSet<RuleId>),
    Stage(StageId),
    Script(ScriptRef),
    /// A file to be edited as text, while the workspace cannot be understood.
    File(String),
    /// A place in a script: bytes from, to.
    Jump(ScriptRef, u32, u32),
    /// The editor has put its cursor where it was asked to.
    Reached,
    /// A request, by its row.
    Request(u32),
    NoRequest,
    Case(RuleId),
    /// The finding at that position of the shown findings.
    Finding(usize),
}

pub(super) fn apply(session: &mut Session, action: SelectAction) -> Result<(), LocalText> {
    session.document.end_edit_step();
    let selection = &mut session.view.selection;
    match action {
        SelectAction::Rule(rule) => {
            selection.rules = BTreeSet::from([rule.clone()]);
            selection.script = Some(ScriptRef::Rule(rule.clone()));
            (selection.rule, selection.stage, selection.jump) = (Some(rule), None, None);
        }
        SelectAction::ToggleRule(rule) => {
            if !selection.rules.remove(&rule) {
                selection.rules.insert(rule.clone());
                selection.rule = Some(rule);
            }
        }
        SelectAction::Rules(rules) => {
            selection.rule = rules.first().cloned();
            selection.rules = rules;
        }
        SelectAction::Stage(stage) => (selection.stage, selection.rule) = (Some(stage), None),
        SelectAction::Script(script) => show(session, script, None),
        SelectAction::File(file) => (selection.file, selection.jump) = (Some(file), None),
        SelectAction::Jump(script, from, to) => show(session, script, Some((from, to))),
        SelectAction::Reached => selection.jump = None,
        SelectAction::Request(row) => selection.request = Some(row),
        SelectAction::NoRequest => selection.request = None,
        SelectAction::Case(case) => selection.case = Some(case),
        SelectAction::Finding(at) => return jump_to_finding(session, at),
    }
    Ok(())
}

fn show(session: &mut Session, script: ScriptRef, jump: Option<(u32, u32)>) {
    let selection = &mut session.view.selection;
    if let ScriptRef::Rule(rule) = &script {
        (selection.rule, selection.stage) = (Some(rule.clone()), None);
        selection.rules = BTreeSet::from([rule.clone()]);
    }
    (selection.script, selection.jump) = (Some(script), jump);
}

/// Puts the cursor under a finding. The text of a file that could not be read is shown with all others as text, to be fixed there.
fn jump_to_finding(session: &mut Session, at: usize) -> Result<(), LocalText> {
    session.problem = Some(at);
    if let OpenState::Unreadable(broken) = session.document.opened() {
        let span = broken.findings.get(at).and_then(|finding| finding.span);
        if let Some((span, source)) = span.and_then(|span| Some((span, broken.sources.get(span.source)?))) {
            let selection = &mut session.view.selection;
            (selection.file, selection.jump) = (Some(source.name().to_owned()), Some((span.start, span.end)));
        }
        return Ok(());
    }
    let Some(checked) = session.last::<CheckDraft>() else { return Ok(()) };
    let Some(finding) = checked.findings.get(at) else { return Ok(()) };
    let Some(span) = finding.span else { return Ok(()) };
    let is_unread = session.document.draft().unread.findings().any(|unread| unread == finding);
    if let Some(script) = session.document.draft().script_of(span.source).filter(|_| !is_unread) {
        show(session, script, Some((span.start, span.end)));
    } else if let Some(source) = checked.definition.sources.get(span.source).filter(|_| is_unread) {
        let file = source.name().to_owned();
        if session.document.is_dirty() {
            return Err(LocalText::new(
                format!("save first: `{file}` is fixed as text, and the workspace is opened again after that"),
                format!("请先保存：`{file}` 需以文本修正，之后工作区将重新打开"),
            ));
        }
        session.edit_as_text(&file);
        session.view.selection.jump = Some((span.start, span.end));
    }
    Ok(())
}

pub(super) fn acknowledge(session: &mut Session, group: String, yes: bool) {
    if yes {
        session.view.acknowledged.entry(group).or_default();
    } else {
        session.view.acknowledged.remove(&group);
    }
}

pub(super) fn comment(session: &mut Session, group: String, comment: String) {
    session.view.acknowledged.insert(group, comment);
}
