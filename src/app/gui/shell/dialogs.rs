//! Asks for files: by the desktop's own dialog, off the window's thread, and by a field for a path where there is none.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError};

use eframe::egui::{Context, Key};

use crate::gui::dialogs::DialogAnswer;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, metrics};
use crate::gui::widgets::{button, field, modal};
use crate::gui::words::{language, say, text};
use countersign_core::model::Zone;
use countersign_core::text::StaticText;
use countersign_session::{Action, FileAction, MappingAction, StartAction, present};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilePurpose {
    Workspace,
    /// The folder of a workspace to be made.
    NewWorkspace,
    Requests,
    /// A request file whose columns are to be mapped.
    Mapped,
    Release,
    /// Where to write a report, with times in that zone.
    Report(Zone),
}

impl FilePurpose {
    fn title(self) -> StaticText {
        match self {
            Self::Workspace => text("Open workspace", "打开工作区"),
            Self::NewWorkspace => text("Folder of the new workspace", "新工作区的文件夹"),
            Self::Mapped => text("Open requests with mapping", "按映射打开请求文件"),
            Self::Requests => text("Open requests", "打开请求文件"),
            Self::Release => text("Compare with a release", "与发布文件对比"),
            Self::Report(_) => text("Save report", "保存报告"),
        }
    }

    fn ends(self) -> &'static [&'static str] {
        match self {
            Self::Workspace | Self::NewWorkspace => &[],
            Self::Requests | Self::Mapped => {
                &["csv", "tsv", "txt", "jsonl", "ndjson", "json", "parquet", "pq", "xlsx", "xlsm", "xls", "gz", "zst"]
            }
            Self::Release => &["ron"],
            Self::Report(_) => &["html", "json"],
        }
    }

    fn action(self, path: PathBuf) -> Action {
        Action::File(match self {
            Self::Mapped => return Action::Mapping(MappingAction::Begin(path)),
            Self::NewWorkspace => return Action::Start(StartAction::Begin(path)),
            Self::Workspace => FileAction::OpenWorkspace(path),
            Self::Requests => FileAction::OpenRequests { path, mapping: None },
            Self::Release => FileAction::OpenRelease(path),
            Self::Report(zone) => FileAction::SaveReport { path, created_at: present(zone) },
        })
    }
}

/// Asks by the desktop's own dialog; the answer comes through the channel.
#[cfg(not(test))]
fn pick(ctx: &Context, wanted: FilePurpose) -> Receiver<DialogAnswer> {
    let dialog = rfd::AsyncFileDialog::new().set_title(wanted.title().get(language(ctx)));
    crate::gui::dialogs::wait(ctx, async move {
        match wanted {
            FilePurpose::Workspace | FilePurpose::NewWorkspace => dialog.pick_folder().await,
            FilePurpose::Report(_) => dialog.set_file_name("report.html").save_file().await,
            _ => dialog.add_filter("", wanted.ends()).pick_file().await,
        }
    })
}

/// A test must not open windows of the desktop it runs on: there is no dialog.
#[cfg(test)]
fn pick(_: &Context, _: FilePurpose) -> Receiver<DialogAnswer> {
    let (sender, receiver) = std::sync::mpsc::channel();
    let _ = sender.send(DialogAnswer::NoDialog);
    receiver
}

struct PendingDialog {
    wanted: FilePurpose,
    answer: Receiver<DialogAnswer>,
}

#[derive(Default)]
pub struct FileDialogs {
    asking: Option<PendingDialog>,
    /// The field for a path, where there is no dialog.
    field: Option<(FilePurpose, String)>,
}

impl FileDialogs {
    /// Asks for something; one dialog at a time.
    pub fn ask(&mut self, ctx: &Context, wanted: FilePurpose) {
        if self.asking.is_none() {
            self.asking = Some(PendingDialog { wanted, answer: pick(ctx, wanted) });
        }
    }

    /// Takes answers, files that were dropped on the window, and shows the field.
    pub fn show(&mut self, ctx: &Context, out: &mut Outbox) {
        self.take_answer(out);
        for path in dropped(ctx) {
            out.push(kind_of(&path).action(path));
        }
        let Some((wanted, path)) = &mut self.field else { return };
        let (wanted, mut done) = (*wanted, false);
        let stays = modal::show(ctx, "path", wanted.title().get(language(ctx)), metrics().dialog_width, |ui| {
            let entered = modal::body(ui, |ui| {
                let hint = text("No file dialog is available here: type the path", "此环境没有文件对话框，请输入路径");
                ui.label(theme::weak(ui, say(ui, hint)));
                let label = say(ui, text("Path", "路径"));
                let width = ui.available_width();
                let response = field::text(ui, path, label, "", width);
                if !response.has_focus() && path.is_empty() {
                    response.request_focus();
                }
                response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
            });
            modal::buttons(ui, |ui| {
                let open =
                    ui.add_enabled_ui(!path.trim().is_empty(), |ui| button::primary(ui, None, say(ui, text("Continue", "继续"))));
                if (open.inner.clicked() || entered) && !path.trim().is_empty() {
                    out.push(wanted.action(PathBuf::from(path.trim())));
                    done = true;
                }
                done |= button::plain(ui, None, say(ui, text("Cancel", "取消"))).clicked();
            });
        });
        if done || !stays {
            self.field = None;
        }
    }

    fn take_answer(&mut self, out: &mut Outbox) {
        let Some(asking) = &self.asking else { return };
        let wanted = asking.wanted;
        let answer = match asking.answer.try_recv() {
            Ok(answer) => answer,
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => DialogAnswer::NoDialog,
        };
        self.asking = None;
        match answer {
            DialogAnswer::Chosen(path) => out.push(wanted.action(path)),
            DialogAnswer::NoDialog => self.field = Some((wanted, String::new())),
            DialogAnswer::Cancelled => {}
        }
    }
}

/// Files that were dropped on the window.
fn dropped(ctx: &Context) -> Vec<PathBuf> {
    ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect())
}

/// What a dropped file is, by its name.
fn kind_of(path: &Path) -> FilePurpose {
    let end = path.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is = |wanted: FilePurpose| wanted.ends().contains(&end.as_str());
    [FilePurpose::Requests, FilePurpose::Release].into_iter().find(|wanted| is(*wanted)).unwrap_or(FilePurpose::Workspace)
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::widgets::testing::harness;

    #[test]
    fn without_a_dialog_a_path_is_typed() {
        let mut window = harness((FileDialogs::default(), Outbox::default(), true), |ui, (dialogs, out, first)| {
            if std::mem::take(first) {
                dialogs.ask(ui.ctx(), FilePurpose::Requests);
            }
            dialogs.show(ui.ctx(), out);
        });
        window.run_steps(4);
        window.get_by_label("Path").type_text("a.csv");
        window.run_steps(3);
        window.get_by_label("Continue").click();
        window.run_steps(3);
        let wanted = Action::File(FileAction::OpenRequests { path: "a.csv".into(), mapping: None });
        assert_eq!(window.state_mut().1.take_actions(), [wanted]);
    }

    #[test]
    fn dropped_files_are_told_apart_by_their_end() {
        let kinds = ["a.CSV", "b.parquet", "released/1.ron", "rules"].map(|name| kind_of(Path::new(name)));
        assert_eq!(kinds, [FilePurpose::Requests, FilePurpose::Requests, FilePurpose::Release, FilePurpose::Workspace]);
    }
}
