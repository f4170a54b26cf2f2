//! How every plot looks: a quiet grid, no zooming by accident, hover texts in the window's words.

use eframe::egui::{Id, RichText, Role, Ui, WidgetInfo};
use egui_plot::{Plot, PlotResponse};

use crate::gui::theme::{colours, metrics, space};
use countersign_session::views::figures;

/// A plot in the window's dress that fills the room there is.
pub fn plot<'a>(ui: &Ui, name: &str) -> Plot<'a> {
    Plot::new(Id::unique(("plot", name)))
        .height((ui.available_height() - space().medium).max(metrics().sweep_height / 2.0))
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .show_background(false)
        .grid_color(colours(ui).grid)
        .set_margin_fraction([0.01, 0.06].into())
        .y_axis_formatter(|mark, _| short(mark.value))
}

/// Gives a plot its spoken name.
pub fn named<R>(response: PlotResponse<R>, name: &str) -> R {
    response.response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    response.inner
}

/// A count at an axis: `1,200`, nothing for parts of one.
pub fn short(value: f64) -> String {
    if value < 0.0 || (value - value.round()).abs() > f64::EPSILON {
        return String::new();
    }
    #[expect(clippy::cast_possible_truncation, reason = "a whole number, as was just asked")]
    figures::count(value as i128)
}

/// The height of a count in a chart: as it is, or its decimal logarithm, where zero stays zero.
pub fn height(count: u64, log: bool) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a height of a chart")]
    let plain = count as f64;
    if log { (plain + 1.0).log10() } else { plain }
}

/// The label of a mark on an axis of logarithms: whole powers of ten.
pub fn power(value: f64) -> String {
    if value < 0.0 || (value - value.round()).abs() > f64::EPSILON {
        return String::new();
    }
    #[expect(clippy::cast_possible_truncation, reason = "a small whole number")]
    let exponent = value as i32;
    #[expect(clippy::cast_possible_truncation, reason = "a power of ten")]
    figures::count(10_f64.powi(exponent) as i128)
}

/// A line of the text that follows the pointer.
pub fn hover(title: &str, lines: &[(String, String)]) -> String {
    let mut text = title.to_owned();
    for (name, value) in lines {
        text.extend(["\n", name, ": ", value]);
    }
    text
}

pub fn title(ui: &mut Ui, words: &str) {
    ui.horizontal(|ui| {
        ui.add_space(space().medium);
        ui.label(RichText::new(words).font(crate::gui::theme::strong()).color(colours(ui).text_strong));
    });
}
