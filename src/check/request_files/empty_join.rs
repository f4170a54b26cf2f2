//! `empty-join`: a field joined of no columns.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "empty-join",
    severity: Severity::Error,
    title: StaticText::new("a field joined of no columns", "没有列的拼接字段"),
    what: StaticText::new(
        "Finds fields in a column mapping that are joined of columns and name none.",
        "找出列映射中由列拼接而成、却未列出任何列的字段。",
    ),
    why: StaticText::new("The field would be empty in every request.", "该字段在所有请求中都会为空。"),
    example: Example::None,
    remedy: StaticText::new("Name at least one column.", "请至少写出一列。"),
});
