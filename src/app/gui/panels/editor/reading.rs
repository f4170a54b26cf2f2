//! The rule in plain language above its script: statements as a nested list, each with its counts; values of parameters are set in place.

use eframe::egui::{Align, Color32, Id, Label, Layout, RichText, ScrollArea, Sense, Ui, Vec2};

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::panels::inspector::parameters;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{choice, section, state};
use crate::gui::words::{self, local, say, text};
use countersign_core::model::{ParameterIndex, RuleId};
use countersign_core::reading::{PartKind, PhrasePart, ReadingLine, ReadingLineKind, ReadingTotals, StatementCount};
use countersign_core::text::Language;
use countersign_session::views::figures;
use countersign_session::{Action, ParameterAction, Session};

/// Where the height of a rule's reading is kept.
fn height_place(rule: &RuleId) -> Id {
    Id::unique(("height of the reading", rule.as_str()))
}

/// How high the reading of a rule was when it was last laid out.
pub fn height(ui: &Ui, rule: &RuleId) -> f32 {
    ui.data(|data| data.get_temp(height_place(rule))).unwrap_or(4.0 * metrics().row)
}

/// Shows the reading of a rule, or what there is instead.
pub fn show(ui: &mut Ui, session: &Session, rule: &RuleId, out: &mut Outbox) {
    let shown = session.rule_in_words();
    let Some(read) = shown.value.filter(|read| read.rule == *rule) else {
        let has_errors = session.check().value.is_some_and(|checked| checked.engine.is_none());
        if has_errors {
            let hint = say(ui, text("Correct the errors in Problems first", "请先更正“问题”中的错误"));
            return state::empty(ui, Glyph::TriangleAlert, say(ui, text("Not readable yet", "暂无法表述")), hint);
        }
        return state::loading(ui, say(ui, text("The rule is being read", "正在生成文字表述")), None);
    };
    let is_fresh = shown.is_fresh();
    let laid_out = ScrollArea::vertical().id_salt(("reading", rule.as_str())).auto_shrink([false, true]).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.add_space(space().small);
        match &read.reading {
            Ok(reading) => {
                for (at, line) in reading.lines().iter().enumerate() {
                    ui.push_id(at, |ui| one_line(ui, session, line, read.totals.as_ref(), is_fresh, out));
                }
            }
            Err(refused) => {
                section::sentence(ui, Glyph::FileCode, colours(ui).text_weak, &local(ui, &refused.sentence()));
                let script = session.document().rule_set().find_rule(rule.as_str()).map(|(.., rule)| rule.script.text.trim_end());
                section::inset(ui, |ui| ui.label(RichText::new(script.unwrap_or_default()).font(theme::code())));
            }
        }
        ui.add_space(space().small);
    });
    let high = laid_out.content_size.y;
    if (high - height(ui, rule)).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(height_place(rule), high));
        ui.ctx().request_repaint();
    }
}

/// A line: its words on the left, its counts on the right.
fn one_line(ui: &mut Ui, session: &Session, line: &ReadingLine, totals: Option<&ReadingTotals>, is_fresh: bool, out: &mut Outbox) {
    let count = totals.and_then(|totals| totals.of(line.kind, line.clause));
    let is_head = matches!(line.kind, ReadingLineKind::Arm(_) | ReadingLineKind::Common);
    let counts = count.map(|count| format!("{} → {}", figures::count(count.reached), figures::count(count.held)));
    let counts_width = totals.map_or(0.0, |totals| {
        let widest = figures::count(totals.requests);
        let galley = ui.painter().layout_no_wrap(format!("{widest} → {widest}"), theme::small(), Color32::PLACEHOLDER);
        galley.size().x + space().medium
    });
    #[expect(clippy::cast_precision_loss, reason = "lines are nested a few times")]
    let indent = line.depth as f32 * metrics().indent;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(space().medium + indent);
        if !is_head {
            ui.label(theme::weak(ui, "•"));
            ui.add_space(space().small);
        }
        let width = (ui.available_width() - counts_width - 2.0 * space().medium).max(metrics().field_width);
        let layout = Layout::left_to_right(Align::TOP).with_main_wrap(true);
        ui.allocate_ui_with_layout(Vec2::new(width, 0.0), layout, |ui| {
            ui.set_max_width(width);
            ui.set_min_width(width);
            // Straight into the wrapping line: a part in a room of its own would not go on in the next line.
            for part in line.text.parts(words::language(ui.ctx())) {
                one_part(ui, session, part, is_head, out);
            }
        });
        if let (Some(counts), Some(count)) = (counts, count) {
            ui.with_layout(Layout::right_to_left(Align::TOP), |ui| {
                ui.add_space(space().medium);
                let weak = colours(ui).text_weak;
                let colour = if is_fresh { weak } else { weak.gamma_multiply(0.6) };
                let words = RichText::new(counts).font(theme::small()).color(colour);
                ui.add(Label::new(words).sense(Sense::hover())).on_hover_text(hover(ui, line.kind, count));
            });
        }
    });
    ui.add_space(space().tiny);
}

