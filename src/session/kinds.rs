//! Kinds of findings of the session.

countersign_core::finding_kinds! {
    STEP_FAILED = Error "step-failed";
}
