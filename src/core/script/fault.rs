//! What the typing of a script finds wrong, as data. The checks word it for people.

use super::tree::{BinaryOp, UnknownName};
use super::types::Type;
use crate::model::FieldIndex;
use crate::text::Span;

/// One thing that is wrong at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptFault {
    /// Where; may lie in the shared source.
    pub span: Span,
    /// The call in the rule's own script, when the place lies in a shared function.
    pub called_from: Option<Span>,
    /// What.
    pub kind: FaultKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A name that nothing has (`unknown-field`, `unknown-parameter`, `unknown-list`, `unknown-function`, `unknown-variable`).
    UnknownName(UnknownName),
    /// The script reads the label (`label-visible`).
    LabelVisible(FieldIndex),
    /// A value that may be `()` is used as if it were there (`unguarded-optional`); holds the expression as written.
    UnguardedOptional {
        /// The expression as written.
        text: String,
        /// The type of the value when it is there.
        present: Type,
    },
    /// Values of unlike types are compared (`mismatched-comparison`), which the interpreter refuses.
    MismatchedComparison {
        /// The operator; `None` for `in` and the arms of a `switch`.
        op: Option<BinaryOp>,
        /// The type on the left.
        lhs: Type,
        /// The type on the right.
        rhs: Type,
    },
    /// A literal compared with an enum is none of its values (`unknown-enum-value`).
    UnknownEnumValue {
        /// The literal.
        value: String,
        /// The enum's values in order.
        known: Vec<String>,
    },
    /// A text is looked for in a text by `in` (`text-in-text`).
    TextInText {
        /// What to write instead, and in place of which bytes.
        fix: Option<(Span, String)>,
    },
    /// An operator does not take these types (`wrong-operand`).
    WrongOperand {
        /// The operator as written.
        op: &'static str,
        /// The type on the left, or of the only operand.
        lhs: Type,
        /// The type on the right, if there is one.
        rhs: Option<Type>,
    },
    /// A Float where an amount of money belongs (`float-as-money`).
    FloatAsMoney,
    /// An argument of a function has the wrong type (`wrong-argument`).
    WrongArgument {
        /// The function.
        function: String,
        /// The argument's name.
        parameter: String,
        /// What it takes, in words of [`Type`] or `"a number"` and the like, in English and Chinese.
        wanted: crate::text::LocalText,
        /// What was given.
        found: Type,
    },
    /// A function is called with too few or too many arguments (`wrong-argument`).
    WrongArgumentCount {
        /// The function.
        function: String,
        /// How many it takes.
        wanted: usize,
        /// How many were given.
        found: usize,
    },
    /// An argument that must be a literal cannot be read: `yuan("1.234")`, `time("yesterday")` (`wrong-argument`).
    BadLiteral {
        /// The function.
        function: &'static str,
        /// The literal.
        text: String,
        /// What it must look like.
        wanted: crate::text::StaticText,
    },
    /// A condition is not Bool (`not-a-condition`).
    NotACondition(Type),
    /// The script's value is no outcome (`not-an-outcome`), or an invariant's is not Bool.
    NotAnOutcome(Type),
    /// An outcome is made and dropped: it is before the end of the script (`dropped-outcome`).
    OutcomeDropped,
    /// A condition or comparison is the same for every request (`constant-condition`).
    ConstantCondition(bool),
    /// `=` in a condition (`assignment-in-condition`).
    AssignmentInCondition,
    /// Code that no request reaches (`unreachable-code`).
    Unreachable,
    /// A constant, a field, a parameter or an argument is changed (`assignment-to-constant`); holds it as written.
    AssignmentToConstant(String),
    /// A variable gets a value of another type (`changed-type`).
    ChangedType {
        /// The variable.
        name: String,
        /// The type it had.
        was: Type,
        /// The type it gets.
        becomes: Type,
    },
    /// A reason code that the rule set does not have (`unknown-reason`).
    UnknownReason(String),
    /// An interface that the rule set does not have (`unknown-interface`).
    UnknownInterface(String),
    /// A key of `limit(#{ … })` that is no limit (`unknown-limit`).
    UnknownLimit(String),
    /// A reason that is not written out, so that it is not known beforehand which it is (`dynamic-reason`).
    DynamicReason,
    /// An interface that is neither written out nor an enum of interfaces (`dynamic-interface`).
    DynamicInterface,
    /// A loop without an end that can be seen: `loop`, or `while true`, without `break` (`unbounded-loop`).
    UnboundedLoop,
    /// A shared function that calls itself, directly or not (`recursion`); holds its name.
    Recursion(String),
    /// A group, `params` or `lists` is used as a value instead of one of its members (`group-as-value`); holds its name.
    GroupAsValue(String),
    /// A construct that rules may not hold (`forbidden-construct`); holds what it is, in English and Chinese.
    Forbidden(crate::text::LocalText),
}
