//! `unknown-limit`: a limit that is none of `single`, `day`, `month`, `year`.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity, suggest};
use crate::model::Limit;
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "unknown-limit",
    severity: Severity::Error,
    title: StaticText::new(
        "a limit that is none of `single`, `day`, `month`, `year`",
        "不是 `single`、`day`、`month`、`year` 的限额",
    ),
    what: StaticText::new("Finds keys of `limit(#{ … })` that name no limit.", "找出 `limit(#{ … })` 中不是限额名称的键。"),
    why: StaticText::new(
        "A limit under a misspelt key would not be set, and the customer could pay without it.",
        "键名写错的限额不会生效，客户就可以不受其约束地支付。",
    ),
    example: Example::Entry {
        part: Part::LimitScript,
        wrong: "limit(#{ singel: yuan(5_000) })",
        right: "limit(#{ single: yuan(5_000) })",
    },
    remedy: StaticText::new(
        "Write `single`, `day`, `month` or `year`.",
        "请写 `single`（单笔）、`day`（日累计）、`month`（月累计）或 `year`（年累计）。",
    ),
});

/// Says that there is no such limit.
pub(in crate::check) fn finding(span: Span, key: &str) -> Finding {
    let message = LocalText::new(format!("there is no limit `{key}`"), format!("没有名为 `{key}` 的限额"));
    let known = Limit::ALL.map(Limit::word);
    suggest(CHECK.finding(span, message), key, known.into_iter())
}
