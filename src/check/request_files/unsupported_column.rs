//! `unsupported-column`: a column of a type that no field can have.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "unsupported-column",
    severity: Severity::Error,
    title: StaticText::new("a column of a type that no field can have", "类型不受支持的列"),
    what: StaticText::new(
        "Finds columns of a Parquet file that hold lists, maps, raw bytes and the like.",
        "找出 Parquet 文件中存放列表、映射、原始字节等类型的列。",
    ),
    why: StaticText::new("There is no value of a request in it.", "其中没有可作为请求的值。"),
    example: Example::None,
    remedy: StaticText::new(
        "List it under `ignore` in the mapping, or write it as text.",
        "请将其列入映射的 `ignore`，或以文本写出。",
    ),
});
