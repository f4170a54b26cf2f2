//! The dialog for a release: what blocks it, what changes, who makes it; then the file as a gateway read it back.

use countersign_core::text::Language;
use eframe::egui::{Context, Key, Label, RichText, ScrollArea, Ui};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, Tab, WindowAction};
use crate::gui::panels::changes;
use crate::gui::panels::releases::keys::KeyPicker;
use crate::gui::panels::releases::must_sign;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::row::ListRow;
use crate::gui::widgets::{button, field, modal, section};
use crate::gui::words::{language, local, say, text};
use countersign_session::{
    Action, Command, ExportedRelease, FileAction, JobKind, ObstacleKind, PreferenceAction, Readiness, ReleaseAction, Session,
    TextAction, present, readiness,
};

#[derive(Default)]
pub struct ExportDialog {
    is_open: bool,
    comment: String,
    /// The release that was the last one when the dialog was opened: another one is the answer.
    before: Option<String>,
    asked: bool,
    /// Whether its first field has the keys already.
    is_entered: bool,
    /// The key that signs the entry of the journal, where the policy asks for signed ones.
    keys: KeyPicker,
    /// What blocks it, and the state of the session it is of.
    ready: Option<(u64, Readiness)>,
}

impl ExportDialog {
    pub fn open(&mut self, session: &Session) {
        let before = session.exported_release().map(|exported| exported.digest.to_string());
        *self = Self { is_open: true, before, keys: self.keys.again(), ..Self::default() };
    }

    /// Shows the dialog while it is open.
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        if !self.is_open {
            return;
        }
        let title = text("Export release", "导出发布版本").get(language(ctx));
        let made = session.exported_release().filter(|made| self.asked && self.before.as_ref() != Some(&made.digest.to_string()));
        let mut done = false;
        let stays = modal::show(ctx, "export", title, metrics().dialog_width, |ui| {
            done = match made {
                Some(made) => success(ui, made, out),
                None => self.ask(ui, session, out),
            };
        });
        self.is_open = stays && !done;
    }

    fn ask(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) -> bool {
        if self.ready.as_ref().is_none_or(|(of, _)| *of != session.stamp()) {
            self.ready = Some((session.stamp(), readiness(session)));
        }
        let Some((_, ready)) = &self.ready else { return true };
        let take_keys = !std::mem::replace(&mut self.is_entered, true);
        let must_sign = must_sign(session);
        if take_keys && must_sign {
            self.keys.begin(out);
        }
        let (keys, mut has_key) = (&mut self.keys, !must_sign);
        let mut leave = modal::body(ui, |ui| {
            let leave = obstacles(ui, ready, out);
            settings(ui, session, &mut self.comment, take_keys, out);
            if must_sign {
                has_key = key(ui, session, keys, out);
            }
            let live = session.live().map(|(_, release)| release.version());
            ScrollArea::vertical().id_salt("changes").max_height(metrics().problems_height * 1.5).show(ui, |ui| {
                ui.set_min_width(ui.available_width());
                changes::show(ui, live, &ready.changes);
            });
            section::property(ui, say(ui, text("File", "文件")), |ui| {
                ui.add(Label::new(theme::weak(ui, ready.path.display().to_string())).truncate());
            });
            leave
        });
        let (can, comment) =
            (has_key && ready.is_ready() && !session.underway().any(|(kind, _)| kind == JobKind::Export), self.comment.clone());
        let entered = can && ui.input(|input| input.key_pressed(Key::Enter));
        modal::buttons(ui, |ui| {
            let words = say(ui, text("Export", "导出"));
            let pressed = ui.add_enabled_ui(can, |ui| button::primary(ui, Some(Glyph::PackageCheck), words)).inner.clicked();
            if pressed || entered {
                let created_at = present(session.document().definition().schema.zone);
                if must_sign {
                    out.ask(WindowAction::ExportSigned(comment, created_at, self.keys.take()));
                } else {
                    out.push(Action::File(FileAction::Export { path: None, comment, created_at }));
                }
                self.asked = true;
            }
            leave |= button::plain(ui, None, say(ui, text("Cancel", "取消"))).clicked();
        });
        leave
    }
}

