//! The regression cases: which pass, what differs field by field, and each as a form.

mod detail;
mod fields;
mod new_case;

use eframe::egui::{CentralPanel, Color32, Frame, Id, Panel, ScrollArea, Ui};

use super::{part_width, standing};
use crate::gui::icons::Glyph;
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::row::ListRow;
use crate::gui::widgets::{button, field, section, state};
use crate::gui::words::{language, local, say, text};
use countersign_core::text::Language;
use countersign_session::views::cases::{CaseRow, CaseRowOutcome, rows};
use countersign_session::{Action, Command, SelectAction, Session};

#[derive(Default)]
pub struct CasesPanel {
    search: String,
    only_wrong: bool,
    new: new_case::NewCase,
    fields: fields::CaseFields,
    held: Option<(u64, Vec<CaseRow>)>,
}

impl CasesPanel {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        ui.spacing_mut().item_spacing.y = 0.0;
        if self.held.as_ref().is_none_or(|(stamp, _)| *stamp != session.stamp()) {
            self.held = Some((session.stamp(), rows(session)));
        }
        let Some((_, all)) = self.held.take() else { return };
        let ground = Frame::new().fill(colours(ui).panel);
        let width = part_width(ui, metrics().inspector_width + metrics().label_column, 0.45);
        Panel::left("case list").frame(ground).default_size(width).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            self.list(ui, session, &all, out);
        });
        CentralPanel::no_frame().show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            standing::banner(ui, &session.cases());
            if !all.is_empty() {
                standing::missing(ui, session, &session.cases(), text("Cases are being run", "正在运行用例"));
            }
            let chosen = session.view().selection.case.as_ref();
            let shown = all.iter().find(|row| Some(&row.id) == chosen);
            let case = session.document().cases().cases.iter().find(|case| Some(&case.id) == chosen);
            match (shown, case) {
                (Some(row), Some(case)) => detail::show(ui, session, row, case, &mut self.fields, out),
                _ if all.is_empty() => self.no_cases(ui),
                _ => {
                    let title = say(ui, text("No case is chosen", "未选择用例"));
                    let hint = text("Choose one on the left to see what it expects", "在左侧选择用例，查看其期望");
                    state::empty(ui, Glyph::ListChecks, title, say(ui, hint));
                }
            }
        });
        self.held = Some((session.stamp(), all));
    }

    fn list(&mut self, ui: &mut Ui, session: &Session, all: &[CaseRow], out: &mut Outbox) {
        self.header(ui, session, all, out);
        self.new.form(ui, session, out);
        standing::unread_cases(ui, session, out);
        ui.horizontal(|ui| {
            ui.add_space(space().medium);
            let width = ui.available_width() - space().medium;
            field::search(ui, Id::unique("search cases"), &mut self.search, say(ui, text("Search cases", "搜索用例")), width);
        });
        ui.add_space(space().small);
        let words = self.search.to_lowercase();
        let fits = |row: &&CaseRow| {
            let held = format!("{} {} {} {}", row.id, row.title.en, row.title.zh, row.file).to_lowercase();
            words.split_whitespace().all(|word| held.contains(word)) && (!self.only_wrong || row.is_wrong())
        };
        let listed: Vec<&CaseRow> = all.iter().filter(fits).collect();
        if listed.is_empty() && !all.is_empty() {
            let words = if self.only_wrong {
                text("Every case passes", "全部用例通过")
            } else {
                text("No case fits", "没有匹配的用例")
            };
            section::remark(ui, Glyph::CircleCheck, say(ui, words));
        }
        let scroll = ScrollArea::vertical().auto_shrink(false).id_salt("cases");
        scroll.show_rows(ui, metrics().row, listed.len(), |ui, range| {
            for row in listed.get(range).unwrap_or_default() {
                one(ui, session, row, out);
            }
        });
    }

    fn header(&mut self, ui: &mut Ui, session: &Session, all: &[CaseRow], out: &mut Outbox) {
        let wrong = all.iter().filter(|row| row.is_wrong()).count();
        let title = match language(ui.ctx()) {
            Language::En => countersign_core::text::counted(all.len(), "case", "cases"),
            Language::Zh => format!("{} 个用例", all.len()),
        };
        section::header(ui, &title, |ui| {
            ui.add_space(space().small);
            self.new.button(ui);
            ui.add_enabled_ui(session.why_disabled(Command::RunNow).is_none(), |ui| {
                if button::icon(ui, Glyph::Play, say(ui, text("Run all cases", "运行全部用例"))).clicked() {
                    out.ask(WindowAction::Run(Command::RunNow));
                }
            });
            let label = say(ui, text("Only those that fail", "仅显示未通过"));
            if button::switch(ui, Glyph::ListX, label, self.only_wrong).clicked() {
                self.only_wrong = !self.only_wrong;
            }
            let (words, colour) = counted(ui, session, wrong);
            ui.label(eframe::egui::RichText::new(words).font(theme::small()).color(colour));
        });
    }

    fn no_cases(&mut self, ui: &mut Ui) {
        let title = say(ui, text("There are no cases yet", "尚无用例"));
        let hint = text(
            "Save a request as a case, or add one here: it then must always be decided so",
            "将请求存为用例或在此新增：此后其决策必须保持不变",
        );
        state::empty(ui, Glyph::ListChecks, title, say(ui, hint));
        if !self.new.is_open() && state::way_out(ui, Glyph::Plus, say(ui, text("New case", "新增用例"))) {
            self.new.open();
        }
    }
}

