//! The nodes of the graph over one batch of rows: each is evaluated at most once.
//!
//! Where a node is true, missing and failed are kept apart, so that a failure counts only where it is reached. Costly nodes are evaluated
//! only for the rows that need them, the others for the whole batch at once.

use std::sync::atomic::{AtomicU8, Ordering};

use super::bind::{EvalCell, EvalStrategy, PhysicalPlan};
use super::bits::{ALL, BATCH, Bits, NONE, and, any, first, or, rows, set, without};
use super::columns::Cursor;
use super::lookup::NodeBits;
use countersign_core::model::{FieldIndex, Request, Value};
use countersign_core::plan::{EvalValue, Graph, NodeId, Op, Scratch, Unary, ValueKind};

/// A node's values in the current batch.
#[derive(Clone, Debug)]
pub(super) struct NodeSlot {
    /// The number of the batch that the values belong to.
    epoch: u64,
    /// Whether every row was evaluated.
    whole: bool,
    /// The rows that were evaluated, where not every row was.
    done: Bits,
    /// Where it is true; not where it is missing or failed.
    pub(super) truth: Bits,
    pub(super) missing: Option<Bits>,
    pub(super) failed: Option<Bits>,
    /// Whole numbers, or the bits of numbers with a fraction.
    pub(super) numbers: Vec<i64>,
    /// The number of the batch whose column is in `numbers`.
    widened: u64,
}

impl NodeSlot {
    fn new() -> Self {
        Self { epoch: 0, whole: false, done: NONE, truth: NONE, missing: None, failed: None, numbers: Vec::new(), widened: 0 }
    }

    fn clear(&mut self, epoch: u64) {
        self.epoch = epoch;
        self.whole = false;
        self.done = NONE;
        self.truth = NONE;
        self.missing = None;
        self.failed = None;
    }

    /// Takes the values of every row.
    fn hold(&mut self, found: &NodeBits) {
        self.whole = true;
        self.truth = found.truth;
        for (place, gone) in [(&mut self.missing, &found.missing), (&mut self.failed, &found.failed)] {
            *place = None;
            if let Some(gone) = gone.as_ref().filter(|gone| any(gone)) {
                self.truth = without(&self.truth, gone);
                *place = Some(*gone);
            }
        }
    }

    /// Adds the values of some rows.
    fn add(&mut self, new: &Bits, found: &NodeBits) {
        let gone = match (&found.missing, &found.failed) {
            (None, None) => NONE,
            (one, other) => or(one.as_ref().unwrap_or(&NONE), other.as_ref().unwrap_or(&NONE)),
        };
        self.truth = or(&without(&self.truth, new), &and(new, &without(&found.truth, &gone)));
        let join = |held: &mut Option<Bits>, more: Option<&Bits>| {
            let Some(more) = more.map(|more| and(more, new)).filter(any) else { return };
            *held = Some(held.as_ref().map_or(more, |held| or(held, &more)));
        };
        join(&mut self.missing, found.missing.as_ref());
        join(&mut self.failed, found.failed.as_ref());
    }
}

/// Evaluates nodes, batch after batch, on one thread.
pub(super) struct BatchEvaluator<'t> {
    pub(super) bound: &'t PhysicalPlan<'t>,
    pub(super) graph: &'t Graph,
    pub(super) cursors: Vec<Cursor<'t>>,
    slots: Vec<Option<Box<NodeSlot>>>,
    epoch: u64,
    pub(super) batch: usize,
    request: Request,
    scratch: Scratch,
}

impl<'t> BatchEvaluator<'t> {
    pub(super) fn new(bound: &'t PhysicalPlan<'t>) -> Self {
        let fields = bound.table.schema().len();
        let cursors = (0..fields).map(|at| Cursor::new(bound.table, FieldIndex(u16::try_from(at).unwrap_or(u16::MAX)))).collect();
        let graph = bound.plan.graph();
        let mut slots = Vec::new();
        slots.resize_with(graph.nodes().len(), || None);
        let request = Request::empty(bound.table.schema());
        Self { bound, graph, cursors, slots, epoch: 0, batch: 0, request, scratch: Scratch::default() }
    }

    pub(super) fn start_batch(&mut self, batch: usize) {
        self.epoch += 1;
        self.batch = batch;
    }

    /// The rows of the batch that the table has.
    pub(super) fn valid(&self) -> Bits {
        first(self.bound.table.len().saturating_sub(self.batch * BATCH))
    }

    /// A node's values, where it was evaluated.
    pub(super) fn slot(&self, id: NodeId) -> Option<&NodeSlot> {
        self.slots.get(id.at())?.as_deref()
    }

