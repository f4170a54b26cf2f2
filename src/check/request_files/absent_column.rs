//! `absent-column`: a column that the file does not have.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "absent-column",
    severity: Severity::Note,
    title: StaticText::new("a column that the file does not have", "文件中没有的列"),
    what: StaticText::new(
        "Finds optional fields for which a request file has no column: they are missing in every request.",
        "找出请求文件中没有对应列的可选字段：所有请求的该字段均为空。",
    ),
    why: StaticText::new("A rule that asks for the field never hits in this dry run.", "依赖该字段的规则在本次试运行中不会命中。"),
    example: Example::None,
    remedy: StaticText::new(
        "Nothing, where the file really lacks it; otherwise name the column in the mapping.",
        "若文件确实没有该列则无需处理；否则请在映射中写明列名。",
    ),
});
