//! `parameter-out-of-range`: a parameter outside its range.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "parameter-out-of-range",
        severity: Severity::Error,
        title: StaticText::new("a parameter outside its range", "参数值超出范围"),
        what: StaticText::new(
            "Finds parameters whose value is not between `min` and `max`, both included.",
            "找出取值不在 `min` 与 `max` 之间（含两端）的参数。",
        ),
        why: StaticText::new(
            "The range is what was approved; a value outside it has slipped past whoever set the range.",
            "范围是经过审批的；超出范围的取值绕过了当初设定范围的人。",
        ),
        example: Example::Entry {
            part: Part::Parameter,
            wrong: r#""max_devices": (type: Int, value: 100, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
            right: r#""max_devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
        },
        remedy: StaticText::new(
            "Set a value inside the range, or have the range changed by whoever answers for it.",
            "请设置范围内的值，或请负责人修改范围。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let zone = cx.definition.schema.zone;
    let mut findings = Vec::new();
    for (id, parameter) in &cx.definition.rule_set.parameters {
        // A range that holds no value at all is another check's.
        let Some(range) = parameter.range.as_ref().filter(|range| range.holds_any()) else { continue };
        if range.contains(&parameter.value) {
            continue;
        }
        let (value, min, max) = (parameter.value.show(zone), range.min.show(zone), range.max.show(zone));
        let message = LocalText::new(
            format!("`{value}` is outside the range of `{id}`, `{min}` to `{max}`"),
            format!("`{value}` 超出了参数 `{id}` 的范围 `{min}` 至 `{max}`"),
        );
        let help = LocalText::new("set a value inside the range, or change the range", "请设置范围内的值，或修改范围");
        let range = LocalText::new("the range is here", "范围在此处");
        let finding = CHECK.finding(cx.place(&format!("parameters.{id}.value")), message).with_help(help);
        findings.push(finding.with_note(cx.place(&format!("parameters.{id}.range")), range));
    }
    findings
}
