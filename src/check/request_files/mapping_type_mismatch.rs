//! `mapping-type-mismatch`: a mapping that does not fit the field's type.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "mapping-type-mismatch",
    severity: Severity::Error,
    title: StaticText::new("a mapping that does not fit the field's type", "映射与字段类型不符"),
    what: StaticText::new(
        "Finds units, time formats and true/false words at fields of another type.",
        "找出写在其他类型字段上的金额单位、时间格式或真假词。",
    ),
    why: StaticText::new(
        "It would have no effect, although somebody meant it to have one.",
        "它不会产生任何作用，尽管编写者有此意图。",
    ),
    example: Example::None,
    remedy: StaticText::new("Take it away, or put it at the field that was meant.", "请删除，或移到本应对应的字段上。"),
});
