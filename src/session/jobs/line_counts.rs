//! Beside each `if` of a script: how many of the loaded requests come to it, and for how many it holds.
//!
//! Counted over all loaded requests, whether or not the rule's stage is reached. A rule that the interpreter runs has no counts.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::check::{CheckDraft, CheckedDraft};
use super::{Basis, DerivedJob, JobKind, JobResult};
use crate::{ScriptRef, Session};
use countersign_core::model::RuleId;
use countersign_core::progress::Progress;
use countersign_core::script::tree::{ExprKind, walk};
use countersign_requests::Table;
use countersign_run::NotDecided;
use countersign_run::conditions;

/// What is known of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineCount {
    /// The line of the condition, from 1.
    pub line: u32,
    pub reached: u64,
    /// Of those, requests for which it holds.
    pub held: u64,
}

/// The counts of one rule's script.
#[derive(Clone, Debug)]
pub struct LineCounts {
    pub rule: RuleId,
    /// Its conditions in order.
    pub lines: Vec<LineCount>,
}

pub(crate) struct CountLines {
    checked: Arc<CheckedDraft>,
    rule: RuleId,
    table: Arc<Table>,
}

/// The basis of what follows from the draft and the selected script.
pub(super) fn selection_basis(session: &Session) -> Basis {
    let mut hasher = DefaultHasher::new();
    session.view.selection.script.hash(&mut hasher);
    Basis { baseline: 0, asked: hasher.finish(), ..session.results.basis(session.document.revision()) }
}

/// The selected rule with the draft's check, once it is fresh and the draft can decide.
pub(super) fn selected_rule(session: &Session) -> Option<(Arc<CheckedDraft>, RuleId)> {
    let Some(ScriptRef::Rule(rule)) = session.view.selection.script.clone() else { return None };
    let checked = session.fresh::<CheckDraft>().filter(|checked| checked.engine.is_some())?;
    Some((Arc::clone(checked), rule))
}

impl DerivedJob for CountLines {
    const KIND: JobKind = JobKind::LineCounts;
    type Output = LineCounts;

    fn basis(session: &Session) -> Basis {
        selection_basis(session)
    }

    fn snapshot(session: &Session) -> Option<Self> {
        let (checked, rule) = selected_rule(session)?;
        Some(Self { checked, rule, table: Arc::clone(&session.requests()?.table) })
    }

    fn run(self, progress: &Progress) -> JobResult<LineCounts> {
        let Self { checked, rule, table } = self;
        let mut lines: Vec<LineCount> = Vec::new();
        if let (Some(engine), Some((index, ..))) = (&checked.engine, checked.definition.rule_set.find_rule(rule.as_str()))
            && let Some(tree) = checked.program.tree(index)
            && let Some(source) = checked.definition.sources.get(tree.source)
        {
            let counts = match conditions(engine, index, &table, progress) {
                Ok(counts) => counts.unwrap_or_default(),
                Err(NotDecided::Cancelled) => return Ok(None),
                Err(NotDecided::Schema(_)) => Vec::new(),
            };
            walk(tree, &mut |expr| {
                let ExprKind::If { arms, .. } = &expr.kind else { return };
                for (condition, _) in arms.iter().filter(|(condition, _)| condition.span.source == tree.source) {
                    let line = source.line_column(condition.span.start).line;
                    // The first of a line speaks for it; one that is written once may be met on several ways.
                    if lines.iter().any(|known| known.line == line) {
                        continue;
                    }
                    let met = || counts.iter().filter(|count| count.span == condition.span);
                    if met().next().is_some() {
                        let reached = met().map(|count| count.holds + count.fails + count.errors).sum();
                        lines.push(LineCount { line, reached, held: met().map(|count| count.holds).sum() });
                    }
                }
            });
        }
        Ok(Some(LineCounts { rule, lines }))
    }
}
