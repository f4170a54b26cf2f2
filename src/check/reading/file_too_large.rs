//! `file-too-large`: a file that is too large to be meant.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "file-too-large",
    severity: Severity::Error,
    title: StaticText::new("a file that is too large to be meant", "文件过大"),
    what: StaticText::new(
        "Finds data files, scripts and lists far larger than any real one.",
        "找出远大于正常规模的数据文件、脚本和名单。",
    ),
    why: StaticText::new(
        "Reading it would take the memory of the machine; most likely it is another file by mistake.",
        "读取它会耗尽内存；很可能是放错了文件。",
    ),
    example: Example::None,
    remedy: StaticText::new("Look whether the right file stands there.", "请检查该处是否放错了文件。"),
});
