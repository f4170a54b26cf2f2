//! What reading request files finds: documentation only, the room `requests` finds it.

pub(super) mod absent_column;
pub(super) mod bad_row;
pub(super) mod bad_rows;
pub(super) mod bad_time_pattern;
pub(super) mod damaged_file;
pub(super) mod duplicate_column;
pub(super) mod duplicate_request;
pub(super) mod empty_file;
pub(super) mod empty_join;
pub(super) mod line_too_long;
pub(super) mod mapping_type_mismatch;
pub(super) mod missing_column;
pub(super) mod no_requests;
pub(super) mod no_scratch_space;
pub(super) mod too_large_column;
pub(super) mod too_many_rows;
pub(super) mod unknown_column;
pub(super) mod unknown_mapped_field;
pub(super) mod unknown_mapped_value;
pub(super) mod unsupported_column;
pub(super) mod unwritable_rejects;