    /// Where a node holds.
    pub(super) fn truth(&self, id: NodeId) -> &Bits {
        self.slot(id).map_or(&NONE, |slot| &slot.truth)
    }

    pub(super) fn failed(&self, id: NodeId) -> Option<&Bits> {
        self.slot(id).map_or(Some(&ALL), |slot| slot.failed.as_ref())
    }

    pub(super) fn missing(&self, id: NodeId) -> Option<&Bits> {
        self.slot(id)?.missing.as_ref()
    }

    /// Of some rows on which a node was evaluated: where it holds, and where it failed or is missing.
    pub(super) fn outcome(&self, id: NodeId, of: &Bits) -> (Bits, Option<Bits>) {
        let Some(slot) = self.slot(id) else { return (NONE, Some(*of)) };
        let fails = match (&slot.missing, &slot.failed) {
            (None, None) => None,
            (Some(gone), None) | (None, Some(gone)) => Some(and(of, gone)),
            (Some(missing), Some(failed)) => Some(and(of, &or(missing, failed))),
        };
        (and(of, &slot.truth), fails)
    }

    /// Evaluates a node, at least for the rows in `need`.
    pub(super) fn evaluate(&mut self, id: NodeId, need: &Bits) {
        let Some(place) = self.slots.get_mut(id.at()) else { return };
        if place.as_ref().is_some_and(|slot| slot.whole && slot.epoch == self.epoch) {
            return;
        }
        let mut slot = place.take().unwrap_or_else(|| Box::new(NodeSlot::new()));
        if slot.epoch != self.epoch {
            slot.clear(self.epoch);
        }
        if self.bound.is_costly(id) {
            let new = without(need, &slot.done);
            if any(&new) {
                let found = self.evaluate_rows(id, &new, &mut slot);
                slot.add(&new, &found);
                slot.done = or(&slot.done, &new);
            }
        } else {
            let found = self.evaluate_rows(id, &ALL, &mut slot);
            slot.hold(&found);
        }
        if let Some(place) = self.slots.get_mut(id.at()) {
            *place = Some(slot);
        }
    }

    fn evaluate_rows(&mut self, id: NodeId, new: &Bits, slot: &mut NodeSlot) -> NodeBits {
        let bound = self.bound;
        let numeric = self.graph.node(id).kind != ValueKind::Bool;
        match bound.strategy(id) {
            EvalStrategy::Unused => NodeBits { truth: NONE, missing: None, failed: Some(ALL) },
            EvalStrategy::Constant(cell) => {
                if let (Some(EvalValue::Int(_) | EvalValue::Float(_)), true) = (cell, numeric) {
                    slot.numbers.clear();
                    slot.numbers.resize(BATCH, number(*cell));
                }
                constant(*cell)
            }
            EvalStrategy::Lookup(lookup) if numeric => lookup.numbers(&mut self.cursors, self.batch, &mut slot.numbers),
            EvalStrategy::Lookup(lookup) => lookup.find(&mut self.cursors, self.batch),
            EvalStrategy::Coded(coded) => coded.find(&mut self.cursors, self.batch),
            EvalStrategy::Memo(field, cells) => self.memo(id, *field, cells, new),
            EvalStrategy::ByRow(fields) => self.by_row(id, fields, new, slot),
            EvalStrategy::Parts => match self.graph.node(id).kind {
                ValueKind::Bool => self.find_truth(id, new),
                ValueKind::I64 | ValueKind::F64 => self.find_numbers(id, new, slot),
                ValueKind::Text => NodeBits { truth: NONE, missing: None, failed: Some(ALL) },
            },
        }
    }

    /// Evaluates each distinct value when it first occurs.
    fn memo(&mut self, id: NodeId, field: FieldIndex, cells: &'t [AtomicU8], new: &Bits) -> NodeBits {
        let mut found = NodeBits { truth: NONE, missing: Some(NONE), failed: Some(NONE) };
        let Some(cursor) = self.cursors.get_mut(field.at()) else { return constant(None) };
        let (column, absent) = (cursor.column(), cursor.missing(self.batch).unwrap_or(NONE));
        let lane = cursor.lane(self.batch).clone();
        for row in rows(new) {
            let code = if super::bits::has(&absent, row) { cells.len().saturating_sub(1) } else { lane.get(row) };
            let Some(cell) = cells.get(code) else { continue };
            let mut known = cell.load(Ordering::Relaxed);
            if known == 0 {
                let value = column.map_or(Value::Missing, |column| super::lookup::value(column, code));
                self.request.set(field, value);
                known = match self.evaluate_request(id) {
                    Some(EvalValue::Bool(true)) => 1,
                    Some(EvalValue::Missing) => 2,
                    Some(_) => 3,
                    None => 4,
                };
                self.request.set(field, Value::Missing);
                cell.store(known, Ordering::Relaxed);
            }
            match known {
                1 => set(&mut found.truth, row),
                2 => found.missing.iter_mut().for_each(|bits| set(bits, row)),
                4 => found.failed.iter_mut().for_each(|bits| set(bits, row)),
                _ => {}
            }
        }
        found
    }

