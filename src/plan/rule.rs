//! A rule in terms of the graph: steps in order, the first arm whose guard holds gives the outcomes.

use super::node::NodeId;
use crate::model::{InterfaceIndex, ReasonIndex, Verdict};
use crate::text::{LocalText, Span};

/// A rule that the plan can run.
#[derive(Clone, Debug, Default)]
pub struct LoweredRule {
    /// In order. Where none is an arm whose guard holds, the rule does not apply.
    pub steps: Vec<Step>,
}

/// One step of a rule.
#[derive(Clone, Debug)]
pub enum Step {
    /// Where the guard holds the script evaluates this node, whatever its value is for: if it fails, the rule fails.
    Check {
        /// When the node is reached.
        guard: NodeId,
        /// What is evaluated.
        node: NodeId,
    },
    /// Where the guard holds the rule ends, with these outcomes.
    Arm {
        /// When the arm is taken.
        guard: NodeId,
        /// What the rule then gives; empty when it does not apply.
        outcomes: Box<[OutcomeNode]>,
    },
}

/// An outcome with its arguments as nodes.
#[derive(Clone, Debug)]
pub enum OutcomeNode {
    /// `accept`, `step_up`, `refer`, `decline`.
    Verdict(Verdict, ReasonNode),
    /// `score(points, reason)`.
    Score(NodeId, ReasonNode),
    /// `limit(#{ … })`: single, day, month, year, each set or not.
    Limit([Option<NodeId>; 4]),
    /// `route("east")`.
    Route(InterfaceIndex),
    /// `route(params.open)`: the interface of that id; fails where there is none.
    RouteTo(NodeId),
}

/// The reason of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonNode {
    /// Written out.
    Fixed(ReasonIndex),
    /// Read from a field or parameter: a node that gives its position.
    Of(NodeId),
}

impl ReasonNode {
    fn node(self) -> Option<NodeId> {
        match self {
            Self::Fixed(_) => None,
            Self::Of(node) => Some(node),
        }
    }
}

impl OutcomeNode {
    /// The nodes it needs.
    pub fn parts(&self) -> impl Iterator<Item = NodeId> + '_ {
        let all: [Option<NodeId>; 4] = match self {
            Self::Route(_) => [None; 4],
            Self::Verdict(_, reason) => [reason.node(), None, None, None],
            Self::Score(node, reason) => [Some(*node), reason.node(), None, None],
            Self::RouteTo(node) => [Some(*node), None, None, None],
            Self::Limit(amounts) => *amounts,
        };
        all.into_iter().flatten()
    }
}

/// Why a rule stays with the interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotLowered {
    /// The first construct that the plan does not know; may lie in the shared source.
    pub span: Span,
    /// What it is, for people.
    pub why: LocalText,
}

impl NotLowered {
    pub(super) fn new(span: Span, en: &str, zh: &str) -> Self {
        Self { span, why: LocalText::new(en, zh) }
    }
}
