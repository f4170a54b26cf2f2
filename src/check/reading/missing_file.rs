//! `missing-file`: a file that is not there.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Part, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "missing-file",
    severity: Severity::Error,
    title: StaticText::new("a file that is not there", "缺少文件"),
    what: StaticText::new(
        "Finds scripts, lists and shared functions that `ruleset.ron` names and that the workspace does not have; also a workspace without `ruleset.ron` or `schema.ron`.",
        "找出 `ruleset.ron` 引用而工作区中没有的脚本、名单和共享函数文件；以及缺少 `ruleset.ron` 或 `schema.ron` 的工作区。",
    ),
    why: StaticText::new("Without the file nobody knows what the rule decides.", "没有该文件就无从知道规则如何决策。"),
    example: Example::Entry {
        part: Part::Rule,
        wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/exrta.rhai"),"#,
        right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
    },
    remedy: StaticText::new(
        "Correct the name, or add the file. Names count upper and lower case.",
        "请更正文件名，或添加该文件。文件名区分大小写。",
    ),
});
