//! `unwritable-rejects`: rejects that cannot be written.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "unwritable-rejects",
    severity: Severity::Error,
    title: StaticText::new("rejects that cannot be written", "无法写出被剔除的记录"),
    what: StaticText::new("Says that the file for rejected rows could not be written.", "说明无法写入用于存放被剔除记录的文件。"),
    why: StaticText::new("Rows that are set aside and not kept would be lost.", "剔除而未保存的记录将会丢失。"),
    example: Example::None,
    remedy: StaticText::new("Choose another folder, or make room on the disk.", "请选择其他文件夹，或清理磁盘空间。"),
});