    fn by_row(&mut self, id: NodeId, fields: &[FieldIndex], new: &Bits, slot: &mut NodeSlot) -> NodeBits {
        let mut found = NodeBits { truth: NONE, missing: Some(NONE), failed: Some(NONE) };
        slot.numbers.resize(BATCH, 0);
        let valid = self.valid();
        for row in rows(&and(new, &valid)) {
            for field in fields {
                self.request.set(*field, self.bound.table.value(self.batch * BATCH + row, *field));
            }
            let cell = self.evaluate_request(id);
            match cell {
                Some(EvalValue::Bool(true)) => set(&mut found.truth, row),
                Some(EvalValue::Bool(false) | EvalValue::Text) => {}
                Some(EvalValue::Missing) => found.missing.iter_mut().for_each(|bits| set(bits, row)),
                Some(EvalValue::Int(_) | EvalValue::Float(_)) => {
                    if let Some(place) = slot.numbers.get_mut(row) {
                        *place = number(cell);
                    }
                }
                None => found.failed.iter_mut().for_each(|bits| set(bits, row)),
            }
        }
        for field in fields {
            self.request.set(*field, Value::Missing);
        }
        found
    }

    fn evaluate_request(&mut self, id: NodeId) -> EvalCell {
        self.bound.plan.single(&self.request, &mut self.scratch).answer(id).ok()
    }

    fn find_truth(&mut self, id: NodeId, new: &Bits) -> NodeBits {
        let graph = self.graph;
        match &graph.node(id).op {
            Op::Field(field) => {
                let Some(cursor) = self.cursors.get(field.at()) else { return constant(None) };
                NodeBits { truth: cursor.bits(self.batch), missing: cursor.missing(self.batch), failed: None }
            }
            Op::Present(one) => self.present(*one, new),
            Op::IsMissing(one) => self.is_missing(*one, new),
            Op::Unary(Unary::Not, one) => {
                self.evaluate(*one, new);
                let (missing, failed) = (self.missing(*one).copied(), self.failed(*one).copied());
                NodeBits { truth: without(&ALL, self.truth(*one)), missing, failed }
            }
            Op::Call(function, args) => {
                let mut truth = NONE;
                let failed = self.call(*function, args, new, |row, value| {
                    if value.as_bool()? {
                        set(&mut truth, row);
                    }
                    Some(())
                });
                NodeBits { truth, missing: None, failed: Some(failed) }
            }
            Op::All(parts) => self.chain(parts, true, new),
            Op::Any(parts) => self.chain(parts, false, new),
            Op::Coalesce(one, other) => {
                let (one, other) = (*one, *other);
                let open = self.coalesce(one, other, new);
                let truth = or(self.truth(one), &and(&open, self.truth(other)));
                self.chosen(truth, &[(one, without(new, &open)), (other, open)], Some(one))
            }
            Op::Select(condition, one, other) => {
                let (yes, no) = self.select(*condition, *one, *other, new);
                let truth = or(&and(&yes, self.truth(*one)), &and(&no, self.truth(*other)));
                self.chosen(truth, &[(*one, yes), (*other, no)], Some(*condition))
            }
            Op::Compare(how, one, other) => self.compare(*how, *one, *other, new),
            Op::InList(list, item) => {
                let entries = self.bound.plan.list(*list);
                self.among(*item, new, |number| entries.is_some_and(|entries| entries.contains_int(number)))
            }
            Op::InSet(countersign_core::plan::Set::Ints(numbers), item) => {
                self.among(*item, new, |number| numbers.binary_search(&number).is_ok())
            }
            _ => constant(None),
        }
    }

    /// Evaluates the second where the first is missing, and returns those rows.
    pub(super) fn coalesce(&mut self, one: NodeId, other: NodeId, new: &Bits) -> Bits {
        self.evaluate(one, new);
        let open = and(new, self.missing(one).unwrap_or(&NONE));
        self.evaluate(other, &open);
        open
    }

    /// Evaluates each branch for its rows, and returns the rows of the first and of the second.
    pub(super) fn select(&mut self, condition: NodeId, one: NodeId, other: NodeId, new: &Bits) -> (Bits, Bits) {
        self.evaluate(condition, new);
        let yes = and(new, self.truth(condition));
        let no = without(&without(new, &yes), self.failed(condition).unwrap_or(&NONE));
        self.evaluate(one, &yes);
        self.evaluate(other, &no);
        (yes, no)
    }

