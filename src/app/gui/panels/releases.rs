//! The workspace's releases: which there are, what one of them changes and rests on, who signed it, and the next step.

mod dialog;
mod evidence;
mod head;
pub mod keys;
mod list;
mod review;
mod standing;

pub use dialog::must_sign;
use std::borrow::Cow;

use eframe::egui::{CentralPanel, Color32, Frame, Panel, ScrollArea, Ui};

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::panels::flips::FlipList;
use crate::gui::theme::{colours, metrics};
use crate::gui::widgets::{button, section, state};
use crate::gui::words::{local, say, text};
use countersign_session::jobs::Freshness;
use countersign_session::{ReleaseRow, ResultView, Review, Session};
use countersign_workspace::journal::ReleaseState;

#[derive(Default)]
pub struct ReleasesPanel {
    dialog: dialog::StepDialog,
    /// Single flips of the review, while they are asked for.
    flips: Option<FlipList>,
    flip: Option<u32>,
}

impl ReleasesPanel {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let shown = session.releases();
        let Some(all) = shown.value else {
            let title = say(ui, text("The releases cannot be read", "无法读取发布"));
            return match &shown.status {
                Freshness::Failed(why) => state::error(ui, title, &local(ui, why)),
                _ => state::loading(ui, say(ui, text("Releases are being read", "正在读取发布")), None),
            };
        };
        let (m, c) = (metrics(), colours(ui));
        Panel::left("release list")
            .frame(Frame::new().fill(c.panel))
            .default_size(m.rules_width)
            .size_range(m.rules_width * 0.8..=m.rules_width * 2.0)
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                list::show(ui, session, all, out);
            });
        CentralPanel::default().frame(Frame::new().fill(c.canvas)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            warnings(ui, all);
            match session.selected_release().cloned() {
                None => nothing(ui),
                Some(row) => self.one(ui, session, &row, out),
            }
        });
        self.dialog.show(ui.ctx(), session, out);
    }

    fn one(&mut self, ui: &mut Ui, session: &Session, row: &ReleaseRow, out: &mut Outbox) {
        head::show(ui, session, row, &mut self.dialog, out);
        section::rule(ui);
        let review = session.review();
        self.single_flips(ui, &review);
        let scroll = |name: &str| ScrollArea::vertical().auto_shrink(false).id_salt(name.to_owned());
        CentralPanel::no_frame().show(ui, |ui| {
            if ui.available_width() < 1.5 * metrics().dialog_width {
                scroll("all of it").show(ui, |ui| {
                    standing::show(ui, session, row);
                    review::show(ui, &review, &mut self.flips);
                    evidence::show(ui, row, &review, out);
                });
                return;
            }
            ui.columns(2, |columns| {
                if let [left, right] = columns {
                    scroll("what it does").show(left, |ui| review::show(ui, &review, &mut self.flips));
                    scroll("what it rests on").show(right, |ui| {
                        standing::show(ui, session, row);
                        evidence::show(ui, row, &review, out);
                    });
                }
            });
        });
    }
}

impl ReleasesPanel {
    /// Single flips with both decisions side by side, under the review that they belong to.
    fn single_flips(&mut self, ui: &mut Ui, review: &ResultView<'_, Review>) {
        let seen = review.value.filter(|_| review.is_fresh()).and_then(|review| review.flips.as_ref().ok());
        let Some(seen) = seen.filter(|seen| seen.impact.all.requests > 0) else { return };
        let Some(list) = &mut self.flips else { return };
        let height = ui.available_height();
        let mut is_closed = false;
        Panel::bottom("single flips")
            .frame(Frame::new().fill(colours(ui).canvas))
            .resizable(true)
            .default_size(height * 0.4)
            .size_range(metrics().row * 4.0..=height * 0.8)
            .show(ui, |ui| {
                section::rule(ui);
                let answer = list.show(ui, self.flip, &seen.impact, |ui| {
                    is_closed = button::icon(ui, Glyph::X, say(ui, text("Close the list of flips", "关闭决策改变列表"))).clicked();
                });
                self.flip = answer.chosen.or(self.flip);
            });
        if is_closed {
            self.flips = None;
        }
    }
}

