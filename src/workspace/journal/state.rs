//! Where each release is on its way, as its journal tells.

use std::collections::BTreeMap;

use super::{Action, Journal};
use countersign_core::release::Digest;
use countersign_core::text::StaticText;

/// Where a release is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Made, and nothing more (草稿).
    #[default]
    Draft,
    /// Submitted by its maker (已提交).
    Submitted,
    /// Approved by somebody; whether by enough, the policy says (已审批).
    Approved,
    /// What the gateway runs (现行).
    Live,
    /// Was live until another took its place (已取代).
    Superseded,
    /// Rejected: a new release is needed (已驳回).
    Rejected,
    /// Withdrawn (已撤回).
    Withdrawn,
}

impl State {
    /// The word for people.
    #[must_use]
    pub fn text(self) -> StaticText {
        match self {
            Self::Draft => StaticText::new("draft", "草稿"),
            Self::Submitted => StaticText::new("submitted", "已提交"),
            Self::Approved => StaticText::new("approved", "已审批"),
            Self::Live => StaticText::new("live", "生效中"),
            Self::Superseded => StaticText::new("superseded", "已取代"),
            Self::Rejected => StaticText::new("rejected", "已驳回"),
            Self::Withdrawn => StaticText::new("withdrawn", "已撤回"),
        }
    }

    /// Whether an action may follow.
    #[must_use]
    pub fn allows(self, action: Action) -> bool {
        use State::{Approved, Draft, Live, Rejected, Submitted, Superseded};
        match action {
            Action::Created | Action::Repaired => true,
            Action::Submitted => matches!(self, Draft),
            Action::Approved | Action::Rejected => matches!(self, Submitted | Approved),
            Action::Withdrawn => matches!(self, Draft | Submitted | Approved | Rejected | Live | Superseded),
            Action::Publishing | Action::Published | Action::NotPublished => matches!(self, Submitted | Approved | Live),
        }
    }
}

/// The states of every release in a journal.
#[derive(Clone, Debug, Default)]
pub struct History {
    states: BTreeMap<Digest, State>,
    live: Option<Digest>,
}

impl History {
    /// Follows the journal's lines in their order.
    #[must_use]
    pub fn of(journal: &Journal) -> Self {
        let mut history = Self::default();
        for line in &journal.lines {
            let record = &line.record;
            let Some(release) = record.to else { continue };
            let state = match record.what {
                Action::Created => State::Draft,
                Action::Submitted => State::Submitted,
                Action::Approved => State::Approved,
                Action::Rejected => State::Rejected,
                Action::Withdrawn => State::Withdrawn,
                Action::Published => State::Live,
                Action::Publishing | Action::NotPublished | Action::Repaired => continue,
            };
            let was = history.states.insert(release, state);
            match record.what {
                // Made again to the byte, it stays where it was.
                Action::Created => drop(was.and_then(|was| history.states.insert(release, was))),
                Action::Published => {
                    if let Some(old) = history.live.replace(release).filter(|old| *old != release)
                        && history.states.get(&old) == Some(&State::Live)
                    {
                        history.states.insert(old, State::Superseded);
                    }
                }
                _ => {}
            }
        }
        history
    }

    /// Where a release is; a draft where nothing is told of it.
    #[must_use]
    pub fn state(&self, release: Digest) -> State {
        self.states.get(&release).copied().unwrap_or_default()
    }

    /// The release published last.
    #[must_use]
    pub fn live(&self) -> Option<Digest> {
        self.live
    }
}
