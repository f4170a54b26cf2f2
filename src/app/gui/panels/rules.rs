//! Stages and rules in order: what each hits, what changed, what is wrong with it. Chosen by pointer or keys, moved by dragging.

use std::collections::BTreeSet;

use eframe::egui::{Align2, Color32, Id, Rect, Response, ScrollArea, Ui, UiBuilder, Vec2};

use super::standing;
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::row::ListRow;
use crate::gui::widgets::{badge, button, choice, field, section, state};
use crate::gui::words::{self, language, local, say, text, tr};
use countersign_core::model::{FieldName, RuleId, StageId, Status};
use countersign_core::script::tree::OutcomeCall;
use countersign_core::text::Language;
use countersign_session::views::figures;
use countersign_session::views::rules::{RuleRow, RulesRow, StageRow, name, rows};
use countersign_session::{Action, Command, RuleAction, RulesFilter, SelectAction, Session};
use countersign_workspace::RULE_SET_FILE;

#[derive(Default)]
pub struct RulesPanel {
    /// The rows, and the state of the session they are of.
    rows: Vec<RulesRow>,
    of: Option<u64>,
    shown: Option<RuleId>,
}

impl RulesPanel {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        ui.spacing_mut().item_spacing.y = 0.0;
        header(ui, session, out);
        filter(ui, session, out);
        section::rule(ui);
        standing::unread_parts(ui, session, RULE_SET_FILE, out);
        standing::rows_left_out(ui, session, out);
        if self.of != Some(session.stamp()) {
            (self.rows, self.of) = (rows(session), Some(session.stamp()));
        }
        if !self.rows.iter().any(|row| matches!(row, RulesRow::Rule(_))) {
            for row in &self.rows {
                if let RulesRow::Stage(stage) = row {
                    stage_row(ui, session, stage);
                }
            }
            return nothing(ui, session, out);
        }
        let reveal = self.newly_shown(session);
        ScrollArea::vertical().auto_shrink(false).show_viewport(ui, |ui, view| self.list(ui, session, view, reveal, out));
    }

    /// The rows in view, and a row that was just chosen brought there.
    fn list(&self, ui: &mut Ui, session: &Session, view: Rect, reveal: Option<usize>, out: &mut Outbox) {
        let heights = self.rows.iter().map(|row| match row {
            RulesRow::Stage(_) => metrics().row,
            RulesRow::Rule(rule) => rule_height(rule),
        });
        let mut end = 0.0;
        let tops: Vec<(f32, f32)> = heights
            .map(|height| {
                end += height;
                (end - height, height)
            })
            .collect();
        ui.set_height(end);
        let origin = ui.max_rect().left_top();
        let width = ui.max_rect().width();
        let place = |(top, height): (f32, f32)| Rect::from_min_size(origin + Vec2::new(0.0, top), Vec2::new(width, height));
        for (at, (row, place_of)) in self.rows.iter().zip(&tops).enumerate() {
            let (top, height) = *place_of;
            if top + height < view.top() || top > view.bottom() {
                continue;
            }
            ui.scope_builder(UiBuilder::new().max_rect(place(*place_of)).id_salt(at), |ui| match row {
                RulesRow::Stage(stage) => stage_row(ui, session, stage),
                RulesRow::Rule(rule) => rule_row(ui, session, rule, out),
            });
        }
        if let Some(place_of) = reveal.and_then(|at| tops.get(at)) {
            ui.scroll_to_rect(place(*place_of), None);
        }
    }

    /// The position of the chosen rule, when another was chosen since the last frame.
    fn newly_shown(&mut self, session: &Session) -> Option<usize> {
        let chosen = &session.view().selection.rule;
        if self.shown == *chosen {
            return None;
        }
        self.shown.clone_from(chosen);
        self.rows.iter().position(|row| matches!(row, RulesRow::Rule(rule) if Some(&rule.id) == chosen.as_ref()))
    }
}

fn header(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let count = session.document().rule_set().rules().count();
    let title = format!("{}  {}", say(ui, text("Rules", "规则")), figures::count(count));
    section::header(ui, &title, |ui| {
        let can = session.why_disabled(Command::AddRule).is_none();
        ui.add_enabled_ui(can, |ui| {
            if button::icon(ui, Glyph::Plus, say(ui, text("Add rule…", "新增规则…"))).clicked() {
                out.ask(WindowAction::Run(Command::AddRule));
            }
        });
        let filter = session.view().rules_filter.clone();
        let label = say(ui, text("Filter rules", "筛选规则"));
        let is_on = RulesFilter { text: String::new(), ..filter.clone() } != RulesFilter::default();
        let response = button::switch(ui, Glyph::ListFilter, label, is_on);
        choice::form(&response, metrics().inspector_width, |ui| filter_form(ui, session, filter, out));
    });
}

