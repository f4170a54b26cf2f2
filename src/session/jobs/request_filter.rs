//! Which requests are listed, and in which order: conditions, an expression in the words of scripts, a column to sort by.

use std::cmp::Ordering;
use std::sync::Arc;

use super::impact::{DecideDraft, Impact};
use super::{Basis, DerivedJob, Job, JobKind, JobOutput, JobResult};
use crate::Session;
use crate::notices::Weight;
use crate::view::{RequestColumn, RowFilter, TableView};
use countersign_core::check;
use countersign_core::check::kinds::UNGUARDED_OPTIONAL;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::engine::Engine;
use countersign_core::model::{
    Definition, FieldIndex, FieldType, HitPolicy, InterfaceIndex, Invariant, Reason, ReasonId, Rule, RuleId, RuleSet, Script,
    Stage, StageId, StageKind, Status, Value, Verdict, Window,
};
use countersign_core::progress::Progress;
use countersign_core::script::Program;
use countersign_core::text::LocalText;
use countersign_requests::Table;
use countersign_run::{RowSet, RuleRows, Run, rule_rows};

#[derive(Debug)]
pub struct RequestOrder {
    /// Rows of the table in the order they are listed; none when all are listed as in the file.
    pub rows: Option<Arc<[u32]>>,
    pub count: usize,
    /// What is wrong with the expression; then it is passed over.
    pub expression_error: Option<LocalText>,
    /// How many requests the expression failed on; they are not listed.
    pub failed: u64,
}

impl RequestOrder {
    /// The table's row at a position of the list.
    pub fn row(&self, at: usize) -> Option<u32> {
        match &self.rows {
            Some(rows) => rows.get(at).copied(),
            None => u32::try_from(at).ok().filter(|_| at < self.count),
        }
    }

    /// Where a row of the table is listed.
    pub fn position(&self, row: u32) -> Option<usize> {
        match &self.rows {
            Some(rows) => rows.iter().position(|listed| *listed == row),
            None => usize::try_from(row).ok().filter(|at| *at < self.count),
        }
    }
}

pub(crate) struct FilterRequests {
    view: TableView,
    table: Arc<Table>,
    definition: Arc<Definition>,
    impact: Option<Arc<Impact>>,
}

/// Whether an order depends on decisions, so that it is made again when they change.
fn needs_decisions(view: &TableView) -> bool {
    let sorted = view.sort.as_ref().is_some_and(|(column, _)| !matches!(column, RequestColumn::Field(_)));
    sorted || view.only.iter().any(|only| !matches!(only, RowFilter::SameValue { .. }))
}

/// Whether a filter means the same by both drafts: whatever it can name is as it was.
pub(crate) fn names_same(before: &Definition, after: &Definition) -> bool {
    let (old, new) = (&before.rule_set, &after.rule_set);
    let text = |rules: &RuleSet| rules.shared.as_ref().map(|shared| Arc::clone(&shared.text));
    old.parameters == new.parameters && text(old) == text(new) && old.lists == new.lists && before.schema == after.schema
}

impl DerivedJob for FilterRequests {
    const KIND: JobKind = JobKind::Filter;
    const WAITS_FOR_PAUSE: bool = false;
    type Output = RequestOrder;

    /// A list that looks at decisions is of those that there are, whatever has been edited since.
    fn basis(session: &Session) -> Basis {
        let now = session.results.basis(0);
        if needs_decisions(&session.view.requests) {
            let impact = session.results.impact_basis().unwrap_or_default();
            return Basis { requests: now.requests, asked: now.asked, ..impact };
        }
        Basis { baseline: 0, ..now }
    }

    fn snapshot(session: &Session) -> Option<Self> {
        Some(Self {
            view: session.view.requests.clone(),
            table: Arc::clone(&session.requests()?.table),
            definition: Arc::clone(session.document.definition()),
            impact: session.last::<DecideDraft>().cloned(),
        })
    }

