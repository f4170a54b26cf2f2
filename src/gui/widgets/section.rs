//! The order inside a panel: section headers, lines with a label and a value, hairlines.

use eframe::egui::{Align, Color32, Frame, InnerResponse, Label, Layout, Margin, Rect, Sense, Ui, UiBuilder, Vec2};

use crate::gui::icons::{self, Glyph};
use crate::gui::theme::{self, colours, metrics, space};

/// The header of a section: a title, and what can be done on the right.
pub fn header<R>(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui) -> R) -> R {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), metrics().section), Sense::hover());
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Heading, true, title));
    let galley = ui.painter().layout_no_wrap(title.to_owned(), theme::strong(), colours(ui).text_strong);
    let inner = rect.shrink2(Vec2::new(space().medium, 0.0));
    let top = inner.center().y - galley.size().y / 2.0;
    let end = inner.left() + galley.size().x + space().medium;
    ui.painter().galley((inner.left(), top).into(), galley, colours(ui).text_strong);
    let place = Rect::from_min_max((end.min(inner.right()), inner.top()).into(), inner.max);
    let layout = Layout::right_to_left(Align::Center);
    // A child placed by hand: it must not move what comes next.
    let mut part = ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
    part.spacing_mut().item_spacing.x = space().tiny;
    right(&mut part)
}

/// A section that opens and closes; it remembers which.
pub fn foldable<R>(ui: &mut Ui, title: &str, open_first: bool, contents: impl FnOnce(&mut Ui) -> R) -> Option<R> {
    let id = ui.make_persistent_id(("section", title));
    let mut open = ui.data(|data| data.get_temp(id)).unwrap_or(open_first);
    let glyph = if open { Glyph::ChevronDown } else { Glyph::ChevronRight };
    let row = super::row::Row::new(title).icon(glyph, colours(ui).text_weak);
    if row.show(ui).clicked() {
        open = !open;
        ui.data_mut(|data| data.insert_temp(id, open));
    }
    open.then(|| contents(ui))
}

/// A label and the control it names, which fills the rest of the line.
pub fn property<R>(ui: &mut Ui, label: &str, value: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let height = metrics().row;
    ui.horizontal(|ui| {
        ui.set_min_height(height);
        ui.add_space(space().medium);
        let (place, _) = ui.allocate_exact_size(Vec2::new(metrics().label_column, height), Sense::hover());
        let text = Label::new(theme::weak(ui, label)).truncate();
        let layout = Layout::left_to_right(Align::Center);
        ui.new_child(UiBuilder::new().max_rect(place).layout(layout)).add(text);
        value(ui)
    })
}

/// Contents as far from the edges as the text of a header.
pub fn inset<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> R {
    #[expect(clippy::cast_possible_truncation, reason = "distances of the tokens are small")]
    let margin = Margin::symmetric(space().medium as i8, 0);
    Frame::new().inner_margin(margin).show(ui, contents).inner
}

/// A hairline across.
pub fn rule(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), space().hair), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, theme::hairline(colours(ui).hairline));
}

/// A small icon with a word after it, as one line of weak text.
pub fn remark(ui: &mut Ui, glyph: Glyph, text: &str) {
    let colour = colours(ui).text_weak;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        ui.label(icons::small(glyph, colour));
        ui.add(Label::new(theme::weak(ui, text)).truncate());
    });
}

/// An icon and a text that may take several lines.
pub fn sentence(ui: &mut Ui, glyph: Glyph, colour: Color32, words: &str) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        ui.add_space(space().medium);
        ui.label(icons::small(glyph, colour));
        ui.add(Label::new(words).wrap());
    });
    ui.add_space(space().tiny);
}
