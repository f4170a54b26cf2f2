//! Scripts: the strict interpreter, the typed tree, and the functions rules may call. The only room that names rhai.
//!
//! A script goes through `lex` (tokens with their bytes), the interpreter's parser, and `lower` (the typed tree with its faults).
//! What runs is the interpreter's own tree; what is checked, explained and planned is the typed one.

mod amounts;
mod chains;
mod compile;
pub mod fault;
pub mod foreign;
pub mod format;
pub mod functions;
pub mod highlight;
mod host;
pub mod kinds;
mod large;
mod lex;
mod looked_up;
mod lower;
mod names;
mod operators;
mod parse_error;
mod placed;
pub mod routes;
mod run;
mod run_error;
mod syntax;
pub mod tree;
mod types;
pub mod usage;
pub mod uses;
mod walk;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use functions::share;
pub use host::{BUDGET, Cost, ScriptBudget};
#[cfg(test)]
pub(crate) use host::{
    DISABLED,
    work::{OPERATOR_COSTS, RATES},
};
pub use large::most_operations;
pub use run::Row;
pub use run_error::{RunError, RunErrorKind};
pub use types::{OutcomeKinds, Type};

use crate::diagnostic::Finding;
use crate::model::{Definition, FieldIndex, Outcome, RuleIndex};
use tree::ScriptTree;

/// The scripts of a rule set, compiled; cheap to clone, and safe to share between threads.
#[derive(Clone)]
pub struct Program {
    inner: Arc<run::CompiledScripts>,
}

/// What compiling gives: a program in any case, and what is wrong with its texts.
pub struct Compiled {
    /// The program; a rule that did not parse fails whenever it is run.
    pub program: Program,
    /// Syntax errors, reserved names, texts that are too long: in order of place.
    pub findings: Vec<Finding>,
}

/// How far the interpreter's own optimiser goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Optimiser {
    /// Not at all: what decides.
    #[default]
    Off,
    /// Constants are folded, and what is never reached is left out.
    Simple,
    /// Functions are called where their arguments are constant, too.
    Full,
}

/// A function of the shared script, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedSignature {
    /// Its name.
    pub name: String,
    /// The names of its arguments, in order.
    pub parameters: Vec<String>,
    /// The bytes of those names, where it is made.
    pub parameter_spans: Vec<crate::text::Span>,
    /// The bytes of its name, where it is made.
    pub span: crate::text::Span,
}

impl Program {
    /// Compiles every script of the definition.
    #[must_use]
    pub fn compile(definition: &Definition) -> Compiled {
        Self::optimised(definition, Optimiser::Off)
    }

    /// As [`Program::compile`], with the interpreter's optimiser run over every script. Nothing is decided by such a program: it is there
    /// to hold that the optimiser changes no meaning.
    #[must_use]
    pub fn optimised(definition: &Definition, optimiser: Optimiser) -> Compiled {
        let (inner, findings) = compile::compile(definition, optimiser);
        Compiled { program: Self { inner: Arc::new(inner) }, findings }
    }

    /// Runs one rule for one request.
    ///
    /// # Errors
    /// When the script fails, goes over a budget, or gives something that is no outcome.
    pub fn run(&self, rule: RuleIndex, request: &Row) -> Result<Vec<Outcome>, RunError> {
        self.inner.run(rule.at(), request)
    }

    /// As [`Program::run`], with the operations that the run used of [`BUDGET`].
    pub fn run_counted(&self, rule: RuleIndex, request: &Row) -> (Result<Vec<Outcome>, RunError>, u64) {
        let given = self.inner.run(rule.at(), request);
        (given, host::work::used().min(BUDGET.operations))
    }

    /// Whether the condition of an invariant, by its position, holds for a request.
    ///
    /// # Errors
    /// When its script fails or its value is not Bool.
    pub fn holds(&self, invariant: usize, request: &Row) -> Result<bool, RunError> {
        self.inner.holds(invariant, request)
    }

    /// The typed tree of a rule's script; none when it did not parse.
    #[must_use]
    pub fn tree(&self, rule: RuleIndex) -> Option<&ScriptTree> {
        self.inner.rules.get(rule.at())?.tree.as_ref()
    }

    /// Whether a rule's script can be run at all; where not, every run fails with the same words.
    #[must_use]
    pub fn is_ready(&self, rule: RuleIndex) -> bool {
        self.inner.rules.get(rule.at()).is_some_and(|unit| unit.ast.is_some())
    }

    /// The typed tree of an invariant's condition, by its position; none when it did not parse.
    #[must_use]
    pub fn condition(&self, invariant: usize) -> Option<&ScriptTree> {
        self.inner.conditions.get(invariant)?.tree.as_ref()
    }

    /// The fields that any script looks up in a list.
    #[must_use]
    pub fn looked_up(&self) -> Vec<FieldIndex> {
        let units = self.inner.rules.iter().chain(&self.inner.conditions);
        let fields: BTreeSet<FieldIndex> = units.filter_map(|unit| unit.tree.as_ref()).flat_map(looked_up::looked_up).collect();
        fields.into_iter().collect()
    }

    /// The fields of a request that any script names.
    #[must_use]
    pub fn named_fields(&self) -> &[FieldIndex] {
        &self.inner.named
    }

    /// The functions of the shared script, by name.
    #[must_use]
    pub fn shared(&self) -> &[SharedSignature] {
        &self.inner.shared
    }
}
