//! A parameter over its range: fraud caught against genuine requests hindered, or the share of each verdict where nothing is labelled;
//! the customers affected; the draft's value and the live one. Pressing or dragging on it sets the parameter.

use std::sync::Arc;

use countersign_run::decisions::{ByLabel, Ratio};
use eframe::egui::{Color32, CursorIcon, Id, Stroke, Ui};
use egui_plot::{AxisHints, GridMark, HoverPosition, Line, LineStyle, Plot, PlotPoints, Points, VLine, uniform_grid_spacer};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::panels::{plots, standing};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, choice, section, state};
use crate::gui::words::{self, local, say, text};
use countersign_core::model::{ParameterId, RuleId, Verdict};
use countersign_core::text::{Language, StaticText};
use countersign_session::jobs::Freshness;
use countersign_session::views::figures;
use countersign_session::{Action, Caught, ParameterAction, Session, Sweep, SweepPoint};

/// Verdicts that are drawn where nothing is labelled; what remains is accepted.
const DRAWN: [Verdict; 3] = [Verdict::StepUp, Verdict::Refer, Verdict::Decline];
const TRYING: StaticText = text("Trying the range", "正在试算");
const FRAUD_CAUGHT: StaticText = text("Fraud caught", "拦截欺诈占比");
const HINDERED: StaticText = text("Genuine hindered", "正常受阻占比");
const PRECISION: StaticText = text("Precision", "精确率");
const SAVED: StaticText = text("Amount saved", "挽回金额");
const CUSTOMERS: StaticText = text("Customers affected", "影响客户数");

/// The precisions that a value can be asked for, in per cent.
const PRECISIONS: [u64; 7] = [10, 25, 50, 75, 90, 95, 99];

/// Whose figures are shown, and for which precision a value is looked for.
#[derive(Clone, Copy, PartialEq)]
struct SweepView {
    is_own: bool,
    precision: u64,
}

impl SweepView {
    fn of(self, point: &SweepPoint) -> &Caught {
        if self.is_own { &point.own_rules } else { &point.whole_set }
    }
}

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
            let present = sweep.points.iter().position(|point| Some(&point.value) == held).or(sweep.present);
            // Where the line is stays, so that the plot does not move away under the pointer.
            let old = match status {
                Freshness::Stale(why) => Some(local(ui, why)),
                _ => None,
            };
            let view = whose(ui, sweep);
            let marks = SweepMarks { sweep, present, view, language: words::language(ui.ctx()) };
            legend(ui, sweep, old.as_deref(), session.is_against_live());
            standing::rows_left_out(ui, session, out);
            recall_at_worst(ui, session, present.and_then(|at| sweep.points.get(at)));
            let shares = marks.shares(ui);
            ui.horizontal(|ui| {
                ui.add_space(space().medium);
                ui.label(theme::weak(ui, against(ui, session)));
            });
            let customers = marks.customers(ui);
            let chosen = shares.or(customers).or(best(ui, sweep, view));
            if let Some(point) = chosen.filter(|point| Some(&point.value) != held) {
                out.push(Action::Parameter(ParameterAction::Set(id.clone(), point.value.to_scalar(zone))));
            }
        }
    }
}

/// The customers that a value affects, and what that is compared with.
fn against(ui: &Ui, session: &Session) -> String {
    let with = session.baseline().map(|baseline| local(ui, &baseline.title).into_owned()).unwrap_or_default();
    match words::language(ui.ctx()) {
        Language::En => format!("{}, against {with}", say(ui, CUSTOMERS)),
        Language::Zh => format!("{}（对比{with}）", say(ui, CUSTOMERS)),
    }
}

fn view_place(sweep: &Sweep) -> Id {
    Id::unique(("sweep", sweep.parameter.as_str()))
}

