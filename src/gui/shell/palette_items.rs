//! What the palette offers.

use eframe::egui::Ui;

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Ask, Outbox, Tab};
use crate::gui::words::{local, say, text};
use crate::session::{Action, Command, ScriptRef, SelectAction, Session};

/// What choosing an item does.
#[derive(Clone, Debug)]
pub enum What {
    /// Asks the window.
    Ask(Ask),
    /// Sends an action.
    Send(Box<Action>),
}

impl What {
    /// Does it.
    pub fn send(self, out: &mut Outbox) {
        match self {
            Self::Ask(ask) => out.ask(ask),
            Self::Send(action) => out.push(*action),
        }
    }
}

/// One line of the palette.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its icon.
    pub glyph: Glyph,
    /// Its name.
    pub label: String,
    /// Keys, an id, a place.
    pub detail: String,
    /// Why it cannot be done now.
    pub hindrance: Option<String>,
    /// What it does.
    pub what: What,
}

impl Item {
    fn new(glyph: Glyph, label: impl Into<String>, detail: impl Into<String>, what: What) -> Self {
        Self { glyph, label: label.into(), detail: detail.into(), hindrance: None, what }
    }
}

fn select(action: SelectAction) -> What {
    What::Send(Box::new(Action::Select(action)))
}

/// Everything there is, commands first.
pub fn items(ui: &Ui, session: &Session) -> Vec<Item> {
    let mut all: Vec<Item> = Command::ALL
        .iter()
        .filter(|command| **command != Command::Palette)
        .map(|command| command_item(ui, session, *command))
        .collect();
    let rules = session.document().rule_set();
    for (_, _, rule) in rules.rules() {
        let what = select(SelectAction::Rule(rule.id.clone()));
        all.push(Item::new(icons::status(rule.status), local(ui, &rule.title), rule.id.as_str(), what));
    }
    if let Some(shared) = &rules.shared {
        let label = say(ui, text("Shared functions", "共享函数"));
        all.push(Item::new(Glyph::FileCode, label, shared.file.clone(), select(SelectAction::Script(ScriptRef::Shared))));
    }
    for (_, name, field) in session.document().definition().schema.fields() {
        all.push(Item::new(Glyph::Database, local(ui, &field.text), name, What::Ask(Ask::Show(Tab::Schema))));
    }
    for (at, finding) in session.findings().iter().enumerate() {
        let glyph = icons::severity(finding.severity);
        all.push(Item::new(glyph, local(ui, &finding.message), finding.id, select(SelectAction::Finding(at))));
    }
    all
}

fn command_item(ui: &Ui, session: &Session, command: Command) -> Item {
    let title = command.title();
    let item = Item::new(Glyph::SquareTerminal, local(ui, &title), command.keys(), What::Ask(Ask::Run(command)));
    Item { hindrance: session.hindrance(command).map(|why| local(ui, &why).to_owned()), ..item }
}
