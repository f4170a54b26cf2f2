//! `duplicate-request`: two requests with the same key.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::elsewhere(Documentation {
    id: "duplicate-request",
    severity: Severity::Warning,
    title: StaticText::new("two requests with the same key", "键相同的两笔请求"),
    what: StaticText::new("Finds rows whose key another row has too. All are kept.", "找出键与其他记录相同的记录。全部保留。"),
    why: StaticText::new(
        "A request that is counted twice shifts the shares; and no decision can be looked up by a key that two rows have.",
        "重复计数的请求会影响占比；两条记录共用的键也无法用于查找决策。",
    ),
    example: Example::None,
    remedy: StaticText::new(
        "Take the repeated rows out, or name the field that really tells requests apart as the `key` of the schema.",
        "请删除重复的记录，或将真正能区分请求的字段设为请求结构的 `key`。",
    ),
});
