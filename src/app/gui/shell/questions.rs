//! Questions the window asks by itself: unsaved edits found at the start, files changed by others, closing with unsaved edits.

use std::path::PathBuf;

use eframe::egui::{Context, Label, RichText, ScrollArea, Ui, ViewportCommand};

use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, modal};
use crate::gui::words::{language, say, text};
use countersign_core::model::Moment;
use countersign_core::text::{Language, StaticText};
use countersign_session::{
    Action, Command, FileAction, JobKind, Recovery, RecoveryAnswer, Resolve, Session, UnsavedChange, present,
};

const CANCEL: StaticText = text("Cancel", "取消");

#[derive(Default)]
pub struct Questions {
    closing: bool,
    /// Close as soon as everything is saved.
    close_when_saved: bool,
    had_focus: bool,
}

impl Questions {
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        self.look_when_shown_again(ctx, session, out);
        self.on_closing(ctx, session, out);
        if let Some(recovery) = session.recovery() {
            recover(ctx, session, recovery, out);
        } else if let Some(conflict) = session.conflict() {
            let files: Vec<String> = conflict.both.iter().cloned().collect();
            resolve(ctx, session, &files, out);
        }
    }

    /// Someone may have changed the files while another window was in front.
    fn look_when_shown_again(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        let has_focus = ctx.input(|input| input.focused);
        if has_focus && !self.had_focus && session.document().is_editable() {
            out.push(Action::File(FileAction::DetectChanges));
        }
        self.had_focus = has_focus;
    }

    fn on_closing(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        let is_dirty = session.document().is_dirty();
        if self.close_when_saved && !is_dirty {
            self.close_when_saved = false;
            ctx.send_viewport_cmd(ViewportCommand::Close);
            return;
        }
        // A save that came to nothing must not close the window after a later one.
        let is_saving = session.underway().any(|(kind, _)| matches!(kind, JobKind::Save | JobKind::DetectChanges));
        self.close_when_saved &= is_saving;
        if ctx.input(|input| input.viewport().close_requested()) && is_dirty && !self.closing {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.closing = true;
        }
        if !self.closing {
            return;
        }
        let title = text("Save before closing?", "关闭前是否保存？");
        let files: Vec<String> = session.document().dirty_files().iter().cloned().collect();
        let answers = [text("Save and close", "保存并关闭"), text("Close without saving", "不保存直接关闭"), CANCEL];
        match ask(ctx, "closing", title, &files, None, &answers) {
            Some(0) => {
                out.ask(WindowAction::Run(Command::Save));
                (self.closing, self.close_when_saved) = (false, true);
            }
            Some(1) => ctx.send_viewport_cmd(ViewportCommand::Close),
            Some(_) => self.closing = false,
            None => {}
        }
    }
}

/// At most so many lines of a file are shown on either side.
const LINES: usize = 12;

/// Edits of an earlier run: when they were kept and what they change, before anything is done about them.
fn recover(ctx: &Context, session: &Session, recovery: &Recovery, out: &mut Outbox) {
    let language = language(ctx);
    let title = text("Unsaved edits of an earlier run", "上次运行中未保存的修改").get(language);
    let answers = [
        (text("Restore", "恢复"), RecoveryAnswer::Restore),
        (text("Later", "稍后处理"), RecoveryAnswer::Later),
        (text("Discard", "放弃"), RecoveryAnswer::Discard),
    ];
    let mut chosen = None;
    let stays = modal::show(ctx, "recover", title, metrics().dialog_width, |ui| {
        modal::body(ui, |ui| {
            let zone = session.document().definition().schema.zone;
            let at = Moment { zone, ..recovery.at };
            let when = match language {
                Language::En => format!("Kept at {at}"),
                Language::Zh => format!("保留时间：{at}"),
            };
            ui.label(theme::weak(ui, when));
            for change in &recovery.changes {
                changed(ui, change);
            }
        });
        modal::buttons(ui, |ui| {
            let pressed = buttons(ui, &answers.map(|(label, _)| label));
            chosen = pressed.and_then(|at| answers.get(at)).map(|(_, answer)| *answer);
        });
    });
    if let Some(answer) = chosen.or((!stays).then_some(RecoveryAnswer::Later)) {
        out.push(Action::File(FileAction::Recover(answer)));
    }
}

