//! A dialog over the window: a title, contents that scroll where the window is low, and the buttons below, always in view; Escape and a
//! click outside close it.

use eframe::egui::{Align, Context, Frame, Id, Layout, Margin, Modal, RichText, ScrollArea, Ui, Vec2};

use super::section;
use crate::gui::theme::{self, colours, metrics, space, tokens};

/// Shows a dialog of a width; whether it stays open. What may grow goes into [`body`], the buttons below it.
pub fn show(ctx: &Context, name: &str, title: &str, width: f32, contents: impl FnOnce(&mut Ui)) -> bool {
    let alpha = tokens().metrics.backdrop_alpha;
    let modal = Modal::new(Id::unique(("dialog", name))).backdrop_color(theme::see_through(tokens().light.backdrop, alpha));
    let response = modal.frame(frame(ctx)).show(ctx, |ui| {
        ui.set_width(width.min(ui.ctx().content_rect().width() - 2.0 * space().huge));
        if !title.is_empty() {
            ui.label(RichText::new(title).font(theme::heading()).color(colours(ui).text_strong));
            ui.add_space(space().small);
        }
        contents(ui);
    });
    !response.should_close()
}

fn frame(ctx: &Context) -> Frame {
    #[expect(clippy::cast_possible_truncation, reason = "distances of the tokens are small")]
    let margin = Margin::same(space().large as i8);
    Frame::window(&ctx.global_style()).inner_margin(margin)
}

/// The height that the window leaves from here down to the buttons.
pub fn room(ui: &Ui) -> f32 {
    let above = ui.min_rect().height() + ui.spacing().item_spacing.y;
    let buttons = metrics().button + 2.0 * space().medium + space().hair + 3.0 * ui.spacing().item_spacing.y;
    let edges = 2.0 * (space().large + space().huge);
    (ui.ctx().content_rect().height() - above - buttons - edges).max(metrics().row)
}

/// What is between the title and the buttons: it scrolls where it is higher than the window allows.
pub fn body<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let most = room(ui);
    ScrollArea::vertical().max_height(most).min_scrolled_height(most).show(ui, contents).inner
}

/// The line of buttons at the end of a dialog, from the right: the one that matters first.
pub fn buttons(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    ui.add_space(space().medium);
    section::rule(ui);
    ui.add_space(space().medium);
    let size = Vec2::new(ui.available_width(), metrics().button);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), add);
}
