//! `no-scratch-space`: no room for what memory does not hold.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "no-scratch-space",
    severity: Severity::Error,
    title: StaticText::new("no room for a scratch file", "没有存放临时文件的空间"),
    what: StaticText::new(
        "Says that a scratch file could not be made, written or read: over a file larger than memory, keys and customers are counted \
         in one, about 50 bytes for each request.",
        "说明无法创建、写入或读取临时文件：对大于内存的请求文件，主键与客户在临时文件中计数，每条请求约占 50 字节。",
    ),
    why: StaticText::new(
        "Counts of keys that repeat and of distinct customers are exact, or are not given at all.",
        "重复主键数与不同客户数要么准确，要么不给出。",
    ),
    example: Example::None,
    remedy: StaticText::new(
        "Free some space, or set the environment variable TMPDIR to a folder that has some.",
        "请清理磁盘空间，或将环境变量 TMPDIR 指向有空间的目录。",
    ),
});
