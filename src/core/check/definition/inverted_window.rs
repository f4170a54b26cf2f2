//! `inverted-window`: a rule that ends before it begins.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "inverted-window",
        severity: Severity::Error,
        title: StaticText::new("a rule that ends before it begins", "结束早于开始的规则"),
        what: StaticText::new("Finds rules whose `until` is not after `from`.", "找出 `until` 不晚于 `from` 的规则。"),
        why: StaticText::new(
            "Such a rule never holds, although its status says that it does.",
            "这样的规则永远不会生效，尽管其状态显示为启用。",
        ),
        example: Example::Entry {
            part: Part::Rule,
            wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, from: "2014-03-24T00:00:00+08:00", until: "2014-03-01T00:00:00+08:00", script: "risk/extra.rhai"),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, from: "2014-03-24T00:00:00+08:00", until: "2014-12-31T00:00:00+08:00", script: "risk/extra.rhai"),"#,
        },
        remedy: StaticText::new(
            "Set `until` after `from`; `until` itself no longer belongs to the window. To switch a rule off, set its `status`.",
            "请将 `until` 设在 `from` 之后；`until` 时刻本身不属于生效期。若要停用规则，请设置其 `status`。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, _, rule) in cx.definition.rule_set.rules() {
        let Some((from, until)) = rule.window.from.zip(rule.window.until) else { continue };
        if from.at < until.at {
            continue;
        }
        let id = &rule.id;
        let message = LocalText::new(
            format!("the rule `{id}` ends at `{until}`, not after it begins at `{from}`"),
            format!("规则 `{id}` 在 `{until}` 结束，不晚于开始时间 `{from}`"),
        );
        let help = LocalText::new(
            "set `until` after `from`, or set the `status` to `Off`",
            "请将 `until` 设在 `from` 之后，或将 `status` 设为 `Off`",
        );
        findings.push(CHECK.finding(cx.place(&format!("rules.{id}.until")), message).with_help(help));
    }
    findings
}
