//! Kinds of findings about the files of a workspace, its journal and the steps of its releases.

countersign_core::finding_kinds! {
    BAD_LIST_ENTRY = Error "bad-list-entry";
    CHANGED_ON_DISK = Error "changed-on-disk";
    DISK_FULL = Error "disk-full";
    DUPLICATE_KEY = Error "duplicate-key";
    FAILING_CASES = Error "failing-cases";
    FILE_TOO_LARGE = Error "file-too-large";
    JOURNAL_ALTERED = Error "journal-altered";
    JOURNAL_BRANCHES = Note "journal-branches";
    JOURNAL_CUT = Error "journal-cut";
    JOURNAL_DUPLICATE = Error "journal-duplicate";
    JOURNAL_GAP = Error "journal-gap";
    JOURNAL_MISSING = Error "journal-missing";
    JOURNAL_SECOND_START = Warning "journal-second-start";
    JOURNAL_SIGNATURE = Error "journal-signature";
    JOURNAL_TORN_LINE = Warning "journal-torn-line";
    JOURNAL_UNFOUNDED = Error "journal-unfounded";
    JOURNAL_UNMERGED = Error "journal-unmerged";
    JOURNAL_UNSIGNED = Error "journal-unsigned";
    JOURNAL_UNTOLD = Error "journal-untold";
    LIVE_RELEASE_MISSING = Error "live-release-missing";
    LOSSY_SAVE = Error "lossy-save";
    MISSING_FILE = Error "missing-file";
    MISSING_KEY = Error "missing-key";
    MIXED_FORMATS = Error "mixed-formats";
    NO_APPROVAL_POLICY = Error "no-approval-policy";
    NO_REQUEST_FILES = Error "no-request-files";
    PATH_OUTSIDE_WORKSPACE = Error "path-outside-workspace";
    PUBLICATION_UNFINISHED = Error "publication-unfinished";
    RELEASE_CHANGED_ON_DISK = Error "release-changed-on-disk";
    RELEASE_EXISTS = Error "release-exists";
    RELEASE_OUTSIDE_WORKSPACE = Error "release-outside-workspace";
    RELEASE_STATE = Error "release-state";
    RON_SYNTAX = Error "ron-syntax";
    UNKNOWN_KEY = Error "unknown-key";
    UNKNOWN_WORD = Error "unknown-word";
    UNREAD_LIST = Error "unread-list";
    WORKSPACE_LOCKED = Error "workspace-locked";
    WRONG_KEY = Error "wrong-key";
    WRONG_TYPE = Error "wrong-type";
}
