//! `unreadable-file`: a file that cannot be read or written.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "unreadable-file",
    severity: Severity::Error,
    title: StaticText::new("a file that cannot be read or written", "无法读写的文件"),
    what: StaticText::new(
        "Finds files and folders that the operating system refuses: no permission, a full disk, a folder in place of a file.",
        "找出操作系统拒绝访问的文件和文件夹：没有权限、磁盘已满、文件处是文件夹。",
    ),
    why: StaticText::new("Half a workspace is none.", "不完整的工作区等于没有工作区。"),
    example: Example::None,
    remedy: StaticText::new("Look at the permissions and the space on the disk.", "请检查权限和磁盘空间。"),
});
