//! `damaged-file`: a request file that is damaged.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "damaged-file",
    severity: Severity::Error,
    title: StaticText::new("a request file that is damaged", "损坏的请求文件"),
    what: StaticText::new(
        "Finds files that end in the middle, or whose form is broken: a quote that is never closed, a Parquet file without its end.",
        "找出中途截断或格式损坏的文件：引号未闭合、Parquet 文件缺少结尾。",
    ),
    why: StaticText::new(
        "What is missing at the end of a file cannot be seen in the figures.",
        "文件末尾缺失的内容在统计数字中是看不出来的。",
    ),
    example: Example::None,
    remedy: StaticText::new("Copy or export the file again.", "请重新复制或导出该文件。"),
});
