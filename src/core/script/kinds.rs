//! Kinds of findings of the compiler of scripts.

crate::finding_kinds! {
    ASSIGNMENT_IN_CONDITION = Error "assignment-in-condition";
    FORBIDDEN_CONSTRUCT = Error "forbidden-construct";
    RESERVED_NAME = Error "reserved-name";
    SCRIPT_TOO_LARGE = Error "script-too-large";
    SYNTAX_ERROR = Error "syntax-error";
}
