//! A parameter over its range: the share of each verdict, precision and recall, the customers affected, with the present and the live
//! value; pressing or dragging on it sets the parameter.

use countersign_run::decisions::Ratio;
use std::sync::Arc;

use eframe::egui::{Color32, CursorIcon, Stroke, Ui, Vec2};
use egui_plot::{AxisHints, GridMark, HoverPosition, Line, LineStyle, Plot, PlotPoints, PlotUi, VLine, uniform_grid_spacer};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::panels::{plots, standing};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{section, state};
use crate::gui::words::{self, local, say, text};
use countersign_core::model::{ParameterId, Timestamp, Value, Verdict, Zone};
use countersign_core::text::{Language, StaticText};
use countersign_session::jobs::Freshness;
use countersign_session::views::figures;
use countersign_session::{Action, ParameterAction, Session, Sweep, SweepPoint};

/// Verdicts that are drawn; what remains is accepted.
const DRAWN: [Verdict; 3] = [Verdict::StepUp, Verdict::Refer, Verdict::Decline];
const TRYING: StaticText = text("Trying the range", "正在试算");
const PRECISION: StaticText = text("Precision", "精确率");
const RECALL: StaticText = text("Recall", "召回率");
const CUSTOMERS: StaticText = text("Customers affected", "影响客户数");

/// Shows the plots of a parameter that was asked for.
pub fn show(ui: &mut Ui, session: &Session, id: &ParameterId, out: &mut Outbox) {
    let mut shown = session.sweep_result();
    shown.value = shown.value.filter(|sweep| sweep.parameter == *id);
    match (&shown.status, shown.value) {
        (Freshness::Failed(why), _) => state::failed(ui, &local(ui, why)),
        (_, None) if shown.running.is_none() => standing::missing(ui, session, &shown, TRYING),
        (_, None) => {
            let words = say(ui, TRYING);
            let part = shown.running.map_or(String::new(), |running| figures::share(running.done, running.total));
            ui.horizontal(|ui| {
                ui.add_space(space().medium);
                ui.label(icons::small(Glyph::LoaderCircle, colours(ui).text_weak));
                ui.label(theme::weak(ui, format!("{words} {part}")));
            });
        }
        (status, Some(sweep)) => {
            let zone = session.document().definition().schema.zone;
            // The marker follows the draft at once; what is drawn follows when it has been tried again.
            let held = session.document().rule_set().parameters.get(id).map(|parameter| &parameter.value);
            let at = sweep.points.iter().find(|point| Some(&point.value) == held).map_or(sweep.present, |point| point.at);
            let marks = SweepMarks { sweep, present: at, zone, language: words::language(ui.ctx()) };
            // Where the line is stays, so that the plot does not move away under the pointer.
            let old = match status {
                Freshness::Stale(why) => Some(local(ui, why)),
                _ => None,
            };
            legend(ui, sweep, old.as_deref());
            standing::rows_left_out(ui, session, out);
            recall_at_worst(ui, session, sweep, at);
            let shares = marks.shares(ui);
            ui.horizontal(|ui| {
                ui.add_space(space().medium);
                ui.label(theme::weak(ui, say(ui, CUSTOMERS)));
            });
            let chosen = shares.or_else(|| marks.customers(ui));
            if let Some(point) = chosen.filter(|point| Some(&point.value) != held) {
                out.push(Action::Parameter(ParameterAction::Set(id.clone(), point.value.to_scalar(zone))));
            }
        }
    }
}

/// What the lines of the upper plot are; why they are old, where they are.
fn legend(ui: &mut Ui, sweep: &Sweep, old: Option<&str>) {
    let c = colours(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        ui.add_space(space().medium);
        for verdict in DRAWN {
            ui.label(icons::small(icons::verdict(verdict), c.verdict(verdict).text));
            ui.label(theme::weak(ui, say(ui, words::verdict(verdict))));
        }
        if is_labelled(sweep) {
            for (at, name) in [PRECISION, RECALL].into_iter().enumerate() {
                ui.label(icons::small(Glyph::Ellipsis, c.series(at)));
                ui.label(theme::weak(ui, say(ui, name)));
            }
        }
        if let Some(why) = old {
            ui.label(icons::small(Glyph::History, c.warning)).on_hover_text(why).accessible_name(why);
        }
    });
}

