//! Scripts: the strict interpreter, the typed tree, and the functions rules may call. The only room that names rhai.

pub mod fault;
pub mod functions;
pub mod tree;
mod types;

use std::fmt;
use std::sync::Arc;

pub use types::{OutcomeKinds, Type};

use crate::diagnostic::Finding;
use crate::model::{Definition, Outcome, Request, RuleIndex};
use crate::text::LineColumn;
use tree::ScriptTree;

/// The scripts of a rule set, compiled; cheap to clone.
#[derive(Clone)]
pub struct Program {
    _inner: Arc<()>,
}

/// What compiling gives: a program in any case, and what is wrong with its texts.
pub struct Compiled {
    /// The program; a rule that did not parse fails whenever it is run.
    pub program: Program,
    /// Syntax errors, reserved names, texts that are too long.
    pub findings: Vec<Finding>,
}

/// One request, prepared for the scripts of one program; made once and used for all its rules.
pub struct Row {
    _private: (),
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
        let _ = definition;
        Compiled { program: Self { _inner: Arc::new(()) }, findings: Vec::new() }
    }

    /// Runs one rule for one request.
    ///
    /// # Errors
    /// When the script fails, goes over a budget, or gives something that is no outcome.
    pub fn run(&self, rule: RuleIndex, request: &Row) -> Result<Vec<Outcome>, RunError> {
        let _ = (rule, request);
        Err(RunError {
            message: "not built yet".to_owned(),
            rule: String::new(),
            file: String::new(),
            place: None,
            over_budget: false,
        })
    }

    /// Whether the condition of an invariant, by its position, holds for a request.
    ///
    /// # Errors
    /// When its script fails or its value is not Bool.
    pub fn holds(&self, invariant: usize, request: &Row) -> Result<bool, RunError> {
        let _ = (invariant, request);
        Err(RunError {
            message: "not built yet".to_owned(),
            rule: String::new(),
            file: String::new(),
            place: None,
            over_budget: false,
        })
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

impl Row {
    /// Prepares a request; it must fit the program's schema.
    #[must_use]
    pub fn new(program: &Program, request: &Request) -> Self {
        let _ = (program, request);
        Self { _private: () }
    }
}
