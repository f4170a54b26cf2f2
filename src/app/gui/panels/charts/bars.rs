//! A chart of bars: upright, or lying where the names are long; with the numbers under the pointer.

use eframe::egui::{Align, Align2, Color32, Layout, RichText, Stroke, Ui};
use egui_plot::{Bar, BarChart, GridMark, LineStyle, PlotPoint, Text, VLine};

use crate::gui::icons::{self, Glyph};
use crate::gui::panels::plots;
use crate::gui::theme::{self, Colours, colours, metrics, space};
use crate::gui::words::{language, local};
use countersign_core::model::Verdict;
use countersign_core::text::Language;
use countersign_session::views::charts::{Bars, Chart, ChartKind};
use countersign_session::views::figures;

/// Room between places, as a part of a place.
const WIDTH: f64 = 0.72;

/// Shows the chart in the room there is.
pub fn show(ui: &mut Ui, chart: &Chart, log: bool) {
    let name = local(ui, &chart.title).into_owned();
    if chart.kind == ChartKind::Rules { lying(ui, chart, log, &name) } else { upright(ui, chart, log, &name) }
}

/// The colour of a series at a place.
fn colour(c: &Colours, chart: &Chart, series: usize, bars: &Bars) -> Color32 {
    let verdict: Option<Verdict> = chart.series.get(series).and_then(|series| series.verdict).or(bars.verdict);
    let solid = verdict.map_or(c.accent_text, |verdict| c.verdict(verdict).solid);
    // Of "before" and "now", what was before is paler.
    if !chart.stacked && chart.series.len() > 1 && series == 0 { solid.gamma_multiply(0.45) } else { solid }
}

fn spoken(chart: &Chart, bars: &Bars, language: Language) -> String {
    let all: u64 = bars.counts.iter().sum();
    let mut lines: Vec<(String, String)> = chart
        .series
        .iter()
        .zip(&bars.counts)
        .map(|(series, count)| (series.name.get(language).to_owned(), figures::count(*count)))
        .collect();
    if chart.stacked {
        let name = if language == Language::Zh { "合计" } else { "all" };
        lines.push((name.to_owned(), figures::count(all)));
    }
    plots::hover(bars.name.get(language), &lines)
}

/// The bars of one place: beside each other, or on each other. Logarithms cannot be stacked, so there it is one bar.
fn place(c: &Colours, chart: &Chart, (at, bars): (usize, &Bars), log: bool) -> Vec<Bar> {
    #[expect(clippy::cast_precision_loss, reason = "at most a few dozen places")]
    let (middle, count) = (at as f64, bars.counts.len().max(1) as f64);
    if chart.stacked && log {
        let all = bars.counts.iter().sum();
        return vec![Bar::new(middle, plots::height(all, true)).width(WIDTH).fill(c.accent_text)];
    }
    let mut base = 0.0;
    let mut made = Vec::new();
    for (series, value) in bars.counts.iter().enumerate() {
        let height = plots::height(*value, log);
        let fill = colour(c, chart, series, bars);
        #[expect(clippy::cast_precision_loss, reason = "a handful of series")]
        let offset = if chart.stacked { 0.0 } else { WIDTH / count * (series as f64 - (count - 1.0) / 2.0) };
        let width = if chart.stacked { WIDTH } else { WIDTH / count };
        if height > 0.0 {
            made.push(Bar::new(middle + offset, height).base_offset(base).width(width).fill(fill).stroke(Stroke::NONE));
        }
        base += if chart.stacked { height } else { 0.0 };
    }
    made
}

/// A chart item for each place, so that the pointer finds its numbers.
fn charts(c: &Colours, chart: &Chart, log: bool, language: Language) -> Vec<BarChart> {
    let made = chart.bars.iter().enumerate().map(|(at, bars)| {
        let text = spoken(chart, bars, language);
        let bars = place(c, chart, (at, bars), log);
        BarChart::new(text.clone(), bars).element_formatter(Box::new(move |_, _| text.clone()))
    });
    made.collect()
}

/// One mark a place, thinned out where there is no room.
fn marks(count: usize, most: usize) -> Vec<GridMark> {
    let step = count.div_ceil(most.max(1)).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a few dozen places")]
    let mark = |at: usize| GridMark { value: at as f64, step_size: step as f64 };
    (0..count).step_by(step).map(mark).collect()
}

fn values(log: bool) -> impl Fn(GridMark, &std::ops::RangeInclusive<f64>) -> String {
    move |mark, _| if log { plots::power(mark.value) } else { plots::short(mark.value) }
}

