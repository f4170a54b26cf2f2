//! `empty-file`: a request file with nothing in it.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "empty-file",
    severity: Severity::Error,
    title: StaticText::new("a request file with nothing in it", "空的请求文件"),
    what: StaticText::new(
        "Finds files of no bytes, and tables without a line of column names.",
        "找出长度为零的文件，以及没有列名行的表。",
    ),
    why: StaticText::new("A dry run over nothing shows nothing wrong.", "对空文件试运行，不会发现任何问题。"),
    example: Example::None,
    remedy: StaticText::new(
        "Look whether the export has finished, and whether the right file is named.",
        "请检查导出是否完成、文件是否正确。",
    ),
});
