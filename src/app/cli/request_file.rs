//! A file of requests: opened, mapped, read with a progress bar, its bad rows set aside where asked.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{AsideArgs, RequestFile, SomeRequests};
use super::exit::{Failure, cancelled};
use super::found_mapping::found_mapping;
use super::kinds::HISTORY_UNUSED;
use super::render::human;
use super::screen::Screen;
use super::target::Target;
use countersign_core::diagnostic::Finding;
use countersign_core::model::{FieldIndex, Schema, SetAside};
use countersign_core::progress::Progress;
use countersign_core::release::Digest;
use countersign_core::text::{LocalText, Sources};
use countersign_requests::{
    Input, MAX_PAIRS_IN_MEMORY, Mapping, Parts, ReadOptions, RejectLimit, Repeats, Table, read, read_parts, wrong_most,
};
use countersign_run::evidence::SampleFile;
use countersign_run::with_history;
use countersign_workspace::{AtomicFile, Files, InputRequest, MAPPINGS_FOLDER, OpenedInput, open_input};

pub struct Wanted<'a> {
    pub asked: InputRequest,
    /// Earlier requests, none where there are none.
    pub history: Option<InputRequest>,
    /// The mapping's name in the workspace, or its file.
    pub mapping: Option<&'a str>,
    /// What becomes of bad rows.
    pub bad_rows: BadRows<'a>,
    /// How many of them are set aside at most; see [`RejectLimit::parse`].
    pub max_rejects: Option<&'a str>,
}

/// What becomes of rows that cannot be read.
#[derive(Clone, Copy)]
pub enum BadRows<'a> {
    /// They refuse the file.
    Refuse,
    /// They are counted and written nowhere.
    Count,
    /// They are counted and written to a file.
    Write {
        to: &'a Path,
        /// Whether they are also written as they stand.
        raw: bool,
    },
}

impl<'a> Wanted<'a> {
    /// The file that the command line names.
    pub fn of(file: &'a RequestFile) -> Self {
        let AsideArgs { rejects, rejects_raw, max_rejects } = &file.aside;
        let bad_rows = rejects.as_ref().map_or(BadRows::Refuse, |to| BadRows::Write { to, raw: *rejects_raw });
        let asked = file.reading.asked(&file.requests);
        let history = file.reading.history();
        Self { asked, history, mapping: file.mapping.as_deref(), bad_rows, max_rejects: max_rejects.as_deref() }
    }

    /// The file that the command line names, where it does.
    pub fn if_given(file: &'a SomeRequests) -> Option<Self> {
        let AsideArgs { rejects, rejects_raw, max_rejects } = &file.aside;
        let bad_rows = rejects.as_ref().map_or(BadRows::Refuse, |to| BadRows::Write { to, raw: *rejects_raw });
        let asked = file.reading.asked(&file.requests);
        let history = file.reading.history();
        let wanted = Self { asked, history, mapping: file.mapping.as_deref(), bad_rows, max_rejects: max_rejects.as_deref() };
        (!file.requests.is_empty()).then_some(wanted)
    }

    /// The same, but no bad row is set aside unless a maximum is given.
    pub fn or_none(self) -> Self {
        Self { max_rejects: self.max_rejects.or(Some("0")), ..self }
    }

    /// The same, but bad rows never refuse the file: whoever reads it compares how many there are.
    pub fn counting(self) -> Self {
        let bad_rows = if matches!(self.bad_rows, BadRows::Refuse) { BadRows::Count } else { self.bad_rows };
        Self { bad_rows, ..self }
    }
}

/// Reads a file of requests that fit the target's schema, its derived fields computed, and says what it read. What is worth knowing goes
/// to standard error.
///
/// # Errors
/// The file, its columns or its rows are refused, or the mapping is, or a derived field cannot be computed.
pub fn load(wanted: &Wanted<'_>, target: &Target, files: &dyn Files, screen: &Screen) -> Result<(Arc<Table>, SampleFile), Failure> {
    let earlier = earlier(wanted, target, files, screen)?;
    let (table, sample) = load_alone(wanted, target, files, screen)?;
    let table = Arc::new(table.with_earlier(earlier));
    let progress = Arc::new(Progress::default());
    let what = LocalText::new("computing derived fields", "计算派生字段");
    let made = screen.watch(&what, &progress, || with_history(&target.definition, &table, &progress))?;
    Ok((made.table, sample))
}

