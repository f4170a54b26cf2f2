//! A dialog over the window: a title, contents, and the buttons below; Escape and a click outside close it.

use eframe::egui::{Align, Context, Frame, Id, Layout, Margin, Modal, RichText, ScrollArea, Ui};

use super::section;
use crate::gui::theme::{self, colours, metrics, space, tokens};

/// Shows a dialog of a width; whether it stays open.
pub fn show(ctx: &Context, name: &str, title: &str, width: f32, contents: impl FnOnce(&mut Ui)) -> bool {
    let alpha = tokens().metrics.backdrop_alpha;
    let modal = Modal::new(Id::unique(("dialog", name))).backdrop_color(theme::see_through(tokens().light.backdrop, alpha));
    let response = modal.frame(frame(ctx)).show(ctx, |ui| {
        ui.set_width(width.min(ui.ctx().content_rect().width() - 2.0 * space().huge));
        if !title.is_empty() {
            ui.label(RichText::new(title).font(theme::heading()).color(colours(ui).text_strong));
            ui.add_space(space().small);
        }
        // A dialog higher than the window scrolls.
        let most = ui.ctx().content_rect().height() - 2.0 * metrics().top_bar;
        ScrollArea::vertical().max_height(most).min_scrolled_height(most).show(ui, contents);
    });
    !response.should_close()
}

fn frame(ctx: &Context) -> Frame {
    #[expect(clippy::cast_possible_truncation, reason = "distances of the tokens are small")]
    let margin = Margin::same(space().large as i8);
    Frame::window(&ctx.global_style()).inner_margin(margin)
}

/// The line of buttons at the end of a dialog, from the right: the one that matters first.
pub fn buttons(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    ui.add_space(space().medium);
    section::rule(ui);
    ui.add_space(space().medium);
    ui.allocate_ui_with_layout(
        eframe::egui::Vec2::new(ui.available_width(), metrics().button),
        Layout::right_to_left(Align::Center),
        add,
    );
}
