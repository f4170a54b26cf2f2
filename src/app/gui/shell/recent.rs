//! Files that were open before, as menus.

use std::path::PathBuf;

use eframe::egui::Ui;

use crate::gui::outbox::Outbox;
use crate::gui::panels::welcome::parts;
use crate::gui::widgets::button;
use crate::gui::words::{say, text};
use countersign_core::text::StaticText;
use countersign_session::{Action, FileAction, Session};

/// Shows both menus.
pub fn menus(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let known = session.preferences();
    let open = FileAction::OpenWorkspace;
    menu(ui, text("Recent workspaces", "最近的工作区"), &known.recent_workspaces, open, out);
    if session.document().is_editable() {
        let open = |path| FileAction::OpenRequests { path, mapping: None };
        menu(ui, text("Recent request files", "最近的请求文件"), &known.recent_requests, open, out);
    }
}

fn menu(ui: &mut Ui, title: StaticText, known: &[PathBuf], open: impl Fn(PathBuf) -> FileAction, out: &mut Outbox) {
    if known.is_empty() {
        return;
    }
    ui.menu_button(say(ui, title), |ui| {
        for path in known {
            let (name, folder) = parts(path);
            let response = button::menu_item(ui, &name, &folder).on_hover_text(path.display().to_string());
            if response.clicked() {
                out.push(Action::File(open(path.clone())));
                ui.close();
            }
        }
    });
}
