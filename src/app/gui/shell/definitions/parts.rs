//! Which field plays which part: what tells requests apart, when they came, how much money is at stake, who asks.

use eframe::egui::{Label, ScrollArea, Ui};

use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, metrics, space};
use crate::gui::widgets::{choice, section};
use crate::gui::words::{local, say, text};
use countersign_core::model::{FieldName, Role, Roles, Schema};
use countersign_core::text::StaticText;
use countersign_session::{Action, FieldAction, Session};

/// Shows a line for each part; a choice counts at once.
pub fn show(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let schema = &session.document().definition().schema;
    ScrollArea::vertical().auto_shrink(false).id_salt("parts").show(ui, |ui| {
        for (at, role) in schema.roles.all().into_iter().enumerate() {
            let Some((name, means)) = words(role.name) else { continue };
            if let Some(roles) = part(ui, schema, (at, role), name) {
                out.push(Action::Field(FieldAction::Play(Box::new(roles))));
            }
            section::property(ui, "", |ui| ui.add(Label::new(theme::weak(ui, say(ui, means))).wrap()));
            ui.add_space(space().small);
        }
    });
}

/// What a part is called, and what it is for.
fn words(part: &str) -> Option<(StaticText, StaticText)> {
    Some(match part {
        "key" => (text("Key", "主键"), text("Tells requests apart", "用于区分请求")),
        "time" => (text("Time", "时间"), text("When the request arrived", "请求到达的时间")),
        "amount" => (text("Amount", "金额"), text("How much money is at stake", "涉及的金额")),
        "customer" => (text("Customer", "客户"), text("Who asks: customers are counted by it", "发起请求者，据此统计客户数")),
        "interface" => (
            text("Interface", "接口"),
            text("Where the request arrives; its values are interfaces", "请求到达的接口，取值为接口标识"),
        ),
        "label" => (text("Fraud label", "欺诈标签"), text("Known afterwards; scripts never see it", "事后得知，脚本不可见")),
        _ => return None,
    })
}

/// The choice among the fields that can play the part at a position; the parts with another one chosen.
fn part(ui: &mut Ui, schema: &Schema, (at, role): (usize, Role<'_>), name: StaticText) -> Option<Roles> {
    let label = say(ui, name);
    let none = say(ui, text("– none –", "– 无 –"));
    let fitting = schema.fields().filter(|(_, _, field)| role.is_played_by(field));
    let fitting = fitting.filter_map(|(_, name, field)| {
        let shown = format!("{name} {}", local(ui, &field.text));
        Some((Some(FieldName::new(&name).ok()?), shown))
    });
    let nobody = (!matches!(role.name, "key" | "time")).then(|| (None, none.to_owned()));
    let all: Vec<_> = nobody.into_iter().chain(fitting).collect();
    let held = role.field.cloned();
    let chosen = section::property(ui, label, |ui| choice::one_of(ui, label, &held, &all, none, wide(ui))).inner?;
    let mut roles = schema.roles.clone();
    give(&mut roles, at, chosen);
    Some(roles)
}

/// Room for a field's name with its meaning.
fn wide(ui: &Ui) -> f32 {
    metrics().dialog_width.min(ui.available_width() - space().medium)
}

/// Gives the part at a position to a field; key and time are never without one.
fn give(roles: &mut Roles, at: usize, field: Option<FieldName>) {
    match (at, field) {
        (0, Some(field)) => roles.key = field,
        (1, Some(field)) => roles.time = field,
        (2, field) => roles.amount = field,
        (3, field) => roles.customer = field,
        (4, field) => roles.interface = field,
        (5, field) => roles.label = field,
        _ => {}
    }
}
