//! Every command with its keys, by menu.

use eframe::egui::{Context, Grid, RichText, ScrollArea};

use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::modal;
use crate::gui::words::{language, local, text, tr};
use crate::session::{Command, Menu, Session};

/// What the sheet keeps.
#[derive(Default)]
pub struct Shortcuts {
    is_open: bool,
}

impl Shortcuts {
    /// Opens the sheet.
    pub fn open(&mut self) {
        self.is_open = true;
    }

    /// Shows the sheet while it is open.
    pub fn show(&mut self, ctx: &Context, _session: &Session) {
        if !self.is_open {
            return;
        }
        let title = text("Keyboard shortcuts", "键盘快捷键").get(language(ctx));
        self.is_open = modal::show(ctx, "shortcuts", title, metrics().dialog_width, |ui| {
            ScrollArea::vertical().max_height(metrics().dialog_width).show(ui, |ui| {
                Grid::new("shortcuts").num_columns(2).spacing([space().huge, space().tiny]).show(ui, |ui| {
                    let mut last: Option<Menu> = None;
                    for command in Command::ALL.iter().filter(|command| !command.keys().is_empty()) {
                        if last.is_some_and(|menu| menu != command.menu()) {
                            ui.label("");
                            ui.end_row();
                        }
                        last = Some(command.menu());
                        let name = command.title();
                        ui.label(local(ui, &name));
                        ui.label(RichText::new(command.keys()).font(theme::code()).color(colours(ui).text_weak));
                        ui.end_row();
                    }
                    for (keys, en, zh) in [("Ctrl+Space", "Complete", "自动补全"), ("Ctrl+H", "Find and replace", "查找并替换")]
                    {
                        ui.label(tr(ui, en, zh));
                        ui.label(RichText::new(keys).font(theme::code()).color(colours(ui).text_weak));
                        ui.end_row();
                    }
                });
            });
        });
    }
}