/// Recall at the present value, and what it may be at worst given the rows left out.
fn recall_at_worst(ui: &mut Ui, session: &Session, sweep: &Sweep, present: f64) {
    let recall = nearest(sweep, present).map(|point| point.recall).filter(|recall| recall.whole > 0);
    let said = session.left_out().zip(recall).and_then(|(aside, recall)| aside.recall_sentence(recall.part, recall.whole));
    if let Some(said) = said {
        section::sentence(ui, Glyph::TriangleAlert, colours(ui).warning, &local(ui, &said));
    }
}

/// Whether any request says what it turned out to be.
fn is_labelled(sweep: &Sweep) -> bool {
    sweep.points.iter().any(|point| point.recall.whole > 0)
}

/// The share of a verdict at a point.
fn share(point: &SweepPoint, verdict: Verdict) -> f64 {
    let all: u64 = point.verdicts.iter().map(|sums| sums.requests).sum();
    let some = point.verdicts.get(verdict as usize).map_or(0, |sums| sums.requests);
    figures::ratio(some, all) * 100.0
}

/// The nearest point to a place on the axis.
fn nearest(sweep: &Sweep, at: f64) -> Option<&SweepPoint> {
    sweep.points.iter().min_by(|a, b| (a.at - at).abs().total_cmp(&(b.at - at).abs()))
}

/// What both plots have in common.
struct SweepMarks<'a> {
    sweep: &'a Arc<Sweep>,
    present: f64,
    zone: Zone,
    language: Language,
}

impl<'a> SweepMarks<'a> {
    /// Verdict shares, and precision and recall where requests are labelled, in per cent.
    fn shares(&self, ui: &mut Ui) -> Option<&'a SweepPoint> {
        let c = colours(ui);
        let strong = metrics().stroke_strong;
        let mut lines: Vec<(Vec<[f64; 2]>, Color32, LineStyle)> = Vec::new();
        let along = |of: &dyn Fn(&SweepPoint) -> f64| self.sweep.points.iter().map(|point| [point.at, of(point)]).collect();
        for verdict in DRAWN {
            lines.push((along(&|point| share(point, verdict)), c.verdict(verdict).text, LineStyle::Solid));
        }
        if is_labelled(self.sweep) {
            let per_cent = |ratio: Ratio| figures::ratio(ratio.part, ratio.whole) * 100.0;
            lines.push((along(&|point| per_cent(point.precision)), c.series(0), LineStyle::dotted_dense()));
            lines.push((along(&|point| per_cent(point.recall)), c.series(1), LineStyle::dotted_dense()));
        }
        self.draw(
            ui,
            "shares",
            metrics().sweep_height,
            |mark| format!("{:.0} %", mark.value),
            |plot| {
                for (points, colour, style) in lines {
                    plot.line(Line::new("", PlotPoints::from(points)).stroke(Stroke::new(strong, colour)).style(style));
                }
            },
        )
    }

    /// Customers with a request that is decided otherwise than by the draft.
    fn customers(&self, ui: &mut Ui) -> Option<&'a SweepPoint> {
        let colour = colours(ui).accent_text;
        #[expect(clippy::cast_precision_loss, reason = "a height of a chart")]
        let points: Vec<[f64; 2]> = self.sweep.points.iter().map(|point| [point.at, point.customers as f64]).collect();
        self.draw(
            ui,
            "customers",
            metrics().sweep_height * 0.6,
            |mark| plots::short(mark.value),
            |plot| {
                let stroke = Stroke::new(metrics().stroke_strong, colour);
                plot.line(Line::new("", PlotPoints::from(points)).stroke(stroke).fill(0.0));
            },
        )
    }

    /// A plot with the markers; the point that was pressed or dragged to.
    fn draw(
        &self,
        ui: &mut Ui,
        part: &str,
        height: f32,
        heights: impl Fn(GridMark) -> String + 'a,
        lines: impl FnOnce(&mut PlotUi<'_>),
    ) -> Option<&'a SweepPoint> {
        let c = colours(ui);
        let (sweep, held, language, zone) = (self.sweep, Arc::clone(self.sweep), self.language, self.zone);
        let hover = move |position: &HoverPosition<'_>| {
            let (HoverPosition::NearDataPoint { position, .. } | HoverPosition::Elsewhere { position }) = position;
            Some(figures_at(nearest(&held, position.x)?, language))
        };
        let other = Arc::clone(self.sweep);
        let plot = Plot::new(("sweep", sweep.parameter.as_str(), part))
            .height(height)
            .show_background(false)
            .grid_color(c.grid)
            .allow_zoom(false)
            .allow_drag(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .include_y(0.0)
            .set_margin_fraction(Vec2::new(0.02, 0.08))
            .y_grid_spacer(uniform_grid_spacer(|input| steps(input.bounds.1 - input.bounds.0)))
            .custom_y_axes(vec![axis(AxisHints::new_y().min_thickness(metrics().hit_bar)).formatter(move |mark, _| heights(mark))])
            .custom_x_axes(vec![axis(AxisHints::new_x()).formatter(move |mark, _| value_at(&other, mark.value, zone))])
            .label_formatter(hover);
        let response = plot.show(ui, |plot| {
            lines(plot);
            plot.vline(VLine::new("", self.present).stroke(Stroke::new(metrics().stroke_strong, c.accent_text)));
            if let Some(live) = sweep.live.filter(|live| live.total_cmp(&self.present).is_ne()) {
                let line = VLine::new("", live).stroke(Stroke::new(metrics().stroke, c.text_weak));
                plot.vline(line.style(LineStyle::dashed_loose()));
            }
            let pressed = plot.response().clicked() || plot.response().dragged();
            plot.pointer_coordinate().filter(|_| pressed).map(|at| at.x)
        });
        let named = if part == "shares" { text("Sweep", "参数试算") } else { CUSTOMERS };
        let area = response.response.on_hover_cursor(CursorIcon::ResizeHorizontal);
        let _ = area.accessible_name(format!("{} {}", say(ui, named), sweep.parameter));
        response.inner.and_then(|at| nearest(sweep, at))
    }
}

