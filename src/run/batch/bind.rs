//! How each node of the graph is evaluated over one table: chosen once, from what the columns hold.
//!
//! What no request can change is a constant. What depends on one column of few distinct values is evaluated once for each of them, by the
//! evaluator for single requests, and looked up by code. The rest is evaluated column by column; where that does not fit (texts built from
//! several fields), row by row, and only for the rows that need it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicU8;

use super::lookup::{self, Coded, Lookup, TextMatches};
use super::work::{Cancelled, each_batch};
use countersign_core::model::{FieldIndex, FieldType, ListEntries, Request, Value};
use countersign_core::plan::{Binary, CompareOp, Constant, EvalValue, Graph, NodeId, Op, Plan, PlanNode, Scratch, Set, ValueKind};
use countersign_core::progress::Progress;
use countersign_core::script::functions::FunctionId;
use countersign_requests::Table;
use countersign_requests::table::{Column, Data};

/// The most distinct values, or pairs of them, that a node is evaluated for beforehand.
pub(super) const FEW: usize = 4_096;

/// A condition on one of this many distinct values or fewer is evaluated for each of them beforehand, …
const FEWEST: usize = 64;
/// … and on one of more where there are at least so many requests for each: else it is evaluated for what rules come to.
const ROWS_A_VALUE: usize = 16;

/// With fewer parts of columns to search, starting a thread costs more than it saves.
const PARTS_FOR_THREADS: usize = 32;

/// The depth beyond which nodes are evaluated row by row: each level of the others takes some kilobytes of the stack.
const DEEPEST: u16 = 40;

/// The value of a node for one value of its fields; none where it fails.
pub(super) type EvalCell = Option<EvalValue>;

#[derive(Debug)]
pub(super) enum EvalStrategy {
    /// Nothing needs it.
    Unused,
    /// The same for every row.
    Constant(EvalCell),
    /// By the codes of one column or two.
    Lookup(Lookup),
    /// Whether a column's code is one of some.
    Coded(Coded),
    /// A truth value by the codes of a column with many, evaluated when a code first occurs: 0 not yet, 1 true, 2 missing, 3 false, 4 failed.
    Memo(FieldIndex, Box<[AtomicU8]>),
    /// Row by row, from these fields.
    ByRow(Box<[FieldIndex]>),
    /// From its parts, or from a column.
    Parts,
}

/// The strategy of every node over one table.
#[derive(Debug)]
pub(super) struct PhysicalPlan<'t> {
    pub(super) plan: &'t Plan,
    pub(super) table: &'t Table,
    pub(super) strategies: Vec<EvalStrategy>,
    /// Nodes that are evaluated only for the rows that need them.
    pub(super) costly: Vec<bool>,
    /// Columns with a text longer than a plan works on.
    pub(super) long: Vec<FieldIndex>,
}

/// The fields a node depends on; none where there are more than a lookup takes.
type Support = Option<[Option<FieldIndex>; 2]>;

impl<'t> PhysicalPlan<'t> {
    /// Chooses strategies for the nodes that `roots` need.
    ///
    /// # Errors
    /// [`Cancelled`] when `progress` was cancelled before the end.
    pub(super) fn new(
        plan: &'t Plan,
        table: &'t Table,
        roots: impl Iterator<Item = NodeId>,
        threads: NonZeroUsize,
        progress: &Progress,
    ) -> Result<Self, Cancelled> {
        let nodes = plan.graph().nodes();
        let mut strategies = Vec::new();
        strategies.resize_with(nodes.len(), || EvalStrategy::Unused);
        let mut bound = Self { plan, table, strategies, costly: vec![false; nodes.len()], long: Vec::new() };
        let mut sample = SampleEvaluator {
            request: Request::empty(table.schema()),
            scratch: Scratch::default(),
            supports: supports(plan.graph()),
            texts: texts(plan.graph()),
            looked_up: BTreeMap::new(),
            searches: Vec::new(),
        };
        for root in roots {
            bound.need(root, &mut sample);
        }
        for (fields, nodes) in std::mem::take(&mut sample.looked_up) {
            bound.look_up(fields, &nodes, &mut sample);
        }
        bound.search(&sample.searches, threads, progress)?;
        let is_long = |field: &FieldIndex| {
            table.column(*field).is_some_and(|column| column.longest_text() > countersign_core::plan::semantics::TEXT_BYTES)
        };
        bound.long = plan.text_fields().iter().copied().filter(is_long).collect();
        Ok(bound)
    }

    pub(super) fn strategy(&self, id: NodeId) -> &EvalStrategy {
        self.strategies.get(id.at()).unwrap_or(&EvalStrategy::Unused)
    }

    /// The value of a node that is the same for every row.
    pub(super) fn constant(&self, id: NodeId) -> Option<EvalCell> {
        match self.strategy(id) {
            EvalStrategy::Constant(cell) => Some(*cell),
            _ => None,
        }
    }