/// The switch between the figures of the whole set and those of the rules that read the parameter.
fn whose(ui: &mut Ui, sweep: &Sweep) -> SweepView {
    let place = view_place(sweep);
    let mut view = ui.data(|data| data.get_temp(place)).unwrap_or(SweepView { is_own: false, precision: 50 });
    if is_labelled(sweep) && !sweep.rules.is_empty() {
        let names: Vec<&str> = sweep.rules.iter().map(RuleId::as_str).collect();
        ui.horizontal(|ui| {
            ui.add_space(space().medium);
            let whole = ui.selectable_label(!view.is_own, say(ui, text("Whole rule set", "整套规则")));
            let own = ui.selectable_label(view.is_own, say(ui, text("Its rules alone", "仅相关规则")));
            if whole.clicked() || own.clicked() {
                view.is_own = own.clicked();
            }
            own.on_hover_text(names.join(", "));
        });
        ui.data_mut(|data| data.insert_temp(place, view));
    }
    view
}

/// The value that catches most fraud at no less than a precision, which can be chosen; the point whose value was asked for.
fn best<'a>(ui: &mut Ui, sweep: &'a Sweep, view: SweepView) -> Option<&'a SweepPoint> {
    if !is_labelled(sweep) {
        return None;
    }
    let mut wanted = view;
    let label = say(ui, text("Best value for precision ≥", "最佳取值，精确率不低于"));
    ui.horizontal(|ui| {
        ui.add_space(space().medium);
        ui.label(theme::weak(ui, label));
        let all: Vec<(u64, String)> = PRECISIONS.iter().map(|part| (*part, format!("{part} %"))).collect();
        if let Some(chosen) = choice::one_of(ui, label, &wanted.precision, &all, "", metrics().hit_bar * 2.0) {
            wanted.precision = chosen;
        }
    });
    if wanted != view {
        ui.data_mut(|data| data.insert_temp(view_place(sweep), wanted));
    }
    let Some(point) = best_point(sweep, wanted) else {
        section::remark(ui, Glyph::Info, say(ui, text("No value tried is as precise as that", "试算的取值均达不到该精确率")));
        return None;
    };
    let caught = wanted.of(point);
    let (fraud, all) = (figures::count(caught.recall.part), figures::count(caught.recall.whole));
    let amount = figures::yuan(caught.saved_fen());
    let words = match words::language(ui.ctx()) {
        Language::En => format!("{}: catches {fraud} of {all} known fraud, {amount}", point.shown),
        Language::Zh => format!("{}：拦截已知欺诈 {all} 笔中的 {fraud} 笔，{amount}", point.shown),
    };
    section::sentence(ui, Glyph::Target, colours(ui).accent_text, &words);
    let mut is_set = false;
    ui.horizontal(|ui| {
        ui.add_space(space().medium);
        is_set = button::ghost(ui, Some(Glyph::Check), say(ui, text("Set this value", "采用该取值"))).clicked();
    });
    is_set.then_some(point)
}

fn best_point(sweep: &Sweep, view: SweepView) -> Option<&SweepPoint> {
    let is_precise = |point: &&SweepPoint| {
        let Ratio { part, whole } = view.of(point).precision;
        whole > 0 && u128::from(part) * 100 >= u128::from(view.precision) * u128::from(whole)
    };
    let points = sweep.points.iter().filter(is_precise);
    points.max_by_key(|point| (view.of(point).recall.part, std::cmp::Reverse(view.of(point).hindered.part)))
}

/// What the lines of the upper plot are; why they are old, where they are.
fn legend(ui: &mut Ui, sweep: &Sweep, old: Option<&str>, is_live: bool) {
    let c = colours(ui);
    let other = if is_live { text("Live", "生效") } else { text("Saved", "已保存") };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        ui.add_space(space().medium);
        if is_labelled(sweep) {
            for (colour, name) in [(c.success, FRAUD_CAUGHT), (c.error, HINDERED)] {
                ui.label(icons::small(Glyph::Minus, colour));
                ui.label(theme::weak(ui, say(ui, name)));
            }
        } else {
            for verdict in DRAWN {
                ui.label(icons::small(icons::verdict(verdict), c.verdict(verdict).text));
                ui.label(theme::weak(ui, say(ui, words::verdict(verdict))));
            }
        }
        for (colour, name) in [(c.accent_text, text("Draft", "草稿")), (c.text_weak, other)] {
            let is_there = name.en == "Draft" || sweep.live.is_some();
            if is_there {
                ui.label(icons::small(Glyph::Diamond, colour));
                ui.label(theme::weak(ui, say(ui, name)));
            }
        }
        if let Some(why) = old {
            ui.label(icons::small(Glyph::History, c.warning)).on_hover_text(why).accessible_name(why);
        }
    });
}

