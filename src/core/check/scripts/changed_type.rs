//! `changed-type`: a variable that gets a value of another type.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::script::Type;
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "changed-type",
    severity: Severity::Error,
    title: StaticText::new("a variable that gets a value of another type", "变量被赋予其他类型的值"),
    what: StaticText::new(
        "Finds assignments of a value whose type is not that of the variable's first value.",
        "找出所赋值的类型与变量初始值类型不同的赋值。",
    ),
    why: StaticText::new(
        "What the variable holds would depend on the way taken, and the comparisons after it could not be checked.",
        "变量的内容将取决于执行路径，其后的比较也无法检查。",
    ),
    example: Example::Script {
        wrong: r#"let cards = 0;
cards = "many";
if cards == 0 {
    refer("TOO_MANY_CARDS")
}"#,
        right: r#"let cards = 0;
cards = velocity.cards_by_mobile;
if cards == 0 {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new("Use a second variable for the other value.", "请为另一种类型的值使用另一个变量。"),
});

/// Says what the variable was and would become.
pub(in crate::check) fn finding(span: Span, name: &str, was: &Type, becomes: &Type) -> Finding {
    let (was, becomes) = (was.text(), becomes.text());
    let message = LocalText::new(
        format!("`{name}` holds {}, so it cannot become {}", was.en, becomes.en),
        format!("`{name}` 的类型是{}，不能改为{}", was.zh, becomes.zh),
    );
    CHECK.finding(span, message).with_help(LocalText::new("use a second variable", "请使用另一个变量"))
}
