//! Every check there is, in the order of the documentation.

use super::Check;
use super::cases as c;
use super::comparing as o;
use super::definition as d;
use super::reading as r;
use super::request_files as f;
use super::scripts as s;
use crate::diagnostic::Documentation;

/// Every check: scripts, rule set, cases, files, request files, comparing; by id within each.
pub static ALL: &[&Check] = &[
    &s::assignment_in_condition::CHECK,
    &s::assignment_to_constant::CHECK,
    &s::changed_type::CHECK,
    &s::constant_condition::CHECK,
    &s::dropped_outcome::CHECK,
    &s::dynamic_interface::CHECK,
    &s::dynamic_reason::CHECK,
    &s::float_as_money::CHECK,
    &s::forbidden_construct::CHECK,
    &s::group_as_value::CHECK,
    &s::label_visible::CHECK,
    &s::mismatched_comparison::CHECK,
    &s::not_a_condition::CHECK,
    &s::not_an_outcome::CHECK,
    &s::recursion::CHECK,
    &s::reserved_name::CHECK,
    &s::rule_without_outcome::CHECK,
    &s::runs_interpreted::CHECK,
    &s::syntax_error::CHECK,
    &s::unbounded_loop::CHECK,
    &s::unguarded_optional::CHECK,
    &s::unknown_enum_value::CHECK,
    &s::unknown_field::CHECK,
    &s::unknown_function::CHECK,
    &s::unknown_interface::CHECK,
    &s::unknown_limit::CHECK,
    &s::unknown_list::CHECK,
    &s::unknown_parameter::CHECK,
    &s::unknown_reason::CHECK,
    &s::unknown_variable::CHECK,
    &s::unreachable_code::CHECK,
    &s::wrong_argument::CHECK,
    &s::wrong_operand::CHECK,
    &d::band_without_score::CHECK,
    &d::duplicate_id::CHECK,
    &d::duplicate_script::CHECK,
    &d::empty_stage::CHECK,
    &d::interface_without_capacity::CHECK,
    &d::inverted_window::CHECK,
    &d::mild_on_error::CHECK,
    &d::missing_basis::CHECK,
    &d::missing_owner::CHECK,
    &d::missing_translation::CHECK,
    &d::parameter_out_of_range::CHECK,
    &d::route_without_default::CHECK,
    &d::score_without_band::CHECK,
    &d::unreachable_rule::CHECK,
    &d::unsorted_bands::CHECK,
    &d::unused_function::CHECK,
    &d::unused_list::CHECK,
    &d::unused_parameter::CHECK,
    &d::unused_reason::CHECK,
    &d::wrong_range::CHECK,
    &d::wrong_role::CHECK,
    &c::empty_case::CHECK,
    &c::incomplete_request::CHECK,
    &c::unknown_rule::CHECK,
    &c::unknown_template::CHECK,
    &c::wrong_value::CHECK,
    &r::bad_id::CHECK,
    &r::bad_list_entry::CHECK,
    &r::changed_on_disk::CHECK,
    &r::disk_full::CHECK,
    &r::duplicate_key::CHECK,
    &r::file_too_large::CHECK,
    &r::journal_altered::CHECK,
    &r::journal_branches::CHECK,
    &r::journal_gap::CHECK,
    &r::journal_torn_line::CHECK,
    &r::lossy_save::CHECK,
    &r::missing_file::CHECK,
    &r::missing_key::CHECK,
    &r::not_utf8::CHECK,
    &r::path_outside_workspace::CHECK,
    &r::release_state::CHECK,
    &r::ron_syntax::CHECK,
    &r::script_too_large::CHECK,
    &r::too_many::CHECK,
    &r::unknown_format::CHECK,
    &r::unknown_key::CHECK,
    &r::unknown_word::CHECK,
    &r::unreadable_file::CHECK,
    &r::workspace_locked::CHECK,
    &r::wrong_mapping::CHECK,
    &r::wrong_type::CHECK,
    &f::absent_column::CHECK,
    &f::bad_row::CHECK,
    &f::bad_rows::CHECK,
    &f::bad_time_pattern::CHECK,
    &f::damaged_file::CHECK,
    &f::duplicate_column::CHECK,
    &f::duplicate_request::CHECK,
    &f::empty_file::CHECK,
    &f::empty_join::CHECK,
    &f::line_too_long::CHECK,
    &f::mapping_type_mismatch::CHECK,
    &f::missing_column::CHECK,
    &f::no_requests::CHECK,
    &f::too_large_column::CHECK,
    &f::too_many_rows::CHECK,
    &f::unknown_column::CHECK,
    &f::unknown_mapped_field::CHECK,
    &f::unknown_mapped_value::CHECK,
    &f::unsupported_column::CHECK,
    &f::unwritable_rejects::CHECK,
    &o::schema_changed_type::CHECK,
    &o::schema_changed_values::CHECK,
    &o::schema_lacks_field::CHECK,
];

/// The check of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.documentation.id == id)
}

/// What is said of every kind of finding, as the SARIF renderer wants it.
#[must_use]
pub fn documentation() -> Vec<&'static Documentation> {
    ALL.iter().map(|check| &check.documentation).collect()
}
