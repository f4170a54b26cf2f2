//! Kinds of findings of the command line.

countersign_core::finding_kinds! {
    CANCELLED = Error "cancelled";
    EMPTY_LOG = Error "empty-log";
    HISTORY_IN_STREAM = Error "history-in-stream";
    HISTORY_UNUSED = Error "history-unused";
    JOURNAL_NO_ENTRY = Error "journal-no-entry";
    NO_CASES = Error "no-cases";
    NO_SAMPLE = Error "no-sample";
    NO_WORKSPACE = Error "no-workspace";
    NOT_PROVABLE = Error "not-provable";
    NOT_TRANSLATABLE = Error "not-translatable";
    OTHER_MAPPING = Error "other-mapping";
    RELEASE_NOT_SIGNED = Error "release-not-signed";
    UNCOVERED_RULE = Warning "uncovered-rule";
    UNKNOWN_NAME = Error "unknown-name";
    UNKNOWN_REQUEST = Error "unknown-request";
    UNWRITABLE_OUTPUT = Error "unwritable-output";
    WITHOUT_CASES = Warning "without-cases";
    WRONG_LOG_LINE = Error "wrong-log-line";
    WRONG_TIME = Error "wrong-time";
}
