//! `assignment-to-constant`: a change of something that cannot be changed.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "assignment-to-constant",
    severity: Severity::Error,
    title: StaticText::new("a change of something that cannot be changed", "修改了不可修改的值"),
    what: StaticText::new(
        "Finds assignments to fields, parameters, lists, `const` names and arguments.",
        "找出对字段、参数、名单、`const` 常量和函数参数的赋值。",
    ),
    why: StaticText::new(
        "A request is the same for every rule. The rule would fail as soon as the assignment is reached.",
        "请求对所有规则都相同，不可修改。规则一旦执行到该赋值就会出错。",
    ),
    example: Example::Script {
        wrong: r#"velocity.cards_by_mobile += 1;
if velocity.cards_by_mobile > 5 {
    refer("TOO_MANY_CARDS")
}"#,
        right: r#"let cards = velocity.cards_by_mobile + 1;
if cards > 5 {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new(
        "Keep the new value in a variable of its own: `let cards = …;`.",
        "请将新值保存在另一个变量中：`let cards = …;`。",
    ),
});

/// Says what cannot be changed.
pub(in crate::check) fn finding(span: Span, text: &str) -> Finding {
    let message = LocalText::new(format!("`{text}` cannot be changed"), format!("`{text}` 不可修改"));
    let help =
        LocalText::new("keep the new value in a variable of its own: `let x = …;`", "请将新值保存在另一个变量中：`let x = …;`");
    CHECK.finding(span, message).with_help(help)
}
