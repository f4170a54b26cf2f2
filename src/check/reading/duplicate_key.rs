//! `duplicate-key`: a part that stands twice.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Part, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "duplicate-key",
    severity: Severity::Error,
    title: StaticText::new("a part that stands twice", "重复的部分"),
    what: StaticText::new("Finds entries with the same part twice.", "找出同一部分出现两次的条目。"),
    why: StaticText::new("Only one of them could count, and nobody can say which.", "只有其中一个能算数，而无从知道是哪一个。"),
    example: Example::Entry {
        part: Part::Parameter,
        wrong: r#""max_devices": (type: Int, value: 5, value: 6, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
        right: r#""max_devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
    },
    remedy: StaticText::new("Take one of them away.", "请删除其中一个。"),
});
