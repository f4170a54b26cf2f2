//! One request by the plan: each condition is evaluated at most once, without allocating and without a lock.

mod calls;
mod numbers;
mod texts;
mod truths;

use super::Plan;
use super::graph::Graph;
use super::node::{NodeId, ValueKind};
use super::rule::{OutcomeNode, PlanStep};
use super::semantics::TEXT_BYTES;
use crate::model::{Outcome, Request, RuleIndex, Value};

/// The plan cannot tell: the interpreter decides this rule for this request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NeedsInterpreter;

type EvalResult<T> = Result<T, NeedsInterpreter>;

/// What a node's value is for one request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EvalValue {
    /// `()`.
    Missing,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number, an amount or a time.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text that is there.
    Text,
}

/// What is known of a node so far: of truth values the value itself, of other values that they are evaluated.
const UNKNOWN: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const MISSING: u8 = 3;
const FAILED: u8 = 4;
const DONE: u8 = 5;

/// Room for working out one request after another.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    /// What is known of each node.
    states: Vec<u8>,
    /// Whole numbers, bits of numbers with a fraction, and positions in `texts`, by node.
    numbers: Vec<i64>,
    /// Texts made for this request.
    texts: Vec<String>,
}

/// One request being decided.
pub struct Single<'a> {
    plan: &'a Plan,
    graph: &'a Graph,
    request: &'a Request,
    scratch: &'a mut Scratch,
    usable: bool,
}

impl Plan {
    /// Prepares for one request, which must fit the schema.
    #[must_use]
    pub fn single<'a>(&'a self, request: &'a Request, scratch: &'a mut Scratch) -> Single<'a> {
        let graph = self.graph();
        let count = graph.nodes().len();
        scratch.states.clear();
        scratch.states.resize(count, UNKNOWN);
        if scratch.numbers.len() < count {
            scratch.numbers.resize(count, 0);
        }
        scratch.texts.clear();
        let short = |value: &Value| !matches!(value, Value::Text(text) if text.len() > TEXT_BYTES);
        let usable = self.usable() && self.text_fields().iter().all(|field| short(request.get(*field)));
        Single { plan: self, graph, request, scratch, usable }
    }
}

impl<'a> Single<'a> {
    /// What a rule gives.
    ///
    /// # Errors
    /// When the rule stays with the interpreter, or something in it fails for this request.
    pub fn rule(&mut self, rule: RuleIndex) -> EvalResult<Vec<Outcome>> {
        let plan: &'a Plan = self.plan;
        let lowered = plan.rule(rule).map_err(|_| NeedsInterpreter)?;
        if !self.usable {
            return Err(NeedsInterpreter);
        }
        for step in &lowered.steps {
            match step {
                PlanStep::Check { guard, node } => {
                    if self.holds(*guard)? {
                        self.evaluate(*node)?;
                    }
                }
                PlanStep::Arm { guard, outcomes } => {
                    if self.holds(*guard)? {
                        return outcomes.iter().map(|outcome| self.outcome(outcome)).collect();
                    }
                }
            }
        }
        Ok(Vec::new())
    }

    /// The value of one node.
    ///
    /// # Errors
    /// When something in it fails for this request.
    pub fn answer(&mut self, node: NodeId) -> EvalResult<EvalValue> {
        if !self.usable {
            return Err(NeedsInterpreter);
        }
        Ok(match self.graph.node(node).kind {
            ValueKind::Bool => self.truth(node)?.map_or(EvalValue::Missing, EvalValue::Bool),
            ValueKind::I64 => self.int(node)?.map_or(EvalValue::Missing, EvalValue::Int),
            ValueKind::F64 => self.float(node)?.map_or(EvalValue::Missing, EvalValue::Float),
            ValueKind::Text => self.text(node)?.map_or(EvalValue::Missing, |_| EvalValue::Text),
        })
    }

    fn holds(&mut self, guard: NodeId) -> EvalResult<bool> {
        self.truth(guard)?.ok_or(NeedsInterpreter)
    }

    /// Works a node out for its failure alone.
    fn evaluate(&mut self, node: NodeId) -> EvalResult<()> {
        match self.graph.node(node).kind {
            ValueKind::Bool => self.truth(node).map(|_| ()),
            ValueKind::I64 => self.int(node).map(|_| ()),
            ValueKind::F64 => self.float(node).map(|_| ()),
            ValueKind::Text => self.text(node).map(|_| ()),
        }
    }

    /// Whether a node's value is missing.
    fn missing(&mut self, node: NodeId) -> EvalResult<bool> {
        Ok(match self.graph.node(node).kind {
            ValueKind::Bool => self.truth(node)?.is_none(),
            ValueKind::I64 => self.int(node)?.is_none(),
            ValueKind::F64 => self.float(node)?.is_none(),
            ValueKind::Text => self.text(node)?.is_none(),
        })
    }

    fn outcome(&mut self, outcome: &OutcomeNode) -> EvalResult<Outcome> {
        outcome.outcome(NeedsInterpreter, |node| self.int(node)?.ok_or(NeedsInterpreter))
    }

    fn state(&self, node: NodeId) -> u8 {
        self.scratch.states.get(node.at()).copied().unwrap_or(UNKNOWN)
    }

    fn note(&mut self, node: NodeId, state: u8) {
        if let Some(place) = self.scratch.states.get_mut(node.at()) {
            *place = state;
        }
    }

    fn number(&self, node: NodeId) -> i64 {
        self.scratch.numbers.get(node.at()).copied().unwrap_or_default()
    }

    /// Keeps what came of working out a number.
    fn keep(&mut self, node: NodeId, result: EvalResult<Option<i64>>) {
        let state = match result {
            Ok(Some(number)) => {
                if let Some(place) = self.scratch.numbers.get_mut(node.at()) {
                    *place = number;
                }
                DONE
            }
            Ok(None) => MISSING,
            Err(NeedsInterpreter) => FAILED,
        };
        self.note(node, state);
    }
}
