//! What comparing two rule sets finds: documentation only, the room `engine` finds it.

pub(super) mod schema_changed_type;
pub(super) mod schema_changed_values;
pub(super) mod schema_lacks_field;
