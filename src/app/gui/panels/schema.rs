//! What fields a request has and what reasons there are: looked up, searched, with who uses them, and the way to change them.

use eframe::egui::{Align, Id, Layout, RichText, Ui};

use super::standing;
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::table::{DataTable, TableColumn, TableContent, line};
use crate::gui::widgets::{badge, button, field, section, state};
use crate::gui::words::{language, local, say, text};
use countersign_core::model::RuleId;
use countersign_core::text::Language;
use countersign_session::views::dictionary::{FieldRow, ReasonRow, fields, reasons};
use countersign_session::views::figures;
use countersign_session::{Action, SelectAction, Session};
use countersign_workspace::{RULE_SET_FILE, SCHEMA_FILE};

#[derive(Default)]
pub struct SchemaPanel {
    of_reasons: bool,
    search: String,
    fields: DataTable,
    reasons: DataTable,
    chosen: Option<usize>,
    held: Option<(u64, String, Vec<FieldRow>, Vec<ReasonRow>)>,
}

impl SchemaPanel {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        ui.spacing_mut().item_spacing.y = 0.0;
        if session.document().definition().schema.is_empty() {
            let title = say(ui, text("No workspace is open", "未打开工作区"));
            let hint = text("Fields and reasons are those of the open workspace", "字段与原因码来自打开的工作区");
            return state::empty(ui, Glyph::Database, title, say(ui, hint));
        }
        if !self.held.as_ref().is_some_and(|(stamp, words, ..)| *stamp == session.stamp() && *words == self.search) {
            let (fields, reasons) = (fields(session, &self.search), reasons(session, &self.search));
            self.held = Some((session.stamp(), self.search.clone(), fields, reasons));
        }
        let Some((stamp, words, fields, reasons)) = self.held.take() else { return };
        let (count, chosen) = if self.of_reasons {
            (reasons.len(), self.chosen.and_then(|at| reasons.get(at)).map(|row| row.code.clone()))
        } else {
            (fields.len(), self.chosen.and_then(|at| fields.get(at)).map(|row| row.name.clone()))
        };
        self.bar(ui, count, chosen, out);
        section::rule(ui);
        standing::unread_parts(ui, session, if self.of_reasons { RULE_SET_FILE } else { SCHEMA_FILE }, out);
        if self.of_reasons {
            self.reasons(ui, &reasons, out);
        } else {
            self.fields(ui, &fields, out);
        }
        self.held = Some((stamp, words, fields, reasons));
    }

    fn bar(&mut self, ui: &mut Ui, count: usize, chosen: Option<String>, out: &mut Outbox) {
        ui.horizontal(|ui| {
            ui.set_min_height(metrics().section + space().small);
            ui.add_space(space().medium);
            for (which, name) in [(false, text("Fields", "字段")), (true, text("Reasons", "原因码"))] {
                if ui.selectable_label(self.of_reasons == which, say(ui, name)).clicked() {
                    (self.of_reasons, self.chosen) = (which, None);
                }
            }
            let (new, change) = if self.of_reasons {
                (text("New reason", "新增原因码"), text("Change the chosen reason", "修改所选原因码"))
            } else {
                (text("New field", "新增字段"), text("Change the chosen field", "修改所选字段"))
            };
            let ask = |name| if self.of_reasons { WindowAction::Reason(name) } else { WindowAction::Field(name) };
            if button::icon(ui, Glyph::Plus, say(ui, new)).clicked() {
                out.ask(ask(None));
            }
            ui.add_enabled_ui(chosen.is_some(), |ui| {
                if button::icon(ui, Glyph::Pencil, say(ui, change)).clicked() {
                    out.ask(ask(chosen));
                }
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(space().medium);
                let words = match language(ui.ctx()) {
                    Language::En => format!("{count} listed"),
                    Language::Zh => format!("共 {count} 项"),
                };
                ui.label(theme::weak(ui, words));
                let label = say(ui, text("Search fields and reasons", "搜索字段与原因码"));
                field::search(ui, Id::unique("search schema"), &mut self.search, label, metrics().rules_width);
            });
        });
    }

    fn fields(&mut self, ui: &mut Ui, rows: &[FieldRow], out: &mut Outbox) {
        let m = metrics();
        let columns = [
            TableColumn::text(say(ui, text("Name in scripts", "脚本中的名称")), m.field_width * 1.8),
            TableColumn::text(say(ui, text("Meaning", "含义")), m.rules_width),
            TableColumn::text(say(ui, text("Type", "类型")), m.label_column * 0.7),
            TableColumn::text(say(ui, text("May be missing", "可缺失")), m.label_column),
            TableColumn::text(say(ui, text("Marks", "标记")), m.field_width),
            TableColumn::number(say(ui, text("Rules", "规则数")), m.hit_bar * 1.5),
            TableColumn::text(say(ui, text("Values", "取值")), m.rules_width * 1.6),
        ];
        let mut cell = |ui: &mut Ui, row: usize, column: usize| {
            rows.get(row).into_iter().for_each(|row| field_cell(ui, row, column));
        };
        let label = say(ui, text("Fields", "字段"));
        let mut content = content("fields", label, &columns, rows.len(), self.chosen, &mut cell);
        let answer = self.fields.show(ui, &mut content);
        self.chosen = answer.choose.or(self.chosen);
        if let Some(rule) = answer.open.and_then(|at| rows.get(at)?.rules.first()) {
            open(rule, out);
        }
    }

    fn reasons(&mut self, ui: &mut Ui, rows: &[ReasonRow], out: &mut Outbox) {
        let m = metrics();
        let columns = [
            TableColumn::text(say(ui, text("Code", "原因码")), m.rules_width),
            TableColumn::text(say(ui, text("What it says", "说明")), m.rules_width * 1.4),
            TableColumn::text(say(ui, text("On the wire", "应答码")), m.field_width),
            TableColumn::text("ISO 8583", m.hit_bar * 1.8),
            TableColumn::number(say(ui, text("Requests", "请求数")), m.hit_bar * 2.0),
            TableColumn::text(say(ui, text("Named by", "引用规则")), m.rules_width * 1.6),
        ];
        let mut cell = |ui: &mut Ui, row: usize, column: usize| {
            rows.get(row).into_iter().for_each(|row| reason_cell(ui, row, column));
        };
        let label = say(ui, text("Reasons", "原因码"));
        let mut content = content("reasons", label, &columns, rows.len(), self.chosen, &mut cell);
        let answer = self.reasons.show(ui, &mut content);
        self.chosen = answer.choose.or(self.chosen);
        if let Some(rule) = answer.open.and_then(|at| rows.get(at)?.rules.first()) {
            open(rule, out);
        }
    }
}

