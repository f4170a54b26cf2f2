//! `unknown-parameter`: a parameter that the rule set does not have.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity, suggest};
use crate::script::tree::UnknownName;
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "unknown-parameter",
    severity: Severity::Error,
    title: StaticText::new("a parameter that the rule set does not have", "规则集中没有的参数"),
    what: StaticText::new(
        "Finds `params.name` where `ruleset.ron` has no such parameter.",
        "找出 `params.名称`，而 `ruleset.ron` 中没有该参数。",
    ),
    why: StaticText::new("The rule would fail for every request.", "该规则对每笔请求都会出错。"),
    example: Example::Script {
        wrong: r#"if velocity.cards_by_mobile > params.max_card {
    refer("TOO_MANY_CARDS")
}"#,
        right: r#"if velocity.cards_by_mobile > params.max_cards {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new(
        "Write the name as it is in `parameters` of `ruleset.ron`, or add the parameter there.",
        "请按 `ruleset.ron` 的 `parameters` 中的写法书写，或在其中添加该参数。",
    ),
});

/// Says that nothing has this name.
pub(in crate::check) fn finding(name: &UnknownName) -> Finding {
    let written = &name.name;
    let message = LocalText::new(format!("the rule set has no parameter `{written}`"), format!("规则集中没有参数 `{written}`"));
    suggest(CHECK.finding(name.span, message), written, name.known.iter().map(String::as_str))
}
