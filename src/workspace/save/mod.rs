//! Saves a workspace: files whose content means the same are not rewritten; in the others only what changed is.
//!
//! Before anything is written, what would be on the disk is loaded again and compared with what was to be saved. Then every file is
//! written in full beside the old one and synced, and only then are they put in place, the rule set after its scripts and lists.

mod cases;
mod overlay;
mod plan;
mod store;
mod texts;

use std::fmt;
use std::path::Path;

use super::files::{FileError, Files};
use super::load::{LoadFailed, Loaded, RULE_SET_FILE, SCHEMA_FILE, open};
use super::ron_tree::{self, print};
use super::unread::Unread;
use super::write;
use crate::kinds::LOSSY_SAVE;
use countersign_core::diagnostic::Finding;
use countersign_core::model::{CaseSet, Definition, ListEntries, RuleSet, Script};
use countersign_core::text::{LocalText, Sources};
use overlay::Overlay;
use plan::SavePlan;
pub use texts::{FileTexts, changed, load_with, texts};

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

/// Why a workspace was not saved.
#[derive(Clone, Debug)]
pub enum SaveFailed {
    /// What was to be saved could not be loaded again; nothing was written.
    Refused(LoadFailed),
    /// A file could not be read or written.
    File {
        /// What went wrong.
        error: FileError,
        /// Files that were put in place before it went wrong; none when nothing was touched.
        written: Vec<String>,
    },
}

impl fmt::Display for SaveFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(failed) => failed.fmt(f),
            Self::File { error, written } if written.is_empty() => write!(f, "{error}; nothing was saved"),
            Self::File { error, written } => write!(f, "{error}; saved before that: `{}`", written.join("`, `")),
        }
    }
}

impl std::error::Error for SaveFailed {}

/// Saves what changed from `old`, as both were loaded, to `new` into the workspace in the folder `root`: rules and cases in one go, since
/// a case may name a rule that is renamed in the same breath.
///
/// Scripts and lists no longer named by the rule set are removed, after everything else is in place. Files that could not be read stay
/// as they are. Texts and places of `new` are not looked at, only its meaning. `beside` are other files of the workspace, such as mappings,
/// written and removed in the same step; their old texts are among the sources of `old`.
///
/// # Errors
/// `new` could not be loaded again, a file that could not be read would be written over, someone else changed a file after it was read,
/// or a file could not be written. Each file is then either as it was or as it should be; which ones were put in place is said.
pub fn save_workspace(
    files: &dyn Files,
    root: impl AsRef<Path>,
    old: (&Definition, &CaseSet),
    new: (&Definition, &CaseSet),
    unread: &Unread,
    beside: FileTexts,
) -> Result<SavedWorkspace, SaveFailed> {
    let root = root.as_ref();
    let mut plan = SavePlan { writes: beside.writes.into_iter().collect(), removals: beside.removals.into_iter().collect() };
    plan_rules(&mut plan, old.0, new.0);
    cases::plan_cases(&mut plan, old.0, old.1, new.1);
    keep_unread(&plan, unread, old.0)?;
    let loaded = settle(files, root, &mut plan, old.0, new, unread)?;
    store::store(files, root, old.0, &plan)?;
    let written = plan.writes.into_iter().map(|(name, _)| name).collect();
    Ok(SavedWorkspace { loaded, written, removed: plan.removals })
}

/// Scripts, lists, schema and rule set that changed.
fn plan_rules(plan: &mut SavePlan, old: &Definition, new: &Definition) {
    plan.scripts(old, new);
    plan.lists(old, new);
    plan.ron(SCHEMA_FILE, old, &write::schema(&old.schema), &write::schema(&new.schema));
    let (was, wanted) = (write::rule_set(&old.rule_set, old.schema.zone), write::rule_set(&new.rule_set, new.schema.zone));
    plan.ron(RULE_SET_FILE, old, &was, &wanted);
}

/// Replaces the texts of the schema and the rule set.
fn rewrite(plan: &mut SavePlan, new: &Definition) {
    plan.replace(SCHEMA_FILE, print::file(&write::schema(&new.schema)));
    plan.replace(RULE_SET_FILE, print::file(&write::rule_set(&new.rule_set, new.schema.zone)));
}

/// Loads what would be on the disk. Texts that could not be changed in place so that they mean what they should are rewritten as a whole.
fn settle(
    files: &dyn Files,
    root: &Path,
    plan: &mut SavePlan,
    old: &Definition,
    new: (&Definition, &CaseSet),
    unread: &Unread,
) -> Result<Loaded, SaveFailed> {
    let reload = |plan: &SavePlan| {
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
    keep_unread(plan, unread, old)?;
    let loaded = reload(plan).map_err(SaveFailed::Refused)?;
    if is_right(&loaded) { Ok(loaded) } else { Err(lossy(loaded.definition.sources)) }
}

/// Refuses to write over a file that could not be read.
fn keep_unread(plan: &SavePlan, unread: &Unread, old: &Definition) -> Result<(), SaveFailed> {
    let name = plan.names().find(|name| unread.keeps(name));
    name.map_or(Ok(()), |name| Err(refused(old.sources.clone(), vec![kept(name)])))
}

fn kept(name: &str) -> Finding {
    let message = LocalText::new(
        format!("`{name}` could not be read, so it is not written over"),
        format!("`{name}` 无法读取，因此不会被覆盖"),
    );
    let help = LocalText::new("fix the file first: the finding about it says how", "请先修正该文件，修正方法见其问题说明");
    Finding::new(LOSSY_SAVE, None, message).with_help(help)
}

/// What is saved would read back as something else.
fn lossy(sources: Sources) -> SaveFailed {
    let message = LocalText::new("the files would not say what was to be saved", "文件内容将与要保存的内容不一致");
    let help = LocalText::new(
        "give every script and every list a file of its own, and keep line breaks, and `#` after white space, out of list entries",
        "请为每个脚本和名单使用各自的文件，名单条目中不要含换行，也不要在空白后含 `#`",
    );
    refused(sources, vec![Finding::new(LOSSY_SAVE, None, message).with_help(help)])
}

fn refused(sources: Sources, findings: Vec<Finding>) -> SaveFailed {
    SaveFailed::Refused(LoadFailed { sources, findings })
}

/// Whether two definitions mean the same, wherever they were read from.
fn same_meaning(a: &Definition, b: &Definition) -> bool {
    let nodes = |definition: &Definition| {
        (write::schema(&definition.schema), write::rule_set(&definition.rule_set, definition.schema.zone))
    };
    let ((a_schema, a_rules), (b_schema, b_rules)) = (nodes(a), nodes(b));
    ron_tree::same(&a_schema, &b_schema)
        && ron_tree::same(&a_rules, &b_rules)
        && scripts(&a.rule_set).map(|script| &script.text).eq(scripts(&b.rule_set).map(|script| &script.text))
        && entries(&a.rule_set).eq(entries(&b.rule_set))
}

/// Every script that has a file of its own.
fn scripts(rules: &RuleSet) -> impl Iterator<Item = &Script> {
    let of_rules = rules.stages.iter().flat_map(|stage| &stage.rules).map(|rule| &rule.script);
    of_rules.chain(&rules.shared)
}

fn entries(rules: &RuleSet) -> impl Iterator<Item = &ListEntries> {
    rules.lists.values().map(|list| &list.entries)
}
