//! Who signed a release, and what the policy still asks before it may go live.

use std::borrow::Cow;

use eframe::egui::{Label, RichText, Ui};

use super::when;
use crate::gui::icons::{self, Glyph};
use crate::gui::theme::{self, colours, space};
use crate::gui::widgets::section;
use crate::gui::widgets::section::sentence;
use crate::gui::words::{language, local, say, text, tr};
use countersign_core::release::{Approval, RoleNeed};
use countersign_core::text::Language;
use countersign_session::{ReleaseRow, Session};
use countersign_workspace::journal::{JournalAction, ReleaseState};

pub fn show(ui: &mut Ui, session: &Session, row: &ReleaseRow) {
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.set_min_width(ui.available_width());
    let needed = session.releases().value.and_then(|all| all.needed());
    section::header(ui, say(ui, text("Signatures", "签名")), |ui| {
        let given = row.checkers().count();
        if let Some(needed) = needed {
            let words = match language(ui.ctx()) {
                Language::En => format!("{given} of {needed} approvals"),
                Language::Zh => format!("审批 {given}/{needed}"),
            };
            let colour = if given >= needed { colours(ui).success } else { colours(ui).warning };
            ui.label(RichText::new(words).font(theme::small()).color(colour));
        }
    });
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

/// What the policy still asks: the roles that the changes call for, and what speaks against publishing.
fn asked(ui: &mut Ui, row: &ReleaseRow) {
    let c = colours(ui);
    if !row.called.is_empty() {
        section::header(ui, say(ui, text("Roles that its changes call for", "变更所需的审批角色")), |_| {});
        for called in &row.called {
            role(ui, called);
        }
    }
    section::header(ui, say(ui, text("Before it may go live", "上线前还需")), |_| {});
    if row.open.is_empty() {
        sentence(ui, Glyph::CircleCheck, c.success, tr(ui, "Nothing: it may be published", "无：可以上线"));
    }
    for finding in &row.open {
        sentence(ui, Glyph::CircleAlert, c.warning, &local(ui, &finding.message));
        if let Some(help) = &finding.help {
            section::help(ui, &local(ui, &help.in_window()));
            ui.add_space(space().tiny);
        }
    }
}

fn role(ui: &mut Ui, called: &RoleNeed) {
    let c = colours(ui);
    let (glyph, colour) = if called.is_met() { (Glyph::CircleCheck, c.success) } else { (Glyph::CircleDashed, c.warning) };
    let (given, needed) = (called.given.len(), called.need.approvals);
    let head = match language(ui.ctx()) {
        Language::En => format!("{}: {given} of {needed}", called.role.en),
        Language::Zh => format!("{}：{given}/{needed}", called.role.zh),
    };
    let first = called.changes.first().map_or(Cow::default(), |change| local(ui, &change.text));
    let more = called.changes.len().saturating_sub(1);
    let words = match (more, language(ui.ctx())) {
        (0, _) => format!("{head} · {first}"),
        (_, Language::En) => format!("{head} · {first}, and {more} more"),
        (_, Language::Zh) => format!("{head} · {first} 等 {} 项", more + 1),
    };
    let all: Vec<_> = called.changes.iter().map(|change| local(ui, &change.text)).collect();
    let all = all.join("\n");
    ui.scope(|ui| sentence(ui, glyph, colour, &words)).response.on_hover_text(all);
}
