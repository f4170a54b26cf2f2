//! The nodes of the expression graph: plain data, typed, with what can be missing and what can fail.

use std::sync::Arc;

use crate::model::{FieldIndex, ListIndex, ParameterIndex};
use crate::script::functions::{FunctionId, ScriptValue};
use crate::script::tree::BinaryOp;

/// A node's position in its graph; a node's parts always come before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// For looking up in a slice.
    #[must_use]
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// What a node's value is when the plan runs. Money is fen and a time is microseconds since 1970: both are whole numbers here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueKind {
    /// `true` or `false`.
    Bool,
    /// A whole number, an amount or a time.
    I64,
    /// A number with a fraction.
    F64,
    /// Free text, or the value of an enum.
    Text,
}

/// A value that is the same for every request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Constant {
    /// `()`.
    Missing,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// The bits of a number with a fraction.
    Float(u64),
    /// A text.
    Text(Arc<str>),
}

/// How two values are compared. A missing value equals a missing value alone; it has no order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// An element of an array is the item of `in`.
    Same,
}

/// An operator on one value that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    /// `!x`.
    Not,
    /// `-x`; the smallest whole number fails.
    Negate,
    /// The amount of a limit; fails below 0.
    LimitAmount,
    /// A whole number among numbers with a fraction.
    ToFloat,
}

/// An operator on two values that are there, of one kind. Whole numbers fail where the result is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
    /// `a + b` of numbers.
    Add,
    /// `a - b`.
    Subtract,
    /// `a * b`.
    Multiply,
    /// `a / b`; whole numbers fail for zero.
    Divide,
    /// `a % b`; whole numbers fail for zero.
    Modulo,
    /// `a ** b`; whole numbers fail for a negative power.
    Power,
    /// Two texts, one after the other; fails when long.
    Concat,
}

/// Constants to look an item up in, sorted and without duplicates.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Set {
    /// Whole numbers.
    Ints(Arc<[i64]>),
    /// Texts.
    Texts(Arc<[Arc<str>]>),
}

/// What a node does. Unless noted, parts are evaluated only when reached and a failing part makes the node fail.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// The same for every request.
    Constant(Constant),
    /// A field of the request.
    Field(FieldIndex),
    /// A parameter: a leaf with a name, so that another value needs no other graph.
    Parameter(ParameterIndex),
    /// The value, which must be there: fails when missing.
    Present(NodeId),
    /// `x == ()`.
    IsMissing(NodeId),
    /// An operation on one value.
    Unary(Unary, NodeId),
    /// An operation on two values.
    Binary(Binary, NodeId, NodeId),
    /// A function that scripts call, with values that are there.
    Call(FunctionId, Box<[NodeId]>),
    /// A comparison of two values of one kind.
    Compare(CompareOp, NodeId, NodeId),
    /// Whether all hold; the first that does not ends the search.
    All(Box<[NodeId]>),
    /// Whether any holds; the first that does ends the search.
    Any(Box<[NodeId]>),
    /// The first value, or the second where the first is missing.
    Coalesce(NodeId, NodeId),
    /// The second where the first holds, else the third.
    Select(NodeId, NodeId, NodeId),
    /// The position of the interface that a text names; fails where there is none.
    Interface(NodeId),
    /// The position of the reason whose code a text is; fails where there is none.
    Reason(NodeId),
    /// Whether an item, which must be there, is in a list.
    InList(ListIndex, NodeId),
    /// Whether an item is one of some constants; a missing one is none of them.
    InSet(Set, NodeId),
}

/// A node of the graph.
#[derive(Clone, Debug)]
pub struct PlanNode {
    /// What it does.
    pub op: Op,
    /// What its value is.
    pub kind: ValueKind,
    /// Whether the value may be missing.
    pub nullable: bool,
    /// Whether evaluating it, or a part of it, may fail; then the interpreter decides.
    pub fallible: bool,
    /// Whether the value, when there, is a point in time within the range of times.
    pub is_time: bool,
    /// The length of the longest path to a leaf, this node counted.
    pub depth: u16,
}

impl CompareOp {
    /// The comparison that an operator of scripts is; none for any other.
    #[must_use]
    pub fn of(op: BinaryOp) -> Option<Self> {
        Some(match op {
            BinaryOp::Equal => Self::Equal,
            BinaryOp::NotEqual => Self::NotEqual,
            BinaryOp::Less => Self::Less,
            BinaryOp::LessOrEqual => Self::LessOrEqual,
            BinaryOp::Greater => Self::Greater,
            BinaryOp::GreaterOrEqual => Self::GreaterOrEqual,
            _ => return None,
        })
    }
}

impl Binary {
    /// The arithmetic that an operator of scripts is; none for any other.
    #[must_use]
    pub fn of(op: BinaryOp) -> Option<Self> {
        Some(match op {
            BinaryOp::Add => Self::Add,
            BinaryOp::Subtract => Self::Subtract,
            BinaryOp::Multiply => Self::Multiply,
            BinaryOp::Divide => Self::Divide,
            BinaryOp::Modulo => Self::Modulo,
            BinaryOp::Power => Self::Power,
            _ => return None,
        })
    }
}

impl Op {
    /// The parts in order of evaluation.
    pub fn parts(&self) -> impl Iterator<Item = NodeId> + '_ {
        let (few, many): ([Option<NodeId>; 3], &[NodeId]) = match self {
            Self::Constant(_) | Self::Field(_) | Self::Parameter(_) => ([None; 3], &[]),
            Self::Present(one)
            | Self::IsMissing(one)
            | Self::Unary(_, one)
            | Self::Interface(one)
            | Self::Reason(one)
            | Self::InList(_, one)
            | Self::InSet(_, one) => ([Some(*one), None, None], &[]),
            Self::Binary(_, one, other) | Self::Compare(_, one, other) | Self::Coalesce(one, other) => {
                ([Some(*one), Some(*other), None], &[])
            }
            Self::Select(condition, one, other) => ([Some(*condition), Some(*one), Some(*other)], &[]),
            Self::All(all) | Self::Any(all) | Self::Call(_, all) => ([None; 3], all),
        };
        few.into_iter().flatten().chain(many.iter().copied())
    }
}

impl Constant {
    /// A text as a constant.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// The value as functions take it; none where it is missing.
    #[must_use]
    pub fn as_script_value(&self) -> Option<ScriptValue<'_>> {
        Some(match self {
            Self::Missing => return None,
            Self::Bool(value) => ScriptValue::Bool(*value),
            Self::Int(number) => ScriptValue::Int(*number),
            Self::Float(bits) => ScriptValue::Float(f64::from_bits(*bits)),
            Self::Text(text) => ScriptValue::text(text),
        })
    }

    /// What a function gave; none for an array.
    #[must_use]
    pub fn of(value: ScriptValue<'_>) -> Option<Self> {
        Some(match value {
            ScriptValue::Bool(value) => Self::Bool(value),
            ScriptValue::Int(number) => Self::Int(number),
            ScriptValue::Float(number) => Self::Float(number.to_bits()),
            ScriptValue::Text(text) => Self::text(&text),
            ScriptValue::Array(_) => return None,
        })
    }
}
