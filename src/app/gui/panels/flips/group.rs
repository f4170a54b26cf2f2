//! One group of flips: the rules that cause it, how many, how much, whose, and from which verdict to which.

use eframe::egui::{Align, Checkbox, Color32, Label, Layout, RichText, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Ask, Outbox, Tab};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::button;
use crate::gui::words::{self, language, local, say, text, tr};
use countersign_core::text::{Language, counted};
use countersign_session::views::figures;
use countersign_session::views::impact::GroupRow;
use countersign_session::{Action, Only, TableAction};

/// Shows a group; whether it was pressed. With an outbox somebody may answer for it, and its requests can be put into the table.
pub fn group(ui: &mut Ui, group: &GroupRow, is_chosen: bool, out: Option<&mut Outbox>) -> bool {
    let c = colours(ui);
    let size = Vec2::new(ui.available_width(), 3.0 * metrics().table_row);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let title = local(ui, &group.title).into_owned();
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &title));
    let ground = match (is_chosen, response.hovered() || response.has_focus()) {
        (true, _) => c.selected,
        (_, true) => c.hover,
        _ => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, theme::rounded(), ground);
    ui.painter().hline(rect.x_range(), rect.bottom(), theme::hairline(c.hairline));
    let inner = rect.shrink2(Vec2::new(space().medium, space().tiny));
    ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
        ui.spacing_mut().item_spacing = Vec2::new(space().small, 0.0);
        ui.horizontal(|ui| match out {
            Some(out) => with_tools(ui, group, &title, out),
            None => drop(ui.add(Label::new(theme::emphasised(ui, &title)).selectable(false).truncate())),
        });
        ui.add(Label::new(theme::weak(ui, numbers(group, language(ui.ctx())))).selectable(false).truncate());
        ui.horizontal(|ui| transitions(ui, group));
    });
    response.clicked()
}

/// The title between a tick, by which somebody answers for the group, and a button that lists its requests.
fn with_tools(ui: &mut Ui, group: &GroupRow, title: &str, out: &mut Outbox) {
    let mut yes = group.is_acknowledged;
    let label = format!("{} {title}", say(ui, text("Acknowledge", "确认")));
    let tick = ui.add(Checkbox::without_text(&mut yes));
    tick.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, yes, &label));
    if tick.on_hover_text(say(ui, text("I looked at these and take responsibility", "已查看并承担责任"))).changed() {
        out.push(Action::Acknowledge { group: group.key.clone(), yes });
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let label = format!("{}: {title}", say(ui, text("Show these requests", "显示这些请求")));
        if button::icon(ui, Glyph::TableProperties, &label).clicked() {
            out.push(Action::Table(TableAction::Show(Only::Flips(group.rules.clone()))));
            out.ask(Ask::Show(Tab::Requests));
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(Label::new(theme::emphasised(ui, title)).selectable(false).truncate());
        });
    });
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
