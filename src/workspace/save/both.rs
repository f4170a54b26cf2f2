//! Saves rules and cases in one go: a case may name a rule that is renamed in the same breath.

use std::path::Path;

use super::super::files::Files;
use super::super::load::{LoadFailed, load, load_cases};
use super::overlay::Overlay;
use super::plan::Plan;
use super::{SaveFailed, SavedCases, cases, lossy, plan_rules, rewrite, same_meaning, store};
use crate::model::{CaseSet, Definition};

/// Saves what changed from `old`, as both were loaded, to `new` into the workspace in the folder `root`; see [`save`](super::save) and
/// [`save_cases`](super::save_cases).
///
/// # Errors
/// As [`save`](super::save): nothing is written that could not be loaded again with the same meaning.
pub fn save_workspace(
    files: &dyn Files,
    root: impl AsRef<Path>,
    old: (&Definition, &CaseSet),
    new: (&Definition, &CaseSet),
) -> Result<SavedCases, SaveFailed> {
    let root = root.as_ref();
    let mut plan = Plan::default();
    plan_rules(&mut plan, old.0, new.0);
    cases::plan_cases(&mut plan, old.0, old.1, new.1);
    let (definition, cases) = settle(files, root, &mut plan, old.0, new)?;
    store::store(files, root, old.0, &plan)?;
    let written = plan.writes.into_iter().map(|(name, _)| name).collect();
    Ok(SavedCases { definition, cases, written, removed: plan.removals })
}

/// Loads what would be on the disk. Texts that could not be changed in place so that they mean what they should are written anew.
fn settle(
    files: &dyn Files,
    root: &Path,
    plan: &mut Plan,
    old: &Definition,
    new: (&Definition, &CaseSet),
) -> Result<(Definition, CaseSet), SaveFailed> {
    let reload = |plan: &Plan| {
        let overlay = Overlay::new(files, root, plan);
        let mut definition = load(&overlay, root)?;
        let cases = load_cases(&overlay, root, &mut definition)?;
        Ok::<_, LoadFailed>((definition, cases))
    };
    let is_right = |loaded: &(Definition, CaseSet)| same_meaning(&loaded.0, new.0) && cases::same_meaning(&loaded.1, new.1);
    if let Ok(loaded) = reload(plan)
        && is_right(&loaded)
    {
        return Ok(loaded);
    }
    rewrite(plan, new.0);
    cases::rewrite(plan, old, new.1);
    let loaded = reload(plan).map_err(SaveFailed::Refused)?;
    if is_right(&loaded) { Ok(loaded) } else { Err(lossy(loaded.0.sources)) }
}