/// What the list can be narrowed to.
fn filter_form(ui: &mut Ui, session: &Session, mut filter: RulesFilter, out: &mut Outbox) {
    let before = filter.clone();
    ui.label(theme::weak(ui, say(ui, text("Status", "状态"))));
    for status in [Status::Active, Status::Shadow, Status::Off] {
        let mut on = filter.statuses.contains(&status);
        if ui.checkbox(&mut on, say(ui, words::status(status))).changed() {
            filter.statuses.retain(|held| *held != status);
            filter.statuses.extend(on.then_some(status));
        }
    }
    section::rule(ui);
    ui.label(theme::weak(ui, say(ui, text("Stage", "阶段"))));
    for stage in &session.document().rule_set().stages {
        let mut on = filter.stages.contains(&stage.id);
        if ui.checkbox(&mut on, local(ui, &stage.title).into_owned()).changed() {
            toggle(&mut filter.stages, &stage.id);
        }
    }
    section::rule(ui);
    ui.checkbox(&mut filter.with_findings, say(ui, text("With problems only", "仅显示有问题的规则")));
    let label = say(ui, text("Field used", "使用的字段"));
    section::property(ui, label, |ui| {
        let mut fields = vec![(None, say(ui, text("any", "不限")).to_owned())];
        let schema = &session.document().definition().schema;
        fields.extend(schema.fields().filter_map(|(_, name, _)| Some((Some(FieldName::new(&name).ok()?), name))));
        if let Some(field) = choice::one_of(ui, label, &filter.field, &fields, "", ui.available_width()) {
            filter.field = field;
        }
    });
    let label = say(ui, text("Basis holds", "依据包含"));
    section::property(ui, label, |ui| field::text(ui, &mut filter.basis, label, "", ui.available_width()));
    if button::ghost(ui, Some(Glyph::X), say(ui, text("Clear filter", "清除筛选"))).clicked() {
        filter = RulesFilter::default();
    }
    if filter != before {
        out.push(Action::FilterRules(filter));
    }
}

fn toggle(stages: &mut BTreeSet<StageId>, stage: &StageId) {
    if !stages.remove(stage) {
        stages.insert(stage.clone());
    }
}

fn filter(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let mut wanted = session.view().rules_filter.text.clone();
    let label = say(ui, text("Search rules", "搜索规则"));
    ui.horizontal(|ui| {
        ui.add_space(space().medium);
        let width = ui.available_width() - space().medium;
        if field::search(ui, Id::unique("search rules"), &mut wanted, label, width).changed() {
            out.push(Action::FilterRules(RulesFilter { text: wanted.clone(), ..session.view().rules_filter.clone() }));
        }
    });
    ui.add_space(space().small);
}

fn nothing(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    if session.view().rules_filter == RulesFilter::default() {
        let hint = say(ui, text("Add the first one from a template", "可从模板新增第一条规则"));
        state::empty(ui, Glyph::Shield, say(ui, text("No rules yet", "还没有规则")), hint);
        return standing::offer(ui, Glyph::Plus, Command::AddRule, out);
    }
    let hint = say(ui, text("No rule matches the filter", "没有符合筛选条件的规则"));
    state::empty(ui, Glyph::SearchX, say(ui, text("Nothing found", "未找到")), hint);
    if state::way_out(ui, Glyph::X, say(ui, text("Clear filter", "清除筛选"))) {
        out.push(Action::FilterRules(RulesFilter::default()));
    }
}

fn stage_row(ui: &mut Ui, session: &Session, stage: &StageRow) {
    let size = Vec2::new(ui.available_width(), metrics().row);
    let (rect, response) = ui.allocate_exact_size(size, eframe::egui::Sense::hover());
    let title = local(ui, &stage.title);
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Heading, true, &title));
    let c = colours(ui);
    let inner = rect.shrink2(Vec2::new(space().medium, 0.0));
    let kind = session.document().rule_set().stages.iter().find(|held| held.id == stage.id).map(|held| &held.kind);
    let glyph = kind.map_or(Glyph::Shield, icons::stage);
    let painter = ui.painter();
    painter.text(inner.left_center(), Align2::LEFT_CENTER, char::from(glyph), icons::small_face(), c.text_weak);
    let left = inner.left_center() + Vec2::new(icons::face().size + space().small, 0.0);
    let place = Rect::from_min_max((left.x, inner.top()).into(), (inner.right() - metrics().hit_bar, inner.bottom()).into());
    let _ = crate::gui::widgets::row::line(ui, painter, &title, (left.x, place), theme::strong(), c.text_strong);
    let count = if stage.listed == stage.rules { stage.rules.to_string() } else { format!("{} / {}", stage.listed, stage.rules) };
    painter.text(inner.right_center(), Align2::RIGHT_CENTER, count, theme::small(), c.text_weak);
    painter.hline(rect.x_range(), rect.top(), theme::hairline(c.hairline));
}

