//! `too-many`: more entries than a rule set can hold.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "too-many",
    severity: Severity::Error,
    title: StaticText::new("more entries than a rule set can hold", "条目数超出规则集上限"),
    what: StaticText::new(
        "Finds more than 65,535 rules, parameters, lists, reasons, interfaces or fields.",
        "找出超过 65,535 个的规则、参数、名单、原因码、接口或字段。",
    ),
    why: StaticText::new("Positions in a rule set are kept in 16 bits.", "规则集中的位置以 16 位保存。"),
    example: Example::None,
    remedy: StaticText::new("Split the rule set; keep long enumerations in lists.", "请拆分规则集；较长的枚举请放入名单。"),
});
