//! `not-an-outcome`: a script whose value is no outcome, or none for its stage.

use crate::check::{Check, stage_outcomes};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::script::Type;
use crate::script::tree::Purpose;
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    stage_outcomes::check,
    Documentation {
        id: "not-an-outcome",
        severity: Severity::Error,
        title: StaticText::new(
            "a script whose value is no outcome, or none for its stage",
            "脚本的值不是规则结果，或不适用于所在阶段",
        ),
        what: StaticText::new(
            "Finds scripts that end in something that is neither an outcome, nor an array of outcomes, nor `()`; outcomes of the wrong kind for the rule's stage; and conditions of invariants that are not a Bool.",
            "找出结尾的值既不是规则结果、也不是规则结果数组、也不是 `()` 的脚本；与所在阶段不符的规则结果；以及不是布尔值的不变式条件。",
        ),
        why: StaticText::new(
            "Such a value is a failure at run time. A Screen stage takes `accept`, `step_up`, `refer`, `decline` and `score`; a Limit stage `limit`; a Route stage `route`.",
            "这样的值在运行时会出错。Screen 阶段接受 `accept`、`step_up`、`refer`、`decline` 和 `score`；Limit 阶段接受 `limit`；Route 阶段接受 `route`。",
        ),
        example: Example::Script {
            wrong: r#"if customer.kind == "new" {
    limit(#{ single: yuan(5_000) })
}"#,
            right: r#"if customer.kind == "new" {
    step_up("HIGH_AMOUNT")
}"#,
        },
        remedy: StaticText::new(
            "End every way through the script with an outcome that the stage takes, or with nothing; or move the rule to another stage.",
            "脚本的每条路径都应以所在阶段接受的规则结果结束，或不返回任何值；也可以把规则移到其他阶段。",
        ),
    },
);

/// Says what the script's value is instead.
pub(in crate::check) fn finding(span: Span, purpose: Purpose, found: &Type) -> Finding {
    let found = found.text();
    if purpose == Purpose::Condition {
        let message = LocalText::new(
            format!("the condition of an invariant must be a Bool, not {}", found.en),
            format!("不变式的条件必须是布尔值 Bool，而不是{}", found.zh),
        );
        return CHECK.finding(span, message).with_help(LocalText::new("end it with a comparison", "请以比较结尾"));
    }
    let message = LocalText::new(
        format!("the value of a rule must be an outcome, not {}", found.en),
        format!("规则的值必须是规则结果，而不是{}", found.zh),
    );
    let help = LocalText::new(
        "end with an outcome such as `decline(\"REASON\")`, an array of outcomes, or `()`",
        "请以规则结果结尾，例如 `decline(\"REASON\")`、规则结果数组或 `()`",
    );
    CHECK.finding(span, message).with_help(help)
}
