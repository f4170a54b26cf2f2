//! The strict interpreter: nothing ambient, one meaning, every size bounded, the same in debug and release builds.
//!
//! It starts from nothing and gets only what [`operators`] and [`natives`] register. Neither the interpreter's own operators (which
//! take unlike values for unequal and let sums of floats become infinite) nor any of its libraries are reachable from a script.

mod natives;
mod operators;
mod value;
pub(super) mod work;

use std::sync::Arc;

use rhai::{Engine, OptimizationLevel};

use super::names::ScriptNames;
pub(super) use operators::{BY_ZERO, TOO_LARGE, type_name};
pub(super) use value::{FailedArithmetic, ListHandle, NativeError, TextCache, from_value};
pub use work::Cost;

/// How much one run of one script may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptBudget {
    /// Steps of the interpreter, each expression and each statement being one, and what work on large values adds to them, see [`Cost`].
    pub operations: u64,
    /// Calls of shared functions inside each other.
    pub call_depth: usize,
    /// Expressions inside each other, in a rule.
    pub expression_depth: usize,
    /// Expressions inside each other, in a shared function.
    pub function_expression_depth: usize,
    /// The longest text, in bytes.
    pub text_bytes: usize,
    /// The most elements of an array, those of arrays inside it included.
    pub array_elements: usize,
    /// The most entries of a map.
    pub map_entries: usize,
    /// The most variables at one time.
    pub variables: usize,
    /// The most functions in the shared script.
    pub functions: usize,
}

/// The budget of every script, everywhere.
pub const BUDGET: ScriptBudget = ScriptBudget {
    operations: 100_000,
    call_depth: 8,
    expression_depth: 64,
    function_expression_depth: 32,
    text_bytes: 4_096,
    array_elements: 1_024,
    map_entries: 64,
    variables: 256,
    functions: 256,
};

/// Words and symbols that scripts may not use at all.
pub(crate) const DISABLED: [&str; 34] = [
    "eval",
    "Fn",
    "call",
    "curry",
    "print",
    "debug",
    "type_of",
    "is_shared",
    "is_def_var",
    "is_def_fn",
    "this",
    "import",
    "export",
    "as",
    "try",
    "catch",
    "throw",
    "private",
    "?.",
    "?[",
    "&",
    "^",
    "<<",
    ">>",
    "&=",
    "|=",
    "^=",
    "<<=",
    ">>=",
    "**=",
    "%=",
    "/=",
    "::",
    "global",
];

/// A new interpreter for scripts that name what `names` holds.
pub(super) fn engine(names: &Arc<ScriptNames>) -> Engine {
    let mut engine = bare();
    operators::register(&mut engine);
    natives::register(&mut engine, names);
    work::count(&mut engine);
    engine
}

/// The interpreter without any function, to parse with.
pub(super) fn bare() -> Engine {
    let mut engine = Engine::new_raw();
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_fail_on_invalid_map_property(true);
    engine.set_allow_shadowing(false);
    engine.set_allow_anonymous_fn(false);
    engine.set_fast_operators(false);
    engine.set_max_operations(BUDGET.operations);
    engine.set_max_call_levels(BUDGET.call_depth);
    engine.set_max_expr_depths(BUDGET.expression_depth, BUDGET.function_expression_depth);
    engine.set_max_string_size(BUDGET.text_bytes);
    engine.set_max_array_size(BUDGET.array_elements);
    engine.set_max_map_size(BUDGET.map_entries);
    engine.set_max_variables(BUDGET.variables);
    engine.set_max_functions(BUDGET.functions);
    engine.set_max_modules(0);
    engine.set_module_resolver(rhai::module_resolvers::DummyModuleResolver::new());
    for symbol in DISABLED {
        engine.disable_symbol(symbol);
    }
    engine
}
