//! The busiest second over time, interface by interface, with the capacity of the chosen one; below it who sends requests there.

use eframe::egui::{Align2, RichText, Stroke, Ui, Vec2};
use egui_plot::{HLine, HoverPosition, Line, LineStyle, PlotPoint, PlotPoints, Text};

use crate::gui::panels::plots;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::badge;
use crate::gui::words::{language, local, say, text, tr};
use countersign_core::model::{InterfaceId, RuleSet, Timestamp};
use countersign_core::text::Language;
use countersign_session::Details;
use countersign_session::views::figures;
use countersign_session::views::loads::Loads;

/// Rules that are shown with their share.
const RULES: usize = 4;

pub fn show(ui: &mut Ui, loads: &Loads, details: &Details, rule_set: &RuleSet, chosen: Option<&InterfaceId>) {
    let rules = details.summary.load.interfaces.iter().find(|load| Some(&load.interface) == chosen);
    let count = rules.map_or(0, |load| load.routed_by.len().min(RULES));
    let line = metrics().table_row.max(ui.spacing().interact_size.y);
    #[expect(clippy::cast_precision_loss, reason = "a few lines")]
    let below = metrics().section + count as f32 * line;
    let height = (ui.available_height() - below - space().medium).max(metrics().sweep_height / 2.0);
    lines(ui, height, loads, chosen);
    let Some(load) = rules else { return };
    plots::title(ui, &format!("{} {}", tr(ui, "Sent to", "路由至"), load.title.get(language(ui.ctx()))));
    let all: u64 = load.routed_by.iter().map(|by| by.requests).sum();
    for by in load.routed_by.iter().take(RULES) {
        let rule = by.rule.as_ref().map_or("", |id| id.as_str());
        let name = match rule_set.find_rule(rule) {
            Some((_, _, known)) => local(ui, &known.title),
            None if rule.is_empty() => std::borrow::Cow::Borrowed(say(ui, text("stage default", "阶段默认"))),
            None => std::borrow::Cow::Borrowed(rule),
        };
        ui.horizontal(|ui| {
            ui.add_space(space().medium);
            let (place, _) =
                ui.allocate_exact_size(Vec2::new(2.0 * metrics().hit_bar, metrics().table_row), eframe::egui::Sense::hover());
            badge::share_bar(ui, place, figures::ratio(by.requests, all), colours(ui).accent_text);
            ui.label(figures::count(by.requests));
            ui.label(theme::weak(ui, figures::share(by.requests, all)));
            ui.label(name).on_hover_text(rule);
        });
    }
}

fn lines(ui: &mut Ui, height: f32, loads: &Loads, chosen: Option<&InterfaceId>) {
    let c = colours(ui);
    let language = language(ui.ctx());
    let (start, step, zone) = (loads.start, loads.bin_seconds, loads.zone);
    #[expect(clippy::cast_possible_truncation, reason = "a bin's number")]
    let moment = move |bin: f64| {
        let second = start + (bin.round() as i64) * step;
        let at = Timestamp::from_micros(second.saturating_mul(1_000_000));
        at.map(|at| zone.civil(at))
    };
    let bins = loads.rows.iter().map(|row| row.bins.len()).max().unwrap_or(0);
    let span = step.saturating_mul(i64::try_from(bins).unwrap_or(i64::MAX));
    let axis = move |bin: f64| {
        let format = match span {
            200_000.. => "%m-%d",
            1_000.. => "%H:%M",
            _ => "%H:%M:%S",
        };
        moment(bin).map(|at| at.strftime(format).to_string()).unwrap_or_default()
    };
    let hover = move |position: &HoverPosition<'_>| {
        let HoverPosition::NearDataPoint { plot_name, position, .. } = position else { return None };
        let at = moment(position.x).map(|at| at.strftime("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default();
        let unit = if language == Language::Zh { "条/秒" } else { "per second" };
        Some(format!("{plot_name}\n{at}\n{:.0} {unit}", position.y))
    };
    let plot = plots::plot(ui, "interfaces").height(height).include_y(0.0);
    let plot = plot.x_axis_formatter(move |mark, _| axis(mark.value)).label_formatter(hover);
    let strong = metrics().stroke_strong;
    let response = plot.show(ui, |plot| {
        for (at, row) in loads.rows.iter().enumerate().filter(|(_, row)| row.requests > 0) {
            #[expect(clippy::cast_precision_loss, reason = "at most a few hundred bins")]
            let points: Vec<[f64; 2]> = row.bins.iter().enumerate().map(|(bin, load)| [bin as f64, *load]).collect();
            let width = if Some(&row.id) == chosen { strong } else { metrics().stroke };
            plot.line(Line::new(row.title.get(language), PlotPoints::from(points)).stroke(Stroke::new(width, c.series(at))));
            if let (true, Some(capacity)) = (Some(&row.id) == chosen, row.capacity) {
                let name = format!("{} {}", row.title.get(language), if language == Language::Zh { "容量" } else { "capacity" });
                let stroke = Stroke::new(metrics().stroke, c.warning);
                plot.hline(HLine::new(name.clone(), f64::from(capacity)).stroke(stroke).style(LineStyle::dashed_loose()));
                let label = RichText::new(format!("{name} {}", figures::count(capacity))).font(theme::small()).color(c.warning);
                plot.text(Text::new("", PlotPoint::new(0.0, f64::from(capacity)), label).anchor(Align2::LEFT_TOP));
            }
        }
    });
    plots::named(response, say(ui, text("Busiest second over time", "各时段每秒峰值")));
}
