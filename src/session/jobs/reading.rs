//! The rule in the editor in plain language, with how many of the loaded requests come to each of its statements.
//!
//! Counted over all loaded requests, whether or not the rule's stage is reached.

use std::sync::Arc;

use super::check::CheckedDraft;
use super::line_counts::{selected_rule, selection_basis};
use super::{Basis, DerivedJob, JobKind, JobResult};
use crate::Session;
use countersign_core::model::RuleId;
use countersign_core::progress::Progress;
use countersign_core::reading::{NotPlain, ReadingTotals, RuleReader, RuleReading};
use countersign_requests::Table;
use countersign_run::{NotDecided, reading_totals};

/// One rule in plain language.
#[derive(Clone, Debug)]
pub struct RuleInWords {
    pub rule: RuleId,
    /// The reading, or why the script is shown instead.
    pub reading: Result<RuleReading, NotPlain>,
    /// Its counts; none where no requests are loaded.
    pub totals: Option<ReadingTotals>,
}

pub(crate) struct ReadRule {
    checked: Arc<CheckedDraft>,
    rule: RuleId,
    table: Option<Arc<Table>>,
}

impl DerivedJob for ReadRule {
    const KIND: JobKind = JobKind::Reading;
    type Output = RuleInWords;

    fn basis(session: &Session) -> Basis {
        selection_basis(session)
    }

    fn snapshot(session: &Session) -> Option<Self> {
        let (checked, rule) = selected_rule(session)?;
        Some(Self { checked, rule, table: session.requests().map(|requests| Arc::clone(&requests.table)) })
    }

    fn run(self, progress: &Progress) -> JobResult<RuleInWords> {
        let Self { checked, rule, table } = self;
        let found = checked.definition.rule_set.find_rule(rule.as_str());
        let (Some(engine), Some((index, ..))) = (&checked.engine, found) else { return Ok(None) };
        let reading = RuleReader::new(&checked.definition, engine.plan()).rule(index);
        let totals = match (&reading, table) {
            (Ok(reading), Some(table)) => match reading_totals(engine, (index, reading), &table, progress) {
                Ok(totals) => totals,
                Err(NotDecided::Cancelled) => return Ok(None),
                Err(NotDecided::Schema(_)) => None,
            },
            _ => None,
        };
        Ok(Some(RuleInWords { rule, reading, totals }))
    }
}
