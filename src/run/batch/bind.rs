//! How each node of the graph is evaluated over one table: chosen once, from what the columns hold.
//!
//! What no request can change is a constant. What depends on one column of few distinct values is evaluated once for each of them, by the
//! evaluator for single requests, and looked up by code. The rest is evaluated column by column; where that does not fit (texts built from
//! several fields), row by row, and only for the rows that need it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicU8;

use super::lookup::{self, Coded, Lookup};
use countersign_core::model::{FieldIndex, FieldType, ListEntries, Request};
use countersign_core::plan::{Binary, CompareOp, Constant, EvalValue, Graph, NodeId, Op, Plan, PlanNode, Scratch, Set, ValueKind};
use countersign_core::script::functions::FunctionId;
use countersign_requests::Table;
use countersign_requests::table::{Column, Data};

/// The most distinct values, or pairs of them, that a node is evaluated for beforehand.
pub(super) const FEW: usize = 4_096;

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
type Support = Option<BTreeSet<FieldIndex>>;

impl<'t> PhysicalPlan<'t> {
    /// Chooses strategies for the nodes that `roots` need.
    pub(super) fn new(plan: &'t Plan, table: &'t Table, roots: impl Iterator<Item = NodeId>) -> Self {
        let nodes = plan.graph().nodes();
        let mut strategies = Vec::new();
        strategies.resize_with(nodes.len(), || EvalStrategy::Unused);
        let mut bound = Self { plan, table, strategies, costly: vec![false; nodes.len()], long: Vec::new() };
        let mut sample = SampleEvaluator {
            request: Request::empty(table.schema()),
            scratch: Scratch::default(),
            supports: supports(plan.graph()),
            texts: texts(plan.graph()),
        };
        for root in roots {
            bound.need(root, &mut sample);
        }
        let is_long = |field: &FieldIndex| {
            table.column(*field).is_some_and(|column| column.longest_text() > countersign_core::plan::semantics::TEXT_BYTES)
        };
        bound.long = plan.text_fields().iter().copied().filter(is_long).collect();
        bound
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

    fn need(&mut self, id: NodeId, sample: &mut SampleEvaluator) {
        if !matches!(self.strategy(id), EvalStrategy::Unused) {
            return;
        }
        let node = self.plan.graph().node(id);
        let strategy = self.choose(id, node, sample);
        let mut costly = matches!(strategy, EvalStrategy::Memo(..) | EvalStrategy::ByRow(_)) || is_slow(&node.op);
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

    fn choose(&self, id: NodeId, node: &'t PlanNode, sample: &mut SampleEvaluator) -> EvalStrategy {
        let graph = self.plan.graph();
        let support = sample.supports.get(id.at()).cloned().flatten();
        if support.as_ref().is_some_and(BTreeSet::is_empty) {
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
        let fields: Vec<FieldIndex> = support.iter().flatten().copied().collect();
        let strategy = match fields.as_slice() {
            [one] if sample.texts.get(id.at()) == Some(&true) => self.by_one(id, node, *one, sample),
            // A text itself has no cell: only whether making it fails is evaluated, row by row.
            [one, other] if texts() && node.kind != ValueKind::Text => self.by_two(id, *one, *other, sample),
            _ => None,
        };
        let text = node.kind == ValueKind::Text || texts();
        strategy.unwrap_or_else(|| if text { EvalStrategy::ByRow(all_fields(graph, id).into()) } else { EvalStrategy::Parts })
    }

    /// The node depends on one field, and reads texts.
    fn by_one(&self, id: NodeId, node: &'t PlanNode, field: FieldIndex, sample: &mut SampleEvaluator) -> Option<EvalStrategy> {
        let column = self.table.column(field)?;
        if let Some(size) = lookup::domain(column).filter(|size| *size <= FEW) {
            let cells: Vec<EvalCell> = (0..=size).map(|code| sample.with(self.plan, id, &[(field, column, code)])).collect();
            return Some(EvalStrategy::Lookup(Lookup::one(field, &cells)));
        }
        let missing = sample.with(self.plan, id, &[(field, column, usize::MAX)]);
        if let Some(wanted) = self.wanted(node) {
            let present = Coded { field, rows: lookup::codes_of(column, &wanted.0), missing, negated: wanted.1 };
            return Some(EvalStrategy::Coded(present));
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
                countersign_core::model::Value::Text(text) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// The node compares texts of two fields.
    fn by_two(&self, id: NodeId, one: FieldIndex, other: FieldIndex, sample: &mut SampleEvaluator) -> Option<EvalStrategy> {
        let (first, second) = (self.table.column(one)?, self.table.column(other)?);
        let (rows, columns) = (lookup::domain(first)?, lookup::domain(second)?);
        if (rows + 1) * (columns + 1) > FEW {
            return None;
        }
        let mut cells = Vec::new();
        for row in 0..=rows {
            for column in 0..=columns {
                cells.push(sample.with(self.plan, id, &[(one, first, row), (other, second, column)]));
            }
        }
        Some(EvalStrategy::Lookup(Lookup::two((one, rows), (other, columns), &cells)))
    }
}

/// Evaluates nodes for single values of their fields.
struct SampleEvaluator {
    request: Request,
    scratch: Scratch,
    supports: Vec<Support>,
    /// Which nodes are no text, and read one.
    texts: Vec<bool>,
}

impl SampleEvaluator {
    fn evaluate(&mut self, plan: &Plan, id: NodeId) -> EvalCell {
        plan.single(&self.request, &mut self.scratch).answer(id).ok()
    }

    /// The value of a node where these columns have these codes; a code past the last means that the value is missing.
    fn with(&mut self, plan: &Plan, id: NodeId, codes: &[(FieldIndex, &Column, usize)]) -> EvalCell {
        for (field, column, code) in codes {
            self.request.set(*field, lookup::value(column, *code));
        }
        let cell = self.evaluate(plan, id);
        for (field, ..) in codes {
            self.request.set(*field, countersign_core::model::Value::Missing);
        }
        cell
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
    let mut all: Vec<Support> = Vec::new();
    for node in graph.nodes() {
        let mut support: Support = Some(BTreeSet::new());
        if let (Op::Field(field), Some(fields)) = (&node.op, &mut support) {
            fields.insert(*field);
        }
        for part in node.op.parts() {
            let joined = match (support, all.get(part.at()).and_then(Option::as_ref)) {
                (Some(mut one), Some(other)) => {
                    one.extend(other);
                    (one.len() <= 2).then_some(one)
                }
                _ => None,
            };
            support = joined;
        }
        all.push(support);
    }
    all
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
