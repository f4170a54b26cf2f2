//! What can be wrong or doubtful in a rule set or schema, one file a kind.

pub(super) mod band_without_score;
pub(super) mod duplicate_id;
pub(super) mod duplicate_script;
pub(super) mod empty_stage;
pub(super) mod interface_without_capacity;
pub(super) mod inverted_window;
pub(super) mod mild_on_error;
pub(super) mod missing_basis;
pub(super) mod missing_owner;
pub(super) mod missing_translation;
pub(super) mod normalized_entries;
pub(super) mod parameter_out_of_range;
pub(super) mod route_without_default;
pub(super) mod score_without_band;
pub(super) mod unreachable_rule;
pub(super) mod unsorted_bands;
pub(super) mod unused_function;
pub(super) mod unused_list;
pub(super) mod unused_parameter;
pub(super) mod unused_reason;
pub(super) mod wrong_range;
pub(super) mod wrong_role;
