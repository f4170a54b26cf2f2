//! Personal values are kept out of what others read: which fields hold them, the schema says.

/// What stands for a personal value, always the same: nothing about the value can be learnt from it.
pub const MASK: &str = "***";
