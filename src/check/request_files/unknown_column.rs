//! `unknown-column`: a column that the schema does not have.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "unknown-column",
    severity: Severity::Error,
    title: StaticText::new("a column that the schema does not have", "请求结构中没有的列"),
    what: StaticText::new("Finds columns of a request file that belong to no field.", "找出请求文件中不属于任何字段的列。"),
    why: StaticText::new(
        "A misspelt column would leave its field missing in every request.",
        "列名写错会使对应字段在所有请求中为空。",
    ),
    example: Example::None,
    remedy: StaticText::new(
        "Correct the name, map the column to a field, or list it under `ignore` in the mapping.",
        "请更正列名，将其映射到字段，或在映射的 `ignore` 中列出。",
    ),
});
