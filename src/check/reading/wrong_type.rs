//! `wrong-type`: a part of another type.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Part, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "wrong-type",
    severity: Severity::Error,
    title: StaticText::new("a part of another type", "类型不符的部分"),
    what: StaticText::new(
        "Finds parts that hold a number where a text is wanted, a text where a list is wanted, and the like.",
        "找出类型不符的部分：应为文本却写了数字、应为列表却写了文本等。",
    ),
    why: StaticText::new("A value that is guessed at is a decision that nobody made.", "靠猜测得出的值，等于无人作出的决策。"),
    example: Example::Entry {
        part: Part::Rule,
        wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: 7, basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
        right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
    },
    remedy: StaticText::new("Write it as the help line says.", "请按提示书写。"),
});
