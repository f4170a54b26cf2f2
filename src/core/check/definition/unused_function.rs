//! `unused-function`: a shared function that nothing calls.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "unused-function",
        severity: Severity::Warning,
        title: StaticText::new("a shared function that nothing calls", "没有被调用的共享函数"),
        what: StaticText::new(
            "Finds functions of `shared.rhai` that no rule and no invariant calls, directly or by way of another. Nothing is said while a script cannot be read.",
            "找出 `shared.rhai` 中没有被任何规则或不变式直接或间接调用的函数。若有脚本无法解析，则不报告。",
        ),
        why: StaticText::new(
            "A function is checked for each call with the types it is called with: one that nothing calls is not checked.",
            "函数按每次调用时的参数类型检查：没有被调用的函数不会被检查。",
        ),
        example: Example::Entry {
            part: Part::Shared,
            wrong: "fn is_minor(age) {
    age < 16
}",
            right: "// is_minor is gone: no rule called it.",
        },
        remedy: StaticText::new("Take it away, or call it.", "请删除它，或调用它。"),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(used) = &cx.used else { return Vec::new() };
    let unused = cx.program.shared().iter().filter(|function| !used.functions.contains(&function.name));
    let findings = unused.map(|function| {
        let name = &function.name;
        let message = LocalText::new(format!("nothing calls `{name}`"), format!("函数 `{name}` 没有被调用"));
        let help = LocalText::new(
            "take it away, or call it: what is not called is not checked",
            "请删除或调用它：没有被调用的函数不会被检查",
        );
        CHECK.finding(function.span, message).with_help(help)
    });
    findings.collect()
}
