//! `unknown-function`: a call of a function that does not exist.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity, suggest};
use crate::script::foreign;
use crate::script::tree::UnknownName;
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "unknown-function",
    severity: Severity::Error,
    title: StaticText::new("a call of a function that does not exist", "调用了不存在的函数"),
    what: StaticText::new(
        "Finds calls of functions that are neither built in nor in `shared.rhai`.",
        "找出既非内置、也不在 `shared.rhai` 中的函数调用。",
    ),
    why: StaticText::new("The rule would fail as soon as the call is reached.", "规则一旦执行到该调用就会出错。"),
    example: Example::Script { wrong: r#"declin("BLOCKED_ID")"#, right: r#"decline("BLOCKED_ID")"# },
    remedy: StaticText::new(
        "Write the function's name as `countersign explain --function all` lists it, or define it in `shared.rhai` with that number of arguments. Names of other languages, such as `length` or `isNull`, are answered with what to write here.",
        "请按 `countersign explain --function all` 列出的函数名书写，或在 `shared.rhai` 中定义参数个数相同的同名函数。对其他语言的名称（如 `length`、`isNull`），会提示此处的写法。",
    ),
});

/// Says that nothing has this name.
pub(in crate::check) fn finding(name: &UnknownName) -> Finding {
    let written = &name.name;
    let message = LocalText::new(format!("there is no function `{written}`"), format!("没有名为 `{written}` 的函数"));
    let finding = CHECK.finding(name.span, message);
    match foreign::name(written) {
        Some((help, Some(same))) => finding.with_help(help).with_fix(name.span, same),
        Some((help, None)) => finding.with_help(help),
        None => suggest(finding, written, name.known.iter().map(String::as_str)),
    }
}
