//! Every command with its keys, by menu.

use eframe::egui::{Context, Grid, RichText, Ui};

use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, modal};
use crate::gui::words::{language, local, say, text, tr};
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
        let stays = modal::show(ctx, "shortcuts", title, 1.2 * metrics().dialog_width, |ui| {
            modal::body(ui, |ui| {
                ui.columns_const(|[left, right]| {
                    column(left, &[Menu::File, Menu::Edit], &[]);
                    let editor = [("Ctrl+Space", "Complete", "自动补全"), ("Ctrl+H", "Find and replace", "查找并替换")];
                    column(right, &[Menu::View, Menu::Run, Menu::Help], &editor);
                });
            });
            modal::buttons(ui, |ui| done = button::primary(ui, None, say(ui, text("Close", "关闭"))).clicked());
        });
        self.is_open = stays && !done;
    }
}

/// The commands of some menus that have keys, a gap between the menus; below them keys of the editor alone.
fn column(ui: &mut Ui, menus: &[Menu], editor: &[(&str, &str, &str)]) {
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
                line(ui, &local(ui, &name), command.keys());
            }
        }
        for (keys, en, zh) in editor {
            line(ui, tr(ui, en, zh), keys);
        }
    });
}