/// What is wrong with the workspace itself.
fn warnings(ui: &mut Ui, all: &countersign_session::ReleaseList) {
    if let Some(finding) = all.journal.findings.iter().find(|_| !all.journal.holds()) {
        let head = say(ui, text("The journal does not hold", "审计日志不完整"));
        state::failed(ui, &format!("{head}: {}", local(ui, &finding.message)));
    }
    if let Err(findings) = &all.requirements {
        let head = say(ui, text("Who must approve cannot be read", "无法读取审批要求"));
        let why = findings.first().map_or(Cow::default(), |finding| local(ui, &finding.message));
        state::failed(ui, &format!("{head}: {why}"));
    }
    for problem in all.lost.iter().chain(&all.problems) {
        state::failed(ui, &local(ui, problem));
    }
    if all.requirements.as_ref().is_ok_and(|requirements| requirements.trust.is_none()) {
        let words = text(
            "Nobody's signature counts yet: put an “allowed_signers” file into the workspace",
            "尚未信任任何签名：请在工作区中放置 “allowed_signers” 文件",
        );
        state::stale(ui, say(ui, words));
    }
}

fn nothing(ui: &mut Ui) {
    let title = say(ui, text("No release yet", "尚无发布"));
    let hint = text(
        "Export one with Ctrl+E: it is a draft until its maker submits it and others approve it",
        "按 Ctrl+E 导出：经办人提交、他人审批之前为草稿",
    );
    state::empty(ui, Glyph::PackageCheck, title, say(ui, hint));
}

/// Whether somebody approved it, and it still may not go live.
fn is_partly_approved(row: &ReleaseRow) -> bool {
    row.state == ReleaseState::Approved && !row.open.is_empty()
}

/// How a release's state looks: icon, colour of the text.
fn look(ui: &Ui, row: &ReleaseRow) -> (Glyph, Color32) {
    let c = colours(ui);
    match row.state {
        _ if is_partly_approved(row) => (Glyph::Hourglass, c.warning),
        ReleaseState::Draft => (Glyph::FilePen, c.text_weak),
        ReleaseState::Submitted => (Glyph::Hourglass, c.warning),
        ReleaseState::Approved => (Glyph::BadgeCheck, c.accent_text),
        ReleaseState::Live => (Glyph::Radio, c.success),
        ReleaseState::Superseded => (Glyph::History, c.text_weak),
        ReleaseState::Rejected => (Glyph::CircleX, c.error),
        ReleaseState::Withdrawn => (Glyph::Ban, c.text_weak),
    }
}

/// A release's state as a label: capital first.
fn state_word(ui: &Ui, row: &ReleaseRow) -> &'static str {
    say(
        ui,
        match row.state {
            _ if is_partly_approved(row) => text("Partly approved", "部分审批"),
            ReleaseState::Draft => text("Draft", "草稿"),
            ReleaseState::Submitted => text("Submitted", "已提交"),
            ReleaseState::Approved => text("Approved", "已审批"),
            ReleaseState::Live => text("Live", "生效中"),
            ReleaseState::Superseded => text("Superseded", "已取代"),
            ReleaseState::Rejected => text("Rejected", "已驳回"),
            ReleaseState::Withdrawn => text("Withdrawn", "已撤回"),
        },
    )
}

/// A moment for people: its day and minute in its own zone.
fn when(moment: countersign_core::model::Moment) -> String {
    let text = moment.to_string().replacen('T', " ", 1);
    text.chars().take(16).collect()
}

fn pill(ui: &mut Ui, row: &ReleaseRow) {
    let (glyph, colour) = look(ui, row);
    let word = state_word(ui, row);
    crate::gui::widgets::badge::pill(ui, Some(glyph), word, colour, colours(ui).hover);
}