    /// The node that holds a node's numbers: what must be there is not copied.
    pub(super) fn data_of(&self, mut id: NodeId) -> NodeId {
        while let (Op::Present(inner), EvalStrategy::Parts) = (&self.plan.graph().node(id).op, self.strategy(id)) {
            id = *inner;
        }
        id
    }

    pub(super) fn is_costly(&self, id: NodeId) -> bool {
        self.costly.get(id.at()).copied().unwrap_or_default()
    }

    fn need(&mut self, id: NodeId, sample: &mut SampleEvaluator<'t>) {
        if !matches!(self.strategy(id), EvalStrategy::Unused) {
            return;
        }
        let node = self.plan.graph().node(id);
        let strategy = self.choose(id, node, sample);
        let mut costly = match &strategy {
            EvalStrategy::Memo(..) | EvalStrategy::ByRow(_) => true,
            EvalStrategy::Parts => is_slow(&node.op),
            EvalStrategy::Unused | EvalStrategy::Constant(_) | EvalStrategy::Lookup(_) | EvalStrategy::Coded(_) => false,
        };
        if matches!(strategy, EvalStrategy::Parts) {
            for part in node.op.parts() {
                // Whether a text is missing is seen from its column.
                if !(matches!(node.op, Op::IsMissing(_)) && self.plan.graph().node(part).kind == ValueKind::Text) {
                    self.need(part, sample);
                    costly |= self.is_costly(part);
                }
            }
        }
        if let (Some(place), Some(flag)) = (self.strategies.get_mut(id.at()), self.costly.get_mut(id.at())) {
            *place = strategy;
            *flag = costly;
        }
    }

    fn choose(&self, id: NodeId, node: &'t PlanNode, sample: &mut SampleEvaluator<'t>) -> EvalStrategy {
        let graph = self.plan.graph();
        let support = sample.supports.get(id.at()).copied().flatten();
        if support == Some([None; 2]) {
            return EvalStrategy::Constant(sample.evaluate(self.plan, id));
        }
        let texts = || node.op.parts().any(|part| graph.node(part).kind == ValueKind::Text && self.constant_text(part).is_none());
        if let Op::Field(field) = node.op {
            let fits = self.table.column(field).is_some_and(|column| fits(column, node.kind));
            return if fits { EvalStrategy::Parts } else { EvalStrategy::ByRow([field].into()) };
        }
        if let Op::IsMissing(part) = node.op
            && matches!(graph.node(part).op, Op::Field(_))
            && texts()
        {
            return EvalStrategy::Parts;
        }
        if node.depth > DEEPEST {
            return EvalStrategy::ByRow(all_fields(graph, id).into());
        }
        let strategy = match support {
            Some([Some(one), None]) if sample.texts.get(id.at()) == Some(&true) => self.by_one(id, node, one, sample),
            // A text itself has no cell: only whether making it fails is evaluated, row by row.
            Some([Some(one), Some(other)]) if texts() && node.kind != ValueKind::Text => self.by_two(id, one, other, sample),
            _ => None,
        };
        let text = node.kind == ValueKind::Text || texts();
        strategy.unwrap_or_else(|| if text { EvalStrategy::ByRow(all_fields(graph, id).into()) } else { EvalStrategy::Parts })
    }

    /// The node depends on one field, and reads texts.
    fn by_one(&self, id: NodeId, node: &'t PlanNode, field: FieldIndex, sample: &mut SampleEvaluator<'t>) -> Option<EvalStrategy> {
        let column = self.table.column(field)?;
        let few = if node.kind == ValueKind::Bool { FEW.min(self.table.len() / ROWS_A_VALUE).max(FEWEST) } else { FEW };
        if lookup::domain(column).is_some_and(|size| size <= few) {
            return Some(sample.later([Some(field), None], id));
        }
        let missing = sample.of_missing(self.plan, id, field);
        if let Some(wanted) = self.wanted(node) {
            sample.searches.push((id, field, wanted.0));
            return Some(EvalStrategy::Coded(Coded { field, rows: TextMatches::Few(Vec::new()), missing, negated: wanted.1 }));
        }
        let predicate =
            matches!(node.op, Op::Compare(..) | Op::InSet(..) | Op::InList(..) | Op::Call(..)) && node.kind == ValueKind::Bool;
        let coded = lookup::domain(column)?;
        predicate.then(|| EvalStrategy::Memo(field, std::iter::repeat_with(AtomicU8::default).take(coded + 1).collect()))
    }

