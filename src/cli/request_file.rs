//! A file of requests: opened, mapped, read with a progress bar, its bad rows set aside where asked.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::exit::Failure;
use super::screen::Screen;
use super::target::Target;
use crate::diagnostic::{Finding, human};
use crate::model::Schema;
use crate::progress::Progress;
use crate::release::{Digest, Hasher};
use crate::requests::{Format, Input, Mapping, Options, Parts, RandomRead, ReadError, Repeats, Table, read, read_parts};
use crate::text::{LocalText, Sources};
use crate::workspace::{self, AtomicFile, Files};

/// How much of a file is taken at a time to compute its digest, in bytes.
const DIGEST_CHUNK: usize = 1 << 20;

/// What was read, and from what.
pub struct RequestFile {
    /// The rows that fit.
    pub table: Arc<Table>,
    /// The file's name without folders.
    pub name: String,
    /// The file's own digest.
    pub digest: Digest,
    /// The digest of the mapping's file, where one was used.
    pub mapping: Option<Digest>,
}

/// Which file to read and how.
pub struct Wanted<'a> {
    /// The file.
    pub path: &'a Path,
    /// The mapping's name in the workspace, or its file.
    pub mapping: Option<&'a str>,
    /// Where bad rows are set aside.
    pub rejects: Option<&'a Path>,
}

/// A file whose requests were read part by part.
pub struct Streamed {
    /// Rows set aside.
    pub rejected: u64,
    /// Keys that occur more than once.
    pub repeats: Repeats,
    /// The file's name without folders.
    pub name: String,
    /// The file's own digest.
    pub digest: Digest,
}

/// Reads a file of requests that fit the target's schema. What is worth knowing goes to standard error.
///
/// # Errors
/// The file, its columns or its rows are refused, or the mapping is.
pub fn load(wanted: &Wanted<'_>, target: &Target, files: &dyn Files, screen: &Screen) -> Result<RequestFile, Failure> {
    let mut file = Opened::new(wanted, target, files)?;
    let progress = Arc::new(Progress::default());
    let what = LocalText::new("reading", "读取");
    let reading = screen.watch(&what, &progress, || {
        let (input, schema, options) = file.parts(screen);
        read(input, schema, options, &progress)
    });
    let reading = reading.map_err(refused)?;
    let (mapping, name) = (file.mapping.as_ref().map(|(_, digest)| *digest), Opened::name(wanted));
    let digest = file.finish(&reading.findings, reading.rejected, wanted, screen)?;
    Ok(RequestFile { table: Arc::new(reading.table), name, digest, mapping })
}

/// How much of a file is in memory at a time.
#[derive(Clone, Copy)]
pub struct Bounds {
    /// Requests.
    pub rows: usize,
    /// Pairs of numbers of each kind that is sorted.
    pub held: usize,
}

/// Reads a file of requests part by part and hands every part to `each`, with the progress to stop with. What is worth knowing goes to
/// standard error.
///
/// # Errors
/// As [`load`], or what `each` says: then the rest is not read.
pub fn stream(
    wanted: &Wanted<'_>,
    target: &Target,
    files: &dyn Files,
    screen: &Screen,
    (what, bounds): (&LocalText, Bounds),
    mut each: impl FnMut(Table, &Progress) -> Result<(), Failure>,
) -> Result<Streamed, Failure> {
    let mut file = Opened::new(wanted, target, files)?;
    let progress = Arc::new(Progress::default());
    let mut failed = None;
    let mut take = |table| match each(table, &progress.part()) {
        Ok(()) => ControlFlow::Continue(()),
        Err(failure) => {
            failed = Some(failure);
            ControlFlow::Break(())
        }
    };
    let scratch = || files.scratch();
    let parts = Parts { rows: bounds.rows, each: &mut take, scratch: &scratch, held: bounds.held };
    let reading = screen.watch(what, &progress, || {
        let (input, schema, options) = file.parts(screen);
        read_parts(input, schema, options, parts, &progress)
    });
    if let Some(failure) = failed {
        return Err(failure);
    }
    let reading = reading.map_err(refused)?;
    let name = Opened::name(wanted);
    let digest = file.finish(&reading.findings, reading.rejected, wanted, screen)?;
    Ok(Streamed { rejected: reading.rejected, repeats: reading.repeats, name, digest })
}

/// A file of requests made ready to be read.
struct Opened {
    input: Input,
    digested: Arc<Digested>,
    schema: Arc<Schema>,
    mapping: Option<(Mapping, Digest)>,
    rejects: Option<Box<dyn AtomicFile>>,
}

impl Opened {
    fn new(wanted: &Wanted<'_>, target: &Target, files: &dyn Files) -> Result<Self, Failure> {
        let name = wanted.path.display().to_string();
        let format = Format::of_file_name(&name).ok_or_else(|| unknown_format(&name))?;
        let file = files.open(wanted.path).map_err(|error| error.to_finding())?;
        let digested = Arc::new(Digested { file, so_far: Mutex::default() });
        let mapping = wanted.mapping.map(|mapping| load_mapping(mapping, target, files)).transpose()?;
        let rejects = wanted.rejects.map(|path| files.create(path)).transpose().map_err(|error| error.to_finding())?;
        let input = Input { name, format, bytes: digested.clone() };
        Ok(Self { input, digested, schema: Arc::new(target.definition.schema.clone()), mapping, rejects })
    }

