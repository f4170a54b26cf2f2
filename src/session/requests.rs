//! The loaded requests: one file, read in the background, its bad rows set aside and shown.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document::Draft;
use super::jobs::Outcome;
use super::results::Done;
use super::{mapper, mappings};
use countersign_core::diagnostic::Finding;
use countersign_core::model::SetAside;
use countersign_core::progress::Progress;
use countersign_core::release::Digest;
use countersign_core::script::Program;
use countersign_core::text::LocalText;
use countersign_requests::{Fitting, Input, Mapping, Options, ReadError, RowProblem, Table, choose, fitting, read};
use countersign_run::evidence::SampleFile;
use countersign_workspace::{Asked, Files, LARGEST_RON, OpenedInput, open_input};

/// A loaded request file.
#[derive(Debug)]
pub struct Requests {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name without folders.
    pub name: String,
    /// The mapping it was read by: a name in the workspace.
    pub mapping: Option<String>,
    /// Whether nobody named that mapping: it was found among those of the workspace.
    pub is_mapping_found: bool,
    /// The text of a mapping that was made for it, kept in the workspace or not.
    pub own_mapping: Option<String>,
    /// The digest of the mapping's text.
    pub mapping_digest: Option<Digest>,
    /// The digest of its bytes.
    pub digest: Digest,
    /// The requests.
    pub table: Arc<Table>,
    /// The rows that could not be read and are in no figure.
    pub set_aside: Option<SetAside>,
    /// The first of them.
    pub problems: Vec<RowProblem>,
    /// What is worth knowing of the file.
    pub findings: Vec<Finding>,
    /// The fields of which every digit had to be there, since a rule looks them up in a list.
    pub exact: BTreeSet<String>,
}

impl Requests {
    /// What evidence names the file by.
    #[must_use]
    pub fn sample(&self) -> SampleFile {
        SampleFile { name: self.name.clone(), digest: self.digest, mapping: self.mapping_digest, set_aside: self.set_aside.clone() }
    }
}

/// What is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub path: PathBuf,
    pub mapping: Option<String>,
    /// The text of a mapping that the workspace need not have.
    pub own: Option<String>,
    /// Whether they are loaded and read again by another schema: then no mapping is asked for where they do not fit.
    pub again: bool,
}

/// A request file to be read, a folder of such files, or a pattern.
pub(super) fn input(files: &dyn Files, path: &Path) -> Result<OpenedInput, LocalText> {
    open_input(files, &Asked::of(path)).map_err(|findings| first(&findings))
}

/// Reads a request file by the mapping that is wanted; where its columns do not fit, a mapping is to be made.
pub(super) fn load(files: &dyn Files, wanted: &Wanted, draft: &Draft, progress: &Progress) -> Outcome {
    let schema = &draft.definition.schema;
    let opened = input(files, &wanted.path)?;
    let input = &opened.input;
    let (wanted, found) = &with_mapping(files, input, wanted, draft, progress)?;
    let text = mapping_text(wanted, draft)?;
    let name = wanted.mapping.as_deref().unwrap_or("…");
    let mapping = text.map(|text| mappings::understand(name, text, schema)).transpose()?;
    let mut nowhere = io::sink();
    let exact = Program::compile(&draft.definition).program.looked_up();
    let names = exact.iter().filter_map(|field| schema.name_of(*field)).collect();
    let options = Options { mapping: mapping.as_ref(), exact, rejects: Some(&mut nowhere), ..Options::default() };
    match read(input, &Arc::new(schema.clone()), options, progress) {
        Err(ReadError::Cancelled) => Ok(None),
        Err(ReadError::Refused(refusal)) if wanted.again => Err(not_again(&input.name, &mapper::why(&input.name, &refusal))),
        Err(ReadError::Refused(refusal)) if mapper::is_misfit(&refusal.findings) => {
            let why = if let Found::Several(why) = found { why.clone() } else { mapper::why(&input.name, &refusal) };
            Ok(Some(Done::Misfit(wanted.path.clone(), why)))
        }
        Err(ReadError::Refused(refusal)) => Err(first(&refusal.findings)),
        Ok(reading) => Ok(opened.digest(progress).map_err(|error| error.message())?.map(|digest| {
            Done::Requests(Box::new(Requests {
                path: wanted.path.clone(),
                name: opened.name.clone(),
                mapping: wanted.mapping.clone(),
                is_mapping_found: *found == Found::One,
                own_mapping: wanted.own.clone(),
                mapping_digest: text.map(|text| Digest::of(text.as_bytes())),
                digest,
                table: Arc::new(reading.table),
                set_aside: reading.set_aside,
                problems: reading.problems,
                findings: reading.findings,
                exact: names,
            }))
        })),
    }
}