    /// The texts that a field itself is looked for among, sorted, and whether it must be none of them.
    fn wanted(&self, node: &'t PlanNode) -> Option<(Cow<'t, [Arc<str>]>, bool)> {
        let graph = self.plan.graph();
        let is_field = |id: NodeId| matches!(graph.node(strip(graph, id)).op, Op::Field(_));
        match &node.op {
            Op::InList(list, item) if is_field(*item) => match self.plan.list(*list)? {
                ListEntries::Text(entries) => Some((Cow::Borrowed(&**entries), false)),
                ListEntries::Int(_) => None,
            },
            Op::InSet(Set::Texts(texts), item) if is_field(*item) => {
                let mut texts = texts.to_vec();
                texts.sort_unstable();
                Some((Cow::Owned(texts), false))
            }
            Op::Compare(how @ (CompareOp::Equal | CompareOp::NotEqual | CompareOp::Same), one, other) => {
                let with = if is_field(*one) { *other } else { *one };
                let with = self.constant_text(with).filter(|_| is_field(*one) || is_field(*other))?;
                Some((Cow::Owned(vec![Arc::clone(with)]), *how == CompareOp::NotEqual))
            }
            _ => None,
        }
    }

    /// A text that is written out, or a parameter.
    pub(super) fn constant_text(&self, id: NodeId) -> Option<&'t Arc<str>> {
        match &self.plan.graph().node(id).op {
            Op::Constant(Constant::Text(text)) => Some(text),
            Op::Parameter(parameter) => match self.plan.parameter(*parameter) {
                Value::Text(text) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// The node compares texts of two fields.
    fn by_two(&self, id: NodeId, one: FieldIndex, other: FieldIndex, sample: &mut SampleEvaluator<'t>) -> Option<EvalStrategy> {
        let (first, second) = (self.table.column(one)?, self.table.column(other)?);
        let (rows, columns) = (lookup::domain(first)?, lookup::domain(second)?);
        if (rows + 1) * (columns + 1) > FEW {
            return None;
        }
        Some(sample.later([Some(one), Some(other)], id))
    }

    /// Evaluates nodes for every value of their one field, or of their two.
    fn look_up(&mut self, fields: [Option<FieldIndex>; 2], nodes: &[NodeId], sample: &mut SampleEvaluator<'t>) {
        let columns: Vec<(FieldIndex, &Column, usize)> = fields
            .into_iter()
            .flatten()
            .filter_map(|field| {
                let column = self.table.column(field)?;
                Some((field, column, lookup::domain(column)?))
            })
            .collect();
        let values: usize = columns.iter().map(|(.., size)| size + 1).product();
        let mut cells: Vec<Vec<EvalCell>> = vec![Vec::with_capacity(values); nodes.len()];
        for at in 0..values {
            let mut rest = at;
            for (field, column, size) in columns.iter().rev() {
                sample.request.set(*field, lookup::value(column, rest % (size + 1)));
                rest /= size + 1;
            }
            let mut single = self.plan.single(&sample.request, &mut sample.scratch);
            cells.iter_mut().zip(nodes).for_each(|(cells, id)| cells.push(single.answer(*id).ok()));
        }
        for (id, cells) in nodes.iter().zip(&cells) {
            let made = match *columns {
                [(one, ..)] => Lookup::one(one, cells),
                [(one, _, rows), (other, _, columns)] => Lookup::two((one, rows), (other, columns), cells),
                _ => continue,
            };
            if let Some(place) = self.strategies.get_mut(id.at()) {
                *place = EvalStrategy::Lookup(made);
            }
        }
        for (field, ..) in columns {
            sample.request.set(field, Value::Missing);
        }
    }

    /// Finds the texts that nodes look for, part by part of their columns.
    fn search(&mut self, searches: &[TextSearch<'t>], threads: NonZeroUsize, progress: &Progress) -> Result<(), Cancelled> {
        let column = |field: FieldIndex| self.table.column(field);
        let parts = |(at, (_, field, _)): (usize, &TextSearch<'t>)| {
            (0..column(*field).map_or(0, lookup::parts)).map(move |part| (at, part))
        };
        let parts: Vec<(usize, usize)> = searches.iter().enumerate().flat_map(parts).collect();
        let threads = if parts.len() < PARTS_FOR_THREADS { NonZeroUsize::MIN } else { threads };
        let find = |(): &mut (), at: usize| {
            if progress.is_cancelled() {
                return Err(Cancelled);
            }
            let found = parts.get(at).and_then(|(search, part)| {
                let (_, field, texts) = searches.get(*search)?;
                Some(lookup::find_in(column(*field)?, *part, texts))
            });
            Ok(found.unwrap_or_default())
        };
        let mut found = vec![Vec::new(); searches.len()];
        let each = each_batch(parts.len(), threads, || (), find)?.results;
        for ((search, _), more) in parts.iter().zip(each) {
            found.get_mut(*search).into_iter().for_each(|found| found.extend(&more));
        }
        for ((id, field, _), found) in searches.iter().zip(found) {
            if let (Some(EvalStrategy::Coded(coded)), Some(column)) = (self.strategies.get_mut(id.at()), self.table.column(*field))
            {
                coded.rows = TextMatches::new(column, &found);
            }
        }
        Ok(())
    }
}

/// Texts that a node looks for in a field's column.
type TextSearch<'t> = (NodeId, FieldIndex, Cow<'t, [Arc<str>]>);

/// Evaluates nodes for single values of their fields.
struct SampleEvaluator<'t> {
    request: Request,
    scratch: Scratch,
    supports: Vec<Support>,
    /// Which nodes are no text, and read one.
    texts: Vec<bool>,
    /// Nodes to be evaluated for every value of their fields, all of a value together: what they share is then evaluated once.
    looked_up: BTreeMap<[Option<FieldIndex>; 2], Vec<NodeId>>,
    searches: Vec<TextSearch<'t>>,
}

impl SampleEvaluator<'_> {
    fn evaluate(&mut self, plan: &Plan, id: NodeId) -> EvalCell {
        plan.single(&self.request, &mut self.scratch).answer(id).ok()
    }

