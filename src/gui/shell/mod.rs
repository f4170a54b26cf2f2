//! What stands round the panels: bars, the layout, the palette, dialogs, notices.

mod dialogs;
mod export;
pub mod keys;
mod layout;
mod new_rule;
mod notices;
mod palette;
mod preferences;
mod questions;
mod shortcuts;
mod status_bar;
mod strip;
mod tabs;
mod top_bar;
mod tour;

use eframe::egui::{Context, Ui};

use super::outbox::{Outbox, Tab};
use super::panels::Panels;
use crate::session::views::inspector::parameters;
use crate::session::{Action, Command, Session};
use dialogs::Wanted;

/// What the shell keeps.
#[derive(Default)]
pub struct Shell {
    tab: Tab,
    /// Counts how often the layout was reset: the sizes of panels are remembered under it.
    layout: u64,
    palette: palette::Palette,
    new_rule: new_rule::NewRule,
    preferences: preferences::Preferences,
    shortcuts: shortcuts::Shortcuts,
    dialogs: dialogs::Dialogs,
    export: export::Export,
    questions: questions::Questions,
    tour: tour::Tour,
}

impl Shell {
    /// Shows everything.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, panels: &mut Panels, out: &mut Outbox) {
        top_bar::show(ui, session, out);
        strip::show(ui, session, out);
        status_bar::show(ui, session, out);
        layout::show(ui, self.layout, &mut self.tab, panels, session, out);
        notices::show(ui.ctx(), session, out);
        self.palette.show(ui.ctx(), session, out);
        self.new_rule.show(ui.ctx(), session, out);
        self.preferences.show(ui.ctx(), session, out);
        self.shortcuts.show(ui.ctx(), session);
        self.export.show(ui.ctx(), session, out);
        self.tour.show(ui.ctx(), session, out);
        self.dialogs.show(ui.ctx(), out);
        self.questions.show(ui.ctx(), session, out);
    }

    /// Brings a tab to the front.
    pub fn show_tab(&mut self, tab: Tab) {
        self.tab = tab;
    }

    /// Opens the dialog for preferences.
    pub fn open_preferences(&mut self) {
        self.preferences.open();
    }

    /// Does one of the window's own commands.
    pub fn run(&mut self, ctx: &Context, command: Command, session: &Session, panels: &mut Panels, out: &mut Outbox) {
        match command {
            Command::Palette => self.palette.open(),
            Command::AddRule => self.new_rule.open_new(session),
            Command::RenameRule => self.new_rule.open_rename(session),
            Command::ResetLayout => self.layout += 1,
            Command::Shortcuts => self.shortcuts.open(),
            Command::Tour => self.tour.open(),
            Command::Export => self.export.open(session),
            Command::OpenWorkspace => self.dialogs.ask(ctx, Wanted::Workspace),
            Command::OpenRequests => self.dialogs.ask(ctx, Wanted::Requests),
            Command::SaveReport => self.dialogs.ask(ctx, Wanted::Report(session.document().definition().schema.zone)),
            Command::Sweep => {
                let read = parameters(session, session.view().selection.rule.as_ref());
                out.push(read.into_iter().next().map_or(Action::Do(command), |first| Action::Sweep(first.id)));
            }
            Command::OpenRelease => self.dialogs.ask(ctx, Wanted::Release),
            other => panels.editor.run(other),
        }
    }
}
