//! Loads a workspace: everything that is wrong with its files is found in one go, each at its place.

mod cases;
mod lists;
mod parts;
mod places;
mod probe;
mod source;

use std::fmt;
use std::path::Path;

pub(super) use lists::lines;
pub(super) use probe::faults;

use super::files::Files;
use super::read::WorkspaceReader;
use super::unread::Unread;
use countersign_core::diagnostic::Finding;
use countersign_core::model::{CaseSet, Definition, Schema};
use countersign_core::raw::{self, RuleSetFile, SchemaFile, WorkspaceForm};
use countersign_core::text::{Places, Sources};
use countersign_requests::Mapping;

pub const RULE_SET_FILE: &str = "ruleset.ron";
pub const SCHEMA_FILE: &str = "schema.ron";
pub const CASES_FOLDER: &str = "cases";
/// The folder of the column mappings.
pub const MAPPINGS_FOLDER: &str = "mappings";
pub const RELEASED_FOLDER: &str = "released";

/// Why a workspace could not be loaded: at least one finding is an error.
#[derive(Clone, Debug)]
pub struct LoadFailed {
    /// The texts that were read.
    pub sources: Sources,
    /// Everything that is wrong, in the order of files and places.
    pub findings: Vec<Finding>,
}

impl fmt::Display for LoadFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, finding) in self.findings.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            if let Some((span, source)) = finding.span.and_then(|span| Some((span, self.sources.get(span.source)?))) {
                let place = source.line_column(span.start);
                write!(f, "{}:{}:{}: ", source.name(), place.line, place.column)?;
            }
            write!(f, "{}: {}", finding.id(), finding.message.en)?;
        }
        Ok(())
    }
}

impl std::error::Error for LoadFailed {}

impl LoadFailed {
    fn new(reader: WorkspaceReader<'_>) -> Self {
        let WorkspaceReader { sources, mut findings, unread, .. } = reader;
        findings.extend(unread.findings().cloned());
        findings.sort_by_key(|finding| finding.span.map(|span| (span.source, span.start)));
        Self { sources, findings }
    }
}

/// A workspace as far as it can be read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Schema and rules: a script or list that could not be read is there, without its content; an entry that could not be is not.
    pub definition: Definition,
    /// The cases that are right.
    pub cases: CaseSet,
    /// What could not be read.
    pub unread: Unread,
}

/// Loads the workspace in the folder `root` as far as it can be read: with a script, list, case file, or entry of the rule set or
/// schema that cannot be, the rest is opened all the same.
///
/// # Errors
/// `ruleset.ron` or `schema.ron` as a whole cannot be understood; then everything that is wrong with any file.
pub fn open(files: &dyn Files, root: impl AsRef<Path>) -> Result<Loaded, LoadFailed> {
    let mut reader = WorkspaceReader::new(files, root.as_ref(), Sources::default());
    let Some((mut definition, mut places)) = read_rules(&mut reader) else {
        cases::look(&mut reader);
        return Err(LoadFailed::new(reader));
    };
    let cases = cases::load(&mut reader, &mut places, &definition);
    let WorkspaceReader { sources, unread, .. } = reader;
    (definition.sources, definition.places) = (sources, places);
    Ok(Loaded { definition, cases, unread })
}

/// Schema and rules, with the places of their parts; their texts stay with the reader.
fn read_rules(reader: &mut WorkspaceReader<'_>) -> Option<(Definition, Places)> {
    let schema = parts::read::<SchemaFile<WorkspaceForm>, _>(reader, SCHEMA_FILE, |reader, file| {
        let mut places = Places::default();
        places::schema(&mut places, file.top());
        Some((raw::read::schema(reader, &file.value, &file.top())?, places))
    });
    let zone = schema.as_ref().map(|(schema, _)| schema.zone).unwrap_or_default();
    let noted = schema.as_ref().map(|(_, places)| places.clone()).unwrap_or_default();
    let rule_set = parts::read::<RuleSetFile<WorkspaceForm>, _>(reader, RULE_SET_FILE, |reader, file| {
        let mut places = noted.clone();
        places::rule_set(&mut places, file.top());
        Some((raw::read::rule_set(reader, &file.value, &file.top(), zone)?, places))
    });
    let ((schema, _), (rule_set, places)) = (schema?, rule_set?);
    let definition = Definition { schema, rule_set, sources: Sources::default(), places: Places::default() };
    Some((definition, places))
}

/// Loads `ruleset.ron` and `schema.ron` of the workspace in the folder `root`, with every script and list they name.
///
/// # Errors
/// Everything that keeps the rule set from being understood. What a check reports of an understood one is left to the checks.
pub fn load(files: &dyn Files, root: impl AsRef<Path>) -> Result<Definition, LoadFailed> {
    let mut reader = WorkspaceReader::new(files, root.as_ref(), Sources::default());
    match read_rules(&mut reader) {
        Some((definition, places)) if reader.unread.is_empty() => Ok(Definition { sources: reader.sources, places, ..definition }),
        _ => Err(LoadFailed::new(reader)),
    }
}

/// Loads a column mapping of the workspace in the folder `root`: `mappings/<name>.ron`, which must fit the schema.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn load_mapping(files: &dyn Files, root: impl AsRef<Path>, name: &str, schema: &Schema) -> Result<Mapping, LoadFailed> {
    load_mapping_file(files, root, &format!("{MAPPINGS_FOLDER}/{name}.ron"), schema)
}

/// Loads a column mapping by the name of its file inside a folder; see [`load_mapping`].
///
/// # Errors
/// Everything that is wrong with the file.
pub fn load_mapping_file(files: &dyn Files, folder: impl AsRef<Path>, file: &str, schema: &Schema) -> Result<Mapping, LoadFailed> {
    let mut reader = WorkspaceReader::new(files, folder.as_ref(), Sources::default());
    let mapping = reader.mapping(file, schema);
    mapping.filter(|_| reader.findings.is_empty()).ok_or_else(|| LoadFailed::new(reader))
}

/// Loads the cases of the workspace in the folder `root`: every `cases/*.ron`, templates shared by all files. Adds their texts and
/// places to the definition, so that findings about cases can point.
///
/// # Errors
/// Everything that is wrong with the files, and every case that does not fit the definition; the definition is then unchanged.
pub fn load_cases(files: &dyn Files, root: impl AsRef<Path>, definition: &mut Definition) -> Result<CaseSet, LoadFailed> {
    let mut reader = WorkspaceReader::new(files, root.as_ref(), definition.sources.clone());
    let mut places = definition.places.clone();
    let set = cases::load(&mut reader, &mut places, definition);
    if reader.unread.is_empty() {
        definition.sources = reader.sources;
        definition.places = places;
        return Ok(set);
    }
    Err(LoadFailed::new(reader))
}