/// What blocks it, each leading to where it is dealt with; whether the dialog is left for it.
fn obstacles(ui: &mut Ui, ready: &Readiness, out: &mut Outbox) -> bool {
    let c = colours(ui);
    if ready.obstacles.is_empty() {
        section::remark(ui, Glyph::CircleCheck, say(ui, text("Nothing blocks the export", "没有阻碍发布的问题")));
        return false;
    }
    let mut leave = false;
    for obstacle in &ready.obstacles {
        let (glyph, colour) = if obstacle.blocks { (Glyph::CircleX, c.error) } else { (Glyph::TriangleAlert, c.warning) };
        if ListRow::new(&local(ui, &obstacle.text)).icon(glyph, colour).show(ui).clicked() {
            let ask = match obstacle.kind {
                ObstacleKind::Findings => Some(WindowAction::Run(Command::NextProblem)),
                ObstacleKind::Cases => Some(WindowAction::Show(Tab::Cases)),
                ObstacleKind::Flips => Some(WindowAction::Show(Tab::Impact)),
                ObstacleKind::Requests => Some(WindowAction::Run(Command::OpenRequests)),
                ObstacleKind::LeftOut => Some(WindowAction::Run(Command::LeftOut)),
                ObstacleKind::Unsaved => Some(WindowAction::Run(Command::Save)),
                ObstacleKind::Workspace => Some(WindowAction::Run(Command::OpenWorkspace)),
                ObstacleKind::Version => {
                    if let Some(next) = ready.next_version.clone() {
                        out.push(Action::Text(TextAction::SetVersion(next)));
                    }
                    None
                }
                ObstacleKind::Maker => None,
            };
            leave |= ask.as_ref().is_some_and(|ask| *ask != WindowAction::Run(Command::Save));
            if let Some(ask) = ask {
                out.ask(ask);
            }
        }
    }
    ui.add_space(space().small);
    section::rule(ui);
    ui.add_space(space().small);
    leave
}

/// Version, maker and comment; the maker's field takes the keys first.
fn settings(ui: &mut Ui, session: &Session, comment: &mut String, take_keys: bool, out: &mut Outbox) {
    let width = metrics().rules_width;
    let label = say(ui, text("Version", "版本"));
    let mut version = session.document().rule_set().version.clone();
    if section::property(ui, label, |ui| field::text(ui, &mut version, label, "2014.03.25", width)).inner.changed() {
        out.push(Action::Text(TextAction::SetVersion(version)));
    }
    let label = say(ui, text("Made by", "经办人"));
    let mut maker = session.preferences().maker.clone();
    let response = section::property(ui, label, |ui| field::text(ui, &mut maker, label, "li.na@bank.example", width)).inner;
    if response.changed() {
        out.push(Action::Prefer(PreferenceAction::Maker(maker)));
    }
    if take_keys {
        response.request_focus();
    }
    let label = say(ui, text("Why", "发布说明"));
    section::property(ui, label, |ui| field::text(ui, comment, label, "", width));
}

/// The maker's key; whether it can sign.
fn key(ui: &mut Ui, session: &Session, keys: &mut KeyPicker, out: &mut Outbox) -> bool {
    let Some(key) = keys.show(ui, session, out) else { return false };
    let maker = &session.preferences().maker;
    if !key.identity.principals.contains(maker) {
        let words = match language(ui.ctx()) {
            Language::En => format!("The key is not listed for {maker}, who makes the release"),
            Language::Zh => format!("该密钥未登记在经办人 {maker} 名下"),
        };
        section::remark(ui, Glyph::UserRoundX, &words);
        return false;
    }
    keys.is_ready(key)
}

/// The file, once it was written and read back.
fn success(ui: &mut Ui, made: &ExportedRelease, out: &mut Outbox) -> bool {
    modal::body(ui, |ui| {
        let c = colours(ui);
        ui.horizontal(|ui| {
            ui.label(icons::icon(Glyph::BadgeCheck).color(c.success));
            let words = text("Exported, and read back as a gateway reads it", "已导出，并按网关的方式读回校验");
            ui.label(theme::emphasised(ui, say(ui, words)));
        });
        section::property(ui, say(ui, text("Version", "版本")), |ui| ui.label(&made.version));
        section::property(ui, say(ui, text("File", "文件")), |ui| ui.label(made.path.display().to_string()));
        section::property(ui, say(ui, text("Digest", "摘要")), |ui| {
            ui.add(Label::new(RichText::new(made.digest.to_string()).font(theme::code())).truncate().selectable(true));
        });
        section::remark(ui, Glyph::Signature, say(ui, text("Approvals sign this digest", "审批人对此摘要签名")));
    });
    let mut done = false;
    modal::buttons(ui, |ui| {
        done = button::primary(ui, None, say(ui, text("Done", "完成"))).clicked();
        if button::plain(ui, Some(Glyph::Signature), say(ui, text("To the releases", "前往发布"))).clicked() {
            out.push(Action::Release(ReleaseAction::Select(made.digest)));
            out.ask(WindowAction::Releases);
            done = true;
        }
    });
    done
}
