//! What comparing two rule sets finds: documentation only, the room `engine` finds it.

use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// What is said of each, by id.
pub(super) static ALL: &[Documentation] = &[
    Documentation {
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
    },
    Documentation {
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
    },
    Documentation {
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
    },
];
