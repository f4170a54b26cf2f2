//! A rule lowered once more with its conditions: to count, over many requests, how often each of them holds.

use std::sync::Arc;

use super::node::NodeId;
use super::rule::LoweredRule;
use super::{Graph, Plan, PlanStructure, lower};
use crate::model::{Definition, RuleIndex};
use crate::script::Program;
use crate::text::Span;

/// A condition of a script: of an `if`, an arm's guard, or a part of `&&`, `||` and `!`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbedCondition {
    /// Its place; in the shared source for a shared function's.
    pub span: Span,
    /// It is met after so many of the rule's steps.
    pub step: usize,
    /// When it is reached there.
    pub guard: NodeId,
    /// What it is.
    pub node: NodeId,
}

/// One rule with its conditions, in a separate graph.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The graph, with the parameters and lists of the rule set.
    pub plan: Plan,
    /// Every step of the rule, also those that a plan leaves out.
    pub rule: LoweredRule,
    /// In the order in which they are met; one of a shared function once for each call.
    pub conditions: Vec<ProbedCondition>,
}

impl Plan {
    /// A rule with its conditions; none where the interpreter runs it.
    #[must_use]
    pub fn probe(&self, definition: &Definition, program: &Program, rule: RuleIndex) -> Option<Probe> {
        self.rule(rule).ok().filter(|_| self.usable())?;
        let context = lower::LoweringContext::new(definition, program);
        let mut graph = Graph::new(definition.schema.zone);
        let (steps, conditions) = lower::with_conditions(&mut graph, &context, program.tree(rule)?).ok()?;
        let structure =
            PlanStructure { text_fields: self.structure.text_fields.clone(), graph, rules: Vec::new(), conditions: Vec::new() };
        let plan = Self { structure: Arc::new(structure), bindings: self.bindings.clone() };
        Some(Probe { plan, rule: LoweredRule { steps }, conditions })
    }
}