fn upright(ui: &mut Ui, chart: &Chart, log: bool, name: &str) {
    let (c, language) = (colours(ui), language(ui.ctx()));
    let count = chart.bars.len();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "names that fit on a screen")]
    let room = (ui.available_width() / (1.7 * metrics().hit_bar)) as usize;
    let names: Vec<String> = chart.bars.iter().map(|bars| bars.name.get(language).to_owned()).collect();
    let plot = plots::plot(ui, name)
        .x_grid_spacer(move |_| marks(count, room))
        .show_grid([false, true])
        .include_y(0.0)
        .y_axis_formatter(values(log))
        .x_axis_formatter(move |mark, _| at_name(&names, mark.value))
        .label_formatter(|_| None);
    let charts = charts(c, chart, log, language);
    let top: u64 = chart
        .bars
        .iter()
        .map(|bars| if chart.stacked { bars.counts.iter().sum() } else { bars.counts.iter().copied().max().unwrap_or(0) })
        .max()
        .unwrap_or(0);
    let top = plots::height(top, log);
    // Room for the two lines of figures over the bars.
    let plot = plot.include_y(if has_numbers(chart) { top * 1.25 } else { top });
    let response = plot.show(ui, |plot| {
        for chart in charts {
            plot.bar_chart(chart);
        }
        for mark in &chart.marks {
            let colour = mark.verdict.map_or(c.text_weak, |verdict| c.verdict(verdict).text);
            let line = VLine::new(mark.name.get(language), mark.at).stroke(Stroke::new(metrics().stroke, colour));
            plot.vline(line.style(LineStyle::dashed_loose()));
            let label = RichText::new(format!(" {}", mark.name.get(language))).font(theme::small()).color(colour);
            plot.text(Text::new("", PlotPoint::new(mark.at, top), label).anchor(Align2::LEFT_TOP));
        }
        numbers(plot, c, chart, log);
    });
    plots::named(response, name);
}

/// What the colours mean, on the right of the title; a chart of one colour needs no saying.
pub fn legend(ui: &mut Ui, chart: &Chart, log: bool) {
    if chart.series.len() < 2 || (chart.stacked && log) {
        return;
    }
    let c = colours(ui);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        for (at, series) in chart.series.iter().enumerate().rev() {
            ui.add_space(space().medium);
            ui.label(theme::weak(ui, local(ui, &series.name)));
            match series.verdict {
                Some(verdict) => ui.label(icons::small(icons::verdict(verdict), c.verdict(verdict).solid)),
                // Of "before" and "now", what was before is paler.
                None => ui.label(icons::small(Glyph::Square, if at == 0 { c.text_weak.gamma_multiply(0.6) } else { c.text })),
            };
        }
    });
}

fn has_numbers(chart: &Chart) -> bool {
    !chart.stacked && chart.bars.len() <= 8
}

/// The count over each bar, where there are few.
fn numbers(plot: &mut egui_plot::PlotUi<'_>, c: &Colours, chart: &Chart, log: bool) {
    if !has_numbers(chart) {
        return;
    }
    let all: Vec<u64> =
        (0..chart.series.len()).map(|series| chart.bars.iter().filter_map(|bars| bars.counts.get(series)).sum()).collect();
    for (at, bars) in chart.bars.iter().enumerate() {
        for (series, (count, all)) in bars.counts.iter().zip(&all).enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a handful of places")]
            let x = at as f64 + WIDTH / bars.counts.len() as f64 * (series as f64 - (bars.counts.len() as f64 - 1.0) / 2.0);
            let words = format!("{}\n{}", figures::count(*count), figures::share(*count, *all));
            let label = RichText::new(words).font(theme::small()).color(c.text);
            plot.text(Text::new("", PlotPoint::new(x, plots::height(*count, log)), label).anchor(Align2::CENTER_BOTTOM));
        }
    }
}

/// The name of the place that a mark of the grid is at, where it is one.
fn at_name(names: &[String], mark: f64) -> String {
    if mark < -0.1 || (mark - mark.round()).abs() > 0.01 {
        return String::new();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "asked just before")]
    names.get(mark.round() as usize).cloned().unwrap_or_default()
}

/// Names on the left, the first on top.
fn lying(ui: &mut Ui, chart: &Chart, log: bool, name: &str) {
    let (c, language) = (colours(ui), language(ui.ctx()));
    let count = chart.bars.len();
    let turned = Chart { bars: chart.bars.iter().rev().cloned().collect(), ..chart.clone() };
    let names: Vec<String> = turned.bars.iter().map(|bars| cut(bars.name.get(language))).collect();
    let plot = plots::plot(ui, name)
        .y_grid_spacer(move |_| marks(count, count))
        .show_grid([true, false])
        .include_x(0.0)
        .y_axis_min_width(metrics().rules_width)
        .x_axis_formatter(values(log))
        .y_axis_formatter(move |mark, _| at_name(&names, mark.value))
        .label_formatter(|_| None);
    let charts: Vec<BarChart> = charts(c, &turned, log, language).into_iter().map(BarChart::horizontal).collect();
    let response = plot.show(ui, |plot| {
        for chart in charts {
            plot.bar_chart(chart);
        }
        for (at, bars) in turned.bars.iter().enumerate() {
            let count = bars.counts.first().copied().unwrap_or_default();
            #[expect(clippy::cast_precision_loss, reason = "a few dozen places")]
            let point = PlotPoint::new(plots::height(count, log), at as f64);
            let label = RichText::new(format!(" {}", figures::count(count))).font(theme::small()).color(c.text);
            plot.text(Text::new("", point, label).anchor(Align2::LEFT_CENTER));
        }
    });
    plots::named(response, name);
}

/// A name as long as the axis has room for.
fn cut(name: &str) -> String {
    const MOST: usize = 40;
    if name.chars().count() <= MOST { name.to_owned() } else { name.chars().take(MOST - 1).chain(['…']).collect() }
}
