//! Kinds of findings about request files and their mappings.

countersign_core::finding_kinds! {
    ABSENT_COLUMN = Note "absent-column";
    ALL_ROWS_SET_ASIDE = Error "all-rows-set-aside";
    BAD_HEADER = Error "bad-header";
    BAD_ROW = Error "bad-row";
    BAD_ROWS = Error "bad-rows";
    BAD_TIME_PATTERN = Error "bad-time-pattern";
    DAMAGED_FILE = Error "damaged-file";
    DELIMITER_FOUND = Note "delimiter-found";
    DUPLICATE_COLUMN = Error "duplicate-column";
    DUPLICATE_REQUEST = Warning "duplicate-request";
    EMPTY_FILE = Error "empty-file";
    EMPTY_JOIN = Error "empty-join";
    ENCODING_FOUND = Note "encoding-found";
    INT96_TIMES = Warning "int96-times";
    LINE_TOO_LONG = Error "line-too-long";
    MAPPING_TYPE_MISMATCH = Error "mapping-type-mismatch";
    MISSING_COLUMN = Error "missing-column";
    MISSING_WORD = Warning "missing-word";
    NO_REQUESTS = Error "no-requests";
    NO_SCRATCH_SPACE = Error "no-scratch-space";
    NORMALIZED_VALUES = Note "normalized-values";
    NOT_UTF8 = Error "not-utf8";
    ROUNDED_AMOUNTS = Note "rounded-amounts";
    SHEET_READ = Note "sheet-read";
    SPREADSHEET_NUMBER = Warning "spreadsheet-number";
    TIMES_WITHOUT_ZONE = Note "times-without-zone";
    TOO_LARGE_COLUMN = Error "too-large-column";
    TOO_LARGE_UNPACKED = Error "too-large-unpacked";
    TOO_MANY_ROWS = Error "too-many-rows";
    TOO_MANY_SET_ASIDE = Error "too-many-set-aside";
    UNCLEAR_DELIMITER = Error "unclear-delimiter";
    UNKNOWN_COLUMN = Error "unknown-column";
    UNKNOWN_FORMAT = Error "unknown-format";
    UNKNOWN_MAPPED_FIELD = Error "unknown-mapped-field";
    UNKNOWN_MAPPED_VALUE = Error "unknown-mapped-value";
    UNKNOWN_SHEET = Error "unknown-sheet";
    UNREADABLE_FILE = Error "unreadable-file";
    UNSUPPORTED_COLUMN = Error "unsupported-column";
    UNWRITABLE_REJECTS = Error "unwritable-rejects";
    WRONG_MAPPING = Error "wrong-mapping";
    WRONG_MAX_REJECTS = Error "wrong-max-rejects";
}