/// Labels in small figures, also where there is little room between them.
fn axis(hints: AxisHints<'_>) -> AxisHints<'_> {
    hints.label_spacing(metrics().row..=metrics().row + 1.0).tick_label_font(theme::small())
}

/// Three or four round steps over a span: 1, 2 or 5 of a power of ten, at least one.
fn steps(span: f64) -> [f64; 3] {
    let least = (span / 4.0).max(1.0);
    let power = 10_f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|by| by * power).into_iter().find(|step| *step >= least).unwrap_or(power);
    [step * 4.0, step * 2.0, step]
}

/// A value at the axis: times as days, named values by their names, other numbers as they are.
fn value_at(sweep: &Sweep, at: f64, zone: Zone) -> String {
    let here = || sweep.points.iter().find(|point| (point.at - at).abs() < 0.01).map(|point| point.shown.clone());
    match sweep.points.first().map(|point| &point.value) {
        Some(Value::Time(_)) => {
            #[expect(clippy::cast_possible_truncation, reason = "seconds of a date")]
            let time = Timestamp::from_micros((at as i64).saturating_mul(1_000_000));
            time.map(|time| zone.civil(time).strftime("%m-%d").to_string()).unwrap_or_default()
        }
        Some(Value::Text(_) | Value::Bool(_)) => here().unwrap_or_default(),
        Some(Value::Float(_)) => format!("{at}"),
        _ => plots::short(at),
    }
}

/// The figures of one value, a line each.
fn figures_at(point: &SweepPoint, language: Language) -> String {
    let mut lines: Vec<(String, String)> = Vec::new();
    for verdict in DRAWN {
        lines.push((words::verdict(verdict).get(language).to_owned(), format!("{:.1} %", share(point, verdict))));
    }
    for (name, ratio) in [(PRECISION, point.precision), (RECALL, point.recall)] {
        if ratio.whole > 0 {
            lines.push((name.get(language).to_owned(), figures::share(ratio.part, ratio.whole)));
        }
    }
    lines.push((CUSTOMERS.get(language).to_owned(), figures::count(point.customers)));
    plots::hover(&point.shown, &lines)
}

/// The button that tries a parameter, and closes it again.
pub fn button(ui: &mut Ui, session: &Session, id: &ParameterId, out: &mut Outbox) {
    let on = session.view().sweep.as_ref() == Some(id);
    let label = format!("{} {id}", say(ui, text("Try the range of", "试算参数范围")));
    ui.add_enabled_ui(session.requests().is_some(), |ui| {
        if crate::gui::widgets::button::switch(ui, Glyph::ChartSpline, &label, on).clicked() {
            out.push(Action::Sweep(id.clone()));
        }
    });
}
