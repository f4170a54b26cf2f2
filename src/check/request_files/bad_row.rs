//! `bad-row`: a request that does not fit the schema.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "bad-row",
    severity: Severity::Error,
    title: StaticText::new("a request that does not fit the schema", "不符合请求结构的记录"),
    what: StaticText::new(
        "Finds rows of a request file with a value that is not of its field's type, an unknown value of an enum, or nothing where a value is needed. File, row, column, value and reason are named.",
        "找出请求文件中值与字段类型不符、枚举取值未知，或必填字段为空的记录，并指出文件、行、列、值和原因。",
    ),
    why: StaticText::new(
        "A row that is skipped or guessed at makes every figure of the report wrong.",
        "跳过或猜测记录会使报告中的每个数字都不可靠。",
    ),
    example: Example::None,
    remedy: StaticText::new(
        "Mend the row, describe the column in the mapping, or set such rows aside with `--rejects FILE`.",
        "请改正该记录，在映射中说明该列，或用 `--rejects 文件` 将此类记录剔除。",
    ),
});
