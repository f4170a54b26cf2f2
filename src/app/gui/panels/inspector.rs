//! The chosen rule's form, and the parameters with their ranges.

pub(super) mod parameters;
mod sweep;

use eframe::egui::{ComboBox, Label, Response, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

use crate::gui::icons::Glyph;
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, calendar, clock, field, section, state};
use crate::gui::words::{self, halves, local, say, text, tr};
use countersign_core::model::{Moment, Rule, Status, Window, Zone};
use countersign_core::text::{LocalText, StaticText};
use countersign_session::{Action, Command, RuleAction, Session};

#[derive(Default)]
pub struct InspectorPanel {
    parameters: parameters::ParameterForms,
}

impl InspectorPanel {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        ui.spacing_mut().item_spacing.y = space().tiny;
        if !session.document().is_editable() {
            let hint = say(ui, text("Open a workspace to see its rules", "打开工作区以查看规则"));
            return state::empty(ui, Glyph::SlidersHorizontal, say(ui, text("Nothing to inspect", "暂无内容")), hint);
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            Self::form(ui, session, out);
            section::rule(ui);
            self.parameters.show(ui, session, out);
            ui.add_space(space().huge);
        });
    }
}

impl InspectorPanel {
    fn form(ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let rules = session.document().rule_set();
        let chosen = session.view().selection.rule.as_ref().and_then(|id| rules.find_rule(id.as_str()));
        let Some((_, _, rule)) = chosen else {
            section::header(ui, say(ui, text("Rule", "规则")), |_| {});
            section::remark(ui, Glyph::MousePointerClick, say(ui, text("No rule is chosen", "未选择规则")));
            return;
        };
        section::header(ui, say(ui, text("Rule", "规则")), |ui| {
            let title = Command::RenameRule.title();
            if button::icon(ui, Glyph::Pencil, &local(ui, &title)).clicked() {
                out.ask(WindowAction::Run(Command::RenameRule));
            }
        });
        section::property(ui, say(ui, text("Id", "标识")), |ui| {
            ui.add(Label::new(eframe::egui::RichText::new(rule.id.as_str()).font(theme::code())).truncate())
        });
        texts(ui, text("Title", "标题"), &rule.title, |title| {
            out.push(Action::Rule(RuleAction::SetTitle(rule.id.clone(), title)));
        });
        status(ui, rule, out);
        owner(ui, rule, out);
        texts(ui, text("Basis", "依据"), &rule.basis, |basis| {
            out.push(Action::Rule(RuleAction::SetBasis(rule.id.clone(), basis)));
        });
        window(ui, rule, session.document().definition().schema.zone, out);
        ui.add_space(space().small);
    }
}

fn wide(ui: &mut Ui, value: &mut String, label: &str, hint: &str) -> Response {
    let width = ui.available_width() - space().medium;
    field::text(ui, value, label, hint, width)
}

/// A text in both languages, one line each.
fn texts(ui: &mut Ui, name: StaticText, value: &LocalText, change: impl FnOnce(LocalText)) {
    let (label, mut edited) = (say(ui, name), value.clone());
    for (language, half) in halves(ui, &mut edited) {
        let spoken = format!("{label} ({language})");
        section::property(ui, &spoken, |ui| {
            let width = ui.available_width() - space().medium;
            let id = ui.next_auto_id();
            field::composed(ui, id, half, |ui, half| {
                ui.add(TextEdit::multiline(half).id(id).desired_width(width).desired_rows(1)).accessible_name(&spoken)
            });
        });
    }
    if edited != *value {
        // A title is one line, also when it was pasted.
        let plain = |half: String| half.replace(['\n', '\r'], " ");
        change(LocalText::new(plain(edited.en), plain(edited.zh)));
    }
}

