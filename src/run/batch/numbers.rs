//! Numbers and comparisons over a batch. Single values come from [`semantics`], those of calls from the functions.

use super::bind::EvalStrategy;
use super::bits::{ALL, BATCH, Bits, NONE, and, or, pack, rows, set, test, test_both, without};
use super::eval::{BatchEvaluator, NodeSlot};
use super::lookup::NodeBits;
use countersign_core::plan::{Binary, CompareOp, EvalValue, NodeId, Op, Unary, ValueKind, semantics};
use countersign_core::script::functions::{FunctionId, MOST_ARGUMENTS, ScriptValue};

/// An operand: the same number for every row, or one for each.
#[derive(Clone, Copy)]
pub(super) enum NumberColumn<'a> {
    Same(i64),
    Each(&'a [i64]),
}

impl NumberColumn<'_> {
    #[inline]
    pub(super) fn at(&self, row: usize) -> i64 {
        match self {
            Self::Same(number) => *number,
            Self::Each(numbers) => numbers.get(row).copied().unwrap_or_default(),
        }
    }
}

/// An argument of a call: a number for each row, or a text that is the same for every row.
enum CallColumn<'a> {
    Ints(NumberColumn<'a>),
    Floats(NumberColumn<'a>),
    Text(&'a str),
}

impl<'a> CallColumn<'a> {
    #[inline]
    fn at(&self, row: usize) -> ScriptValue<'a> {
        match self {
            Self::Ints(side) => ScriptValue::Int(side.at(row)),
            Self::Floats(side) => ScriptValue::Float(float(side.at(row))),
            Self::Text(text) => ScriptValue::text(text),
        }
    }
}

impl BatchEvaluator<'_> {
    /// Evaluates a number so that [`BatchEvaluator::side`] can return it.
    pub(super) fn ready(&mut self, id: NodeId, need: &Bits) {
        if !self.is_plain(id) {
            self.evaluate(id, need);
            self.widen(id);
        }
    }

    /// Whether a node is a number that is there for every row alike.
    fn is_plain(&self, id: NodeId) -> bool {
        matches!(self.bound.constant(id), Some(Some(EvalValue::Int(_) | EvalValue::Float(_))))
    }

    /// A node's numbers, after [`BatchEvaluator::ready`].
    pub(super) fn side(&self, id: NodeId) -> NumberColumn<'_> {
        match self.bound.constant(id) {
            Some(cell @ Some(_)) => NumberColumn::Same(super::eval::number(cell)),
            _ => NumberColumn::Each(self.ints(id)),
        }
    }

    /// Where either of two values is missing, and where either failed.
    fn both(&self, one: NodeId, other: NodeId) -> (Option<Bits>, Option<Bits>) {
        let join = |one: Option<&Bits>, other: Option<&Bits>| match (one, other) {
            (Some(one), Some(other)) => Some(or(one, other)),
            (one, other) => one.or(other).copied(),
        };
        let of = |id: NodeId| if self.is_plain(id) { (None, None) } else { (self.missing(id), self.failed(id)) };
        let ((missing_one, failed_one), (missing_other, failed_other)) = (of(one), of(other));
        (join(missing_one, missing_other), join(failed_one, failed_other))
    }

    pub(super) fn compare(&mut self, how: CompareOp, one: NodeId, other: NodeId, new: &Bits) -> NodeBits {
        let truth = match self.graph.node(one).kind {
            ValueKind::I64 => self.compare_ints(how, one, other, new),
            ValueKind::F64 => return self.compare_floats(how, one, other, new),
            ValueKind::Bool | ValueKind::Text => {
                self.evaluate(one, new);
                self.evaluate(other, new);
                let same = super::bits::zip(self.truth(one), self.truth(other), |one, other| !(one ^ other));
                if how == CompareOp::NotEqual { without(&ALL, &same) } else { same }
            }
        };
        self.compared(how, one, other, &truth, None)
    }

    /// Completes a comparison with the rows on which a value is missing.
    fn compared(&self, how: CompareOp, one: NodeId, other: NodeId, truth: &Bits, unordered: Option<&Bits>) -> NodeBits {
        let (missing, failed) = self.both(one, other);
        let failed = match (failed, unordered) {
            (Some(failed), Some(more)) => Some(or(&failed, more)),
            (failed, more) => failed.or(more.copied()),
        };
        let Some(either) = missing else { return NodeBits { truth: *truth, missing: None, failed } };
        let of = |id: NodeId| if self.is_plain(id) { &NONE } else { self.missing(id).unwrap_or(&NONE) };
        let both = and(of(one), of(other));
        let absent = if how == CompareOp::NotEqual { without(&either, &both) } else { both };
        NodeBits { truth: or(&without(truth, &either), &absent), missing: None, failed }
    }

    /// The column whose codes a node's numbers are.
    fn field_of(&self, id: NodeId) -> Option<countersign_core::model::FieldIndex> {
        let inner = self.bound.data_of(id);
        match (&self.graph.node(inner).op, self.bound.strategy(inner)) {
            (Op::Field(field), EvalStrategy::Parts) => Some(*field),
            _ => None,
        }
    }

    fn compare_ints(&mut self, how: CompareOp, one: NodeId, other: NodeId, new: &Bits) -> Bits {
        let constant = |evaluator: &Self, id: NodeId| match evaluator.bound.constant(id) {
            Some(Some(EvalValue::Int(number))) => Some(number),
            _ => None,
        };
        for (side, with, how) in [(one, other, how), (other, one, mirrored(how))] {
            if let (Some(field), Some(number)) = (self.field_of(side), constant(self, with))
                && !self.bound.is_costly(side)
            {
                self.evaluate(side, new);
                let batch = self.batch;
                return self.cursors.get_mut(field.at()).map_or(NONE, |cursor| cursor.compare(batch, how, number));
            }
        }
        self.ready(one, new);
        self.ready(other, new);
        compare_sides(how, self.side(one), self.side(other))
    }

    fn compare_floats(&mut self, how: CompareOp, one: NodeId, other: NodeId, new: &Bits) -> NodeBits {
        self.ready(one, new);
        self.ready(other, new);
        let (left, right) = (self.side(one), self.side(other));
        let (mut truth, mut unordered) = (NONE, NONE);
        for row in rows(&and(new, &self.valid())) {
            match semantics::compare_floats(how, float(left.at(row)), float(right.at(row))) {
                Some(true) => set(&mut truth, row),
                Some(false) => {}
                None => set(&mut unordered, row),
            }
        }
        if let (Some(missing), _) = self.both(one, other) {
            unordered = without(&unordered, &missing);
        }
        self.compared(how, one, other, &truth, Some(&unordered))
    }

    /// Whether a whole number is one of some; a missing one is none.
    pub(super) fn among(&mut self, item: NodeId, new: &Bits, holds: impl Fn(i64) -> bool) -> NodeBits {
        self.ready(item, new);
        let (missing, failed) = self.both(item, item);
        let side = self.side(item);
        let mut truth = NONE;
        let there = without(new, &missing.unwrap_or(NONE));
        for row in rows(&and(&there, &self.valid())) {
            if holds(side.at(row)) {
                set(&mut truth, row);
            }
        }
        NodeBits { truth, missing: None, failed }
    }

    pub(super) fn find_numbers(&mut self, id: NodeId, new: &Bits, slot: &mut NodeSlot) -> NodeBits {
        let graph = self.graph;
        let node = graph.node(id);
        match &node.op {
            Op::Field(field) => {
                let missing = self.cursors.get(field.at()).map_or(Some(ALL), |cursor| cursor.missing(self.batch));
                NodeBits { truth: NONE, missing, failed: None }
            }
            Op::Present(one) => self.present(*one, new),
            Op::Coalesce(one, other) => {
                let (one, other) = (*one, *other);
                let open = self.coalesce(one, other, new);
                self.choose(&[(one, without(new, &open)), (other, open)], one, slot)
            }
            Op::Select(condition, one, other) => {
                let (yes, no) = self.select(*condition, *one, *other, new);
                self.choose(&[(*one, yes), (*other, no)], *condition, slot)
            }
            Op::Unary(how, one) => self.unary(*how, *one, node.kind, new, slot),
            Op::Binary(how, one, other) if node.kind == ValueKind::F64 => self.float_binary(*how, *one, *other, new, slot),
            Op::Binary(how, one, other) => self.int_binary(*how, *one, *other, new, slot),
            Op::Call(FunctionId::Min, args) if node.kind == ValueKind::I64 => self.int_order(args, i64::min, new, slot),
            Op::Call(FunctionId::Max, args) if node.kind == ValueKind::I64 => self.int_order(args, i64::max, new, slot),
            Op::Call(function, args) => {
                slot.numbers.resize(BATCH, 0);
                let failed = self.call(*function, args, new, |row, value| {
                    let number = match value {
                        ScriptValue::Int(number) => number,
                        ScriptValue::Float(number) => number.to_bits().cast_signed(),
                        _ => return None,
                    };
                    slot.numbers.get_mut(row).map(|place| *place = number)
                });
                NodeBits { truth: NONE, missing: None, failed: Some(failed) }
            }
            _ => NodeBits { truth: NONE, missing: None, failed: Some(ALL) },
        }
    }

    /// Takes each row's number from its branch.
    fn choose(&mut self, taken: &[(NodeId, Bits)], decides: NodeId, slot: &mut NodeSlot) -> NodeBits {
        slot.numbers.resize(BATCH, 0);
        for (node, bits) in taken {
            self.ready(*node, bits);
            let side = self.side(*node);
            for row in rows(bits) {
                if let Some(place) = slot.numbers.get_mut(row) {
                    *place = side.at(row);
                }
            }
        }
        self.chosen(NONE, taken, Some(decides))
    }

    /// Gives `keep` the value of a call for each new row whose arguments do not fail, and returns the rows that fail: those for which
    /// there is no value, or none that `keep` takes.
    pub(super) fn call(
        &mut self,
        function: FunctionId,
        args: &[NodeId],
        new: &Bits,
        mut keep: impl FnMut(usize, ScriptValue<'_>) -> Option<()>,
    ) -> Bits {
        let bound = self.bound;
        let mut failed = NONE;
        for arg in args.iter().filter(|arg| bound.constant_text(**arg).is_none()) {
            self.ready(*arg, new);
            failed = or(&failed, &self.both(*arg, *arg).1.unwrap_or(NONE));
        }
        let columns: Vec<CallColumn<'_>> = args
            .iter()
            .map(|arg| match (bound.constant_text(*arg), self.graph.node(*arg).kind) {
                (Some(text), _) => CallColumn::Text(text),
                (None, ValueKind::F64) => CallColumn::Floats(self.side(*arg)),
                (None, _) => CallColumn::Ints(self.side(*arg)),
            })
            .collect();
        let zone = self.graph.zone();
        for row in rows(&and(&without(new, &failed), &self.valid())) {
            let mut values = [const { ScriptValue::Bool(false) }; MOST_ARGUMENTS];
            for (value, column) in values.iter_mut().zip(&columns) {
                *value = column.at(row);
            }
            let value = values.get(..args.len()).and_then(|values| function.evaluate(values, zone).ok());
            if value.and_then(|value| keep(row, value)).is_none() {
                set(&mut failed, row);
            }
        }
        failed
    }

    /// The smaller or larger of two whole numbers, for every row at once.
    fn int_order(&mut self, args: &[NodeId], choose: fn(i64, i64) -> i64, new: &Bits, slot: &mut NodeSlot) -> NodeBits {
        let [one, other] = *args else { return NodeBits { truth: NONE, missing: None, failed: Some(ALL) } };
        self.ready(one, new);
        self.ready(other, new);
        let failed = self.both(one, other).1.unwrap_or(NONE);
        every_row(slot, &failed, self.side(one), self.side(other), |one, other| (choose(one, other), false))
    }

    fn unary(&mut self, how: Unary, one: NodeId, kind: ValueKind, new: &Bits, slot: &mut NodeSlot) -> NodeBits {
        self.ready(one, new);
        let failed = self.both(one, one).1.unwrap_or(NONE);
        let side = self.side(one);
        each_row(slot, new, &failed, |row| {
            let number = side.at(row);
            match (how, kind) {
                (Unary::Negate, ValueKind::F64) => Some((-float(number)).to_bits().cast_signed()),
                (Unary::Negate, _) => number.checked_neg(),
                (Unary::LimitAmount, _) => Some(number).filter(|amount| *amount >= 0),
                (Unary::ToFloat, _) => Some(semantics::to_float(number).to_bits().cast_signed()),
                (Unary::Not, _) => None,
            }
        })
    }

    fn int_binary(&mut self, how: Binary, one: NodeId, other: NodeId, new: &Bits, slot: &mut NodeSlot) -> NodeBits {
        self.ready(one, new);
        self.ready(other, new);
        let failed = self.both(one, other).1.unwrap_or(NONE);
        let (left, right) = (self.side(one), self.side(other));
        match how {
            Binary::Add => every_row(slot, &failed, left, right, i64::overflowing_add),
            Binary::Subtract => every_row(slot, &failed, left, right, i64::overflowing_sub),
            Binary::Multiply => every_row(slot, &failed, left, right, i64::overflowing_mul),
            _ => each_row(slot, new, &failed, |row| semantics::apply_arith(how, left.at(row), right.at(row))),
        }
    }

    fn float_binary(&mut self, how: Binary, one: NodeId, other: NodeId, new: &Bits, slot: &mut NodeSlot) -> NodeBits {
        self.ready(one, new);
        self.ready(other, new);
        let failed = self.both(one, other).1.unwrap_or(NONE);
        let (left, right) = (self.side(one), self.side(other));
        each_row(slot, new, &failed, |row| {
            let made = semantics::apply_float_arith(how, float(left.at(row)), float(right.at(row)))?;
            Some(made.to_bits().cast_signed())
        })
    }
}

