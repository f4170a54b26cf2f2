//! The stage of the rule in the editor as a decision table; values that scripts write out are changed in their cells.

use eframe::egui::{Button, Frame, Grid, Id, Key, Label, Response, RichText, ScrollArea, Ui, Vec2};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{choice, field, section, state};
use crate::gui::words::{self, local, say, text};
use countersign_core::model::{EnumType, Field, FieldType, RuleId, Value, Zone};
use countersign_core::reading::{Phrase, TableRow};
use countersign_core::text::Language;
use countersign_session::{Action, CellValue, ResultView, SelectAction, Session, StageInTable};

/// The most rows that are laid out; the command line writes all.
const ROWS_MOST: usize = 200;

/// Shows the table of the stage that a rule belongs to.
pub fn show(ui: &mut Ui, session: &Session, rule: &RuleId, out: &mut Outbox) {
    let shown = session.stage_in_table();
    let rules = session.document().rule_set();
    let stage = rules.find_rule(rule.as_str()).and_then(|(_, stage, _)| rules.stages.get(stage.at()));
    let Some(held) = shown.value.filter(|held| stage.is_some_and(|stage| stage.id == held.stage)) else {
        if session.check().value.is_some_and(|checked| checked.engine.is_none()) {
            let hint = say(ui, text("Correct the errors in Problems first", "请先更正“问题”中的错误"));
            return state::empty(ui, Glyph::TriangleAlert, say(ui, text("No table yet", "暂无决策表")), hint);
        }
        return state::loading(ui, say(ui, text("The table is being made", "正在生成决策表")), None);
    };
    ScrollArea::both().id_salt(("stage table", held.stage.as_str())).auto_shrink(false).show(ui, |ui| {
        Frame::new().inner_margin(space().medium).show(ui, |ui| {
            let spacing = Vec2::new(space().large, space().small);
            Grid::new(("stage table", held.stage.as_str())).striped(true).spacing(spacing).show(ui, |ui| {
                heads(ui, held);
                for (at, row) in held.table.rows.iter().take(ROWS_MOST).enumerate() {
                    one_row(ui, session, &shown, (at, row), rule, out);
                    ui.end_row();
                }
            });
            remarks(ui, session, held);
        });
    });
}

fn remarks(ui: &mut Ui, session: &Session, held: &StageInTable) {
    let more = held.table.rows.len().saturating_sub(ROWS_MOST);
    if more > 0 {
        let words = match words::language(ui.ctx()) {
            Language::En => format!("{more} more rows: `countersign explain --stage {} --table`", held.stage),
            Language::Zh => format!("另有 {more} 行：`countersign explain --stage {} --table`", held.stage),
        };
        section::remark(ui, Glyph::Info, &words);
    }
    for (rule, why) in &held.table.not_plain {
        let name = session.document().rule_set().rule(*rule).map(|rule| local(ui, &rule.title).into_owned()).unwrap_or_default();
        let why = local(ui, why);
        let words = match words::language(ui.ctx()) {
            Language::En => format!("{name}: not in the table, because {why} has no plain form"),
            Language::Zh => format!("{name}：未列入表中，因为{why}无法用文字表述"),
        };
        section::remark(ui, Glyph::FileCode, &words);
    }
}

fn has_other(held: &StageInTable) -> bool {
    held.table.rows.iter().any(|row| !row.other.is_empty())
}

fn heads(ui: &mut Ui, held: &StageInTable) {
    let strong = |ui: &mut Ui, words: &str| wide(ui, RichText::new(words).font(theme::strong()).color(colours(ui).text_strong));
    strong(ui, "#");
    strong(ui, say(ui, text("Rule", "规则")));
    let language = words::language(ui.ctx());
    for column in &held.table.columns {
        strong(ui, column.text().get(language));
    }
    if has_other(held) {
        strong(ui, say(ui, text("Other conditions", "其他条件")));
    }
    strong(ui, say(ui, text("Outcome", "结果")));
    strong(ui, say(ui, text("Notes", "备注")));
    ui.end_row();
}

