//! Which requests are listed, and in which order: conditions, an expression in the words of scripts, a column to sort by.

use std::cmp::Ordering;
use std::sync::Arc;

use super::deciding::Impact;
use super::results::Done;
use super::view::{Column, Only, TableView};
use countersign_core::check;
use countersign_core::check::kinds::UNGUARDED_OPTIONAL;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::engine::Engine;
use countersign_core::model::{
    Definition, FieldIndex, HitPolicy, InterfaceIndex, Invariant, Reason, ReasonId, Rule, RuleId, RuleIndex, RuleSet, Script,
    Stage, StageId, StageKind, Status, Value, Verdict, Window,
};
use countersign_core::progress::Progress;
use countersign_core::script::Program;
use countersign_core::text::LocalText;
use countersign_requests::Table;
use countersign_run::{Backtest, RowSet};

/// The listed requests.
#[derive(Debug)]
pub struct Order {
    /// Rows of the table in the order they are listed; none when all are listed as in the file.
    pub rows: Option<Arc<[u32]>>,
    /// How many are listed.
    pub count: usize,
    /// What is wrong with the expression; then it is passed over.
    pub expression_error: Option<LocalText>,
    /// How many requests the expression failed on; they are not listed.
    pub failed: u64,
}

impl Order {
    /// The table's row at a position of the list.
    #[must_use]
    pub fn row(&self, at: usize) -> Option<u32> {
        match &self.rows {
            Some(rows) => rows.get(at).copied(),
            None => u32::try_from(at).ok().filter(|_| at < self.count),
        }
    }

    /// Where a row of the table is listed.
    #[must_use]
    pub fn position(&self, row: u32) -> Option<usize> {
        match &self.rows {
            Some(rows) => rows.iter().position(|listed| *listed == row),
            None => usize::try_from(row).ok().filter(|at| *at < self.count),
        }
    }
}

/// What an order is made from.
pub(super) struct Asked {
    pub view: TableView,
    pub table: Arc<Table>,
    pub definition: Arc<Definition>,
    pub impact: Option<Arc<Impact>>,
}

/// Whether an order depends on decisions, so that it is made again when they change.
pub(super) fn needs_decisions(view: &TableView) -> bool {
    let sorted = view.sort.as_ref().is_some_and(|(column, _)| !matches!(column, Column::Field(_)));
    sorted || view.only.iter().any(|only| !matches!(only, Only::SameValue { .. }))
}

/// Whether a filter means the same by both drafts: whatever it can name is as it was.
pub(super) fn names_same(before: &Definition, after: &Definition) -> bool {
    let (old, new) = (&before.rule_set, &after.rule_set);
    let text = |rules: &RuleSet| rules.shared.as_ref().map(|shared| Arc::clone(&shared.text));
    old.parameters == new.parameters && text(old) == text(new) && old.lists == new.lists && before.schema == after.schema
}

/// Filters and sorts; `None` when asked to stop.
pub(super) fn order(asked: &Asked, progress: &Progress) -> Option<Done> {
    let len = asked.table.len();
    let mut rows = RowSet::all(len);
    let (mut expression_error, mut failed) = (None, 0);
    if !asked.view.expression.trim().is_empty() {
        match expression(&asked.definition, &asked.view.expression, &asked.table, progress) {
            Ok(Some((held, failures))) => (rows, failed) = (rows.and(&held), failures),
            Ok(None) => return None,
            Err(why) => expression_error = Some(why),
        }
    }
    for only in &asked.view.only {
        if progress.is_cancelled() {
            return None;
        }
        rows = rows.and(&matching(asked, only));
    }
    let count = rows.count();
    let order = match &asked.view.sort {
        None if count == len => None,
        None => Some(rows.iter().filter_map(|row| u32::try_from(row).ok()).collect()),
        Some((column, descending)) => Some(sorted(asked, &rows, column, *descending)),
    };
    (!progress.is_cancelled()).then(|| Done::Order(Box::new(Order { rows: order, count, expression_error, failed })))
}

