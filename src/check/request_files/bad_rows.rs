//! `bad-rows`: a request file with rows that do not fit.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "bad-rows",
    severity: Severity::Error,
    title: StaticText::new("a request file with rows that do not fit", "请求文件中有不符合的记录"),
    what: StaticText::new(
        "Says how many rows of a request file do not fit; the first of them are shown as `bad-row`.",
        "说明请求文件中不符合的记录条数；前若干条以 `bad-row` 显示。",
    ),
    why: StaticText::new(
        "A dry run over part of a file would pass for one over all of it.",
        "只对部分记录试运行，会被误认为覆盖了全部记录。",
    ),
    example: Example::None,
    remedy: StaticText::new(
        "Mend the rows, or set them aside and have them counted with `--rejects FILE`.",
        "请改正这些记录，或用 `--rejects 文件` 剔除并计数。",
    ),
});
