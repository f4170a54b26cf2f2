//! `unknown-field`: a field that the schema does not have.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity, suggest};
use crate::script::foreign;
use crate::script::tree::{NameKind, UnknownName};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "unknown-field",
    severity: Severity::Error,
    title: StaticText::new("a field that the schema does not have", "请求结构中没有的字段"),
    what: StaticText::new(
        "Finds `group.field` where the schema has no such group, or the group no such field; also in a case.",
        "找出脚本或用例中的 `组.字段`，而请求结构里没有该组，或该组没有该字段。",
    ),
    why: StaticText::new(
        "A rule with a misspelt field would fail for every request, or, in a less strict language, never fire, and nobody would notice.",
        "字段名写错的规则对每笔请求都会出错；在不严格的语言里则永远不会命中，且无人察觉。",
    ),
    example: Example::Script {
        wrong: r#"if customer.agee != () && customer.agee < 16 {
    decline("AGE_UNDER_16")
}"#,
        right: r#"if customer.age != () && customer.age < 16 {
    decline("AGE_UNDER_16")
}"#,
    },
    remedy: StaticText::new(
        "Write the name as it is in `schema.ron`, or add the field there.",
        "请按 `schema.ron` 中的写法书写字段名，或在其中添加该字段。",
    ),
});

/// Says that a group, or a field of a known group, does not exist.
pub(in crate::check) fn finding(name: &UnknownName) -> Finding {
    let UnknownName { kind, name: written, group, span, known } = name;
    let message = match (kind, group) {
        (NameKind::Field, None) => return property(name),
        (NameKind::Group, _) | (_, None) => {
            LocalText::new(format!("the schema has no group `{written}`"), format!("请求结构中没有字段组 `{written}`"))
        }
        (_, Some(group)) => LocalText::new(
            format!("the schema has no field `{group}.{written}`"),
            format!("请求结构中没有字段 `{group}.{written}`"),
        ),
    };
    suggest(CHECK.finding(*span, message), written, known.iter().map(String::as_str))
}

/// A property asked of a value, as other languages write it: values have none.
fn property(name: &UnknownName) -> Finding {
    let written = &name.name;
    let message = LocalText::new(format!("a value has no property `{written}`"), format!("值没有属性 `{written}`"));
    let help = foreign::name(written).map_or_else(
        || {
            LocalText::new(
                "call a function instead: `explain --function all` lists them",
                "请改用函数：`explain --function all` 列出全部函数",
            )
        },
        |(help, _)| help,
    );
    CHECK.finding(name.span, message).with_help(help)
}
