//! Undo and redo: whole drafts with the label of the edit between them; typing in one place within a second is one step.

use std::time::Duration;

use super::draft::Draft;
use countersign_core::text::LocalText;

const STEPS: usize = 500;
/// Edits of one kind in one place are one step while no pause between them is longer.
const PAUSE: Duration = Duration::from_millis(900);

/// What an edit is, so that the next of its kind in the same place can join it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EditJoin {
    /// What is done: `script`, `parameter`.
    pub kind: &'static str,
    pub place: String,
}

impl EditJoin {
    pub(super) fn new(kind: &'static str, place: impl Into<String>) -> Self {
        Self { kind, place: place.into() }
    }
}

/// One edit: a draft, and what was done to get there.
#[derive(Debug)]
pub(super) struct DraftEdit {
    pub draft: Draft,
    /// What was done, for people, as a command: "set `max_cards` to 6".
    pub label: LocalText,
    pub joins: Option<EditJoin>,
}

#[derive(Debug)]
struct EditStep {
    label: LocalText,
    draft: Draft,
    joins: Option<EditJoin>,
    at: Duration,
}

/// The steps that can be undone and redone.
#[derive(Debug, Default)]
pub struct EditHistory {
    undo: Vec<EditStep>,
    redo: Vec<EditStep>,
}

impl EditHistory {
    pub fn undo_label(&self) -> Option<LocalText> {
        let label = &self.undo.last()?.label;
        Some(LocalText::new(format!("Undo: {}", label.en), format!("撤销：{}", label.zh)))
    }

    pub fn redo_label(&self) -> Option<LocalText> {
        let label = &self.redo.last()?.label;
        Some(LocalText::new(format!("Redo: {}", label.en), format!("重做：{}", label.zh)))
    }

    /// What was done, oldest first.
    pub fn done(&self) -> impl Iterator<Item = &LocalText> {
        self.undo.iter().map(|step| &step.label)
    }

    /// What was undone, the one to be redone next first.
    pub fn undone(&self) -> impl Iterator<Item = &LocalText> {
        self.redo.iter().rev().map(|step| &step.label)
    }

    /// Notes an edit that leads away from `before`.
    pub(super) fn note(&mut self, before: Draft, edit: &DraftEdit, now: Duration) {
        let is_plain = self.redo.is_empty();
        self.redo.clear();
        let joined = self
            .undo
            .last_mut()
            .filter(|last| is_plain && edit.joins.is_some() && last.joins == edit.joins && now.saturating_sub(last.at) <= PAUSE);
        let Some(last) = joined else {
            self.undo.push(EditStep { label: edit.label.clone(), draft: before, joins: edit.joins.clone(), at: now });
            let over = self.undo.len().saturating_sub(STEPS);
            self.undo.drain(..over);
            return;
        };
        (last.label, last.at) = (edit.label.clone(), now);
        // Typed and taken back: as if nothing had been done.
        if last.draft == edit.draft {
            self.undo.pop();
        }
    }

    /// Steps back from `now`; the draft to go to, with the label of what is taken back.
    pub(super) fn undo(&mut self, now: &Draft) -> Option<Draft> {
        let step = self.undo.pop()?;
        self.redo.push(EditStep { label: step.label, draft: now.clone(), joins: None, at: step.at });
        Some(step.draft)
    }

    /// Steps forward from `now`.
    pub(super) fn redo(&mut self, now: &Draft) -> Option<Draft> {
        let step = self.redo.pop()?;
        self.undo.push(EditStep { label: step.label, draft: now.clone(), joins: None, at: step.at });
        Some(step.draft)
    }

    /// The next edit starts a step of its own.
    pub(super) fn seal(&mut self) {
        if let Some(last) = self.undo.last_mut() {
            last.joins = None;
        }
    }

    /// Forgets everything: another workspace is open.
    pub(super) fn clear(&mut self) {
        self.undo.clear();
        self.redo.clear();
    }
}
