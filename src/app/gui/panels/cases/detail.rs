//! One case: what it shows, what it expects, what the draft decides, and where the two differ.

use eframe::egui::{Grid, Label, RichText, ScrollArea, TextEdit, Ui, Vec2};

use super::came;
use super::fields::CaseFields;
use super::new_case::template;
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{badge, button, field, section};
use crate::gui::words::{halves, local, say, text, tr};
use countersign_core::engine::cases::CaseDifference;
use countersign_core::model::Case;
use countersign_core::text::{LocalText, StaticText};
use countersign_session::views::cases::{CaseRow, CaseRowOutcome, expected};
use countersign_session::views::decided::DecisionText;
use countersign_session::{Action, CaseAction, Session};

/// Shows the case: on the left what it says, on the right its request.
pub fn show(ui: &mut Ui, session: &Session, row: &CaseRow, case: &Case, fields: &mut CaseFields, out: &mut Outbox) {
    head(ui, session, row, case, out);
    section::rule(ui);
    ui.columns(2, |columns| {
        if let [left, right] = columns {
            left.spacing_mut().item_spacing.y = 0.0;
            right.spacing_mut().item_spacing.y = 0.0;
            ScrollArea::vertical().auto_shrink(false).id_salt("case").show(left, |ui| says(ui, session, row, case, out));
            ScrollArea::vertical().auto_shrink(false).id_salt("case fields").show(right, |ui| fields.show(ui, session, case, out));
        }
    });
}

fn head(ui: &mut Ui, session: &Session, row: &CaseRow, case: &Case, out: &mut Outbox) {
    section::header(ui, case.id.as_str(), |ui| {
        ui.add_space(space().medium);
        if button::icon(ui, Glyph::Trash2, say(ui, text("Delete the case", "删除用例"))).clicked() {
            out.push(Action::Case(CaseAction::Delete(case.id.clone())));
        }
        let can = session.cases().is_fresh() && !matches!(row.came, CaseRowOutcome::Unusable(_) | CaseRowOutcome::NotRun);
        ui.add_enabled_ui(can, |ui| {
            let label = say(ui, text("Expect what is decided now", "以当前决策为期望"));
            let hint = text("The case must have been run with the draft as it is", "需先以当前草稿运行该用例");
            if button::ghost(ui, Some(Glyph::CheckCheck), label).on_disabled_hover_text(say(ui, hint)).clicked() {
                out.push(Action::Case(CaseAction::Accept(case.id.clone())));
            }
        });
        let (glyph, colour, word) = came(ui, row);
        badge::pill(ui, Some(glyph), word, colour, colours(ui).hover);
        ui.label(theme::weak(ui, &row.file));
    });
}

fn says(ui: &mut Ui, session: &Session, row: &CaseRow, case: &Case, out: &mut Outbox) {
    title(ui, case, out);
    section::property(ui, say(ui, text("Template", "模板")), |ui| {
        let mut from = case.from.clone();
        template(ui, session, &mut from);
        if from != case.from {
            out.push(Action::Case(CaseAction::SetTemplate(case.id.clone(), from)));
        }
    });
    match &row.came {
        CaseRowOutcome::Failed(_, differences) => differ(ui, differences),
        CaseRowOutcome::Unusable(why) => {
            section::header(ui, say(ui, text("Why it cannot be run", "无法运行的原因")), |_| {});
            for why in why {
                sentence(ui, &local(ui, why));
            }
        }
        CaseRowOutcome::NotRun | CaseRowOutcome::Passed(_) => {}
    }
    section::header(ui, say(ui, text("Expects", "期望")), |_| {});
    let parts = expected(case);
    if parts.is_empty() {
        section::remark(
            ui,
            Glyph::Info,
            say(ui, text("Nothing yet: press “Expect what is decided now”", "尚无期望：请点击“以当前决策为期望”")),
        );
    }
    for (name, value) in &parts {
        part(ui, &local(ui, name), &local(ui, value));
    }
    if let CaseRowOutcome::Passed(decided) | CaseRowOutcome::Failed(decided, _) = &row.came {
        section::header(ui, say(ui, text("Decided now", "当前决策")), |_| {});
        now(ui, decided);
    }
    ui.add_space(space().medium);
}