fn matching(asked: &Asked, only: &Only) -> RowSet {
    let table = &asked.table;
    let none = || RowSet::none(table.len());
    if let Only::SameValue { field, row } = only {
        let Some((field, _)) = table.schema().find(field.as_str()) else { return none() };
        let wanted = table.value(*row as usize, field);
        return RowSet::of(table.len(), |row| table.value(row, field) == wanted);
    }
    let Some(impact) = &asked.impact else { return none() };
    let rules = &impact.new.engine().definition().rule_set;
    let interface = |rules: &RuleSet, id: Option<&countersign_core::model::InterfaceId>| {
        id.map(|id| rules.interfaces.get_index_of(id).unwrap_or(usize::MAX))
    };
    match only {
        Only::SameValue { .. } => none(),
        Only::Verdict(verdict) => impact.new.rows_of_verdict(*verdict),
        Only::Interface(id) => routed(&impact.new, interface(rules, id.as_ref())),
        Only::Rule(id) => rules.find_rule(id.as_str()).map_or_else(none, |(index, ..)| impact.new.hits(index)),
        Only::Change(change) => impact.rows(*change),
        Only::Flips(rules) => impact.rows_of(rules),
        Only::Verdicts(before, after) => match &impact.old {
            Some(old) => old.rows_of_verdict(*before).and(&impact.new.rows_of_verdict(*after)),
            None => none(),
        },
        Only::Interfaces(before, after) => match &impact.old {
            Some(old) => {
                let old_rules = &old.engine().definition().rule_set;
                let before = routed(old, interface(old_rules, before.as_ref()));
                before.and(&routed(&impact.new, interface(rules, after.as_ref())))
            }
            None => none(),
        },
    }
}

fn routed(run: &Backtest, interface: Option<usize>) -> RowSet {
    run.rows_where(|shape| shape.interface.map(InterfaceIndex::at) == interface)
}

/// The rows for which an expression holds, and how many it failed on; `None` when asked to stop.
///
/// It is checked as the condition of an invariant.
pub(super) fn expression(
    definition: &Definition,
    text: &str,
    table: &Arc<Table>,
    progress: &Progress,
) -> Result<Option<(RowSet, u64)>, LocalText> {
    let Ok(name) = RuleId::new("filter") else { return Ok(None) };
    let mut alone = definition.clone();
    alone.schema = table.schema().as_ref().clone();
    let rules = &mut alone.rule_set;
    (rules.stages, rules.invariants) = (Vec::new(), Vec::new());
    let source = alone.sources.add("filter", text);
    let when = Script { file: "filter".to_owned(), text: Arc::from(text), source };
    rules.invariants.push(Invariant { id: name, title: LocalText::default(), when, verdicts: Verdict::ALL.to_vec() });
    let compiled = Program::compile(&alone);
    let findings = check::check_compiled(&alone, &compiled, None);
    // A request without the value is simply not listed; in a rule that would be a hole.
    let matters = |finding: &&Finding| finding.severity == Severity::Error && finding.kind != UNGUARDED_OPTIONAL;
    let is_own = |finding: &&Finding| matters(finding) && finding.span.is_some_and(|span| span.source == source);
    if let Some(finding) = findings.iter().find(is_own) {
        return Err(finding.sentence());
    }
    Ok(conditions(definition, &[text.to_owned()], table, progress).and_then(|held| held.into_iter().next()))
}

/// For each condition the rows for which it holds, and how many it failed on; `None` when asked to stop. Each is run as a rule of its
/// own, so that the fast engine does it.
fn conditions(definition: &Definition, texts: &[String], table: &Arc<Table>, progress: &Progress) -> Option<Vec<(RowSet, u64)>> {
    let reason = ReasonId::new("CONDITION").ok()?;
    let mut alone = definition.clone();
    alone.schema = table.schema().as_ref().clone();
    let mut rules = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        // On a line of its own, so that a comment at the end of the condition ends there.
        let text: Arc<str> = Arc::from(format!("if {text}\n{{ decline(\"{reason}\") }}"));
        let file = format!("condition-{at}");
        let source = alone.sources.add(file.clone(), Arc::clone(&text));
        rules.push(Rule {
            id: RuleId::new(format!("condition_{at}")).ok()?,
            title: LocalText::default(),
            owner: String::new(),
            basis: LocalText::default(),
            status: Status::Active,
            window: Window::default(),
            script: Script { file, text, source },
        });
    }
    let rule_set = &mut alone.rule_set;
    rule_set.invariants.clear();
    rule_set.reasons.insert(reason.clone(), Reason { text: LocalText::default(), wire: String::new(), iso8583: None });
    rule_set.on_error.reason = reason;
    let kind = StageKind::Screen { policy: HitPolicy::MostSevere, bands: Vec::new() };
    rule_set.stages = vec![Stage { id: StageId::new("conditions").ok()?, title: LocalText::default(), kind, rules }];
    let compiled = Program::compile(&alone);
    let engine = Engine::new(Arc::new(alone), compiled.program);
    let run = Backtest::new(&engine, Arc::clone(table), progress).ok()?;
    let indices = (0..texts.len()).filter_map(RuleIndex::from_position);
    Some(indices.map(|rule| (run.hits(rule), run.failures(rule).count() as u64)).collect())
}

