//! The editor for scripts: colours from the true tokens, line numbers, findings under the text, notes beside it, completion, find and
//! replace. It changes a text of its own; whose it is, and what undo means, is for the panel to say.
//!
//! Our own around the toolkit's text field: the editors published for egui colour by word lists of other languages and have no findings
//! under the text, completion from a schema, or input methods for Chinese.
//!
//! A character that an input method composes is shown in the text but is no part of it before it is complete.
//!
//! Own code around egui's `TextEdit`: the editor crates for egui colour by lists of keywords instead of the parser's tokens, and neither
//! underline findings nor show notes beside lines. Only lines that an edit touched are laid out again, at any length of the script.

mod carets;
mod complete;
mod edits;
mod find;
mod input;
mod keys;
mod layout;
mod marks;
mod paint;
mod steps;

#[cfg(test)]
mod tests;

use std::ops::Range;

use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::text_edit::TextEditState;
use eframe::egui::{
    Context, Event, EventFilter, Frame, Id, ImeEvent, Margin, Rect, ScrollArea, Shape, TextBuffer, TextEdit, Ui, UiBuilder, Vec2,
};

pub use edits::{difference, line_of, name_at};
pub use input::{EditorCompletion, EditorInput, EditorMark, EditorResponse, HoverDoc, LineNote};
pub use keys::is_own_key;
pub use steps::{EDITOR_KEYS, EditorKey};

use crate::gui::keyboard;
use crate::gui::theme::{self, colours, metrics, space};
use carets::{Caret, CaretText};
use edits::{TextChange, byte_of, char_of};
use layout::LaidOutText;

/// The editor and the text in it.
pub struct CodeEditor {
    id: Id,
    text: String,
    laid: LaidOutText,
    find: find::Find,
    completion: Option<complete::CompletionList>,
    /// A selection to make before the next frame.
    wanted: Option<Caret>,
    reveal: bool,
    focus: bool,
    /// The text without what is being composed, while something is.
    composed: Option<String>,
    caret: Range<usize>,
    /// The same with its moving end.
    held: Caret,
    /// Carets besides the text field's own, in the order in which they were made.
    more: Vec<Caret>,
}

impl Default for CodeEditor {
    fn default() -> Self {
        Self {
            id: Id::unique("script"),
            text: String::new(),
            laid: LaidOutText::default(),
            find: find::Find::default(),
            completion: None,
            wanted: None,
            reveal: false,
            focus: false,
            composed: None,
            caret: 0..0,
            held: Caret::default(),
            more: Vec::new(),
        }
    }
}

/// What the toolkit gave back, with what is needed to find places on the screen.
struct ShownText {
    output: eframe::egui::text_edit::TextEditOutput,
    /// The part of the screen the text shows in.
    view: Rect,
}

impl CodeEditor {
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The selection, as bytes.
    pub fn caret(&self) -> Range<usize> {
        self.caret.clone()
    }

    /// Shows another text; `name` tells it from others, so that each keeps its own caret.
    pub fn open(&mut self, name: &str, text: &str) {
        self.id = Id::unique(("script", name));
        text.clone_into(&mut self.text);
        (self.completion, self.composed) = (None, None);
        (self.caret, self.held) = (0..0, Caret::default());
        self.more.clear();
    }

    /// Takes over a text that was changed elsewhere, by undo or a remedy, and shows where.
    pub fn follow(&mut self, text: &str) {
        if self.composed.as_ref().unwrap_or(&self.text) != text {
            self.composed = None;
            let solid = |c: &char| !c.is_whitespace();
            let at = if self.text.chars().filter(solid).eq(text.chars().filter(solid)) {
                // Only laid out otherwise: the caret stays where it was in what is written.
                edits::after_solid(text, self.text.get(..self.caret.end).unwrap_or("").chars().filter(solid).count())
            } else {
                difference(&self.text, text).end
            };
            text.clone_into(&mut self.text);
            self.wanted = Some(Caret::at(at));
            self.more.clear();
            self.reveal = true;
        }
    }

    /// Selects a place and brings it into view.
    pub fn go_to(&mut self, range: Range<usize>) {
        self.wanted = Some(Caret::of(&range));
        self.more.clear();
        (self.reveal, self.focus) = (true, true);
    }

    /// Makes the selected lines comments, or code again.
    pub fn toggle_comment(&mut self) {
        self.with_carets(steps::toggle_comment);
    }

    pub fn open_find(&mut self, replacing: bool) {
        let selected = self.text.get(self.caret.clone()).unwrap_or("").to_owned();
        self.find.open(replacing, &selected);
    }

    /// Opens the field for a line's number.
    pub fn open_line(&mut self) {
        self.find.open_line();
    }