    /// The value of a node where its field is missing.
    fn of_missing(&mut self, plan: &Plan, id: NodeId, field: FieldIndex) -> EvalCell {
        self.request.set(field, Value::Missing);
        self.evaluate(plan, id)
    }

    /// Notes a node that is looked up; its values are made when all such nodes are known.
    fn later(&mut self, fields: [Option<FieldIndex>; 2], id: NodeId) -> EvalStrategy {
        self.looked_up.entry(fields).or_default().push(id);
        EvalStrategy::Lookup(Lookup::default())
    }
}

/// Which nodes are no text themselves, and read one: these are worth evaluating once for each value.
fn texts(graph: &Graph) -> Vec<bool> {
    let mut read: Vec<bool> = Vec::new();
    for node in graph.nodes() {
        let reads = node.op.parts().any(|part| graph.node(part).kind == ValueKind::Text || read.get(part.at()) == Some(&true));
        read.push(reads);
    }
    read.iter().zip(graph.nodes()).map(|(reads, node)| *reads && node.kind != ValueKind::Text).collect()
}

/// The node without [`Op::Present`] around it.
fn strip(graph: &Graph, mut id: NodeId) -> NodeId {
    while let Op::Present(inner) = graph.node(id).op {
        id = inner;
    }
    id
}

/// Whether a column holds what a field of that kind is read as.
fn fits(column: &Column, kind: ValueKind) -> bool {
    let of_kind = match kind {
        ValueKind::Bool => column.kind() == FieldType::Bool,
        ValueKind::I64 => matches!(column.kind(), FieldType::Int | FieldType::Money | FieldType::Time),
        ValueKind::F64 => column.kind() == FieldType::Float,
        ValueKind::Text => false,
    };
    let held = |data: &Data| match kind {
        ValueKind::Bool => matches!(data, Data::Bits(_)),
        ValueKind::I64 => matches!(data, Data::Numbers(_)),
        ValueKind::F64 => matches!(data, Data::Floats(_)),
        ValueKind::Text => false,
    };
    of_kind && column.segments().iter().all(|segment| held(segment.data()))
}

/// Whether an operation takes so long that it is evaluated only for the rows that need it.
fn is_slow(op: &Op) -> bool {
    match op {
        Op::Binary(Binary::Power | Binary::Divide | Binary::Modulo, ..) | Op::InList(..) | Op::InSet(..) => true,
        Op::Call(function, _) => !matches!(function, FunctionId::Min | FunctionId::Max),
        _ => false,
    }
}

/// Which fields every node depends on.
fn supports(graph: &Graph) -> Vec<Support> {
    let mut all: Vec<Support> = Vec::with_capacity(graph.nodes().len());
    for node in graph.nodes() {
        let own = if let Op::Field(field) = node.op { [Some(field), None] } else { [None; 2] };
        let part = |support: Support, part: NodeId| joined(support?, all.get(part.at()).copied()??);
        let support = node.op.parts().fold(Some(own), part);
        all.push(support);
    }
    all
}

/// The fields of both; none where there are more than a lookup takes.
fn joined(mut one: [Option<FieldIndex>; 2], other: [Option<FieldIndex>; 2]) -> Support {
    for field in other.into_iter().flatten() {
        if !one.contains(&Some(field)) {
            *one.iter_mut().find(|place| place.is_none())? = Some(field);
        }
    }
    Some(one)
}

fn all_fields(graph: &Graph, id: NodeId) -> Vec<FieldIndex> {
    let mut fields = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        if let Op::Field(field) = graph.node(id).op {
            fields.insert(field);
        }
        open.extend(graph.node(id).op.parts());
    }
    fields.into_iter().collect()
}
