//! `line-too-long`: a line that is too long.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "line-too-long",
    severity: Severity::Error,
    title: StaticText::new("a line that is too long", "过长的行"),
    what: StaticText::new("Finds lines of a request file far longer than any real one.", "找出请求文件中远超正常长度的行。"),
    why: StaticText::new(
        "Reading it would take the memory of the machine; most likely the file is of another kind.",
        "读取它会耗尽内存；文件很可能不是该格式。",
    ),
    example: Example::None,
    remedy: StaticText::new("Look whether the file is of the format that its name says.", "请检查文件格式是否与其名称相符。"),
});