/// The requests before those that are wanted: bad rows refuse their file.
fn earlier(wanted: &Wanted<'_>, target: &Target, files: &dyn Files, screen: &Screen) -> Result<Vec<Arc<Table>>, Failure> {
    let Some(asked) = wanted.history.clone() else { return Ok(Vec::new()) };
    if !target.definition.schema.has_derived() {
        let message = LocalText::new(
            "the schema has no derived field, so earlier requests would change nothing",
            "请求结构中没有派生字段，更早的请求不起作用",
        );
        let help = LocalText::new(
            "leave out `--history`, or define a field by `derived` in `schema.ron`",
            "请去掉 `--history`，或在 `schema.ron` 中用 `derived` 定义字段",
        );
        return Err(Finding::new(HISTORY_UNUSED, None, message).with_help(help).into());
    }
    let wanted = Wanted { asked, history: None, mapping: wanted.mapping, bad_rows: BadRows::Refuse, max_rejects: None };
    let (table, _) = load_alone(&wanted, target, files, screen)?;
    Ok(vec![Arc::new(table)])
}

/// The requests as the file has them.
fn load_alone(wanted: &Wanted<'_>, target: &Target, files: &dyn Files, screen: &Screen) -> Result<(Table, SampleFile), Failure> {
    let mut file = Opened::new(wanted, target, files, screen)?;
    let progress = Arc::new(Progress::default());
    let what = LocalText::new("reading", "读取");
    let reading = screen.watch(&what, &progress, || {
        let (input, schema, options) = file.parts(screen);
        read(input, schema, options, &progress)
    })?;
    let sample = file.finish(&reading.findings, reading.set_aside, wanted, screen)?;
    Ok((reading.table, sample))
}

/// A file whose requests were read part by part.
pub struct StreamedRequests {
    /// What was read, and what was set aside.
    pub sample: SampleFile,
    /// Keys that occur more than once.
    pub repeats: Repeats,
    /// What is worth knowing of the file.
    pub findings: Vec<Finding>,
}

/// How much of a file is in memory at a time.
#[derive(Clone, Copy)]
pub struct Bounds {
    pub rows: usize,
    /// Pairs of numbers of each kind that is sorted.
    pub held: usize,
}

/// What memory holds of a file, however large it is.
pub const BOUNDS: Bounds = Bounds { rows: 1 << 20, held: MAX_PAIRS_IN_MEMORY };

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
) -> Result<StreamedRequests, Failure> {
    let earlier = earlier(wanted, target, files, screen)?;
    let mut file = Opened::new(wanted, target, files, screen)?;
    let progress = Arc::new(Progress::default());
    let mut failed = None;
    let mut take = |table: Table| match each(table.with_earlier(earlier.clone()), &progress.part()) {
        Ok(()) => ControlFlow::Continue(()),
        Err(failure) => {
            failed = Some(failure);
            ControlFlow::Break(())
        }
    };
    let scratch = || files.scratch();
    // A derived field may count every request before.
    let rows = if target.definition.schema.has_derived() { usize::MAX } else { bounds.rows };
    let parts = Parts { rows, each: &mut take, scratch: &scratch, held: bounds.held };
    let reading = screen.watch(what, &progress, || {
        let (input, schema, options) = file.parts(screen);
        read_parts(input, schema, options, parts, &progress)
    });
    if let Some(failure) = failed {
        return Err(failure);
    }
    let reading = reading?;
    let sample = file.finish(&reading.findings, reading.set_aside, wanted, screen)?;
    Ok(StreamedRequests { sample, repeats: reading.repeats, findings: reading.findings })
}

/// A file of requests made ready to be read.
struct Opened {
    source: OpenedInput,
    schema: Arc<Schema>,
    mapping: Option<(Mapping, Digest)>,
    /// Fields that the rules look up in lists.
    exact: Vec<FieldIndex>,
    rejects: RejectedRows,
    most_aside: Option<RejectLimit>,
}

/// Where bad rows go.
enum RejectedRows {
    Refused,
    Nowhere(io::Sink),
    File(Box<dyn AtomicFile>, bool),
}

