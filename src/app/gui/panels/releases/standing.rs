//! Who signed a release, and what the policy still asks before it may go live.

use eframe::egui::{Label, RichText, Ui};

use super::when;
use crate::gui::icons::{self, Glyph};
use crate::gui::theme::{self, colours, space};
use crate::gui::widgets::section;
use crate::gui::widgets::section::sentence;
use crate::gui::words::{language, local, say, text, tr};
use countersign_core::release::{Approval, ChecklistLine};
use countersign_core::text::{Language, LocalText};
use countersign_session::{ReleaseRow, Session};
use countersign_workspace::journal::{JournalAction, ReleaseState};

pub fn show(ui: &mut Ui, session: &Session, row: &ReleaseRow) {
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.set_min_width(ui.available_width());
    section::header(ui, say(ui, text("Signatures", "签名")), |_| {});
    if row.approvals.is_empty() {
        let words = tr(ui, "Nobody has signed it: its maker submits it first", "尚无人签名：须先由经办人提交");
        sentence(ui, Glyph::FilePen, colours(ui).text_weak, words);
    }
    // What ended it comes below, from the journal.
    for approval in row.approvals.iter().filter(|approval| !approval.ends()) {
        signed(ui, session, row, approval);
    }
    ended(ui, session, row);
    if matches!(row.state, ReleaseState::Draft | ReleaseState::Submitted | ReleaseState::Approved) {
        asked(ui, row);
    }
}

fn signed(ui: &mut Ui, session: &Session, row: &ReleaseRow, approval: &Approval) {
    let c = colours(ui);
    let policy = session.releases().value.and_then(|all| all.requirements.as_ref().ok());
    let role = policy
        .and_then(|asked| asked.policy.role(&approval.role))
        .map_or(approval.role.as_str().into(), |role| local(ui, &role.title));
    let (glyph, did) = if approval.is_submission() {
        (Glyph::Send, tr(ui, "submitted", "提交").to_owned())
    } else {
        (Glyph::BadgeCheck, format!("{} {role}", tr(ui, "approved as", "审批，角色：")))
    };
    let noted = if approval.is_submission() { JournalAction::Submitted } else { JournalAction::Approved };
    let comment = comment(session, row, noted, &approval.principal);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        ui.add_space(space().medium);
        ui.label(icons::small(glyph, if approval.is_submission() { c.text_weak } else { c.success }));
        ui.vertical(|ui| {
            ui.label(theme::emphasised(ui, &approval.principal));
            ui.label(theme::weak(ui, format!("{did} · {}", when(approval.time))));
            if !comment.is_empty() {
                ui.add(Label::new(format!("“{comment}”")).wrap());
            }
        });
    });
    ui.add_space(space().tiny);
}

/// What somebody said when doing it, as the journal has it.
fn comment(session: &Session, row: &ReleaseRow, what: JournalAction, who: &str) -> String {
    let lines = session.releases().value.map(|all| &all.journal.lines);
    let is_it = |line: &&countersign_workspace::journal::JournalLine| {
        line.record.to == Some(row.digest) && line.record.what == what && line.record.who == who
    };
    lines.and_then(|lines| lines.iter().rev().find(is_it)).map(|line| line.record.comment.clone()).unwrap_or_default()
}

/// Who rejected, withdrew or published it, and why.
fn ended(ui: &mut Ui, session: &Session, row: &ReleaseRow) {
    let Some(all) = session.releases().value else { return };
    let c = colours(ui);
    for line in &all.journal.lines {
        let record = &line.record;
        let (glyph, colour) = match record.what {
            JournalAction::Rejected => (Glyph::CircleX, c.error),
            JournalAction::Withdrawn => (Glyph::Ban, c.warning),
            JournalAction::Published => (Glyph::Rocket, c.success),
            JournalAction::NotPublished => (Glyph::CircleX, c.warning),
            JournalAction::Created
            | JournalAction::Submitted
            | JournalAction::Approved
            | JournalAction::Publishing
            | JournalAction::Repaired => continue,
        };
        if record.to != Some(row.digest) {
            continue;
        }
        let did = record.what.text();
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space().small;
            ui.add_space(space().medium);
            ui.label(icons::small(glyph, colour));
            ui.vertical(|ui| {
                ui.label(theme::emphasised(ui, &record.who));
                ui.label(theme::weak(ui, format!("{} · {}", say(ui, did), when(record.at))));
                if !record.comment.is_empty() {
                    ui.add(Label::new(format!("“{}”", record.comment)).wrap());
                }
            });
        });
        ui.add_space(space().tiny);
    }
}

/// Who still must sign, and what else prevents publishing.
fn asked(ui: &mut Ui, row: &ReleaseRow) {
    let c = colours(ui);
    if !row.checklist.lines.is_empty() {
        section::header(ui, say(ui, text("Who must sign", "签名清单")), |ui| {
            let (given, needed) = (row.checklist.given(), row.checklist.needed());
            let words = match language(ui.ctx()) {
                Language::En => format!("{given} of {needed} approvals"),
                Language::Zh => format!("审批 {given}/{needed}"),
            };
            let colour = if given >= needed { c.success } else { c.warning };
            ui.label(RichText::new(words).font(theme::small()).color(colour));
        });
        for line in &row.checklist.lines {
            required(ui, line);
        }
    }
    let others: Vec<_> = row.open.iter().filter(|finding| !row.checklist.covers(finding)).collect();
    if row.open.is_empty() {
        sentence(ui, Glyph::CircleCheck, c.success, tr(ui, "It may be published", "可以上线"));
    }
    if others.is_empty() {
        return;
    }
    section::header(ui, say(ui, text("Also before it may go live", "上线前还需")), |_| {});
    for finding in others {
        sentence(ui, Glyph::CircleAlert, c.warning, &local(ui, &finding.message));
        if let Some(help) = &finding.help {
            section::help(ui, &local(ui, &help.in_window()));
            ui.add_space(space().tiny);
        }
    }
}

/// A line of the checklist: who must sign, who may, and on hover the changes that call for it.
fn required(ui: &mut Ui, line: &ChecklistLine) {
    let c = colours(ui);
    let (glyph, colour) = if line.is_met() { (Glyph::CircleCheck, c.success) } else { (Glyph::CircleDashed, c.warning) };
    let all: Vec<_> = line.changes.iter().map(|change| local(ui, &change.text)).collect();
    let all = all.join("\n");
    let response = ui.scope(|ui| {
        sentence(ui, glyph, colour, &local(ui, &line.title()));
        let caused = line.changes.split_first().map(|(first, more)| match more.len() {
            0 => first.text.clone(),
            more => LocalText::new(format!("{}, and {more} more", first.text.en), format!("{} 等 {} 项", first.text.zh, more + 1)),
        });
        for words in caused.into_iter().chain(line.open_to()) {
            section::help(ui, &local(ui, &words));
        }
        ui.add_space(space().tiny);
    });
    if !all.is_empty() {
        response.response.on_hover_text(all);
    }
}
