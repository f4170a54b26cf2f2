//! A small menu that asks for a file: a field for its path, and the system's dialog where there is one.

use std::path::PathBuf;

use eframe::egui::{Key, Response, Ui};

use crate::gui::dialogs::FileDialog;
use crate::gui::icons::Glyph;
use crate::gui::theme::{self, metrics, space};
use crate::gui::widgets::{button, choice, field, section};
use crate::gui::words::{say, text};
use countersign_core::text::StaticText;

/// What is typed, and the dialog.
#[derive(Default)]
pub struct PathField {
    path: String,
    dialog: FileDialog,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathPurpose {
    Saving,
    Opening,
}

/// A line of a dialog with a path's field and the system's dialog beside it; whether a path was typed or chosen. `hint` is in the empty
/// field, `name` is proposed for a file that is written.
pub fn line(
    ui: &mut Ui,
    label: StaticText,
    (path, dialog): (&mut String, &mut FileDialog),
    (purpose, hint, name): (PathPurpose, &str, &str),
) -> bool {
    let chosen = dialog.take().map(|chosen| *path = chosen.display().to_string());
    let label = say(ui, label);
    let typed = section::property(ui, label, |ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        let width = ui.available_width() - metrics().field_width;
        let typed = field::text(ui, path, label, hint, width);
        browse(ui, dialog, purpose, name);
        typed.lost_focus()
    });
    chosen.is_some() || typed.inner
}

/// The button that opens the system's dialog; where there is none, that it is so.
fn browse(ui: &mut Ui, dialog: &mut FileDialog, purpose: PathPurpose, name: &str) {
    if dialog.is_missing() {
        ui.label(theme::weak(ui, say(ui, text("No file dialog here: type the path", "无文件对话框，请输入路径"))));
        return;
    }
    ui.add_enabled_ui(!dialog.is_open(), |ui| {
        if button::plain(ui, Some(Glyph::FolderOpen), say(ui, text("Browse…", "浏览…"))).clicked() {
            match purpose {
                PathPurpose::Saving => dialog.save(ui.ctx(), name),
                PathPurpose::Opening => dialog.open(ui.ctx()),
            }
        }
    });
}

impl PathField {
    /// The menu below a button; the path once it is asked for. `name` is the first proposal.
    pub fn show(&mut self, below: &Response, purpose: PathPurpose, action: StaticText, name: &str) -> Option<PathBuf> {
        if below.clicked() && self.path.is_empty() {
            name.clone_into(&mut self.path);
        }
        if let Some(path) = self.dialog.take() {
            self.path = path.display().to_string();
            return Some(path);
        }
        let mut asked = false;
        choice::form(below, metrics().inspector_width, |ui| {
            asked = self.contents(ui, purpose, action, name);
            if asked {
                ui.close();
            }
        });
        asked.then(|| PathBuf::from(self.path.trim()))
    }

    /// The field and its buttons in place: for dialogs, which keep the keyboard from menus over them.
    pub fn inline(&mut self, ui: &mut Ui, purpose: PathPurpose, action: StaticText, name: &str) -> Option<PathBuf> {
        if let Some(path) = self.dialog.take() {
            self.path = path.display().to_string();
            return Some(path);
        }
        let asked = self.contents(ui, purpose, action, name);
        asked.then(|| PathBuf::from(self.path.trim()))
    }

    /// Whether the typed path is asked for.
    fn contents(&mut self, ui: &mut Ui, purpose: PathPurpose, action: StaticText, name: &str) -> bool {
        let mut asked = false;
        let response = field::text(ui, &mut self.path, say(ui, text("File", "文件")), name, metrics().inspector_width);
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        ui.horizontal(|ui| {
            ui.add_enabled_ui(!self.path.trim().is_empty(), |ui| {
                asked = button::primary(ui, None, say(ui, action)).clicked();
            });
            browse(ui, &mut self.dialog, purpose, name);
        });
        asked || (entered && !self.path.trim().is_empty())
    }
}
