//! The keys the editor takes before the text field sees them. A frame has one of them at most: `gui::keyboard` sees to that.

use eframe::egui::{Event, Key, Modifiers, Ui};

use super::complete::CompletionList;
use super::edits::{self, TextChange};
use super::{CodeEditor, EditorInput, EditorResponse};
use crate::gui::keyboard;

impl CodeEditor {
    /// Takes the editor's own keys; whether the text changed.
    pub(super) fn take_keys(&mut self, ui: &Ui, input: &EditorInput<'_>, answer: &mut EditorResponse) -> bool {
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        if self.take_completion_keys(ui) {
            return true;
        }
        if pressed(Modifiers::COMMAND, Key::F) {
            self.open_find(false);
        }
        if pressed(Modifiers::COMMAND, Key::H) {
            self.open_find(true);
        }
        if pressed(Modifiers::COMMAND, Key::G) {
            self.open_line();
        }
        if pressed(Modifiers::NONE, Key::F12) {
            answer.definition = Some(self.caret.end);
        }
        if pressed(Modifiers::COMMAND, Key::Space) {
            self.completion = CompletionList::new(input, &self.laid.pieces(&self.text), self.caret.end);
        }
        if !input.editable {
            return false;
        }
        let Some(change) = self.edit_of_keys(ui) else { return false };
        self.apply(&change);
        self.place_caret(ui.ctx());
        true
    }

    fn edit_of_keys(&self, ui: &Ui) -> Option<TextChange> {
        let (text, selection) = (&self.text, &self.caret);
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        if pressed(Modifiers::COMMAND, Key::Slash) {
            return Some(edits::toggle_comment(text, selection));
        }
        if pressed(Modifiers::SHIFT, Key::Tab) {
            return Some(edits::outdent(text, selection));
        }
        if pressed(Modifiers::NONE, Key::Tab) {
            return Some(edits::indent(text, selection));
        }
        if pressed(Modifiers::NONE, Key::Enter) {
            return Some(edits::line_break(text, selection.clone()));
        }
        let bracket = ui.input(|input| {
            input.events.iter().find_map(|event| match event {
                Event::Text(typed) if keyboard::CLOSING.contains(&typed.as_str()) => Some(typed.clone()),
                _ => None,
            })
        })?;
        let change = edits::closing_bracket(text, selection.clone(), &bracket)?;
        ui.input_mut(|input| input.events.retain(|event| !matches!(event, Event::Text(typed) if *typed == bracket)));
        Some(change)
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
        if !(pressed(Key::Enter) || pressed(Key::Tab)) {
            return false;
        }
        let change = open.chosen();
        self.completion = None;
        if let Some(change) = &change {
            self.apply(change);
            self.place_caret(ui.ctx());
        }
        change.is_some()
    }
}
