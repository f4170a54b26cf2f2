//! Saves rules and cases in one go: a case may name a rule that is renamed in the same breath.

use std::path::Path;

use super::super::files::Files;
use super::super::load::{LoadFailed, Loaded, open};
use super::super::unread::Unread;
use super::overlay::Overlay;
use super::plan::Plan;
use super::{SaveFailed, cases, lossy, plan_rules, refused, rewrite, same_meaning, store};
use crate::diagnostic::Finding;
use crate::model::{CaseSet, Definition};
use crate::text::LocalText;

/// A saved workspace with its cases.
#[derive(Clone, Debug)]
pub struct SavedWorkspace {
    /// The workspace as it is on the disk now.
    pub loaded: Loaded,
    /// Files that were written, by name.
    pub written: Vec<String>,
    /// Files that were removed, by name.
    pub removed: Vec<String>,
}

/// Saves what changed from `old`, as both were loaded, to `new` into the workspace in the folder `root`; see [`save`](super::save). Files
/// that could not be read stay as they are.
///
/// # Errors
/// As [`save`](super::save): nothing is written that could not be loaded again with the same meaning, and nothing over a file that
/// could not be read.
pub fn save_workspace(
    files: &dyn Files,
    root: impl AsRef<Path>,
    old: (&Definition, &CaseSet),
    new: (&Definition, &CaseSet),
    unread: &Unread,
) -> Result<SavedWorkspace, SaveFailed> {
    let root = root.as_ref();
    let mut plan = Plan::default();
    plan_rules(&mut plan, old.0, new.0);
    cases::plan_cases(&mut plan, old.0, old.1, new.1);
    if let Some(name) = plan.names().find(|name| unread.keeps(name)) {
        return Err(refused(old.0.sources.clone(), vec![kept(name)]));
    }
    let loaded = settle(files, root, &mut plan, old.0, new, unread)?;
    store::store(files, root, old.0, &plan)?;
    let written = plan.writes.into_iter().map(|(name, _)| name).collect();
    Ok(SavedWorkspace { loaded, written, removed: plan.removals })
}

/// A file that could not be read is to be written over.
fn kept(name: &str) -> Finding {
    let message = LocalText::new(
        format!("`{name}` could not be read, so it is not written over"),
        format!("`{name}` 无法读取，因此不会被覆盖"),
    );
    let help = LocalText::new("mend the file first: the finding about it says how", "请先修正该文件，修正方法见其问题说明");
    Finding::error("lossy-save", None, message).with_help(help)
}

/// Loads what would be on the disk. Texts that could not be changed in place so that they mean what they should are written anew.
fn settle(
    files: &dyn Files,
    root: &Path,
    plan: &mut Plan,
    old: &Definition,
    new: (&Definition, &CaseSet),
    unread: &Unread,
) -> Result<Loaded, SaveFailed> {
    let reload = |plan: &Plan| {
        let loaded = open(&Overlay::new(files, root, plan), root)?;
        // Only what could not be read before may stay so.
        if loaded.unread.files().all(|name| unread.why(name).is_some()) {
            return Ok(loaded);
        }
        Err(LoadFailed { findings: loaded.unread.findings().cloned().collect(), sources: loaded.definition.sources })
    };
    let is_right = |loaded: &Loaded| same_meaning(&loaded.definition, new.0) && cases::same_meaning(&loaded.cases, new.1);
    if let Ok(loaded) = reload(plan)
        && is_right(&loaded)
    {
        return Ok(loaded);
    }
    rewrite(plan, new.0);
    cases::rewrite(plan, old, new.1);
    let loaded = reload(plan).map_err(SaveFailed::Refused)?;
    if is_right(&loaded) { Ok(loaded) } else { Err(lossy(loaded.definition.sources)) }
}
