//! `schema-changed-type`: a field whose type has changed.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "schema-changed-type",
    severity: Severity::Error,
    title: StaticText::new("a field whose type has changed", "类型已改变的字段"),
    what: StaticText::new(
        "Finds, when two rule sets are compared, fields that are of one type to the old one and of another in the requests.",
        "在比较两个规则集时，找出在旧规则集与请求中类型不同的字段。",
    ),
    why: StaticText::new("The old rules cannot read the new values.", "旧规则无法读取新的取值。"),
    example: Example::None,
    remedy: StaticText::new("Compare with a release that was made after the change.", "请与变更之后生成的版本比较。"),
});
