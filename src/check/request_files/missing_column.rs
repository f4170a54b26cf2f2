//! `missing-column`: a column that is needed and not there.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "missing-column",
    severity: Severity::Error,
    title: StaticText::new("a column that is needed and not there", "缺少必需的列"),
    what: StaticText::new(
        "Finds fields that are never missing, and for which a request file has no column.",
        "找出请求文件中没有对应列的必填字段。",
    ),
    why: StaticText::new("No request could be made of such a row.", "这样的记录无法构成请求。"),
    example: Example::None,
    remedy: StaticText::new(
        "Name the column in the mapping, give the field a constant there, or choose another file.",
        "请在映射中写明列名或给该字段一个常量，或换用其他文件。",
    ),
});
