//! What the draft changes against the baseline: matrices, groups somebody takes responsibility for, single flips with both decisions.

mod matrices;

use eframe::egui::{Align2, CentralPanel, Color32, Frame, Panel, RichText, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo};

use super::{flips, part_width, standing};
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, Tab, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{section, state};
use crate::gui::words::{language, local, say, text};
use countersign_core::text::Language;
use countersign_run::compare::{DecisionChange, known_effect};
use countersign_session::views::flips::FlipsShown;
use countersign_session::views::impact::{SentencePart, groups, sentence};
use countersign_session::{Action, BaselineChoice, Impact, RowFilter, SelectAction, Session};

#[derive(Default)]
pub struct ImpactPanel {
    by: matrices::FlipsBy,
    list: flips::FlipList,
}

impl ImpactPanel {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let shown = session.impact();
        let Some(impact) = shown.value else { return standing::nothing(ui, session, &shown, out) };
        ui.spacing_mut().item_spacing.y = 0.0;
        if let Some(why) = &impact.why_alone {
            let title = say(ui, text("There is nothing to compare with", "没有可对比的基准"));
            return state::error(ui, title, &local(ui, why));
        }
        against(ui, session, out);
        standing::banner(ui, &shown);
        standing::rows_left_out(ui, session, out);
        if impact.all.requests == 0 {
            return no_flips(ui);
        }
        let ground = Frame::new().fill(colours(ui).panel);
        let narrow = part_width(ui, metrics().inspector_width + metrics().label_column, 0.3);
        Panel::left("impact matrices").frame(ground).default_size(narrow).show(ui, |ui| {
            ScrollArea::vertical().auto_shrink(false).id_salt("matrices").show(ui, |ui| {
                if matrices::show(ui, session, &mut self.by, out) {
                    out.ask(WindowAction::Show(Tab::Requests));
                }
            });
        });
        Panel::left("impact groups").frame(ground).default_size(narrow).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            what_changes(ui, impact, self.list.only_mut());
            group_list(ui, session, self.list.only_mut(), out);
        });
        CentralPanel::no_frame().show(ui, |ui| {
            let answer = self.list.show(ui, session.view().selection.request, impact, |_| {});
            if let Some(row) = answer.chosen {
                out.push(Action::Select(SelectAction::Request(row)));
            }
            if answer.is_opened {
                out.ask(WindowAction::Show(Tab::Explain));
            }
        });
    }
}

/// What it is compared with, and the switch.
fn against(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let title = session.baseline().map(|baseline| local(ui, &baseline.title).into_owned()).unwrap_or_default();
    let words = format!("{} {title}", say(ui, text("Draft against", "草稿对比")));
    // As long as nothing is released, the workspace as saved takes its place.
    let shown = if session.is_against_live() { BaselineChoice::Live } else { BaselineChoice::Saved };
    section::header(ui, &words, |ui| {
        ui.add_space(space().medium);
        for (against, name) in [
            (BaselineChoice::Saved, text("Workspace as saved", "已保存的工作区")),
            (BaselineChoice::Live, text("Live release", "生效版本")),
        ] {
            let is_on = shown == against;
            let can = against != BaselineChoice::Live || session.live().is_some();
            ui.add_enabled_ui(can, |ui| {
                let hint = text("Nothing has been released yet", "尚未发布过");
                let response = ui.selectable_label(is_on, say(ui, name)).on_disabled_hover_text(say(ui, hint));
                if response.clicked() && !is_on {
                    out.push(Action::Compare(against));
                }
            });
        }
        ui.label(theme::weak(ui, say(ui, text("Compare with", "对比基准"))));
    });
    section::rule(ui);
}

fn no_flips(ui: &mut Ui) {
    let title = say(ui, text("The draft decides every request as before", "所有请求的决策均未改变"));
    let hint = text("Change a rule or a parameter: what flips is listed here", "修改规则或参数后，决策改变的请求将列于此处");
    state::empty(ui, Glyph::Equal, title, say(ui, hint));
}

/// Every way in which decisions change, worst first, and what that means for known fraud; a click lists the flips.
fn what_changes(ui: &mut Ui, impact: &Impact, chosen: &mut Option<FlipsShown>) {
    section::header(ui, say(ui, text("What changes", "变化内容")), |_| {});
    let height = ui.available_height() / 2.0;
    ScrollArea::vertical().auto_shrink([false, true]).max_height(height).id_salt("changes").show(ui, |ui| {
        for piece in sentence(impact) {
            let RowFilter::Change(change) = piece.only else { continue };
            let only = FlipsShown::Changed(change);
            let is_chosen = chosen.as_ref() == Some(&only);
            if change_row(ui, &piece, is_chosen) {
                *chosen = if is_chosen { None } else { Some(only) };
            }
        }
        for known in impact.effects.known.iter().flat_map(known_effect) {
            section::sentence(ui, Glyph::Tag, colours(ui).text_weak, &local(ui, &known));
        }
    });
}

