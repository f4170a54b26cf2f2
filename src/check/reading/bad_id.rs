//! `bad-id`: a name that cannot be an id.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Part, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "bad-id",
    severity: Severity::Error,
    title: StaticText::new("a name that cannot be an id", "不能用作标识的名称"),
    what: StaticText::new(
        "Finds ids of rules, stages, parameters, lists, interfaces and fields that are not lower-case letters, digits and `_`, and reason codes that are not upper-case.",
        "找出不由小写字母、数字和 `_` 组成的规则、阶段、参数、名单、接口和字段标识，以及不是大写的原因码。",
    ),
    why: StaticText::new(
        "Ids stand in scripts, reports and column names, where other characters have a meaning of their own.",
        "标识会出现在脚本、报告和列名中，其他字符在那里另有含义。",
    ),
    example: Example::Entry {
        part: Part::Parameter,
        wrong: r#""max-devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
        right: r#""max_devices": (type: Int, value: 5, range: (min: 1, max: 50), text: (en: "devices", zh: "设备数")),"#,
    },
    remedy: StaticText::new(
        "Start with a letter, and use letters, digits and `_` only, at most 64.",
        "请以字母开头，只使用字母、数字和 `_`，至多 64 个字符。",
    ),
});
