//! `lossy-save`: a change that files cannot hold.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "lossy-save",
    severity: Severity::Error,
    title: StaticText::new("a change that the files cannot hold", "文件无法保存的修改"),
    what: StaticText::new(
        "Finds changes that would read back as something else: two rules with one script file and different texts, a list entry with `#`.",
        "找出保存后再读取会改变含义的修改：两条规则共用一个脚本文件却内容不同，或名单条目含有 `#`。",
    ),
    why: StaticText::new(
        "What is saved must be what was edited; a change that is lost on the way is a rule that quietly differs.",
        "保存的内容必须与编辑的一致；途中丢失的修改会让规则悄悄走样。",
    ),
    example: Example::None,
    remedy: StaticText::new(
        "Give every script and every list a file of its own, and keep line breaks and `#` out of list entries.",
        "请为每个脚本和名单使用各自的文件，名单条目中不要含换行和 `#`。",
    ),
});
