//! `countersign decide --stream`: requests as an Arrow IPC stream on standard input, their decisions as one on standard output.
//!
//! Memory holds a part of the requests, however many come. What went wrong leaves the stream of decisions without its end mark.

use std::io::{self, Stdout};
use std::ops::ControlFlow;
use std::sync::Arc;

use super::args::DecideArgs;
use super::dry_run::about;
use super::exit::{Exit, Failure};
use super::kinds::HISTORY_IN_STREAM;
use super::output;
use super::request_file::{BOUNDS, BadRows, load_mapping, notes};
use super::screen::Screen;
use super::target::Target;
use countersign_core::diagnostic::Finding;
use countersign_core::engine::Engine;
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;
use countersign_requests::kinds::UNREADABLE_FILE;
use countersign_requests::write::WriteError;
use countersign_requests::{ReadOptions, StreamPart, read_stream};
use countersign_run::figures::Duplicates;
use countersign_run::report::{self, DecisionSheet, Report, Samples};
use countersign_run::{Failed, Run, Streamed};
use countersign_workspace::Files;

/// Requests decided at a time.
const ROWS_AT_ONCE: usize = 1 << 16;
/// What messages call the stream that comes.
const NAME: &str = "standard input";

/// Runs the verb.
///
/// # Errors
/// A rule set or the stream cannot be read, the rules have errors, or an output cannot be written.
pub fn run(args: &DecideArgs, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let target = Target::open(files, &args.target)?;
    let engine = target.engine()?;
    if let Some((_, name, ..)) = target.definition.schema.derived().next() {
        return Err(needs_all(&name).into());
    }
    let mapping = args.mapping.as_deref().map(|mapping| load_mapping(mapping, &target, files)).transpose()?;
    let schema = Arc::new(target.definition.schema.clone());
    let exact = target.compiled.program.looked_up();
    let options = ReadOptions { mapping: mapping.as_ref().map(|(mapping, _)| mapping), exact, ..ReadOptions::default() };
    let mut source = files.standard_input().map_err(|error| no_stream(&error))?;
    let scratch = || files.scratch();
    let totals = args.totals.is_some().then(|| Streamed::new(&engine, None, (&scratch, BOUNDS.held)));
    let mut decisions = StreamedDecisions { engine: &engine, sheet: None, totals, failed: None };
    let progress = Arc::new(Progress::default());
    let what = LocalText::new("deciding", "决策中");
    let read = screen.watch(&what, &progress, || {
        let mut each = |part| decisions.add(part, &progress.part());
        read_stream((NAME, source.as_mut()), (&schema, &options), ROWS_AT_ONCE, &mut each, &progress)
    });
    if let Some(failure) = decisions.failed {
        return Err(failure);
    }
    let read = read?;
    notes(&read.findings, read.set_aside.as_ref(), BadRows::Count, screen);
    screen.may_write()?;
    if let (Some(path), Some(totals)) = (&args.totals, decisions.totals) {
        let (summary, _) = totals.finish(Duplicates::default()).map_err(Failed::from)?;
        let remarks = report::remarks(&read.findings);
        let samples = Samples { file: NAME.to_owned(), digest: None, set_aside: read.set_aside, remarks };
        let report = Report::of_figures(about(&target, None, samples), summary, None);
        output::save(files, path, |out| report::json(&report, out))?;
    }
    // The end mark comes last: a reader that gets it has the whole stream.
    match decisions.sheet {
        Some(sheet) => sheet,
        None => DecisionSheet::stream(io::stdout())?,
    }
    .finish()?;
    Ok(Exit::Clean)
}

struct StreamedDecisions<'a> {
    engine: &'a Engine,
    /// Begun with the first decisions, so that nothing is written where the stream is refused.
    sheet: Option<DecisionSheet<Stdout>>,
    totals: Option<Streamed<'a>>,
    failed: Option<Failure>,
}

impl StreamedDecisions<'_> {
    fn add(&mut self, part: StreamPart, progress: &Progress) -> ControlFlow<()> {
        match self.decide(part, progress) {
            Ok(()) => ControlFlow::Continue(()),
            Err(failure) => {
                self.failed = Some(failure);
                ControlFlow::Break(())
            }
        }
    }

    fn decide(&mut self, part: StreamPart, progress: &Progress) -> Result<(), Failure> {
        let table = Arc::new(part.table);
        let run = match &mut self.totals {
            Some(totals) => totals.add(&table, progress)?.0,
            None => Run::new(self.engine, &table, progress)?,
        };
        let sheet = match &mut self.sheet {
            Some(sheet) => sheet,
            none => none.insert(DecisionSheet::stream(io::stdout())?),
        };
        sheet.write(&run, &part.unread, progress).map_err(|error| match error {
            WriteError::Cancelled => super::exit::cancelled().into(),
            WriteError::Io(error) => Failure::from(error),
        })
    }
}

fn needs_all(field: &str) -> Finding {
    let message = LocalText::new(
        format!("`{field}` is derived from all requests before, and a stream is decided part by part"),
        format!("`{field}` 由全部更早的请求派生，而流是分批决策的"),
    );
    let help = LocalText::new(
        "decide a file of all requests: `countersign dry-run --requests FILE --decisions OUT.parquet`",
        "请对包含全部请求的文件决策：`countersign dry-run --requests 文件 --decisions OUT.parquet`",
    );
    Finding::new(HISTORY_IN_STREAM, None, message).with_help(help)
}

fn no_stream(error: &io::Error) -> Finding {
    let message = LocalText::new(format!("{NAME} cannot be read: {error}"), format!("无法读取标准输入：{error}"));
    Finding::new(UNREADABLE_FILE, None, message).with_help(LocalText::new(
        "send an Arrow IPC stream; the Python package `countersign` does it",
        "请传入 Arrow IPC 流；可使用 Python 包 `countersign`",
    ))
}
