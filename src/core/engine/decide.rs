//! One request: its decision by the plan, by the interpreter alone, or with every step of the way to it.

use std::sync::Arc;

use super::combine::{Combiner, DecisionStep, RuleStep, StageResult};
use crate::model::{Decision, Definition, FieldIndex, Request, RuleIndex, StageIndex, Timestamp, Value};
use crate::plan::{NeedsInterpreter, Plan, Scratch};
use crate::script::{Program, Row};

/// A definition ready to decide requests; cheap to clone, and safe to share between threads.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<EngineParts>,
}

struct EngineParts {
    definition: Arc<Definition>,
    program: Program,
    plan: Plan,
    combiner: Combiner,
    time: Option<FieldIndex>,
}

/// A decision with every step that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// What came of it; the same as [`Engine::decide`] gives.
    pub decision: Decision,
    /// The stages in order.
    pub stages: Vec<StageTrace>,
}

/// What happened in one stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageTrace {
    /// The stage.
    pub stage: StageIndex,
    /// Its result; none when it was skipped.
    pub result: Option<StageResult>,
    /// Its rules in order, each with what happened; empty when it was skipped.
    pub rules: Vec<(RuleIndex, RuleStep)>,
}

impl Engine {
    /// Readies a definition whose scripts `program` was compiled from.
    #[must_use]
    pub fn new(definition: Arc<Definition>, program: Program) -> Self {
        let combiner = Combiner::new(&definition.rule_set);
        let time = definition.schema.find(definition.schema.roles.time.as_str()).map(|(index, _)| index);
        let plan = Plan::new(&definition, &program);
        Self { inner: Arc::new(EngineParts { definition, program, plan, combiner, time }) }
    }

    /// What it decides by.
    #[must_use]
    pub fn definition(&self) -> &Arc<Definition> {
        &self.inner.definition
    }

    /// The compiled scripts.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.inner.program
    }

    /// The rules lowered for speed.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.inner.plan
    }

    /// How rules' results come together.
    #[must_use]
    pub fn combiner(&self) -> &Combiner {
        &self.inner.combiner
    }

    /// Decides one request, which must fit the schema; see [`Request::check`].
    #[must_use]
    pub fn decide(&self, request: &Request) -> Decision {
        self.decide_with(request, &mut Scratch::default())
    }

    /// Decides one request in room that is used again for the next.
    #[must_use]
    pub fn decide_with(&self, request: &Request, scratch: &mut Scratch) -> Decision {
        let program = &self.inner.program;
        let mut single = self.inner.plan.single(request, scratch);
        let mut row: Option<Row> = None;
        let run = |rule| {
            single.rule(rule).or_else(|NeedsInterpreter| {
                let row = row.get_or_insert_with(|| Row::new(program, request));
                program.run(rule, row).map_err(|error| error.to_string())
            })
        };
        self.inner.combiner.combine(self.time(request), run, |_| {})
    }

    /// Decides one request by the interpreter alone: what [`Engine::decide`] must agree with.
    #[must_use]
    pub fn interpret(&self, request: &Request) -> Decision {
        self.combine(request, |_| {})
    }

    /// Decides one request and keeps every step.
    #[must_use]
    pub fn trace(&self, request: &Request) -> Trace {
        let mut stages = Vec::new();
        let mut rules = Vec::new();
        let decision = self.combine(request, |step| match step {
            DecisionStep::Rule(rule, what) => rules.push((rule, what)),
            DecisionStep::Done(stage, result) => {
                stages.push(StageTrace { stage, result: Some(result), rules: std::mem::take(&mut rules) });
            }
            DecisionStep::Skipped(stage) => stages.push(StageTrace { stage, result: None, rules: Vec::new() }),
        });
        Trace { decision, stages }
    }

    fn combine(&self, request: &Request, see: impl FnMut(DecisionStep)) -> Decision {
        let row = Row::new(&self.inner.program, request);
        let run = |rule| self.inner.program.run(rule, &row).map_err(|error| error.to_string());
        self.inner.combiner.combine(self.time(request), run, see)
    }

    fn time(&self, request: &Request) -> Option<Timestamp> {
        match request.get(self.inner.time?) {
            Value::Time(time) => Some(*time),
            _ => None,
        }
    }
}
