//! `wrong-mapping`: a column mapping that contradicts itself.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "wrong-mapping",
    severity: Severity::Error,
    title: StaticText::new("a column mapping that contradicts itself", "自相矛盾的列映射"),
    what: StaticText::new(
        "Finds mappings whose parts do not go together: a field with two sources, a delimiter of two characters, words without a yes.",
        "找出各部分互相矛盾的列映射：一个字段有两个来源、分隔符多于一个字符、缺少表示“是”的词。",
    ),
    why: StaticText::new(
        "A foreign file read in a way that nobody meant gives decisions on requests that never were.",
        "按错误的方式读取外部文件，会对从未发生的请求作出决定。",
    ),
    example: Example::None,
    remedy: StaticText::new(
        "Give every field one source, and only the parts that its type knows.",
        "请为每个字段只写一个来源，且只写其类型支持的部分。",
    ),
});
