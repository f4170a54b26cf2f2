//! The rules of a stage as a decision table: what is looked at as columns, the ways rules end as rows, the outcome last.
//!
//! A value that only one row looks at has no column of its own; its statement stands among the row's other conditions. What is said of rows
//! that overlap or are never reached is certain: where a condition is not understood, nothing is said.

use std::collections::BTreeMap;

use super::asked::RowAsks;
use super::statements::{Subject, inline};
use super::{Clause, EXPRESSIONS_MOST, Phrase, PlainStatement, RuleReader, Says, Worded, Wording};
use crate::model::{HitPolicy, RuleIndex, StageIndex, StageKind, Status, Window};
use crate::plan::{CompareOp, Constant, NodeId, Op, OutcomeNode, PlanStep};
use crate::text::LocalText;

/// A stage as a table.
#[derive(Clone, Debug, Default)]
pub struct StageTable {
    /// What is looked at.
    pub columns: Vec<Phrase>,
    /// In the order in which rules and their arms are looked at.
    pub rows: Vec<TableRow>,
    /// Rules without a plain form, and why; they are in no row.
    pub not_plain: Vec<(RuleIndex, LocalText)>,
}

/// One way a rule ends.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// The rule.
    pub rule: RuleIndex,
    /// The arm of its reading; from the second on it is looked at only where the arms before it do not hold.
    pub arm: usize,
    /// By column; empty where the row does not look at it.
    pub cells: Vec<Vec<TableCell>>,
    /// Conditions that are in no column.
    pub other: Vec<Phrase>,
    /// The outcome, in words.
    pub outcome: Phrase,
    /// Whether its conditions contradict each other.
    pub is_impossible: bool,
    /// The earlier row that ends the stage for every request this one asks for.
    pub covered_by: Option<usize>,
    /// Rows with another outcome that some request fits as well.
    pub overlaps: Vec<usize>,
}

/// The condition of a row on a column.
#[derive(Clone, Debug)]
pub struct TableCell {
    /// The words after the column's title: "is over ¥5,000.00".
    pub text: Phrase,
    /// The comparison of a field with a value that the script writes out, where the cell is one.
    pub compared: Option<WrittenComparison>,
}

/// A field compared with a value that the script writes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenComparison {
    /// The field.
    pub field: crate::model::FieldIndex,
    /// How they are compared, the field on the left.
    pub how: CompareOp,
    /// The value.
    pub value: Constant,
}

/// One row before the columns are known.
struct RowParts {
    row: TableRow,
    asked: Vec<(NodeId, PlainStatement, TableCell)>,
    asks: RowAsks,
}

