//! The palette: every command, rule, script, parameter, field and finding by a few letters of its name.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Align, Context, Id, Key, Modifiers, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{field, modal, section};
use crate::gui::words::{local, say, text};
use countersign_session::views::palette::{PaletteEntry, PaletteKind, search};
use countersign_session::{Action, Session};

/// At most so many are listed.
const LISTED: usize = 200;

#[derive(Default)]
pub struct Palette {
    is_open: bool,
    take_focus: bool,
    wanted: String,
    at: usize,
    moved: bool,
}

impl Palette {
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

    fn contents(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) -> bool {
        self.take_keys(ui);
        let label = say(ui, text("Search commands, rules, fields, problems, scripts", "搜索命令、规则、字段、问题、脚本内容"));
        let width = ui.available_width();
        let response = field::search(ui, Id::unique("palette"), &mut self.wanted, label, width);
        if std::mem::take(&mut self.take_focus) {
            response.request_focus();
        }
        if response.changed() {
            self.at = 0;
        }
        let found = search(session, &self.wanted, LISTED);
        let entered = ui.input(|input| input.key_pressed(Key::Enter));
        self.at = self.at.min(found.len().saturating_sub(1));
        section::rule(ui);
        let mut chosen = entered.then_some(self.at);
        let most = modal::room(ui).min(metrics().popup_height * 1.5);
        ScrollArea::vertical().max_height(most).min_scrolled_height(most).auto_shrink([false, true]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            if found.is_empty() {
                ui.label(theme::weak(ui, say(ui, text("Nothing found", "未找到"))));
            }
            for (at, line) in found.iter().enumerate() {
                if row(ui, line, at == self.at, self.moved) {
                    chosen = Some(at);
                }
            }
        });
        self.moved = false;
        let Some(line) = chosen.and_then(|at| found.into_iter().nth(at)).filter(|line| line.why_disabled.is_none()) else {
            return false;
        };
        match line.action {
            Action::Do(command) => out.ask(WindowAction::Run(command)),
            other => out.push(other),
        }
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

fn glyph(sort: PaletteKind) -> Glyph {
    match sort {
        PaletteKind::Command => Glyph::SquareTerminal,
        PaletteKind::Rule => Glyph::Shield,
        PaletteKind::Parameter => Glyph::SlidersHorizontal,
        PaletteKind::Field => Glyph::Database,
        PaletteKind::Finding => Glyph::TriangleAlert,
        PaletteKind::ScriptLine => Glyph::FileCode,
    }
}

fn row(ui: &mut Ui, item: &PaletteEntry, is_chosen: bool, reveal: bool) -> bool {
    let c = colours(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), metrics().row + space().small), Sense::click());
    let enabled = item.why_disabled.is_none();
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, enabled, is_chosen, &item.text));
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
    ui.painter().text(inner.left_center(), left, char::from(glyph(item.sort)), icons::face(), c.text_weak);
    let colour = if enabled { c.text } else { c.text_weak };
    let mut job = LayoutJob::default();
    for (at, letter) in item.text.chars().enumerate() {
        let is_hit = u32::try_from(at).is_ok_and(|at| item.hit.binary_search(&at).is_ok());
        let font = if is_hit { theme::strong() } else { theme::body() };
        job.append(letter.encode_utf8(&mut [0; 4]), 0.0, TextFormat::simple(font, if is_hit { c.accent_text } else { colour }));
    }
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(inner.width() * 0.66);
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let x = inner.left() + icons::face().size + space().medium;
    let end = x + galley.size().x + space().medium;
    ui.painter().galley((x, centre - galley.size().y / 2.0).into(), galley, colour);
    let detail = item.why_disabled.as_ref().map_or(item.detail.as_str().into(), |why| local(ui, why));
    let place = eframe::egui::Rect::from_min_max((end, inner.top()).into(), inner.max);
    let galley = ui.painter().layout_no_wrap(detail.into_owned(), theme::small(), c.text_weak);
    let at = (inner.right() - galley.size().x).max(end);
    let painter = ui.painter().with_clip_rect(place);
    painter.galley((at, centre - galley.size().y / 2.0).into(), galley, c.text_weak);
    response.clicked()
}
