//! The list of what could be typed at the caret.

use std::ops::Range;

use eframe::egui::{Align, Id, Label, Popup, PopupKind, Rect, RectAlign, ScrollArea, Ui};

use super::edits::TextChange;
use super::input::{EditorCompletion, EditorInput};
use super::steps::closers;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::row::ListRow;
use crate::gui::widgets::section;
use countersign_core::script::highlight::Pieces;

pub struct CompletionList {
    replace: Range<usize>,
    all: Vec<EditorCompletion>,
    at: usize,
    moved: bool,
}

impl CompletionList {
    /// What fits at a byte; none when nothing does, or only what is there already.
    pub fn new(input: &EditorInput<'_>, pieces: &Pieces, byte: usize) -> Option<Self> {
        let (replace, all) = (input.complete)(pieces, byte);
        let written = pieces.text().get(replace.clone()).unwrap_or("");
        let is_done = all.len() == 1 && all.first().is_some_and(|only| only.insert == written);
        (!all.is_empty() && !is_done).then_some(Self { replace, all, at: 0, moved: false })
    }

    /// Whether it still belongs to a caret there.
    pub fn is_at(&self, caret: usize) -> bool {
        self.replace.end == caret
    }

    /// Moves the choice, round the ends.
    pub fn step(&mut self, by: isize) {
        let count = self.all.len();
        self.at = if by < 0 { self.at.checked_sub(1).unwrap_or(count - 1) } else { (self.at + 1) % count.max(1) };
        self.moved = true;
    }

    /// Whether the choice was moved by keys.
    pub fn is_moved(&self) -> bool {
        self.at > 0
    }

    /// Whether what is chosen begins as what is written.
    pub fn goes_on(&self, text: &str) -> bool {
        let written = text.get(self.replace.clone()).unwrap_or("").to_lowercase();
        self.all.get(self.at).is_some_and(|chosen| chosen.insert.to_lowercase().starts_with(&written))
    }

    /// The change that inserts what is chosen. What it opens is closed, unless the closing bracket is there.
    pub fn chosen(&self, text: &str) -> Option<TextChange> {
        let chosen = self.all.get(self.at)?;
        let mut change = TextChange::insert(self.replace.clone(), chosen.insert.clone());
        let closers = closers(&chosen.insert);
        if !text.get(self.replace.end..).is_some_and(|after| after.starts_with(&closers)) {
            change.with.push_str(&closers);
        }
        Some(change)
    }
}

/// Shows the list under the caret; the change, when one was clicked.
pub fn show(ui: &Ui, id: Id, text: &str, open: Option<&mut CompletionList>, caret: Rect) -> Option<TextChange> {
    let open = open?;
    let popup = Popup::new(id.with("completion"), ui.ctx().clone(), caret, ui.layer_id());
    let popup = popup.kind(PopupKind::Popup).open(true).align(RectAlign::BOTTOM_START).align_alternatives(&[RectAlign::TOP_START]);
    let width = metrics().inspector_width + metrics().field_width;
    let shown = popup.width(width).gap(space().tiny).show(|ui| {
        ui.set_width(width);
        let clicked = rows(ui, open);
        if let Some(doc) = open.all.get(open.at).filter(|chosen| !chosen.doc.is_empty()) {
            section::rule(ui);
            ui.add(Label::new(theme::weak(ui, &doc.doc)).wrap());
        }
        clicked
    })?;
    let clicked = shown.inner?;
    open.at = clicked;
    open.chosen(text)
}

fn rows(ui: &mut Ui, open: &mut CompletionList) -> Option<usize> {
    let mut clicked = None;
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().max_height(metrics().popup_height).show(ui, |ui| {
        for (at, item) in open.all.iter().enumerate() {
            let row = ListRow::new(&item.label).icon(item.glyph, colours(ui).text_weak).selected(at == open.at).hint(&item.detail);
            let response = row.show(ui);
            if response.clicked() {
                clicked = Some(at);
            }
            if open.moved && at == open.at {
                response.scroll_to_me(Some(Align::Center));
            }
        }
    });
    open.moved = false;
    clicked
}
