//! `unknown-format`: a file of a format that this program does not read.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "unknown-format",
    severity: Severity::Error,
    title: StaticText::new("a file of a format that this program does not read", "本程序不支持的文件格式版本"),
    what: StaticText::new(
        "Finds files whose `format` number is missing, not first, or not one that is known.",
        "找出缺少 `format`、未将其写在开头，或版本号未知的文件。",
    ),
    why: StaticText::new("A newer format may mean something else by the same words.", "在更新的格式中，同样的写法可能有不同含义。"),
    example: Example::None,
    remedy: StaticText::new(
        "Write `format: 1` first, or use the program that wrote the file.",
        "请在开头写 `format: 1`，或使用写出该文件的程序版本。",
    ),
});
