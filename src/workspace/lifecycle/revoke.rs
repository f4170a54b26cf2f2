//! Revoking releases and keys: one signed list that is added to.

use std::path::{Path, PathBuf};

use super::super::files::Files;
use super::super::load::RULE_SET_FILE;
use super::super::released::released;
use super::{LARGEST_TRUST, SigningKey, StepDetails, StepError, live, wrong_key};
use countersign_core::diagnostic::Finding;
use countersign_core::release::{
    Digest, LeastRelease, REVOCATION_NAMESPACE, Release, Requirements, RevocationSignature, Revocations, RevokedKey,
    RevokedRelease, key_of,
};
use countersign_core::text::LocalText;

/// What shall be revoked; with nothing of it the list gets one signature more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevocationRequest {
    pub releases: Vec<Digest>,
    /// Keys, by their fingerprints.
    pub keys: Vec<String>,
    /// No release with a lower number may be loaded.
    pub minimum: Option<u64>,
}

/// A list that was written.
#[derive(Clone, Debug)]
pub struct WrittenRevocations {
    pub list: Revocations,
    /// That too few have signed it yet.
    pub open: Vec<Finding>,
}

/// Reads a list of revocations; its signatures are not looked at.
///
/// # Errors
/// It cannot be read or is none.
pub fn read_revocations(files: &dyn Files, path: &Path) -> Result<Revocations, StepError> {
    let bytes = files.read(path, LARGEST_TRUST)?;
    Ok(Revocations::read(&path.display().to_string(), &bytes)?)
}

/// Whether a file is a list of revocations.
pub fn is_list(files: &dyn Files, path: &Path) -> bool {
    files.read(path, LARGEST_TRUST).is_ok_and(|bytes| Revocations::is_list(&bytes))
}

/// The workspace that a list's file lies in; none for a file that lies elsewhere.
pub fn home_of_list(files: &dyn Files, path: &Path) -> Option<PathBuf> {
    let folder = path.parent()?;
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    files.exists(&folder.join(RULE_SET_FILE)).then(|| folder.to_owned())
}

/// Adds to the list in a file, or begins one, and signs it; the comment is the reason of everything that is added.
///
/// # Errors
/// The list that is there is not signed as `requirements` ask, there is nothing to add, or the signer may not revoke: then nothing is
/// written.
pub fn revoke(
    files: &dyn Files,
    path: &Path,
    what: &RevocationRequest,
    signer: &mut SigningKey,
    doing: &StepDetails,
    requirements: &Requirements,
) -> Result<WrittenRevocations, StepError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _lock = files.lock(folder)?;
    let before = files.exists(path).then(|| read_revocations(files, path)).transpose()?;
    let list = match before {
        Some(before) if *what == RevocationRequest::default() => {
            before.verify_signatures(requirements)?;
            before
        }
        before => {
            before.iter().try_for_each(|before| before.verify(requirements))?;
            added(&path.display().to_string(), before.as_ref(), what, doing)?
        }
    };
    let signature = signer.sign_for(REVOCATION_NAMESPACE, &list.statement(&doing.who, doing.at))?;
    let list = list.signed(RevocationSignature { principal: doing.who.clone(), time: doing.at, signature })?;
    list.verify_signatures(requirements)?;
    files.write(path, list.text().as_bytes())?;
    let open = list.verify(requirements).err().map(|refused| refused.findings).unwrap_or_default();
    Ok(WrittenRevocations { list, open })
}

fn added(
    name: &str,
    before: Option<&Revocations>,
    what: &RevocationRequest,
    doing: &StepDetails,
) -> Result<Revocations, StepError> {
    let (time, reason) = (doing.at, &doing.comment);
    let releases = what.releases.iter().map(|release| RevokedRelease { release: *release, time, reason: reason.clone() });
    let keys = what.keys.iter().map(|key| RevokedKey { key: key.clone(), time, reason: reason.clone() });
    let minimum = what.minimum.map(|sequence| LeastRelease { sequence, time, reason: reason.clone() });
    let list = Revocations::adding(name, before, releases, keys, minimum)?;
    let is_same = before.map_or_else(
        || *what == RevocationRequest::default(),
        |before| (before.releases(), before.keys(), before.minimum()) == (list.releases(), list.keys(), list.minimum()),
    );
    if is_same {
        let message = LocalText::new("there is nothing to revoke that is not revoked already", "没有尚未撤销的内容可供撤销");
        let help = LocalText::new(
            "name releases, `--key-revoked` or `--minimum`; to sign a list that is there, name none of them and its file with `--out`",
            "请指定发布、`--key-revoked` 或 `--minimum`；如需签署已有清单，请不指定这些，并以 `--out` 给出清单文件",
        );
        return Err(wrong_key(message, help));
    }
    Ok(list)
}

/// What somebody who revoked should know of the workspace in `root`: that the live release is revoked, and which releases a revoked key
/// approved that are not.
///
/// # Errors
/// The workspace's journal or releases cannot be read.
pub fn after_revoking(files: &dyn Files, root: &Path, list: &Revocations) -> Result<Vec<LocalText>, StepError> {
    let mut notes = Vec::new();
    if let Some((file, release)) = live(files, root)?
        && list.of(&release).is_some()
    {
        notes.push(LocalText::new(
            format!("`{file}` is live: gateways that take this list decide nothing until a newer release is published"),
            format!("`{file}` 为生效版本：加载此清单的网关在发布更新的版本之前不作任何决策"),
        ));
    }
    let by_revoked = |release: &Release| {
        let keys = release.approvals().iter().filter_map(|approval| key_of(&approval.signature));
        list.of(release).is_none() && keys.into_iter().any(|key| list.key(&key).is_some())
    };
    for (file, _) in released(files, root)?.releases.iter().filter(|(_, release)| by_revoked(release)) {
        notes.push(LocalText::new(
            format!("`{file}` was signed by a revoked key: gateways that took it go on until you revoke it too"),
            format!("`{file}` 由已撤销的密钥签署：已加载它的网关会继续使用，除非同时撤销该发布"),
        ));
    }
    Ok(notes)
}