fn title(ui: &mut Ui, case: &Case, out: &mut Outbox) {
    let mut edited = case.title.clone();
    let label = say(ui, text("Title", "标题"));
    for (language, half) in halves(ui, &mut edited) {
        let spoken = format!("{label} ({language})");
        section::property(ui, &spoken, |ui| {
            let width = ui.available_width() - space().medium;
            let size = Vec2::new(0.0, metrics().field);
            let id = ui.next_auto_id();
            field::composed(ui, id, half, |ui, half| {
                let edit = TextEdit::singleline(half).id(id).desired_width(width).min_size(size);
                ui.add(edit).accessible_name(&spoken)
            });
        });
    }
    if edited != case.title {
        out.push(Action::Case(CaseAction::SetTitle(case.id.clone(), edited)));
    }
}

fn differ(ui: &mut Ui, differences: &[CaseDifference]) {
    section::header(ui, say(ui, text("Differs in", "差异")), |_| {});
    let c = colours(ui);
    ui.horizontal(|ui| {
        ui.add_space(space().medium);
        Grid::new("differences").num_columns(3).spacing(Vec2::new(space().large, space().small)).show(ui, |ui| {
            for head in [text("Part", "部分"), text("Expected", "期望"), text("Got", "实际")] {
                ui.label(theme::weak(ui, say(ui, head)));
            }
            ui.end_row();
            for found in differences {
                ui.label(part_name(ui, &found.part));
                value(ui, Glyph::Check, c.success, &found.expected);
                value(ui, Glyph::X, c.error, &found.got);
                ui.end_row();
            }
        });
    });
}

fn value(ui: &mut Ui, glyph: Glyph, colour: eframe::egui::Color32, words: &LocalText) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space().tiny;
        ui.label(icons::small(glyph, colour));
        ui.label(RichText::new(local(ui, words)).color(colour));
    });
}

/// The name of a part for people, where it is one that people know.
fn part_name(ui: &Ui, part: &str) -> String {
    let known: Option<StaticText> = match part {
        "verdict" => Some(text("verdict", "结论")),
        "reasons" => Some(text("reasons", "原因")),
        "interface" => Some(text("interface", "接口")),
        "score" => Some(text("score", "评分")),
        "hits" => Some(text("hits", "命中")),
        "misses" => Some(text("misses", "未命中")),
        "errors" => Some(text("errors", "出错")),
        _ => None,
    };
    known.map_or_else(|| part.to_owned(), |known| say(ui, known).to_owned())
}

fn part(ui: &mut Ui, name: &str, words: &str) {
    section::property(ui, name, |ui| ui.add(Label::new(words).truncate()).on_hover_text(words));
}

fn now(ui: &mut Ui, decided: &DecisionText) {
    section::property(ui, say(ui, text("Verdict", "结论")), |ui| badge::verdict(ui, decided.verdict));
    for (code, words) in &decided.reasons {
        part(ui, say(ui, text("Reason", "原因")), &format!("{code} · {}", local(ui, words)));
    }
    let interface = decided.interface.as_ref().map_or(tr(ui, "none", "无").into(), |interface| local(ui, interface)).into_owned();
    part(ui, say(ui, text("Interface", "接口")), &interface);
    for (name, amount) in &decided.limits {
        part(ui, &local(ui, name), amount);
    }
    let hits: Vec<&str> = decided.hits.iter().map(countersign_core::model::RuleId::as_str).collect();
    part(ui, say(ui, text("Hits", "命中规则")), &hits.join(", "));
}

fn sentence(ui: &mut Ui, words: &str) {
    ui.horizontal_top(|ui| {
        ui.add_space(space().medium);
        ui.label(icons::small(Glyph::TriangleAlert, colours(ui).warning));
        ui.add(Label::new(words).wrap());
    });
}
