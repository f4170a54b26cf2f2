//! `bad-time-pattern`: a time pattern that cannot be read.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "bad-time-pattern",
    severity: Severity::Error,
    title: StaticText::new("a time pattern that cannot be read", "无法使用的时间格式"),
    what: StaticText::new(
        "Finds patterns for times in a column mapping that name an unknown part, or lack a part that a point in time needs.",
        "找出列映射中含有未知成分，或缺少时间点必需成分的时间格式。",
    ),
    why: StaticText::new(
        "Every time of the column would be refused, or read as another one.",
        "该列的所有时间都会被拒绝，或被读成别的时间。",
    ),
    example: Example::None,
    remedy: StaticText::new("Write the pattern as the help line says.", "请按提示书写时间格式。"),
});
