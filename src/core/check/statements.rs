//! Statements that are not allowed, never run or run slowly.

use super::context::Context;
use super::kinds::{ASSIGNMENT_TO_CONSTANT, RECURSION, RUNS_INTERPRETED, UNBOUNDED_LOOP, UNREACHABLE_CODE};
use crate::diagnostic::Finding;
use crate::plan::Plan;
use crate::script::kinds::{ASSIGNMENT_IN_CONDITION, FORBIDDEN_CONSTRUCT};
use crate::text::{LocalText, Span};

/// The fix doubles the `=` where the span holds nothing else.
pub(super) fn assignment_in_condition(cx: &Context<'_>, span: Span) -> Finding {
    let message = LocalText::new("this assigns instead of comparing", "此处是赋值而不是比较");
    let finding =
        Finding::new(ASSIGNMENT_IN_CONDITION, span, message).with_help(LocalText::new("write `==` to compare", "比较请写 `==`"));
    if cx.text(span) == "=" { finding.with_fix(span, "==") } else { finding }
}

pub(super) fn assignment_to_constant(span: Span, text: &str) -> Finding {
    let message = LocalText::new(format!("`{text}` cannot be changed"), format!("`{text}` 不可修改"));
    let help =
        LocalText::new("keep the new value in a variable of its own: `let x = …;`", "请将新值保存在另一个变量中：`let x = …;`");
    Finding::new(ASSIGNMENT_TO_CONSTANT, span, message).with_help(help)
}

pub(super) fn forbidden_construct(span: Span, what: &LocalText) -> Finding {
    let message = LocalText::new(format!("{} may not stand in a script", what.en), format!("脚本中不允许使用{}", what.zh));
    let help = LocalText::new(
        "write it with conditions, comparisons and the functions that are documented",
        "请用条件、比较和文档中列出的函数改写",
    );
    Finding::new(FORBIDDEN_CONSTRUCT, span, message).with_help(help)
}

pub(super) fn recursion(span: Span, name: &str) -> Finding {
    let message = LocalText::new(format!("`{name}` calls itself"), format!("`{name}` 调用了自身"));
    let help = LocalText::new("use a loop with an end: `for i in 0..10`", "请使用有终点的循环：`for i in 0..10`");
    Finding::new(RECURSION, span, message).with_help(help)
}

pub(super) fn unbounded_loop(span: Span) -> Finding {
    let message = LocalText::new("nothing ends this loop", "没有任何条件能结束该循环");
    let help = LocalText::new(
        "use `for x in 0..10`, or leave it with `break` or `return`",
        "请使用 `for x in 0..10`，或用 `break`、`return` 退出",
    );
    Finding::new(UNBOUNDED_LOOP, span, message).with_help(help)
}

pub(super) fn unreachable_code(span: Span) -> Finding {
    let message = LocalText::new("no request ever reaches this", "任何请求都无法到达此处");
    let help = LocalText::new("take it away, or move it before what ends the script", "请删除，或移到结束脚本的语句之前");
    Finding::new(UNREACHABLE_CODE, span, message).with_help(help)
}

/// Rules without faults that the plan cannot run, so that the interpreter does.
pub(super) fn interpreted_rules(cx: &Context<'_>) -> Vec<Finding> {
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
        Some(Finding::new(RUNS_INTERPRETED, refused.span, message).with_help(help))
    });
    findings.collect()
}
