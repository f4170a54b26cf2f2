//! Figures where people would rather look: verdicts, hits per rule, scores with their bands, the hours of the day.

mod bars;
mod picture;

use std::sync::Arc;

use eframe::egui::{Align, Layout, Rect, Ui};

use super::path_field::{PathField, PathPurpose};
use super::{plots, standing};
use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, metrics, space};
use crate::gui::widgets::{button, section, state};
use crate::gui::words::{language, local, say, text};
use countersign_session::views::charts::{Chart, ChartKind, chart};
use countersign_session::{Action, FileAction, Session};

#[derive(Default)]
pub struct ChartsPanel {
    kind: ChartKind,
    log: bool,
    held: Option<(usize, u64, ChartKind, Chart)>,
    csv: PathField,
    png: PathField,
    picture: picture::ChartPicture,
    place: Option<Rect>,
}

impl ChartsPanel {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let shown = session.details();
        let Some(details) = shown.value else { return standing::nothing(ui, session, &shown, out) };
        ui.spacing_mut().item_spacing.y = 0.0;
        let (by, stamp) = (Arc::as_ptr(details).addr(), session.stamp());
        if !self.held.as_ref().is_some_and(|(known, at, kind, _)| (*known, *at, *kind) == (by, stamp, self.kind)) {
            self.held = chart(session, self.kind).map(|chart| (by, stamp, self.kind, chart));
        }
        self.bar(ui, out);
        section::rule(ui);
        standing::banner(ui, &shown);
        standing::rows_left_out(ui, session, out);
        let Some((.., chart)) = &self.held else { return };
        if chart.is_empty() {
            let title = say(ui, text("There is nothing to draw", "没有可绘制的数据"));
            let hint = text("No request has a figure of this kind", "没有请求具有此类数值");
            return state::empty(ui, Glyph::ChartColumn, title, say(ui, hint));
        }
        ui.add_space(space().small);
        let top = ui.cursor().min;
        ui.horizontal(|ui| {
            plots::title(ui, &local(ui, &chart.heading()));
            if let Some(remark) = &chart.remark {
                ui.label(theme::weak(ui, local(ui, remark)));
            }
            bars::legend(ui, chart, self.log);
        });
        bars::show(ui, chart, self.log);
        self.place = Some(Rect::from_min_max(top, ui.max_rect().max));
    }

    fn bar(&mut self, ui: &mut Ui, out: &mut Outbox) {
        ui.horizontal(|ui| {
            ui.set_min_height(metrics().section + space().small);
            ui.add_space(space().medium);
            for (kind, name) in [
                (ChartKind::Verdicts, text("Verdicts", "结论")),
                (ChartKind::Rules, text("Hits per rule", "规则命中")),
                (ChartKind::Scores, text("Scores", "评分")),
                (ChartKind::Rhythm, text("Daily rhythm", "日内分布")),
            ] {
                if ui.selectable_label(self.kind == kind, say(ui, name)).clicked() {
                    self.kind = kind;
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = space().small;
                ui.add_space(space().medium);
                self.exports(ui, out);
                let label = say(ui, text("Logarithmic scale", "对数刻度"));
                if button::switch(ui, Glyph::SquareFunction, label, self.log).clicked() {
                    self.log = !self.log;
                }
            });
        });
    }

    fn exports(&mut self, ui: &mut Ui, out: &mut Outbox) {
        let name = match self.kind {
            ChartKind::Verdicts => "verdicts",
            ChartKind::Rules => "hits-per-rule",
            ChartKind::Scores => "scores",
            ChartKind::Rhythm => "daily-rhythm",
        };
        let response = button::icon(ui, Glyph::FileSpreadsheet, say(ui, text("Export as CSV", "导出 CSV")));
        if let Some(path) = self.csv.show(&response, PathPurpose::Saving, text("Write CSV", "写入 CSV"), &format!("{name}.csv"))
            && let Some((.., chart)) = &self.held
        {
            let bytes = chart.csv(language(ui.ctx())).into_bytes();
            out.push(Action::File(FileAction::Write { path, bytes }));
        }
        let response = button::icon(ui, Glyph::Image, say(ui, text("Export as PNG", "导出 PNG")));
        let path = self.png.show(&response, PathPurpose::Saving, text("Write PNG", "写入 PNG"), &format!("{name}.png"));
        if let (Some(path), Some(place)) = (path, self.place) {
            self.picture.ask(ui.ctx(), path, place);
        }
        if let Some((path, bytes)) = self.picture.take(ui.ctx()) {
            out.push(Action::File(FileAction::Write { path, bytes }));
        }
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::panels::testing::{PanelHarness, session, window};

    fn harness(requests: bool) -> egui_kittest::Harness<'static, PanelHarness<ChartsPanel>> {
        window(PanelHarness::new(session(requests)), |panel: &mut ChartsPanel, ui, session, out| panel.show(ui, session, out))
    }

    #[test]
    fn without_requests_it_says_how_to_get_them() {
        let mut window = harness(false);
        window.run();
        window.get_by_label("No requests are loaded");
    }

    #[test]
    fn every_chart_is_drawn_on_both_scales_and_written_as_csv() {
        let mut window = harness(true);
        for (button, title) in [
            ("Verdicts", "Requests per verdict"),
            ("Hits per rule", "Hits per rule"),
            ("Scores", "Requests per score"),
            ("Daily rhythm", "Requests by hour of the day"),
        ] {
            window.run();
            window.get_all_by_label(button).next().unwrap().click();
            window.run();
            window.get_all_by_label(title).next().unwrap();
            window.get_by_label("Logarithmic scale").click();
            window.run();
        }
        window.get_by_label("Export as CSV").click();
        window.run();
        window.get_by_label("Write CSV").click();
        window.run();
        let notices = window.state().session.notices();
        assert_eq!(notices[0].text.en, "written: `daily-rhythm.csv`");
        let csv = chart(&window.state().session, ChartKind::Rhythm).unwrap().csv(countersign_core::text::Language::En);
        assert_eq!(csv.lines().count(), 25);
        assert!(csv.starts_with("Requests by hour of the day,accept,step up,refer,decline\n00:00,"), "{csv}");
        let all: u64 = csv.lines().skip(1).flat_map(|line| line.split(',').skip(1)).map(|cell| cell.parse::<u64>().unwrap()).sum();
        assert_eq!(all, 2_000);
        window.state_mut().break_a_script();
        window.run();
        window.get_by_label("the draft has errors; this is the last good result");
    }
}
