//! The way through the stages: what each came to, and what became of its rules.

use eframe::egui::{Color32, Label, Ui};

use crate::gui::icons::Glyph;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::row::ListRow;
use crate::gui::widgets::{badge, section};
use crate::gui::words::{local, say, text, tr};
use countersign_core::engine::explain::{Explanation, Fate, RuleExplanation, StageExplanation};
use countersign_core::model::RuleId;
use countersign_core::text::StaticText;

/// Shows the path; a click chooses a rule.
pub fn show(ui: &mut Ui, explanation: &Explanation, chosen: &mut Option<RuleId>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    head(ui, explanation);
    section::rule(ui);
    for stage in &explanation.stages {
        stage_head(ui, stage);
        for rule in &stage.rules {
            one(ui, stage, rule, chosen);
        }
    }
    ui.add_space(space().medium);
}

/// The decision in a few lines.
fn head(ui: &mut Ui, explanation: &Explanation) {
    section::header(ui, say(ui, text("Decision", "决策")), |ui| {
        ui.add(Label::new(eframe::egui::RichText::new(&explanation.request).font(theme::code())).truncate());
    });
    section::property(ui, say(ui, text("Verdict", "结论")), |ui| {
        badge::verdict(ui, explanation.verdict);
        if explanation.score != 0 {
            ui.label(theme::weak(ui, format!("{} {}", tr(ui, "score", "评分"), explanation.score)));
        }
    });
    for reason in &explanation.reasons {
        section::property(ui, say(ui, text("Reason", "原因")), |ui| {
            let words = format!("{} · {}", reason.code, local(ui, &reason.text));
            ui.add(Label::new(words).truncate());
        });
    }
    if let Some(interface) = &explanation.interface {
        section::property(ui, say(ui, text("Interface", "接口")), |ui| ui.label(local(ui, &interface.title)));
    }
    for limit in &explanation.limits {
        let name = match limit.limit {
            "single" => text("Single limit", "单笔限额"),
            "day" => text("Daily limit", "日累计限额"),
            "month" => text("Monthly limit", "月累计限额"),
            _ => text("Yearly limit", "年累计限额"),
        };
        section::property(ui, say(ui, name), |ui| ui.label(format!("¥{}", limit.shown)));
    }
    ui.add_space(space().small);
}

fn stage_head(ui: &mut Ui, stage: &StageExplanation) {
    let title = local(ui, &stage.title);
    let title = if title.is_empty() { stage.id.as_str() } else { &title };
    section::header(ui, title, |ui| {
        ui.add_space(space().medium);
        if !stage.reached {
            ui.label(theme::weak(ui, say(ui, text("not reached", "未到达"))));
            return;
        }
        if let Some(verdict) = stage.verdict {
            badge::verdict(ui, verdict);
        }
        if stage.score != 0 {
            ui.label(theme::weak(ui, format!("{} {}", tr(ui, "score", "评分"), stage.score)));
        }
    });
}

fn one(ui: &mut Ui, stage: &StageExplanation, rule: &RuleExplanation, chosen: &mut Option<RuleId>) {
    let (glyph, colour, word) = fate(ui, rule);
    let title = local(ui, &rule.title);
    let title = if title.is_empty() { rule.id.as_str() } else { &title };
    let language = crate::gui::words::language(ui.ctx());
    let outcomes: Vec<&str> = rule.outcomes.iter().map(|outcome| outcome.get(language)).collect();
    let mut hint = if outcomes.is_empty() { say(ui, word).to_owned() } else { outcomes.join(", ") };
    if rule.shadow {
        hint = format!("{} · {hint}", tr(ui, "shadow", "影子（仅记录）"));
    }
    let spoken = format!("{title}: {hint}");
    let decides = stage.decided_by.contains(&rule.id);
    let is_quiet = matches!(rule.fate, Fate::NotReached | Fate::Off | Fate::OutOfWindow);
    let row = ListRow::new(title)
        .spoken(&spoken)
        .icon(glyph, colour)
        .hint(&hint)
        .selected(chosen.as_ref() == Some(&rule.id))
        .dimmed(is_quiet)
        .inset(space().small);
    let mark = if decides { metrics().row } else { 0.0 };
    let response = row.show_with(ui, mark, |ui| {
        ui.label(crate::gui::icons::small(Glyph::Flag, colours(ui).accent_text))
            .on_hover_text(say(ui, text("Decided the stage", "决定了该阶段")));
    });
    if response.clicked() {
        *chosen = Some(rule.id.clone());
    }
    response.on_hover_text(format!("{}\n{hint}", rule.id));
}

/// How a rule's fate looks and reads.
pub fn fate(ui: &Ui, rule: &RuleExplanation) -> (Glyph, Color32, StaticText) {
    let c = colours(ui);
    match rule.fate {
        Fate::Fired if rule.shadow => (Glyph::CircleDashed, c.accent_text, text("would have fired", "将会命中")),
        Fate::Fired => (Glyph::Zap, c.warning, text("fired", "已命中")),
        Fate::DidNotFire => (Glyph::Minus, c.text_weak, text("did not fire", "未命中")),
        Fate::NotReached => (Glyph::CornerDownRight, c.text_weak, text("not reached", "未到达")),
        Fate::Off => (Glyph::CircleSlash, c.text_weak, text("off", "停用")),
        Fate::OutOfWindow => (Glyph::CalendarOff, c.text_weak, text("outside its dates", "不在有效期内")),
        Fate::Error => (Glyph::CircleX, c.error, text("failed", "出错")),
    }
}
