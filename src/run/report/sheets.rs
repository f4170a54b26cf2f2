//! Decisions and flips as rows of CSV, JSON Lines or Parquet.
//!
//! Lists are joined with `;`. In `errors`, a Route stage that found no route stands as `stage:` and its id, and a row of a stream that could
//! not be read as `unread:` and its column: no rule can be named so.

use std::io::Write;

use super::flips::{FlipLine, FlipSide, flip_lines, limits_fen};
use super::{Ids, LIMIT_COLUMNS};
use crate::Comparison;
use crate::Run;
use crate::decisions::{DecisionOutline, RuleFailure};
use countersign_core::model::{RuleIndex, RuleSet};
use countersign_core::progress::Progress;
use countersign_core::text::Cells;
use countersign_requests::write::{TabularColumn, TabularWriter, WriteError};
use countersign_requests::{Format, UnreadRow};

/// Rows written at a time.
const BATCH: usize = 8_192;

/// The columns of the decisions, in order; amounts in fen.
const DECISIONS: [(&str, TabularColumn); 11] = [
    ("key", TabularColumn::TEXT),
    ("verdict", TabularColumn::TEXT),
    ("interface", TabularColumn::TEXT),
    ("score", TabularColumn::INT),
    ("reasons", TabularColumn::TEXT),
    ("hits", TabularColumn::TEXT),
    ("errors", TabularColumn::TEXT),
    (LIMIT_COLUMNS[0], TabularColumn::INT),
    (LIMIT_COLUMNS[1], TabularColumn::INT),
    (LIMIT_COLUMNS[2], TabularColumn::INT),
    (LIMIT_COLUMNS[3], TabularColumn::INT),
];

/// The columns of the flips, in order.
const FLIPS: [(&str, TabularColumn); 11] = [
    ("key", TabularColumn::TEXT),
    ("old_verdict", TabularColumn::TEXT),
    ("new_verdict", TabularColumn::TEXT),
    ("old_interface", TabularColumn::TEXT),
    ("new_interface", TabularColumn::TEXT),
    ("old_reasons", TabularColumn::TEXT),
    ("new_reasons", TabularColumn::TEXT),
    ("old_limits", TabularColumn::TEXT),
    ("new_limits", TabularColumn::TEXT),
    ("differs", TabularColumn::TEXT),
    ("causes", TabularColumn::TEXT),
];

fn text(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// A shape's lists as text; made once a shape, not once a row.
struct Lists {
    verdict: &'static str,
    interface: Option<String>,
    reasons: Option<String>,
    hits: Option<String>,
    errors: Option<String>,
}

impl Lists {
    fn new(ids: &Ids<'_>, rules: &[&str], shape: &DecisionOutline) -> Self {
        let name = |rule: RuleIndex| rules.get(rule.at()).copied().unwrap_or_default();
        let hits: Vec<&str> = shape.hits.iter().map(|rule| name(*rule)).collect();
        let failed = |failure: &RuleFailure| match failure.rule {
            Some(rule) => name(rule).to_owned(),
            None => format!("stage:{}", stage(&ids.0.rule_set, *failure)),
        };
        let errors: Vec<String> = shape.failures.iter().filter(|failure| !failure.shadow).map(failed).collect();
        Self {
            verdict: shape.verdict.word(),
            interface: text(ids.interface(shape.interface).to_owned()),
            reasons: text(ids.codes(shape).join(";")),
            hits: text(hits.join(";")),
            errors: text(errors.join(";")),
        }
    }
}

fn stage(rule_set: &RuleSet, failure: RuleFailure) -> &str {
    rule_set.stages.get(failure.stage.at()).map_or("", |stage| stage.id.as_str())
}

/// Decisions on their way into a sheet: key, verdict, interface, score, reasons, hits, errors of active rules, and the limits in fen.
pub struct DecisionSheet<W: Write + Send>(TabularWriter<W>);

impl<W: Write + Send> DecisionSheet<W> {
    /// Begins a sheet.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn new(out: W, format: Format, cells: Cells) -> std::io::Result<Self> {
        TabularWriter::new(out, format, &DECISIONS, cells).map(Self)
    }

    /// Begins an Arrow IPC stream of such a sheet.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn stream(out: W) -> std::io::Result<Self> {
        TabularWriter::stream(out, &DECISIONS).map(Self)
    }

    /// Adds the decision of every row; rows that could not be read come between them, without a verdict.
    ///
    /// # Errors
    /// The output could not be written, or the watcher asked to stop; what is written so far is then of no use.
    pub fn write(&mut self, run: &Run, unread: &[UnreadRow], progress: &Progress) -> Result<(), WriteError> {
        let definition = run.engine().definition();
        let ids = Ids(definition);
        let rules: Vec<&str> = definition.rule_set.rules().map(|(_, _, rule)| rule.id.as_str()).collect();
        let lists: Vec<Lists> = run.decisions().shapes().iter().map(|shape| Lists::new(&ids, &rules, shape)).collect();
        let decided = run.decisions();
        let mut rows = in_order(decided.len(), unread);
        loop {
            if progress.is_cancelled() {
                return Err(WriteError::Cancelled);
            }
            let batch: Vec<SheetRow<'_>> = rows.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Ok(());
            }
            let of = |row: &SheetRow<'_>| lists.get(decided.kind(row.decided()?)?.shape as usize);
            let texts = |part: fn(&Lists) -> Option<String>| TabularColumn::Text(batch.iter().map(|row| part(of(row)?)).collect());
            let limits: Vec<[Option<i64>; 4]> =
                batch.iter().map(|row| row.decided().map(|row| limits_fen(&decided.limits(row))).unwrap_or_default()).collect();
            let key = |row: &SheetRow<'_>| match row {
                SheetRow::Decided(row) => Some(run.table().key(*row)),
                SheetRow::Unread(unread) => unread.key.clone(),
            };
            let errors = |row: &SheetRow<'_>| match row {
                SheetRow::Decided(_) => of(row)?.errors.clone(),
                SheetRow::Unread(unread) => Some(format!("unread:{}", unread.column)),
            };
            let mut columns = vec![
                TabularColumn::Text(batch.iter().map(key).collect()),
                texts(|lists| Some(lists.verdict.to_owned())),
                texts(|lists| lists.interface.clone()),
                TabularColumn::Int(batch.iter().map(|row| decided.score(row.decided()?)).collect()),
                texts(|lists| lists.reasons.clone()),
                texts(|lists| lists.hits.clone()),
                TabularColumn::Text(batch.iter().map(errors).collect()),
            ];
            columns.extend(
                (0..4).map(|at| TabularColumn::Int(limits.iter().map(|limits| limits.get(at).copied().flatten()).collect())),
            );
            self.0.write(columns)?;
            progress.advance(batch.len() as u64);
        }
    }

    /// Ends the sheet and gives the output back.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn finish(self) -> std::io::Result<W> {
        self.0.finish()
    }
}

