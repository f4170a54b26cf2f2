//! Submitting, approving, rejecting and withdrawing.

use std::path::Path;

use super::super::files::Files;
use super::super::journal::{Action, Record};
use super::{Desk, Doing, Failed, Signer, changed, home, homeless, read_release, role};
use crate::release::{self, Approval, MAKER, Refused, Release, Requirements};
use crate::text::Sources;

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
    (signer, part): (&mut Signer, As<'_>),
    doing: &Doing,
    requirements: &Requirements,
) -> Result<(Release, Approval), Failed> {
    let role = match part {
        As::Maker => MAKER.to_owned(),
        As::Checker(asked) => {
            if let Some(own) = release::own_approval(read, &doing.who) {
                return Err(own.into());
            }
            role(&requirements.policy, &doing.who, asked)?
        }
    };
    let signature = signer.sign(&read.statement(&doing.who, &role, doing.at))?;
    let approval = Approval { principal: doing.who.clone(), role, time: doing.at, signature };
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
) -> Result<Release, Failed> {
    let action = if approval.is_submission() { Action::Submitted } else { Action::Approved };
    let doing = Doing { who: approval.principal.clone(), at: approval.time, comment: comment.to_owned() };
    let role = approval.role.clone();
    let put = || -> Result<Release, Failed> {
        let now = read_release(files, path)?;
        if now.digest() != read.digest() {
            return Err(changed(path));
        }
        let refused = |findings| Failed::from(Refused { sources: Sources::default(), findings });
        let signed = release::approve(&now, approval).map_err(refused)?;
        let findings = release::verify_signatures(&signed, requirements);
        if !findings.is_empty() {
            return Err(Refused { sources: signed.definition().sources.clone(), findings }.into());
        }
        files.write(path, release::write(&signed).as_bytes())?;
        Ok(signed)
    };
    let Some((root, name)) = home(files, path) else {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let _lock = files.lock(folder)?;
        return put();
    };
    let mut desk = Desk::open(files, root, name)?;
    let before = read_release(files, path)?;
    desk.catch_up(&before)?;
    desk.check(&before, action)?;
    let signed = put()?;
    desk.note(vec![Record { role, ..desk.record(&signed, action, &doing) }])?;
    Ok(signed)
}

/// Rejects or withdraws a release: noted in the journal, where every later step finds it.
///
/// # Errors
/// The release lies in no workspace, or the journal says that it is past that.
pub fn mark(files: &dyn Files, path: &Path, action: Action, doing: &Doing) -> Result<Release, Failed> {
    let (root, name) = home(files, path).ok_or_else(|| homeless(path))?;
    let mut desk = Desk::open(files, root, name)?;
    let release = read_release(files, path)?;
    desk.catch_up(&release)?;
    desk.check(&release, action)?;
    desk.note(vec![desk.record(&release, action, doing)])?;
    Ok(release)
}

impl Desk<'_> {
    /// Notes that a release was made.
    pub(super) fn note_created(&mut self, release: &Release, doing: &Doing) -> Result<(), Failed> {
        let from = self.history().live();
        self.note(vec![Record { from, ..self.record(release, Action::Created, doing) }])
    }
}
