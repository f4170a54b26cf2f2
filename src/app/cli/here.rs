//! Files as programs in the current folder name them: what is found in a workspace or release is shown with paths that build servers and
//! editors can open.

use std::path::{Component, Path, PathBuf};

use countersign_core::diagnostic::Finding;
use countersign_core::model::{Definition, Script};
use countersign_core::text::{LocalText, SourceId, Sources, Span};
use countersign_workspace::Files;

/// The folder that paths are seen from, with `/` between names.
pub fn folder(files: &dyn Files) -> String {
    slashed(&plain(&files.absolute(Path::new("."))))
}

/// A path seen from the current folder, with `/` between names; from the root of all files where it lies outside.
pub fn path(files: &dyn Files, path: &Path) -> String {
    let (here, whole) = (plain(&files.absolute(Path::new("."))), plain(&files.absolute(path)));
    slashed(whole.strip_prefix(&here).unwrap_or(&whole))
}

/// The sources of a workspace, which are named from its folder.
pub fn under(files: &dyn Files, root: &Path, sources: &Sources) -> Sources {
    sources.renamed(|_, name| path(files, &root.join(name)))
}

/// The sources of a release or another file, whose own text is the first of them.
pub fn of_file(files: &dyn Files, sources: &Sources) -> Sources {
    sources.renamed(|id, name| if id == SourceId(0) { path(files, Path::new(name)) } else { name.to_owned() })
}

/// The same finding at a place in a file: what stands in a script inside a release, or in an invariant, is moved to where the script
/// stands in the file, and the message says where in the script it is. What could be replaced there cannot be replaced in the file.
pub fn in_files(definition: &Definition, is_release: bool, mut finding: Finding) -> Finding {
    let inner = |span: Option<Span>| span.and_then(|span| Some((span, holder(definition, is_release, span.source)?)));
    if let Some((span, holder)) = inner(finding.span) {
        if let Some(source) = definition.sources.get(span.source) {
            let (place, file) = (source.line_column(span.start), source.name());
            let LocalText { en, zh } = finding.message;
            let at = format!("{file}:{}:{}", place.line, place.column);
            finding.message = LocalText::new(format!("{en} (`{at}`)"), format!("{zh}（`{at}`）"));
        }
        finding.span = definition.places.find(&holder);
        finding.fix = None;
    }
    for (span, _) in &mut finding.notes {
        if let Some((_, holder)) = inner(*span) {
            *span = definition.places.find(&holder);
        }
    }
    finding
}

/// The part of a data file that holds a source's text; none where the source is a file of its own.
fn holder(definition: &Definition, is_release: bool, source: SourceId) -> Option<String> {
    let rules = &definition.rule_set;
    let holds = |script: &Script| script.source == source;
    if let Some(invariant) = rules.invariants.iter().find(|invariant| holds(&invariant.when)) {
        return Some(format!("invariants.{}.when", invariant.id));
    }
    if !is_release {
        return None;
    }
    let rule = rules.rules().find(|(_, _, rule)| holds(&rule.script)).map(|(_, _, rule)| format!("rules.{}.script", rule.id));
    rule.or_else(|| rules.shared.as_ref().filter(|shared| holds(shared)).map(|_| "shared".to_owned()))
}

/// A path without `.` and, as far as its own names tell, without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

fn slashed(path: &Path) -> String {
    path.display().to_string().replace(std::path::MAIN_SEPARATOR, "/")
}
