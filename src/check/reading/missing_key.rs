//! `missing-key`: a part that is missing.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Part, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "missing-key",
    severity: Severity::Error,
    title: StaticText::new("a part that is missing", "缺少必需的部分"),
    what: StaticText::new("Finds entries without a part that they need.", "找出缺少必需部分的条目。"),
    why: StaticText::new("What is not said would have to be guessed.", "没有写明的内容只能靠猜测。"),
    example: Example::Entry {
        part: Part::Parameter,
        wrong: r#""max_devices": (type: Int, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
        right: r#""max_devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
    },
    remedy: StaticText::new("Add the part inside the marked brackets.", "请在标记的括号内补上该部分。"),
});
