//! What the window shows below its top bar: the workbench, the releases, or the journal.

use eframe::egui::{CentralPanel, Frame, Key, Modifiers, Panel, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::panels::Panels;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::button;
use crate::gui::words::{say, text};
use countersign_session::{Action, ReleaseAction, Session};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MainScreen {
    /// Where rules are written and tried.
    #[default]
    Workbench,
    /// Where releases are reviewed and taken further.
    Releases,
    Journal,
}

/// Goes to a screen; the releases are looked at again and again while they are shown.
pub fn go(from: &mut MainScreen, to: MainScreen, out: &mut Outbox) {
    let (was, is) = (*from != MainScreen::Workbench, to != MainScreen::Workbench);
    if was != is {
        out.push(Action::Release(ReleaseAction::Watch(is)));
    }
    *from = to;
}

/// Shows the releases or the journal, under a bar that leads back.
pub fn show(ui: &mut Ui, screen: &mut MainScreen, panels: &mut Panels, session: &Session, out: &mut Outbox) {
    let c = colours(ui);
    let mut wanted = *screen;
    Panel::top("screens").frame(Frame::new().fill(c.bar)).exact_size(metrics().tab_bar).show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = space().small;
            ui.add_space(space().medium);
            let back = button::ghost(ui, Some(Glyph::ArrowLeft), say(ui, text("Back to the rules", "返回规则")));
            if back.clicked() {
                wanted = MainScreen::Workbench;
            }
            ui.spacing_mut().item_spacing.x = 0.0;
            for (one, glyph, title) in [
                (MainScreen::Releases, Glyph::PackageCheck, text("Releases", "发布")),
                (MainScreen::Journal, Glyph::ScrollText, text("Journal", "审计日志")),
            ] {
                if tab(ui, glyph, say(ui, title), *screen == one) {
                    wanted = one;
                }
            }
        });
    });
    CentralPanel::default().frame(Frame::new().fill(c.canvas)).show(ui, |ui| match screen {
        MainScreen::Journal => panels.journal.show(ui, session, out),
        _ => panels.releases.show(ui, session, out),
    });
    let is_free = !ui.ctx().text_edit_focused() && ui.ctx().memory(|memory| memory.top_modal_layer().is_none());
    if is_free && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        wanted = MainScreen::Workbench;
    }
    go(screen, wanted, out);
}

fn tab(ui: &mut Ui, glyph: Glyph, title: &str, is_chosen: bool) -> bool {
    let c = colours(ui);
    let colour = if is_chosen { c.text_strong } else { c.text_weak };
    let galley = ui.painter().layout_no_wrap(title.to_owned(), theme::body(), colour);
    let icon = icons::face().size + space().small;
    let size = Vec2::new(galley.size().x + icon + 2.0 * space().medium, metrics().tab_bar);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_chosen, title));
    if is_chosen {
        ui.painter().rect_filled(rect, eframe::egui::CornerRadius::ZERO, c.canvas);
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, eframe::egui::CornerRadius::ZERO, c.hover);
    }
    let at = rect.left_center() + Vec2::new(space().medium, 0.0);
    let tint = if is_chosen { c.accent_text } else { colour };
    ui.painter().text(at, eframe::egui::Align2::LEFT_CENTER, char::from(glyph), icons::small_face(), tint);
    ui.painter().galley((at.x + icon, at.y - galley.size().y / 2.0).into(), galley, colour);
    response.clicked()
}
