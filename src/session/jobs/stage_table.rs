//! The stage of the rule in the editor as a decision table, with the places in scripts of the values that can be changed in it.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::check::{CheckDraft, CheckedDraft};
use super::{Basis, DerivedJob, JobKind, JobResult};
use crate::preferences::ScriptView;
use crate::{ScriptAction, ScriptRef, Session};
use countersign_core::model::{FieldIndex, RuleId, StageId, Value};
use countersign_core::progress::Progress;
use countersign_core::reading::{RuleReader, StageTable, as_script};

/// A stage as a table.
#[derive(Clone, Debug)]
pub struct StageInTable {
    pub stage: StageId,
    pub table: StageTable,
    /// By row: the rule.
    pub rules: Vec<RuleId>,
    /// By row, column and position in the cell: the value that can be changed.
    pub values: BTreeMap<(usize, usize, usize), CellValue>,
}

/// A value that a script writes out and a cell of the table shows.
#[derive(Clone, Debug)]
pub struct CellValue {
    rule: RuleId,
    start: u32,
    end: u32,
    was: String,
    /// Whether it follows a sign such as `<` without a space; `<-` is no sign of a script.
    follows_sign: bool,
    /// The field it is compared with.
    pub field: FieldIndex,
    /// What it is now.
    pub now: Value,
}

impl CellValue {
    /// Puts another value in its place in the script, and changes nothing else.
    pub fn set(&self, session: &Session, value: &Value) -> ScriptAction {
        let zone = session.document.definition().schema.zone;
        let (script, was, mut with) = (ScriptRef::Rule(self.rule.clone()), self.was.clone(), as_script(value, zone));
        if self.follows_sign && with.starts_with('-') {
            with.insert(0, ' ');
        }
        ScriptAction::Replace { script, start: self.start, end: self.end, was, with }
    }
}

pub(crate) struct TabulateStage {
    checked: Arc<CheckedDraft>,
    stage: StageId,
}

/// The stage of the rule in the editor, while its table is shown.
fn wanted(session: &Session) -> Option<StageId> {
    let ScriptRef::Rule(rule) = session.view.selection.script.as_ref()? else { return None };
    let is_shown = session.preferences().script_view == ScriptView::Table;
    let rules = session.document.rule_set();
    let (_, stage, _) = rules.find_rule(rule.as_str()).filter(|_| is_shown)?;
    rules.stages.get(stage.at()).map(|stage| stage.id.clone())
}

impl DerivedJob for TabulateStage {
    const KIND: JobKind = JobKind::StageTable;
    type Output = StageInTable;

    fn basis(session: &Session) -> Basis {
        let mut hasher = DefaultHasher::new();
        wanted(session).hash(&mut hasher);
        Basis { baseline: 0, requests: 0, asked: hasher.finish(), ..session.results.basis(session.document.revision()) }
    }

    fn snapshot(session: &Session) -> Option<Self> {
        let stage = wanted(session)?;
        let checked = session.fresh::<CheckDraft>().filter(|checked| checked.engine.is_some())?;
        Some(Self { checked: Arc::clone(checked), stage })
    }

    fn run(self, _: &Progress) -> JobResult<StageInTable> {
        let Self { checked, stage } = self;
        let rule_set = &checked.definition.rule_set;
        let found = rule_set
            .rules()
            .map(|(_, index, _)| index)
            .find(|index| rule_set.stages.get(index.at()).is_some_and(|held| held.id == stage));
        let (Some(engine), Some(index)) = (&checked.engine, found) else { return Ok(None) };
        let table = RuleReader::new(&checked.definition, engine.plan()).table(index);
        let mut made = StageInTable { stage, rules: Vec::new(), values: BTreeMap::new(), table: StageTable::default() };
        for (at, row) in table.rows.iter().enumerate() {
            let Some(rule) = rule_set.rule(row.rule) else { return Ok(None) };
            made.rules.push(rule.id.clone());
            let Some(tree) = checked.program.tree(row.rule) else { continue };
            for (column, cells) in row.cells.iter().enumerate() {
                for (position, cell) in cells.iter().enumerate() {
                    let Some(compared) = &cell.compared else { continue };
                    let Some((span, now)) = compared.place(tree) else { continue };
                    let Some((before, rest)) = rule.script.text.split_at_checked(span.range().start) else { continue };
                    let Some(was) = rest.get(..span.range().len()) else { continue };
                    let value = CellValue {
                        rule: rule.id.clone(),
                        start: span.start,
                        end: span.end,
                        was: was.to_owned(),
                        follows_sign: before.ends_with(['<', '>', '=']),
                        field: compared.field,
                        now,
                    };
                    made.values.insert((at, column, position), value);
                }
            }
        }
        Ok(Some(StageInTable { table, ..made }))
    }
}
