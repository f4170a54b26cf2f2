//! `countersign dry-run` and `countersign compare`: decides every request of a file, by one rule set or by two.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{CompareArgs, DryRunArgs};
use super::exit::{Exit, Failure};
use super::output::{self, unwritten};
use super::request_file::{self, BOUNDS, Bounds, Wanted};
use super::screen::Screen;
use super::summary;
use super::target::Target;
use countersign_core::progress::Progress;
use countersign_core::text::{Cells, LocalText, counted, grouped};
use countersign_run::figures::Duplicates;
use countersign_run::report::{
    self, About, DecisionSheet, Explained, FLIPS_LISTED, FlipLine, FlipSheet, Named, Report, Samples, flip_lines,
};
use countersign_run::{Comparison, Failed, Run, Streamed};
use countersign_workspace::{AtomicFile, Files};

/// What to do, whichever verb asked for it.
struct DryRunJob<'a> {
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
pub fn run(args: &DryRunArgs, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let job = DryRunJob {
        new: &args.target,
        old: args.against.as_deref(),
        wanted: Wanted::of(&args.file),
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
pub fn run_compare(args: &CompareArgs, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let job = DryRunJob {
        new: &args.new,
        old: Some(&args.old),
        wanted: Wanted::of(&args.file),
        decisions: None,
        flips: args.flips.as_deref(),
        reports: &args.report,
    };
    job.run(files, screen)
}

impl DryRunJob<'_> {
    fn run(&self, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
        let report = self.report(files, screen, BOUNDS)?;
        screen.print(&summary::text(&report, screen.language))?;
        if let (Some(path), Some(_)) = (self.decisions, &report.about.samples.set_aside) {
            let (path, decided) = (path.display(), report.summary.all.requests);
            let (en, zh) = (counted(decided, "decided request", "decided requests"), grouped(decided));
            screen.print(&format!(
                "\n{}\n",
                screen.say(&LocalText::new(format!("`{path}` lists the {en} only"), format!("`{path}` 仅含已决策的 {zh} 条请求")))
            ))?;
        }
        Ok(if holds(&report) { Exit::Clean } else { Exit::Found })
    }

    /// Decides so many requests at a time, and writes all that is to be written.
    fn report(&self, files: &dyn Files, screen: &Screen, bounds: Bounds) -> Result<Report, Failure> {
        self.check_ends()?;
        let new = Target::open(files, self.new)?;
        let old = self.old.map(|path| Target::open(files, path)).transpose()?;
        let (new_engine, old_engine) = (new.engine()?, old.as_ref().map(Target::engine).transpose()?);
        let scratch = || files.scratch();
        let mut deciding = Streamed::new(&new_engine, old_engine.as_ref(), (&scratch, bounds.held));
        let mut sheets = Sheets::new(self, files, screen.cells)?;
        let mut explained = Explained::default();
        let what = LocalText::new("reading and deciding", "读取并决策");
        let read = request_file::stream(&self.wanted, &new, files, screen, (&what, bounds), |table, progress| {
            let table = Arc::new(table);
            let (run, comparison) = deciding.add(&table, progress)?;
            if !self.reports.is_empty() {
                explained.add(&run, comparison.as_ref());
            }
            sheets.add(&run, comparison.as_ref(), progress)
        })?;
        let duplicates = Duplicates { keys: read.repeats.keys, rows: read.repeats.rows };
        let (summary, figures) = deciding.finish(duplicates).map_err(Failed::from)?;
        screen.may_write()?;
        let first_flips = sheets.finish()?;
        let compared = figures.map(|figures| (figures, first_flips));
        let samples = Samples {
            file: read.sample.name.clone(),
            digest: Some(read.sample.digest.to_string()),
            set_aside: read.sample.set_aside.clone(),
            remarks: report::remarks(&read.findings),
        };
        let report = Report::of_figures(about(&new, old.as_ref(), samples), summary, compared).explaining(explained);
        self.write(files, &report, screen)?;
        Ok(report)
    }

    /// Wrong names of outputs are said before the long work, not after it.
    fn check_ends(&self) -> Result<(), Failure> {
        match self.reports.iter().find(|path| ReportKind::of(path).is_none()) {
            Some(path) => Err(output::wrong_end(path, "`.html`, `.json`").into()),
            None => Ok(()),
        }
    }

    fn write(&self, files: &dyn Files, report: &Report, screen: &Screen) -> Result<(), Failure> {
        for path in self.reports {
            screen.may_write()?;
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

/// The sheets that grow with every part.
struct Sheets<'a> {
    decisions: Option<(&'a Path, DecisionSheet<Box<dyn AtomicFile>>)>,
    flips: Option<(&'a Path, FlipSheet<Box<dyn AtomicFile>>)>,
    first_flips: Vec<FlipLine>,
}

impl<'a> Sheets<'a> {
    fn new(job: &DryRunJob<'a>, files: &dyn Files, cells: Cells) -> Result<Self, Failure> {
        let begin = |path: &Path| -> Result<_, Failure> { Ok((files.create(path)?, output::sheet_format(path)?)) };
        let (mut decisions, mut flips) = (None, None);
        if let Some(path) = job.decisions {
            let (out, format) = begin(path)?;
            decisions = Some((path, DecisionSheet::new(out, format, cells).map_err(|error| unwritten(path, error))?));
        }
        if let Some(path) = job.flips {
            let (out, format) = begin(path)?;
            flips = Some((path, FlipSheet::new(out, format, cells).map_err(|error| unwritten(path, error))?));
        }
        Ok(Self { decisions, flips, first_flips: Vec::new() })
    }

    fn add(&mut self, run: &Run, comparison: Option<&Comparison>, progress: &Progress) -> Result<(), Failure> {
        if let Some((path, sheet)) = &mut self.decisions {
            sheet.write(run, &[], progress).map_err(|error| unwritten(path, error))?;
        }
        let Some(comparison) = comparison else { return Ok(()) };
        self.first_flips.extend(flip_lines(comparison).take(FLIPS_LISTED - self.first_flips.len()));
        if let Some((path, sheet)) = &mut self.flips {
            sheet.write(comparison, progress).map_err(|error| unwritten(path, error))?;
        }
        Ok(())
    }

    /// Puts the sheets in place, and gives what the report lists.
    fn finish(self) -> Result<Vec<FlipLine>, Failure> {
        let put = |path, finished: io::Result<Box<dyn AtomicFile>>| -> Result<(), Failure> {
            Ok(finished.map_err(|error| unwritten(path, error))?.commit()?)
        };
        if let Some((path, sheet)) = self.decisions {
            put(path, sheet.finish())?;
        }
        if let Some((path, sheet)) = self.flips {
            put(path, sheet.finish())?;
        }
        Ok(self.first_flips)
    }
}

/// Whether nothing failed and nothing that must hold is broken.
fn holds(report: &Report) -> bool {
    let summary = &report.summary;
    summary.errors.iter().all(|line| line.shadow) && summary.invariants.iter().all(|line| line.broken + line.failed == 0)
}

/// What a report is about: the requests, and who decided them by which rule sets.
pub(super) fn about(new: &Target, old: Option<&Target>, samples: Samples) -> About {
    let named = |target: &Target| Named::new(&target.definition.rule_set, Some(target.digest().to_string()));
    About {
        generated_at: super::now(new.definition.schema.zone),
        generator: concat!("Countersign ", env!("CARGO_PKG_VERSION")).to_owned(),
        samples,
        rule_set: named(new),
        against: old.map(named),
    }
}

#[cfg(test)]
mod tests;
