//! `unknown-variable`: a name that nothing has.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity, nearest, suggest};
use crate::script::tree::UnknownName;
use crate::script::{foreign, functions};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "unknown-variable",
    severity: Severity::Error,
    title: StaticText::new("a name that nothing has", "未定义的名称"),
    what: StaticText::new(
        "Finds a name that stands alone and is no variable of the script, no group of the schema, and neither `params` nor `lists`.",
        "找出单独出现的名称：既不是脚本中的变量，也不是请求结构的字段组，也不是 `params` 或 `lists`。",
    ),
    why: StaticText::new(
        "The rule would fail as soon as the name is reached. A variable is known only after its `let` and inside the same braces.",
        "规则一旦执行到该名称就会出错。变量只在 `let` 之后、同一对花括号内有效。",
    ),
    example: Example::Script {
        wrong: r#"let cards = velocity.cards_by_mobile;
if cadrs > 5 {
    refer("TOO_MANY_CARDS")
}"#,
        right: r#"let cards = velocity.cards_by_mobile;
if cards > 5 {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new(
        "Write the variable as in its `let`, put a text in quotes, or name the group before a field.",
        "请与 `let` 中的写法保持一致；若是文本请加引号；若是字段请写明所在的组。",
    ),
});

/// Says that nothing has this name.
pub(in crate::check) fn finding(name: &UnknownName) -> Finding {
    let written = &name.name;
    let message = LocalText::new(format!("nothing is called `{written}` here"), format!("此处没有名为 `{written}` 的变量"));
    let finding = CHECK.finding(name.span, message);
    if functions::find(written).is_some() {
        return finding.with_help(LocalText::new(
            format!("`{written}` is a function: write it with its arguments, `{written}(…)`; a function is no value"),
            format!("`{written}` 是函数：请连同参数写作 `{written}(…)`；函数不能作为值使用"),
        ));
    }
    let known = name.known.iter().map(String::as_str);
    match foreign::name(written).filter(|_| nearest(written, known.clone()).is_none()) {
        Some((help, _)) => finding.with_help(help),
        None => suggest(finding, written, known),
    }
}
