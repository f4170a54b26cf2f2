//! `wrong-range`: a range without a value in it, or for a type that has none.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::Range;
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "wrong-range",
        severity: Severity::Error,
        title: StaticText::new("a range without a value in it, or for a type that has none", "没有任何取值或不适用的范围"),
        what: StaticText::new(
            "Finds ranges whose `min` is above `max`, whose ends are of another type than the parameter, or that stand at a Bool, Text or Enum.",
            "找出 `min` 大于 `max`、两端类型与参数不同，或写在 Bool、Text、Enum 类型参数上的范围。",
        ),
        why: StaticText::new(
            "No value could ever be inside, so nobody could set the parameter.",
            "没有任何值能落在其中，参数将无法设置。",
        ),
        example: Example::Entry {
            part: Part::Parameter,
            wrong: r#""max_devices": (type: Int, value: 5, range: (min: 50, max: 1), text: (en: "devices", zh: "设备数")),"#,
            right: r#""max_devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
        },
        remedy: StaticText::new(
            "Write the smaller value as `min`; leave the range out for Bool, Text and Enum.",
            "请将较小的值写作 `min`；Bool、Text、Enum 类型请省略范围。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, parameter) in &cx.definition.rule_set.parameters {
        if parameter.range.as_ref().is_none_or(Range::holds_any) {
            continue;
        }
        let message =
            LocalText::new(format!("no value is inside the range of `{id}`"), format!("没有任何值落在参数 `{id}` 的范围内"));
        let help = LocalText::new(
            "write the smaller value as `min`, both of the parameter's type",
            "请将较小的值写作 `min`，且两端与参数类型一致",
        );
        findings.push(CHECK.finding(cx.place(&format!("parameters.{id}.range")), message).with_help(help));
    }
    findings
}
