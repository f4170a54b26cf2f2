//! `script-too-large`: a script that is too long.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "script-too-large",
    severity: Severity::Error,
    title: StaticText::new("a script that is too long", "脚本过长"),
    what: StaticText::new("Finds scripts longer than any rule that a person could approve.", "找出长到无法由人审批的脚本。"),
    why: StaticText::new("Nobody can answer for a rule that nobody can read.", "没有人能为读不懂的规则负责。"),
    example: Example::None,
    remedy: StaticText::new("Split the rule; keep long enumerations in lists.", "请拆分规则；较长的枚举请放入名单。"),
});
