//! Scripts: the strict interpreter, the typed tree, and the functions rules may call. The only room that names rhai.

pub mod fault;
#[cfg(test)]
pub(crate) mod fixture;
pub mod functions;
mod host;
mod run;
#[cfg(test)]
mod run_tests;
pub mod tree;
mod types;
mod values;

use std::fmt;
use std::sync::Arc;

pub use host::budget;
pub use types::{OutcomeKinds, Type};
pub use values::Row;

use crate::diagnostic::Finding;
use crate::model::{Definition, Outcome, Request, RuleIndex, Script};
use crate::text::LineColumn;
use host::Host;
use run::Ready;
use tree::ScriptTree;
use values::Names;

/// The scripts of a rule set, compiled; cheap to clone.
#[derive(Clone)]
pub struct Program {
    inner: Arc<Inner>,
}

struct Inner {
    definition: Definition,
    names: Names,
    host: Host,
    /// One a rule, in the rule set's order.
    rules: Vec<Ready>,
    /// One an invariant.
    conditions: Vec<Ready>,
}

/// What compiling gives: a program in any case, and what is wrong with its texts.
pub struct Compiled {
    /// The program; a rule that did not parse fails whenever it is run.
    pub program: Program,
    /// Syntax errors, reserved names, texts that are too long.
    pub findings: Vec<Finding>,
}

/// Why a rule could not be run to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunError {
    /// What happened, in English: lower case, no full stop, stable.
    pub message: String,
    /// The rule or invariant that failed, by id.
    pub rule: String,
    /// The script's file, or that of the shared functions.
    pub file: String,
    /// Where in that file, when the interpreter knows.
    pub place: Option<LineColumn>,
    /// Whether a budget stopped it: operations, depth or sizes.
    pub over_budget: bool,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule `{}`: {} ({}", self.rule, self.message, self.file)?;
        match self.place {
            Some(place) => write!(f, ":{}:{})", place.line, place.column),
            None => write!(f, ")"),
        }
    }
}

impl std::error::Error for RunError {}

impl Program {
    /// Compiles every script of the definition.
    #[must_use]
    pub fn compile(definition: &Definition) -> Compiled {
        let rule_set = &definition.rule_set;
        let scripts: Vec<_> = rule_set.rules().map(|(_, _, rule)| (rule.id.as_str(), &rule.script)).collect();
        let conditions: Vec<_> = rule_set.invariants.iter().map(|invariant| (invariant.id.as_str(), &invariant.when)).collect();
        let texts = scripts.iter().chain(&conditions).map(|(_, script)| script.text.as_ref());
        let names = Names::of(definition, texts);
        let host = Host::new(definition, &names);
        let shared = rule_set.shared.as_ref().map(|shared| (shared, host.parse_shared(&shared.text)));
        let ready = |(id, script): (&str, &Script)| run::ready(&host, id, script, shared.as_ref());
        let (rules, conditions) = (scripts.into_iter().map(ready).collect(), conditions.into_iter().map(ready).collect());
        let inner = Inner { definition: definition.clone(), names, rules, conditions, host };
        Compiled { program: Self { inner: Arc::new(inner) }, findings: Vec::new() }
    }

    /// Runs one rule for one request.
    ///
    /// # Errors
    /// When the script fails, goes over a budget, or gives something that is no outcome.
    pub fn run(&self, rule: RuleIndex, request: &Row) -> Result<Vec<Outcome>, RunError> {
        let ready = self.inner.rules.get(rule.at()).ok_or_else(RunError::no_script)?;
        ready.outcomes(ready.run(&self.inner.host, self.shared_file(), request)?)
    }

    /// Whether the condition of an invariant, by its position, holds for a request.
    ///
    /// # Errors
    /// When its script fails or its value is not Bool.
    pub fn holds(&self, invariant: usize, request: &Row) -> Result<bool, RunError> {
        let ready = self.inner.conditions.get(invariant).ok_or_else(RunError::no_script)?;
        ready.truth(&ready.run(&self.inner.host, self.shared_file(), request)?)
    }

    fn shared_file(&self) -> &str {
        self.inner.definition.rule_set.shared.as_ref().map_or("", |shared| shared.file.as_str())
    }

    /// The typed tree of a rule's script; none when it did not parse.
    #[must_use]
    pub fn tree(&self, rule: RuleIndex) -> Option<&ScriptTree> {
        let _ = rule;
        None
    }

    /// The typed tree of an invariant's condition, by its position; none when it did not parse.
    #[must_use]
    pub fn condition(&self, invariant: usize) -> Option<&ScriptTree> {
        let _ = invariant;
        None
    }
}

impl RunError {
    fn no_script() -> Self {
        let message = "there is no such script".to_owned();
        Self { message, rule: String::new(), file: String::new(), place: None, over_budget: false }
    }
}

impl Row {
    /// Prepares a request; it must fit the program's schema.
    #[must_use]
    pub fn new(program: &Program, request: &Request) -> Self {
        Self::prepare(&program.inner.definition, &program.inner.names, request)
    }
}
