//! The ends of a script: outcomes become arms, and steps without effect are left out.

use super::super::graph::Graph;
use super::super::node::{NodeId, Op, Unary};
use super::super::rule::{NotLowered, OutcomeNode, PlanStep};
use super::value::LoweredValue;
use super::{Lowered, PlanLowering};
use crate::text::Span;

impl PlanLowering<'_> {
    /// The script ends here with that value: one arm for each alternative of the value.
    pub(super) fn end(&mut self, value: &LoweredValue, span: Span) -> Lowered<()> {
        self.spend(span)?;
        let outcomes = match value {
            LoweredValue::Unit => Vec::new(),
            LoweredValue::Outcome(outcome) => vec![outcome.clone()],
            LoweredValue::Choice(condition, one, other) => return self.end_either(*condition, one, other, span),
            LoweredValue::Array(items) => {
                if let Some((at, (condition, one, other))) =
                    items.iter().enumerate().find_map(|(at, item)| Some((at, choice(item)?)))
                {
                    let with = |item: &LoweredValue| {
                        let replaced = items.iter().enumerate().map(|(index, was)| if index == at { item } else { was });
                        LoweredValue::Array(replaced.cloned().collect())
                    };
                    return self.end_either(condition, &with(one), &with(other), span);
                }
                items.iter().map(|item| outcome(item, span)).collect::<Lowered<Vec<_>>>()?
            }
            LoweredValue::Scalar(_) | LoweredValue::Map(_) | LoweredValue::Range { .. } | LoweredValue::List(_) => {
                return Err(NotLowered::new(span, "a value that is no outcome", "不是规则结果的值"));
            }
        };
        let guard = self.guard_from(0);
        self.steps.push(PlanStep::Arm { guard, outcomes: outcomes.into() });
        Ok(())
    }

    fn end_either(&mut self, condition: NodeId, one: &LoweredValue, other: &LoweredValue, span: Span) -> Lowered<()> {
        self.path.push(condition);
        self.end(one, span)?;
        self.path.pop();
        // The first way is settled by the arms before, so what is left is the second.
        self.end(other, span)
    }
}

fn choice(value: &LoweredValue) -> Option<(NodeId, &LoweredValue, &LoweredValue)> {
    match value {
        LoweredValue::Choice(condition, one, other) => Some((*condition, one, other)),
        _ => None,
    }
}

fn outcome(value: &LoweredValue, span: Span) -> Lowered<OutcomeNode> {
    match value {
        LoweredValue::Outcome(outcome) => Ok(outcome.clone()),
        _ => Err(NotLowered::new(span, "an array that holds more than outcomes", "包含非规则结果的数组")),
    }
}

/// Leaves out steps that never apply or that the next step does anyway, and everything after an arm that always applies.
pub(super) fn tidy(graph: &Graph, steps: Vec<PlanStep>) -> Vec<PlanStep> {
    let mut kept: Vec<PlanStep> = Vec::new();
    for step in steps {
        let guard = match &step {
            PlanStep::Check { guard, .. } | PlanStep::Arm { guard, .. } => *guard,
        };
        if graph.as_bool(guard) == Some(false) {
            continue;
        }
        while matches!(kept.last(), Some(PlanStep::Check { guard: earlier, node }) if covers(graph, &step, *earlier, *node)) {
            kept.pop();
        }
        let always = graph.as_bool(guard) == Some(true) && matches!(step, PlanStep::Arm { .. });
        kept.push(step);
        if always {
            break;
        }
    }
    while matches!(kept.last(), Some(PlanStep::Arm { guard, outcomes }) if outcomes.is_empty() && !graph.node(*guard).fallible) {
        kept.pop();
    }
    kept
}

/// Whether a step evaluates a node wherever a check just before it would.
fn covers(graph: &Graph, step: &PlanStep, guard: NodeId, node: NodeId) -> bool {
    let parts = |id: NodeId| -> Vec<NodeId> {
        match &graph.node(id).op {
            Op::All(parts) => parts.to_vec(),
            _ if graph.as_bool(id) == Some(true) => Vec::new(),
            _ => vec![id],
        }
    };
    let earlier = parts(guard);
    let (own, evaluated) = match step {
        PlanStep::Arm { guard, .. } => (parts(*guard), None),
        PlanStep::Check { guard, node } => (parts(*guard), Some(*node)),
    };
    let opposite = |id: &NodeId| matches!(graph.node(*id).op, Op::Unary(Unary::Not, inner) if inner == node);
    let next = own.get(earlier.len());
    own.starts_with(&earlier)
        && (next.is_some_and(|next| *next == node || opposite(next)) || (own == earlier && evaluated == Some(node)))
}
