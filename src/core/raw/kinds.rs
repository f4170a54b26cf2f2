//! Kinds of findings about the raw form that no check reports.

crate::finding_kinds! {
    BAD_ID = Error "bad-id";
    TOO_MANY = Error "too-many";
}
