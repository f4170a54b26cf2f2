//! `unknown-word`: a word that is none of those allowed.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Part, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "unknown-word",
    severity: Severity::Error,
    title: StaticText::new("a word that is none of those allowed", "不在允许范围内的词"),
    what: StaticText::new(
        "Finds words such as a status, a verdict or a type that are none of the known ones.",
        "找出不属于已知取值的词，例如状态、结论或类型。",
    ),
    why: StaticText::new("A status that nobody understands is neither on nor off.", "无法理解的状态既不是启用也不是停用。"),
    example: Example::Entry {
        part: Part::Rule,
        wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Activ, script: "risk/extra.rhai"),"#,
        right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
    },
    remedy: StaticText::new(
        "Write one of the words that are known here; upper and lower case count.",
        "请写此处已知的词之一；区分大小写。",
    ),
});
