//! The rule set's own settings: name, version, title, and what a rule that fails means.

use eframe::egui::{Label, ScrollArea, Ui};

use super::{both, line, width};
use crate::gui::outbox::Outbox;
use crate::gui::theme;
use crate::gui::widgets::{choice, field, section};
use crate::gui::words::{local, say, text};
use countersign_core::model::{OnError, Verdict};
use countersign_session::{Action, Session, TextAction};

/// Shows the settings; what is typed or chosen counts at once.
pub fn show(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let rules = session.document().rule_set();
    let mut act = |action| out.push(Action::Text(action));
    ScrollArea::vertical().auto_shrink(false).id_salt("rule set").show(ui, |ui| {
        let label = say(ui, text("Name", "名称"));
        let read = |typed: &str| Some(typed.trim().to_owned()).filter(|name| !name.is_empty());
        let named = section::property(ui, label, |ui| field::on_leaving(ui, label, &rules.name, width(ui), read)).inner;
        if let Some(name) = named.taken {
            act(TextAction::SetName(name));
        }
        let (mut version, mut title) = (rules.version.clone(), rules.title.clone());
        if line(ui, say(ui, text("Version", "版本")), &mut version, "2014.03.25") {
            act(TextAction::SetVersion(version));
        }
        both(ui, say(ui, text("Title", "标题")), &mut title);
        if title != rules.title {
            act(TextAction::SetTitle(title));
        }
        on_error(ui, session, &mut act);
    });
}

/// The verdict and the reason that a rule which fails leads to.
fn on_error(ui: &mut Ui, session: &Session, act: &mut impl FnMut(TextAction)) {
    let rules = session.document().rule_set();
    let OnError { verdict, reason } = &rules.on_error;
    let label = say(ui, text("A rule fails", "规则出错时"));
    let chosen = section::property(ui, label, |ui| choice::verdict(ui, label, *verdict, Verdict::Refer, width(ui))).inner;
    if let Some(verdict) = chosen {
        act(TextAction::SetOnError(OnError { verdict, reason: reason.clone() }));
    }
    let label = say(ui, text("Its reason", "出错原因码"));
    let reasons = rules.reasons.iter().map(|(id, held)| (id.clone(), format!("{id} {}", local(ui, &held.text))));
    let reasons: Vec<_> = reasons.collect();
    let chosen = section::property(ui, label, |ui| choice::one_of(ui, label, reason, &reasons, reason.as_str(), width(ui))).inner;
    if let Some(reason) = chosen {
        act(TextAction::SetOnError(OnError { verdict: *verdict, reason }));
    }
    let words = text("A rule that fails never lets a request through", "规则出错时绝不放行请求");
    section::property(ui, "", |ui| ui.add(Label::new(theme::weak(ui, say(ui, words))).wrap()));
}
