//! `unused-parameter`: a parameter that no script reads.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "unused-parameter",
        severity: Severity::Warning,
        title: StaticText::new("a parameter that no script reads", "没有脚本使用的参数"),
        what: StaticText::new(
            "Finds parameters that neither a rule nor an invariant reads. Nothing is said while a script cannot be read.",
            "找出规则和不变式都未读取的参数。若有脚本无法解析，则不报告。",
        ),
        why: StaticText::new("Staff may set it and believe that something changes.", "业务人员可能会修改它，并以为会产生效果。"),
        example: Example::Entry {
            part: Part::Parameter,
            wrong: r#""max_devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
            right: r#"// "max_devices" is gone: no script read it."#,
        },
        remedy: StaticText::new(
            "Take it away, or read it in the script that has the number written out.",
            "请删除它，或在直接写了数字的脚本中改用它。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(used) = &cx.used else { return Vec::new() };
    let all = cx.definition.rule_set.parameters.keys();
    let unused = all.filter(|id| !used.parameters.contains(id.as_str()));
    let findings = unused.map(|id| {
        let message = LocalText::new(format!("no script reads the parameter `{id}`"), format!("没有脚本使用参数 `{id}`"));
        let help = LocalText::new(
            "take it away, or read it as `params.…` where its value is written out",
            "请删除，或在直接写了数值的地方改用 `params.…`",
        );
        CHECK.finding(cx.place(&format!("parameters.{id}")), message).with_help(help)
    });
    findings.collect()
}
