//! What panels ask for: actions for the session, and things only the window can do. Drained in order once a frame.

use serde::{Deserialize, Serialize};

use countersign_core::model::Moment;
use countersign_session::{Action, Command, KeyChoice, SigningRequest};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tab {
    #[default]
    Requests,
    Explain,
    Impact,
    Interfaces,
    Charts,
    Cases,
    Lists,
    Schema,
}

/// Something only the window can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WindowAction {
    Show(Tab),
    /// Does a command, the session's or the window's own.
    Run(Command),
    /// Puts a text on the clipboard; whoever asks has masked what is personal.
    Copy(String),
    Preferences,
    /// Opens the form of a field of the schema; a new one where none is named.
    Field(Option<String>),
    /// Opens the form of a reason; a new one where none is named.
    Reason(Option<String>),
    Releases,
    /// Takes a step with a key; no action, since those may be kept.
    Sign(SigningRequest),
    /// Makes a release whose entry of the journal is signed: why it is made, when, and with which key.
    ExportSigned(String, Moment, KeyChoice),
}

#[derive(Debug, Default)]
pub struct Outbox {
    actions: Vec<Action>,
    asks: Vec<WindowAction>,
}

impl Outbox {
    pub fn push(&mut self, action: Action) {
        self.actions.push(action);
    }

    pub fn ask(&mut self, ask: WindowAction) {
        self.asks.push(ask);
    }

    /// The actions in order.
    pub fn take_actions(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.actions)
    }

    /// What the window is asked, in order.
    pub fn take_asks(&mut self) -> Vec<WindowAction> {
        std::mem::take(&mut self.asks)
    }
}
