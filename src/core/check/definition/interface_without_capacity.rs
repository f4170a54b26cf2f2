//! `interface-without-capacity`: an interface whose capacity nobody knows.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "interface-without-capacity",
        severity: Severity::Warning,
        title: StaticText::new("an interface whose capacity nobody knows", "未注明容量的接口"),
        what: StaticText::new("Finds interfaces without `capacity_per_second`.", "找出没有写 `capacity_per_second` 的接口。"),
        why: StaticText::new(
            "A dry run shows the load of each interface against its capacity; without the number it can show the load alone.",
            "试运行会将各接口的负载与容量对照；没有该数字就只能显示负载。",
        ),
        example: Example::Entry {
            part: Part::Interface,
            wrong: r#""branch_9": (title: (en: "Branch 9", zh: "分行九")),"#,
            right: r#""branch_9": (title: (en: "Branch 9", zh: "分行九"), capacity_per_second: 100),"#,
        },
        remedy: StaticText::new(
            "Ask whoever runs the interface how many requests it carries a second.",
            "请向接口运行方确认其每秒可承载的请求数。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let all = cx.definition.rule_set.interfaces.iter();
    let findings = all.filter(|(_, interface)| interface.capacity_per_second.is_none()).map(|(id, _)| {
        let message =
            LocalText::new(format!("nobody says how much the interface `{id}` carries"), format!("接口 `{id}` 没有注明容量"));
        let help = LocalText::new("add `capacity_per_second: …`", "请添加 `capacity_per_second: …`");
        CHECK.finding(cx.place(&format!("interfaces.{id}")), message).with_help(help)
    });
    findings.collect()
}
