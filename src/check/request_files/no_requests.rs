//! `no-requests`: a request file without a request.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "no-requests",
    severity: Severity::Error,
    title: StaticText::new("a request file without a request", "没有请求的文件"),
    what: StaticText::new("Finds files that have column names and no row.", "找出只有列名、没有记录的文件。"),
    why: StaticText::new("A dry run over nothing shows nothing wrong.", "对空文件试运行，不会发现任何问题。"),
    example: Example::None,
    remedy: StaticText::new(
        "Look whether the export has finished, and whether the right file is named.",
        "请检查导出是否完成、文件是否正确。",
    ),
});
