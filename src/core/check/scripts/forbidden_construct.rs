//! `forbidden-construct`: something that rules may not hold.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "forbidden-construct",
    severity: Severity::Error,
    title: StaticText::new("something that rules may not hold", "规则中不允许的写法"),
    what: StaticText::new(
        "Finds constructs that would make a rule impure, unbounded or impossible to check: closures, functions inside a rule, `import`, `eval`, `try`, `throw`.",
        "找出会使规则不纯、无界或无法检查的写法：闭包、规则内定义函数、`import`、`eval`、`try`、`throw`。",
    ),
    why: StaticText::new(
        "A rule must decide the same for ever, and be understood by whoever approves it.",
        "规则的决策必须始终如一，并能被审批者读懂。",
    ),
    example: Example::Script {
        wrong: r#"if customer.kind == "new" {
    throw "new customer"
}"#,
        right: r#"if customer.kind == "new" {
    step_up("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new(
        "Write the condition out, or put a plain function into `shared.rhai`.",
        "请直接写出条件，或将普通函数放入 `shared.rhai`。",
    ),
});

/// Says what is not allowed.
pub(in crate::check) fn finding(span: Span, what: &LocalText) -> Finding {
    let message = LocalText::new(format!("{} may not stand in a script", what.en), format!("脚本中不允许使用{}", what.zh));
    let help = LocalText::new(
        "write it with conditions, comparisons and the functions that are documented",
        "请用条件、比较和文档中列出的函数改写",
    );
    CHECK.finding(span, message).with_help(help)
}
