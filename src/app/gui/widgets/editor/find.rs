//! The bar for finding, replacing and going to a line.

use std::ops::Range;

use eframe::egui::{EventFilter, Id, Key, Modifiers, Response, Ui};

use super::edits::{find_all, start_of_line};
use crate::gui::icons::Glyph;
use crate::gui::theme::{self, metrics};
use crate::gui::widgets::{button, field, section};
use crate::gui::words::{say, text};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Closed,
    Find,
    Replace,
    Line,
}

#[derive(Debug, Default)]
pub struct Find {
    mode: Mode,
    wanted: String,
    replacement: String,
    line: String,
    exact: bool,
    take_focus: bool,
    take_replacement: bool,
}

#[derive(Debug)]
pub struct FindQuery {
    pub select: Range<usize>,
    pub changed: bool,
    /// Whether the text gets the keyboard.
    pub leave: bool,
}

impl FindQuery {
    fn select(range: Range<usize>) -> Self {
        Self { select: range, changed: false, leave: false }
    }
}

impl Find {
    /// Opens the bar with what is selected.
    pub fn open(&mut self, replacing: bool, selected: &str) {
        self.mode = if replacing { Mode::Replace } else { Mode::Find };
        if !selected.is_empty() && !selected.contains('\n') {
            selected.clone_into(&mut self.wanted);
        }
        self.take_focus = true;
    }

    /// Opens the field for a line's number.
    pub fn open_line(&mut self) {
        self.mode = Mode::Line;
        self.line.clear();
        self.take_focus = true;
    }

    /// The next place after the caret, or the one before it, round the ends; none where nothing was looked for.
    pub fn step(&self, text: &str, caret: &Range<usize>, forward: bool) -> Option<Range<usize>> {
        let found = find_all(text, &self.wanted, self.exact);
        let place = if forward {
            found.iter().find(|place| place.start >= caret.end).or(found.first())
        } else {
            found.iter().rev().find(|place| place.end <= caret.start).or(found.last())
        };
        place.cloned()
    }

    /// Every place found, while the bar is open.
    pub fn found(&self, text: &str) -> Vec<Range<usize>> {
        match self.mode {
            Mode::Find | Mode::Replace => find_all(text, &self.wanted, self.exact),
            Mode::Closed | Mode::Line => Vec::new(),
        }
    }

    pub fn show(&mut self, ui: &mut Ui, source: &mut String, caret: &Range<usize>, editable: bool) -> Option<FindQuery> {
        if self.mode == Mode::Closed {
            return None;
        }
        let asked = ui.horizontal_wrapped(|ui| {
            ui.set_min_height(metrics().section);
            ui.add_space(theme::space().medium);
            if self.mode == Mode::Line { self.show_line(ui, source, caret) } else { self.show_find(ui, source, caret, editable) }
        });
        section::rule(ui);
        asked.inner
    }

    fn focus_first(&mut self, response: &Response) {
        if std::mem::take(&mut self.take_focus) {
            response.request_focus();
        }
    }

    /// Closes the bar on Escape or by its button.
    fn closes(&mut self, ui: &mut Ui, caret: &Range<usize>) -> Option<FindQuery> {
        let clicked = button::icon(ui, Glyph::X, say(ui, text("Close search", "关闭查找"))).clicked();
        if clicked || ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
            self.mode = Mode::Closed;
            return Some(FindQuery { leave: true, ..FindQuery::select(caret.clone()) });
        }
        None
    }

    fn show_line(&mut self, ui: &mut Ui, source: &str, caret: &Range<usize>) -> Option<FindQuery> {
        let label = say(ui, text("Go to line", "转到行"));
        let response = field::text(ui, &mut self.line, label, label, metrics().field_width);
        self.focus_first(&response);
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if entered && let Ok(line) = self.line.trim().parse() {
            self.mode = Mode::Closed;
            let start = start_of_line(source, line);
            return Some(FindQuery { leave: true, ..FindQuery::select(start..start) });
        }
        self.closes(ui, caret)
    }

    fn show_find(&mut self, ui: &mut Ui, source: &mut String, caret: &Range<usize>, editable: bool) -> Option<FindQuery> {
        let width = metrics().field_width + metrics().field_width / 2.0;
        let id = Id::unique("find in script");
        // Tab goes on to what takes its place.
        let goes_on = self.mode == Mode::Replace && editable && ui.memory(|memory| memory.has_focus(id));
        if goes_on && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Tab)) {
            self.take_replacement = true;
        }
        let response = field::search(ui, id, &mut self.wanted, say(ui, text("Find", "查找")), width);
        self.focus_first(&response);
        if response.has_focus() && self.mode == Mode::Replace {
            let keys = EventFilter { tab: true, horizontal_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, keys));
        }
        let found = self.found(source);
        let current = found.iter().position(|place| place == caret);
        let shown = format!("{} / {}", current.map_or("–".to_owned(), |at| (at + 1).to_string()), found.len());
        ui.label(theme::weak(ui, shown));
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let back = ui.input(|input| input.modifiers.shift);
        let previous = button::icon(ui, Glyph::ChevronUp, say(ui, text("Previous", "上一个"))).clicked() || (entered && back);
        let next = button::icon(ui, Glyph::ChevronDown, say(ui, text("Next", "下一个"))).clicked() || (entered && !back);
        if entered {
            response.request_focus();
        }
        if button::switch(ui, Glyph::CaseSensitive, say(ui, text("Match case", "区分大小写")), self.exact).clicked() {
            self.exact = !self.exact;
        }
        let mut asked = None;
        if next {
            asked = self.step(source, caret, true).map(FindQuery::select);
        }
        if previous {
            asked = self.step(source, caret, false).map(FindQuery::select);
        }
        if self.mode == Mode::Replace && editable {
            asked = self.show_replace(ui, source, current.and_then(|at| found.get(at)), &found).or(asked);
        }
        self.closes(ui, caret).or(asked)
    }

    fn show_replace(
        &mut self,
        ui: &mut Ui,
        source: &mut String,
        current: Option<&Range<usize>>,
        all: &[Range<usize>],
    ) -> Option<FindQuery> {
        let label = say(ui, text("Replace with", "替换为"));
        let field = field::text(ui, &mut self.replacement, label, label, metrics().field_width);
        if std::mem::take(&mut self.take_replacement) {
            field.request_focus();
        }
        let one = button::ghost(ui, None, say(ui, text("Replace", "替换"))).clicked();
        let every = button::ghost(ui, None, say(ui, text("Replace all", "全部替换"))).clicked();
        let places: Vec<Range<usize>> = match (every, one, current) {
            (true, ..) => all.to_vec(),
            (false, true, Some(place)) => vec![place.clone()],
            (false, true, None) => return all.first().cloned().map(FindQuery::select),
            _ => return None,
        };
        let first = places.first()?.start;
        for place in places.iter().rev() {
            source.replace_range(place.clone(), &self.replacement);
        }
        // After one replacement the next place is shown, so that Replace can be pressed again.
        let after = first + self.replacement.len();
        let next = self.found(source).into_iter().find(|place| one && place.start >= after);
        Some(FindQuery { changed: true, ..FindQuery::select(next.unwrap_or(after..after)) })
    }
}
