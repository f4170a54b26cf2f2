//! Load of the interfaces against what they carry: over time, rule by rule, with more traffic, with one of them closed.

mod chart;
mod table;

use std::sync::Arc;

use eframe::egui::{CentralPanel, Frame, Label, Panel, RichText, Slider, Ui};

use super::{part_width, standing};
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, section, state};
use crate::gui::words::{language, say, text, tr};
use countersign_core::model::InterfaceId;
use countersign_core::text::Language;
use countersign_session::views::figures;
use countersign_session::views::loads::{LoadRow, Loads};
use countersign_session::{Action, Command, Details, Session, WhatIf};

#[derive(Default)]
pub struct InterfacesPanel {
    /// The interface whose rules and capacity are shown.
    chosen: Option<InterfaceId>,
    /// The answer with what it was asked of.
    held: Option<(usize, WhatIf, Loads)>,
    table: crate::gui::widgets::table::DataTable,
}

impl InterfacesPanel {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let shown = session.details();
        let Some(details) = shown.value else { return standing::nothing(ui, session, &shown, out) };
        ui.spacing_mut().item_spacing.y = 0.0;
        if details.summary.load.interfaces.is_empty() {
            let title = say(ui, text("The rule set has no interfaces", "规则集没有接口"));
            let hint = text("Interfaces are added with their capacity", "新增接口并注明其容量");
            state::empty(ui, Glyph::Network, title, say(ui, hint));
            return standing::offer(ui, Glyph::Plus, Command::Definitions, out);
        }
        let what_if = &session.view().what_if;
        self.refresh(details, what_if);
        let Some((.., loads)) = &self.held else { return };
        controls(ui, what_if, out);
        standing::banner(ui, &shown);
        standing::rows_left_out(ui, session, out);
        if self.chosen.as_ref().is_none_or(|id| !loads.rows.iter().any(|row| row.id == *id)) {
            self.chosen = loads.rows.iter().max_by_key(|row| row.requests).map(|row| row.id.clone());
        }
        let ground = Frame::new().fill(colours(ui).canvas);
        let width = part_width(ui, metrics().dialog_width + 1.5 * metrics().label_column, 0.55);
        Panel::left("interface table").frame(ground).default_size(width).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            table::show(ui, &mut self.table, loads, what_if, &mut self.chosen, out);
        });
        CentralPanel::no_frame().show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            capacity_answer(ui, loads);
            chart::show(ui, loads, details, session.document().rule_set(), self.chosen.as_ref());
        });
    }

    fn refresh(&mut self, details: &Arc<Details>, what_if: &WhatIf) {
        let by = Arc::as_ptr(details).addr();
        if !self.held.as_ref().is_some_and(|(known, asked, _)| *known == by && asked == what_if) {
            self.held = Some((by, what_if.clone(), details.seconds.ask(what_if)));
        }
    }
}

/// Growth of traffic, and back to the sample's own.
fn controls(ui: &mut Ui, what_if: &WhatIf, out: &mut Outbox) {
    ui.horizontal(|ui| {
        ui.set_min_height(metrics().section + space().small);
        ui.add_space(space().medium);
        let label = say(ui, text("Traffic factor", "流量倍数"));
        ui.label(theme::emphasised(ui, tr(ui, "What if", "情景模拟")));
        ui.add_space(space().small);
        ui.label(theme::weak(ui, label));
        let mut percent = what_if.growth_percent;
        let slider = Slider::new(&mut percent, 50..=1_000).suffix(" %").step_by(5.0).logarithmic(true);
        let slider = ui.add(slider).accessible_name(label);
        let hint = text("100 % is the traffic of the loaded requests", "100 % 即所载入请求的实际流量");
        if slider.on_hover_text(say(ui, hint)).changed() && percent != what_if.growth_percent {
            out.push(Action::WhatIf(WhatIf { growth_percent: percent, ..what_if.clone() }));
        }
        if *what_if != WhatIf::default() && button::ghost(ui, Some(Glyph::RotateCcw), tr(ui, "As loaded", "恢复原状")).clicked()
        {
            out.push(Action::WhatIf(WhatIf::default()));
        }
    });
    section::rule(ui);
}

