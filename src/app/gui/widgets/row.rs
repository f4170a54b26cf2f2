//! A row of a list: full width, an icon, a label, something on the right; chosen by pointer or key.

use eframe::egui::{Align, Align2, Color32, Layout, Rect, Response, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo};

use crate::gui::icons::{self, Glyph};
use crate::gui::theme::{self, colours, metrics, space};

/// What a row shows.
pub struct ListRow<'a> {
    label: &'a str,
    spoken: Option<&'a str>,
    icon: Option<(Glyph, Color32)>,
    selected: bool,
    dimmed: bool,
    inset: f32,
    hint: Option<&'a str>,
    drags: bool,
    /// An icon after the first one.
    sign: Option<(Glyph, Color32)>,
    /// As high as it is, where it is higher than a line; the label then takes several.
    height: Option<f32>,
}

impl<'a> ListRow<'a> {
    pub fn new(label: &'a str) -> Self {
        Self {
            label,
            spoken: None,
            icon: None,
            selected: false,
            dimmed: false,
            inset: 0.0,
            hint: None,
            drags: false,
            sign: None,
            height: None,
        }
    }

    /// What a screen reader says instead of the label.
    pub fn spoken(mut self, spoken: &'a str) -> Self {
        self.spoken = Some(spoken);
        self
    }

    pub fn icon(mut self, glyph: Glyph, colour: Color32) -> Self {
        self.icon = Some((glyph, colour));
        self
    }

    pub fn selected(mut self, selected: bool) -> Self {
        self.selected = selected;
        self
    }

    /// Whether it counts less than the others.
    pub fn dimmed(mut self, dimmed: bool) -> Self {
        self.dimmed = dimmed;
        self
    }

    /// How many steps it is in.
    pub fn inset(mut self, points: f32) -> Self {
        self.inset = points;
        self
    }

    /// Weak text after the label, cut off where there is no room.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Lets the row be dragged.
    pub fn draggable(mut self) -> Self {
        self.drags = true;
        self
    }

    pub fn sign(mut self, sign: Option<(Glyph, Color32)>) -> Self {
        self.sign = sign;
        self
    }

    /// Makes it that high, with a label of several lines.
    pub fn height(mut self, height: f32) -> Self {
        self.height = Some(height);
        self
    }

    /// Shows it with nothing on the right.
    pub fn show(self, ui: &mut Ui) -> Response {
        self.show_with(ui, 0.0, |_| {})
    }

    /// Shows it with `right`, which fills `width` points from the right edge inwards.
    pub fn show_with(self, ui: &mut Ui, width: f32, right: impl FnOnce(&mut Ui)) -> Response {
        let size = Vec2::new(ui.available_width(), self.height.unwrap_or(metrics().row));
        let sense = if self.drags { Sense::click_and_drag() } else { Sense::click() };
        let (rect, response) = ui.allocate_exact_size(size, sense);
        let name = self.spoken.unwrap_or(self.label);
        let (selected, enabled) = (self.selected, response.enabled());
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, enabled, selected, name));
        if !ui.is_rect_visible(rect) {
            return response;
        }
        self.paint_ground(ui, rect, &response);
        let inner = rect.shrink2(Vec2::new(space().medium, 0.0));
        let text_end = inner.right() - width - if width > 0.0 { space().medium } else { 0.0 };
        self.paint_text(ui, Rect::from_min_max(inner.min, (text_end, inner.bottom()).into()));
        if width > 0.0 {
            let place = Rect::from_min_max((inner.right() - width, inner.top()).into(), inner.max);
            let layout = Layout::right_to_left(Align::Center);
            right(&mut ui.new_child(UiBuilder::new().max_rect(place).layout(layout)));
        }
        response
    }

    fn paint_ground(&self, ui: &Ui, rect: Rect, response: &Response) {
        let c = colours(ui);
        let ground = if self.selected {
            c.selected
        } else if response.is_pointer_button_down_on() {
            c.pressed
        } else if response.hovered() {
            c.hover
        } else {
            Color32::TRANSPARENT
        };
        ui.painter().rect_filled(rect, theme::rounded(), ground);
        if response.has_focus() {
            let inside = rect.shrink(metrics().stroke);
            let ring = eframe::egui::Stroke::new(metrics().stroke, c.focus);
            ui.painter().rect_stroke(inside, theme::rounded(), ring, eframe::egui::StrokeKind::Inside);
        }
    }

    fn paint_text(&self, ui: &Ui, place: Rect) {
        let c = colours(ui);
        let mut at = place.left_center() + Vec2::new(self.inset, 0.0);
        let painter = ui.painter().with_clip_rect(place.intersect(ui.clip_rect()));
        for (glyph, colour) in [self.icon, self.sign].into_iter().flatten() {
            painter.text(at, Align2::LEFT_CENTER, char::from(glyph), icons::face(), colour);
            at.x += icons::face().size + space().small + space().tiny;
        }
        let colour = match (self.selected, self.dimmed) {
            (true, _) => c.text_strong,
            (false, true) => c.text_weak,
            (false, false) => c.text,
        };
        if self.height.is_some() {
            return wrapped(ui, &painter, self.label, (at.x, place), theme::body(), colour);
        }
        let end = line(ui, &painter, self.label, (at.x, place), theme::body(), colour);
        if let Some(hint) = self.hint {
            let _ = line(ui, &painter, hint, (end + space().medium, place), theme::small(), c.text_weak);
        }
    }
}

/// Paints at most three lines of text from `x` on, in the middle of the place.
fn wrapped(
    ui: &Ui,
    painter: &eframe::egui::Painter,
    text: &str,
    (x, place): (f32, Rect),
    font: eframe::egui::FontId,
    colour: Color32,
) {
    let mut job = eframe::egui::text::LayoutJob::simple(text.to_owned(), font, colour, (place.right() - x).max(1.0));
    job.wrap.max_rows = 3;
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    painter.galley((x, place.center().y - galley.size().y / 2.0).into(), galley, colour);
}

/// Paints one line of text from `x` on, with an ellipsis where the place ends; gives where it ended.
pub fn line(
    ui: &Ui,
    painter: &eframe::egui::Painter,
    text: &str,
    (x, place): (f32, Rect),
    font: eframe::egui::FontId,
    colour: Color32,
) -> f32 {
    let room = place.right() - x;
    if room <= 0.0 {
        return x;
    }
    let mut job = eframe::egui::text::LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(room);
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let width = galley.size().x;
    painter.galley((x, place.center().y - galley.size().y / 2.0).into(), galley, colour);
    x + width
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::widgets::testing::harness;

    #[test]
    fn a_row_is_chosen_by_pointer_and_by_key() {
        let mut window = harness(0, |ui, clicks| {
            let row = ListRow::new("r1").spoken("r1, Under age").hint("Under age").icon(Glyph::Shield, colours(ui).text);
            if row.show_with(ui, metrics().hit_bar, |ui| drop(ui.label("12"))).clicked() {
                *clicks += 1;
            }
        });
        window.get_by_label("r1, Under age").click();
        window.run();
        window.get_by_label("r1, Under age").focus();
        window.run();
        window.key_press(eframe::egui::Key::Space);
        window.run();
        assert_eq!(*window.state(), 2);
    }
}
