//! `unused-list`: a list that no script looks into.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "unused-list",
        severity: Severity::Warning,
        title: StaticText::new("a list that no script looks into", "没有脚本使用的名单"),
        what: StaticText::new(
            "Finds lists that neither a rule nor an invariant uses. Nothing is said while a script cannot be read.",
            "找出规则和不变式都未使用的名单。若有脚本无法解析，则不报告。",
        ),
        why: StaticText::new(
            "Whoever keeps the list believes that it blocks or lets through somebody.",
            "维护名单的人会以为它正在拦截或放行某些客户。",
        ),
        example: Example::Entry {
            part: Part::List,
            wrong: r#""old_devices": (title: (en: "Old devices", zh: "旧设备"), type: Text, file: "lists/blocked_ids.txt"),"#,
            right: r#"// "old_devices" is gone: no script used it."#,
        },
        remedy: StaticText::new(
            "Take it away, or use it in a rule: `… in lists.name`.",
            "请删除它，或在规则中使用：`… in lists.名称`。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(used) = &cx.used else { return Vec::new() };
    let all = cx.definition.rule_set.lists.keys();
    let unused = all.filter(|id| !used.lists.contains(id.as_str()));
    let findings = unused.map(|id| {
        let message = LocalText::new(format!("no script looks into the list `{id}`"), format!("没有脚本使用名单 `{id}`"));
        let help = LocalText::new("take it away, or use it in a rule: `… in lists.…`", "请删除，或在规则中使用：`… in lists.…`");
        CHECK.finding(cx.place(&format!("lists.{id}")), message).with_help(help)
    });
    findings.collect()
}
