//! A session on the shipped workspace for the tests of panels: everything in memory, jobs done at once.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{Ui, Vec2};
use egui_kittest::Harness;

use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::words;
use countersign_session::{Action, FileAction, ScriptAction, ScriptRef, Session, SessionOptions, Workers};
use countersign_workspace::fixture::{SAMPLE, first_requests, shipped_rules};

/// A session with a panel's state; what the panel asks for is applied after every frame.
pub struct PanelHarness<P> {
    pub session: Session,
    pub panel: P,
    pub asks: Vec<WindowAction>,
    now: Duration,
}

/// The shipped rules, with the first of the shipped requests where wanted.
pub fn session(requests: bool) -> Session {
    let files = shipped_rules();
    files.put(SAMPLE, first_requests(2_000));
    let mut session = Session::new(Arc::new(files), SessionOptions { workers: Workers::Inline, ..SessionOptions::default() });
    session.apply(Action::File(FileAction::OpenWorkspace("rules".into())));
    session.tick(Duration::ZERO);
    if requests {
        session.apply(Action::File(FileAction::OpenRequests { path: SAMPLE.into(), mapping: None }));
        session.tick(Duration::ZERO);
    }
    assert_eq!(session.notices(), []);
    session
}

impl<P: Default> PanelHarness<P> {
    /// A panel as it is first shown.
    pub fn new(session: Session) -> Self {
        Self { session, panel: P::default(), asks: Vec::new(), now: Duration::ZERO }
    }
}

impl<P> PanelHarness<P> {
    /// Does an action and all that follows from it.
    pub fn act(&mut self, action: Action) {
        self.session.apply(action);
        self.now += Duration::from_secs(1);
        self.session.tick(self.now);
    }

    /// Makes the draft wrong, so that results become old.
    pub fn break_a_script(&mut self) {
        let rule = self.session.document().rule_set().rules().next().map(|(.., rule)| rule.id.clone()).unwrap();
        self.act(Action::Script(ScriptAction::SetText(ScriptRef::Rule(rule), "if nothing_known {".to_owned())));
    }

    fn frame(&mut self, ui: &mut Ui, show: impl Fn(&mut P, &mut Ui, &Session, &mut Outbox)) {
        words::speak(ui.ctx(), self.session.preferences().language);
        let mut out = Outbox::default();
        show(&mut self.panel, ui, &self.session, &mut out);
        self.asks.extend(out.take_asks());
        for action in out.take_actions() {
            self.act(action);
            ui.ctx().request_repaint();
        }
    }
}

pub fn window<'a, P: 'a>(
    bench: PanelHarness<P>,
    show: impl Fn(&mut P, &mut Ui, &Session, &mut Outbox) + Copy + 'a,
) -> Harness<'a, PanelHarness<P>> {
    let builder = Harness::builder().with_size(Vec2::new(1440.0, 520.0)).with_context_setup(crate::gui::install);
    builder.build_ui_state(move |ui, bench: &mut PanelHarness<P>| bench.frame(ui, show), bench)
}