impl RuleReader<'_> {
    /// A stage as a table.
    #[must_use]
    pub fn table(&self, stage: StageIndex) -> StageTable {
        let mut table = StageTable::default();
        let mut parts: Vec<RowParts> = Vec::new();
        for (rule, ..) in self.definition.rule_set.rules().filter(|(_, own, _)| *own == stage) {
            match self.row_parts(rule) {
                Ok(rows) => parts.extend(rows),
                Err(refused) => table.not_plain.push((rule, refused.why)),
            }
        }
        let columns = columns(&parts);
        let mut wording = Wording { reader: self, left: EXPRESSIONS_MOST };
        for column in &columns {
            let sort = wording.sort(*column);
            table.columns.push(wording.operand(*column, sort).unwrap_or_default());
        }
        let ends_stage = match self.definition.rule_set.stages.get(stage.at()).map(|held| &held.kind) {
            Some(StageKind::Screen { policy: HitPolicy::First, .. } | StageKind::Route { .. }) => true,
            Some(StageKind::Screen { .. } | StageKind::Limit) | None => false,
        };
        let outcomes: Vec<LocalText> = parts.iter().map(|part| part.row.outcome.text()).collect();
        for (at, part) in parts.iter().enumerate() {
            let covered_by = parts.iter().take(at).position(|earlier| ends_stage && earlier.asks.covers(&part.asks));
            let others = parts.iter().zip(&outcomes).enumerate();
            let overlaps = others.filter(|(row, (other, outcome))| {
                *row != at && Some(*outcome) != outcomes.get(at) && part.asks.overlaps(&other.asks)
            });
            let (is_impossible, overlaps) = (part.asks.is_impossible(), overlaps.map(|(row, _)| row).collect());
            let row = part.row.clone();
            table.rows.push(TableRow { is_impossible, covered_by, overlaps, ..part.placed(row, &columns) });
        }
        table
    }

    fn row_parts(&self, rule: RuleIndex) -> Worded<Vec<RowParts>> {
        let reading = self.rule(rule)?;
        let mut wording = Wording { reader: self, left: EXPRESSIONS_MOST };
        let held = self.definition.rule_set.rule(rule);
        let always_counts = held.is_some_and(|held| held.status == Status::Active && held.window == Window::default());
        let steps = self.plan.rule(rule).map(|lowered| lowered.steps.as_slice()).unwrap_or_default();
        let mut rows = Vec::new();
        for (at, arm) in reading.arms.iter().enumerate().filter(|(_, arm)| !arm.outcomes.is_empty()) {
            let ends = match steps.get(arm.step) {
                Some(PlanStep::Arm { outcomes, .. }) => outcomes.iter().any(|outcome| match outcome {
                    OutcomeNode::Verdict(..) | OutcomeNode::Route(_) | OutcomeNode::RouteTo(_) => true,
                    OutcomeNode::Score(..) | OutcomeNode::Limit(_) => false,
                }),
                _ => false,
            };
            // A later arm asks too that none before it holds.
            let mut asks = RowAsks::new(at == 0, ends && always_counts);
            let (mut asked, mut other) = (Vec::new(), Vec::new());
            for clause in reading.common.iter().chain(&arm.when) {
                if let Clause::One(statement) = clause {
                    asks.add(&wording, statement);
                    if let Some(subject) = subject(&wording, statement) {
                        let text = wording.said(statement, Subject::LeftOut)?;
                        let compared = written(&wording, statement);
                        asked.push((subject, statement.clone(), TableCell { text, compared }));
                        continue;
                    }
                } else {
                    asks.is_exact = false;
                }
                other.push(inline(clause, true));
            }
            let outcome = arm.outcome().capitalised();
            let cells = Vec::new();
            let row =
                TableRow { rule, arm: at, cells, other, outcome, is_impossible: false, covered_by: None, overlaps: Vec::new() };
            rows.push(RowParts { row, asked, asks });
        }
        Ok(rows)
    }
}

impl RowParts {
    /// The row with its cells in their columns.
    fn placed(&self, mut row: TableRow, columns: &[NodeId]) -> TableRow {
        for column in columns {
            let own = self.asked.iter().filter(|(subject, ..)| subject == column);
            row.cells.push(own.map(|(.., cell)| cell.clone()).collect());
        }
        let rest = self.asked.iter().filter(|(subject, ..)| !columns.contains(subject));
        row.other.splice(0..0, rest.map(|(_, statement, _)| statement.text.clone()));
        row
    }
}

/// What more than one row looks at; what most rows look at comes first.
fn columns(parts: &[RowParts]) -> Vec<NodeId> {
    let mut rows: BTreeMap<NodeId, usize> = BTreeMap::new();
    for part in parts {
        let mut subjects: Vec<NodeId> = part.asked.iter().map(|(subject, ..)| *subject).collect();
        subjects.sort_unstable();
        subjects.dedup();
        for subject in subjects {
            *rows.entry(subject).or_default() += 1;
        }
    }
    let least = if parts.len() > 1 { 2 } else { 1 };
    let mut columns: Vec<(NodeId, usize)> = rows.into_iter().filter(|(_, count)| *count >= least).collect();
    columns.sort_by_key(|(node, count)| (std::cmp::Reverse(*count), *node));
    columns.into_iter().map(|(node, _)| node).collect()
}

/// The value that a statement is about, where it is about one.
fn subject(wording: &Wording<'_, '_>, statement: &PlainStatement) -> Option<NodeId> {
    let item = match &statement.says {
        Says::Compare(_, item, _)
        | Says::OneOf(item, _)
        | Says::InSet(item, _)
        | Says::InList(item, _)
        | Says::Missing(item)
        | Says::Truth(item) => *item,
        Says::Always | Says::Call(..) | Says::Agree(..) => return None,
    };
    let item = wording.bare(item);
    // A guard of another value would be lost.
    statement.guards.iter().all(|guard| wording.value_of(*guard) == Some(item)).then_some(item)
}

fn written(wording: &Wording<'_, '_>, statement: &PlainStatement) -> Option<WrittenComparison> {
    let Says::Compare(how, item, value) = &statement.says else { return None };
    let graph = wording.reader.plan.graph();
    match (&graph.node(wording.bare(*item)).op, &graph.node(*value).op) {
        (Op::Field(field), Op::Constant(value)) => Some(WrittenComparison { field: *field, how: *how, value: value.clone() }),
        _ => None,
    }
}
