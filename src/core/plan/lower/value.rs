//! The value of an expression during lowering: a node, or something made of nodes.

use std::rc::Rc;
use std::sync::Arc;

use super::super::graph::Graph;
use super::super::node::NodeId;
use super::super::rule::OutcomeNode;
use crate::model::ListIndex;

/// A value with nodes for what differs between requests.
#[derive(Clone, Debug)]
pub(super) enum LoweredValue {
    /// `()`.
    Unit,
    /// A truth value, number or text, possibly missing.
    Scalar(NodeId),
    /// What an outcome function gave.
    Outcome(OutcomeNode),
    /// `[a, b]`.
    Array(Rc<[LoweredValue]>),
    /// `#{ name: v }`.
    Map(Rc<[(Arc<str>, LoweredValue)]>),
    /// `a..b`, `a..=b`.
    Range {
        /// The first number.
        low: NodeId,
        /// The last, or the one after it.
        high: NodeId,
        /// Whether the last one belongs to it.
        inclusive: bool,
    },
    /// `lists.x`.
    List(ListIndex),
    /// The first where the condition holds, else the second.
    Choice(NodeId, Rc<LoweredValue>, Rc<LoweredValue>),
}

impl LoweredValue {
    /// What comes of two ways: a node where both are plain values of one kind.
    pub(super) fn merge(graph: &mut Graph, condition: NodeId, one: Self, other: Self) -> Self {
        match graph.as_bool(condition) {
            Some(true) => return one,
            Some(false) => return other,
            None => {}
        }
        match (one, other) {
            (Self::Unit, Self::Unit) => Self::Unit,
            (Self::Scalar(one), Self::Scalar(other)) if one == other => Self::Scalar(one),
            (Self::Scalar(one), Self::Scalar(other)) if graph.node(one).kind == graph.node(other).kind => {
                Self::Scalar(graph.select(condition, one, other))
            }
            (Self::Scalar(one), Self::Unit) => {
                let missing = graph.missing(graph.node(one).kind);
                Self::Scalar(graph.select(condition, one, missing))
            }
            (Self::Unit, Self::Scalar(other)) => {
                let missing = graph.missing(graph.node(other).kind);
                Self::Scalar(graph.select(condition, missing, other))
            }
            (one, other) => Self::Choice(condition, Rc::new(one), Rc::new(other)),
        }
    }
}
