//! Questions the window asks by itself: unsaved edits found at the start, files changed by others, closing with unsaved edits.

use eframe::egui::{Context, Label, Ui, ViewportCommand};

use crate::gui::outbox::{Ask, Outbox};
use crate::gui::theme::{self, metrics};
use crate::gui::widgets::{button, modal};
use crate::gui::words::{language, say, text};
use crate::session::{Action, Command, FileAction, Resolve, Session};
use crate::text::StaticText;

/// What the questions keep.
#[derive(Default)]
pub struct Questions {
    closing: bool,
    /// Close as soon as everything is saved.
    close_when_saved: bool,
    had_focus: bool,
}

impl Questions {
    /// Shows the question that is due.
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        self.look_when_shown_again(ctx, session, out);
        self.on_closing(ctx, session, out);
        if let Some(recovery) = session.recovery() {
            recover(ctx, &recovery.texts.names().cloned().collect::<Vec<_>>(), out);
        } else if let Some(conflict) = session.conflict() {
            let files: Vec<String> = conflict.both.iter().cloned().collect();
            resolve(ctx, &files, out);
        }
    }

    /// Someone may have changed the files while another window was in front.
    fn look_when_shown_again(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        let has_focus = ctx.input(|input| input.focused);
        if has_focus && !self.had_focus && session.document().is_editable() {
            out.push(Action::File(FileAction::Look));
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
        if ctx.input(|input| input.viewport().close_requested()) && is_dirty && !self.closing {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.closing = true;
        }
        if !self.closing {
            return;
        }
        let title = text("Save before closing?", "关闭前是否保存？");
        let files: Vec<String> = session.document().dirty_files().iter().cloned().collect();
        let answers =
            [text("Save and close", "保存并关闭"), text("Close without saving", "不保存直接关闭"), text("Cancel", "取消")];
        match ask(ctx, "closing", title, &files, &answers) {
            Some(0) => {
                out.ask(Ask::Run(Command::Save));
                (self.closing, self.close_when_saved) = (false, true);
            }
            Some(1) => ctx.send_viewport_cmd(ViewportCommand::Close),
            Some(_) => self.closing = false,
            None => {}
        }
    }
}

fn recover(ctx: &Context, files: &[String], out: &mut Outbox) {
    let title = text("Take up unsaved edits of the last run?", "是否恢复上次未保存的修改？");
    let answers = [text("Take them up", "恢复"), text("Throw them away", "放弃")];
    if let Some(answer) = ask(ctx, "recover", title, files, &answers) {
        out.push(Action::File(FileAction::Recover(answer == 0)));
    }
}

fn resolve(ctx: &Context, files: &[String], out: &mut Outbox) {
    let title = text("These files were changed by another program too", "以下文件同时被其他程序修改");
    let answers = [text("Keep mine", "保留我的修改"), text("Take theirs", "采用磁盘上的内容")];
    if let Some(answer) = ask(ctx, "conflict", title, files, &answers) {
        let resolve = if answer == 0 { Resolve::KeepMine } else { Resolve::TakeTheirs };
        out.push(Action::File(FileAction::Resolve(resolve)));
    }
}

/// A question about files; the answer's position. Escape is the last answer of three, and none of two.
fn ask(ctx: &Context, name: &str, title: StaticText, files: &[String], answers: &[StaticText]) -> Option<usize> {
    let mut chosen = None;
    let stays = modal::show(ctx, name, title.get(language(ctx)), metrics().dialog_width, |ui| {
        for file in files {
            ui.add(Label::new(theme::weak(ui, file)).truncate());
        }
        modal::buttons(ui, |ui| chosen = buttons(ui, answers));
    });
    chosen.or_else(|| (!stays && answers.len() > 2).then(|| answers.len() - 1))
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