/// A row of a sheet of decisions.
enum SheetRow<'a> {
    /// By its place in the run.
    Decided(usize),
    Unread(&'a UnreadRow),
}

impl SheetRow<'_> {
    fn decided(&self) -> Option<usize> {
        if let Self::Decided(row) = self { Some(*row) } else { None }
    }
}

/// So many decided rows, with those that could not be read at their places between them.
fn in_order(decided: usize, unread: &[UnreadRow]) -> impl Iterator<Item = SheetRow<'_>> {
    let (mut unread_rows, mut next) = (unread.iter().peekable(), 0..decided);
    (0..decided + unread.len()).filter_map(move |row| {
        unread_rows.next_if(|unread| unread.row == row).map(SheetRow::Unread).or_else(|| next.next().map(SheetRow::Decided))
    })
}

/// Writes every row's decision as one sheet; see [`DecisionSheet`].
///
/// # Errors
/// The output could not be written, or the watcher asked to stop; what is written so far is then of no use.
pub fn decisions(run: &Run, format: Format, out: impl Write + Send, progress: &Progress) -> Result<(), WriteError> {
    let mut sheet = DecisionSheet::new(out, format, Cells::Guarded)?;
    progress.set_total(run.decisions().len() as u64);
    sheet.write(run, &[], progress)?;
    sheet.finish()?;
    Ok(())
}

/// Flips on their way into a sheet: key, both verdicts, interfaces, reasons and limits, in what they differ, and the causing rules.
pub struct FlipSheet<W: Write + Send>(TabularWriter<W>);

impl<W: Write + Send> FlipSheet<W> {
    /// Begins a sheet.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn new(out: W, format: Format, cells: Cells) -> std::io::Result<Self> {
        TabularWriter::new(out, format, &FLIPS, cells).map(Self)
    }

    /// Adds every flip.
    ///
    /// # Errors
    /// The output could not be written, or the watcher asked to stop; what is written so far is then of no use.
    pub fn write(&mut self, comparison: &Comparison, progress: &Progress) -> Result<(), WriteError> {
        let mut lines = flip_lines(comparison);
        loop {
            let batch: Vec<FlipLine> = lines.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Ok(());
            }
            if progress.is_cancelled() {
                return Err(WriteError::Cancelled);
            }
            let texts = |part: fn(&FlipLine) -> String| TabularColumn::Text(batch.iter().map(|line| text(part(line))).collect());
            self.0.write(vec![
                texts(|line| line.key.clone()),
                texts(|line| line.old.verdict.to_owned()),
                texts(|line| line.new.verdict.to_owned()),
                texts(|line| line.old.interface.clone()),
                texts(|line| line.new.interface.clone()),
                texts(|line| line.old.reasons.join(";")),
                texts(|line| line.new.reasons.join(";")),
                texts(|line| limits_text(&line.old)),
                texts(|line| limits_text(&line.new)),
                texts(differs),
                texts(|line| line.causes.iter().map(countersign_core::model::RuleId::as_str).collect::<Vec<_>>().join(";")),
            ])?;
            progress.advance(batch.len() as u64);
        }
    }

    /// Ends the sheet and gives the output back.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn finish(self) -> std::io::Result<W> {
        self.0.finish()
    }
}

/// Writes every flip as one sheet; see [`FlipSheet`].
///
/// # Errors
/// The output could not be written, or the watcher asked to stop; what is written so far is then of no use.
pub fn flips(comparison: &Comparison, format: Format, out: impl Write + Send, progress: &Progress) -> Result<(), WriteError> {
    let mut sheet = FlipSheet::new(out, format, Cells::Guarded)?;
    progress.set_total(comparison.flips().len() as u64);
    sheet.write(comparison, progress)?;
    sheet.finish()?;
    Ok(())
}

/// `single=500000;day=1000000`, in fen.
fn limits_text(side: &FlipSide) -> String {
    let pairs = countersign_core::model::Limit::ALL.into_iter().zip(side.limits_fen);
    let set: Vec<String> = pairs.filter_map(|(limit, fen)| Some(format!("{}={}", limit.word(), fen?))).collect();
    set.join(";")
}

fn differs(line: &FlipLine) -> String {
    let differs = line.differs;
    let parts =
        [("verdict", differs.verdict), ("interface", differs.interface), ("reasons", differs.reasons), ("limits", differs.limits)];
    parts.into_iter().filter(|(_, it)| *it).map(|(name, _)| name).collect::<Vec<_>>().join(";")
}
