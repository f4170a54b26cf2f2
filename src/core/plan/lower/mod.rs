//! Turns a typed script into steps over the graph.
//!
//! A script is walked in order of evaluation with the conditions on the way to each point (the path) and what every variable holds
//! there. A variable changed on one of two ways becomes a selection; a shared function is walked once for each call. Whatever is
//! evaluated but not needed for an outcome is kept as a check where it may fail, so that no failure is lost. What is not known here is
//! refused with its place, and the rule stays with the interpreter.

mod calls;
mod expressions;
mod flow;
mod operators;
mod settle;
mod value;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::graph::{Graph, MAX_DEPTH};
use super::node::{NodeId, ValueKind};
use super::probe::ProbedCondition;
use super::rule::{LoweredRule, NotLowered, OutcomeNode, PlanStep, ReasonNode};
use super::semantics::TEXT_BYTES;
use crate::model::{Definition, FieldType, InterfaceIndex, ListType, ReasonIndex, Verdict};
use crate::script::functions;
use crate::script::tree::{self, Expr, ExprKind, Purpose, ScriptTree};
use crate::script::{BUDGET, Program, most_operations};
use crate::text::Span;
use value::LoweredValue;

/// The most expressions a script may have, shared functions counted at each call.
const MAX_EXPRESSIONS: usize = 8_000;
/// The most variables, far from the interpreter's budget.
const MAX_VARIABLES: usize = 200;
/// The most steps of a rule.
const MAX_STEPS: usize = 512;

/// What lowering needs to know of a definition.
pub(super) struct LoweringContext {
    fields: Vec<(ValueKind, bool, bool)>,
    parameters: Vec<(ValueKind, bool)>,
    lists: Vec<ListType>,
    reasons: Vec<Arc<str>>,
    interfaces: Vec<Arc<str>>,
    /// The words that no variable may have.
    names: Vec<Arc<str>>,
    /// Whether the functions of the shared script are what is called; not where one has a name of the language.
    shared: bool,
}

/// The kind a type has when the plan runs, and whether it is a time.
fn kind_of(kind: &FieldType) -> (ValueKind, bool) {
    match kind {
        FieldType::Bool => (ValueKind::Bool, false),
        FieldType::Int | FieldType::Money => (ValueKind::I64, false),
        FieldType::Time => (ValueKind::I64, true),
        FieldType::Float => (ValueKind::F64, false),
        FieldType::Text | FieldType::Enum(_) => (ValueKind::Text, false),
    }
}

impl LoweringContext {
    pub(super) fn new(definition: &Definition, program: &Program) -> Self {
        let rules = &definition.rule_set;
        let fields = definition.schema.fields().map(|(_, _, field)| {
            let (kind, is_time) = kind_of(&field.kind);
            (kind, field.optional, is_time)
        });
        Self {
            fields: fields.collect(),
            parameters: rules.parameters.values().map(|parameter| kind_of(&parameter.kind)).collect(),
            lists: rules.lists.values().map(|list| list.kind).collect(),
            reasons: rules.reasons.keys().map(|id| id.as_str().into()).collect(),
            interfaces: rules.interfaces.keys().map(|id| id.as_str().into()).collect(),
            names: roots(definition).into_iter().chain(["params".to_owned(), "lists".to_owned()]).map(Arc::from).collect(),
            shared: program.shared().iter().all(|made| functions::find(&made.name).is_none()),
        }
    }

    fn reason(&self, code: &str) -> Option<ReasonIndex> {
        ReasonIndex::from_position(self.reasons.iter().position(|known| **known == *code)?)
    }

    fn interface(&self, id: &str) -> Option<InterfaceIndex> {
        InterfaceIndex::from_position(self.interfaces.iter().position(|known| **known == *id)?)
    }
}

/// The words that begin the name of a field.
fn roots(definition: &Definition) -> BTreeSet<String> {
    let first = |name: String| name.split('.').next().unwrap_or_default().to_owned();
    definition.schema.fields().map(|(_, name, _)| first(name)).collect()
}

type Lowered<T> = Result<T, NotLowered>;

#[derive(Clone)]
struct LoweredVariable {
    name: Arc<str>,
    value: LoweredValue,
    fixed: bool,
}

/// The script itself, or a shared function being walked.
#[derive(Default)]
struct Frame {
    locals: Vec<LoweredVariable>,
    /// Where and with what the function was left early; the script's own early ends are steps.
    returns: Vec<(NodeId, LoweredValue)>,
    /// How long the path was at its start.
    base: usize,
    function: bool,
    /// How many operators and calls enclose the current point: inside one, nothing may return early.
    operands: usize,
}

struct PlanLowering<'a> {
    graph: &'a mut Graph,
    context: &'a LoweringContext,
    steps: Vec<PlanStep>,
    path: Vec<NodeId>,
    frame: Frame,
    /// Shared functions around this point.
    calls: usize,
    budget: usize,
    /// The conditions met, where they are wanted.
    conditions: Option<Vec<ProbedCondition>>,
}

/// Lowers a rule's script; the graph stays as it was when the rule cannot be lowered.
pub(super) fn lower(graph: &mut Graph, context: &LoweringContext, tree: &ScriptTree) -> Lowered<LoweredRule> {
    let before = graph.nodes().len();
    let result = attempt(graph, context, tree);
    if result.is_err() {
        graph.forget_from(before);
    }
    result
}

fn attempt(graph: &mut Graph, context: &LoweringContext, tree: &ScriptTree) -> Lowered<LoweredRule> {
    let (steps, _) = walk(graph, context, tree, None)?;
    let steps = settle::tidy(graph, steps);
    within_depth(graph, &steps, tree.body.span)?;
    Ok(LoweredRule { steps })
}

