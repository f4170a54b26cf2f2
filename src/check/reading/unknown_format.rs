//! `unknown-format`: a file of a format that this program does not know.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "unknown-format",
    severity: Severity::Error,
    title: StaticText::new("a file of a format that this program does not know", "本程序不支持的文件格式"),
    what: StaticText::new(
        "Finds files of a workspace whose `format` number is missing, not first, or not one that is known, and files to be read or \
         written whose name does not tell what kind of file they are.",
        "找出工作区中缺少 `format`、未将其写在开头或版本号未知的文件，以及无法从扩展名判断类型的输入输出文件。",
    ),
    why: StaticText::new("A newer format may mean something else by the same words.", "在更新的格式中，同样的写法可能有不同含义。"),
    example: Example::None,
    remedy: StaticText::new(
        "Write `format: 1` first, or use the program that wrote the file; let the names of other files end as the message says.",
        "请在开头写 `format: 1`，或使用写出该文件的程序版本；其他文件的扩展名应与提示一致。",
    ),
});