    fn run(self, progress: &Progress) -> JobResult<RequestOrder> {
        let len = self.table.len();
        let mut rows = RowSet::all(len);
        let (mut expression_error, mut failed) = (None, 0);
        if !self.view.expression.trim().is_empty() {
            match expression(&self.definition, &self.view.expression, &self.table, progress) {
                Ok(Some((held, failures))) => (rows, failed) = (rows.and(&held), failures),
                Ok(None) => return Ok(None),
                Err(why) => expression_error = Some(why),
            }
        }
        for only in &self.view.only {
            if progress.is_cancelled() {
                return Ok(None);
            }
            rows = rows.and(&matching(&self, only));
        }
        let count = rows.count();
        let listed = match &self.view.sort {
            None if count == len => None,
            None => Some(rows.iter().filter_map(|row| u32::try_from(row).ok()).collect()),
            Some((column, descending)) => Some(sorted(&self, &rows, column, *descending)),
        };
        Ok((!progress.is_cancelled()).then_some(RequestOrder { rows: listed, count, expression_error, failed }))
    }

    fn why_stale(_: &Session) -> LocalText {
        LocalText::new("being filtered and sorted", "正在筛选和排序")
    }
}

fn matching(job: &FilterRequests, only: &RowFilter) -> RowSet {
    let table = &job.table;
    let none = || RowSet::none(table.len());
    if let RowFilter::SameValue { field, row } = only {
        let Some((field, _)) = table.schema().find(field.as_str()) else { return none() };
        let wanted = table.value(*row as usize, field);
        return RowSet::of(table.len(), |row| table.value(row, field) == wanted);
    }
    let Some(impact) = &job.impact else { return none() };
    let rules = &impact.new.engine().definition().rule_set;
    let interface = |rules: &RuleSet, id: Option<&countersign_core::model::InterfaceId>| {
        id.map(|id| rules.interfaces.get_index_of(id).unwrap_or(usize::MAX))
    };
    match only {
        RowFilter::SameValue { .. } => none(),
        RowFilter::Verdict(verdict) => impact.new.rows_of_verdict(*verdict),
        RowFilter::Interface(id) => routed(&impact.new, interface(rules, id.as_ref())),
        RowFilter::Rule(id) => rules.find_rule(id.as_str()).map_or_else(none, |(index, ..)| impact.new.hits(index)),
        RowFilter::Change(change) => impact.rows(*change),
        RowFilter::Flips(rules) => impact.rows_of(rules),
        RowFilter::Verdicts(before, after) => match &impact.old {
            Some(old) => old.rows_of_verdict(*before).and(&impact.new.rows_of_verdict(*after)),
            None => none(),
        },
        RowFilter::Interfaces(before, after) => match &impact.old {
            Some(old) => {
                let old_rules = &old.engine().definition().rule_set;
                let before = routed(old, interface(old_rules, before.as_ref()));
                before.and(&routed(&impact.new, interface(rules, after.as_ref())))
            }
            None => none(),
        },
    }
}

fn routed(run: &Run, interface: Option<usize>) -> RowSet {
    run.rows_where(|shape| shape.interface.map(InterfaceIndex::at) == interface)
}

/// The rows for which an expression holds, and how many it failed on; `None` when asked to stop.
///
/// It is checked as the condition of an invariant.
pub(crate) fn expression(
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
    let rows = rule_rows(&engine, table, progress).ok()?;
    Some(rows.into_iter().map(|RuleRows { gives, fails }| (gives, fails.count() as u64)).collect())
}

/// What rows are sorted by; missing ones come last either way.
enum SortKeys {
    Numbers(Vec<Option<i64>>),
    Floats(Vec<Option<f64>>),
    Texts(Vec<Option<Arc<str>>>),
}

