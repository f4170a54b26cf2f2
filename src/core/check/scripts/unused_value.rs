//! `unused-value`: a value that nothing reads.

use crate::check::{Check, Context, said};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::script::usage::UnusedKind;
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "unused-value",
        severity: Severity::Warning,
        title: StaticText::new("a value that nothing reads", "没有被使用的值"),
        what: StaticText::new(
            "Finds values given to a variable that is assigned again, or not looked at any more, before anything reads them; and statements that only compute a value, such as `x == 5;`.",
            "找出赋给变量后、在被读取之前又被覆盖或不再使用的值；以及只计算一个值而没有任何作用的语句，例如 `x == 5;`。",
        ),
        why: StaticText::new(
            "What was computed has no effect on the decision, so the script does not do what it seems to do.",
            "计算结果不影响决策，脚本的实际效果与看上去的不一致。",
        ),
        example: Example::Script {
            wrong: r#"let cards = velocity.cards_by_mobile + 1;
cards = velocity.cards_by_mobile;
if cards > 5 {
    refer("TOO_MANY_CARDS")
}"#,
            right: r#"let cards = velocity.cards_by_mobile + 1;
if cards > 5 {
    refer("TOO_MANY_CARDS")
}"#,
        },
        remedy: StaticText::new(
            "Use the value, or take the assignment away; to compare and decide, write the comparison as the condition of an `if`.",
            "请使用该值，或删除该赋值；若要比较后再决定，请把比较写成 `if` 的条件。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let findings = cx.unused.iter().filter_map(|unused| {
        let (message, help) = match &unused.what {
            UnusedKind::Assigned(name) => (
                LocalText::new(
                    format!("nothing reads this value of `{name}`: it is replaced, or the script ends first"),
                    format!("没有代码读取 `{name}` 的这个值：它被覆盖，或脚本已结束"),
                ),
                LocalText::new("use the value before that, or take the assignment away", "请先使用该值，或删除该赋值"),
            ),
            UnusedKind::Statement => (
                LocalText::new("this only computes a value, and the value is thrown away", "此语句只计算一个值，而该值被丢弃"),
                LocalText::new(
                    "take it away, or use the value: in a condition, in a variable, or at the script's end",
                    "请删除，或使用该值：作为条件、存入变量，或作为脚本的结尾",
                ),
            ),
            UnusedKind::Outcome | UnusedKind::Variable { .. } => return None,
        };
        Some(said::called_from(CHECK.finding(unused.span, message).with_help(help), unused.called_from))
    });
    findings.collect()
}
