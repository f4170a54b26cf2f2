//! `not-utf8`: a file that is not UTF-8 text.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "not-utf8",
    severity: Severity::Error,
    title: StaticText::new("a file that is not UTF-8 text", "不是 UTF-8 文本的文件"),
    what: StaticText::new(
        "Finds data files, scripts and lists with bytes that are not UTF-8.",
        "找出含有非 UTF-8 字节的数据文件、脚本和名单。",
    ),
    why: StaticText::new(
        "Text in another encoding, such as GBK, would be read as other characters.",
        "其他编码（如 GBK）的文本会被读成别的字符。",
    ),
    example: Example::None,
    remedy: StaticText::new("Save the file as UTF-8.", "请将文件另存为 UTF-8 编码。"),
});
