//! `unknown-key`: a part that the file's format does not have.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Part, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "unknown-key",
    severity: Severity::Error,
    title: StaticText::new("a part that the file's format does not have", "文件格式中没有的部分"),
    what: StaticText::new("Finds names before a `:` that mean nothing at their place.", "找出冒号 `:` 前在该处没有意义的名称。"),
    why: StaticText::new(
        "A part that nobody understands must not be skipped: a misspelt `until` would leave a rule on for ever.",
        "无法理解的部分不能跳过：写错的 `until` 会让规则永远生效。",
    ),
    example: Example::Entry {
        part: Part::Parameter,
        wrong: r#""max_devices": (type: Int, valeu: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
        right: r#""max_devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
    },
    remedy: StaticText::new("Write one of the names that are known here.", "请写此处已知的名称之一。"),
});
