//! `dynamic-reason`: a reason that is not written out.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "dynamic-reason",
    severity: Severity::Error,
    title: StaticText::new("a reason that is not written out", "未直接写明的原因码"),
    what: StaticText::new(
        "Finds outcomes whose reason is computed, so that nobody can say beforehand which it is. A text in quotes will do, or a parameter whose enum has only known reasons.",
        "找出原因码由计算得出、无法事先确定的规则结果。应使用带引号的文本，或取值全部为已登记原因码的枚举参数。",
    ),
    why: StaticText::new(
        "A computed code may be one that the rule set does not have, and that would show only at run time.",
        "计算出的原因码可能未在规则集中登记，而这只有运行时才会暴露。",
    ),
    example: Example::Script { wrong: "decline(customer.id_hash)", right: r#"decline("BLOCKED_ID")"# },
    remedy: StaticText::new(
        "Write the reason out; where it differs, use one `if` branch for each.",
        "请直接写出原因码；如有不同，请为每个原因码各写一个 `if` 分支。",
    ),
});

/// Says that the code must be written out.
pub(in crate::check) fn finding(span: Span) -> Finding {
    let message = LocalText::new("nobody can say beforehand which reason this is", "无法事先确定此处是哪个原因码");
    let help = LocalText::new(
        "write the code in quotes, in one `if` branch for each reason",
        "请用引号直接写出原因码，每个原因码各用一个 `if` 分支",
    );
    CHECK.finding(span, message).with_help(help)
}
