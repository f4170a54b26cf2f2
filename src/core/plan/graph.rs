//! The expression graph that all rules share: equal expressions are one node, parts come before the whole, constants are folded.

use std::collections::HashMap;
use std::sync::Arc;

use super::node::{Binary, CompareOp, Constant, NodeId, Op, PlanNode, Set, Unary, ValueKind};
use super::semantics;
use crate::model::{FieldIndex, ListIndex, ParameterIndex, Timestamp, Zone};
use crate::script::functions::{Fails, FunctionId};

/// The deepest graph a plan walks.
pub const MAX_DEPTH: u16 = 256;

/// What a position outside the graph reads as; no graph hands out such a position.
static NOWHERE: PlanNode = PlanNode {
    op: Op::Constant(Constant::Missing),
    kind: ValueKind::Bool,
    nullable: true,
    fallible: true,
    is_time: false,
    depth: 1,
};

/// Nodes in topological order.
#[derive(Clone, Debug)]
pub struct Graph {
    nodes: Vec<PlanNode>,
    known: HashMap<(Op, ValueKind), NodeId>,
    zone: Zone,
}

impl Graph {
    /// An empty graph for a schema's zone.
    #[must_use]
    pub fn new(zone: Zone) -> Self {
        Self { nodes: Vec::new(), known: HashMap::new(), zone }
    }

    /// The zone that times are read and taken apart in.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// All nodes, parts before the whole.
    #[must_use]
    pub fn nodes(&self) -> &[PlanNode] {
        &self.nodes
    }

    /// One node.
    #[must_use]
    #[inline]
    pub fn node(&self, id: NodeId) -> &PlanNode {
        self.nodes.get(id.at()).unwrap_or(&NOWHERE)
    }

    /// Takes every node back from a position on, after a rule that could not be lowered.
    pub(super) fn forget_from(&mut self, count: usize) {
        self.nodes.truncate(count);
        self.known.retain(|_, id| id.at() < count);
    }

    fn add(&mut self, op: Op, kind: ValueKind, nullable: bool, fails_itself: bool) -> NodeId {
        let key = (op, kind);
        if let Some(id) = self.known.get(&key) {
            return *id;
        }
        let op = &key.0;
        let fallible = fails_itself || op.parts().any(|part| self.node(part).fallible);
        let depth = op.parts().map(|part| self.node(part).depth).max().unwrap_or(0).saturating_add(1);
        let is_time = match op {
            Op::Constant(Constant::Int(micros)) => Timestamp::from_micros(*micros).is_some(),
            Op::Present(one) => self.node(*one).is_time,
            Op::Coalesce(one, other) | Op::Select(_, one, other) => self.node(*one).is_time && self.node(*other).is_time,
            Op::Constant(Constant::Missing) => true,
            _ => false,
        };
        let node = PlanNode { op: op.clone(), kind, nullable, fallible, is_time, depth };
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        self.known.insert(key, id);
        id
    }

    fn as_constant(&self, id: NodeId) -> Option<&Constant> {
        match &self.node(id).op {
            Op::Constant(constant) => Some(constant),
            _ => None,
        }
    }

