//! `unknown-list`: a list that the rule set does not have.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity, suggest};
use crate::script::tree::UnknownName;
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "unknown-list",
    severity: Severity::Error,
    title: StaticText::new("a list that the rule set does not have", "规则集中没有的名单"),
    what: StaticText::new(
        "Finds `lists.name` where `ruleset.ron` has no such list.",
        "找出 `lists.名称`，而 `ruleset.ron` 中没有该名单。",
    ),
    why: StaticText::new(
        "The rule would fail for every request; a blocklist that is never looked up protects nobody.",
        "该规则对每笔请求都会出错；查不到的黑名单起不到任何保护作用。",
    ),
    example: Example::Script {
        wrong: r#"if customer.id_hash in lists.blocked_id {
    decline("BLOCKED_ID")
}"#,
        right: r#"if customer.id_hash in lists.blocked_ids {
    decline("BLOCKED_ID")
}"#,
    },
    remedy: StaticText::new(
        "Write the name as it is in `lists` of `ruleset.ron`, or add the list and its file.",
        "请按 `ruleset.ron` 的 `lists` 中的写法书写，或添加该名单及其文件。",
    ),
});

/// Says that nothing has this name.
pub(in crate::check) fn finding(name: &UnknownName) -> Finding {
    let written = &name.name;
    let message = LocalText::new(format!("the rule set has no list `{written}`"), format!("规则集中没有名单 `{written}`"));
    suggest(CHECK.finding(name.span, message), written, name.known.iter().map(String::as_str))
}
