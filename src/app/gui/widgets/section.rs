//! The order inside a panel: section headers, lines with a label and a value, hairlines.

use eframe::egui::{
    Align, Color32, Frame, InnerResponse, Label, Layout, Margin, Rect, Sense, Sides, Ui, UiBuilder, Vec2, WidgetText,
};

use crate::gui::icons::{self, Glyph};
use crate::gui::theme::{self, colours, metrics, space, tokens};

/// The header of a section: a title, and what can be done on the right.
pub fn header<R>(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui) -> R) -> R {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), metrics().section), Sense::hover());
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Heading, true, title));
    let inner = rect.shrink2(Vec2::new(space().medium, 0.0));
    let wanted = ui.painter().layout_no_wrap(title.to_owned(), theme::strong(), colours(ui).text_strong).size().x;
    // The right has its room first, but for what a title needs to be told from others.
    let least = inner.left() + wanted.min(inner.width() * 0.4) + space().medium;
    let place = Rect::from_min_max((least.min(inner.right()), inner.top()).into(), inner.max);
    let layout = Layout::right_to_left(Align::Center);
    // A child placed by hand: it must not move what comes next.
    let mut part = ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
    part.spacing_mut().item_spacing.x = space().tiny;
    let result = right(&mut part);
    let end = part.min_rect().left().min(inner.right());
    let place = Rect::from_min_max(inner.min, (end, inner.bottom()).into());
    let _ = super::row::line(ui, ui.painter(), title, (inner.left(), place), theme::strong(), colours(ui).text_strong);
    result
}

/// A line with something on both ends: the right has its room first, the left is cut off where there is no more.
pub fn sides(ui: &mut Ui, height: f32, left: impl FnOnce(&mut Ui), right: impl FnOnce(&mut Ui)) {
    let cut = |ui: &mut Ui| {
        let room = ui.max_rect();
        ui.shrink_clip_rect(room);
        left(ui);
    };
    Sides::new().height(height).shrink_left().truncate().show(ui, cut, right);
}

/// A section that opens and closes; it remembers which.
pub fn foldable<R>(ui: &mut Ui, title: &str, open_first: bool, contents: impl FnOnce(&mut Ui) -> R) -> Option<R> {
    let id = ui.make_persistent_id(("section", title));
    let mut open = ui.data(|data| data.get_temp(id)).unwrap_or(open_first);
    let glyph = if open { Glyph::ChevronDown } else { Glyph::ChevronRight };
    let row = super::row::ListRow::new(title).icon(glyph, colours(ui).text_weak);
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
        // The control keeps the larger part of a narrow line.
        let column = metrics().label_column.min(ui.available_width() * 0.4);
        let (place, _) = ui.allocate_exact_size(Vec2::new(column, height), Sense::hover());
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

pub fn rule(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), space().hair), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, theme::hairline(colours(ui).hairline));
}

/// A small icon with a word after it, as one line of weak text.
pub fn remark(ui: &mut Ui, glyph: Glyph, text: &str) {
    let colour = colours(ui).text_weak;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        ui.add_space(space().medium);
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
        wrapped(ui, words.into());
    });
    ui.add_space(space().tiny);
}

/// What helps, below a sentence and in line with its words.
pub fn help(ui: &mut Ui, words: &str) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(space().medium + tokens().type_scale.icon_small + space().small);
        let words = theme::weak(ui, words);
        wrapped(ui, words.into());
    });
}

/// Words over the rest of the line, as far from the right edge as all else from the left.
fn wrapped(ui: &mut Ui, words: WidgetText) {
    ui.vertical(|ui| {
        ui.set_max_width(ui.available_width() - space().medium);
        ui.add(Label::new(words).wrap());
    });
}
