//! Where each release is on its way, as its journal tells.

use std::collections::BTreeMap;

use super::{Journal, JournalAction};
use countersign_core::release::Digest;
use countersign_core::text::StaticText;

/// Where a release is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReleaseState {
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
    Withdrawn,
}

impl ReleaseState {
    /// The word for people.
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
    pub fn allows(self, action: JournalAction) -> bool {
        use ReleaseState::{Approved, Draft, Live, Rejected, Submitted, Superseded};
        match action {
            JournalAction::Created | JournalAction::Repaired => true,
            JournalAction::Submitted => matches!(self, Draft),
            JournalAction::Approved | JournalAction::Rejected => matches!(self, Submitted | Approved),
            JournalAction::Withdrawn => matches!(self, Draft | Submitted | Approved | Rejected | Live | Superseded),
            JournalAction::Publishing | JournalAction::Published | JournalAction::NotPublished => {
                matches!(self, Submitted | Approved | Live)
            }
        }
    }
}

/// The states of every release in a journal.
#[derive(Clone, Debug, Default)]
pub struct ReleaseHistory {
    states: BTreeMap<Digest, ReleaseState>,
    live: Option<Digest>,
}

impl ReleaseHistory {
    /// Follows the journal's lines in their order.
    pub fn of(journal: &Journal) -> Self {
        let mut history = Self::default();
        for line in &journal.lines {
            let record = &line.record;
            let Some(release) = record.to else { continue };
            let state = match record.what {
                JournalAction::Created => ReleaseState::Draft,
                JournalAction::Submitted => ReleaseState::Submitted,
                JournalAction::Approved => ReleaseState::Approved,
                JournalAction::Rejected => ReleaseState::Rejected,
                JournalAction::Withdrawn => ReleaseState::Withdrawn,
                JournalAction::Published => ReleaseState::Live,
                JournalAction::Publishing | JournalAction::NotPublished | JournalAction::Repaired => continue,
            };
            let was = history.states.insert(release, state);
            match record.what {
                // Made again to the byte, it stays where it was.
                JournalAction::Created => drop(was.and_then(|was| history.states.insert(release, was))),
                JournalAction::Published => {
                    if let Some(old) = history.live.replace(release).filter(|old| *old != release)
                        && history.states.get(&old) == Some(&ReleaseState::Live)
                    {
                        history.states.insert(old, ReleaseState::Superseded);
                    }
                }
                _ => {}
            }
        }
        history
    }

    /// The state of a release; a draft where no entry names it.
    pub fn state(&self, release: Digest) -> ReleaseState {
        self.states.get(&release).copied().unwrap_or_default()
    }

    /// The release published last.
    pub fn live(&self) -> Option<Digest> {
        self.live
    }
}
