//! `duplicate-column`: a column that stands twice.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "duplicate-column",
    severity: Severity::Error,
    title: StaticText::new("a column that stands twice", "重复的列"),
    what: StaticText::new("Finds request files with two columns of the same name.", "找出有两个同名列的请求文件。"),
    why: StaticText::new("Nobody can say which of them counts.", "无从知道哪一列算数。"),
    example: Example::None,
    remedy: StaticText::new("Rename one of them, or take it out.", "请给其中一列改名，或删除。"),
});
