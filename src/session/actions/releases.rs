//! Releases: which is looked at, and steps that need no key. Signing is no action: see [`SigningRequest`](crate::Signing).

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::ReleaseStep;
use crate::Session;
use countersign_core::model::{Moment, RuleId};
use countersign_core::release::Digest;
use countersign_core::text::LocalText;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReleaseAction {
    /// Releases are shown from now on, and looked at again and again; or no longer.
    Watch(bool),
    Select(Digest),
    /// What it is seen against; none for the usual: the live one.
    Against(Option<Digest>),
    /// Takes a step that needs no key, as whoever the preferences name.
    Take {
        /// The step: not one that is signed.
        step: ReleaseStep,
        release: Digest,
        comment: String,
        at: Moment,
        /// The gateway's file that publishing writes.
        to: Option<PathBuf>,
        /// The rule to switch off.
        #[serde(default)]
        rule: Option<RuleId>,
    },
    ListKeys,
    /// Looks at a key file, without its passphrase.
    ReadKey(PathBuf),
    /// Forgets the outcome of the last step.
    ForgetStep,
}

pub(super) fn apply(session: &mut Session, action: ReleaseAction) -> Result<(), LocalText> {
    match action {
        ReleaseAction::Watch(yes) => session.watch_releases(yes),
        ReleaseAction::Select(digest) => {
            (session.view.releases.selected, session.view.releases.against) = (Some(digest), None);
        }
        ReleaseAction::Against(digest) => session.view.releases.against = digest,
        ReleaseAction::Take { step, .. } if step.needs_key() => {
            return Err(LocalText::new("a key is needed for that", "该操作需要密钥签名"));
        }
        ReleaseAction::Take { step: ReleaseStep::SwitchOff, rule: None, .. } => {
            return Err(LocalText::new("choose the rule to switch off", "请选择要停用的规则"));
        }
        ReleaseAction::Take { step, release, comment, at, to, rule } => {
            session.step((step, release, rule), (session.preferences().maker.clone(), comment, at), to, None);
        }
        ReleaseAction::ListKeys => session.list_agent_keys(),
        ReleaseAction::ReadKey(path) => session.read_key_file(path),
        ReleaseAction::ForgetStep => session.forget_step(),
    }
    Ok(())
}