pub fn capacity_answer(ui: &mut Ui, loads: &Loads) {
    let c = colours(ui);
    let language = language(ui.ctx());
    let worst = loads.rows.iter().filter(|row| row.seconds_over > Some(0)).max_by_key(|row| row.requests_over);
    let (glyph, colour, words) = match (worst, loads.lost) {
        (_, lost @ 1..) => (Glyph::CircleX, c.error, nowhere(lost, language)),
        (Some(row), _) => (Glyph::TriangleAlert, c.warning, over(row, language)),
        (None, _) => (Glyph::CircleCheck, c.success, fits(language).to_owned()),
    };
    ui.horizontal(|ui| {
        ui.set_min_height(metrics().section);
        ui.add_space(space().medium);
        ui.label(icons::icon(glyph).color(colour));
        ui.add(Label::new(RichText::new(words).font(theme::strong()).color(colour)).truncate());
    });
}

fn fits(language: Language) -> &'static str {
    match language {
        Language::En => "No interface is over its capacity in any second",
        Language::Zh => "所有接口在任何一秒均未超出容量",
    }
}

fn over(row: &LoadRow, language: Language) -> String {
    let (seconds, requests) =
        (figures::count(row.seconds_over.unwrap_or_default()), figures::count(row.requests_over.unwrap_or_default()));
    let (peak, title) = (figures::count(row.peak), row.title.get(language));
    match language {
        Language::En => format!("{title} is over its capacity for {seconds} seconds: {requests} requests too many, up to {peak}/s"),
        Language::Zh => format!("{title} 有 {seconds} 秒超出容量：共超出 {requests} 条请求，峰值每秒 {peak} 条"),
    }
}

fn nowhere(lost: u64, language: Language) -> String {
    let lost = figures::count(lost);
    match language {
        Language::En => format!("{lost} requests would find no open interface"),
        Language::Zh => format!("{lost} 条请求将没有可用接口"),
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::panels::testing::{PanelHarness, session, window};

    fn harness(requests: bool) -> egui_kittest::Harness<'static, PanelHarness<InterfacesPanel>> {
        window(PanelHarness::new(session(requests)), |panel: &mut InterfacesPanel, ui, session, out| panel.show(ui, session, out))
    }

    #[test]
    fn without_requests_it_says_how_to_get_them() {
        let mut window = harness(false);
        window.run();
        window.get_by_label("No requests are loaded");
    }

    #[test]
    fn a_closed_interface_and_ten_times_the_traffic_are_answered() {
        let mut window = harness(true);
        window.run();
        window.get_by_label("Busiest second over time");
        window.get_by_label("No interface is over its capacity in any second");
        let loads = window.state().panel.held.as_ref().unwrap().2.clone();
        let busy = loads.rows.iter().max_by_key(|row| row.requests).unwrap().clone();
        window.get_by_label(&format!("Open: {}", busy.title.en)).click();
        window.run();
        let what_if = window.state().session.view().what_if.clone();
        assert!(what_if.closed.contains_key(&busy.id));
        let loads = window.state().panel.held.as_ref().unwrap().2.clone();
        let closed = loads.rows.iter().find(|row| row.id == busy.id).unwrap();
        assert_eq!(closed.requests, 0);
        window.state_mut().act(Action::WhatIf(WhatIf { growth_percent: 1_000_000, ..what_if }));
        window.run();
        assert!(window.query_by_label("No interface is over its capacity in any second").is_none());
        window.get_by_label("As loaded").click();
        window.run();
        assert_eq!(window.state().session.view().what_if, WhatIf::default());
        window.state_mut().break_a_script();
        window.run();
        window.get_by_label("the draft has errors; this is the last good result");
    }
}
