//! The palette: every command, rule, script, parameter, field and finding by a few letters of its name.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Align, Context, Id, Key, Modifiers, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo};

use super::palette_items::{Item, items};
use crate::gui::icons;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{field, modal, section};
use crate::gui::words::{say, text};
use crate::session::Session;

/// At most so many are listed.
const LISTED: usize = 200;

/// What the palette keeps.
#[derive(Default)]
pub struct Palette {
    is_open: bool,
    take_focus: bool,
    wanted: String,
    at: usize,
    moved: bool,
}

impl Palette {
    /// Opens the palette.
    pub fn open(&mut self) {
        *self = Self { is_open: true, take_focus: true, ..Self::default() };
    }

    /// Shows the palette while it is open.
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        if !self.is_open {
            return;
        }
        let mut done = false;
        let stays = modal::show(ctx, "palette", "", metrics().palette_width, |ui| done = self.contents(ui, session, out));
        self.is_open = stays && !done;
    }

    /// Whether something was chosen.
    fn contents(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) -> bool {
        self.take_keys(ui);
        let label = say(ui, text("Search commands, rules, fields, problems", "搜索命令、规则、字段、问题"));
        let width = ui.available_width();
        let response = field::search(ui, Id::unique("palette"), &mut self.wanted, label, width);
        if std::mem::take(&mut self.take_focus) {
            response.request_focus();
        }
        if response.changed() {
            self.at = 0;
        }
        let found = ranked(items(ui, session), &self.wanted);
        let entered = ui.input(|input| input.key_pressed(Key::Enter));
        self.at = self.at.min(found.len().saturating_sub(1));
        section::rule(ui);
        let mut chosen = entered.then_some(self.at);
        ScrollArea::vertical().max_height(metrics().popup_height * 1.5).auto_shrink([false, true]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            if found.is_empty() {
                ui.label(theme::weak(ui, say(ui, text("Nothing found", "未找到"))));
            }
            for (at, (item, hits)) in found.iter().enumerate() {
                if row(ui, item, hits, at == self.at, self.moved) {
                    chosen = Some(at);
                }
            }
        });
        self.moved = false;
        let Some((item, _)) = chosen.and_then(|at| found.into_iter().nth(at)).filter(|(item, _)| item.hindrance.is_none()) else {
            return false;
        };
        item.what.send(out);
        true
    }

    fn take_keys(&mut self, ui: &Ui) {
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if pressed(Key::ArrowDown) {
            (self.at, self.moved) = (self.at + 1, true);
        }
        if pressed(Key::ArrowUp) {
            (self.at, self.moved) = (self.at.saturating_sub(1), true);
        }
    }
}

/// Items that hold the letters, best first, with the bytes that matched.
fn ranked(items: Vec<Item>, wanted: &str) -> Vec<(Item, Vec<usize>)> {
    let scored = items.into_iter().filter_map(|item| {
        let (score, hits) = matched(&item.label, wanted).or_else(|| Some((matched(&item.detail, wanted)?.0 / 2, Vec::new())))?;
        Some((score, item, hits))
    });
    let mut found: Vec<_> = scored.collect();
    found.sort_by_key(|(score, ..)| std::cmp::Reverse(*score));
    found.into_iter().take(LISTED).map(|(_, item, hits)| (item, hits)).collect()
}

/// How well a label holds the letters in their order, and where: starts of words and runs count more.
fn matched(label: &str, wanted: &str) -> Option<(i64, Vec<usize>)> {
    let mut letters = wanted.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).peekable();
    let (mut score, mut hits) = (0, Vec::new());
    let (mut before, mut is_run) = (' ', false);
    for (at, c) in label.char_indices() {
        let Some(letter) = letters.peek() else { break };
        if c.to_lowercase().next() == Some(*letter) {
            letters.next();
            let starts = !before.is_alphanumeric();
            score += 1 + if starts { 8 } else { 0 } + if is_run { 4 } else { 0 };
            hits.push(at);
            is_run = true;
        } else {
            is_run = false;
        }
        before = c;
    }
    let length = i64::try_from(label.len()).unwrap_or(i64::MAX);
    letters.peek().is_none().then_some((score * 64 - length.min(63), hits))
}

fn row(ui: &mut Ui, item: &Item, hits: &[usize], is_chosen: bool, reveal: bool) -> bool {
    let c = colours(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), metrics().row + space().small), Sense::click());
    let enabled = item.hindrance.is_none();
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, enabled, is_chosen, &item.label));
    if is_chosen && reveal {
        response.scroll_to_me(Some(Align::Center));
    }
    let ground = if is_chosen {
        c.selected
    } else if response.hovered() {
        c.hover
    } else {
        c.raised
    };
    ui.painter().rect_filled(rect, theme::rounded(), ground);
    let inner = rect.shrink2(Vec2::new(space().medium, 0.0));
    let centre = inner.center().y;
    let left = eframe::egui::Align2::LEFT_CENTER;
    ui.painter().text(inner.left_center(), left, char::from(item.glyph), icons::face(), c.text_weak);
    let colour = if enabled { c.text } else { c.text_weak };
    let mut job = LayoutJob::default();
    for (at, letter) in item.label.char_indices() {
        let is_hit = hits.contains(&at);
        let font = if is_hit { theme::strong() } else { theme::body() };
        job.append(letter.encode_utf8(&mut [0; 4]), 0.0, TextFormat::simple(font, if is_hit { c.accent_text } else { colour }));
    }
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(inner.width() * 0.66);
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let x = inner.left() + icons::face().size + space().medium;
    let end = x + galley.size().x + space().medium;
    ui.painter().galley((x, centre - galley.size().y / 2.0).into(), galley, colour);
    let detail = item.hindrance.as_deref().unwrap_or(&item.detail);
    let place = eframe::egui::Rect::from_min_max((end, inner.top()).into(), inner.max);
    let galley = ui.painter().layout_no_wrap(detail.to_owned(), theme::small(), c.text_weak);
    let at = (inner.right() - galley.size().x).max(end);
    let painter = ui.painter().with_clip_rect(place);
    painter.galley((at, centre - galley.size().y / 2.0).into(), galley, c.text_weak);
    response.clicked()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_in_order_and_starts_of_words_count_more() {
        let score = |label, wanted| matched(label, wanted).map(|(score, _)| score);
        assert!(score("Open requests…", "or") > score("Colour", "or"));
        assert!(score("Under age", "ag") > score("A big one", "ag"));
        assert_eq!(score("Save", "vs"), None);
        assert_eq!(matched("重命名规则", "命名").unwrap().1, [3, 6]);
        assert!(score("anything", "").is_some());
    }
}
