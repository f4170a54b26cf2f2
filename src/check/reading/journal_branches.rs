//! `journal-branches`: branches of the journal that are not joined.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "journal-branches",
    severity: Severity::Note,
    title: StaticText::new("branches of the journal that are not joined", "日志分支尚未汇合"),
    what: StaticText::new(
        "Finds a journal with several ends, as git leaves it after a merge of two branches.",
        "发现日志有多个末端，git 合并两个分支后即为如此。",
    ),
    why: StaticText::new("Nothing is wrong: the next entry names both ends.", "这并非错误：下一条记录会同时接续各末端。"),
    example: Example::None,
    remedy: StaticText::new("Nothing need be done.", "无需处理。"),
});