/// A change in whole sentences, as many lines as it takes; whether it was pressed.
fn change_row(ui: &mut Ui, piece: &SentencePart, is_chosen: bool) -> bool {
    let c = colours(ui);
    let colour = match piece.only {
        RowFilter::Change(DecisionChange::Verdict(_, now)) => c.verdict(now).text,
        _ => c.text,
    };
    let words = local(ui, &piece.text).into_owned();
    let left = space().medium + icons::small_face().size + space().small;
    let width = ui.available_width();
    let galley = ui.painter().layout(words.clone(), theme::body(), colour, width - left - space().medium);
    let size = Vec2::new(width, (galley.size().y + 2.0 * space().small).max(metrics().row));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &words));
    let ground = match (is_chosen, response.hovered() || response.has_focus()) {
        (true, _) => c.selected,
        (_, true) => c.hover,
        _ => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, theme::rounded(), ground);
    let top = rect.center().y - galley.size().y / 2.0;
    let glyph = (rect.left() + space().medium, top);
    let painter = ui.painter();
    painter.text(glyph.into(), Align2::LEFT_TOP, char::from(icons::change(&piece.only)), icons::small_face(), colour);
    painter.galley((rect.left() + left, top).into(), galley, colour);
    response.clicked()
}

/// Shows the groups; a click lists the flips of one.
pub fn group_list(ui: &mut Ui, session: &Session, chosen: &mut Option<FlipsShown>, out: &mut Outbox) {
    let groups = groups(session);
    let open = groups.iter().filter(|group| !group.is_acknowledged).count();
    let title = say(ui, text("By causing rule", "按引起变化的规则"));
    section::header(ui, title, |ui| {
        ui.add_space(space().medium);
        let words = match language(ui.ctx()) {
            Language::En if open == 0 => "all acknowledged".to_owned(),
            Language::En => format!("{open} to acknowledge"),
            Language::Zh if open == 0 => "均已确认".to_owned(),
            Language::Zh => format!("{open} 组待确认"),
        };
        let colour = if open == 0 { colours(ui).success } else { colours(ui).warning };
        ui.label(RichText::new(words).font(theme::small()).color(colour));
    });
    ScrollArea::vertical().auto_shrink(false).id_salt("groups").show(ui, |ui| {
        for group in &groups {
            let only = FlipsShown::CausedBy(group.rules.clone());
            let is_chosen = chosen.as_ref() == Some(&only);
            if flips::group(ui, group, is_chosen, Some(out)) {
                *chosen = if is_chosen { None } else { Some(only) };
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::panels::testing::{PanelHarness, session, window};
    use countersign_core::model::{ParameterId, Scalar};
    use countersign_session::{ParameterAction, RowFilter};

    fn harness(requests: bool) -> egui_kittest::Harness<'static, PanelHarness<ImpactPanel>> {
        window(PanelHarness::new(session(requests)), |panel: &mut ImpactPanel, ui, session, out| panel.show(ui, session, out))
    }

    #[test]
    fn without_requests_and_without_flips_it_says_so() {
        let mut window = harness(false);
        window.run();
        window.get_by_label("No requests are loaded");
        let mut window = harness(true);
        window.run();
        window.get_by_label("The draft decides every request as before");
    }

    #[test]
    fn flips_are_acknowledged_listed_and_shown_by_cell_and_go_stale() {
        let mut window = harness(true);
        let id = ParameterId::new("max_cards_per_mobile").unwrap();
        window.state_mut().act(Action::Parameter(ParameterAction::Set(id, Scalar::from(1))));
        window.run();
        let group = groups(&window.state().session).remove(0);
        let label = format!("Acknowledge {}", group.title.en);
        window.get_by_label(&label).click();
        window.run();
        assert!(groups(&window.state().session)[0].is_acknowledged);
        let (old, new, count) = *group.transitions.first().unwrap();
        let figures = window.state().session.details().value.unwrap().figures.clone().unwrap();
        let cell = figures.transitions.iter().find(|cell| cell.old == old.word() && cell.new == new.word()).unwrap().cell;
        assert!(cell.sums.requests >= count);
        let name = |verdict| crate::gui::words::verdict(verdict).en;
        window
            .get_by_label(&format!(
                "{} → {}: {}",
                name(old),
                name(new),
                countersign_session::views::figures::count(cell.sums.requests)
            ))
            .click();
        window.run();
        let session = &window.state().session;
        assert_eq!(session.view().requests.only, [RowFilter::Verdicts(old, new)]);
        assert_eq!(session.request_order().value.unwrap().count as u64, cell.sums.requests);
        window.state_mut().break_a_script();
        window.run();
        window.get_by_label("the draft has errors; this is the last good result");
    }
}
