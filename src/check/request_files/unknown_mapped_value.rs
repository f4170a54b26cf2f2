//! `unknown-mapped-value`: a mapping to a value that the enum does not have.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "unknown-mapped-value",
    severity: Severity::Error,
    title: StaticText::new("a mapping to a value that the enum does not have", "映射到枚举中没有的取值"),
    what: StaticText::new(
        "Finds values in a column mapping that the field's enum does not have.",
        "找出列映射中字段枚举没有的取值。",
    ),
    why: StaticText::new("Every row with that value would be refused.", "含有该值的每条记录都会被拒绝。"),
    example: Example::None,
    remedy: StaticText::new("Write one of the enum's values.", "请写该枚举的取值之一。"),
});
