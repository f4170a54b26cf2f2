//! `duplicate-script`: two rules with the same script.

use std::collections::BTreeMap;

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::{Rule, Status, Window};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "duplicate-script",
        severity: Severity::Warning,
        title: StaticText::new("two rules with the same script", "两条规则的脚本相同"),
        what: StaticText::new(
            "Finds rules whose scripts differ in nothing but blanks and comments, unless one is off or their windows never meet.",
            "找出除空白和注释外脚本完全相同的规则；其中一条已停用或生效期互不重叠的除外。",
        ),
        why: StaticText::new(
            "One of them does nothing, or the same thing twice: a score would count double.",
            "其中一条要么不起作用，要么重复起作用：评分会被计算两次。",
        ),
        example: Example::Entry {
            part: Part::Rule,
            wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/example.rhai"),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
        },
        remedy: StaticText::new(
            "Take one away; or if one was meant to differ, write the difference.",
            "请删除其中一条；若本应有所不同，请写出差异。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut by_text: BTreeMap<String, Vec<&Rule>> = BTreeMap::new();
    let rules = cx.definition.rule_set.rules().map(|(_, _, rule)| rule);
    for rule in rules.filter(|rule| rule.status != Status::Off) {
        by_text.entry(essence(&rule.script.text)).or_default().push(rule);
    }
    let mut findings = Vec::new();
    for same in by_text.values() {
        for (position, rule) in same.iter().enumerate().skip(1) {
            // With the nearest one before: among many copies each is reported once.
            let first = same.iter().take(position).rev().find(|first| meet(&first.window, &rule.window));
            findings.extend(first.map(|first| finding(cx, first, rule)));
        }
    }
    findings
}

fn finding(cx: &Context<'_>, first: &Rule, second: &Rule) -> Finding {
    let (one, other) = (&second.id, &first.id);
    let message = LocalText::new(
        format!("the rules `{one}` and `{other}` have the same script"),
        format!("规则 `{one}` 与 `{other}` 的脚本相同"),
    );
    let help = LocalText::new("take one of them away, or write how they differ", "请删除其中一条，或写出两者的差异");
    let note = LocalText::new("the other one is here", "另一条在此处");
    let place = |rule: &Rule| cx.place(&format!("rules.{}.script", rule.id));
    CHECK.finding(place(second), message).with_help(help).with_note(place(first), note)
}

/// The script without blank lines, indentation and lines that are comments.
fn essence(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether some moment lies in both windows.
fn meet(one: &Window, other: &Window) -> bool {
    let before = |first: &Window, second: &Window| first.until.zip(second.from).is_some_and(|(until, from)| until.at <= from.at);
    !before(one, other) && !before(other, one)
}
