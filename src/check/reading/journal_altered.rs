//! `journal-altered`: a line of the journal that was changed.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "journal-altered",
    severity: Severity::Error,
    title: StaticText::new("a line of the journal that was changed", "日志行被改动"),
    what: StaticText::new(
        "Finds lines of `journal.jsonl` that are not as they were written, or stand there twice.",
        "找出 `journal.jsonl` 中与写入时不一致或重复出现的行。",
    ),
    why: StaticText::new(
        "The journal is what an auditor relies on: a line that can be changed or taken out unseen proves nothing.",
        "日志是审计的依据：若记录能在不被察觉时被改动或删除，就不能证明任何事情。",
    ),
    example: Example::None,
    remedy: StaticText::new(
        "Restore the file from git or a backup, and ask who changed it.",
        "请从 git 或备份恢复该文件，并查明改动者。",
    ),
});
