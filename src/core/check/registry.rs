//! Every kind of finding about a workspace and its requests, in the order of the documentation.

use super::cases as c;
use super::definition as d;
use super::scripts as s;
use super::{Check, comparing, journal, reading, request_files, request_inputs};
use crate::diagnostic::Documentation;

/// Every check of a definition: scripts, rule set, cases; by id within each.
pub(super) static CHECKS: &[&Check] = &[
    &s::assignment_in_condition::CHECK,
    &s::assignment_to_constant::CHECK,
    &s::changed_type::CHECK,
    &s::constant_condition::CHECK,
    &s::cut_division::CHECK,
    &s::division_by_zero::CHECK,
    &s::dropped_outcome::CHECK,
    &s::dynamic_interface::CHECK,
    &s::dynamic_reason::CHECK,
    &s::float_as_money::CHECK,
    &s::float_equality::CHECK,
    &s::forbidden_construct::CHECK,
    &s::fraction_for_int::CHECK,
    &s::group_as_value::CHECK,
    &s::identifier_arithmetic::CHECK,
    &s::label_visible::CHECK,
    &s::mismatched_comparison::CHECK,
    &s::negative_exponent::CHECK,
    &s::not_a_condition::CHECK,
    &s::not_an_outcome::CHECK,
    &s::recursion::CHECK,
    &s::reserved_name::CHECK,
    &s::rule_without_outcome::CHECK,
    &s::runs_interpreted::CHECK,
    &s::syntax_error::CHECK,
    &s::text_in_text::CHECK,
    &s::unbounded_loop::CHECK,
    &s::unguarded_divisor::CHECK,
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
    &s::unmatchable_text::CHECK,
    &s::unreachable_code::CHECK,
    &s::unused_value::CHECK,
    &s::unused_variable::CHECK,
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
    &d::normalized_entries::CHECK,
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
];

/// What is said of every kind of finding: what checks find, then what reading files, the journal, reading requests and comparing find.
#[must_use]
pub fn documentation() -> Vec<&'static Documentation> {
    let checks = CHECKS.iter().map(|check| &check.documentation);
    let requests = request_inputs::ALL.iter().chain(request_files::ALL);
    checks.chain(reading::ALL).chain(journal::ALL).chain(requests).chain(comparing::ALL).collect()
}