/// Recall at the present value, and what it may be at worst given the rows left out.
fn recall_at_worst(ui: &mut Ui, session: &Session, present: Option<&SweepPoint>) {
    let recall = present.map(|point| point.whole_set.recall).filter(|recall| recall.whole > 0);
    let said = session.left_out().zip(recall).and_then(|(aside, recall)| aside.recall_sentence(recall.part, recall.whole));
    if let Some(said) = said {
        section::sentence(ui, Glyph::TriangleAlert, colours(ui).warning, &local(ui, &said));
    }
}

/// Whether any request says what it turned out to be.
fn is_labelled(sweep: &Sweep) -> bool {
    sweep.points.iter().any(|point| point.whole_set.recall.whole > 0)
}

/// The share of a verdict at a point, in per cent.
fn share(point: &SweepPoint, verdict: Verdict) -> f64 {
    let requests = |labels: &ByLabel| labels.all().requests;
    let all: u64 = point.verdicts.iter().map(requests).sum();
    figures::ratio(point.verdicts.get(verdict as usize).map_or(0, requests), all) * 100.0
}

/// A place on the axis: every value is as far from the next.
#[expect(clippy::cast_precision_loss, reason = "a few values")]
fn place(at: usize) -> f64 {
    at as f64
}

/// The nearest point to a place on the axis.
fn nearest(sweep: &Sweep, x: f64) -> Option<&SweepPoint> {
    let points = sweep.points.iter().enumerate();
    points.min_by(|(a, _), (b, _)| (place(*a) - x).abs().total_cmp(&(place(*b) - x).abs())).map(|(_, point)| point)
}

/// What both plots have in common.
struct SweepMarks<'a> {
    sweep: &'a Arc<Sweep>,
    present: Option<usize>,
    view: SweepView,
    language: Language,
}

impl<'a> SweepMarks<'a> {
    fn along(&self, of: impl Fn(&SweepPoint) -> f64) -> Vec<[f64; 2]> {
        self.sweep.points.iter().enumerate().map(|(at, point)| [place(at), of(point)]).collect()
    }

