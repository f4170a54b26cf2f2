//! A file of requests: opened, mapped, read with a progress bar, its bad rows set aside where asked.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::args::{RequestFile, SomeRequests};
use super::exit::Failure;
use super::output;
use super::screen::Screen;
use super::target::Target;
use crate::diagnostic::{Finding, human};
use crate::model::Schema;
use crate::progress::Progress;
use crate::release::{Digest, Hasher, SampleFile};
use crate::requests::{Format, HELD, Input, Mapping, Options, Parts, RandomRead, Repeats, Table, read, read_parts};
use crate::text::{LocalText, Sources};
use crate::workspace::{self, AtomicFile, FileError, Files, MAPPINGS_FOLDER};

/// How much of a file is taken at a time to compute its digest, in bytes.
const DIGEST_CHUNK: usize = 1 << 20;

/// Which file to read and how.
pub struct Wanted<'a> {
    /// The file.
    pub path: &'a Path,
    /// The mapping's name in the workspace, or its file.
    pub mapping: Option<&'a str>,
    /// Where bad rows are set aside.
    pub rejects: Option<&'a Path>,
    /// Whether they are also written as they stand.
    pub raw_rejects: bool,
}

impl<'a> Wanted<'a> {
    /// The file that the command line names.
    #[must_use]
    pub fn of(file: &'a RequestFile) -> Self {
        Self {
            path: &file.requests,
            mapping: file.mapping.as_deref(),
            rejects: file.rejects.as_deref(),
            raw_rejects: file.rejects_raw,
        }
    }

    /// The file that the command line names, where it does; its bad rows are refused.
    #[must_use]
    pub fn if_given(file: &'a SomeRequests) -> Option<Self> {
        Some(Self { path: file.requests.as_deref()?, mapping: file.mapping.as_deref(), rejects: None, raw_rejects: false })
    }
}

/// Reads a file of requests that fit the target's schema, and says what it read. What is worth knowing goes to standard error.
///
/// # Errors
/// The file, its columns or its rows are refused, or the mapping is.
pub fn load(wanted: &Wanted<'_>, target: &Target, files: &dyn Files, screen: &Screen) -> Result<(Arc<Table>, SampleFile), Failure> {
    let mut file = Opened::new(wanted, target, files)?;
    let progress = Arc::new(Progress::default());
    let what = LocalText::new("reading", "读取");
    let reading = screen.watch(&what, &progress, || {
        let (input, schema, options) = file.parts(screen);
        read(input, schema, options, &progress)
    })?;
    let sample = file.finish(&reading.findings, reading.rejected, wanted, screen)?;
    Ok((Arc::new(reading.table), sample))
}

/// A file whose requests were read part by part.
pub struct Streamed {
    /// What was read.
    pub sample: SampleFile,
    /// Rows set aside.
    pub rejected: u64,
    /// Keys that occur more than once.
    pub repeats: Repeats,
}

/// How much of a file is in memory at a time.
#[derive(Clone, Copy)]
pub struct Bounds {
    /// Requests.
    pub rows: usize,
    /// Pairs of numbers of each kind that is sorted.
    pub held: usize,
}

/// What memory holds of a file, however large it is.
pub const BOUNDS: Bounds = Bounds { rows: 1 << 20, held: HELD };

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
    let reading = reading?;
    let sample = file.finish(&reading.findings, reading.rejected, wanted, screen)?;
    Ok(Streamed { sample, rejected: reading.rejected, repeats: reading.repeats })
}

/// A file of requests made ready to be read.
struct Opened {
    input: Input,
    digested: Arc<Digested>,
    schema: Arc<Schema>,
    mapping: Option<(Mapping, Digest)>,
    rejects: Option<Box<dyn AtomicFile>>,
    raw_rejects: bool,
}

impl Opened {
    fn new(wanted: &Wanted<'_>, target: &Target, files: &dyn Files) -> Result<Self, Failure> {
        let name = wanted.path.display().to_string();
        let format =
            Format::of_file_name(&name).ok_or_else(|| output::wrong_end(wanted.path, "`.csv`, `.jsonl`, `.ndjson`, `.parquet`"))?;
        let file = files.open(wanted.path)?;
        let digested = Arc::new(Digested { file, so_far: Mutex::default() });
        let mapping = wanted.mapping.map(|mapping| load_mapping(mapping, target, files)).transpose()?;
        let rejects = wanted.rejects.map(|path| files.create(path)).transpose()?;
        let input = Input { name, format, bytes: digested.clone() };
        Ok(Self {
            input,
            digested,
            schema: Arc::new(target.definition.schema.clone()),
            mapping,
            rejects,
            raw_rejects: wanted.raw_rejects,
        })
    }

    /// What a reader is given.
    fn parts(&mut self, screen: &Screen) -> (&Input, &Arc<Schema>, Options<'_>) {
        let rejects = self.rejects.as_mut().map(|file| file as &mut dyn Write);
        let mapping = self.mapping.as_ref().map(|(mapping, _)| mapping);
        let raw_rejects = self.raw_rejects;
        (&self.input, &self.schema, Options { mapping, rejects, raw_rejects, language: screen.language, ..Options::default() })
    }

    /// Puts the rejects in place, says what was found, and names what was read.
    fn finish(self, findings: &[Finding], rejected: u64, wanted: &Wanted<'_>, screen: &Screen) -> Result<SampleFile, Failure> {
        if let Some(file) = self.rejects {
            file.commit()?;
        }
        notes(findings, rejected, wanted.rejects, screen);
        let digest = self.digested.finish().map_err(|error| FileError::from_io(wanted.path, &error))?;
        let name = wanted.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(SampleFile { name, digest, mapping: self.mapping.map(|(_, digest)| digest) })
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
    let named = format!("{MAPPINGS_FOLDER}/{wanted}.ron");
    let is_named = |root: &&PathBuf| !wanted.contains('/') && files.exists(&root.join(&named));
    let (folder, name) = if let Some(root) = target.root.as_ref().filter(is_named) {
        (root.clone(), named)
    } else {
        let path = Path::new(wanted);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        (folder.to_owned(), path.file_name().unwrap_or_default().to_string_lossy().into_owned())
    };
    let mapping = workspace::load_mapping_file(files, &folder, &name, schema)?;
    let bytes = files.read(&folder.join(&name), workspace::LARGEST_RON)?;
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

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
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
    fn finish(&self) -> io::Result<Digest> {
        let mut so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, hasher) = &mut *so_far;
        let mut buffer = vec![0; DIGEST_CHUNK];
        while *at < self.len() {
            let some = usize::try_from(self.len() - *at).unwrap_or(usize::MAX).min(DIGEST_CHUNK);
            let Some(part) = buffer.get_mut(..some) else { break };
            self.file.read_at(*at, part)?;
            hasher.update(part);
            *at += some as u64;
        }
        Ok(hasher.clone().finish())
    }
}
