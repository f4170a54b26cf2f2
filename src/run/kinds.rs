//! Kinds of findings of a comparison.

countersign_core::finding_kinds! {
    SCHEMA_CHANGED_TYPE = Error "schema-changed-type";
    SCHEMA_CHANGED_VALUES = Warning "schema-changed-values";
    SCHEMA_LACKS_FIELD = Error "schema-lacks-field";
}
