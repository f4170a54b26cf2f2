//! `too-large-column`: a column with more text than a table can hold.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "too-large-column",
    severity: Severity::Error,
    title: StaticText::new("a column with more text than a table can hold", "文本总量超出上限的列"),
    what: StaticText::new("Finds columns whose text is larger than can be addressed.", "找出文本总量超过可寻址范围的列。"),
    why: StaticText::new("Nothing may be left out silently.", "不得悄悄丢弃任何内容。"),
    example: Example::None,
    remedy: StaticText::new(
        "Split the file, or list the column under `ignore` in the mapping.",
        "请拆分文件，或将该列列入映射的 `ignore`。",
    ),
});
