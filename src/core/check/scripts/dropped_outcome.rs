//! `dropped-outcome`: an outcome that is made and thrown away.

use crate::check::{Check, Context, said};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::script::usage::UnusedKind;
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "dropped-outcome",
        severity: Severity::Error,
        title: StaticText::new("an outcome that is made and thrown away", "产生后被丢弃的规则结果"),
        what: StaticText::new(
            "Finds outcomes that do not become the value of the script. Two `if` in a row are the usual case: only the last one counts. So are an outcome kept in a variable, an array or an argument that no way through the script returns, and one that is replaced before it is returned.",
            "找出没有成为脚本返回值的规则结果。最常见的是连续两个 `if`：只有最后一个算数；还包括存入变量、数组或作为参数传递后，没有任何路径返回的规则结果，以及返回之前就被覆盖的规则结果。",
        ),
        why: StaticText::new(
            "Only the script's value counts. A `decline(…)` that is thrown away declines nothing, and the rule silently does not fire.",
            "只有脚本的返回值才算数。被丢弃的 `decline(…)` 不会拒绝任何请求，规则会悄悄失效。",
        ),
        example: Example::Script {
            wrong: r#"if customer.kind == "new" {
    decline("INTERFACE_CLOSED_FOR_NEW")
}
if velocity.cards_by_mobile > 5 {
    refer("TOO_MANY_CARDS")
}"#,
            right: r#"if customer.kind == "new" {
    return decline("INTERFACE_CLOSED_FOR_NEW");
}
if velocity.cards_by_mobile > 5 {
    refer("TOO_MANY_CARDS")
}"#,
        },
        remedy: StaticText::new(
            "Write `return` before it, join the conditions with `else if`, or gather several outcomes in an array: `[score(10, …), score(20, …)]`.",
            "在前面写 `return`，或用 `else if` 连接条件；若有多个规则结果，请放进数组：`[score(10, …), score(20, …)]`。",
        ),
    },
);

/// Says that the outcome goes nowhere.
pub(in crate::check) fn finding(span: Span) -> Finding {
    let message = LocalText::new("this outcome is thrown away: more statements follow it", "该规则结果被丢弃：其后还有其他语句");
    let help = LocalText::new(
        "write `return` before it, or join the conditions with `else if`; gather several outcomes in an array",
        "请在前面写 `return`，或用 `else if` 连接条件；多个规则结果请放进数组",
    );
    CHECK.finding(span, message).with_help(help)
}

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let dropped = cx.unused.iter().filter(|unused| unused.what == UnusedKind::Outcome);
    let findings = dropped.map(|unused| {
        let message = LocalText::new("no way through the script returns this outcome", "没有任何路径返回该规则结果");
        let help = LocalText::new(
            "write `return` before it, or end the script with the variable that holds it",
            "请在前面写 `return`，或以保存该结果的变量作为脚本的结尾",
        );
        said::called_from(CHECK.finding(unused.span, message).with_help(help), unused.called_from)
    });
    findings.collect()
}