    /// The truth value of a node that has the same for every request.
    #[must_use]
    pub fn as_bool(&self, id: NodeId) -> Option<bool> {
        match self.as_constant(id) {
            Some(Constant::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// The text of a node that has the same for every request.
    #[must_use]
    pub fn as_text(&self, id: NodeId) -> Option<&Arc<str>> {
        match self.as_constant(id) {
            Some(Constant::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A constant that is there.
    pub fn constant(&mut self, constant: Constant) -> NodeId {
        let kind = match &constant {
            Constant::Bool(_) | Constant::Missing => ValueKind::Bool,
            Constant::Int(_) => ValueKind::I64,
            Constant::Float(_) => ValueKind::F64,
            Constant::Text(_) => ValueKind::Text,
        };
        let nullable = constant == Constant::Missing;
        self.add(Op::Constant(constant), kind, nullable, false)
    }

    /// A truth value.
    pub fn truth(&mut self, value: bool) -> NodeId {
        self.constant(Constant::Bool(value))
    }

    /// `()` in the place of a value of that kind.
    pub fn missing(&mut self, kind: ValueKind) -> NodeId {
        self.add(Op::Constant(Constant::Missing), kind, true, false)
    }

    /// A field of the request.
    pub fn field(&mut self, field: FieldIndex, kind: ValueKind, nullable: bool, is_time: bool) -> NodeId {
        let id = self.add(Op::Field(field), kind, nullable, false);
        self.mark_time(id, is_time);
        id
    }

    /// A parameter.
    pub fn parameter(&mut self, parameter: ParameterIndex, kind: ValueKind, is_time: bool) -> NodeId {
        let id = self.add(Op::Parameter(parameter), kind, false, false);
        self.mark_time(id, is_time);
        id
    }

    fn mark_time(&mut self, id: NodeId, is_time: bool) {
        if let Some(node) = self.nodes.get_mut(id.at()) {
            node.is_time = is_time;
        }
    }

    /// The value, which must be there.
    pub fn present(&mut self, id: NodeId) -> NodeId {
        let node = self.node(id);
        let (kind, nullable) = (node.kind, node.nullable);
        if nullable { self.add(Op::Present(id), kind, false, true) } else { id }
    }

    /// Whether a value is missing.
    pub fn is_missing(&mut self, id: NodeId) -> NodeId {
        let node = self.node(id);
        if self.as_constant(id) == Some(&Constant::Missing) {
            return self.truth(true);
        }
        if !node.nullable && !node.fallible {
            return self.truth(false);
        }
        self.add(Op::IsMissing(id), ValueKind::Bool, false, false)
    }

    /// An operation on one value; a missing one fails.
    pub fn unary(&mut self, how: Unary, operand: NodeId) -> NodeId {
        let operand = self.present(operand);
        if let Some(folded) = self.as_constant(operand).and_then(|constant| semantics::fold_unary(how, constant)) {
            return self.constant(folded);
        }
        if let (Unary::Not, Op::Unary(Unary::Not, inner)) = (how, &self.node(operand).op) {
            return *inner;
        }
        let node = self.node(operand);
        let (kind, fails) = match how {
            Unary::Not => (ValueKind::Bool, false),
            Unary::Negate => (node.kind, node.kind == ValueKind::I64),
            Unary::ToFloat => (ValueKind::F64, false),
            Unary::LimitAmount => (ValueKind::I64, true),
        };
        self.add(Op::Unary(how, operand), kind, false, fails)
    }

    /// An operation on two values; a missing one fails.
    pub fn binary(&mut self, how: Binary, one: NodeId, other: NodeId) -> NodeId {
        let (one, other) = (self.present(one), self.present(other));
        let folded = match (self.as_constant(one), self.as_constant(other)) {
            (Some(one), Some(other)) => semantics::fold_binary(how, one, other),
            _ => None,
        };
        if let Some(folded) = folded {
            return self.constant(folded);
        }
        let kind = self.node(one).kind;
        let fails = !(matches!(how, Binary::Divide | Binary::Modulo) && self.divides(other));
        self.add(Op::Binary(how, one, other), kind, false, fails)
    }

    /// A call of a function that gives a value of that kind; a missing argument fails.
    pub fn call(&mut self, function: FunctionId, args: &[NodeId], kind: ValueKind) -> NodeId {
        let args: Vec<NodeId> = args.iter().map(|arg| self.present(*arg)).collect();
        let constants: Option<Vec<&Constant>> = args.iter().map(|arg| self.as_constant(*arg)).collect();
        if let Some(folded) = constants.and_then(|constants| semantics::fold_call(function, &constants, self.zone)) {
            return self.constant(folded);
        }
        let fails = match function.fails {
            Fails::Never => false,
            Fails::OutsideTimes => !args.iter().all(|arg| self.node(*arg).is_time),
            Fails::ForSome => true,
        };
        self.add(Op::Call(function, args.into()), kind, false, fails)
    }

    /// Whether every whole number can be divided by this one.
    fn divides(&self, id: NodeId) -> bool {
        matches!(self.as_constant(id), Some(Constant::Int(number)) if *number != 0 && *number != -1)
    }

    /// A comparison of two values of one kind; an order of a missing one fails.
    pub fn compare(&mut self, how: CompareOp, one: NodeId, other: NodeId) -> NodeId {
        let equality = matches!(how, CompareOp::Equal | CompareOp::NotEqual | CompareOp::Same);
        let (one, other) = if equality { (one, other) } else { (self.present(one), self.present(other)) };
        let folded = match (self.as_constant(one), self.as_constant(other)) {
            (Some(one), Some(other)) => semantics::fold_comparison(how, one, other),
            _ => None,
        };
        if let Some(value) = folded {
            return self.truth(value);
        }
        self.add(Op::Compare(how, one, other), ValueKind::Bool, false, false)
    }

    /// Whether all hold, in order.
    pub fn all(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.chain(parts, true)
    }

    /// Whether any holds, in order.
    pub fn any(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.chain(parts, false)
    }

    fn chain(&mut self, parts: impl IntoIterator<Item = NodeId>, and: bool) -> NodeId {
        let mut flat: Vec<NodeId> = Vec::new();
        for part in parts {
            let part = self.present(part);
            let inner: &[NodeId] = match &self.node(part).op {
                Op::All(inner) if and => inner,
                Op::Any(inner) if !and => inner,
                _ => &[part],
            };
            for part in inner.iter().copied() {
                match self.as_bool(part) {
                    Some(value) if value == and => {}
                    // Parts after a constant that decides are not evaluated; those before it are.
                    Some(value) if flat.is_empty() => return self.truth(value),
                    _ if flat.contains(&part) => {}
                    _ => flat.push(part),
                }
            }
        }
        match flat.as_slice() {
            [] => self.truth(and),
            [only] => *only,
            _ if and => self.add(Op::All(flat.into()), ValueKind::Bool, false, false),
            _ => self.add(Op::Any(flat.into()), ValueKind::Bool, false, false),
        }
    }

    /// The first value, or the second, of the same kind, where the first is missing.
    pub fn coalesce(&mut self, one: NodeId, other: NodeId) -> NodeId {
        if !self.node(one).nullable {
            return one;
        }
        if self.as_constant(one).is_some() {
            return other;
        }
        let (kind, nullable) = (self.node(one).kind, self.node(other).nullable);
        self.add(Op::Coalesce(one, other), kind, nullable, false)
    }

    /// The second where the first holds, else the third; both of the same kind.
    pub fn select(&mut self, condition: NodeId, one: NodeId, other: NodeId) -> NodeId {
        let condition = self.present(condition);
        match self.as_bool(condition) {
            Some(true) => return one,
            Some(false) => return other,
            None if one == other && !self.node(condition).fallible => return one,
            None => {}
        }
        let (kind, nullable) = (self.node(one).kind, self.node(one).nullable || self.node(other).nullable);
        self.add(Op::Select(condition, one, other), kind, nullable, false)
    }

    /// The interface that a text names.
    pub fn interface(&mut self, id: NodeId) -> NodeId {
        self.add(Op::Interface(id), ValueKind::I64, false, true)
    }

    /// The reason whose code a text is.
    pub fn reason(&mut self, code: NodeId) -> NodeId {
        self.add(Op::Reason(code), ValueKind::I64, false, true)
    }

    /// Whether an item is in a list of the rule set; a missing one fails.
    pub fn in_list(&mut self, list: ListIndex, item: NodeId) -> NodeId {
        let item = self.present(item);
        self.add(Op::InList(list, item), ValueKind::Bool, false, false)
    }

    /// Whether an item is one of some constants of its kind; none where one of them is no constant, or of another kind.
    pub fn in_set(&mut self, item: NodeId, elements: &[NodeId]) -> Option<NodeId> {
        let constants: Vec<&Constant> = elements.iter().map(|element| self.as_constant(*element)).collect::<Option<_>>()?;
        let ints: Option<Vec<i64>> =
            constants.iter().map(|one| if let Constant::Int(one) = one { Some(*one) } else { None }).collect();
        let texts: Option<Vec<Arc<str>>> =
            constants.iter().map(|one| if let Constant::Text(one) = one { Some(Arc::clone(one)) } else { None }).collect();
        let set = match (self.node(item).kind, ints, texts) {
            (ValueKind::I64, Some(mut ints), _) => {
                ints.sort_unstable();
                ints.dedup();
                Set::Ints(ints.into())
            }
            (ValueKind::Text, _, Some(mut texts)) => {
                texts.sort_unstable();
                texts.dedup();
                Set::Texts(texts.into())
            }
            _ => return None,
        };
        Some(self.add(Op::InSet(set, item), ValueKind::Bool, false, false))
    }
}
