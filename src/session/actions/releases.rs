//! Releases: which is looked at, and steps that need no key. Signing is no action: see [`Signing`](crate::Signing).

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Session;
use crate::releases::Step;
use countersign_core::model::Moment;
use countersign_core::release::Digest;
use countersign_core::text::LocalText;

/// Something done with the workspace's releases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReleaseAction {
    /// Releases are shown from now on, and looked at again and again; or no longer.
    Watch(bool),
    /// Looks at one release.
    Select(Digest),
    /// What it is seen against; none for the usual: the live one.
    Against(Option<Digest>),
    /// Takes a step that needs no key, as whoever the preferences name.
    Take {
        /// The step: not one that is signed.
        step: Step,
        /// The release.
        release: Digest,
        /// Why.
        comment: String,
        /// When.
        at: Moment,
        /// The gateway's file that publishing writes.
        to: Option<PathBuf>,
    },
    /// Asks the agent for its keys.
    AskAgent,
    /// Looks at a key file, without its passphrase.
    LookAtKey(PathBuf),
    /// Forgets what came of the last step.
    Forget,
}

pub(super) fn apply(session: &mut Session, action: ReleaseAction) -> Result<(), LocalText> {
    match action {
        ReleaseAction::Watch(yes) => session.watch_releases(yes),
        ReleaseAction::Select(digest) => {
            (session.view.releases.selected, session.view.releases.against) = (Some(digest), None);
        }
        ReleaseAction::Against(digest) => session.view.releases.against = digest,
        ReleaseAction::Take { step: Step::Submit | Step::Approve, .. } => {
            return Err(LocalText::new("a key is needed for that", "该操作需要密钥签名"));
        }
        ReleaseAction::Take { step, release, comment, at, to } => {
            session.step((step, release), (session.preferences.maker.clone(), comment, at), to, None);
        }
        ReleaseAction::AskAgent => session.ask_agent(),
        ReleaseAction::LookAtKey(path) => session.look_at_key(path),
        ReleaseAction::Forget => session.forget_tried(),
    }
    Ok(())
}