/// A text in lines of a column's width.
fn wide(ui: &mut Ui, words: RichText) -> Response {
    let laid_out = ui.vertical(|ui| {
        ui.set_max_width(metrics().field_width * 1.4);
        ui.add(Label::new(words).wrap())
    });
    laid_out.inner
}

fn one_row(
    ui: &mut Ui,
    session: &Session,
    shown: &ResultView<'_, StageInTable>,
    (at, row): (usize, &TableRow),
    chosen: &RuleId,
    out: &mut Outbox,
) {
    let Some(held) = shown.value else { return };
    let c = colours(ui);
    let rule = held.rules.get(at);
    let is_dead = row.is_impossible || row.covered_by.is_some();
    let colour = if is_dead { c.text_weak } else { c.text };
    wide(ui, RichText::new((at + 1).to_string()).font(theme::small()).color(c.text_weak));
    ui.vertical(|ui| {
        ui.set_max_width(metrics().field_width * 1.4);
        let Some(rule) = rule else { return };
        let title = session.document().rule_set().find_rule(rule.as_str()).map(|(.., rule)| local(ui, &rule.title).into_owned());
        let title = title.unwrap_or_else(|| rule.to_string());
        let words = RichText::new(&title).color(if rule == chosen { c.accent_text } else { c.text_strong });
        if ui.add(Button::new(words).frame(false).small().wrap()).on_hover_text(rule.as_str()).clicked() {
            out.push(Action::Select(SelectAction::Rule(rule.clone())));
        }
        if row.arm > 0 {
            ui.label(theme::weak(ui, say(ui, text("otherwise", "否则"))));
        }
    });
    let language = words::language(ui.ctx());
    for (column, cells) in row.cells.iter().enumerate() {
        ui.vertical(|ui| {
            ui.set_max_width(metrics().field_width * 1.4);
            if cells.is_empty() {
                ui.label(RichText::new("–").color(c.text_weak)).on_hover_text(say(ui, text("Any value", "任意值")));
            }
            for (position, cell) in cells.iter().enumerate() {
                let said = cell.text.text().get(language).to_owned();
                match held.values.get(&(at, column, position)) {
                    Some(value) if session.document().is_editable() && shown.is_fresh() => {
                        ui.push_id((at, column, position), |ui| editable(ui, session, &said, value, out));
                    }
                    value => {
                        let why = if value.is_some() && !shown.is_fresh() {
                            text(
                                "The script has changed since: the table is made again once it has no errors",
                                "脚本已修改：消除错误后将重新生成决策表",
                            )
                        } else if value.is_some() {
                            text("The rules are open for reading only", "规则集以只读方式打开")
                        } else if cell.compared.is_some() {
                            text(
                                "This value does not stand just once in the rule's own script; change it there",
                                "该取值在本规则的脚本中并非只出现一次，请在脚本中修改",
                            )
                        } else {
                            text(
                                "Not the comparison of a field with one written value; change it in the script",
                                "不是字段与单个写明取值的比较，请在脚本中修改",
                            )
                        };
                        ui.add(Label::new(RichText::new(said).color(colour)).wrap()).on_hover_text(say(ui, why));
                    }
                }
            }
        });
    }
    if has_other(held) {
        let other: Vec<String> = row.other.iter().map(|phrase| of(phrase, language)).collect();
        let why = text("Only this rule looks at it; change it in the script", "仅该规则判断此内容，请在脚本中修改");
        wide(ui, RichText::new(other.join("\n")).color(colour)).on_hover_text(say(ui, why));
    }
    wide(ui, RichText::new(of(&row.outcome, language)).color(colour));
    notes(ui, row);
}

fn of(phrase: &Phrase, language: Language) -> String {
    phrase.text().get(language).to_owned()
}

