//! `schema-changed-values`: enum values that the old rules do not know.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "schema-changed-values",
    severity: Severity::Warning,
    title: StaticText::new("enum values that the old rules do not know", "旧规则不认识的枚举取值"),
    what: StaticText::new(
        "Finds, when two rule sets are compared, values of an enum that the old one does not have.",
        "在比较两个规则集时，找出旧规则集没有的枚举取值。",
    ),
    why: StaticText::new(
        "The old rules decide such requests by conditions that were written without them in mind.",
        "旧规则在编写时并未考虑这些取值，却要据此作出决策。",
    ),
    example: Example::None,
    remedy: StaticText::new(
        "Look at the flips among the requests with these values one by one.",
        "请逐一查看含有这些取值的请求的决策变化。",
    ),
});
