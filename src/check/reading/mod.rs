//! What reading a workspace's files finds: documentation only, the room `workspace` finds it.

pub(super) mod bad_id;
pub(super) mod bad_list_entry;
pub(super) mod changed_on_disk;
pub(super) mod disk_full;
pub(super) mod duplicate_key;
pub(super) mod file_too_large;
pub(super) mod journal_altered;
pub(super) mod journal_branches;
pub(super) mod journal_gap;
pub(super) mod journal_torn_line;
pub(super) mod lossy_save;
pub(super) mod missing_file;
pub(super) mod missing_key;
pub(super) mod not_utf8;
pub(super) mod path_outside_workspace;
pub(super) mod release_state;
pub(super) mod ron_syntax;
pub(super) mod script_too_large;
pub(super) mod too_many;
pub(super) mod unknown_format;
pub(super) mod unknown_key;
pub(super) mod unknown_word;
pub(super) mod unreadable_file;
pub(super) mod workspace_locked;
pub(super) mod wrong_mapping;
pub(super) mod wrong_type;