fn status(ui: &mut Ui, rule: &Rule, out: &mut Outbox) {
    let label = say(ui, text("Status", "状态"));
    let mut chosen = rule.status;
    section::property(ui, label, |ui| {
        let shown = say(ui, words::status(chosen));
        let width = metrics().field_width.min(ui.available_width() - space().medium);
        let response = ComboBox::from_id_salt("status").selected_text(shown).width(width).show_ui(ui, |ui| {
            for status in [Status::Active, Status::Shadow, Status::Off] {
                ui.selectable_value(&mut chosen, status, say(ui, words::status(status)));
            }
        });
        let _ = response.response.accessible_name(label);
        let meaning = match rule.status {
            Status::Active => text("counts", "参与决策"),
            Status::Shadow => text("reported only", "仅记录"),
            Status::Off => text("not run", "不执行"),
        };
        ui.add(Label::new(theme::weak(ui, say(ui, meaning))).truncate());
    });
    if chosen != rule.status {
        let rules = [rule.id.clone()].into();
        out.push(Action::Rule(RuleAction::SetStatus { rules, status: chosen }));
    }
}

fn owner(ui: &mut Ui, rule: &Rule, out: &mut Outbox) {
    let label = say(ui, text("Owner", "负责人"));
    let mut owner = rule.owner.clone();
    let response = section::property(ui, label, |ui| wide(ui, &mut owner, label, "")).inner;
    if response.changed() {
        out.push(Action::Rule(RuleAction::SetOwner(rule.id.clone(), owner)));
    }
}

/// When the rule holds: from, until; each may be open.
fn window(ui: &mut Ui, rule: &Rule, zone: Zone, out: &mut Outbox) {
    let mut edited = rule.window;
    ui.push_id(rule.id.as_str(), |ui| {
        end(ui, zone, text("From", "生效"), &mut edited.from);
        end(ui, zone, text("Until", "失效"), &mut edited.until);
        let place = ui.make_persistent_id("refused");
        if edited != rule.window {
            ui.data_mut(|data| data.insert_temp(place, !is_in_order(edited)));
        }
        if ui.data(|data| data.get_temp(place)) == Some(true) {
            let words = text("A rule ends after it begins: nothing was changed", "失效须晚于生效，未作修改");
            let words = theme::weak(ui, say(ui, words)).color(colours(ui).error);
            section::property(ui, "", |ui| ui.add(Label::new(words).wrap()));
        }
    });
    if edited != rule.window && is_in_order(edited) {
        out.push(Action::Rule(RuleAction::SetWindow(rule.id.clone(), edited)));
    }
}

fn is_in_order(window: Window) -> bool {
    !matches!((window.from, window.until), (Some(from), Some(until)) if from.at >= until.at)
}

/// One end of the window: a switch and the day, below them the time of day.
fn end(ui: &mut Ui, zone: Zone, name: StaticText, moment: &mut Option<Moment>) {
    let label = say(ui, name);
    let day = section::property(ui, label, |ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        let mut set = moment.is_some();
        let switch = ui.checkbox(&mut set, "");
        switch.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, set, label));
        if switch.changed() {
            *moment = set.then(|| now(zone)).flatten();
        }
        let Some(held) = *moment else {
            ui.label(theme::weak(ui, tr(ui, "always", "不限")));
            return None;
        };
        let today = now(held.zone).map(|now| now.zone.civil(now.at).date());
        calendar::day(ui, label, held.zone.civil(held.at).date(), today)
    });
    let Some(held) = *moment else { return };
    let civil = held.zone.civil(held.at);
    let spoken = format!("{label}{}", tr(ui, ", time of day", "时刻"));
    let time = section::property(ui, say(ui, text("at", "时刻")), |ui| clock::time(ui, &spoken, civil.time())).inner;
    if day.inner.is_some() || time.is_some() {
        let text = day.inner.unwrap_or(civil.date()).to_datetime(time.unwrap_or(civil.time())).to_string();
        *moment = held.zone.parse_time(&text).map(|at| Moment { at, zone: held.zone }).or(*moment);
    }
}

fn now(zone: Zone) -> Option<Moment> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    let minute = i64::try_from(now.as_secs() / 60).ok()?;
    Some(Moment { at: countersign_core::model::Timestamp::from_micros(minute * 60_000_000)?, zone })
}