/// Lowers a rule's script without leaving out steps, and each condition with the step before which it is evaluated.
pub(super) fn with_conditions(
    graph: &mut Graph,
    context: &LoweringContext,
    tree: &ScriptTree,
) -> Lowered<(Vec<PlanStep>, Vec<ProbedCondition>)> {
    let (steps, conditions) = walk(graph, context, tree, Some(Vec::new()))?;
    within_depth(graph, &steps, tree.body.span)?;
    Ok((steps, conditions))
}

fn within_depth(graph: &Graph, steps: &[PlanStep], whole: Span) -> Lowered<()> {
    if steps.iter().flat_map(PlanStep::nodes).any(|node| graph.node(node).depth > MAX_DEPTH) {
        return Err(NotLowered::new(
            whole,
            "expressions that build on each other more than 256 times",
            "相互叠加超过 256 层的表达式",
        ));
    }
    Ok(())
}

fn walk(
    graph: &mut Graph,
    context: &LoweringContext,
    tree: &ScriptTree,
    conditions: Option<Vec<ProbedCondition>>,
) -> Lowered<(Vec<PlanStep>, Vec<ProbedCondition>)> {
    let whole = tree.body.span;
    within_budgets(context, tree)?;
    let mut lower = PlanLowering {
        graph,
        context,
        steps: Vec::new(),
        path: Vec::new(),
        frame: Frame::default(),
        calls: 0,
        budget: 2 * MAX_EXPRESSIONS,
        conditions,
    };
    match tree.purpose {
        Purpose::Rule => {
            if let Some(value) = lower.block(&tree.body)? {
                lower.end(&value, whole)?;
            }
        }
        Purpose::Condition => lower.condition(&tree.body, whole)?,
    }
    Ok((lower.steps, lower.conditions.unwrap_or_default()))
}

/// Whether the interpreter's budgets are out of reach, whatever the request.
fn within_budgets(context: &LoweringContext, tree: &ScriptTree) -> Lowered<()> {
    let (mut count, mut variables) = (0_usize, context.names.len());
    tree::walk(tree, &mut |expr: &Expr| {
        count += 1;
        match &expr.kind {
            ExprKind::Let { .. } => variables += 1,
            ExprKind::SharedCall { parameters, .. } => variables += parameters.len(),
            _ => {}
        }
    });
    // A loop is refused at its place, with its own message.
    let too_much = most_operations(tree, TEXT_BYTES).is_some_and(|most| most > BUDGET.operations);
    if count > MAX_EXPRESSIONS || too_much {
        return Err(NotLowered::new(tree.body.span, "a script of this size", "规模如此大的脚本"));
    }
    if variables > MAX_VARIABLES {
        return Err(NotLowered::new(tree.body.span, "this many variables", "数量如此多的变量"));
    }
    Ok(())
}

impl PlanLowering<'_> {
    /// Counts the work, which arms of a `switch` walked twice could multiply.
    fn spend(&mut self, span: Span) -> Lowered<()> {
        self.budget = self.budget.saturating_sub(1);
        if self.budget == 0 || self.steps.len() > MAX_STEPS {
            return Err(NotLowered::new(span, "a script with this many ways through it", "分支如此多的脚本"));
        }
        Ok(())
    }

    /// The condition of an invariant, as a rule that accepts where it holds.
    fn condition(&mut self, body: &tree::Block, span: Span) -> Lowered<()> {
        self.frame.function = true;
        let mut value = self.block(body)?;
        for (guard, left_with) in std::mem::take(&mut self.frame.returns).into_iter().rev() {
            value = Some(match value {
                Some(rest) => LoweredValue::merge(self.graph, guard, left_with, rest),
                None => left_with,
            });
        }
        match value {
            Some(LoweredValue::Scalar(node)) if self.graph.node(node).kind == ValueKind::Bool => {
                let guard = self.graph.present(node);
                let holds = OutcomeNode::Verdict(Verdict::Accept, ReasonNode::Fixed(ReasonIndex(0)));
                self.steps.push(PlanStep::Arm { guard, outcomes: [holds].into() });
                Ok(())
            }
            _ => Err(NotLowered::new(span, "a condition that is not Bool", "不是布尔值的条件")),
        }
    }

    /// The condition for reaching this point, from a length of the path on.
    fn guard_from(&mut self, base: usize) -> NodeId {
        let parts: Vec<NodeId> = self.path.get(base..).unwrap_or_default().to_vec();
        self.graph.all(parts)
    }

    /// Keeps a failure: the node is evaluated here.
    fn check(&mut self, node: NodeId) {
        if self.graph.node(node).fallible {
            let guard = self.guard_from(0);
            self.steps.push(PlanStep::Check { guard, node });
        }
    }

    /// Keeps every failure that making a value may meet.
    fn check_value(&mut self, value: &LoweredValue) {
        match value {
            LoweredValue::Unit | LoweredValue::List(_) => {}
            LoweredValue::Scalar(node) => self.check(*node),
            LoweredValue::Outcome(outcome) => {
                for node in outcome.parts().collect::<Vec<_>>() {
                    self.check(node);
                }
            }
            LoweredValue::Array(values) => values.iter().for_each(|value| self.check_value(value)),
            LoweredValue::Map(entries) => entries.iter().for_each(|(_, value)| self.check_value(value)),
            LoweredValue::Range { low, high, .. } => {
                self.check(*low);
                self.check(*high);
            }
            LoweredValue::Choice(condition, one, other) => {
                let opposite = self.graph.unary(super::node::Unary::Not, *condition);
                for (way, value) in [(*condition, one), (opposite, other)] {
                    self.path.push(way);
                    self.check_value(value);
                    self.path.pop();
                }
            }
        }
    }
}
