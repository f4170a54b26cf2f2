//! A parameter over its range: what share each verdict would get, with the present and the live value; a click sets it.

use std::sync::Arc;

use eframe::egui::{Align, Layout, Stroke, Ui, Vec2};
use egui_plot::{Line, LineStyle, Plot, PlotPoints, VLine};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::state;
use crate::gui::words::{self, local, say, text};
use crate::model::{ParameterId, Verdict};
use crate::session::jobs::Status;
use crate::session::views::figures;
use crate::session::{Action, ParameterAction, Point, Session, Sweep};

/// Verdicts that are drawn; what remains is accepted.
const DRAWN: [Verdict; 3] = [Verdict::StepUp, Verdict::Refer, Verdict::Decline];

/// Shows the plot of a parameter that was asked for.
pub fn show(ui: &mut Ui, session: &Session, id: &ParameterId, out: &mut Outbox) {
    let shown = session.sweep_result();
    let of_this = shown.value.filter(|sweep| sweep.parameter == *id);
    match (&shown.status, of_this) {
        (Status::Failed(why), None) => state::failed(ui, local(ui, why)),
        (_, None) => {
            let words = say(ui, text("Trying the range", "正在试算"));
            let part = shown.running.map_or(String::new(), |running| figures::share(running.done, running.total));
            ui.label(theme::weak(ui, format!("{words} {part}")));
        }
        (status, Some(sweep)) => {
            if let Status::Stale(why) | Status::Failed(why) = status {
                state::stale(ui, local(ui, why));
            }
            legend(ui);
            if let Some(point) = plot(ui, sweep) {
                let zone = session.document().definition().schema.zone;
                out.push(Action::Parameter(ParameterAction::Set(id.clone(), point.value.to_scalar(zone))));
            }
        }
    }
}

fn legend(ui: &mut Ui) {
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        ui.add_space(space().medium);
        for verdict in DRAWN {
            let colour = colours(ui).verdict(verdict).text;
            ui.label(icons::small(icons::verdict(verdict), colour));
            ui.label(theme::weak(ui, say(ui, words::verdict(verdict))));
        }
    });
}

/// The share of a verdict at a point, in per cent.
fn share(point: &Point, verdict: Verdict) -> f64 {
    let all: u64 = point.verdicts.iter().map(|sums| sums.requests).sum();
    let some = point.verdicts.get(verdict as usize).map_or(0, |sums| sums.requests);
    figures::ratio(some, all) * 100.0
}

/// The nearest point to a place on the axis.
fn nearest(sweep: &Sweep, at: f64) -> Option<&Point> {
    sweep.points.iter().min_by(|a, b| (a.at - at).abs().total_cmp(&(b.at - at).abs()))
}

/// Draws it; the point that was clicked.
fn plot<'a>(ui: &mut Ui, sweep: &'a Arc<Sweep>) -> Option<&'a Point> {
    let c = colours(ui);
    let held = Arc::clone(sweep);
    let language = words::language(ui.ctx());
    let label = move |hover: &egui_plot::HoverPosition<'_>| {
        let at = match hover {
            egui_plot::HoverPosition::NearDataPoint { position, .. } | egui_plot::HoverPosition::Elsewhere { position } => {
                position.x
            }
        };
        let point = nearest(&held, at)?;
        let lines = DRAWN.map(|verdict| format!("{} {:.1} %", words::verdict(verdict).get(language), share(point, verdict)));
        let ratio = |name: crate::text::StaticText, ratio: crate::engine::dry_run::Ratio| {
            (ratio.whole > 0).then(|| format!("\n{} {}", name.get(language), figures::share(ratio.part, ratio.whole)))
        };
        let precision = ratio(text("Precision", "精确率"), point.precision).unwrap_or_default();
        let recall = ratio(text("Recall", "召回率"), point.recall).unwrap_or_default();
        let customers = format!("\n{} {}", text("Customers", "影响客户").get(language), figures::count(point.customers));
        Some(format!("{}\n{}{precision}{recall}{customers}", point.shown, lines.join("\n")))
    };
    let plot = Plot::new(("sweep", sweep.parameter.as_str()))
        .height(metrics().sweep_height)
        .show_background(false)
        .grid_color(c.grid)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .include_y(0.0)
        .set_margin_fraction(Vec2::new(0.02, 0.08))
        .label_formatter(label);
    let response = plot.show(ui, |plot| {
        for verdict in DRAWN {
            let points: PlotPoints<'_> = sweep.points.iter().map(|point| [point.at, share(point, verdict)]).collect();
            plot.line(
                Line::new(format!("{verdict:?}"), points).stroke(Stroke::new(metrics().stroke_strong, c.verdict(verdict).text)),
            );
        }
        plot.vline(VLine::new("present", sweep.present).stroke(Stroke::new(metrics().stroke_strong, c.accent_text)));
        if let Some(live) = sweep.live.filter(|live| live.total_cmp(&sweep.present).is_ne()) {
            let line = VLine::new("live", live).stroke(Stroke::new(metrics().stroke, c.text_weak));
            plot.vline(line.style(LineStyle::dashed_loose()));
        }
        let pressed = plot.response().clicked() || plot.response().dragged();
        plot.pointer_coordinate().filter(|_| pressed).map(|at| at.x)
    });
    let name = say(ui, text("Sweep", "参数试算"));
    let _ = response.response.accessible_name(format!("{name} {}", sweep.parameter));
    response.inner.and_then(|at| nearest(sweep, at)).filter(|point| (point.at - sweep.present).abs() > f64::EPSILON)
}

/// The button that tries a parameter.
pub fn button(ui: &mut Ui, session: &Session, id: &ParameterId, out: &mut Outbox) {
    let on = session.view().sweep.as_ref() == Some(id);
    let label = format!("{} {id}", say(ui, text("Try the range of", "试算参数范围")));
    ui.add_enabled_ui(session.requests().is_some(), |ui| {
        if crate::gui::widgets::button::switch(ui, Glyph::ChartSpline, &label, on).clicked() {
            out.push(Action::Sweep(id.clone()));
        }
    });
}
