//! `release-state`: a step out of turn.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "release-state",
    severity: Severity::Error,
    title: StaticText::new("a step out of turn", "操作顺序不符"),
    what: StaticText::new(
        "Refuses what cannot follow where a release is on its way: approving what was not submitted, publishing what was withdrawn.",
        "拒绝与发布当前状态不符的操作：审批未提交的发布，上线已撤回的发布等。",
    ),
    why: StaticText::new(
        "Draft, submitted, approved, live, superseded or withdrawn: the journal must tell one story of each release.",
        "草稿、已提交、已审批、现行、已取代或已撤回：日志对每个发布只能有一种记载。",
    ),
    example: Example::None,
    remedy: StaticText::new(
        "Look at `countersign journal show`. A release that was rejected or withdrawn is not taken up again: make a new one.",
        "请查看 `countersign journal show`。已驳回或已撤回的发布不再恢复：请重新生成。",
    ),
});