/// What edits change in one file: the lines that go and those that come.
fn changed(ui: &mut Ui, change: &UnsavedChange) {
    let c = colours(ui);
    ui.add_space(space().small);
    ui.label(theme::emphasised(ui, &change.file));
    if change.is_changed_since {
        let words = text(
            "Somebody changed this file since: it is asked whose text counts",
            "此后有人修改过该文件：恢复后将询问以谁的内容为准",
        );
        ui.add(Label::new(RichText::new(say(ui, words)).font(theme::small()).color(c.warning)).wrap());
    }
    for (sign, lines, colour) in [('-', &change.removed, c.error), ('+', &change.added, c.success)] {
        for line in lines.iter().take(LINES) {
            ui.add(Label::new(RichText::new(format!("{sign} {line}")).font(theme::code()).color(colour)).truncate());
        }
        if let Some(more) = lines.len().checked_sub(LINES).filter(|more| *more > 0) {
            let words = match language(ui.ctx()) {
                Language::En => format!("{sign} {more} more lines"),
                Language::Zh => format!("{sign} 另有 {more} 行"),
            };
            ui.label(theme::weak(ui, words));
        }
    }
}

fn resolve(ctx: &Context, session: &Session, files: &[String], out: &mut Outbox) {
    let title = text("These files were changed by another program too", "以下文件同时被其他程序修改");
    let answers = [
        text("Keep mine", "保留我的修改"),
        text("Take theirs", "采用磁盘上的内容"),
        text("Copy mine, take theirs", "另存我的修改并采用磁盘内容"),
    ];
    let folder = copy_folder(session);
    let shown = folder.display();
    let means = match language(ctx) {
        Language::En => format!(
            "Mine: the next save writes over the other program's text. Theirs: your edits in these files go. Copy: your edits are first \
             written to {shown}."
        ),
        Language::Zh => {
            format!(
                "保留我的修改：下次保存将覆盖其他程序的内容。采用磁盘上的内容：放弃您在这些文件中的修改。另存：先将您的修改写入 {shown}。"
            )
        }
    };
    if let Some(answer) = ask(ctx, "conflict", title, files, Some(&means), &answers) {
        let resolve = match answer {
            0 => Resolve::KeepMine,
            1 => Resolve::TakeTheirs,
            _ => Resolve::SaveCopy(folder),
        };
        out.push(Action::File(FileAction::Resolve(resolve)));
    }
}

/// A folder beside the workspace for edits that give way, named after the minute.
fn copy_folder(session: &Session) -> PathBuf {
    let root = session.document().root();
    let now = present(session.document().definition().schema.zone).to_string();
    let minute: String = now.chars().filter(char::is_ascii_digit).take(12).collect();
    let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    root.with_file_name(format!("{name}.mine-{minute}"))
}

/// A question about files; the answer's position. `means` is what the answers do, where their names do not say it. Escape is "Cancel"
/// where that can be answered.
fn ask(
    ctx: &Context,
    name: &str,
    title: StaticText,
    files: &[String],
    means: Option<&str>,
    answers: &[StaticText],
) -> Option<usize> {
    let mut chosen = None;
    let stays = modal::show(ctx, name, title.get(language(ctx)), metrics().dialog_width, |ui| {
        modal::body(ui, |ui| {
            ScrollArea::vertical().max_height(metrics().popup_height).id_salt(name).show(ui, |ui| {
                for file in files {
                    ui.add(Label::new(theme::weak(ui, file)).truncate());
                }
            });
            if let Some(means) = means {
                ui.add_space(space().small);
                ui.add(Label::new(theme::weak(ui, means)).wrap());
            }
        });
        modal::buttons(ui, |ui| chosen = buttons(ui, answers));
    });
    chosen.or_else(|| answers.iter().position(|answer| *answer == CANCEL).filter(|_| !stays))
}

fn buttons(ui: &mut Ui, answers: &[StaticText]) -> Option<usize> {
    let mut chosen = None;
    for (at, answer) in answers.iter().enumerate() {
        let label = say(ui, *answer);
        let response = if at == 0 { button::primary(ui, None, label) } else { button::plain(ui, None, label) };
        if response.clicked() {
            chosen = Some(at);
        }
    }
    chosen
}