    /// Fraud caught and genuine requests hindered, or verdict shares where nothing is labelled, in per cent.
    fn shares(&self, ui: &mut Ui) -> Option<&'a SweepPoint> {
        let c = colours(ui);
        let per_cent = |ratio: Ratio| figures::ratio(ratio.part, ratio.whole) * 100.0;
        let view = self.view;
        let lines: Vec<(Vec<[f64; 2]>, Color32)> = if is_labelled(self.sweep) {
            vec![
                (self.along(|point| per_cent(view.of(point).recall)), c.success),
                (self.along(|point| per_cent(view.of(point).hindered)), c.error),
            ]
        } else {
            DRAWN.map(|verdict| (self.along(|point| share(point, verdict)), c.verdict(verdict).text)).into()
        };
        self.draw(ui, "shares", metrics().sweep_height, |mark| share_label(mark.value), lines)
    }

    /// Customers with a request that is decided otherwise than by the baseline.
    fn customers(&self, ui: &mut Ui) -> Option<&'a SweepPoint> {
        #[expect(clippy::cast_precision_loss, reason = "a height of a chart")]
        let points = self.along(|point| point.customers as f64);
        let lines = vec![(points, colours(ui).accent_text)];
        self.draw(ui, "customers", metrics().sweep_height * 0.6, |mark| plots::short(mark.value), lines)
    }

    /// A plot with the markers; the point that was pressed or dragged to.
    fn draw(
        &self,
        ui: &mut Ui,
        part: &str,
        height: f32,
        heights: impl Fn(GridMark) -> String + 'a,
        lines: Vec<(Vec<[f64; 2]>, Color32)>,
    ) -> Option<&'a SweepPoint> {
        let c = colours(ui);
        let (sweep, held, language, view) = (self.sweep, Arc::clone(self.sweep), self.language, self.view);
        let hover = move |position: &HoverPosition<'_>| {
            let (HoverPosition::NearDataPoint { position, .. } | HoverPosition::Elsewhere { position }) = position;
            Some(figures_at(nearest(&held, position.x)?, view, language))
        };
        let other = Arc::clone(self.sweep);
        let last = place(sweep.points.len().saturating_sub(1));
        let top = lines.iter().flat_map(|(points, _)| points).fold(1.0, |most: f64, [_, y]| most.max(*y)) * 1.08;
        let strong = metrics().stroke_strong;
        let plot = Plot::new(("sweep", sweep.parameter.as_str(), part))
            .height(height)
            .show_background(false)
            .grid_color(c.grid)
            .allow_zoom(false)
            .allow_drag(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .default_x_bounds(-0.02 * last.max(1.0), last.max(1.0) * 1.02)
            .default_y_bounds(0.0, top)
            .x_grid_spacer(uniform_grid_spacer(move |_| [4.0, 2.0, 1.0].map(|times| times * (last / 4.0).ceil().max(1.0))))
            .y_grid_spacer(uniform_grid_spacer(|input| steps(input.bounds.1 - input.bounds.0)))
            .custom_y_axes(vec![axis(AxisHints::new_y().min_thickness(metrics().hit_bar)).formatter(move |mark, _| heights(mark))])
            .custom_x_axes(vec![axis(AxisHints::new_x()).formatter(move |mark, _| value_at(&other, mark.value))])
            .label_formatter(hover);
        let response = plot.show(ui, |plot| {
            for (points, colour) in lines {
                plot.line(Line::new("", PlotPoints::from(points)).stroke(Stroke::new(strong, colour)));
            }
            let mut mark = |at: Option<usize>, stroke: Stroke, style: LineStyle| {
                if let Some(at) = at.map(place) {
                    plot.vline(VLine::new("", at).stroke(stroke).style(style));
                    plot.points(Points::new("", vec![[at, 0.0]]).radius(space().small / 2.0).color(stroke.color));
                }
            };
            mark(sweep.live, Stroke::new(metrics().stroke, c.text_weak), LineStyle::dashed_loose());
            mark(self.present, Stroke::new(strong, c.accent_text), LineStyle::Solid);
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

/// A share at the axis; nothing where there is no such share.
fn share_label(value: f64) -> String {
    if (0.0..=100.0).contains(&value) { format!("{value:.0} %") } else { String::new() }
}

/// The value at a place on the axis.
fn value_at(sweep: &Sweep, x: f64) -> String {
    let points = sweep.points.iter().enumerate();
    let mut here = points.filter(|(at, _)| (place(*at) - x).abs() < 0.01);
    here.next().map(|(_, point)| point.shown.trim_end_matches(".00").to_owned()).unwrap_or_default()
}

/// The figures of one value, a line each.
fn figures_at(point: &SweepPoint, view: SweepView, language: Language) -> String {
    let mut lines: Vec<(String, String)> = Vec::new();
    for verdict in DRAWN {
        lines.push((words::verdict(verdict).get(language).to_owned(), format!("{:.1} %", share(point, verdict))));
    }
    let caught = view.of(point);
    for (name, ratio) in [(FRAUD_CAUGHT, caught.recall), (HINDERED, caught.hindered), (PRECISION, caught.precision)] {
        if ratio.whole > 0 {
            let shown = format!("{} ({})", figures::share(ratio.part, ratio.whole), figures::count(ratio.part));
            lines.push((name.get(language).to_owned(), shown));
        }
    }
    if caught.recall.whole > 0 {
        lines.push((SAVED.get(language).to_owned(), figures::yuan(caught.saved_fen())));
    }
    lines.push((CUSTOMERS.get(language).to_owned(), figures::count(point.customers)));
    plots::hover(&point.shown, &lines)
}

/// The button that tries a parameter, and closes it again.
pub fn button(ui: &mut Ui, session: &Session, id: &ParameterId, out: &mut Outbox) {
    let on = session.view().sweep.as_ref() == Some(id);
    let label = format!("{} {id}", say(ui, text("Try the range of", "试算参数范围")));
    ui.add_enabled_ui(session.requests().is_some(), |ui| {
        if button::switch(ui, Glyph::ChartSpline, &label, on).clicked() {
            out.push(Action::Sweep(id.clone()));
        }
    });
}
