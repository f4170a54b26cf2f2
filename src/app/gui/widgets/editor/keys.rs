//! The keys the editor takes before the text field sees them. A frame has one of them at most, or a run of text: `gui::keyboard` sees to
//! that.

use std::sync::LazyLock;

use eframe::egui::{Event, Key, KeyboardShortcut, Modifiers, Ui};

use super::complete::CompletionList;
use super::steps::{self, EDITOR_KEYS, EditorAsk, EditorKey, EditorStep};
use super::{CodeEditor, EditorInput, EditorResponse};
use crate::gui::keyboard;

static KEYS: LazyLock<Vec<(KeyboardShortcut, &'static EditorKey)>> =
    LazyLock::new(|| EDITOR_KEYS.iter().filter_map(|key| Some((keyboard::parse(key.keys)?, key))).collect());

/// The entry of a key that was pressed.
fn entry(event: &Event) -> Option<&'static EditorKey> {
    KEYS.iter().find(|(keys, _)| keyboard::is_press(event, *keys)).map(|(_, key)| *key)
}

/// Whether the editor has a meaning for an event that others may have one for too.
pub fn is_own_key(event: &Event) -> bool {
    entry(event).is_some_and(|key| !key.only_many)
}

impl CodeEditor {
    /// Takes the editor's own keys; whether the text changed.
    pub(super) fn take_keys(&mut self, ui: &Ui, input: &EditorInput<'_>, answer: &mut EditorResponse) -> bool {
        if self.take_completion_keys(ui) {
            return true;
        }
        let mut is_changed = false;
        let events = ui.input(|input| input.events.clone());
        let (own, left): (Vec<Event>, Vec<Event>) = events.into_iter().partition(|event| self.is_own(event));
        if own.is_empty() {
            return false;
        }
        ui.input_mut(|input| input.events = left);
        for event in own {
            is_changed |= self.take(ui, &event, input, answer);
        }
        self.place_caret(ui.ctx());
        is_changed
    }

    fn is_own(&self, event: &Event) -> bool {
        let has_many = !self.more.is_empty();
        match event {
            Event::Text(typed) => has_many || steps::is_paired(typed),
            Event::Key { key: Key::Escape, pressed: true, .. } | Event::Paste(_) => has_many,
            Event::Copy | Event::Cut => has_many || self.caret.is_empty(),
            event => entry(event).is_some_and(|key| has_many || !key.only_many),
        }
    }

    /// Does what an event asks for; whether the text changed.
    fn take(&mut self, ui: &Ui, event: &Event, input: &EditorInput<'_>, answer: &mut EditorResponse) -> bool {
        let may_edit = input.editable;
        match event {
            Event::Text(typed) => may_edit && self.with_carets(|text| steps::typed(text, typed)),
            Event::Paste(pasted) => may_edit && self.with_carets(|text| text.paste(pasted)),
            Event::Copy | Event::Cut => {
                let mut copied = String::new();
                self.with_carets(|text| {
                    copied = text.copied();
                    false
                });
                ui.ctx().copy_text(copied);
                may_edit && *event == Event::Cut && self.with_carets(steps::cut)
            }
            Event::Key { key: Key::Escape, .. } => {
                self.more.clear();
                false
            }
            event => match entry(event).map(|key| key.step) {
                Some(EditorStep::Edit(edit)) => may_edit && self.with_carets(edit),
                Some(EditorStep::Move(step)) => self.with_carets(|text| {
                    step(text);
                    false
                }),
                Some(EditorStep::Ask(ask)) => {
                    self.answer(ask, input, answer);
                    false
                }
                None => false,
            },
        }
    }

    fn answer(&mut self, ask: EditorAsk, input: &EditorInput<'_>, answer: &mut EditorResponse) {
        match ask {
            EditorAsk::Find => self.open_find(false),
            EditorAsk::Replace => self.open_find(true),
            EditorAsk::FindNext | EditorAsk::FindPrevious => {
                match self.find.step(&self.text, &self.caret, ask == EditorAsk::FindNext) {
                    Some(place) => self.go_to(place),
                    None => self.open_find(false),
                }
            }
            EditorAsk::GoToLine => self.open_line(),
            EditorAsk::GoToDefinition => answer.definition = Some(self.caret.end),
            EditorAsk::Complete => {
                self.completion = CompletionList::new(input, &self.laid.pieces(&self.text), self.caret.end);
            }
            EditorAsk::Remedy => answer.asked_remedy = self.remedy_at_caret(input),
        }
    }

    /// The mark with a remedy that the caret is in, or the first such in its line.
    fn remedy_at_caret(&self, input: &EditorInput<'_>) -> Option<usize> {
        let (caret, line) = (self.caret.end, super::line_of(&self.text, self.caret.end));
        let marks = || input.marks.iter().enumerate().filter(|(_, mark)| mark.remedy.is_some());
        let here = marks().find(|(_, mark)| mark.range.start <= caret && caret <= mark.range.end);
        here.or_else(|| marks().find(|(_, mark)| super::line_of(&self.text, mark.range.start) == line)).map(|(at, _)| at)
    }

    /// Keys of the list of completions; whether one was taken over.
    fn take_completion_keys(&mut self, ui: &Ui) -> bool {
        let Some(open) = &mut self.completion else { return false };
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if pressed(Key::Escape) {
            self.completion = None;
            return false;
        }
        if pressed(Key::ArrowDown) {
            open.step(1);
        }
        if pressed(Key::ArrowUp) {
            open.step(-1);
        }
        // Enter breaks the line unless what is chosen goes on as what is written.
        let enters = open.goes_on(&self.text) || open.is_moved();
        if !enters && ui.input(|input| input.key_pressed(Key::Enter)) {
            self.completion = None;
            return false;
        }
        if !(pressed(Key::Enter) || pressed(Key::Tab)) {
            return false;
        }
        let change = open.chosen(&self.text);
        self.completion = None;
        if let Some(change) = &change {
            self.apply(change);
            self.place_caret(ui.ctx());
        }
        change.is_some()
    }
}
