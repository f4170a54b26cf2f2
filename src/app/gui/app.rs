//! The window's state and its frame: take news, show the panels, do what they ask.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use eframe::egui::{Context, ThemePreference, Ui, ViewportCommand};

use super::outbox::{Outbox, WindowAction};
use super::panels::Panels;
use super::shell::{MainScreen, Shell, keys};
use super::{StartOptions, theme, words};
use countersign_core::text::Language;
use countersign_session::{Action, FileAction, PreferenceAction, SelectAction, Session, SessionOptions, Theme};
use countersign_workspace::DiskFiles;

/// The workspace that is shipped, and the requests that go with it.
const WORKSPACE: &str = "rules";
const SAMPLE: &str = "assets/samples/signing-requests.parquet";

pub struct Window {
    pub session: Session,
    panels: Panels,
    shell: Shell,
    outbox: Outbox,
    started: Instant,
    title: String,
    /// The workspace whose first rule was opened.
    greeted: Option<PathBuf>,
}

impl Window {
    pub fn new(context: &eframe::CreationContext<'_>, start: &StartOptions) -> Self {
        super::install(&context.egui_ctx);
        theme::use_system_faces(&context.egui_ctx);
        let ctx = context.egui_ctx.clone();
        let options = SessionOptions {
            settings: start.settings.clone(),
            language: Language::of_environment(),
            waker: Arc::new(move || ctx.request_repaint()),
            ..SessionOptions::default()
        };
        let mut session = Session::new(Arc::new(DiskFiles), options);
        open(&mut session, start);
        let window = Self::on(session);
        // Before the first frame, by whose size panels take theirs.
        window.wear_preferences(&context.egui_ctx);
        window
    }

    /// A window on a session that is there already.
    pub fn on(session: Session) -> Self {
        Self {
            session,
            panels: Panels::default(),
            shell: Shell::default(),
            outbox: Outbox::default(),
            started: Instant::now(),
            title: String::new(),
            greeted: None,
        }
    }

    pub fn frame(&mut self, ui: &mut Ui) {
        if let Some(wait) = self.session.tick(self.started.elapsed()) {
            ui.ctx().request_repaint_after(wait);
        }
        theme::refresh_faces(ui.ctx());
        self.wear_preferences(ui.ctx());
        self.open_first_rule();
        keys::take(ui.ctx(), &mut self.outbox);
        self.shell.show(ui, &self.session, &mut self.panels, &mut self.outbox);
        self.do_asked(ui.ctx());
        self.name_window(ui.ctx());
    }

    /// A workspace that was just opened shows its first rule rather than nothing.
    fn open_first_rule(&mut self) {
        let document = self.session.document();
        let is_new = self.greeted.as_deref() != Some(document.root());
        if !document.is_editable() || !is_new {
            return;
        }
        self.greeted = Some(document.root().to_owned());
        let first = document.rule_set().rules().next().map(|(.., rule)| rule.id.clone());
        if let Some(rule) = first.filter(|_| self.session.view().selection.script.is_none()) {
            self.session.apply(Action::Select(SelectAction::Rule(rule)));
        }
    }

    fn wear_preferences(&self, ctx: &Context) {
        let preferences = self.session.preferences();
        words::speak(ctx, preferences.language);
        let theme = match preferences.theme {
            Theme::System => ThemePreference::System,
            Theme::Light => ThemePreference::Light,
            Theme::Dark => ThemePreference::Dark,
        };
        if ctx.options(|options| options.theme_preference) != theme {
            ctx.set_theme(theme);
        }
        let zoom = f32::from(preferences.scale_percent) / 100.0;
        if (ctx.zoom_factor() - zoom).abs() > f32::EPSILON {
            ctx.set_zoom_factor(zoom);
        }
    }

    /// Does what was asked, in order; what follows from it is seen in the next frame.
    fn do_asked(&mut self, ctx: &Context) {
        let (asks, mut moved) = (self.outbox.take_asks(), false);
        for ask in asks {
            moved = true;
            match ask {
                WindowAction::Run(command) if command.is_of_window() => {
                    self.shell.run(ctx, command, &self.session, &mut self.panels, &mut self.outbox);
                }
                WindowAction::Run(command) => self.session.apply(Action::Do(command)),
                WindowAction::Show(tab) => self.shell.show_tab(tab, &mut self.outbox),
                WindowAction::Copy(text) => ctx.copy_text(text),
                WindowAction::Preferences => self.shell.open_preferences(),
                WindowAction::Field(name) => self.shell.define(|definitions| definitions.open_field(&self.session, name)),
                WindowAction::Reason(code) => self.shell.define(|definitions| definitions.open_reason(&self.session, code)),
                WindowAction::Releases => self.shell.go(MainScreen::Releases, &mut self.outbox),
                WindowAction::Sign(signing) => self.session.sign(signing),
                WindowAction::ExportSigned(comment, at, key) => self.session.export_signed(comment, at, key),
            }
        }
        for action in self.outbox.take_actions() {
            moved = true;
            if matches!(action, Action::Select(_)) {
                self.shell.go(MainScreen::Workbench, &mut self.outbox);
            }
            self.session.apply(action);
        }
        if moved {
            ctx.request_repaint();
        }
    }

    fn name_window(&mut self, ctx: &Context) {
        let document = self.session.document();
        let mark = if document.is_dirty() { "● " } else { "" };
        let rules = document.rule_set();
        let name = match rules.title.get(words::language(ctx)) {
            "" => rules.name.as_str(),
            title => title,
        };
        let title = format!("{mark}{name} – Countersign");
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.frame(ui);
    }
}

/// Opens the workspace and the requests that were asked for.
fn open(session: &mut Session, start: &StartOptions) {
    if let Some(language) = start.language {
        session.apply(Action::Prefer(PreferenceAction::Language(language)));
    }
    let shipped = Path::new(WORKSPACE);
    let workspace = start.workspace.clone().unwrap_or_else(|| shipped.to_owned());
    let is_shipped = workspace == shipped;
    session.apply(Action::File(FileAction::OpenWorkspace(workspace)));
    let sample = PathBuf::from(SAMPLE);
    let requests = start.requests.clone().or_else(|| (is_shipped && sample.exists()).then_some(sample));
    if let Some(path) = requests {
        session.apply(Action::File(FileAction::OpenRequests { path, mapping: start.mapping.clone() }));
    }
    if let Some(path) = start.against.clone() {
        session.apply(Action::File(FileAction::OpenRelease(path)));
    }
}