/// The comparison with its sides changed.
fn mirrored(how: CompareOp) -> CompareOp {
    match how {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        CompareOp::Equal | CompareOp::NotEqual | CompareOp::Same => how,
    }
}

fn compare_sides(how: CompareOp, one: NumberColumn<'_>, other: NumberColumn<'_>) -> Bits {
    match (one, other) {
        (NumberColumn::Same(one), NumberColumn::Same(other)) => {
            if semantics::compare(how, &one, &other) {
                ALL
            } else {
                NONE
            }
        }
        (NumberColumn::Each(ones), NumberColumn::Same(with)) => match how {
            CompareOp::Equal | CompareOp::Same => test(ones, |one| one == with),
            CompareOp::NotEqual => test(ones, |one| one != with),
            CompareOp::Less => test(ones, |one| one < with),
            CompareOp::LessOrEqual => test(ones, |one| one <= with),
            CompareOp::Greater => test(ones, |one| one > with),
            CompareOp::GreaterOrEqual => test(ones, |one| one >= with),
        },
        (NumberColumn::Same(_), NumberColumn::Each(_)) => compare_sides(mirrored(how), other, one),
        (NumberColumn::Each(ones), NumberColumn::Each(others)) => match how {
            CompareOp::Equal | CompareOp::Same => test_both(ones, others, |one, other| one == other),
            CompareOp::NotEqual => test_both(ones, others, |one, other| one != other),
            CompareOp::Less => test_both(ones, others, |one, other| one < other),
            CompareOp::LessOrEqual => test_both(ones, others, |one, other| one <= other),
            CompareOp::Greater => test_both(ones, others, |one, other| one > other),
            CompareOp::GreaterOrEqual => test_both(ones, others, |one, other| one >= other),
        },
    }
}