    /// What a reader is given.
    fn parts(&mut self, screen: &Screen) -> (&Input, &Arc<Schema>, Options<'_>) {
        let rejects = self.rejects.as_mut().map(|file| file as &mut dyn Write);
        let mapping = self.mapping.as_ref().map(|(mapping, _)| mapping);
        (&self.input, &self.schema, Options { mapping, rejects, language: screen.language, ..Options::default() })
    }

    /// The file's name without folders.
    fn name(wanted: &Wanted<'_>) -> String {
        wanted.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Puts the rejects in place, says what was found, and gives the file's digest.
    fn finish(self, findings: &[Finding], rejected: u64, wanted: &Wanted<'_>, screen: &Screen) -> Result<Digest, Failure> {
        if let Some(file) = self.rejects {
            file.commit().map_err(|error| error.to_finding())?;
        }
        notes(findings, rejected, wanted.rejects, screen);
        Ok(self.digested.finish().map_err(|error| unreadable(&wanted.path.display().to_string(), &error))?)
    }
}

fn notes(findings: &[Finding], rejected: u64, rejects: Option<&Path>, screen: &Screen) {
    let sources = Sources::default();
    for finding in findings {
        screen.note(&LocalText::same(human::render_one(finding, &sources, screen.language, true).trim_end()));
    }
    if let (Some(path), 1..) = (rejects, rejected) {
        let path = path.display();
        screen
            .note(&LocalText::new(format!("{rejected} rows set aside in `{path}`"), format!("{rejected} 条记录已剔除到 `{path}`")));
    }
}

/// By name in the workspace's `mappings/`, or by path.
fn load_mapping(wanted: &str, target: &Target, files: &dyn Files) -> Result<(Mapping, Digest), Failure> {
    let schema = &target.definition.schema;
    let named = |root: &&PathBuf| !wanted.contains('/') && files.exists(&root.join("mappings").join(format!("{wanted}.ron")));
    let (folder, name) = if let Some(root) = target.root.as_ref().filter(named) {
        (root.clone(), format!("{}/{wanted}.ron", workspace::MAPPINGS_FOLDER))
    } else {
        let path = Path::new(wanted);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        (folder.to_owned(), path.file_name().unwrap_or_default().to_string_lossy().into_owned())
    };
    let mapping = workspace::load_mapping_file(files, &folder, &name, schema)
        .map_err(|failed| Failure::could_not_run(failed.findings, failed.sources))?;
    let bytes = files.read(&folder.join(&name), workspace::LARGEST_RON).map_err(|error| error.to_finding())?;
    Ok((mapping, Digest::of(&bytes)))
}

/// A file that is digested while it is read from its start to its end; what is read in another order is read once more for it.
struct Digested {
    file: Box<dyn RandomRead>,
    /// How many bytes are digested, and their digest.
    so_far: Mutex<(u64, Hasher)>,
}

impl RandomRead for Digested {
    fn len(&self) -> u64 {
        self.file.len()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> std::io::Result<()> {
        self.file.read_at(offset, into)?;
        let mut so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        if so_far.0 == offset {
            so_far.1.update(into);
            so_far.0 += into.len() as u64;
        }
        Ok(())
    }
}

impl Digested {
    /// The digest of the whole file.
    fn finish(&self) -> std::io::Result<Digest> {
        let at = || self.so_far.lock().unwrap_or_else(PoisonError::into_inner).0;
        let mut buffer = vec![0; DIGEST_CHUNK];
        while at() < self.len() {
            let some = usize::try_from(self.len() - at()).unwrap_or(usize::MAX).min(DIGEST_CHUNK);
            let Some(part) = buffer.get_mut(..some) else { break };
            self.read_at(at(), part)?;
        }
        Ok(self.so_far.lock().unwrap_or_else(PoisonError::into_inner).1.clone().finish())
    }
}

fn refused(error: ReadError) -> Failure {
    match error {
        ReadError::Refused(refusal) => Failure::could_not_run(refusal.findings, Sources::default()),
        ReadError::Cancelled => super::cancelled().into(),
    }
}

fn unreadable(name: &str, error: &dyn std::error::Error) -> Finding {
    let message = LocalText::new(format!("`{name}` cannot be read: {error}"), format!("无法读取 `{name}`：{error}"));
    Finding::error("unreadable-file", None, message)
}

fn unknown_format(name: &str) -> Finding {
    let message = LocalText::new(
        format!("the end of `{name}` does not say what kind of file it is"),
        format!("无法从 `{name}` 的扩展名判断文件类型"),
    );
    let help = LocalText::new("use `.csv`, `.jsonl`, `.ndjson` or `.parquet`", "请使用 `.csv`、`.jsonl`、`.ndjson` 或 `.parquet`");
    Finding::error("unknown-format", None, message).with_help(help)
}
