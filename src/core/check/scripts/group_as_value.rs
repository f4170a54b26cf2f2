//! `group-as-value`: a group used as a value.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "group-as-value",
    severity: Severity::Error,
    title: StaticText::new("a group used as a value", "把字段组当作值使用"),
    what: StaticText::new(
        "Finds a group of the schema, `params` or `lists` standing alone, without one of its members.",
        "找出单独使用、未指明成员的字段组、`params` 或 `lists`。",
    ),
    why: StaticText::new(
        "A group is no value: it can be neither compared nor passed on nor kept.",
        "字段组不是值：不能比较、传递或保存。",
    ),
    example: Example::Script {
        wrong: r#"if customer == "new" {
    step_up("TOO_MANY_CARDS")
}"#,
        right: r#"if customer.kind == "new" {
    step_up("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new("Name the member: `customer.kind`.", "请写明成员：`customer.kind`。"),
});

/// Says that a member must be named, and which there are.
pub(in crate::check) fn finding(cx: &Context<'_>, span: Span, name: &str) -> Finding {
    let message = LocalText::new(format!("`{name}` is a group, not a value"), format!("`{name}` 是一组成员，不是值"));
    let member = cx.first_member(name).unwrap_or_else(|| "…".to_owned());
    let help = LocalText::new(
        format!("name one of its members, such as `{name}.{member}`"),
        format!("请写明其中的成员，例如 `{name}.{member}`"),
    );
    CHECK.finding(span, message).with_help(help)
}
