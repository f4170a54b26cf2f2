//! What the person is told once.

use std::path::PathBuf;

use super::Session;
use countersign_core::text::LocalText;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    Info,
    Success,
    /// Something was not done, or not as wanted.
    Error,
}

/// Something to tell the person once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number, to dismiss it by.
    pub id: u64,
    pub weight: Weight,
    pub text: LocalText,
    pub help: Option<LocalText>,
    pub file: Option<PathBuf>,
}

#[derive(Default)]
pub(super) struct Notices {
    shown: Vec<Notice>,
    next: u64,
}

impl Session {
    /// What the person should be told, oldest first.
    pub fn notices(&self) -> &[Notice] {
        &self.notices.shown
    }

    pub(super) fn notify(&mut self, weight: Weight, text: LocalText) {
        self.stamp += 1;
        let Notices { shown, next } = &mut self.notices;
        // A text is shown once.
        shown.retain(|notice| notice.text != text);
        shown.push(Notice { id: *next, weight, text, help: None, file: None });
        *next += 1;
    }

    pub(super) fn dismiss(&mut self, notice: u64) {
        self.notices.shown.retain(|held| held.id != notice);
    }
}
