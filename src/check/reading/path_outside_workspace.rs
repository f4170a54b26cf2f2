//! `path-outside-workspace`: a file outside the workspace.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Part, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "path-outside-workspace",
    severity: Severity::Error,
    title: StaticText::new("a file outside the workspace", "工作区以外的文件"),
    what: StaticText::new(
        "Finds file names that are absolute, hold `..`, or lead outside by a link.",
        "找出绝对路径、含 `..` 的路径，或经链接指向工作区之外的文件名。",
    ),
    why: StaticText::new(
        "A workspace must mean the same on every machine, and read nothing that was not approved with it.",
        "工作区在任何机器上都应含义相同，且不得读取未随其审批的内容。",
    ),
    example: Example::Entry {
        part: Part::Rule,
        wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "../extra.rhai"),"#,
        right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
    },
    remedy: StaticText::new(
        "Move the file into the workspace and name it from there, with `/`: `risk/age.rhai`.",
        "请将文件移入工作区，并用 `/` 书写相对路径：`risk/age.rhai`。",
    ),
});