    /// Shows the editor in all the room there is.
    pub fn show(&mut self, ui: &mut Ui, input: &EditorInput<'_>) -> EditorResponse {
        let mut answer = EditorResponse::default();
        let before = if input.editable { None } else { Some(self.text.clone()) };
        if let Some(asked) = self.find.show(ui, &mut self.text, &self.caret, input.editable) {
            answer.changed |= asked.changed;
            self.go_to(asked.select);
            self.focus = asked.leave;
        }
        self.place_caret(ui.ctx());
        let has_focus = ui.memory(|memory| memory.has_focus(self.id));
        let is_composing = has_focus && keyboard::is_composing(ui.ctx());
        if is_composing {
            self.more.clear();
        }
        if is_composing && self.composed.is_none() {
            self.composed = Some(self.text.clone());
        }
        if has_focus && !is_composing {
            answer.changed |= self.take_keys(ui, input, &mut answer);
        }
        self.place_caret(ui.ctx());
        let before_clicks = self.held;
        let shown = self.show_text(ui, input);
        self.follow_clicks(ui, &shown, before_clicks);
        answer.changed |= shown.output.response.response.changed();
        self.end_composition(ui, is_composing, &mut answer);
        self.after(ui, input, &shown, &mut answer);
        if let Some(before) = before {
            self.text = before;
            (answer.changed, answer.committed, self.composed) = (false, false, None);
        }
        answer
    }

    /// What is being composed is no change; what was composed is one of its own.
    fn end_composition(&mut self, ui: &Ui, is_composing: bool, answer: &mut EditorResponse) {
        if is_composing {
            answer.changed = false;
            return;
        }
        let is_commit = |event: &Event| matches!(event, Event::Ime(ImeEvent::Commit(_)));
        let mut commits = answer.changed && ui.input(|input| input.events.iter().any(is_commit));
        if let Some(before) = self.composed.take() {
            answer.changed = self.text != before;
            commits = answer.changed;
        }
        answer.committed = commits;
    }

    /// Makes the selection that was asked for.
    fn place_caret(&mut self, ctx: &Context) {
        let Some(wanted) = self.wanted.take() else { return };
        let mut state = TextEditState::load(ctx, self.id).unwrap_or_default();
        let place = |byte| CCursor::new(char_of(&self.text, byte));
        state.cursor.set_char_range(Some(CCursorRange::two(place(wanted.anchor), place(wanted.head))));
        state.store(ctx, self.id);
        (self.caret, self.held) = (wanted.range(), wanted);
    }

    fn apply(&mut self, change: &TextChange) {
        change.apply(&mut self.text);
        self.wanted = Some(Caret::of(&change.select));
        self.more.clear();
        self.reveal = true;
    }