impl Opened {
    fn new(wanted: &Wanted<'_>, target: &Target, files: &dyn Files, screen: &Screen) -> Result<Self, Failure> {
        let source = open_input(files, &wanted.asked).map_err(|findings| Failure::could_not_run(findings, Sources::default()))?;
        let mapping = match wanted.mapping {
            Some(mapping) => Some(load_mapping(mapping, target, files)?),
            None => found_mapping(&source.input, target, files, screen),
        };
        let most = wanted.max_rejects.map(|text| RejectLimit::parse(text).ok_or_else(|| Failure::from(wrong_most(text))));
        let most_aside = most.transpose()?;
        let rejects = match wanted.bad_rows {
            BadRows::Refuse => RejectedRows::Refused,
            BadRows::Count => RejectedRows::Nowhere(io::sink()),
            BadRows::Write { to, raw } => RejectedRows::File(files.create(to)?, raw),
        };
        let exact = target.compiled.program.looked_up();
        Ok(Self { source, schema: Arc::new(target.definition.schema.as_read()), mapping, exact, rejects, most_aside })
    }

    fn parts(&mut self, screen: &Screen) -> (&Input, &Arc<Schema>, ReadOptions<'_>) {
        let (rejects, raw_rejects): (Option<&mut dyn Write>, bool) = match &mut self.rejects {
            RejectedRows::Refused => (None, false),
            RejectedRows::Nowhere(sink) => (Some(sink), false),
            RejectedRows::File(file, raw) => (Some(file), *raw),
        };
        let mapping = self.mapping.as_ref().map(|(mapping, _)| mapping);
        let (exact, most_aside, cells) = (self.exact.clone(), self.most_aside, screen.cells);
        let language = screen.language;
        let options = ReadOptions { mapping, exact, rejects, raw_rejects, most_aside, cells, language, ..ReadOptions::default() };
        (&self.source.input, &self.schema, options)
    }

    /// Puts the rejects in place, says what was found, and names what was read.
    fn finish(
        self,
        findings: &[Finding],
        set_aside: Option<SetAside>,
        wanted: &Wanted<'_>,
        screen: &Screen,
    ) -> Result<SampleFile, Failure> {
        if let RejectedRows::File(file, _) = self.rejects {
            screen.may_write()?;
            file.commit()?;
        }
        notes(findings, set_aside.as_ref(), wanted.bad_rows, screen);
        let digest = self.source.digest(&Progress::default())?.ok_or_else(cancelled)?;
        Ok(SampleFile { name: self.source.name, digest, mapping: self.mapping.map(|(_, digest)| digest), set_aside })
    }
}

/// Says on standard error what was found and what was set aside.
pub(super) fn notes(findings: &[Finding], set_aside: Option<&SetAside>, bad_rows: BadRows<'_>, screen: &Screen) {
    let sources = Sources::default();
    for finding in findings {
        screen.note(&LocalText::same(human::render_one(finding, &sources, screen.language, true).trim_end()));
    }
    let Some(aside) = set_aside else { return };
    screen.note(&aside.sentence());
    for line in aside.reason_lines() {
        screen.note(&LocalText::new(format!("  {}", line.en), format!("  {}", line.zh)));
    }
    if let BadRows::Write { to, .. } = bad_rows {
        let path = to.display();
        screen.note(&LocalText::new(format!("  they are listed in `{path}`"), format!("  明细见 `{path}`")));
    }
}

/// Where a mapping lies, by name in the workspace's `mappings/`, or by path: the folder, and the file in it.
pub(super) fn mapping_place(wanted: &str, root: Option<&Path>, files: &dyn Files) -> (PathBuf, String) {
    let named = format!("{MAPPINGS_FOLDER}/{wanted}.ron");
    let is_named = |root: &&Path| !wanted.contains('/') && files.exists(&root.join(&named));
    if let Some(root) = root.filter(is_named) {
        return (root.to_owned(), named);
    }
    let path = Path::new(wanted);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    (folder.to_owned(), path.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

/// By name in the workspace's `mappings/`, or by path.
pub(super) fn load_mapping(wanted: &str, target: &Target, files: &dyn Files) -> Result<(Mapping, Digest), Failure> {
    let schema = &target.definition.schema;
    let (folder, name) = mapping_place(wanted, target.root.as_deref(), files);
    let mapping = countersign_workspace::load_mapping_file(files, &folder, &name, schema)?;
    let bytes = files.read(&folder.join(&name), countersign_workspace::LARGEST_RON)?;
    Ok((mapping, Digest::of(&bytes)))
}
