//! The strict interpreter: nothing ambient, every budget set and the same in every build, unknown names refused.
//!
//! Scripts see their request, `params`, `lists` and the functions of [`super::functions`]. There is no clock, no randomness, no output,
//! no module, no `eval`, and no way to catch an error.

use rhai::packages::{ArithmeticPackage, BasicIteratorPackage, BasicStringPackage, Package};
use rhai::{AST, Engine, OptimizationLevel, ParseError, Scope};

use super::functions;
use super::values::{self, Names};
use crate::model::Definition;

/// What one run of one script may use.
pub mod budget {
    /// Steps of the interpreter.
    pub const OPERATIONS: u64 = 100_000;
    /// Calls inside calls.
    pub const CALL_DEPTH: usize = 16;
    /// Expressions inside expressions.
    pub const EXPRESSION_DEPTH: usize = 64;
    /// Bytes of one text.
    pub const TEXT_BYTES: usize = 64 * 1024;
    /// Elements of one array, inner ones counted.
    pub const ARRAY_ELEMENTS: usize = 4_096;
    /// Entries of one map.
    pub const MAP_ENTRIES: usize = 64;
    /// Variables at one time.
    pub const VARIABLES: usize = 256;
    /// Functions in `shared.rhai`.
    pub const FUNCTIONS: usize = 512;
    /// Bytes of one script.
    pub const SCRIPT_BYTES: usize = 1024 * 1024;
}

/// Words of the language that rules may not use: they reach outside, hide errors, or make functions out of texts.
pub const DISABLED: [&str; 21] = [
    "eval",
    "import",
    "export",
    "print",
    "debug",
    "try",
    "catch",
    "throw",
    "Fn",
    "call",
    "curry",
    "this",
    "type_of",
    "is_shared",
    "is_def_var",
    "is_def_fn",
    "sleep",
    "timestamp",
    "exit",
    "private",
    "global",
];

/// The interpreter for one definition.
pub struct Host {
    engine: Engine,
    names: Scope<'static>,
}

impl Host {
    /// Sets the interpreter up for a definition's fields, parameters, lists, reasons and interfaces.
    #[must_use]
    pub fn new(definition: &Definition, names: &Names) -> Self {
        let mut engine = Engine::new_raw();
        ArithmeticPackage::new().register_into_engine(&mut engine);
        BasicIteratorPackage::new().register_into_engine(&mut engine);
        BasicStringPackage::new().register_into_engine(&mut engine);
        restrict(&mut engine);
        functions::native::register(&mut engine, definition);
        values::register(&mut engine, definition, names);
        Self { engine, names: values::blank_scope(definition) }
    }

    /// The interpreter itself.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Parses a script that sees the request.
    ///
    /// # Errors
    /// What the interpreter says of a text that is no script.
    pub fn parse(&self, text: &str) -> Result<AST, ParseError> {
        self.engine.compile_with_scope(&self.names, text)
    }

    /// Parses the shared functions, which see only what they are given.
    ///
    /// # Errors
    /// What the interpreter says of a text that is no script.
    pub fn parse_shared(&self, text: &str) -> Result<AST, ParseError> {
        self.engine.compile_with_scope(&Scope::new(), text)
    }
}

/// Sets every limit, and takes away everything a rule must not do.
fn restrict(engine: &mut Engine) {
    engine
        .set_optimization_level(OptimizationLevel::None)
        .set_strict_variables(true)
        .set_fail_on_invalid_map_property(true)
        .set_allow_anonymous_fn(false)
        .set_max_operations(budget::OPERATIONS)
        .set_max_call_levels(budget::CALL_DEPTH)
        .set_max_expr_depths(budget::EXPRESSION_DEPTH, budget::EXPRESSION_DEPTH)
        .set_max_string_size(budget::TEXT_BYTES)
        .set_max_array_size(budget::ARRAY_ELEMENTS)
        .set_max_map_size(budget::MAP_ENTRIES)
        .set_max_variables(budget::VARIABLES)
        .set_max_functions(budget::FUNCTIONS)
        .set_max_modules(0);
    for word in DISABLED {
        engine.disable_symbol(word);
    }
}
