//! `unused-reason`: a reason that nothing gives.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "unused-reason",
        severity: Severity::Warning,
        title: StaticText::new("a reason that nothing gives", "没有规则给出的原因码"),
        what: StaticText::new(
            "Finds reasons that no outcome names and that is not that of `on_error`. Nothing is said while a script cannot be read.",
            "找出没有任何规则结果使用、也不是 `on_error` 所用的原因码。若有脚本无法解析，则不报告。",
        ),
        why: StaticText::new(
            "It may be the sign of a rule that was forgotten, or that names another reason by mistake.",
            "这可能意味着遗漏了某条规则，或某条规则误用了别的原因码。",
        ),
        example: Example::Entry {
            part: Part::Reason,
            wrong: r#""DEVICE_OLD": (text: (en: "Old device", zh: "旧设备"), wire: "PB511099"),"#,
            right: r#"// "DEVICE_OLD" is gone: no rule gave it."#,
        },
        remedy: StaticText::new(
            "Take it away, or give it in the rule that it was made for.",
            "请删除它，或在应使用它的规则中给出。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(used) = &cx.used else { return Vec::new() };
    let all = cx.definition.rule_set.reasons.keys();
    let unused = all.filter(|id| !used.reasons.contains(id.as_str()));
    let findings = unused.map(|id| {
        let message = LocalText::new(format!("nothing gives the reason `{id}`"), format!("没有规则给出原因码 `{id}`"));
        let help = LocalText::new("take it away, or give it in the rule that it was made for", "请删除，或在应使用它的规则中给出");
        CHECK.finding(cx.place(&format!("reasons.{id}")), message).with_help(help)
    });
    findings.collect()
}
