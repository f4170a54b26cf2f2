//! Runs one script for one request: its value as outcomes, or why it failed and where.

use rhai::{AST, Dynamic, EvalAltResult, ParseError, Position};

use super::RunError;
use super::host::{Host, budget};
use super::values::Row;
use crate::model::{Outcome, Script};
use crate::text::LineColumn;

/// A text that is no script.
#[derive(Clone, Debug)]
pub struct Broken {
    message: String,
    file: String,
    place: Option<LineColumn>,
}

/// A script ready to run.
pub struct Ready {
    /// The rule or invariant, by id.
    pub id: String,
    /// Its file.
    pub file: String,
    /// Its syntax tree with the shared functions merged in, or what is wrong with its text.
    pub ast: Result<AST, Broken>,
}

impl Ready {
    /// Runs the script and gives its value.
    pub fn run(&self, host: &Host, shared_file: &str, row: &Row) -> Result<Dynamic, RunError> {
        let ast = match &self.ast {
            Ok(ast) => ast,
            Err(broken) => return Err(self.error(broken.message.clone(), broken.file.clone(), broken.place, false)),
        };
        let Ok(mut scope) = row.scope.try_borrow_mut() else {
            return Err(self.error("the request is already being decided".to_owned(), self.file.clone(), None, false));
        };
        let before = scope.len();
        let result = host.engine().eval_ast_with_scope::<Dynamic>(&mut scope, ast);
        scope.rewind(before);
        result.map_err(|error| self.failed(*error, shared_file))
    }

    /// The outcomes of a rule's value: `()`, one outcome, or an array of them.
    pub fn outcomes(&self, value: Dynamic) -> Result<Vec<Outcome>, RunError> {
        let wrong =
            |what: &str| self.error(format!("the rule returned {what}, which is no outcome"), self.file.clone(), None, false);
        if value.is_unit() {
            return Ok(Vec::new());
        }
        if value.is_array() {
            let items = value.into_array().map_err(&wrong)?;
            return items.into_iter().map(|item| item.try_cast_result::<Outcome>().map_err(|item| wrong(kind(&item)))).collect();
        }
        value.try_cast_result::<Outcome>().map(|outcome| vec![outcome]).map_err(|value| wrong(kind(&value)))
    }

    /// The truth of an invariant's condition.
    pub fn truth(&self, value: &Dynamic) -> Result<bool, RunError> {
        let wrong =
            |_| self.error(format!("the condition gave {}, not true or false", kind(value)), self.file.clone(), None, false);
        value.as_bool().map_err(wrong)
    }

    /// Where an error inside the shared functions happened is their line, not the call's.
    fn failed(&self, error: EvalAltResult, shared_file: &str) -> RunError {
        let mut error = error;
        let mut file = self.file.as_str();
        while let EvalAltResult::ErrorInFunctionCall(_, _, inner, _) = error {
            error = *inner;
            file = shared_file;
        }
        let over_budget = matches!(
            error,
            EvalAltResult::ErrorTooManyOperations(..)
                | EvalAltResult::ErrorTooManyVariables(..)
                | EvalAltResult::ErrorTooManyModules(..)
                | EvalAltResult::ErrorStackOverflow(..)
                | EvalAltResult::ErrorDataTooLarge(..)
        );
        let place = place(error.take_position());
        self.error(message(&error), file.to_owned(), place, over_budget)
    }

    fn error(&self, message: String, file: String, place: Option<LineColumn>, over_budget: bool) -> RunError {
        RunError { message, rule: self.id.clone(), file, place, over_budget }
    }
}

/// A place of the interpreter, when it knows one.
pub fn place(position: Position) -> Option<LineColumn> {
    let line = u32::try_from(position.line()?).ok()?;
    let column = u32::try_from(position.position().unwrap_or(1)).ok()?;
    Some(LineColumn { line, column })
}

/// What happened, in stable words of our own for what rule authors meet most.
fn message(error: &EvalAltResult) -> String {
    match error {
        EvalAltResult::ErrorTooManyOperations(_) => format!("stopped: more than {} operations", budget::OPERATIONS),
        EvalAltResult::ErrorStackOverflow(_) => format!("stopped: calls nested deeper than {}", budget::CALL_DEPTH),
        EvalAltResult::ErrorDataTooLarge(what, _) => format!("stopped: {} grew too large", what.to_lowercase()),
        EvalAltResult::ErrorTooManyVariables(_) => format!("stopped: more than {} variables", budget::VARIABLES),
        EvalAltResult::ErrorRuntime(value, _) => value.to_string(),
        EvalAltResult::ErrorArithmetic(text, _) => lower_first(text),
        EvalAltResult::ErrorPropertyNotFound(name, _) | EvalAltResult::ErrorVariableNotFound(name, _) => {
            format!("unknown name `{name}`")
        }
        // The interpreter's words: Unknown property 'x' - a getter is not registered for type …
        EvalAltResult::ErrorDotExpr(text, _) => {
            let name = text.strip_prefix("Unknown property '").and_then(|rest| rest.split_once('\''));
            name.map_or_else(|| lower_first(text), |(name, _)| format!("unknown name `{name}`"))
        }
        other => lower_first(&other.to_string()),
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// What a value is, for people.
fn kind(value: &Dynamic) -> &'static str {
    match value.type_name() {
        "()" => "nothing `()`",
        "bool" => "true or false",
        "i64" => "a whole number",
        "f64" => "a number",
        "string" => "a text",
        "array" => "an array",
        "map" => "a map",
        _ => "a value",
    }
}

/// Parses a script and merges the shared functions in; what is wrong with its text, or theirs, is said whenever it runs.
pub fn ready(host: &Host, id: &str, script: &Script, shared: Option<&(&Script, Result<AST, ParseError>)>) -> Ready {
    let wrong = |file: &str, error: &ParseError| Broken {
        message: format!("not a script: {}", lower_first(&error.0.to_string())),
        file: file.to_owned(),
        place: place(error.1),
    };
    let own = host.parse(&script.text).map_err(|error| wrong(&script.file, &error));
    let ast = match shared {
        None => own,
        Some((shared, Err(error))) => own.and(Err(wrong(&shared.file, error))),
        Some((_, Ok(functions))) => own.map(|own| own.merge(&functions.clone_functions_only())),
    };
    Ready { id: id.to_owned(), file: script.file.clone(), ast }
}
