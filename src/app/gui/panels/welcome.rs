//! Nothing is open: what can be opened, what was open before, and how to begin.

use std::path::Path;

use eframe::egui::{CentralPanel, Frame, Label, RichText, Ui, Vec2};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, metrics, space, tokens};
use crate::gui::widgets::row::ListRow;
use crate::gui::widgets::{button, section};
use crate::gui::words::{local, say, text};
use countersign_session::{Action, Command, FileAction, JobKind, Session};

/// Shows the panel in place of all others.
pub fn show(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    CentralPanel::default().frame(Frame::new().fill(colours(ui).canvas)).show(ui, |ui| {
        if session.underway().any(|(kind, _)| kind == JobKind::Open) {
            return crate::gui::widgets::state::loading(ui, say(ui, text("Opening the workspace", "正在打开工作区")), None);
        }
        ui.vertical_centered(|ui| {
            ui.add_space((ui.available_height() * 0.16).max(space().huge));
            let width = metrics().dialog_width.min(ui.available_width());
            ui.allocate_ui(Vec2::new(width, ui.available_height()), |ui| {
                ui.vertical(|ui| {
                    ui.set_width(width);
                    begin(ui, out);
                    ui.add_space(space().huge);
                    recent(ui, session, out);
                });
            });
        });
    });
}

fn begin(ui: &mut Ui, out: &mut Outbox) {
    ui.horizontal(|ui| {
        let c = colours(ui);
        ui.label(icons::icon(Glyph::ShieldCheck).size(tokens().type_scale.display).color(c.accent_text));
        ui.label(RichText::new("Countersign").font(theme::heading()).color(c.text_strong));
    });
    ui.add_space(space().small);
    let words = text(
        "Rules are written, tried on sample requests and released here. Open a workspace, or make one from a request file.",
        "在此编写规则、用样本请求试运行并发布。请打开一个工作区，或由请求文件新建。",
    );
    ui.add(Label::new(theme::weak(ui, say(ui, words))).wrap());
    ui.add_space(space().large);
    ui.horizontal(|ui| {
        let (open, new) = (Command::OpenWorkspace, Command::NewWorkspace);
        if button::primary(ui, Some(Glyph::FolderOpen), &local(ui, &open.title())).clicked() {
            out.ask(WindowAction::Run(open));
        }
        if button::plain(ui, Some(Glyph::FolderPlus), &local(ui, &new.title())).clicked() {
            out.ask(WindowAction::Run(new));
        }
    });
    ui.add_space(space().small);
    let words = text("A folder can be dropped on the window too", "也可将文件夹拖放到窗口");
    ui.label(theme::weak(ui, say(ui, words)));
}

fn recent(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let known = &session.preferences().recent_workspaces;
    if known.is_empty() {
        return;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    section::header(ui, say(ui, text("Opened before", "最近打开")), |_| {});
    for root in known {
        let (name, folder) = parts(root);
        let row = ListRow::new(&name).icon(Glyph::Folder, colours(ui).text_weak).hint(&folder);
        if row.show(ui).on_hover_text(root.display().to_string()).clicked() {
            out.push(Action::File(FileAction::OpenWorkspace(root.clone())));
        }
    }
}

/// A path as its last part, and where that lies.
pub fn parts(path: &Path) -> (String, String) {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    (name, path.parent().map(|folder| folder.display().to_string()).unwrap_or_default())
}
