//! What stands round the panels: bars, the layout, the palette, dialogs, notices.

mod definitions;
mod dialogs;
mod export;
mod kept;
pub mod keys;
mod layout;
mod left_out;
mod mapping;
mod new_rule;
mod notices;
mod palette;
mod preferences;
mod questions;
mod recent;
mod screens;
mod shortcuts;
mod starting;
mod status_bar;
mod strip;
mod tabs;
mod top_bar;
mod tour;

use eframe::egui::{Context, Ui};

use super::outbox::{Outbox, Tab};
use super::panels::mend::Mend;
use super::panels::{Panels, welcome};
use countersign_session::views::inspector::parameters;
use countersign_session::{Action, Command, Opened, Session};
use dialogs::Wanted;
pub use screens::Screen;

/// What the shell keeps.
#[derive(Default)]
pub struct Shell {
    screen: Screen,
    tab: Tab,
    layout: layout::Layout,
    keeper: kept::Keeper,
    mend: Mend,
    palette: palette::Palette,
    new_rule: new_rule::NewRule,
    preferences: preferences::Preferences,
    shortcuts: shortcuts::Shortcuts,
    dialogs: dialogs::Dialogs,
    export: export::Export,
    questions: questions::Questions,
    tour: tour::Tour,
    left_out: left_out::LeftOut,
    mapping: mapping::Mapping,
    definitions: definitions::Definitions,
    starting: starting::NewWorkspace,
}

impl Shell {
    /// Shows everything.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, panels: &mut Panels, out: &mut Outbox) {
        top_bar::show(ui, session, out);
        match self.screen {
            Screen::Workbench => self.middle(ui, session, panels, out),
            Screen::Releases | Screen::Journal => {
                status_bar::show(ui, session, out);
                screens::show(ui, &mut self.screen, panels, session, out);
            }
        }
        notices::show(ui.ctx(), session, out);
        self.palette.show(ui.ctx(), session, out);
        self.new_rule.show(ui.ctx(), session, out);
        self.preferences.show(ui.ctx(), session, out);
        self.shortcuts.show(ui.ctx(), session);
        self.export.show(ui.ctx(), session, out);
        self.tour.show(ui.ctx(), session, out);
        self.starting.show(ui.ctx(), session, out);
        self.definitions.show(ui.ctx(), session, out);
        self.left_out.show(ui.ctx(), session, out);
        self.mapping.show(ui.ctx(), session, out);
        self.dialogs.show(ui.ctx(), out);
        self.questions.show(ui.ctx(), session, out);
    }

    /// The panels of a workspace; its files where it cannot be understood; the first steps where nothing is open.
    fn middle(&mut self, ui: &mut Ui, session: &Session, panels: &mut Panels, out: &mut Outbox) {
        if let Some(sizes) = self.keeper.begin(session, &mut self.tab) {
            self.layout.first = sizes;
        }
        match session.document().opened() {
            Opened::Workspace => {
                strip::show(ui, session, out);
                status_bar::show(ui, session, out);
                let sizes = layout::show(ui, &self.layout, &mut self.tab, panels, session, out);
                self.keeper.follow(ui.ctx(), session, sizes, self.tab, out);
            }
            Opened::Broken(broken) => {
                status_bar::show(ui, session, out);
                self.mend.show(ui, session, broken, out);
            }
            Opened::Nothing => welcome::show(ui, session, out),
        }
    }

    /// Brings a tab to the front.
    pub fn show_tab(&mut self, tab: Tab, out: &mut Outbox) {
        self.tab = tab;
        self.go(Screen::Workbench, out);
    }

    /// Goes to a screen.
    pub fn go(&mut self, screen: Screen, out: &mut Outbox) {
        screens::go(&mut self.screen, screen, out);
    }

    /// Opens the dialog for definitions.
    pub fn define(&mut self, open: impl FnOnce(&mut definitions::Definitions)) {
        open(&mut self.definitions);
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
            Command::ResetLayout => {
                self.layout = layout::Layout { reset: self.layout.reset + 1, ..layout::Layout::default() };
                self.keeper.forget(out);
            }
            Command::Shortcuts => self.shortcuts.open(),
            Command::LeftOut => self.left_out.open(),
            Command::Tour => self.tour.open(),
            Command::Releases => self.go(Screen::Releases, out),
            Command::Journal => self.go(Screen::Journal, out),
            Command::Export => self.export.open(session),
            Command::OpenWorkspace => self.dialogs.ask(ctx, Wanted::Workspace),
            Command::Definitions => self.definitions.open(),
            Command::MapRequests => self.dialogs.ask(ctx, Wanted::Mapped),
            Command::NewWorkspace => self.dialogs.ask(ctx, Wanted::NewWorkspace),
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
