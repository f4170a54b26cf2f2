//! One request's way through the stages and rules: on the left the path, on the right what a rule found and what would turn it.

mod path;
mod rule;

use eframe::egui::{CentralPanel, Frame, Panel, ScrollArea, Ui};

use super::{part_width, standing};
use crate::gui::icons::Glyph;
use crate::gui::outbox::{Outbox, Tab, WindowAction};
use crate::gui::theme::{colours, metrics};
use crate::gui::widgets::state;
use crate::gui::words::{say, text};
use countersign_core::engine::explain::{Explanation, Fate};
use countersign_core::model::RuleId;
use countersign_session::Session;
use countersign_session::views::{decided, explain};

#[derive(Default)]
pub struct ExplainPanel {
    /// The explanation with what it was made from: the row, and which engine.
    held: Option<(u32, usize, Explanation)>,
    rule: Option<RuleId>,
}

impl ExplainPanel {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        if session.requests().is_none() {
            return standing::no_requests(ui, session, out);
        }
        let Some(row) = session.view().selection.request else { return no_request(ui, out) };
        if decided::engine(session).is_none() {
            return standing::nothing(ui, session, &session.impact(), out);
        }
        self.refresh(session, row);
        let Some((.., explanation)) = &self.held else {
            let title = say(ui, text("The request does not fit the draft's fields", "请求与草稿的字段定义不符"));
            let hint = say(
                ui,
                text("Open the request file again to read it by the edited schema", "请重新打开请求文件，以新的字段定义读取"),
            );
            return state::error(ui, title, hint);
        };
        if session.engine().is_none() {
            let why = say(
                ui,
                text(
                    "The draft has errors or is being checked: explained by the last good one",
                    "草稿存在错误或正在检查，按上一次有效草稿解释",
                ),
            );
            state::stale(ui, why);
        }
        let known = |id: &RuleId| explanation.stages.iter().flat_map(|stage| &stage.rules).any(|rule| rule.id == *id);
        if !self.rule.as_ref().is_some_and(known) {
            self.rule = telling(explanation);
        }
        let ground = Frame::new().fill(colours(ui).panel);
        let chosen = &mut self.rule;
        let width = metrics().rules_width + metrics().label_column;
        Panel::left("explained path").frame(ground).default_size(part_width(ui, width, 0.45)).show(ui, |ui| {
            ScrollArea::vertical().auto_shrink(false).id_salt("path").show(ui, |ui| path::show(ui, explanation, chosen));
        });
        CentralPanel::no_frame().show(ui, |ui| {
            let found = explanation.stages.iter().flat_map(|stage| &stage.rules).find(|rule| Some(&rule.id) == chosen.as_ref());
            if let Some(rule) = found {
                ScrollArea::both().auto_shrink(false).id_salt("rule").show(ui, |ui| rule::show(ui, rule, out));
            }
        });
    }

    /// Explains again when another request is chosen or something else decides.
    fn refresh(&mut self, session: &Session, row: u32) {
        let engine = decided::engine(session).map_or(0, |engine| std::sync::Arc::as_ptr(engine.definition()).addr());
        if self.held.as_ref().is_none_or(|(known, by, _)| (*known, *by) != (row, engine)) {
            let is_other = self.held.as_ref().is_none_or(|(known, ..)| *known != row);
            self.held = explain::of(session).map(|explanation| (row, engine, explanation));
            if is_other {
                self.rule = None;
            }
        }
    }
}

/// The rule that tells most: the first that gave a reason of the verdict, else the first that fired, else the first.
fn telling(explanation: &Explanation) -> Option<RuleId> {
    let reason = explanation.reasons.iter().find_map(|reason| reason.rule.clone());
    let rules = || explanation.stages.iter().flat_map(|stage| &stage.rules);
    let fired = || rules().find(|rule| rule.fate == Fate::Fired).map(|rule| rule.id.clone());
    reason.or_else(fired).or_else(|| rules().next().map(|rule| rule.id.clone()))
}

fn no_request(ui: &mut Ui, out: &mut Outbox) {
    let title = say(ui, text("No request is chosen", "未选择请求"));
    let hint =
        text("Choose a request in the table to see its way through the rules", "在请求表中选择一条请求，查看其经过各规则的过程");
    state::empty(ui, Glyph::Waypoints, title, say(ui, hint));
    if state::way_out(ui, Glyph::TableProperties, say(ui, text("To the requests", "前往请求表"))) {
        out.ask(WindowAction::Show(Tab::Requests));
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::panels::testing::{PanelHarness, session, window};
    use countersign_core::model::Verdict;
    use countersign_session::{Action, SelectAction};

    fn harness(requests: bool) -> egui_kittest::Harness<'static, PanelHarness<ExplainPanel>> {
        window(PanelHarness::new(session(requests)), |panel: &mut ExplainPanel, ui, session, out| panel.show(ui, session, out))
    }

    fn declined(session: &Session) -> u32 {
        let rows = session.impact().value.unwrap().new.rows_of_verdict(Verdict::Decline);
        u32::try_from(rows.iter().next().unwrap()).unwrap()
    }

    #[test]
    fn without_a_request_it_leads_to_the_table() {
        let mut window = harness(true);
        window.run();
        window.get_by_label("No request is chosen");
        window.get_by_label("To the requests").click();
        window.run();
        assert_eq!(window.state().asks, [WindowAction::Show(Tab::Requests)]);
        let mut window = harness(false);
        window.run();
        window.get_by_label("No requests are loaded");
    }

    #[test]
    fn a_declined_request_shows_its_rule_and_a_click_goes_to_the_script() {
        let mut window = harness(true);
        let row = declined(&window.state().session);
        window.state_mut().act(Action::Select(SelectAction::Request(row)));
        window.run();
        window.get_by_label("Decision");
        window.get_all_by_label("Decline").next().unwrap();
        let (rule, text) = {
            let panel = &window.state().panel;
            let (.., explanation) = panel.held.as_ref().unwrap();
            let rule = explanation
                .stages
                .iter()
                .flat_map(|stage| &stage.rules)
                .find(|rule| Some(&rule.id) == panel.rule.as_ref())
                .unwrap();
            assert_eq!(rule.fate, Fate::Fired);
            (rule.id.clone(), explain::lines(&rule.id, &rule.tree)[0].text.clone())
        };
        window.get_all_by_label_contains(&text).next().unwrap().click();
        window.run();
        let selection = &window.state().session.view().selection;
        assert_eq!(selection.script, Some(countersign_session::ScriptRef::Rule(rule)));
        assert!(selection.jump.is_some());
        window.state_mut().break_a_script();
        window.run();
        window.get_by_label("The draft has errors or is being checked: explained by the last good one");
    }
}
