//! `workspace-locked`: a workspace that another program is writing.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "workspace-locked",
    severity: Severity::Error,
    title: StaticText::new("a workspace that another program is writing", "工作区正被其他程序写入"),
    what: StaticText::new(
        "Finds that another program has been writing into the workspace for longer than a save takes.",
        "发现另一个程序占用工作区写入的时间超过一次保存所需。",
    ),
    why: StaticText::new("Two writers at once would lose what one of them wrote.", "同时写入会丢失其中一方的修改。"),
    example: Example::None,
    remedy: StaticText::new(
        "Wait until the other program is done, or end it. Nothing was changed.",
        "请等待另一个程序完成或将其结束。未作任何改动。",
    ),
});
