//! How a request found by the search is decided again before it is shown.

use std::sync::Arc;

use countersign_core::engine::{Engine, Trace};
use countersign_core::model::{Definition, ParameterIndex, Request, Value};
use countersign_core::script::{Program, Row};

/// A request with its decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    pub trace: Trace,
    /// The invariants it breaks, by position.
    pub broken: Vec<usize>,
}

/// Decides requests: the only thing that a proof asks of a rule set beside its plan.
pub trait Decide {
    /// Decides one request, step by step, by the interpreter.
    fn decide(&self, request: &Request) -> Decided;

    /// Decides one request by the plan, without its steps: to try many before one is shown.
    fn try_out(&self, request: &Request) -> Decided;

    /// The same rule set with other values for some parameters; none where they cannot be set.
    fn with(&self, parameters: &[(ParameterIndex, Value)]) -> Option<Box<dyn Decide>>;
}

impl Decide for Engine {
    fn decide(&self, request: &Request) -> Decided {
        decided(self, self.trace(request), request)
    }

    fn try_out(&self, request: &Request) -> Decided {
        decided(self, Trace { decision: Engine::decide(self, request), stages: Vec::new() }, request)
    }

    fn with(&self, parameters: &[(ParameterIndex, Value)]) -> Option<Box<dyn Decide>> {
        let mut definition = Definition::clone(self.definition());
        for (index, value) in parameters {
            let (_, parameter) = definition.rule_set.parameters.get_index_mut(index.at())?;
            parameter.value = value.clone();
        }
        let program = Program::compile(&definition).program;
        Some(Box::new(Self::new(Arc::new(definition), program)))
    }
}

fn decided(engine: &Engine, trace: Trace, request: &Request) -> Decided {
    let row = Row::new(engine.program(), request);
    let invariants = engine.definition().rule_set.invariants.iter().enumerate();
    let broken = invariants.filter(|(at, invariant)| {
        !invariant.verdicts.contains(&trace.decision.verdict) && engine.program().holds(*at, &row).unwrap_or_default()
    });
    let broken = broken.map(|(at, _)| at).collect();
    Decided { trace, broken }
}