/// Evaluates each new row whose parts did not fail.
fn each_row(slot: &mut NodeSlot, new: &Bits, failed: &Bits, make: impl Fn(usize) -> Option<i64>) -> NodeBits {
    let mut fails = *failed;
    slot.numbers.resize(BATCH, 0);
    for row in rows(&without(new, &fails)) {
        match (make(row), slot.numbers.get_mut(row)) {
            (Some(number), Some(place)) => *place = number,
            _ => set(&mut fails, row),
        }
    }
    NodeBits { truth: NONE, missing: None, failed: Some(fails) }
}

/// Evaluates every row without branches; the second value of `make` says whether it failed.
fn every_row(
    slot: &mut NodeSlot,
    failed: &Bits,
    one: NumberColumn<'_>,
    other: NumberColumn<'_>,
    make: impl Fn(i64, i64) -> (i64, bool),
) -> NodeBits {
    slot.numbers.resize(BATCH, 0);
    let mut fails = *failed;
    for (at, (numbers, word)) in slot.numbers.chunks_exact_mut(64).zip(fails.iter_mut()).enumerate() {
        let mut bytes = [0_u8; 64];
        let start = at * 64;
        let part = |side: &NumberColumn<'_>, into: &mut [i64; 64]| match side {
            NumberColumn::Same(number) => *into = [*number; 64],
            NumberColumn::Each(numbers) => {
                if let Some(numbers) = numbers.get(start..start + 64) {
                    into.copy_from_slice(numbers);
                }
            }
        };
        let (mut ones, mut others) = ([0; 64], [0; 64]);
        part(&one, &mut ones);
        part(&other, &mut others);
        for (((number, byte), one), other) in numbers.iter_mut().zip(&mut bytes).zip(&ones).zip(&others) {
            let (result, overflows) = make(*one, *other);
            *number = result;
            *byte = u8::from(overflows);
        }
        *word |= pack(&bytes);
    }
    NodeBits { truth: NONE, missing: None, failed: Some(fails) }
}

fn float(bits: i64) -> f64 {
    f64::from_bits(bits.cast_unsigned())
}
