//! `mild-on-error`: a failing rule that would let requests through.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::Verdict;
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "mild-on-error",
        severity: Severity::Error,
        title: StaticText::new("a failing rule that would let requests through", "规则出错时会放行请求"),
        what: StaticText::new("Finds an `on_error` whose verdict is milder than Refer.", "找出结论轻于 Refer 的 `on_error`。"),
        why: StaticText::new(
            "A rule that fails has decided nothing. Letting its requests through would turn every mistake into a hole.",
            "出错的规则没有作出任何判断。若因此放行请求，每个错误都会成为漏洞。",
        ),
        example: Example::Entry {
            part: Part::OnError,
            wrong: r#"on_error: (verdict: Accept, reason: "SYSTEM_ERROR"),"#,
            right: r#"on_error: (verdict: Refer, reason: "SYSTEM_ERROR"),"#,
        },
        remedy: StaticText::new("Write `Refer` or `Decline`.", "请写 `Refer`（转人工审核）或 `Decline`（拒绝）。"),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let verdict = cx.definition.rule_set.on_error.verdict;
    if verdict >= Verdict::Refer {
        return Vec::new();
    }
    let text = verdict.text();
    let message = LocalText::new(
        format!("a rule that fails would let requests through with `{}`", text.en),
        format!("规则出错时若取 `{}` 会放行请求", text.zh),
    );
    let help = LocalText::new("write `Refer` or `Decline`", "请写 `Refer` 或 `Decline`");
    vec![CHECK.finding(cx.place("on_error.verdict"), message).with_help(help)]
}
