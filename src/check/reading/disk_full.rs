//! `disk-full`: a file that was not written because the disk is full.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "disk-full",
    severity: Severity::Error,
    title: StaticText::new("a file that was not written because the disk is full", "磁盘已满，文件未写入"),
    what: StaticText::new(
        "Says that the disk, or the user's share of it, had no room for a file that was being written.",
        "说明磁盘空间或用户配额不足，正在写出的文件未能写入。",
    ),
    why: StaticText::new(
        "Half a report or half a release would pass for a whole one. What stood there before is as it was.",
        "写了一半的报告或发布文件会被误认为是完整的。原有文件保持不变。",
    ),
    example: Example::None,
    remedy: StaticText::new("Free some space, or write to another disk.", "请清理磁盘空间，或写到其他磁盘。"),
});
