//! `changed-on-disk`: a file that changed while it was edited.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "changed-on-disk",
    severity: Severity::Error,
    title: StaticText::new("a file that changed while it was edited", "编辑期间文件已被修改"),
    what: StaticText::new(
        "Finds files that another program changed after they were loaded and before they were saved.",
        "找出加载之后、保存之前被其他程序修改的文件。",
    ),
    why: StaticText::new("Saving would throw the other changes away.", "直接保存会丢失他人的修改。"),
    example: Example::None,
    remedy: StaticText::new("Load the workspace again, and repeat your change.", "请重新加载工作区，再次进行修改。"),
});
