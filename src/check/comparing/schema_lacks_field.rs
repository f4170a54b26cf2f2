//! `schema-lacks-field`: a field that only the old rules know.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "schema-lacks-field",
    severity: Severity::Error,
    title: StaticText::new("a field that only the old rules know", "只有旧规则使用的字段"),
    what: StaticText::new(
        "Finds, when two rule sets are compared on the same requests, fields that the old one reads and the requests do not have.",
        "在用同一批请求比较两个规则集时，找出旧规则集读取、而请求中没有的字段。",
    ),
    why: StaticText::new(
        "Without the field the old rules would fail for every request, and every difference would be an error, not a change of policy.",
        "没有该字段，旧规则对每笔请求都会出错；所有差异都是错误，而不是政策变化。",
    ),
    example: Example::None,
    remedy: StaticText::new(
        "Compare on requests that have the field, or with an old release that does not read it.",
        "请用含有该字段的请求比较，或选择不读取该字段的旧版本。",
    ),
});
