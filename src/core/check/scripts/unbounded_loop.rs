//! `unbounded-loop`: a loop without an end that can be seen.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "unbounded-loop",
    severity: Severity::Error,
    title: StaticText::new("a loop without an end that can be seen", "看不到终点的循环"),
    what: StaticText::new(
        "Finds `loop` and `while true` without a `break` or `return`.",
        "找出没有 `break` 或 `return` 的 `loop` 和 `while true`。",
    ),
    why: StaticText::new(
        "Every script has a budget; a loop without an end uses it up, the rule fails, and each request waits for that.",
        "每个脚本都有执行预算；无终点的循环会耗尽预算，使规则出错，并让每笔请求白白等待。",
    ),
    example: Example::Script {
        wrong: "let n = 0;
loop {
    n += 1;
}",
        right: r#"let n = 0;
for i in 0..10 {
    n += i;
}
if n > velocity.cards_by_mobile {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new(
        "Use `for x in 0..10`, or leave the loop with `break` or `return`.",
        "请使用 `for x in 0..10`，或用 `break`、`return` 退出循环。",
    ),
});

/// Says that the loop never ends.
pub(in crate::check) fn finding(span: Span) -> Finding {
    let message = LocalText::new("nothing ends this loop", "没有任何条件能结束该循环");
    let help = LocalText::new(
        "use `for x in 0..10`, or leave it with `break` or `return`",
        "请使用 `for x in 0..10`，或用 `break`、`return` 退出",
    );
    CHECK.finding(span, message).with_help(help)
}
