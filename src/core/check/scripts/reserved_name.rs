//! `reserved-name`: a name that the script language keeps for itself.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Part, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "reserved-name",
    severity: Severity::Error,
    title: StaticText::new("a name that the script language keeps for itself", "与脚本语言保留字相同的名称"),
    what: StaticText::new(
        "Finds groups, fields, parameters, lists and shared functions whose name is a word of the script language, such as `switch`, `case`, `default` or `new`, or that of a built-in function or constant.",
        "找出与脚本语言的词语（如 `switch`、`case`、`default`、`new`）或内置函数、常量同名的字段组、字段、参数、名单和共享函数。",
    ),
    why: StaticText::new("No script could ever read what has such a name.", "使用这种名称后，任何脚本都无法读取它。"),
    example: Example::Entry {
        part: Part::Parameter,
        wrong: r#""default": (type: Int, value: 1, range: (min: 1, max: 9), text: (en: "cards by default", zh: "默认卡数")),"#,
        right: r#""default_cards": (type: Int, value: 1, range: (min: 1, max: 9), text: (en: "cards by default", zh: "默认卡数")),"#,
    },
    remedy: StaticText::new(
        "Choose another name, for example with a word behind: `default_cards`.",
        "请换一个名称，例如在后面加上其他词：`default_cards`。",
    ),
});
