//! What can be wrong or doubtful in the cases, one file a kind.

pub(super) mod empty_case;
pub(super) mod incomplete_request;
pub(super) mod unknown_rule;
pub(super) mod unknown_template;
pub(super) mod wrong_value;
