//! `runs-interpreted`: a rule that the plan cannot run, so that the interpreter does.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::plan::Plan;
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "runs-interpreted",
        severity: Severity::Note,
        title: StaticText::new("a rule that is decided by the slower way", "以较慢方式执行的规则"),
        what: StaticText::new(
            "Finds rules that hold a loop or something else that cannot be decided for many requests at once. Nothing is said of a script with errors.",
            "找出含有循环等无法批量执行的写法的规则。脚本有错误时不报告。",
        ),
        why: StaticText::new(
            "The decision is the same, but such a rule takes many times as long, which shows in dry runs over many requests.",
            "决策结果相同，但此类规则耗时要多出许多倍，对大量请求试运行时会明显变慢。",
        ),
        example: Example::Script {
            wrong: r#"let n = 0;
for i in 0..3 {
    n += velocity.cards_by_mobile;
}
if n > 9 {
    refer("TOO_MANY_CARDS")
}"#,
            right: r#"let n = 3 * velocity.cards_by_mobile;
if n > 9 {
    refer("TOO_MANY_CARDS")
}"#,
        },
        remedy: StaticText::new(
            "Write it without what is underlined, where that is possible; otherwise leave it: the rule works.",
            "如有可能，请改用不含标注部分的写法；否则可保留，规则仍然有效。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let plan = Plan::new(cx.definition, cx.program);
    let rules = cx.definition.rule_set.rules();
    let sound = rules.filter(|(index, ..)| cx.program.tree(*index).is_some_and(|tree| tree.faults.is_empty()));
    let findings = sound.filter_map(|(index, _, rule)| {
        let refused = plan.rule(index).err()?;
        let message = LocalText::new(
            format!("the rule `{}` runs by the interpreter, because of {}", rule.id, refused.why.en),
            format!("规则 `{}` 由解释器执行，原因：{}", rule.id, refused.why.zh),
        );
        let help = LocalText::new("write it without this where that is possible", "如有可能，请改用其他写法");
        Some(CHECK.finding(refused.span, message).with_help(help))
    });
    findings.collect()
}