fn notes(ui: &mut Ui, row: &TableRow) {
    let c = colours(ui);
    ui.vertical(|ui| {
        ui.set_max_width(metrics().field_width * 1.4);
        let note = |ui: &mut Ui, glyph: Glyph, colour, words: &str| {
            ui.horizontal_top(|ui| {
                ui.label(icons::small(glyph, colour));
                ui.add(Label::new(RichText::new(words).font(theme::small()).color(colour)).wrap());
            });
        };
        if row.is_impossible {
            note(ui, Glyph::TriangleAlert, c.warning, say(ui, text("Never holds", "始终不成立")));
        }
        if let Some(earlier) = row.covered_by {
            let words = match words::language(ui.ctx()) {
                Language::En => format!("Never reached: row {} comes first", earlier + 1),
                Language::Zh => format!("不会到达：先命中第 {} 行", earlier + 1),
            };
            note(ui, Glyph::TriangleAlert, c.warning, &words);
        }
        if !row.overlaps.is_empty() {
            let rows: Vec<String> = row.overlaps.iter().map(|row| (row + 1).to_string()).collect();
            let words = match words::language(ui.ctx()) {
                Language::En => format!("Overlaps {}", rows.join(", ")),
                Language::Zh => format!("与第 {} 行重叠", rows.join("、")),
            };
            note(ui, Glyph::Info, c.text_weak, &words);
        }
    });
}

/// A comparison whose value a click changes.
fn editable(ui: &mut Ui, session: &Session, said: &str, value: &CellValue, out: &mut Outbox) {
    let words = RichText::new(said).color(colours(ui).accent_text);
    let cell = ui.add(Button::new(words).frame(false).small().wrap());
    let schema = &session.document().definition().schema;
    let Some(field) = schema.field(value.field) else { return };
    let cell = cell.on_hover_text(say(ui, text("Change the value in the script", "修改脚本中的值")));
    let place = cell.id.with("typed");
    let is_opened = cell.clicked();
    if is_opened {
        ui.data_mut(|data| data.insert_temp(place, value.now.show(schema.zone)));
    }
    choice::form(&cell, metrics().dialog_width * 0.5, |ui| {
        ui.label(RichText::new(local(ui, &field.text)).font(theme::strong()));
        let with = match &field.kind {
            FieldType::Enum(values) => one_of(ui, values, &value.now),
            _ => typed(ui, field, schema.zone, (place, is_opened)),
        };
        if let Some(with) = with {
            if with != value.now {
                out.push(Action::Script(value.set(session, &with)));
            }
            ui.close();
        }
    });
}

/// The value that is clicked.
fn one_of(ui: &mut Ui, values: &EnumType, now: &Value) -> Option<Value> {
    let mut chosen = None;
    ScrollArea::vertical().max_height(12.0 * metrics().row).show(ui, |ui| {
        for (name, text) in &values.values {
            let shown = local(ui, text);
            let shown = if shown.is_empty() { name.as_str().into() } else { shown };
            let value = Value::Text(name.as_str().into());
            if ui.selectable_label(value == *now, shown.as_ref()).clicked() {
                chosen = Some(value);
            }
        }
    });
    chosen
}

/// The value that is typed, once it is confirmed.
fn typed(ui: &mut Ui, field: &Field, zone: Zone, (place, is_opened): (Id, bool)) -> Option<Value> {
    let mut typed: String = ui.data(|data| data.get_temp(place)).unwrap_or_default();
    let label = say(ui, text("New value", "新值"));
    let response = field::text(ui, &mut typed, label, field.kind.spec().first, metrics().field_width * 1.5);
    if is_opened {
        response.request_focus();
    }
    let is_entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let trimmed = if matches!(field.kind, FieldType::Text) { typed.as_str() } else { typed.trim() };
    let parsed = field.parse(trimmed, zone).ok().filter(|value| *value != Value::Missing);
    if parsed.is_none() && !trimmed.is_empty() {
        let wrong = format!("“{trimmed}” {}", say(ui, field.kind.spec().not_one));
        ui.add(Label::new(RichText::new(wrong).font(theme::small()).color(colours(ui).error)).wrap());
    }
    ui.data_mut(|data| data.insert_temp(place, typed));
    let set = Button::new(say(ui, text("Set the value", "设置取值")));
    let is_set = ui.add_enabled(parsed.is_some(), set).clicked();
    parsed.filter(|_| is_entered || is_set)
}
