//! The loaded requests: one file, read in the background, its bad rows set aside and shown.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::jobs::Outcome;
use super::results::Done;
use crate::diagnostic::Finding;
use crate::model::Schema;
use crate::progress::Progress;
use crate::release::{Digest, Hasher, SampleFile};
use crate::requests::{Format, Input, Mapping, Options, RandomRead, ReadError, RowProblem, Table, read};
use crate::text::LocalText;
use crate::workspace::{self, Files, LARGEST_RON, MAPPINGS_FOLDER};

/// How much of a file is taken at a time to compute its digest, in bytes.
const CHUNK: usize = 1 << 20;

/// A loaded request file.
#[derive(Debug)]
pub struct Requests {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name without folders.
    pub name: String,
    /// The mapping it was read by: a name in the workspace.
    pub mapping: Option<String>,
    /// The digest of the mapping's file.
    pub mapping_digest: Option<Digest>,
    /// The digest of its bytes.
    pub digest: Digest,
    /// The requests.
    pub table: Arc<Table>,
    /// How many rows were set aside.
    pub rejected: u64,
    /// The first of them.
    pub problems: Vec<RowProblem>,
    /// What is worth knowing of the file.
    pub findings: Vec<Finding>,
}

impl Requests {
    /// What evidence names the file by.
    #[must_use]
    pub fn sample(&self) -> SampleFile {
        SampleFile { name: self.name.clone(), digest: self.digest, mapping: self.mapping_digest }
    }
}

/// What is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub path: PathBuf,
    pub mapping: Option<String>,
}

/// Reads a request file.
pub(super) fn load(files: &dyn Files, root: &Path, wanted: &Wanted, schema: &Schema, progress: &Progress) -> Outcome {
    let shown = wanted.path.display().to_string();
    let format = Format::of_file_name(&shown).ok_or_else(|| unknown_format(&shown))?;
    let opened = files.open(&wanted.path).map_err(|error| error.message())?;
    let bytes: Arc<dyn RandomRead> = Arc::from(opened);
    let Some(digest) = digest(bytes.as_ref(), progress).map_err(|error| vanished(&shown, &error))? else { return Ok(None) };
    let mapping_digest = wanted.mapping.as_ref().map(|name| mapping_file(files, root, name)).transpose()?;
    let mapping = wanted.mapping.as_ref().map(|name| mapping(files, root, name, schema)).transpose()?;
    let input = Input { name: shown, format, bytes };
    let mut nowhere = io::sink();
    let options = Options { mapping: mapping.as_ref(), rejects: Some(&mut nowhere), ..Options::default() };
    match read(&input, &Arc::new(schema.clone()), options, progress) {
        Err(ReadError::Cancelled) => Ok(None),
        Err(ReadError::Refused(refusal)) => Err(first(&refusal.findings)),
        Ok(reading) => Ok(Some(Done::Requests(Box::new(Requests {
            path: wanted.path.clone(),
            name: wanted.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            mapping: wanted.mapping.clone(),
            mapping_digest,
            digest,
            table: Arc::new(reading.table),
            rejected: reading.rejected,
            problems: reading.problems,
            findings: reading.findings,
        })))),
    }
}

fn mapping(files: &dyn Files, root: &Path, name: &str, schema: &Schema) -> Result<Mapping, LocalText> {
    workspace::load_mapping(files, root, name, schema).map_err(|failed| first(&failed.findings))
}

/// The digest of a mapping's file.
fn mapping_file(files: &dyn Files, root: &Path, name: &str) -> Result<Digest, LocalText> {
    let path = files.inside(root, &format!("{MAPPINGS_FOLDER}/{name}.ron")).map_err(|error| error.message())?;
    let bytes = files.read(&path, LARGEST_RON).map_err(|error| error.message())?;
    Ok(Digest::of(&bytes))
}

fn first(findings: &[Finding]) -> LocalText {
    let Some(finding) = findings.first() else { return LocalText::default() };
    match &finding.help {
        None => finding.message.clone(),
        Some(help) => {
            LocalText::new(format!("{}; {}", finding.message.en, help.en), format!("{}；{}", finding.message.zh, help.zh))
        }
    }
}

/// The digest of a whole file; `None` when asked to stop.
fn digest(bytes: &dyn RandomRead, progress: &Progress) -> io::Result<Option<Digest>> {
    let mut hasher = Hasher::default();
    let mut buffer = vec![0; CHUNK];
    let mut at = 0;
    while at < bytes.len() {
        if progress.is_cancelled() {
            return Ok(None);
        }
        let some = usize::try_from(bytes.len() - at).unwrap_or(CHUNK).min(CHUNK);
        let Some(part) = buffer.get_mut(..some) else { break };
        bytes.read_at(at, part)?;
        hasher.update(part);
        at += some as u64;
    }
    Ok(Some(hasher.finish()))
}

fn vanished(name: &str, error: &io::Error) -> LocalText {
    LocalText::new(format!("`{name}` cannot be read: {error}"), format!("无法读取 `{name}`：{error}"))
}

fn unknown_format(name: &str) -> LocalText {
    LocalText::new(
        format!("the end of `{name}` does not say what kind of file it is; use `.csv`, `.jsonl` or `.parquet`"),
        format!("无法从 `{name}` 的扩展名判断文件类型，请使用 `.csv`、`.jsonl` 或 `.parquet`"),
    )
}
