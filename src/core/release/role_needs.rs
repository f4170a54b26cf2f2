//! How far a release has come with what a policy asks for its changes.

use super::Release;
use super::approval::Approval;
use super::changes::{ReleaseChange, changes};
use super::pattern::matches;
use super::policy::{ChangedPart, NeedRule, Policy};
use crate::text::LocalText;

/// A need of the policy that some change calls for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleNeed {
    /// What is needed.
    pub need: NeedRule,
    /// The role's name for people.
    pub role: LocalText,
    /// The changes that call for it, at least one.
    pub changes: Vec<ReleaseChange>,
    /// Who approved in that role.
    pub given: Vec<String>,
}

impl RoleNeed {
    /// Whether enough have approved in that role.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.given.len() >= self.need.approvals
    }
}

/// The needs of a policy that a release's changes call for. What changed is seen against `live`; without it everything did.
#[must_use]
pub fn role_needs(release: &Release, policy: &Policy, live: Option<&Release>) -> Vec<RoleNeed> {
    let changed = changes(live.map(Release::definition), release.definition());
    policy.needs.iter().filter_map(|need| role_need(release.approvals(), policy, need, &changed)).collect()
}

fn role_need(approvals: &[Approval], policy: &Policy, need: &NeedRule, changed: &[ReleaseChange]) -> Option<RoleNeed> {
    let calling: Vec<ReleaseChange> = changed.iter().filter(|change| is_about(&need.change, &change.part)).cloned().collect();
    if calling.is_empty() {
        return None;
    }
    let given = approvals.iter().filter(|approval| approval.counts() && approval.role == need.role);
    let role = policy.role(&need.role).map(|role| role.title.clone()).unwrap_or_default();
    let given = given.map(|approval| approval.principal.clone()).collect();
    Some(RoleNeed { need: need.clone(), role, changes: calling, given })
}

/// Whether a need over some parts is about a part that changed; its texts are patterns, the change's are ids.
fn is_about(need: &ChangedPart, changed: &ChangedPart) -> bool {
    match (need, changed) {
        (ChangedPart::Anything, _)
        | (ChangedPart::Schema, ChangedPart::Schema)
        | (ChangedPart::Settings, ChangedPart::Settings) => true,
        (ChangedPart::Stage(pattern), ChangedPart::Stage(id))
        | (ChangedPart::Parameter(pattern), ChangedPart::Parameter(id))
        | (ChangedPart::List(pattern), ChangedPart::List(id)) => matches(id, pattern),
        _ => false,
    }
}
