//! `journal-gap`: a line of the journal that is missing.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "journal-gap",
    severity: Severity::Error,
    title: StaticText::new("a line of the journal that is missing", "日志行缺失"),
    what: StaticText::new(
        "Finds lines of `journal.jsonl` that follow a line which is not there, and a second beginning.",
        "找出 `journal.jsonl` 中所接续记录缺失的行，以及第二个起点。",
    ),
    why: StaticText::new(
        "The journal is what an auditor relies on: a line that can be changed or taken out unseen proves nothing.",
        "日志是审计的依据：若记录能在不被察觉时被改动或删除，就不能证明任何事情。",
    ),
    example: Example::None,
    remedy: StaticText::new(
        "Restore the file from git or a backup. After a merge, keep the lines of both branches: `.gitattributes` with `journal.jsonl merge=union` does.",
        "请从 git 或备份恢复该文件。合并分支时须保留双方的行：可在 `.gitattributes` 中写 `journal.jsonl merge=union`。",
    ),
});