fn hover(ui: &Ui, kind: ReadingLineKind, count: StatementCount) -> String {
    let (reached, held) = (figures::count(count.reached), figures::count(count.held));
    match (words::language(ui.ctx()), matches!(kind, ReadingLineKind::Arm(_))) {
        (Language::En, true) => format!("Of {reached} loaded requests, {held} get this outcome from the rule"),
        (Language::Zh, true) => format!("已载入的 {reached} 条请求中，{held} 条由该规则得到此结果"),
        (Language::En, false) => format!("{reached} loaded requests come to this statement; it holds for {held}"),
        (Language::Zh, false) => format!("已载入请求中有 {reached} 条到达此条件，其中 {held} 条成立"),
    }
}

fn one_part(ui: &mut Ui, session: &Session, part: &PhrasePart, is_head: bool, out: &mut Outbox) {
    let c = colours(ui);
    let font = if is_head { theme::strong() } else { theme::body() };
    let words = RichText::new(&part.text).font(font);
    match part.kind {
        PartKind::Words => drop(ui.label(words.color(if is_head { c.text_strong } else { c.text }))),
        PartKind::Verdict(verdict) => drop(ui.label(words.color(c.verdict(verdict).text))),
        PartKind::Value | PartKind::Parameter(_) => drop(ui.label(words.color(c.text_strong))),
        PartKind::Field(field) => {
            let name = session.document().definition().schema.name_of(field).unwrap_or_default();
            ui.label(words.color(c.text_strong)).on_hover_text(RichText::new(name).font(theme::code()));
        }
        PartKind::List(list) => {
            let id = session.document().rule_set().lists.get_index(list.at()).map(|(id, _)| id.to_string()).unwrap_or_default();
            ui.label(words.color(c.text_strong)).on_hover_text(RichText::new(id).font(theme::code()));
        }
        PartKind::ParameterValue(parameter) => parameter_value(ui, session, &part.text, parameter, out),
    }
}

/// What a parameter is set to; a click opens a form with its control.
fn parameter_value(ui: &mut Ui, session: &Session, shown: &str, parameter: ParameterIndex, out: &mut Outbox) {
    let Some((id, held)) = session.document().rule_set().parameters.get_index(parameter.at()) else { return };
    let title = local(ui, &held.text).into_owned();
    let value = ui.link(RichText::new(shown).font(theme::strong()).color(colours(ui).accent_text));
    let hint = format!("{}: {title}", say(ui, text("Set", "设置")));
    let value = value.on_hover_text(&hint);
    if !session.document().is_editable() {
        return;
    }
    choice::form(&value, metrics().dialog_width * 0.6, |ui| {
        ui.label(RichText::new(title).font(theme::strong()));
        ui.label(RichText::new(id.as_str()).font(theme::code()).color(colours(ui).text_weak));
        ui.horizontal(|ui| {
            let zone = session.document().definition().schema.zone;
            if let Some(scalar) = parameters::value(ui, id, held, zone) {
                out.push(Action::Parameter(ParameterAction::Set(id.clone(), scalar)));
            }
            if let Some(unit) = &held.unit {
                ui.label(theme::weak(ui, local(ui, unit)));
            }
        });
    });
}
