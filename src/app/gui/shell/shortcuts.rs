//! Every command with its keys, by menu.

use eframe::egui::{Context, Grid, RichText, Ui};

use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::editor::{EDITOR_KEYS, EditorKey};
use crate::gui::widgets::{button, modal};
use crate::gui::words::{language, local, say, text};
use countersign_session::{Command, Menu, Session};

#[derive(Default)]
pub struct Shortcuts {
    is_open: bool,
}

impl Shortcuts {
    pub fn open(&mut self) {
        self.is_open = true;
    }

    /// Shows the sheet while it is open.
    pub fn show(&mut self, ctx: &Context, _session: &Session) {
        if !self.is_open {
            return;
        }
        let title = text("Keyboard shortcuts", "键盘快捷键").get(language(ctx));
        let mut done = false;
        let stays = modal::show(ctx, "shortcuts", title, metrics().dialog_width, |ui| {
            modal::body(ui, |ui| {
                column(ui, &[Menu::File, Menu::Edit, Menu::View, Menu::Run, Menu::Help], EDITOR_KEYS);
            });
            modal::buttons(ui, |ui| done = button::primary(ui, None, say(ui, text("Close", "关闭"))).clicked());
        });
        self.is_open = stays && !done;
    }
}

/// The commands of some menus that have keys, a gap between the menus; below them keys of the editor alone.
fn column(ui: &mut Ui, menus: &[Menu], editor: &[EditorKey]) {
    let line = |ui: &mut Ui, name: &str, keys: &str| {
        ui.label(name);
        ui.label(RichText::new(keys).font(theme::code()).color(colours(ui).text_weak));
        ui.end_row();
    };
    Grid::new(("shortcuts", menus.len())).num_columns(2).spacing([space().huge, space().tiny]).show(ui, |ui| {
        for (at, menu) in menus.iter().enumerate() {
            if at > 0 {
                ui.label("");
                ui.end_row();
            }
            for command in Command::ALL.iter().filter(|command| command.menu() == *menu && !command.keys().is_empty()) {
                let name = command.title();
                for (at, keys) in command.key_list().enumerate() {
                    line(ui, if at == 0 { local(ui, &name) } else { "".into() }.as_ref(), keys);
                }
            }
        }
        let titled = editor.iter().filter(|key| !key.title.en.is_empty());
        if !editor.is_empty() {
            ui.label(theme::emphasised(ui, say(ui, text("In a script", "脚本编辑"))));
            ui.end_row();
        }
        for key in titled {
            line(ui, say(ui, key.title), key.keys);
        }
    });
}
