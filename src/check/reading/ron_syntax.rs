//! `ron-syntax`: a data file that cannot be read.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Part, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "ron-syntax",
    severity: Severity::Error,
    title: StaticText::new("a data file that cannot be read", "无法解析的数据文件"),
    what: StaticText::new(
        "Finds `.ron` files with a mistake in their form: a bracket, comma, colon or quote that is missing or too many.",
        "找出格式有误的 `.ron` 文件：缺少或多余的括号、逗号、冒号或引号。",
    ),
    why: StaticText::new("Where the form is broken nobody can say what belongs to what.", "格式一旦损坏，就无从知道各部分的归属。"),
    example: Example::Entry {
        part: Part::Parameter,
        wrong: r#""max_devices": (type: Int value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
        right: r#""max_devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
    },
    remedy: StaticText::new(
        "Mend the marked place, or what stands just before it; the shipped workspace shows every part in use.",
        "请修正标记处或其前面的内容；随产品附带的工作区展示了每个部分的用法。",
    ),
});
