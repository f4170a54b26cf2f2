//! Rows of a request file that could not be read: the question what becomes of them, and the reasons while they are left out.

use countersign_core::diagnostic::Severity;
use eframe::egui::{Checkbox, Context, Grid, Label, RichText, Ui, Vec2};

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, modal, section};
use crate::gui::words::{language, local, say, text, tr};
use countersign_core::model::SetAside;
use countersign_core::text::{Language, LocalText, StaticText};
use countersign_session::views::figures;
use countersign_session::{Action, FileAction, LoadedRequests, MappingAction, Session};

const SHOWN_ROWS: usize = 6;

const FIX: StaticText = text("Fix the mapping…", "修改映射…");
const LEAVE: StaticText = text("Leave them out", "剔除这些记录");
const CANCEL: StaticText = text("Cancel", "取消");
const CLOSE: StaticText = text("Close", "关闭");

#[derive(Default)]
pub struct LeftOut {
    is_open: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LeftOutAnswer {
    Fix,
    Leave,
    Nothing,
}

impl LeftOut {
    /// Shows the reasons for the rows left out.
    pub fn open(&mut self) {
        self.is_open = true;
    }

    /// Shows the question where a file waits for it, else the reasons where they were asked for.
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        if let Some(requests) = session.partly_read() {
            self.is_open = false;
            let answers = [(LeftOutAnswer::Fix, FIX), (LeftOutAnswer::Leave, LEAVE), (LeftOutAnswer::Nothing, CANCEL)];
            match dialog(ctx, (requests, SetAside::unread), &answers, |_| {}) {
                Some(LeftOutAnswer::Fix) => out.push(Action::Mapping(MappingAction::Correct)),
                Some(answer) => out.push(Action::File(FileAction::LeaveOut(answer == LeftOutAnswer::Leave))),
                None => {}
            }
            return;
        }
        self.is_open &= session.left_out().is_some();
        let Some(requests) = session.requests().filter(|_| self.is_open) else { return };
        let answers = [(LeftOutAnswer::Nothing, CLOSE), (LeftOutAnswer::Fix, FIX)];
        let answer = dialog(ctx, (requests, SetAside::sentence), &answers, |ui| acknowledge(ui, session, out));
        if answer == Some(LeftOutAnswer::Fix) {
            out.push(Action::Mapping(MappingAction::Correct));
        }
        self.is_open = answer.is_none();
    }
}

fn dialog(
    ctx: &Context,
    (requests, sentence): (&LoadedRequests, fn(&SetAside) -> LocalText),
    answers: &[(LeftOutAnswer, StaticText)],
    more: impl FnOnce(&mut Ui),
) -> Option<LeftOutAnswer> {
    let aside = requests.set_aside.as_ref()?;
    let title = match language(ctx) {
        Language::En => format!("Rows of {} that cannot be read", requests.name),
        Language::Zh => format!("{} 中无法读取的记录", requests.name),
    };
    let mut chosen = None;
    let stays = modal::show(ctx, "rows left out", &title, metrics().dialog_width * 1.4, |ui| {
        modal::body(ui, |ui| {
            said(ui, &sentence(aside));
            reasons(ui, aside);
            first_rows(ui, requests);
            more(ui);
        });
        modal::buttons(ui, |ui| {
            for (at, (answer, words)) in answers.iter().enumerate() {
                let words = say(ui, *words);
                let response = if at == 0 { button::primary(ui, None, words) } else { button::plain(ui, None, words) };
                if response.clicked() {
                    chosen = Some(*answer);
                }
            }
        });
    });
    chosen.or_else(|| (!stays).then_some(LeftOutAnswer::Nothing))
}

/// How many, and what is known of them.
fn said(ui: &mut Ui, sentence: &LocalText) {
    section::sentence(ui, Glyph::TriangleAlert, colours(ui).warning, &local(ui, sentence));
    let words = tr(
        ui,
        "Rows that are left out are in no figure: shares, recall and flips are those of the other rows alone.",
        "剔除的记录不计入任何数字：占比、召回率与决策变化均仅按其余记录计算。",
    );
    section::help(ui, words);
    ui.add_space(space().small);
}

fn reasons(ui: &mut Ui, aside: &SetAside) {
    section::header(ui, say(ui, text("Reasons", "原因")), |_| {});
    ui.horizontal_top(|ui| {
        ui.add_space(space().medium);
        Grid::new("reasons of rows left out").num_columns(3).spacing(Vec2::new(space().large, space().tiny)).show(ui, |ui| {
            for reason in &aside.reasons {
                ui.label(figures::count(reason.rows));
                ui.label(theme::weak(ui, figures::share(reason.rows, aside.rows)));
                let words = reason.text();
                ui.label(local(ui, &words));
                ui.end_row();
            }
        });
    });
    ui.add_space(space().small);
}

fn first_rows(ui: &mut Ui, requests: &LoadedRequests) {
    section::header(ui, say(ui, text("First rows", "前几条记录")), |_| {});
    for problem in requests.problems.iter().take(SHOWN_ROWS) {
        let message = problem.to_finding(&requests.name, Severity::Error).message;
        let words = local(ui, &message);
        ui.horizontal(|ui| {
            ui.add_space(space().medium);
            ui.add(Label::new(RichText::new(words.as_ref()).font(theme::small())).truncate()).on_hover_text(words);
        });
    }
    ui.add_space(space().small);
}

/// Somebody's word that a release may be made without these rows.
fn acknowledge(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let Some(group) = session.left_out_key() else { return };
    let mut yes = session.is_left_out_acknowledged();
    let words = tr(
        ui,
        "I looked at these rows and take responsibility for a release without them",
        "我已查看这些记录，并对不含这些记录的发布负责",
    );
    ui.horizontal(|ui| {
        ui.add_space(space().medium);
        if ui.add(Checkbox::new(&mut yes, words)).changed() {
            out.push(Action::Acknowledge { group, yes });
        }
    });
}
