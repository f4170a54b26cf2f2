//! `countersign dry-run` and `countersign compare`: decides every request of a file, by one rule set or by two.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{Compare, DryRun};
use super::exit::{Exit, Failure};
use super::request_file::{self, RequestFile, Wanted};
use super::screen::Screen;
use super::target::Target;
use super::{output, summary};
use crate::engine::compare::{Comparison, Refused};
use crate::engine::{self, compare};
use crate::progress::Progress;
use crate::report::{self, About, Named, Report, Samples};
use crate::text::{LocalText, Sources};
use crate::workspace::{AtomicFile, Files};

/// What came of it: one rule set's decisions, or two rule sets' with what flips.
enum Ran {
    Alone(Box<engine::DryRun>),
    Against(Box<Comparison>),
}

/// What to do, whichever verb asked for it.
struct Job<'a> {
    new: &'a Path,
    old: Option<&'a Path>,
    wanted: Wanted<'a>,
    decisions: Option<&'a Path>,
    flips: Option<&'a Path>,
    reports: &'a [PathBuf],
}

/// Runs `dry-run`.
///
/// # Errors
/// A rule set or the requests cannot be read, the rules have errors, or an output cannot be written.
pub fn run(args: &DryRun, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let job = Job {
        new: &args.target,
        old: args.against.as_deref(),
        wanted: wanted(&args.file),
        decisions: args.decisions.as_deref(),
        flips: args.flips.as_deref(),
        reports: &args.report,
    };
    job.run(files, screen)
}

/// Runs `compare`.
///
/// # Errors
/// As [`run`].
pub fn run_compare(args: &Compare, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let job = Job {
        new: &args.new,
        old: Some(&args.old),
        wanted: wanted(&args.file),
        decisions: None,
        flips: args.flips.as_deref(),
        reports: &args.report,
    };
    job.run(files, screen)
}

/// The words of the command line as the file they name.
#[must_use]
pub fn wanted(file: &super::args::RequestFile) -> Wanted<'_> {
    Wanted { path: &file.requests, mapping: file.mapping.as_deref(), rejects: file.rejects.as_deref() }
}

impl Job<'_> {
    fn run(&self, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
        self.check_ends()?;
        let new = Target::open(files, self.new)?;
        let old = self.old.map(|path| Target::open(files, path)).transpose()?;
        let requests = request_file::load(&self.wanted, &new, files, screen)?;
        let ran = decide(&new, old.as_ref(), &requests, screen)?;
        let report = report(&new, old.as_ref(), &requests, &ran);
        self.write(files, &requests, &ran, &report, screen)?;
        screen.print(&summary::text(&report, screen.language))?;
        Ok(if holds(&report) { Exit::Clean } else { Exit::Found })
    }

    /// Wrong names of outputs are said before the long work, not after it.
    fn check_ends(&self) -> Result<(), Failure> {
        if let Some(path) = self.decisions {
            output::sheet_format(path)?;
        }
        if let Some(path) = self.flips {
            output::sheet_format(path)?;
        }
        match self.reports.iter().find(|path| ReportKind::of(path).is_none()) {
            Some(path) => Err(output::wrong_end(path, "`.html`, `.json`").into()),
            None => Ok(()),
        }
    }

    fn write(&self, files: &dyn Files, requests: &RequestFile, ran: &Ran, report: &Report, screen: &Screen) -> Result<(), Failure> {
        let what = LocalText::new("writing", "写出");
        if let Some(path) = self.decisions {
            let (format, progress) = (output::sheet_format(path)?, Arc::default());
            let write = |out: &mut Box<dyn AtomicFile>| {
                screen.watch(&what, &progress, || report::decisions(ran.new_run(), &requests.table, format, out, &progress))
            };
            output::save(files, path, write)?;
        }
        if let (Some(path), Ran::Against(comparison)) = (self.flips, ran) {
            let (format, progress) = (output::sheet_format(path)?, Arc::default());
            let write = |out: &mut Box<dyn AtomicFile>| {
                screen.watch(&what, &progress, || report::flips(comparison, &requests.table, format, out, &progress))
            };
            output::save(files, path, write)?;
        }
        for path in self.reports {
            output::save(files, path, |out| match ReportKind::of(path) {
                Some(ReportKind::Json) => report::json(report, out),
                _ => out.write_all(report::html::html(report, screen.language).as_bytes()),
            })?;
        }
        Ok(())
    }
}

enum ReportKind {
    Html,
    Json,
}

impl ReportKind {
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "html" | "htm" => Some(Self::Html),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

impl Ran {
    fn new_run(&self) -> &engine::DryRun {
        match self {
            Self::Alone(run) => run,
            Self::Against(comparison) => comparison.new_run(),
        }
    }
}

fn decide(new: &Target, old: Option<&Target>, requests: &RequestFile, screen: &Screen) -> Result<Ran, Failure> {
    let progress = Arc::new(Progress::default());
    let what = LocalText::new("deciding", "决策");
    let new_engine = new.engine()?;
    let Some(old) = old else {
        let ran = screen.watch(&what, &progress, || engine::dry_run(&new_engine, &requests.table, &progress));
        return ran.map(|run| Ran::Alone(Box::new(run))).map_err(|_| super::cancelled().into());
    };
    let old_engine = old.engine()?;
    let ran = screen.watch(&what, &progress, || compare(&old_engine, &new_engine, &requests.table, &progress));
    ran.map(|comparison| Ran::Against(Box::new(comparison))).map_err(|refused| match refused {
        Refused::Cancelled => super::cancelled().into(),
        Refused::Schema(findings) => Failure::could_not_run(findings, Sources::default()),
    })
}

/// Whether nothing failed and nothing that must hold is broken.
fn holds(report: &Report) -> bool {
    let summary = &report.summary;
    summary.errors.iter().all(|line| line.shadow) && summary.invariants.iter().all(|line| line.broken + line.failed == 0)
}

fn report(new: &Target, old: Option<&Target>, requests: &RequestFile, ran: &Ran) -> Report {
    let named = |target: &Target| Named::new(&target.definition.rule_set, Some(target.digest().to_string()));
    let about = About {
        generated_at: super::now(new.definition.schema.zone),
        generator: concat!("Countersign ", env!("CARGO_PKG_VERSION")).to_owned(),
        samples: Samples { file: requests.name.clone(), digest: Some(requests.digest.to_string()), rejected: requests.rejected },
        rule_set: named(new),
        against: old.map(named),
    };
    match ran {
        Ran::Alone(run) => Report::of_run(about, run, &requests.table),
        Ran::Against(comparison) => Report::of_comparison(about, comparison, &requests.table),
    }
}
