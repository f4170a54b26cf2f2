//! How far a release has come with what a policy asks for its changes.

use super::Release;
use super::approval::Approval;
use super::changes::{Change, changes};
use super::pattern::matches;
use super::policy::{Need, Part, Policy};
use crate::text::LocalText;

/// A need of the policy that some change calls for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// What is needed.
    pub need: Need,
    /// The role's name for people.
    pub role: LocalText,
    /// The changes that call for it, at least one.
    pub changes: Vec<Change>,
    /// Who approved in that role.
    pub given: Vec<String>,
}

impl Called {
    /// Whether enough have approved in that role.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.given.len() >= self.need.approvals
    }
}

/// The needs of a policy that a release's changes call for. What changed is seen against `live`; without it everything did.
#[must_use]
pub fn called(release: &Release, policy: &Policy, live: Option<&Release>) -> Vec<Called> {
    let changed = changes(live.map(Release::definition), release.definition());
    policy.needs.iter().filter_map(|need| call(release.approvals(), policy, need, &changed)).collect()
}

fn call(approvals: &[Approval], policy: &Policy, need: &Need, changed: &[Change]) -> Option<Called> {
    let calling: Vec<Change> = changed.iter().filter(|change| is_about(&need.change, &change.part)).cloned().collect();
    if calling.is_empty() {
        return None;
    }
    let given = approvals.iter().filter(|approval| approval.counts() && approval.role == need.role);
    let role = policy.role(&need.role).map(|role| role.title.clone()).unwrap_or_default();
    let given = given.map(|approval| approval.principal.clone()).collect();
    Some(Called { need: need.clone(), role, changes: calling, given })
}

/// Whether a need over some parts is about a part that changed; its texts are patterns, the change's are ids.
fn is_about(need: &Part, changed: &Part) -> bool {
    match (need, changed) {
        (Part::Anything, _) | (Part::Schema, Part::Schema) | (Part::Settings, Part::Settings) => true,
        (Part::Stage(pattern), Part::Stage(id))
        | (Part::Parameter(pattern), Part::Parameter(id))
        | (Part::List(pattern), Part::List(id)) => matches(id, pattern),
        _ => false,
    }
}