    /// Does something at every caret; whether the text changed.
    fn with_carets(&mut self, edit: impl FnOnce(&mut CaretText<'_>) -> bool) -> bool {
        let Self { text, laid, .. } = self;
        let carets = self.more.iter().copied().chain([self.held]).collect();
        let mut state = CaretText { text, carets, is_code: &|byte| laid.is_code(byte) };
        let is_changed = edit(&mut state);
        self.more = state.carets;
        self.wanted = self.more.pop();
        self.reveal = true;
        is_changed
    }

    /// Alt and a click make one more caret, with Shift one in every line up to there; any other click leaves one.
    fn follow_clicks(&mut self, ui: &Ui, shown: &ShownText, before: Caret) {
        let response = &shown.output.response.response;
        let (is_pressed, modifiers) = ui.input(|input| (input.pointer.any_pressed(), input.modifiers));
        if !is_pressed || !response.contains_pointer() {
            return;
        }
        if !modifiers.alt {
            self.more.clear();
        } else if modifiers.shift {
            self.more = carets::column(&self.text, before.head, self.held.head);
            self.wanted = self.more.pop();
            self.place_caret(ui.ctx());
        } else {
            self.more.push(before);
        }
    }

    fn gutter_width(&self, ui: &Ui) -> f32 {
        let digits = line_of(&self.text, self.text.len()).to_string().len().max(metrics().gutter_digits);
        let digit = ui.fonts_mut(|fonts| fonts.glyph_width(&theme::code(), '0'));
        #[expect(clippy::cast_precision_loss, reason = "a handful of digits")]
        let digits = digits as f32;
        digits * digit + 2.0 * space().medium
    }

    fn show_text(&mut self, ui: &mut Ui, input: &EditorInput<'_>) -> ShownText {
        let area = ui.available_rect_before_wrap();
        let gutter = self.gutter_width(ui);
        let margin = if input.notes.is_empty() { 0.0 } else { metrics().margin_column };
        let right = (area.right() - margin).max(area.left() + gutter);
        let place = Rect::from_min_max((area.left() + gutter, area.top()).into(), (right, area.bottom()).into());
        let (line_ground, found_ground) = (ui.painter().add(Shape::Noop), ui.painter().add(Shape::Noop));
        let more_ground = ui.painter().add(Shape::Noop);
        let bracket_ground = [ui.painter().add(Shape::Noop), ui.painter().add(Shape::Noop)];
        let builder = UiBuilder::new().max_rect(place).id_salt(self.id);
        let output = ui.scope_builder(builder, |ui| self.scrolled(ui, input.label, place)).inner;
        ui.allocate_rect(area, eframe::egui::Sense::hover());
        let shown = ShownText { output, view: place };
        let lines = paint::VisibleLines { area, gutter, margin, caret: self.caret.end };
        paint::ground(ui, &self.text, &lines, &shown, line_ground);
        let found = self.find.found(&self.text);
        paint::places(ui, &self.text, &found, &shown, (found_ground, colours(ui).match_found));
        paint::current(ui, &self.text, found.iter().find(|place| **place == self.caret), &shown);
        paint::more_carets(ui, &self.text, &self.more, &shown, more_ground);
        paint::brackets(ui, self, &shown, bracket_ground);
        paint::gutter(ui, &lines, &shown, input.marks, &self.text);
        paint::notes(ui, &lines, &shown, input);
        shown
    }

    fn scrolled(&mut self, ui: &mut Ui, label: &str, place: Rect) -> eframe::egui::text_edit::TextEditOutput {
        let (caret, reveal) = (self.caret.end, std::mem::take(&mut self.reveal));
        let Self { laid, text, id, .. } = self;
        let width = laid.galley(ui, text).size().x + metrics().margin_column;
        let mut layouter = |ui: &Ui, buffer: &dyn TextBuffer, _: f32| laid.galley(ui, buffer.as_str());
        let scroll = ScrollArea::both().id_salt("scroll").auto_shrink(false);
        let output = scroll.show(ui, |ui| {
            let edit = TextEdit::multiline(text)
                .id(*id)
                .font(theme::code())
                .frame(Frame::NONE.inner_margin(Margin::ZERO))
                .desired_width(width.max(place.width()))
                .min_size(Vec2::new(0.0, place.height()))
                .lock_focus(true)
                .layouter(&mut layouter);
            let output = edit.show(ui);
            if reveal {
                let caret =
                    output.cursor_range.map_or_else(|| CCursor::new(char_of(output.galley.text(), caret)), |range| range.primary);
                let place = output.galley.pos_from_cursor(caret).translate(output.galley_pos.to_vec2());
                ui.scroll_to_rect(place.expand(metrics().row), None);
            }
            output
        });
        let output = output.inner;
        let _ = output.response.response.clone().accessible_name(label);
        if let Some(range) = output.cursor_range {
            let place = |cursor: CCursor| byte_of(&self.text, cursor.index.0);
            let (one, other) = (place(range.primary), place(range.secondary));
            (self.caret, self.held) = (one.min(other)..one.max(other), Caret { anchor: other, head: one });
        }
        if std::mem::take(&mut self.focus) {
            output.response.response.request_focus();
        }
        output
    }

    /// What follows from the text as it is now: completion, hovering, definitions.
    fn after(&mut self, ui: &mut Ui, input: &EditorInput<'_>, shown: &ShownText, answer: &mut EditorResponse) {
        let has_focus = shown.output.response.response.has_focus();
        let typed = shown.output.response.response.changed();
        self.follow_completion(input, typed, has_focus);
        let keys = EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: true };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(self.id, keys));
        let caret = shown.output.galley.pos_from_cursor(CCursor::new(char_of(&self.text, self.caret.end)));
        let caret = caret.translate(shown.output.galley_pos.to_vec2());
        if let Some(change) = complete::show(ui, self.id, &self.text, self.completion.as_mut(), caret) {
            self.completion = None;
            self.apply(&change);
            (self.focus, answer.changed) = (true, true);
            self.place_caret(ui.ctx());
        }
        answer.remedy = marks::show(ui, self.id, &self.text, input.marks, shown).or(answer.asked_remedy.take());
        if answer.remedy.is_none() && self.completion.is_none() && self.composed.is_none() {
            marks::document(&self.laid.pieces(&self.text), input, shown);
        }
        let clicked = shown.output.response.response.clicked() && ui.input(|input| input.modifiers.command);
        if clicked {
            answer.definition = Some(self.caret.end);
        }
    }

    fn follow_completion(&mut self, input: &EditorInput<'_>, typed: bool, has_focus: bool) {
        if !has_focus || !self.caret.is_empty() || self.composed.is_some() || !self.more.is_empty() {
            self.completion = None;
        } else if typed {
            let last = self.text.get(..self.caret.end).and_then(|before| before.chars().next_back());
            let starts = last.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '"'));
            self.completion =
                if starts { complete::CompletionList::new(input, &self.laid.pieces(&self.text), self.caret.end) } else { None };
        } else if self.completion.as_ref().is_some_and(|open| !open.is_at(self.caret.end)) {
            self.completion = None;
        }
    }
}
