//! `bad-list-entry`: a list entry that cannot be one.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Part, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "bad-list-entry",
    severity: Severity::Error,
    title: StaticText::new("a list entry that cannot be one", "无效的名单条目"),
    what: StaticText::new(
        "Finds lines of a list that are no whole number in a list of type Int, or too long, or hold control characters.",
        "找出 Int 类型名单中不是整数的行，以及过长或含控制字符的行。",
    ),
    why: StaticText::new("An entry that is skipped blocks nobody.", "被跳过的条目拦不住任何人。"),
    example: Example::Entry {
        part: Part::IntList,
        wrong: "622202
62220x
",
        right: "622202
622203
",
    },
    remedy: StaticText::new("Mend the line, or make it a comment with `#` in front.", "请修正该行，或在行首加 `#` 作为注释。"),
});