/// What rows are sorted by; missing ones come last either way.
enum Keys {
    Numbers(Vec<Option<i64>>),
    Floats(Vec<Option<f64>>),
    Texts(Vec<Option<Arc<str>>>),
}

fn sorted(asked: &Asked, rows: &RowSet, column: &Column, descending: bool) -> Arc<[u32]> {
    let listed: Vec<u32> = rows.iter().filter_map(|row| u32::try_from(row).ok()).collect();
    match keys(asked, &listed, column) {
        Keys::Numbers(keys) => by(listed, keys, descending, Ord::cmp),
        Keys::Floats(keys) => by(listed, keys, descending, f64::total_cmp),
        Keys::Texts(keys) => by(listed, keys, descending, Ord::cmp),
    }
}

fn by<K>(rows: Vec<u32>, keys: Vec<Option<K>>, descending: bool, compare: impl Fn(&K, &K) -> Ordering) -> Arc<[u32]> {
    let mut pairs: Vec<(Option<K>, u32)> = keys.into_iter().zip(rows).collect();
    pairs.sort_unstable_by(|(a, a_row), (b, b_row)| {
        let order = match (a, b) {
            (Some(a), Some(b)) if descending => compare(b, a),
            (Some(a), Some(b)) => compare(a, b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        order.then(a_row.cmp(b_row))
    });
    pairs.into_iter().map(|(_, row)| row).collect()
}

fn keys(asked: &Asked, rows: &[u32], column: &Column) -> Keys {
    if let Column::Field(name) = column {
        return asked
            .table
            .schema()
            .find(name.as_str())
            .map_or_else(|| Keys::Numbers(Vec::new()), |(field, _)| values(&asked.table, rows, field));
    }
    let Some(impact) = &asked.impact else { return Keys::Numbers(vec![None; rows.len()]) };
    let run = |old: bool| if old { impact.old.as_ref().unwrap_or(&impact.new) } else { &impact.new };
    let decisions = run(matches!(column, Column::OldVerdict)).decisions();
    let number = |row: &u32| {
        let shape = decisions.shape(*row as usize)?;
        match column {
            Column::Field(_) => None,
            Column::Verdict | Column::OldVerdict => Some(shape.verdict as i64),
            Column::Interface => shape.interface.map(|interface| i64::from(interface.0)),
            Column::Reasons => shape.reasons.first().map(|given| i64::from(given.reason.0)),
            Column::Score => decisions.score(*row as usize),
            Column::Hits => i64::try_from(shape.hits.len() + shape.shadow_hits.len()).ok(),
        }
    };
    Keys::Numbers(rows.iter().map(number).collect())
}

fn values(table: &Table, rows: &[u32], field: FieldIndex) -> Keys {
    let value = |row: &u32| table.value(*row as usize, field);
    let kind = table.schema().field(field).map(|field| &field.kind);
    match kind {
        Some(countersign_core::model::FieldType::Float) => Keys::Floats(
            rows.iter()
                .map(|row| match value(row) {
                    Value::Float(number) => Some(number),
                    _ => None,
                })
                .collect(),
        ),
        Some(countersign_core::model::FieldType::Text | countersign_core::model::FieldType::Enum(_)) => Keys::Texts(
            rows.iter()
                .map(|row| match value(row) {
                    Value::Text(text) => Some(text),
                    _ => None,
                })
                .collect(),
        ),
        _ => Keys::Numbers(
            rows.iter()
                .map(|row| match value(row) {
                    Value::Int(number) => Some(number),
                    Value::Money(fen) => Some(fen.0),
                    Value::Time(time) => Some(time.micros()),
                    Value::Bool(yes) => Some(i64::from(yes)),
                    _ => None,
                })
                .collect(),
        ),
    }
}

/// The first row with that key; else the first whose key begins so.
pub(super) fn find(table: &Table, key: &str, progress: &Progress) -> Option<Done> {
    let key = key.trim();
    let mut begins = None;
    for row in 0..table.len() {
        if row % 4_096 == 0 && progress.is_cancelled() {
            return None;
        }
        let held = table.key(row);
        if held == key || key.strip_prefix('\'') == Some(held.as_str()) {
            return Some(Done::Found(u32::try_from(row).ok()));
        }
        if begins.is_none() && held.starts_with(key) {
            begins = u32::try_from(row).ok();
        }
    }
    Some(Done::Found(begins))
}
