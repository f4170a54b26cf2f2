//! `wrong-ron`: a data file that cannot be read.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Part, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "wrong-ron",
    severity: Severity::Error,
    title: StaticText::new("a data file that cannot be read", "无法解析的数据文件"),
    what: StaticText::new(
        "Finds `.ron` files with a mistake in their form: a missing bracket or comma, an unknown or repeated part, a part of another type.",
        "找出格式有误的 `.ron` 文件：缺少括号或逗号、未知或重复的部分、类型不符的部分。",
    ),
    why: StaticText::new(
        "A part that nobody understands must not be skipped: it may be the one that matters.",
        "无法理解的部分不能跳过：它可能正是关键所在。",
    ),
    example: Example::Entry {
        part: Part::Parameter,
        wrong: r#""max_devices": (type: Int, valu: 5, text: (en: "devices", zh: "设备数")),"#,
        right: r#""max_devices": (type: Int, value: 5, text: (en: "devices", zh: "设备数")),"#,
    },
    remedy: StaticText::new(
        "Mend the marked place; the shipped workspace shows every part in use.",
        "请修正标记处；随产品附带的工作区展示了每个部分的用法。",
    ),
});
