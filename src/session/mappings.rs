//! The workspace's column mappings as texts: they belong to the draft, and are saved with the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::draft::Draft;
use countersign_core::model::{Definition, Schema};
use countersign_core::text::{LocalText, Sources};
use countersign_requests::{Mapping, mapping_name};
use countersign_workspace::{FileTexts, Files, LARGEST_RON, MAPPINGS_FOLDER, decode};

/// The file of a mapping inside the workspace.
pub fn file(name: &str) -> String {
    format!("{MAPPINGS_FOLDER}/{name}.ron")
}

/// Whether a mapping may have that name: letters, digits, `-` and `_`, so that it is a file's name everywhere.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 60 && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// A name for the mapping of a request file.
pub fn name_for(path: &Path) -> String {
    mapping_name(path)
}

/// Reads the workspace's mappings, broken ones too: what is wrong with one is reported when it is used. Their texts become sources, so that
/// changes by others are noticed.
pub(super) fn load(files: &dyn Files, root: &Path, definition: &mut Definition) -> BTreeMap<String, String> {
    let entries = files.list(&root.join(MAPPINGS_FOLDER)).unwrap_or_default();
    let names =
        entries.into_iter().filter(|entry| !entry.is_folder).filter_map(|entry| entry.name.strip_suffix(".ron").map(str::to_owned));
    let mut mappings = BTreeMap::new();
    for name in names.filter(|name| is_name(name)) {
        let read = files.inside(root, &file(&name)).and_then(|path| files.read(&path, LARGEST_RON));
        if let Some(text) = read.ok().and_then(|bytes| decode(bytes).ok()) {
            definition.sources.add(file(&name), text.clone());
            mappings.insert(name, text);
        }
    }
    mappings
}

/// The mappings as they are with texts put over them.
pub(super) fn over(mut mappings: BTreeMap<String, String>, texts: &FileTexts) -> BTreeMap<String, String> {
    let name = |file: &String| file.strip_prefix(MAPPINGS_FOLDER)?.strip_prefix('/')?.strip_suffix(".ron").map(str::to_owned);
    mappings.extend(texts.writes.iter().filter_map(|(file, text)| Some((name(file)?, text.clone()))));
    texts.removals.iter().filter_map(name).for_each(|name| drop(mappings.remove(&name)));
    mappings
}

/// Adds the mappings that differ to the texts to be written and removed.
pub(super) fn add_texts(texts: &mut FileTexts, saved: &Draft, draft: &Draft) {
    for name in changed(saved, draft) {
        match draft.mappings.get(&name) {
            Some(text) => drop(texts.writes.insert(file(&name), text.clone())),
            None => drop(texts.removals.insert(file(&name))),
        }
    }
}

/// A mapping's text that feeds a field of another name; the names of columns stay.
pub(super) fn renamed(text: &str, from: &str, to: &str) -> String {
    let quoted = format!("\"{from}\"");
    let mut new = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(&quoted) {
        let (before, after) = rest.split_at(at);
        let after = after.get(quoted.len()..).unwrap_or_default();
        // A key is followed by a colon.
        let is_key = after.trim_start().starts_with(':');
        new.push_str(before);
        let put = if is_key { format!("\"{to}\"") } else { quoted.clone() };
        new.push_str(&put);
        rest = after;
    }
    new.push_str(rest);
    new
}

/// The names of mappings that differ.
pub(super) fn changed(saved: &Draft, draft: &Draft) -> BTreeSet<String> {
    let (old, new) = (&saved.mappings, &draft.mappings);
    old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name)).cloned().collect()
}

/// A mapping's text as a mapping that fits a schema.
///
/// # Errors
/// What is wrong with it, and where.
pub(super) fn understand(name: &str, text: &str, schema: &Schema) -> Result<Mapping, LocalText> {
    let shown = file(name);
    let mapping = Mapping::from_ron(text).map_err(|error| {
        let place = error.place.map_or_else(String::new, |place| format!(":{}:{}", place.line, place.column));
        let LocalText { en, zh } = error.message;
        LocalText::new(format!("`{shown}{place}`: {en}"), format!("`{shown}{place}`：{zh}"))
    })?;
    let mut sources = Sources::default();
    let source = sources.add(shown.clone(), text);
    match mapping.check(schema, Some((&sources, source))).into_iter().next() {
        None => Ok(mapping),
        Some(first) => {
            let place = first.span.and_then(|span| Some(sources.get(span.source)?.line_column(span.start)));
            let place = place.map_or_else(String::new, |place| format!(":{}:{}", place.line, place.column));
            let LocalText { en, zh } = first.message;
            Err(LocalText::new(format!("`{shown}{place}`: {en}"), format!("`{shown}{place}`：{zh}")))
        }
    }
}
