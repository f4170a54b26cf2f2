//! The list of releases, made last first: version, where it is on its way, who made it, how many approved it.

use eframe::egui::{Align2, Key, Modifiers, Rect, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo};

use super::{look, state_word, when};
use crate::gui::icons;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::row::line;
use crate::gui::widgets::{field, section};
use crate::gui::words::{language, say, text};
use countersign_core::text::Language;
use countersign_session::{Action, PreferenceAction, ReleaseAction, ReleaseList, ReleaseRow, Session};

pub fn show(ui: &mut Ui, session: &Session, all: &ReleaseList, out: &mut Outbox) {
    section::header(ui, say(ui, text("Releases", "发布")), |ui| {
        ui.label(theme::weak(ui, all.rows.len().to_string()));
    });
    who(ui, session, out);
    section::rule(ui);
    let chosen = session.selected_release().map(|row| row.digest);
    let at = all.rows.iter().position(|row| Some(row.digest) == chosen);
    if let Some(row) = step(ui).and_then(|down| all.rows.get(moved(at, down)?)) {
        out.push(Action::Release(ReleaseAction::Select(row.digest)));
    }
    ScrollArea::vertical().auto_shrink(false).id_salt("releases").show(ui, |ui| {
        for row in &all.rows {
            if one(ui, row, Some(row.digest) == chosen) {
                out.push(Action::Release(ReleaseAction::Select(row.digest)));
            }
        }
    });
}

/// The name that steps are noted under.
fn who(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let label = say(ui, text("You are", "您的姓名"));
    let mut name = session.preferences().maker.clone();
    let width = ui.available_width() - metrics().label_column - 3.0 * space().medium;
    section::property(ui, label, |ui| {
        if field::text(ui, &mut name, label, "li.na@bank.example", width).changed() {
            out.push(Action::Prefer(PreferenceAction::Maker(name.trim().to_owned())));
        }
    });
}

/// Whether an arrow was pressed while nothing is typed in: down or up.
fn step(ui: &Ui) -> Option<bool> {
    if ui.ctx().text_edit_focused() || ui.ctx().memory(|memory| memory.top_modal_layer().is_some()) {
        return None;
    }
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if pressed(Key::ArrowDown) { Some(true) } else { pressed(Key::ArrowUp).then_some(false) }
}

fn moved(at: Option<usize>, down: bool) -> Option<usize> {
    let at = at?;
    if down { Some(at + 1) } else { at.checked_sub(1) }
}

fn one(ui: &mut Ui, row: &ReleaseRow, is_chosen: bool) -> bool {
    let c = colours(ui);
    let size = Vec2::new(ui.available_width(), 2.0 * metrics().table_row);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let word = state_word(ui, row);
    let below = approved(row, language(ui.ctx()));
    let spoken = format!("{}: {word}, {}, {below}", row.version, row.provenance.maker);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &spoken));
    let ground = match (is_chosen, response.hovered() || response.has_focus()) {
        (true, _) => c.selected,
        (_, true) => c.hover,
        _ => c.panel,
    };
    ui.painter().rect_filled(rect, eframe::egui::CornerRadius::ZERO, ground);
    ui.painter().hline(rect.x_range(), rect.bottom(), theme::hairline(c.hairline));
    let inner = rect.shrink2(Vec2::new(space().medium, space().tiny));
    let (top, bottom) = inner.split_top_bottom_at_fraction(0.5);
    let (glyph, colour) = look(ui, row);
    ui.painter().text(top.left_center(), Align2::LEFT_CENTER, char::from(glyph), icons::small_face(), colour);
    let painter = ui.painter();
    let end = painter.text(top.right_center(), Align2::RIGHT_CENTER, word, theme::small(), colour).left();
    let x = top.left() + icons::face().size + space().small;
    let place = Rect::from_min_max(top.min, (end - space().small, top.bottom()).into());
    let _ = line(ui, painter, &row.version, (x, place), theme::strong(), c.text_strong);
    let end = painter.text(bottom.right_center(), Align2::RIGHT_CENTER, &below, theme::small(), c.text_weak).left();
    let place = Rect::from_min_max(bottom.min, (end - space().small, bottom.bottom()).into());
    let made = format!("{} · {}", when(row.provenance.created_at), row.provenance.maker);
    let _ = line(ui, painter, &made, (x, place), theme::small(), c.text_weak);
    response.on_hover_text(format!("{}\n{}", row.file, row.digest)).clicked()
}

/// How many approved; of how many needed while that can change.
fn approved(row: &ReleaseRow, language: Language) -> String {
    let (needed, given) = (row.checklist.needed(), row.checklist.given());
    match (needed, language) {
        (0, Language::En) => format!("{} approved", row.checkers().count()),
        (0, Language::Zh) => format!("{} 份审批", row.checkers().count()),
        (_, Language::En) => format!("{given} of {needed}"),
        (_, Language::Zh) => format!("{given}/{needed} 审批"),
    }
}
