//! What surrounds the panels: bars, the layout, the palette, dialogs, notices.

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
use super::panels::text_files::TextFilesPanel;
use super::panels::{Panels, welcome};
use countersign_session::views::inspector::parameters;
use countersign_session::{Action, Command, OpenState, Session};
use dialogs::FilePurpose;
pub use screens::MainScreen;

#[derive(Default)]
pub struct Shell {
    screen: MainScreen,
    tab: Tab,
    layout: layout::PanelSizes,
    keeper: kept::LayoutKeeper,
    text_files: TextFilesPanel,
    palette: palette::Palette,
    new_rule: new_rule::NewRuleDialog,
    preferences: preferences::PreferencesDialog,
    shortcuts: shortcuts::Shortcuts,
    dialogs: dialogs::FileDialogs,
    export: export::ExportDialog,
    questions: questions::Questions,
    tour: tour::Tour,
    left_out: left_out::LeftOut,
    mapping: mapping::MappingDialog,
    definitions: definitions::Definitions,
    starting: starting::NewWorkspaceDialog,
}

impl Shell {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, panels: &mut Panels, out: &mut Outbox) {
        top_bar::show(ui, session, out);
        match self.screen {
            MainScreen::Workbench => self.middle(ui, session, panels, out),
            MainScreen::Releases | MainScreen::Journal => {
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
            OpenState::Workspace => {
                strip::show(ui, session, out);
                status_bar::show(ui, session, out);
                let sizes = layout::show(ui, &self.layout, &mut self.tab, panels, session, out);
                self.keeper.follow(ui.ctx(), session, sizes, self.tab, out);
            }
            OpenState::Unreadable(broken) => {
                status_bar::show(ui, session, out);
                self.text_files.show(ui, session, broken, out);
            }
            OpenState::Nothing => welcome::show(ui, session, out),
        }
    }

    pub fn show_tab(&mut self, tab: Tab, out: &mut Outbox) {
        self.tab = tab;
        self.go(MainScreen::Workbench, out);
    }

    pub fn go(&mut self, screen: MainScreen, out: &mut Outbox) {
        screens::go(&mut self.screen, screen, out);
    }

    pub fn define(&mut self, open: impl FnOnce(&mut definitions::Definitions)) {
        open(&mut self.definitions);
    }

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
                self.layout = layout::PanelSizes { reset: self.layout.reset + 1, ..layout::PanelSizes::default() };
                self.keeper.forget(out);
            }
            Command::Shortcuts => self.shortcuts.open(),
            Command::LeftOut => self.left_out.open(),
            Command::Tour => self.tour.open(),
            Command::Releases => self.go(MainScreen::Releases, out),
            Command::Journal => self.go(MainScreen::Journal, out),
            Command::Export => self.export.open(session),
            Command::OpenWorkspace => self.dialogs.ask(ctx, FilePurpose::Workspace),
            Command::Definitions => self.definitions.open(),
            Command::MapRequests => self.dialogs.ask(ctx, FilePurpose::Mapped),
            Command::NewWorkspace => self.dialogs.ask(ctx, FilePurpose::NewWorkspace),
            Command::OpenRequests => self.dialogs.ask(ctx, FilePurpose::Requests),
            Command::SaveReport => self.dialogs.ask(ctx, FilePurpose::Report(session.document().definition().schema.zone)),
            Command::Sweep => {
                let read = parameters(session, session.view().selection.rule.as_ref());
                out.push(read.into_iter().next().map_or(Action::Do(command), |first| Action::Sweep(first.id)));
            }
            Command::OpenRelease => self.dialogs.ask(ctx, FilePurpose::Release),
            other => panels.editor.run(other),
        }
    }
}
