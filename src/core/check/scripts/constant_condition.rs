//! `constant-condition`: a condition that is the same for every request.

use crate::check::context::Context;
use crate::check::{Check, said};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "constant-condition",
    severity: Severity::Warning,
    title: StaticText::new("a condition that is the same for every request", "对所有请求都相同的条件"),
    what: StaticText::new(
        "Finds conditions and comparisons that are always true or always false, whatever the request: `5 > 3`, a value compared with itself, a required field compared with `()`, `x > 10 && x < 5`, `x != \"a\" || x != \"b\"`, and what the conditions around it rule out.",
        "找出无论请求如何都恒为真或恒为假的条件和比较：`5 > 3`、与自身比较、必填字段与 `()` 比较、`x > 10 && x < 5`、`x != \"a\" || x != \"b\"`，以及被外层条件排除的条件。",
    ),
    why: StaticText::new(
        "It is almost never what was meant: the rule fires for everybody or for nobody.",
        "这几乎从来不是本意：规则要么对所有请求命中，要么永不命中。",
    ),
    example: Example::Script {
        wrong: r#"if velocity.cards_by_mobile > 10 && velocity.cards_by_mobile < 5 {
    return refer("TOO_MANY_CARDS");
}
if customer.kind != () {
    step_up("TOO_MANY_CARDS")
}"#,
        right: r#"if velocity.cards_by_mobile > 10 || velocity.cards_by_mobile < 5 {
    return refer("TOO_MANY_CARDS");
}
if customer.kind != "stock" {
    step_up("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new(
        "Compare with what differs between requests. To switch a rule off, set its `status`.",
        "请与因请求而异的值比较。若要停用规则，请设置其 `status`。",
    ),
});

/// Says what it always is.
pub(in crate::check) fn finding(span: Span, value: bool) -> Finding {
    let message = LocalText::new(format!("this is `{value}` for every request"), format!("对所有请求，此处恒为 `{value}`"));
    let help = LocalText::new(
        "compare with what differs between requests; to switch a rule off, set its `status`",
        "请与因请求而异的值比较；若要停用规则，请设置其 `status`",
    );
    CHECK.finding(span, message).with_help(help)
}

/// Says what it is for every request that comes there, and which condition before it makes it so.
pub(in crate::check) fn settled(cx: &Context<'_>, span: Span, value: bool, because: Option<Span>) -> Finding {
    let Some(because) = because.filter(|because| *because != span) else { return finding(span, value) };
    let before = said::in_one_line(cx.text(because));
    let (en, zh) = if value { ("always", "必然") } else { ("never", "绝不") };
    let message = LocalText::new(
        format!("after `{before}` this {en} holds, whatever the request"),
        format!("在 `{before}` 判断之后，无论请求如何，此处{zh}成立"),
    );
    let help = LocalText::new("change one of the two conditions, or leave this one out", "请修改其中一个条件，或删除此条件");
    let note = LocalText::new("the condition before it", "之前的条件");
    CHECK.finding(span, message).with_help(help).with_note(because, note)
}
