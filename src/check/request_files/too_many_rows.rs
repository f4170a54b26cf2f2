//! `too-many-rows`: more rows than a table can hold.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "too-many-rows",
    severity: Severity::Error,
    title: StaticText::new("more rows than a table can hold", "记录数超出上限"),
    what: StaticText::new("Finds files with more rows than can be numbered.", "找出记录数超过可编号范围的文件。"),
    why: StaticText::new("Nothing may be left out silently.", "不得悄悄丢弃任何记录。"),
    example: Example::None,
    remedy: StaticText::new("Split the file.", "请拆分文件。"),
});
