//! Who must approve here, whose signatures count, and in which role somebody may act.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::files::Files;
use super::{
    POLICY_FILE, REVOCATIONS_FILE, SIGNERS_FILE, StepDetails, StepError, read_policy, read_revocations, read_trust, wrong_key,
};
use crate::kinds::WRONG_KEY;
use countersign_core::diagnostic::{Finding, Help, Operation};
use countersign_core::model::Moment;
use countersign_core::release::{Policy, Requirements, is_principal};
use countersign_core::text::LocalText;

/// The role of an approval where no policy names any.
const CHECKER: &str = "checker";

/// Who must approve and whose signatures count: by the files given, or else by those of the workspace in `root`. What the workspace's list
/// revokes is refused.
///
/// # Errors
/// A file that is there cannot be read or is not understood.
pub fn requirements(
    files: &dyn Files,
    root: Option<&Path>,
    policy: Option<&Path>,
    signers: Option<&Path>,
) -> Result<Requirements, StepError> {
    let requirements = trusted(files, root, policy, signers)?;
    match beside(files, root, REVOCATIONS_FILE) {
        Some(path) => without(files, &path, requirements),
        None => Ok(requirements),
    }
}

fn beside(files: &dyn Files, root: Option<&Path>, name: &str) -> Option<PathBuf> {
    root.map(|root| root.join(name)).filter(|path| files.exists(path))
}

/// The same without the workspace's list of what was revoked.
///
/// # Errors
/// A file that is there cannot be read or is not understood.
pub fn trusted(
    files: &dyn Files,
    root: Option<&Path>,
    policy: Option<&Path>,
    signers: Option<&Path>,
) -> Result<Requirements, StepError> {
    let find = |given: Option<&Path>, name| given.map(Path::to_owned).or_else(|| beside(files, root, name));
    let policy = find(policy, POLICY_FILE).map(|path| read_policy(files, &path)).transpose()?;
    let trust = find(signers, SIGNERS_FILE).map(|path| read_trust(files, &path)).transpose()?;
    Ok(Requirements { policy: policy.unwrap_or_default(), trust, ..Requirements::default() })
}

/// The same requirements, refusing what a list revokes.
///
/// # Errors
/// The list cannot be read, or is not signed as they ask.
pub fn without(files: &dyn Files, list: &Path, requirements: Requirements) -> Result<Requirements, StepError> {
    let list = read_revocations(files, list)?;
    list.verify(&requirements)?;
    Ok(requirements.without(Arc::new(list)))
}

/// That nobody said whose signatures count.
pub fn no_signers() -> StepError {
    StepError::Asked(Box::new(unlisted()))
}

pub(super) fn unlisted() -> Finding {
    let message = LocalText::new("nobody said whose signatures count", "未指定信任哪些签名");
    let help = Help::with_operation(
        LocalText::new("list the keys of those who may sign", "请登记可签名人员的密钥"),
        Operation::NameSigners,
    );
    Finding::new(WRONG_KEY, None, message).with_help(help)
}

/// The role asked for, or the only one that the policy gives a principal.
///
/// # Errors
/// The policy gives none, or leaves a choice.
pub fn role(policy: &Policy, who: &str, asked: Option<&str>) -> Result<String, StepError> {
    let open: Vec<&str> = policy.roles_of(who).map(|role| role.id.as_str()).collect();
    match (asked, open.as_slice()) {
        (Some(asked), _) => Ok(asked.to_owned()),
        (None, _) if policy.roles.is_empty() => Ok(CHECKER.to_owned()),
        (None, [one]) => Ok((*one).to_owned()),
        (None, several) => {
            let names = several.join("`, `");
            if several.is_empty() {
                let message =
                    LocalText::new(format!("the policy gives `{who}` no role"), format!("审批策略未授予 `{who}` 任何角色"));
                let help = LocalText::new(
                    "the policy's `roles` say who may act in which; somebody who is named there approves",
                    "审批策略的 `roles` 规定了谁可以担任哪个角色：请由其中所列人员审批",
                );
                return Err(wrong_key(message, help));
            }
            let message = LocalText::new(
                format!("as which of `{names}` does `{who}` approve?"),
                format!("`{who}` 以哪个角色审批：`{names}`？"),
            );
            Err(wrong_key(message, Help::with_operation(LocalText::new("choose one", "请选择"), Operation::ChooseRole)))
        }
    }
}

impl StepDetails {
    /// Somebody who does something.
    ///
    /// # Errors
    /// The name can be no principal's.
    pub fn new(who: &str, at: Moment, comment: &str) -> Result<Self, StepError> {
        if is_principal(who) {
            return Ok(Self { who: who.to_owned(), at, comment: comment.to_owned() });
        }
        let message = LocalText::new(format!("`{who}` cannot name a principal"), format!("`{who}` 不能作为人员名称"));
        let help = LocalText::new("write it as `li.na@bank.example`", "请写成 `li.na@bank.example` 的形式");
        Err(wrong_key(message, help))
    }
}
