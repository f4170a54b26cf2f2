//! Submitting, approving, rejecting and withdrawing.

use std::path::Path;

use super::super::files::Files;
use super::super::journal::{JournalAction, JournalRecord};
use super::locked::{LockedWorkspace, refuse};
use super::{Actor, SigningKey, StepDetails, StepError, anchor, changed, home, homeless, read_release, role};
use countersign_core::release::{self, Approval, MAKER, REJECTED, Refused, Release, Requirements, WITHDRAWN};
use countersign_core::text::Sources;

/// What somebody signs as.
#[derive(Clone, Copy, Debug)]
pub enum As<'a> {
    /// The maker, who submits.
    Maker,
    /// A checker, who approves in a role: the one named, or the only one that the policy gives.
    Checker(Option<&'a str>),
}

/// Signs the release that was read from a file, and puts the signature under it; see [`sign`].
///
/// # Errors
/// The policy gives no role or leaves a choice, the key does not sign, or as [`sign`].
pub fn sign_with(
    files: &dyn Files,
    path: &Path,
    read: &Release,
    (signer, part): (&mut SigningKey, As<'_>),
    doing: &StepDetails,
    requirements: &Requirements,
) -> Result<(Release, Approval), StepError> {
    let role = match part {
        As::Maker => MAKER.to_owned(),
        As::Checker(asked) => {
            if let Some(own) = release::own_approval(read, &doing.who) {
                return Err(own.into());
            }
            role(&requirements.policy, &doing.who, asked)?
        }
    };
    let journal = anchor(files, path)?.filter(|_| read.lineage().is_some());
    let mut approval = Approval { principal: doing.who.clone(), role, time: doing.at, journal, signature: String::new() };
    approval.signature = signer.sign(&read.signed_text(&approval))?;
    let release = sign(files, path, read, approval.clone(), &doing.comment, requirements)?;
    Ok((release, approval))
}

/// Puts a signature under the release that was read from a file, and writes it back. A submission is one in the role
/// [`release::MAKER`]. What others signed meanwhile is kept.
///
/// # Errors
/// The file holds another release by now, the journal says that it is not its turn, or the signature is not one that `requirements`
/// trust: then nothing is written.
pub fn sign(
    files: &dyn Files,
    path: &Path,
    read: &Release,
    approval: Approval,
    comment: &str,
    requirements: &Requirements,
) -> Result<Release, StepError> {
    let action = if approval.is_submission() { JournalAction::Submitted } else { JournalAction::Approved };
    let put = |approval: Approval| -> Result<Release, StepError> {
        let now = read_release(files, path)?;
        if now.digest() != read.digest() {
            return Err(changed(path));
        }
        let refused = |findings| StepError::from(Refused { sources: Sources::default(), findings });
        let signed = release::approve(&now, approval).map_err(refused)?;
        let mut findings = release::verify_signatures(&signed, requirements);
        findings.extend(release::revoked(&signed, requirements));
        refuse(&signed.definition().sources, findings)?;
        files.write(path, release::write(&signed).as_bytes())?;
        Ok(signed)
    };
    let Some(home) = home(files, path) else {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let _lock = files.lock(folder)?;
        return put(approval);
    };
    let mut workspace = LockedWorkspace::open(files, home, requirements, None)?;
    let before = read_release(files, path)?;
    workspace.catch_up(&before)?;
    workspace.check(&before, action)?;
    let record = workspace.record_of(&before, &approval, comment);
    let signed = put(approval)?;
    workspace.note(vec![record])?;
    Ok(signed)
}

/// Rejects or withdraws a release: noted in the journal, where every later step finds it, and signed by the key of whoever does it, under
/// the release as well, so that it stays refused wherever it is taken.
///
/// # Errors
/// The release lies in no workspace, the journal says that it is past that, or the key is not one that the workspace trusts.
pub fn mark(files: &dyn Files, path: &Path, action: JournalAction, actor: Actor<'_>) -> Result<Release, StepError> {
    let Actor { doing, signer, requirements } = actor;
    let home = home(files, path).ok_or_else(|| homeless(path))?;
    let mut workspace = LockedWorkspace::open(files, home, requirements, signer)?;
    let release = read_release(files, path)?;
    workspace.catch_up(&release)?;
    workspace.check(&release, action)?;
    let role = if action == JournalAction::Rejected { REJECTED } else { WITHDRAWN };
    let (ended, record) = match workspace.ending(&release, role, doing)? {
        None => (release.clone(), workspace.record(&release, action, doing)),
        Some(approval) => {
            let record = workspace.record_of(&release, &approval, &doing.comment);
            let refused = |findings| StepError::from(Refused { sources: Sources::default(), findings });
            (release::approve(&release, approval).map_err(refused)?, record)
        }
    };
    let record = workspace.signed(record)?;
    if record.statement.is_some() {
        files.write(path, release::write(&ended).as_bytes())?;
    }
    workspace.note(vec![record])?;
    Ok(ended)
}

impl LockedWorkspace<'_> {
    /// The record of a release that is being made, signed where its maker has a key.
    pub(super) fn created(&mut self, release: &Release, doing: &StepDetails) -> Result<JournalRecord, StepError> {
        let from = self.history().live();
        let record = JournalRecord { from, ..self.record(release, JournalAction::Created, doing) };
        self.signed(record)
    }
}
