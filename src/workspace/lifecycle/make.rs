//! Making releases: written, read back as a gateway reads them, noted.

use std::path::{Path, PathBuf};

use super::super::files::Files;
use super::super::load::RELEASED_FOLDER;
use super::super::released::LARGEST_RELEASE;
use super::locked::LockedWorkspace;
use super::{SigningKey, StepDetails, StepError, anchor, home, requirements};
use crate::kinds::{FAILING_CASES, RELEASE_CHANGED_ON_DISK, RELEASE_EXISTS};
use countersign_core::diagnostic::{Finding, Help, Operation};
use countersign_core::gateway::Gateway;
use countersign_core::release::{self, Evidence, Lineage, Provenance, Refused, Release, Requirements, SwitchOff};
use countersign_core::text::LocalText;

/// The file of a version in a workspace, where nobody names another one.
pub fn file_of(root: &Path, version: &str) -> PathBuf {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    root.join(RELEASED_FOLDER).join(format!("{}.ron", version.chars().map(safe).collect::<String>()))
}

/// Notes a release where it lies in a workspace, signed where its maker has a key; then writes it, and reads it back as a gateway does: all
/// of it under the workspace's lock.
///
/// # Errors
/// The journal was cut, or must be signed and the key is not a trusted one; the release leaves out rows that nobody acknowledged, the workspace has a release of that name, the file cannot be written, or what was written is not what was made.
pub fn export(files: &dyn Files, path: &Path, release: &Release, signer: Option<&mut SigningKey>) -> Result<(), StepError> {
    let open: Vec<Finding> = release::left_out(release).collect();
    if !open.is_empty() {
        return Err(Refused { sources: release.definition().sources.clone(), findings: open }.into());
    }
    let Some((root, name)) = home(files, path) else { return put(files, path, release) };
    let asked = requirements(files, Some(&root), None, None)?;
    let mut workspace = LockedWorkspace::open(files, (root, name), &asked, signer)?;
    if files.exists(path) {
        return Err(StepError::Asked(Box::new(already_there(path))));
    }
    workspace.catch_up(release)?;
    let provenance = release.provenance();
    let (who, comment) = (provenance.maker.clone(), provenance.comment.clone());
    let record = workspace.created(release, &StepDetails { who, at: provenance.created_at, comment })?;
    // The entry comes first, so that no release exists without one.
    workspace.note(vec![record])?;
    if let Some(folder) = path.parent() {
        files.create_folder(folder)?;
    }
    put(files, path, release)
}

fn put(files: &dyn Files, path: &Path, release: &Release) -> Result<(), StepError> {
    files.write(path, release::write(release).as_bytes())?;
    let bytes = files.read(path, LARGEST_RELEASE)?;
    let gateway = Gateway::load(&path.display().to_string(), &bytes, Requirements::nothing())?;
    if gateway.digest() == release.digest() { Ok(()) } else { Err(StepError::Asked(Box::new(changed_on_disk()))) }
}

/// Makes a new release of an old one's rules, on evidence `counted` now, in a file beside the old one where no other is named.
///
/// # Errors
/// The old one does not pass today's check, or the new one cannot be written.
pub fn roll_back(
    files: &dyn Files,
    (old, before): (&Path, &Release),
    to: Option<PathBuf>,
    counted: Evidence,
    provenance: &Provenance,
    mut signer: Option<&mut SigningKey>,
) -> Result<(PathBuf, Release), StepError> {
    let sources = || before.definition().sources.clone();
    let journal = anchor(files, to.as_deref().unwrap_or(old))?;
    let lineage = provenance.lineage.map(|lineage| Lineage { journal, ..lineage });
    let provenance = Provenance { lineage, ..provenance.clone() };
    let release = release::roll_back(before, counted, &provenance).map_err(|findings| Refused { sources: sources(), findings })?;
    let stem = old.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let again = |number: usize| old.with_file_name(format!("{stem}-rollback-{number}.ron"));
    let named = to.is_some();
    let mut path = to.unwrap_or_else(|| again(1));
    for number in 2..=9_999 {
        match export(files, &path, &release, signer.as_deref_mut()) {
            // Whoever took the name came first.
            Err(StepError::Asked(finding)) if finding.kind == RELEASE_EXISTS && !named => path = again(number),
            done => return done.map(|()| (path, release)),
        }
    }
    Err(StepError::Asked(Box::new(already_there(&path))))
}

/// Makes a release of the live one with rules switched off, on evidence `counted` now, in a file named for its version where no other is
/// named.
///
/// # Errors
/// The remaining rules do not pass today's check, or the release cannot be written.
pub fn switch_off(
    files: &dyn Files,
    (root, to): (&Path, Option<PathBuf>),
    off: &SwitchOff,
    counted: Evidence,
    provenance: &Provenance,
    signer: Option<&mut SigningKey>,
) -> Result<(PathBuf, Release), StepError> {
    let definition = off.definition();
    let path = to.unwrap_or_else(|| file_of(root, &definition.rule_set.version));
    let journal = anchor(files, &path)?;
    let lineage = provenance.lineage.map(|lineage| Lineage { journal, ..lineage });
    let provenance = Provenance { lineage, ..provenance.clone() };
    let sources = || definition.sources.clone();
    let release = off.release(counted, &provenance).map_err(|findings| Refused { sources: sources(), findings })?;
    export(files, &path, &release, signer)?;
    Ok((path, release))
}

/// That cases fail, so that no release is made; none where all pass.
pub fn failing_cases(evidence: &Evidence) -> Option<Finding> {
    let cases = evidence.cases.as_ref().filter(|cases| cases.passed < cases.total)?;
    let (failed, total) = (cases.total - cases.passed, cases.total);
    let message = LocalText::new(
        format!("{failed} of {total} cases do not get the decision they must get"),
        format!("{total} 个用例中有 {failed} 个未得到应有的决策"),
    );
    let help = Help::with_operation(LocalText::new("look at them", "请查看"), Operation::RunCases);
    Some(Finding::new(FAILING_CASES, None, message).with_help(help))
}

fn already_there(path: &Path) -> Finding {
    let path = path.display();
    let message =
        LocalText::new(format!("`{path}` exists: a release is never written over"), format!("`{path}` 已存在：发布文件不可覆盖"));
    let help = LocalText::new(
        "raise `version` in `ruleset.ron`, or name another file",
        "请提高 `ruleset.ron` 中的 `version`，或指定其他文件",
    );
    Finding::new(RELEASE_EXISTS, None, message).with_help(help)
}

fn changed_on_disk() -> Finding {
    let message = LocalText::new("the file on the disk is not the release that was made", "磁盘上的文件与所生成的发布不一致");
    let help = LocalText::new("another program may have written it; export again", "可能被其他程序改写，请重新导出");
    Finding::new(RELEASE_CHANGED_ON_DISK, None, message).with_help(help)
}
