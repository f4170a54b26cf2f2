//! What the person should be told once: in the corner, newest below, until it is dismissed.

use std::time::Duration;

use eframe::egui::{Align2, Area, Context, Frame, Id, Label, Margin, Order, Vec2};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::button;
use crate::gui::words::{local, say, text};
use countersign_session::{Action, Notice, Session, Weight};

/// At most so many are shown at once.
const SHOWN: usize = 4;
/// What succeeded goes by itself after a while, what is only to be known after a longer one.
const SUCCESS: Duration = Duration::from_secs(6);
const INFO: Duration = Duration::from_secs(20);

pub fn show(ctx: &Context, session: &Session, out: &mut Outbox) {
    let from = session.notices().len().saturating_sub(SHOWN);
    let shown = session.notices().get(from..).unwrap_or_default();
    if shown.is_empty() {
        return;
    }
    let offset = Vec2::new(-space().large, -(metrics().status_bar + space().large));
    Area::new(Id::unique("notices")).order(Order::Foreground).anchor(Align2::RIGHT_BOTTOM, offset).show(ctx, |ui| {
        for notice in shown {
            one(ui, notice, out);
            ui.add_space(space().small);
            fade(ctx, notice, out);
        }
    });
}

fn one(ui: &mut eframe::egui::Ui, notice: &Notice, out: &mut Outbox) {
    let c = colours(ui);
    let (glyph, colour) = match notice.weight {
        Weight::Info => (Glyph::Info, c.note),
        Weight::Success => (Glyph::CircleCheck, c.success),
        Weight::Error => (Glyph::CircleX, c.error),
    };
    let frame = Frame::popup(ui.style()).inner_margin(Margin::same(10));
    frame.show(ui, |ui| {
        ui.set_width(metrics().inspector_width);
        ui.horizontal_top(|ui| {
            ui.label(icons::icon(glyph).color(colour));
            ui.vertical(|ui| {
                ui.set_width(metrics().inspector_width - metrics().row * 3.0);
                ui.add(Label::new(local(ui, &notice.text)).wrap());
                if let Some(help) = &notice.help {
                    ui.add(Label::new(theme::weak(ui, local(ui, help))).wrap());
                }
            });
            if button::icon(ui, Glyph::X, say(ui, text("Dismiss", "关闭"))).clicked() {
                out.push(Action::Dismiss(notice.id));
            }
        });
    });
}

/// Only an error waits for a click.
fn fade(ctx: &Context, notice: &Notice, out: &mut Outbox) {
    let stays = match notice.weight {
        Weight::Success => SUCCESS,
        Weight::Info => INFO,
        Weight::Error => return,
    };
    let now = ctx.input(|input| input.time);
    let id = Id::unique(("notice since", notice.id));
    let since = ctx.data_mut(|data| *data.get_temp_mut_or(id, now));
    if now - since >= stays.as_secs_f64() {
        out.push(Action::Dismiss(notice.id));
    } else {
        ctx.request_repaint_after(stays);
    }
}