fn counted(ui: &Ui, session: &Session, wrong: usize) -> (String, Color32) {
    let c = colours(ui);
    let language = language(ui.ctx());
    if session.document().cases().cases.is_empty() {
        return (String::new(), c.text_weak);
    }
    if session.cases().value.is_none() {
        return (say(ui, text("not run", "尚未运行")).to_owned(), c.text_weak);
    }
    match (wrong, language) {
        (0, Language::En) => ("all pass".to_owned(), c.success),
        (0, Language::Zh) => ("全部通过".to_owned(), c.success),
        (_, Language::En) => (format!("{wrong} fail"), c.error),
        (_, Language::Zh) => (format!("{wrong} 个未通过"), c.error),
    }
}

/// How the outcome of a case looks and reads.
fn came(ui: &Ui, row: &CaseRow) -> (Glyph, Color32, &'static str) {
    let c = colours(ui);
    let (glyph, colour, word) = match row.came {
        CaseRowOutcome::NotRun => (Glyph::CircleDashed, c.text_weak, text("not run", "尚未运行")),
        CaseRowOutcome::Passed(_) => (Glyph::CircleCheck, c.success, text("passes", "通过")),
        CaseRowOutcome::Failed(..) => (Glyph::CircleX, c.error, text("fails", "未通过")),
        CaseRowOutcome::Unusable(_) => (Glyph::TriangleAlert, c.warning, text("cannot be run", "无法运行")),
    };
    (glyph, colour, say(ui, word))
}

fn one(ui: &mut Ui, session: &Session, row: &CaseRow, out: &mut Outbox) {
    let (glyph, colour, word) = came(ui, row);
    let title = local(ui, &row.title);
    let title = if title.is_empty() { row.id.as_str() } else { &title };
    let spoken = format!("{title}: {word}");
    let chosen = session.view().selection.case.as_ref() == Some(&row.id);
    let shown = ListRow::new(title).spoken(&spoken).icon(glyph, colour).selected(chosen).hint(row.id.as_str());
    if shown.show(ui).on_hover_text(format!("{}\n{}", row.id, row.file)).clicked() {
        out.push(Action::Select(SelectAction::Case(row.id.clone())));
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::panels::testing::{PanelHarness, session, window};
    use countersign_core::model::{ParameterId, Scalar};
    use countersign_session::ParameterAction;

    fn harness(requests: bool) -> egui_kittest::Harness<'static, PanelHarness<CasesPanel>> {
        window(PanelHarness::new(session(requests)), |panel: &mut CasesPanel, ui, session, out| panel.show(ui, session, out))
    }

    #[test]
    fn a_case_that_fails_comes_first_and_is_accepted_as_it_is_now() {
        let mut window = harness(false);
        window.run();
        window.get_by_label("all pass");
        let id = ParameterId::new("max_cards_per_mobile").unwrap();
        window.state_mut().act(Action::Parameter(ParameterAction::Set(id, Scalar::from(1))));
        window.run();
        let first = rows(&window.state().session).remove(0);
        assert!(first.is_wrong());
        window.get_by_label(&format!("{}: fails", first.title.en)).click();
        window.run();
        window.get_by_label("Differs in");
        window.get_by_label("Expect what is decided now").click();
        window.run();
        let now = rows(&window.state().session).into_iter().find(|row| row.id == first.id).unwrap();
        assert!(!now.is_wrong(), "{now:?}");
        window.state_mut().break_a_script();
        window.run();
        window.get_by_label("the draft has errors; this is the last good result");
    }

    #[test]
    fn a_new_case_takes_its_template_and_a_field_and_is_deleted_again() {
        let mut window = harness(false);
        window.run();
        let before = window.state().session.document().cases().cases.len();
        window.get_by_label("New case").click();
        window.run();
        window.get_by_label("Id of the new case").focus();
        window.run();
        window.get_by_label("Id of the new case").type_text("mine");
        window.run();
        window.get_by_label("Add").click();
        window.run();
        let cases = &window.state().session.document().cases().cases;
        assert_eq!((cases.len(), cases.last().unwrap().id.as_str()), (before + 1, "mine"));
        window.get_by_label("The case sets no field of its own");
        window.get_by_label("Delete the case").click();
        window.run();
        assert_eq!(window.state().session.document().cases().cases.len(), before);
        window.get_by_label("No case is chosen");
    }
}
