//! The plan: every rule's script as a typed expression graph that all rules share, for speed and for explanation.
//!
//! The interpreter defines what a script means; a plan gives the same result faster, or none: a rule whose script it cannot lower
//! stays with the interpreter ([`NotLowered`]), and so does a request for which an expression fails, so that every error has the
//! interpreter's words and place. Parameters are leaves with a name: other values need no other graph.

mod graph;
mod lower;
mod node;
mod probe;
mod rule;
pub mod semantics;
mod single;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use graph::Graph;
pub use node::{Binary, CompareOp, Constant, NodeId, Op, PlanNode, Set, Unary, ValueKind};
pub use probe::{Probe, ProbedCondition};
pub use rule::{LoweredRule, NotLowered, OutcomeNode, PlanStep, ReasonNode};
pub use single::{EvalValue, NeedsInterpreter, Scratch, Single};

use crate::model::{
    Definition, FieldIndex, FieldType, InterfaceIndex, ListEntries, ListIndex, ParameterIndex, ReasonIndex, RuleIndex, RuleSet,
    Script, Value,
};
use crate::script::Program;
use crate::text::Span;

/// All rules of a definition, lowered where that is possible; cheap to clone.
#[derive(Clone, Debug)]
pub struct Plan {
    structure: Arc<PlanStructure>,
    bindings: Arc<Bindings>,
}

/// What follows from the scripts.
#[derive(Debug)]
struct PlanStructure {
    graph: Graph,
    rules: Vec<Result<LoweredRule, NotLowered>>,
    conditions: Vec<Result<LoweredRule, NotLowered>>,
    text_fields: Vec<FieldIndex>,
}

/// What follows from the rest of the rule set.
#[derive(Debug)]
struct Bindings {
    parameters: Vec<Value>,
    lists: Vec<ListEntries>,
    interfaces: Vec<Arc<str>>,
    reasons: Vec<Arc<str>>,
    usable: bool,
}

impl Plan {
    /// Lowers every rule of the definition that `program` was compiled from.
    #[must_use]
    pub fn new(definition: &Definition, program: &Program) -> Self {
        let context = lower::LoweringContext::new(definition, program);
        let mut graph = Graph::new(definition.schema.zone);
        let rules = definition.rule_set.rules().map(|(index, _, rule)| match program.tree(index) {
            Some(tree) if program.is_ready(index) => lower::lower(&mut graph, &context, tree),
            _ => Err(unparsed(&rule.script)),
        });
        let rules = rules.collect();
        let conditions = definition.rule_set.invariants.iter().enumerate().map(|(at, invariant)| match program.condition(at) {
            Some(tree) => lower::lower(&mut graph, &context, tree),
            None => Err(unparsed(&invariant.when)),
        });
        let conditions = conditions.collect();
        let text_fields = text_fields(definition, program);
        Self {
            structure: Arc::new(PlanStructure { graph, rules, conditions, text_fields }),
            bindings: Arc::new(Bindings::new(&definition.rule_set)),
        }
    }

    /// The same rules with the values that the parameters and lists of `rule_set` have; its scripts, and the names and types of its
    /// parameters, lists, reasons and interfaces, must be those the plan was made of.
    #[must_use]
    pub fn rebound(&self, rule_set: &RuleSet) -> Self {
        Self { structure: Arc::clone(&self.structure), bindings: Arc::new(Bindings::new(rule_set)) }
    }

    /// The expressions of all rules.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.structure.graph
    }

    /// A rule's steps.
    ///
    /// # Errors
    /// Why the rule stays with the interpreter.
    pub fn rule(&self, rule: RuleIndex) -> Result<&LoweredRule, &NotLowered> {
        static NONE: std::sync::LazyLock<NotLowered> =
            std::sync::LazyLock::new(|| NotLowered::new(Span::default(), "a rule that is not there", "不存在的规则"));
        self.structure.rules.get(rule.at()).map_or_else(|| Err(&*NONE), Result::as_ref)
    }

    /// An invariant's condition, by its position, as a rule that accepts where the condition holds; none where it stays with the
    /// interpreter.
    #[must_use]
    pub fn condition(&self, invariant: usize) -> Option<&LoweredRule> {
        self.structure.conditions.get(invariant)?.as_ref().ok()
    }

    /// The text fields any script names, those of scripts that are not lowered too: one of them may be charged for by `switch` where it
    /// names another field of the group. A plan works on texts of at most [`semantics::TEXT_BYTES`]; the interpreter decides others.
    #[must_use]
    pub fn text_fields(&self) -> &[FieldIndex] {
        &self.structure.text_fields
    }

    /// Whether the plan may be run at all: not where a parameter is a very long text.
    #[must_use]
    pub fn usable(&self) -> bool {
        self.bindings.usable
    }

    /// A parameter's value.
    #[must_use]
    pub fn parameter(&self, parameter: ParameterIndex) -> &Value {
        self.bindings.parameters.get(parameter.at()).unwrap_or(&Value::Missing)
    }

    /// A list's entries.
    #[must_use]
    pub fn list(&self, list: ListIndex) -> Option<&ListEntries> {
        self.bindings.lists.get(list.at())
    }

    /// The position of a reason.
    #[must_use]
    pub fn reason(&self, code: &str) -> Option<ReasonIndex> {
        ReasonIndex::from_position(self.bindings.reasons.iter().position(|known| **known == *code)?)
    }

    /// The position of an interface.
    #[must_use]
    pub fn interface(&self, id: &str) -> Option<InterfaceIndex> {
        InterfaceIndex::from_position(self.bindings.interfaces.iter().position(|known| **known == *id)?)
    }
}

impl Bindings {
    fn new(rule_set: &RuleSet) -> Self {
        let parameters: Vec<Value> = rule_set.parameters.values().map(|parameter| parameter.value.clone()).collect();
        let long = |value: &Value| matches!(value, Value::Text(text) if text.len() > semantics::TEXT_BYTES);
        Self {
            usable: !parameters.iter().any(long),
            parameters,
            lists: rule_set.lists.values().map(|list| list.entries.clone()).collect(),
            interfaces: rule_set.interfaces.keys().map(|id| id.as_str().into()).collect(),
            reasons: rule_set.reasons.keys().map(|id| id.as_str().into()).collect(),
        }
    }
}

/// The text fields that scripts name.
fn text_fields(definition: &Definition, program: &Program) -> Vec<FieldIndex> {
    let is_text = |field: &FieldIndex| {
        let kind = definition.schema.field(*field).map(|field| &field.kind);
        matches!(kind, Some(FieldType::Text | FieldType::Enum(_)))
    };
    program.named_fields().iter().copied().filter(is_text).collect()
}

fn unparsed(script: &Script) -> NotLowered {
    NotLowered::new(Span::new(script.source, 0, script.text.len()), "a text that is no script", "不是脚本的文本")
}
