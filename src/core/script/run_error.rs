//! Why a rule could not be run to its end.

use std::fmt;

use rhai::{EvalAltResult, Position};

use super::host::{BUDGET, FailedArithmetic, NativeError};
use crate::model::MASK;
use crate::text::LineColumn;

/// What sort of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunErrorKind {
    /// The script did not parse, or names something that does not exist, so it was not run at all.
    NotCompiled,
    /// A budget stopped it: operations, depth or sizes.
    Budget,
    /// A whole number too large, a division by zero, a float that is not finite, a text that is no rate.
    Arithmetic,
    /// A position outside an array.
    Bounds,
    /// A name that nothing has.
    Name,
    /// A value of a type that the operator or function does not take.
    Type,
    /// A value that is no outcome, or an outcome that names an unknown reason, interface or limit.
    Outcome,
    /// Anything else the interpreter refuses.
    Other,
}

/// Why a rule could not be run to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunError {
    /// What sort of failure it was.
    pub kind: RunErrorKind,
    /// What happened, in English: lower case, no full stop, stable.
    pub message: String,
    /// The rule or invariant that failed, by id.
    pub rule: String,
    /// The script's file, or that of the shared functions.
    pub file: String,
    /// Where in that file, when the interpreter knows.
    pub place: Option<LineColumn>,
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

/// What an error of the interpreter means, where, and whether that is in a shared function.
pub(super) struct ErrorMessage {
    pub kind: RunErrorKind,
    pub message: String,
    pub place: Option<LineColumn>,
    pub in_shared: bool,
    /// What it failed over.
    pub over: Option<FailedArithmetic>,
    /// The place, then the calls of shared functions that lead there, the innermost first.
    pub path: Vec<Position>,
}

/// Reads an error of the interpreter.
pub(super) fn read(error: &EvalAltResult) -> ErrorMessage {
    if let EvalAltResult::ErrorInFunctionCall(_, _, inner, call) = error {
        let mut error = read(inner);
        error.in_shared = true;
        error.path.push(*call);
        return error;
    }
    let over = match error {
        EvalAltResult::ErrorRuntime(value, _) => value.clone().try_cast::<NativeError>().and_then(|native| native.over),
        _ => None,
    };
    let (kind, message) = say(error);
    ErrorMessage { kind, message, place: place(error.position()), in_shared: false, over, path: vec![error.position()] }
}

/// A message of a script that reads personal fields, without the values it quotes: in backticks, or as numbers between the words.
pub(super) fn concealed(kind: RunErrorKind, message: &str) -> String {
    match kind {
        RunErrorKind::Budget | RunErrorKind::Name | RunErrorKind::NotCompiled => return message.to_owned(),
        RunErrorKind::Other => return format!("it failed over {MASK}"),
        RunErrorKind::Arithmetic | RunErrorKind::Bounds | RunErrorKind::Type | RunErrorKind::Outcome => {}
    }
    let mut parts: Vec<String> = message.split('`').map(str::to_owned).collect();
    for (at, part) in parts.iter_mut().enumerate() {
        // The value is quoted first; what follows is the product's own.
        if at == 1 && part.contains(char::is_alphanumeric) && super::functions::find(part).is_none() {
            MASK.clone_into(part);
        } else if at % 2 == 0 {
            let words = part.split(' ').map(|word| if word.contains(|c: char| c.is_ascii_digit()) { MASK } else { word });
            *part = words.collect::<Vec<_>>().join(" ");
        }
    }
    parts.join("`")
}

fn place(position: Position) -> Option<LineColumn> {
    let number = |value: Option<usize>| value.and_then(|value| u32::try_from(value).ok());
    Some(LineColumn { line: number(position.line())?, column: number(position.position()).unwrap_or(1) })
}

fn say(error: &EvalAltResult) -> (RunErrorKind, String) {
    use EvalAltResult as E;
    use RunErrorKind as K;
    match error {
        E::ErrorRuntime(value, _) => match value.clone().try_cast::<NativeError>() {
            Some(native) => (native.kind, native.message),
            None => (K::Other, value.to_string()),
        },
        E::ErrorTooManyOperations(_) | E::ErrorTerminated(..) => (K::Budget, stopped()),
        E::ErrorStackOverflow(_) => (K::Budget, format!("stopped: calls nested deeper than {}", BUDGET.call_depth)),
        E::ErrorTooManyVariables(_) => (K::Budget, format!("stopped: more than {} variables", BUDGET.variables)),
        E::ErrorDataTooLarge(what, _) => (K::Budget, too_large(what)),
        E::ErrorArithmetic(what, _) => (K::Arithmetic, what.to_lowercase()),
        E::ErrorArrayBounds(held, at, _) => (K::Bounds, format!("position {at} of an array of {held}")),
        E::ErrorStringBounds(held, at, _) => (K::Bounds, format!("position {at} of a text of {held}")),
        E::ErrorVariableNotFound(name, _) => (K::Name, format!("nothing is named `{name}`")),
        E::ErrorPropertyNotFound(name, _) => (K::Name, format!("there is no field `{name}`")),
        E::ErrorFunctionNotFound(signature, _) => function_not_found(signature),
        E::ErrorModuleNotFound(name, _) => (K::Name, format!("there is no module `{name}`")),
        E::ErrorMismatchDataType(wanted, found, _) => (K::Type, format!("{} is wanted, not {}", plain(wanted), plain(found))),
        E::ErrorIndexingType(what, _) => (K::Type, format!("`[…]` does not look into {}", plain(what))),
        E::ErrorDotExpr(..) => (K::Type, "a property of a value that has none".to_owned()),
        E::ErrorFor(_) => (K::Type, "`for` walks through arrays and ranges only".to_owned()),
        E::ErrorAssignmentToConstant(name, _) => (K::Type, format!("`{name}` cannot be changed")),
        E::ErrorNonPureMethodCallOnConstant(name, _) => (K::Type, format!("`{name}` would change a constant")),
        other => (K::Other, other.to_string().to_lowercase()),
    }
}

/// The message for a run that used up its operations.
pub(super) fn stopped() -> String {
    format!("stopped after {} operations", BUDGET.operations)
}

fn too_large(what: &str) -> String {
    let what = what.to_lowercase();
    if what.contains("array") {
        format!("stopped: an array of more than {} elements", BUDGET.array_elements)
    } else if what.contains("map") {
        format!("stopped: a map of more than {} entries", BUDGET.map_entries)
    } else {
        format!("stopped: a text of more than {} bytes", BUDGET.text_bytes)
    }
}

fn function_not_found(signature: &str) -> (RunErrorKind, String) {
    let name = signature.split(" (").next().unwrap_or(signature).trim();
    if super::functions::find(name).is_some() {
        return (RunErrorKind::Type, format!("`{name}` is called with a wrong number of arguments"));
    }
    let operator = !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if operator || name == "contains" {
        return (RunErrorKind::Type, format!("`{name}` does not take these values"));
    }
    (RunErrorKind::Name, format!("there is no function `{name}`"))
}

/// The interpreter's name of a type, for people.
fn plain(name: &str) -> &str {
    match name {
        "bool" => "a Bool",
        "i64" => "a whole number",
        "f64" => "a Float",
        "string" => "a Text",
        "()" => "nothing `()`",
        "array" => "an array",
        "map" => "a map",
        other => other,
    }
}
