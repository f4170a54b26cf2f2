//! `unknown-mapped-field`: a mapping of a field that does not exist.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "unknown-mapped-field",
    severity: Severity::Error,
    title: StaticText::new("a mapping of a field that does not exist", "映射引用了不存在的字段"),
    what: StaticText::new("Finds fields in a column mapping that the schema does not have.", "找出列映射中请求结构没有的字段。"),
    why: StaticText::new(
        "The column would go nowhere, and the field it was meant for would be missing.",
        "该列将无处可去，而本应对应的字段会为空。",
    ),
    example: Example::None,
    remedy: StaticText::new(
        "Write the field as it stands in `schema.ron`: `group.field`.",
        "请按 `schema.ron` 中的写法书写：`组.字段`。",
    ),
});