    /// Where values, each taken for some rows, are missing or failed; rows on which `decides` failed have failed too.
    pub(super) fn chosen(&self, truth: Bits, taken: &[(NodeId, Bits)], decides: Option<NodeId>) -> NodeBits {
        let mut missing = NONE;
        let mut failed = decides.and_then(|node| self.failed(node)).copied().unwrap_or(NONE);
        for (node, bits) in taken {
            for (all, of_node) in [(&mut missing, self.missing(*node)), (&mut failed, self.failed(*node))] {
                if let Some(of_node) = of_node {
                    *all = or(all, &and(bits, of_node));
                }
            }
        }
        NodeBits { truth, missing: Some(missing), failed: Some(failed) }
    }

    /// The value, which must be there.
    pub(super) fn present(&mut self, one: NodeId, new: &Bits) -> NodeBits {
        self.evaluate(one, new);
        let failed = match (self.missing(one), self.failed(one)) {
            (Some(missing), Some(failed)) => Some(or(missing, failed)),
            (missing, failed) => missing.or(failed).copied(),
        };
        NodeBits { truth: *self.truth(one), missing: None, failed }
    }

    fn is_missing(&mut self, one: NodeId, new: &Bits) -> NodeBits {
        if let (Op::Field(field), ValueKind::Text) = (&self.graph.node(one).op, self.graph.node(one).kind) {
            let missing = self.cursors.get(field.at()).and_then(|cursor| cursor.missing(self.batch));
            return NodeBits { truth: missing.unwrap_or(NONE), missing: None, failed: None };
        }
        self.evaluate(one, new);
        NodeBits { truth: self.missing(one).copied().unwrap_or(NONE), missing: None, failed: self.failed(one).copied() }
    }

    /// Whether all hold, or any does; parts after the one that decides a row are not evaluated for it.
    fn chain(&mut self, parts: &[NodeId], all: bool, new: &Bits) -> NodeBits {
        let mut open = *new;
        let (mut failed, mut held, mut fallible) = (NONE, NONE, false);
        for part in parts {
            if !any(&open) {
                break;
            }
            self.evaluate(*part, &open);
            let Some(slot) = self.slot(*part) else { break };
            if let Some(fails) = &slot.failed {
                failed = or(&failed, &and(&open, fails));
                fallible = true;
            }
            if all {
                open = and(&open, &slot.truth);
            } else {
                held = or(&held, &and(&open, &slot.truth));
                open = without(&open, &or(&held, &failed));
            }
        }
        NodeBits { truth: if all { open } else { held }, missing: None, failed: fallible.then_some(failed) }
    }

    /// The numbers of a node that was evaluated.
    pub(super) fn ints(&self, id: NodeId) -> &[i64] {
        self.slot(self.bound.data_of(id)).map_or(&[], |slot| &slot.numbers)
    }

    /// Copies a column's numbers into the node's.
    pub(super) fn widen(&mut self, id: NodeId) {
        let id = self.bound.data_of(id);
        let Op::Field(field) = self.graph.node(id).op else { return };
        if !matches!(self.bound.strategy(id), EvalStrategy::Parts) {
            return;
        }
        let (Some(Some(slot)), Some(cursor)) = (self.slots.get_mut(id.at()), self.cursors.get_mut(field.at())) else { return };
        if slot.widened == self.epoch {
            return;
        }
        slot.widened = self.epoch;
        if self.graph.node(id).kind == ValueKind::I64 {
            cursor.widen(self.batch, &mut slot.numbers);
        } else {
            let floats = cursor.floats(self.batch);
            slot.numbers.resize(BATCH, 0);
            for (place, float) in slot.numbers.iter_mut().zip(floats) {
                *place = float.to_bits().cast_signed();
            }
        }
    }
}

/// A whole number, or the bits of one with a fraction.
pub(super) fn number(cell: EvalCell) -> i64 {
    match cell {
        Some(EvalValue::Int(number)) => number,
        Some(EvalValue::Float(number)) => number.to_bits().cast_signed(),
        _ => 0,
    }
}

/// The same for every row.
fn constant(cell: EvalCell) -> NodeBits {
    match cell {
        Some(EvalValue::Bool(true)) => NodeBits { truth: ALL, missing: None, failed: None },
        Some(EvalValue::Missing) => NodeBits { truth: NONE, missing: Some(ALL), failed: None },
        Some(_) => NodeBits { truth: NONE, missing: None, failed: None },
        None => NodeBits { truth: NONE, missing: None, failed: Some(ALL) },
    }
}
