//! Flips by the rules that cause them: how many, how much, whose; each is answered for before a release.

use std::collections::BTreeSet;

use eframe::egui::{Checkbox, Label, RichText, ScrollArea, Sense, Ui, UiBuilder, Vec2, WidgetInfo};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Ask, Outbox, Tab};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, section};
use crate::gui::words::{self, language, local, say, text, tr};
use crate::model::RuleId;
use crate::session::views::figures;
use crate::session::views::impact::{GroupRow, groups};
use crate::session::{Action, Only, Session, TableAction};
use crate::text::{Language, counted};

/// Shows the groups; a click lists the flips of one.
pub fn show(ui: &mut Ui, session: &Session, chosen: &mut Option<BTreeSet<RuleId>>, out: &mut Outbox) {
    let groups = groups(session);
    let open = groups.iter().filter(|group| !group.is_acknowledged).count();
    let title = say(ui, text("By causing rule", "按成因规则"));
    section::header(ui, title, |ui| {
        ui.add_space(space().medium);
        let words = match language(ui.ctx()) {
            Language::En if open == 0 => "all acknowledged".to_owned(),
            Language::En => format!("{open} to acknowledge"),
            Language::Zh if open == 0 => "均已确认".to_owned(),
            Language::Zh => format!("{open} 组待确认"),
        };
        let colour = if open == 0 { colours(ui).success } else { colours(ui).warning };
        ui.label(RichText::new(words).font(theme::small()).color(colour));
    });
    ScrollArea::vertical().auto_shrink(false).id_salt("groups").show(ui, |ui| {
        for group in &groups {
            one(ui, group, chosen, out);
        }
    });
}

fn one(ui: &mut Ui, group: &GroupRow, chosen: &mut Option<BTreeSet<RuleId>>, out: &mut Outbox) {
    let c = colours(ui);
    let is_chosen = chosen.as_ref() == Some(&group.rules);
    let size = Vec2::new(ui.available_width(), 3.0 * metrics().table_row);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let title = local(ui, &group.title).to_owned();
    response.widget_info(|| WidgetInfo::selected(eframe::egui::Role::ListBoxOption, true, is_chosen, &title));
    let ground = match (is_chosen, response.hovered()) {
        (true, _) => c.selected,
        (_, true) => c.hover,
        _ => eframe::egui::Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, theme::rounded(), ground);
    ui.painter().hline(rect.x_range(), rect.bottom(), theme::hairline(c.hairline));
    let inner = rect.shrink2(Vec2::new(space().medium, space().tiny));
    ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
        ui.spacing_mut().item_spacing = Vec2::new(space().small, 0.0);
        ui.horizontal(|ui| {
            let mut yes = group.is_acknowledged;
            let label = format!("{} {title}", say(ui, text("Acknowledge", "确认")));
            let tick = ui.add(Checkbox::without_text(&mut yes));
            tick.widget_info(|| WidgetInfo::selected(eframe::egui::Role::CheckBox, true, yes, &label));
            if tick.on_hover_text(say(ui, text("I looked at these and take responsibility", "已查看并承担责任"))).changed()
            {
                out.push(Action::Acknowledge { group: group.key.clone(), yes });
            }
            ui.with_layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center), |ui| {
                let label = format!("{}: {title}", say(ui, text("Show these requests", "显示这些请求")));
                if button::icon(ui, Glyph::TableProperties, &label).clicked() {
                    out.push(Action::Table(TableAction::Show(Only::Flips(group.rules.clone()))));
                    out.ask(Ask::Show(Tab::Requests));
                }
                ui.with_layout(eframe::egui::Layout::left_to_right(eframe::egui::Align::Center), |ui| {
                    ui.add(Label::new(theme::emphasised(ui, &title)).truncate());
                });
            });
        });
        ui.label(theme::weak(ui, numbers(group, language(ui.ctx()))));
        ui.horizontal(|ui| transitions(ui, group));
    });
    if response.clicked() {
        *chosen = if is_chosen { None } else { Some(group.rules.clone()) };
    }
}

fn numbers(group: &GroupRow, language: Language) -> String {
    let amount = figures::yuan(group.sums.amount_fen);
    match language {
        Language::En => {
            let requests = counted(group.sums.requests, "request", "requests");
            format!("{requests} · {amount} · {}", counted(group.customers, "customer", "customers"))
        }
        Language::Zh => {
            format!("{} 条请求 · {amount} · {} 位客户", figures::count(group.sums.requests), figures::count(group.customers))
        }
    }
}

/// From which verdict to which, most first.
fn transitions(ui: &mut Ui, group: &GroupRow) {
    let c = colours(ui);
    for (old, new, count) in group.transitions.iter().take(3) {
        ui.label(icons::small(icons::verdict(*old), c.verdict(*old).text));
        if old == new {
            let words = tr(ui, "otherwise", "其他变化");
            ui.label(theme::weak(ui, format!("{words} {}", figures::count(*count))));
        } else {
            ui.label(icons::small(Glyph::ArrowRight, c.text_weak));
            ui.label(icons::small(icons::verdict(*new), c.verdict(*new).text));
            let words = say(ui, words::verdict(*new));
            ui.label(RichText::new(format!("{words} {}", figures::count(*count))).font(theme::small()).color(c.verdict(*new).text));
        }
        ui.add_space(space().small);
    }
}