fn content<'a>(
    name: &'a str,
    label: &'a str,
    columns: &'a [TableColumn],
    rows: usize,
    chosen: Option<usize>,
    cell: crate::gui::widgets::table::ShowCell<'a>,
) -> TableContent<'a> {
    TableContent { name, label, columns, rows, chosen, sorted: None, cell, menu: None }
}

/// A row pressed twice shows the first rule that uses it.
fn open(rule: &str, out: &mut Outbox) {
    if let Ok(rule) = RuleId::new(rule) {
        out.push(Action::Select(SelectAction::Rule(rule)));
    }
}

fn code(ui: &mut Ui, words: &str) {
    ui.add(eframe::egui::Label::new(RichText::new(words).font(theme::code())).truncate());
}

fn users(ui: &mut Ui, rules: &[String]) {
    if rules.is_empty() {
        ui.label(theme::weak(ui, say(ui, text("no rule", "无规则"))));
    } else {
        line(ui, &rules.join(", ")).on_hover_text(rules.join("\n"));
    }
}

fn field_cell(ui: &mut Ui, row: &FieldRow, column: usize) {
    let c = colours(ui);
    match column {
        0 => code(ui, &row.name),
        1 => drop(line(ui, &local(ui, &row.text)).on_hover_text(local(ui, &row.text))),
        2 => drop(line(ui, say(ui, row.kind))),
        3 => {
            let (glyph, word) =
                if row.optional { (Glyph::CircleDashed, text("yes", "是")) } else { (Glyph::CircleDot, text("no", "否")) };
            ui.label(icons::small(glyph, c.text_weak));
            line(ui, say(ui, word));
        }
        4 => {
            if row.personal {
                badge::pill(ui, Some(Glyph::EyeOff), say(ui, text("personal", "个人信息")), c.warning, c.hover);
            }
            if row.as_written {
                badge::pill(ui, None, say(ui, text("as written", "按原样")), c.text_weak, c.hover);
            }
            if row.identifier {
                badge::pill(ui, None, say(ui, text("identifier", "标识符")), c.text_weak, c.hover);
            }
            if let Some(role) = &row.role {
                badge::pill(ui, None, &local(ui, role), c.accent_text, c.hover);
            }
        }
        5 => drop(line(ui, &figures::count(row.rules.len())).on_hover_text(row.rules.join("\n"))),
        _ => drop(line(ui, &local(ui, &row.holds)).on_hover_text(local(ui, &row.holds))),
    }
}

fn reason_cell(ui: &mut Ui, row: &ReasonRow, column: usize) {
    match column {
        0 => code(ui, &row.code),
        1 => drop(line(ui, &local(ui, &row.text)).on_hover_text(local(ui, &row.text))),
        2 => code(ui, &row.wire),
        3 => code(ui, &row.iso),
        4 => drop(line(ui, &row.requests.map_or_else(|| "–".to_owned(), figures::count))),
        _ => users(ui, &row.rules),
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::panels::testing::{PanelHarness, session, window};

    fn harness(requests: bool) -> egui_kittest::Harness<'static, PanelHarness<SchemaPanel>> {
        window(PanelHarness::new(session(requests)), |panel: &mut SchemaPanel, ui, session, out| panel.show(ui, session, out))
    }

    #[test]
    fn fields_and_reasons_are_searched() {
        let mut window = harness(true);
        window.run();
        window.get_by_label("customer.kind");
        window.get_by_label("Search fields and reasons").focus();
        window.run();
        window.get_by_label("Search fields and reasons").type_text("customer.age");
        window.run();
        window.get_by_label("customer.age");
        assert!(window.query_by_label("request.operation").is_none());
        window.get_by_label("Reasons").click();
        window.run();
        let listed = window.state().panel.held.as_ref().unwrap().3.len();
        window.get_by_label(&format!("{listed} listed"));
        let all = reasons(&window.state().session, "");
        assert!(all.iter().any(|row| !row.rules.is_empty() && row.requests > Some(0)));
    }

    #[test]
    fn without_a_workspace_it_says_so() {
        let nothing = Session::new(
            std::sync::Arc::new(countersign_workspace::MemoryFiles::new()),
            countersign_session::SessionOptions::default(),
        );
        let mut window =
            window(PanelHarness::new(nothing), |panel: &mut SchemaPanel, ui, session, out| panel.show(ui, session, out));
        window.run();
        window.get_by_label("No workspace is open");
    }
}