fn rule_row(ui: &mut Ui, session: &Session, rule: &RuleRow, out: &mut Outbox) {
    let c = colours(ui);
    let (glyph, colour) = match (rule.errors, rule.warnings, rule.status) {
        (1.., ..) => (Glyph::CircleX, c.error),
        (0, 1.., _) => (Glyph::TriangleAlert, c.warning),
        (0, 0, Status::Active) => (Glyph::CircleDot, c.success),
        (0, 0, status) => (icons::status(status), c.text_weak),
    };
    let title = name(rule, language(ui.ctx()));
    let spoken = format!("{}: {title}", rule.id);
    let shown = if rule.is_changed { format!("{title} •") } else { title.to_owned() };
    let row = ListRow::new(&shown).spoken(&spoken).icon(glyph, colour).selected(rule.is_selected).inset(space().small);
    let sign = rule.outcomes.first().map(|call| (icons::outcome(*call), outcome_colour(ui, *call)));
    let row = row.dimmed(rule.status == Status::Off).draggable().sign(sign).height(rule_height(rule));
    let width = metrics().hit_bar * 2.0 + space().medium + change_width(rule);
    let response = row.show_with(ui, width, |ui| hits(ui, rule));
    take(ui, rule, &response, out);
    drop_on(ui, session, rule, &response, out);
    response.context_menu(|ui| menu(ui, rule, out));
    if response.hovered() && !response.dragged() {
        response.on_hover_ui(|ui| explain(ui, session, rule));
    }
}

/// As high as a title of two or three lines; a shadow says below what it would do.
fn rule_height(rule: &RuleRow) -> f32 {
    let below = if rule.if_active.is_empty() { 0.0 } else { metrics().table_row };
    metrics().row + metrics().table_row + below
}

fn outcome_colour(ui: &Ui, call: OutcomeCall) -> Color32 {
    match call {
        OutcomeCall::Verdict(verdict) => colours(ui).verdict(verdict).text,
        OutcomeCall::Score | OutcomeCall::Limit | OutcomeCall::Route => colours(ui).text_weak,
    }
}

/// `if active: +106 refer`.
fn if_active(rule: &RuleRow, language: Language) -> String {
    let parts = rule.if_active.iter().map(|(verdict, count)| {
        let name = words::verdict(*verdict).get(language);
        format!("+{} {name}", figures::count(*count))
    });
    let parts: Vec<String> = parts.collect();
    match language {
        Language::En => format!("if active: {}", parts.join(", ")),
        Language::Zh => format!("若启用：{}", parts.join("，")),
    }
}

fn change_width(rule: &RuleRow) -> f32 {
    if rule.hits_change.is_some_and(|change| change != 0) { metrics().hit_bar } else { 0.0 }
}