/// The loaded requests do not fit the schema as it is now.
fn not_again(name: &str, why: &LocalText) -> LocalText {
    LocalText::new(
        format!("`{name}` does not fit the changed fields: {}", why.en),
        format!("`{name}` 与修改后的字段不符：{}", why.zh),
    )
}

/// What was found among the workspace's mappings for a file that none was named for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    One,
    /// Several fit, and which they are.
    Several(LocalText),
}

/// What is wanted with the mapping that the file is read by: the one that was named, in the workspace or by its path, else one of the
/// workspace's that fits.
fn with_mapping(
    files: &dyn Files,
    input: &Input,
    wanted: &Wanted,
    draft: &Draft,
    progress: &Progress,
) -> Result<(Wanted, Found), LocalText> {
    if let Some(named) = wanted.mapping.as_ref().filter(|named| wanted.own.is_none() && !draft.mappings.contains_key(*named)) {
        let path = Path::new(named);
        if !files.exists(path) {
            return Ok((wanted.clone(), Found::Nothing));
        }
        let bytes = files.read(path, LARGEST_RON).map_err(|error| error.message())?;
        let text = String::from_utf8(bytes);
        let own = text.map_err(|_| LocalText::new(format!("`{named}` is not UTF-8"), format!("`{named}` 不是 UTF-8 编码")))?;
        return Ok((Wanted { mapping: None, own: Some(own), ..wanted.clone() }, Found::Nothing));
    }
    if wanted.mapping.is_some() || wanted.own.is_some() || wanted.again {
        return Ok((wanted.clone(), Found::Nothing));
    }
    let schema = &draft.definition.schema;
    let understood = |(name, text): (&String, &String)| Some((name.clone(), mappings::understand(name, text, schema).ok()?));
    let all: Vec<(String, Mapping)> = draft.mappings.iter().filter_map(understood).collect();
    let name = |at: &usize| all.get(*at).map(|(name, _)| name.as_str());
    Ok(match fitting(input, &Arc::new(schema.clone()), &all, progress) {
        Fitting::Nothing => (wanted.clone(), Found::Nothing),
        Fitting::One(at) => (Wanted { mapping: name(&at).map(str::to_owned), ..wanted.clone() }, Found::One),
        Fitting::Several(several) => {
            let names: Vec<&str> = several.iter().filter_map(name).collect();
            (wanted.clone(), Found::Several(choose(&input.name, &names)))
        }
    })
}

/// The text of the mapping: the draft's of that name, else the one that is kept nowhere.
fn mapping_text<'a>(wanted: &'a Wanted, draft: &'a Draft) -> Result<Option<&'a str>, LocalText> {
    let Some(name) = &wanted.mapping else { return Ok(wanted.own.as_deref()) };
    let held = draft.mappings.get(name).or(wanted.own.as_ref());
    let held = held.ok_or_else(|| {
        LocalText::new(format!("the workspace has no mapping `{name}`"), format!("工作区中没有名为 `{name}` 的映射"))
    })?;
    Ok(Some(held))
}

pub(super) fn first(findings: &[Finding]) -> LocalText {
    findings.first().map(Finding::sentence).unwrap_or_default()
}