fn sorted(job: &FilterRequests, rows: &RowSet, column: &RequestColumn, descending: bool) -> Arc<[u32]> {
    let listed: Vec<u32> = rows.iter().filter_map(|row| u32::try_from(row).ok()).collect();
    match keys(job, &listed, column) {
        SortKeys::Numbers(keys) => by(listed, keys, descending, Ord::cmp),
        SortKeys::Floats(keys) => by(listed, keys, descending, f64::total_cmp),
        SortKeys::Texts(keys) => by(listed, keys, descending, Ord::cmp),
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

fn keys(job: &FilterRequests, rows: &[u32], column: &RequestColumn) -> SortKeys {
    if let RequestColumn::Field(name) = column {
        return job
            .table
            .schema()
            .find(name.as_str())
            .map_or_else(|| SortKeys::Numbers(Vec::new()), |(field, _)| values(&job.table, rows, field));
    }
    let Some(impact) = &job.impact else { return SortKeys::Numbers(vec![None; rows.len()]) };
    let run = |old: bool| if old { impact.old.as_ref().unwrap_or(&impact.new) } else { &impact.new };
    let decisions = run(matches!(column, RequestColumn::OldVerdict)).decisions();
    let number = |row: &u32| {
        let shape = decisions.shape(*row as usize)?;
        match column {
            RequestColumn::Field(_) => None,
            RequestColumn::Verdict | RequestColumn::OldVerdict => Some(shape.verdict as i64),
            RequestColumn::Interface => shape.interface.map(|interface| i64::from(interface.0)),
            RequestColumn::Reasons => shape.reasons.first().map(|given| i64::from(given.reason.0)),
            RequestColumn::Score => decisions.score(*row as usize),
            RequestColumn::Hits => i64::try_from(shape.hits.len() + shape.shadow_hits.len()).ok(),
        }
    };
    SortKeys::Numbers(rows.iter().map(number).collect())
}

fn values(table: &Table, rows: &[u32], field: FieldIndex) -> SortKeys {
    let values = rows.iter().map(|row| table.value(*row as usize, field));
    match table.schema().field(field).map_or(&FieldType::Int, |field| &field.kind) {
        FieldType::Float => {
            SortKeys::Floats(values.map(|value| if let Value::Float(number) = value { Some(number) } else { None }).collect())
        }
        FieldType::Text | FieldType::Enum(_) => {
            SortKeys::Texts(values.map(|value| if let Value::Text(text) = value { Some(text) } else { None }).collect())
        }
        FieldType::Bool => {
            SortKeys::Numbers(values.map(|value| if let Value::Bool(yes) = value { Some(i64::from(yes)) } else { None }).collect())
        }
        FieldType::Int | FieldType::Money | FieldType::Time => SortKeys::Numbers(values.map(|value| value.whole()).collect()),
    }
}

/// Looks for a request by its key.
struct FindRequest {
    table: Arc<Table>,
    key: String,
}

impl Job for FindRequest {
    const KIND: JobKind = JobKind::Find;
    /// The first row with that key; else the first whose key begins so.
    type Output = Option<u32>;

    fn run(self, progress: &Progress) -> JobResult<Option<u32>> {
        let key = self.key.trim();
        let mut begins = None;
        for row in 0..self.table.len() {
            if row % 4_096 == 0 && progress.is_cancelled() {
                return Ok(None);
            }
            let held = self.table.key(row);
            if held == key || key.strip_prefix('\'') == Some(held.as_str()) {
                return Ok(Some(u32::try_from(row).ok()));
            }
            if begins.is_none() && held.starts_with(key) {
                begins = u32::try_from(row).ok();
            }
        }
        Ok(Some(begins))
    }

    fn apply(session: &mut Session, made: JobOutput<Option<u32>>) {
        match made.output {
            Some(row) => session.view.selection.request = Some(row),
            None => session.notify(Weight::Info, LocalText::new("no request has that key", "没有该流水号的请求")),
        }
    }
}

impl Session {
    pub(crate) fn find_request(&mut self, key: String) {
        let Some(requests) = self.requests() else { return };
        let table = Arc::clone(&requests.table);
        self.start(FindRequest { table, key });
    }
}
