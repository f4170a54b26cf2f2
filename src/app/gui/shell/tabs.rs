//! The bar of tabs at the bottom, and the panel that is in front.

use eframe::egui::{Align2, Rect, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, Tab};
use crate::gui::panels::Panels;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::words::{say, text};
use countersign_core::text::StaticText;
use countersign_session::Session;
use countersign_session::views::figures;

const TABS: [(Tab, Glyph, StaticText); 8] = [
    (Tab::Requests, Glyph::TableProperties, text("Requests", "请求")),
    (Tab::Explain, Glyph::Waypoints, text("Explain", "解释")),
    (Tab::Impact, Glyph::GitCompareArrows, text("Impact", "影响")),
    (Tab::Interfaces, Glyph::Network, text("Interfaces", "接口")),
    (Tab::Charts, Glyph::ChartColumn, text("Charts", "图表")),
    (Tab::Cases, Glyph::ListChecks, text("Cases", "用例")),
    (Tab::Lists, Glyph::List, text("Lists", "名单")),
    (Tab::Schema, Glyph::Database, text("Fields and reasons", "字段与原因码")),
];

pub fn show(ui: &mut Ui, chosen: &mut Tab, panels: &mut Panels, session: &Session, out: &mut Outbox) {
    let (bar, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), metrics().tab_bar), Sense::hover());
    let c = colours(ui);
    ui.painter().rect_filled(bar, eframe::egui::CornerRadius::ZERO, c.bar);
    ui.painter().hline(bar.x_range(), bar.bottom(), theme::hairline(c.hairline));
    ui.scope_builder(UiBuilder::new().max_rect(bar), |ui| {
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(space().small);
            let count = |tab| count(tab, session);
            let wanted: f32 = TABS.iter().map(|(tab, _, title)| width(ui, Some(say(ui, *title)), count(*tab).as_deref())).sum();
            // Where there is no room for all titles, only that of the chosen tab is written out.
            let has_room = wanted <= ui.available_width();
            for (tab, glyph, title) in TABS {
                let is_chosen = *chosen == tab;
                let look = TabLook { is_chosen, is_written: has_room || is_chosen };
                if one(ui, glyph, say(ui, title), count(tab).as_deref(), look) {
                    *chosen = tab;
                }
            }
        });
    });
    let rest = Rect::from_min_max(bar.left_bottom(), ui.max_rect().max);
    let mut part = ui.new_child(UiBuilder::new().max_rect(rest).id_salt(("tab", *chosen as u8)));
    part.shrink_clip_rect(rest);
    panels.show_tab(*chosen, &mut part, session, out);
}

/// A number that matters at a glance.
fn count(tab: Tab, session: &Session) -> Option<String> {
    let some = |count: u64| (count > 0).then(|| figures::count(count));
    match tab {
        Tab::Impact => session.impact().value.and_then(|impact| some(impact.all.requests)),
        Tab::Cases => {
            session.cases().value.map(|run| run.counts()).and_then(|counts| some((counts.failed + counts.unusable) as u64))
        }
        _ => None,
    }
}

#[derive(Clone, Copy)]
struct TabLook {
    is_chosen: bool,
    /// With its title beside the icon.
    is_written: bool,
}

/// The width of a tab with its title, where it is written, and its number.
fn width(ui: &Ui, title: Option<&str>, count: Option<&str>) -> f32 {
    let of = |words: &str, font| ui.painter().layout_no_wrap(words.to_owned(), font, colours(ui).text).size().x;
    let title = title.map_or(0.0, |title| space().small + of(title, theme::body()));
    let count = count.map_or(0.0, |count| space().small + of(count, theme::small()));
    icons::face().size + title + count + 2.0 * (space().medium + space().tiny)
}

fn one(ui: &mut Ui, glyph: Glyph, title: &str, count: Option<&str>, look: TabLook) -> bool {
    let c = colours(ui);
    let TabLook { is_chosen, is_written } = look;
    let size = Vec2::new(width(ui, is_written.then_some(title), count), metrics().tab_bar);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_chosen, title));
    if is_chosen {
        ui.painter().rect_filled(rect, eframe::egui::CornerRadius::ZERO, c.canvas);
        let line =
            Rect::from_min_max((rect.left(), rect.top()).into(), (rect.right(), rect.top() + metrics().stroke_strong).into());
        ui.painter().rect_filled(line, eframe::egui::CornerRadius::ZERO, c.accent_text);
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, eframe::egui::CornerRadius::ZERO, c.hover);
    }
    let colour = if is_chosen { c.text_strong } else { c.text_weak };
    let mut at = rect.left_center() + Vec2::new(space().medium + space().tiny, 0.0);
    let mut put = |words: String, font, colour| {
        at.x = ui.painter().text(at, Align2::LEFT_CENTER, words, font, colour).right() + space().small;
    };
    put(char::from(glyph).to_string(), icons::small_face(), if is_chosen { c.accent_text } else { colour });
    if is_written {
        put(title.to_owned(), theme::body(), colour);
    }
    if let Some(count) = count {
        put(count.to_owned(), theme::small(), c.accent_text);
    }
    let clicked = response.clicked();
    if !is_written {
        response.on_hover_text(title);
    }
    clicked
}
