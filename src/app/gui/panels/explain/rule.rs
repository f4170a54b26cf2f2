//! One rule: why it fired or not, the smallest change that would turn it, and its script with the value of every part.

use eframe::egui::{Align2, Color32, Frame, Label, Margin, Rect, RichText, Role, Sense, Ui, Vec2, WidgetInfo};

use super::path::fate;
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::row::line;
use crate::gui::widgets::{badge, button, section};
use crate::gui::words::{local, say, text, tr};
use countersign_core::engine::explain::{FieldChange, RuleExplanation};
use countersign_session::views::explain::{ExplainLine, lines};
use countersign_session::{Action, ScriptRef, SelectAction};

pub fn show(ui: &mut Ui, rule: &RuleExplanation, out: &mut Outbox) {
    ui.spacing_mut().item_spacing.y = 0.0;
    head(ui, rule, out);
    ui.add_space(space().tiny);
    if let Some(error) = &rule.error {
        sentence(ui, Glyph::CircleX, colours(ui).error, error);
    }
    if let Some(why) = &rule.why {
        sentence(ui, Glyph::Lightbulb, colours(ui).accent_text, &local(ui, why));
    }
    for failing in &rule.failing {
        sentence(ui, Glyph::CircleX, colours(ui).text_weak, &local(ui, &failing.said));
    }
    changes(ui, &rule.changes);
    section::rule(ui);
    let lines = lines(&rule.id, &rule.tree);
    if lines.is_empty() {
        let words = if rule.followed {
            text("The script has nothing to show", "脚本没有可显示的内容")
        } else {
            text("The rule was not evaluated for this request", "该请求未执行此规则")
        };
        section::remark(ui, Glyph::Info, say(ui, words));
    }
    for one in &lines {
        script_line(ui, one, out);
    }
    ui.add_space(space().medium);
}

fn head(ui: &mut Ui, rule: &RuleExplanation, out: &mut Outbox) {
    let title = local(ui, &rule.title).into_owned();
    let title = if title.is_empty() { rule.id.to_string() } else { title };
    section::header(ui, &title, |ui| {
        ui.add_space(space().medium);
        if button::ghost(ui, Some(Glyph::FileCode), say(ui, text("Open the script", "打开脚本"))).clicked() {
            out.push(Action::Select(SelectAction::Script(ScriptRef::Rule(rule.id.clone()))));
        }
        let (glyph, colour, word) = fate(ui, rule);
        badge::pill(ui, Some(glyph), say(ui, word), colour, colours(ui).hover);
        ui.add(Label::new(RichText::new(rule.id.as_str()).font(theme::code()).color(colours(ui).text_weak)).truncate());
    });
}

/// A sentence with an icon, over as many lines as it needs.
fn sentence(ui: &mut Ui, glyph: Glyph, colour: Color32, words: &str) {
    ui.horizontal_top(|ui| {
        ui.add_space(space().medium);
        ui.label(icons::small(glyph, colour));
        let width = ui.available_width().min(metrics().dialog_width + metrics().inspector_width);
        ui.allocate_ui(Vec2::new(width, 0.0), |ui| ui.add(Label::new(words).wrap()));
    });
    ui.add_space(space().tiny);
}

/// The smallest changes, each a field with its value now and then.
fn changes(ui: &mut Ui, changes: &[FieldChange]) {
    if changes.is_empty() {
        return;
    }
    #[expect(clippy::cast_possible_truncation, reason = "distances of the tokens are small")]
    let inset = Frame::new().inner_margin(Margin::symmetric(space().medium as i8, 0));
    let words = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(space().small);
        // A line is as high as what is in it.
        ui.spacing_mut().interact_size.y = 0.0;
        ui.label(theme::weak(ui, tr(ui, "The result would change with:", "若改为以下取值，结果将不同：")));
        for change in changes {
            let words = format!("{}: {}", change.field, local(ui, &change.said));
            badge::pill(ui, Some(Glyph::ArrowRightLeft), &words, colours(ui).selected_text, colours(ui).selected);
        }
    };
    inset.show(ui, |ui| ui.horizontal_wrapped(words));
    ui.add_space(space().small);
}

/// A line of the script: whether it holds, its text, its value; a click shows it in the editor.
fn script_line(ui: &mut Ui, shown: &ExplainLine, out: &mut Outbox) {
    let c = colours(ui);
    let (glyph, colour, word) = match (shown.failed, shown.reached, shown.holds) {
        (true, ..) => (Glyph::CircleX, c.error, tr(ui, "failed here", "在此出错")),
        (_, false, _) => (Glyph::Minus, c.text_weak, tr(ui, "not evaluated", "未计算")),
        (_, _, Some(true)) => (Glyph::Check, c.success, tr(ui, "true", "真")),
        (_, _, Some(false)) => (Glyph::X, c.decline, tr(ui, "false", "假")),
        _ => (Glyph::Dot, c.text_weak, ""),
    };
    let value = shown.value.as_ref().filter(|_| shown.holds.is_none()).map(|value| local(ui, value).into_owned());
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), metrics().table_row), Sense::click());
    let spoken = format!("{} {}", shown.text, value.as_deref().unwrap_or(word));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken.trim_end()));
    if response.clicked() {
        let (from, to) = shown.span;
        out.push(Action::Select(SelectAction::Jump(shown.script.clone(), from, to)));
    }
    if !ui.is_rect_visible(rect) {
        return;
    }
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, theme::rounded(), c.hover);
    }
    #[expect(clippy::cast_precision_loss, reason = "scripts are nested a few steps deep")]
    let inset = space().medium + shown.depth as f32 * metrics().indent;
    let mut at = rect.left_center() + Vec2::new(inset, 0.0);
    ui.painter().text(at, Align2::LEFT_CENTER, char::from(glyph), icons::small_face(), colour);
    at.x += icons::small_face().size + space().small;
    let place = Rect::from_min_max((at.x, rect.top()).into(), (rect.right() - space().medium, rect.bottom()).into());
    let painter = ui.painter().with_clip_rect(place.intersect(ui.clip_rect()));
    let ink = if shown.reached { c.code_text } else { c.text_weak };
    let end = line(ui, &painter, &shown.text, (at.x, place), theme::code(), ink);
    let after = if word.is_empty() || shown.holds.is_some() && shown.reached { value } else { Some(word.to_owned()) };
    if let Some(after) = after {
        let ink = if shown.reached { c.accent_text } else { c.text_weak };
        let _ = line(ui, &painter, &after, (end + space().large, place), theme::small(), ink);
    }
    response.on_hover_text(tr(ui, "Click to show it in the editor", "点击在编辑器中查看"));
}
