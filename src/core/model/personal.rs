//! Personal values are masked in everything that is shown or written; the schema marks their fields.

/// The mask of a personal value, always the same: it reveals nothing about the value.
pub const MASK: &str = "***";
