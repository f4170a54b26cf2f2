//! A rule in terms of the graph: steps in order, the first arm whose guard holds gives the outcomes.

use super::node::NodeId;
use crate::model::{Fen, InterfaceIndex, Limit, Limits, Outcome, ReasonIndex, Verdict};
use crate::text::{LocalText, Span};

/// A rule that the plan can run.
#[derive(Clone, Debug, Default)]
pub struct LoweredRule {
    /// In order. Where none is an arm whose guard holds, the rule does not apply.
    pub steps: Vec<PlanStep>,
}

/// One step of a rule.
#[derive(Clone, Debug)]
pub enum PlanStep {
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

impl PlanStep {
    /// Every node it names.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        let (guard, node, outcomes): (NodeId, Option<NodeId>, &[OutcomeNode]) = match self {
            Self::Check { guard, node } => (*guard, Some(*node), &[]),
            Self::Arm { guard, outcomes } => (*guard, None, outcomes),
        };
        std::iter::once(guard).chain(node).chain(outcomes.iter().flat_map(OutcomeNode::parts))
    }
}

impl OutcomeNode {
    /// The outcome, `value` giving the whole number that a node is.
    ///
    /// # Errors
    /// What `value` refuses with; `wrong` where a number is no position.
    pub fn outcome<E: Copy>(&self, wrong: E, mut value: impl FnMut(NodeId) -> Result<i64, E>) -> Result<Outcome, E> {
        let position = |number: i64| u16::try_from(number).map_err(|_| wrong);
        let reason = |reason: ReasonNode, value: &mut dyn FnMut(NodeId) -> Result<i64, E>| match reason {
            ReasonNode::Fixed(reason) => Ok(reason),
            ReasonNode::Of(node) => position(value(node)?).map(ReasonIndex),
        };
        Ok(match self {
            Self::Verdict(verdict, given) => Outcome::Verdict(*verdict, reason(*given, &mut value)?),
            Self::Score(points, given) => {
                let points = value(*points)?;
                Outcome::Score(points, reason(*given, &mut value)?)
            }
            Self::Limit(amounts) => {
                let mut limits = Limits::default();
                for (limit, amount) in Limit::ALL.into_iter().zip(amounts) {
                    if let Some(amount) = amount {
                        limits.set(limit, Fen(value(*amount)?));
                    }
                }
                Outcome::Limit(limits)
            }
            Self::Route(interface) => Outcome::Route(*interface),
            Self::RouteTo(node) => Outcome::Route(InterfaceIndex(position(value(*node)?)?)),
        })
    }

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