/// On the right: the change against live, the share, its bar.
fn hits(ui: &mut Ui, rule: &RuleRow) {
    let c = colours(ui);
    let place = ui.max_rect();
    let (Some(share), Some(hits)) = (rule.hit_share, rule.hits) else {
        ui.painter().text(place.right_center(), Align2::RIGHT_CENTER, "–", theme::small(), c.text_weak);
        return;
    };
    let lines = if rule.precision.is_some() { 2.0 } else { 1.0 } + if rule.if_active.is_empty() { 0.0 } else { 1.0 };
    let line = Vec2::new(place.width(), metrics().table_row);
    let top = place.left_center().y - lines * line.y / 2.0;
    let first = Rect::from_min_size((place.left(), top).into(), line);
    let bar = Rect::from_min_max((first.right() - metrics().hit_bar, first.top()).into(), first.max);
    let colour = if rule.status == Status::Active { c.accent_text } else { c.outline_strong };
    // The eye compares shares better on a root scale: most rules hit a few in a thousand.
    badge::share_bar(ui, bar, share.sqrt(), colour);
    let mut at = bar.left_center() - Vec2::new(space().medium, 0.0);
    let figure = if hits == 0 { "0".to_owned() } else { figures::percent(share) };
    ui.painter().text(at, Align2::RIGHT_CENTER, figure, theme::small(), if hits == 0 { c.text_weak } else { c.text });
    if let Some(change) = rule.hits_change.filter(|change| *change != 0) {
        at.x -= metrics().hit_bar;
        ui.painter().text(at, Align2::RIGHT_CENTER, figures::change(change), theme::small(), c.accent_text);
    }
    let mut below = first.translate(Vec2::new(0.0, line.y));
    if let Some(precision) = rule.precision {
        let share = figures::share(precision.part, precision.whole);
        let words = format!("{} {share}", tr(ui, "precision", "精确率"));
        ui.painter().text(below.right_center(), Align2::RIGHT_CENTER, words, theme::small(), c.text_weak);
        below = below.translate(Vec2::new(0.0, line.y));
    }
    if let Some((verdict, _)) = rule.if_active.first() {
        let words = if_active(rule, language(ui.ctx()));
        ui.painter().text(below.right_center(), Align2::RIGHT_CENTER, words, theme::small(), c.verdict(*verdict).text);
    }
}

fn explain(ui: &mut Ui, session: &Session, rule: &RuleRow) {
    ui.label(theme::emphasised(ui, name(rule, language(ui.ctx()))));
    ui.label(theme::weak(ui, rule.id.as_str()));
    let Some(hits) = rule.hits else { return };
    let all = session.impact().value.map_or(0, |impact| impact.new.totals().all.all().requests);
    let change = rule.hits_change.map_or_else(String::new, |change| format!(" ({})", figures::change(change)));
    let shown = format!("{}{change} / {}", figures::count(hits), figures::count(all));
    ui.label(format!("{} {shown}", tr(ui, "Hits", "命中")));
    if let Some(precision) = rule.precision {
        let shown = format!("{} / {}", figures::count(precision.part), figures::count(precision.whole));
        ui.label(format!("{} {shown}", tr(ui, "Known fraud of known outcomes", "已知结果中的欺诈")));
    }
    if !rule.if_active.is_empty() {
        ui.label(if_active(rule, language(ui.ctx())));
    }
}

fn take(ui: &Ui, rule: &RuleRow, response: &Response, out: &mut Outbox) {
    let (many, walked) = (ui.input(|input| input.modifiers.command), response.gained_focus() && !response.clicked());
    if response.clicked() && many {
        out.push(Action::Select(SelectAction::ToggleRule(rule.id.clone())));
    } else if response.clicked() || (walked && !response.secondary_clicked() && !rule.is_selected) {
        out.push(Action::Select(SelectAction::Rule(rule.id.clone())));
    }
}

/// A rule that is dragged goes before the one it is dropped on.
fn drop_on(ui: &Ui, session: &Session, rule: &RuleRow, response: &Response, out: &mut Outbox) {
    response.dnd_set_drag_payload(rule.id.clone());
    let hovering = response.dnd_hover_payload::<RuleId>().is_some_and(|dragged| *dragged != rule.id);
    if hovering {
        let line = eframe::egui::Stroke::new(metrics().stroke_strong, colours(ui).accent_text);
        ui.painter().hline(response.rect.x_range(), response.rect.top(), line);
    }
    if let Some(dragged) = response.dnd_release_payload::<RuleId>() {
        let chosen = &session.view().selection.rules;
        let rules = if chosen.contains(dragged.as_str()) { chosen.clone() } else { BTreeSet::from([(*dragged).clone()]) };
        if !rules.contains(&rule.id) {
            out.push(Action::Rule(RuleAction::Move { rules, stage: rule.stage.clone(), at: rule.at }));
        }
    }
}

fn menu(ui: &mut Ui, rule: &RuleRow, out: &mut Outbox) {
    let commands = [
        Command::SetActive,
        Command::SetShadow,
        Command::SetOff,
        Command::MoveUp,
        Command::MoveDown,
        Command::DuplicateRule,
        Command::RenameRule,
        Command::DeleteRules,
    ];
    for command in commands {
        if matches!(command, Command::MoveUp | Command::DuplicateRule | Command::DeleteRules) {
            section::rule(ui);
        }
        let title = command.title();
        if button::menu_item(ui, &local(ui, &title), command.keys()).clicked() {
            if !rule.is_selected {
                out.push(Action::Select(SelectAction::Rule(rule.id.clone())));
            }
            out.ask(WindowAction::Run(command));
            ui.close();
        }
    }
}
