//! Making a release live.

use std::path::Path;

use super::super::files::Files;
use super::super::journal::{self, JournalAction, JournalRecord, ReleaseHistory};
use super::super::released::released;
use super::locked::{LockedWorkspace, errors, refuse};
use super::{Actor, StepError, home, homeless, read_release};
use crate::kinds::{LIVE_RELEASE_MISSING, NO_APPROVAL_POLICY};
use countersign_core::diagnostic::{Finding, Help, Operation};
use countersign_core::release::{self, Refused, Release, Requirements, refusal};
use countersign_core::text::LocalText;

/// The release that the journal of the workspace in `root` says is live, with its file's name; none where nothing was published.
///
/// # Errors
/// The journal or the folder cannot be read, the journal was cut, or the file of the live release is gone.
pub fn live(files: &dyn Files, root: &Path) -> Result<Option<(String, Release)>, StepError> {
    let journal = journal::read(files, root)?;
    let releases = released(files, root)?.releases;
    let cut = journal::cut_entries(&journal, &releases);
    if let Some((_, release)) = releases.first().filter(|_| !cut.is_empty()) {
        let findings = cut.into_iter().map(|finding| Finding { span: None, ..finding }).collect();
        return Err(Refused { sources: release.definition().sources.clone(), findings }.into());
    }
    let Some(digest) = ReleaseHistory::of(&journal).live() else { return Ok(None) };
    let found = releases.into_iter().find(|(_, release)| release.digest() == digest);
    found.map(Some).ok_or_else(|| {
        let message = LocalText::new(
            format!("the live release {digest} is not among the workspace's releases"),
            format!("工作区的发布文件中没有生效版本 {digest}"),
        );
        let help = LocalText::new("restore its file in `released/`", "请恢复其在 `released/` 中的文件");
        Finding::new(LIVE_RELEASE_MISSING, None, message).with_help(help).into()
    })
}

/// Makes a release live: verified as a gateway would, written to the gateway's file where one is given, and noted; the one that was live
/// is superseded by it. The journal says what is to be written before it is, so that after a crash the next step ends what was begun.
///
/// # Errors
/// It is not approved as required, older than the live one, or past that; or the requirements ask for nothing.
pub fn publish(files: &dyn Files, path: &Path, to: Option<&Path>, actor: Actor<'_>) -> Result<Release, StepError> {
    let Actor { doing, signer, requirements } = actor;
    let home = home(files, path).ok_or_else(|| homeless(path))?;
    let mut workspace = LockedWorkspace::open(files, home, requirements, signer)?;
    let release = read_release(files, path)?;
    workspace.catch_up(&release)?;
    if !requirements.policy.asks() {
        return Err(asks_nothing().into());
    }
    if let Some(finding) = not_a_publisher(&doing.who, workspace.has_key(), requirements) {
        return Err(finding.into());
    }
    let live = live(files, &workspace.root)?.map(|(_, live)| live);
    let findings = errors(release::verify(&release, requirements, live.as_ref(), None));
    refuse(&release.definition().sources, findings)?;
    workspace.check(&release, JournalAction::Published)?;
    let target = to.map_or_else(String::new, |to| files.absolute(to).display().to_string());
    let from = live.map(|live| live.digest());
    let record = |workspace: &LockedWorkspace<'_>, what| JournalRecord {
        from,
        target: target.clone(),
        ..workspace.record(&release, what, doing)
    };
    // The first of its entries is signed; the one about its end follows from it, even if another step writes that.
    let first = record(&workspace, if to.is_some() { JournalAction::Publishing } else { JournalAction::Published });
    let first = workspace.signed(first)?;
    workspace.note(vec![first])?;
    if let Some(to) = to {
        if let Err(error) = files.write(to, release::write(&release).as_bytes()) {
            // Where that cannot be noted either, the next step does.
            drop(workspace.note(vec![record(&workspace, JournalAction::NotPublished)]));
            return Err(error.into());
        }
        workspace.note(vec![record(&workspace, JournalAction::Published)])?;
    }
    Ok(release)
}

/// That somebody may not publish, or proves nothing by a name without a key where the policy says who publishes.
fn not_a_publisher(who: &str, has_key: bool, requirements: &Requirements) -> Option<Finding> {
    let publishers = requirements.policy.publishers.as_ref()?;
    let names = publishers.join(", ");
    if !requirements.policy.may_publish(who) {
        let message = LocalText::new(format!("`{who}` may not publish"), format!("`{who}` 无上线权限"));
        let help = LocalText::new(format!("these may: {names}"), format!("可由以下人员上线：{names}"));
        return Some(Finding::new(refusal::PUBLISHER, None, message).with_help(help));
    }
    let message = LocalText::new("the policy says who publishes, and no key was given", "审批策略规定了上线人员，但未提供密钥");
    let help = Help::with_operation(LocalText::new("sign it", "请签名"), Operation::SignEntry);
    (!has_key).then(|| Finding::new(refusal::PUBLISHER, None, message).with_help(help))
}

fn asks_nothing() -> Finding {
    let message = LocalText::new("nothing says who must approve a release", "未规定发布须由谁审批");
    let help = Help::with_operation(LocalText::new("write who must approve", "请规定由谁审批"), Operation::NamePolicy);
    Finding::new(NO_APPROVAL_POLICY, None, message).with_help(help)
}
