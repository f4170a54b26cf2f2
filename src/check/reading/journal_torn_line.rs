//! `journal-torn-line`: a line of the journal that was cut.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "journal-torn-line",
    severity: Severity::Warning,
    title: StaticText::new("a line of the journal that was cut", "日志行写入中断"),
    what: StaticText::new(
        "Finds lines of `journal.jsonl` that a crash or a full disk cut short. They count for nothing.",
        "找出 `journal.jsonl` 中因崩溃或磁盘已满而未写完的行。这些行不计为记录。",
    ),
    why: StaticText::new("What was being done may or may not have been done.", "当时的操作可能完成，也可能没有完成。"),
    example: Example::None,
    remedy: StaticText::new(
        "Look at the release it was about; the next verb notes again what its signatures show.",
        "请查看相关发布；下一次操作会依据其中的签名补记。",
    ),
});
