//! `wrong-role`: a field that cannot play its part.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::{Role, Schema};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "wrong-role",
        severity: Severity::Error,
        title: StaticText::new("a field that cannot play its part", "无法担任其角色的字段"),
        what: StaticText::new(
            "Finds fields named in `roles` of `schema.ron` that do not exist, have another type than the part needs, or may be missing where they must not.",
            "找出 `schema.ron` 的 `roles` 中不存在、类型不符，或不应可选却可选的字段。",
        ),
        why: StaticText::new(
            "Without a key two requests cannot be told apart; without a time no rule's window can be compared.",
            "没有键就无法区分两笔请求；没有时间就无法判断规则是否在生效期内。",
        ),
        example: Example::Entry {
            part: Part::Roles,
            wrong: r#"roles: (key: "request.id", time: "request.operation"),"#,
            right: r#"roles: (key: "request.id", time: "request.received_at"),"#,
        },
        remedy: StaticText::new(
            "`key` is Text or Int, `time` is Time, both never missing; `amount` is Money, `customer` Text or Int, `interface` Enum or Text, `label` Bool.",
            "`key` 为 Text 或 Int，`time` 为 Time，二者均不可为空；`amount` 为 Money，`customer` 为 Text 或 Int，`interface` 为 Enum 或 Text，`label` 为 Bool。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let schema = &cx.definition.schema;
    let roles = schema.roles.all();
    let findings = roles.iter().filter_map(|role| {
        let message = fault(schema, role)?;
        let help = LocalText::new(
            format!(
                "name a field of type `{}`{}",
                role.types.join("` or `"),
                if role.may_miss { "" } else { " that is never missing" }
            ),
            format!("请指定类型为 `{}` 的{}字段", role.types.join("` 或 `"), if role.may_miss { "" } else { "必填" }),
        );
        Some(CHECK.finding(cx.place(&format!("schema.roles.{}", role.name)), message).with_help(help))
    });
    findings.collect()
}

/// Why the field cannot play the part.
fn fault(schema: &Schema, role: &Role<'_>) -> Option<LocalText> {
    let name = role.field?;
    let Some((_, field)) = schema.find(name.as_str()) else {
        return Some(LocalText::new(format!("the schema has no field `{name}`"), format!("请求结构中没有字段 `{name}`")));
    };
    let kind = field.kind.name();
    if !role.types.contains(&kind) {
        return Some(LocalText::new(
            format!("`{name}` is of type `{kind}` and cannot play this part"),
            format!("`{name}` 的类型是 `{kind}`，不能担任该角色"),
        ));
    }
    (field.optional && !role.may_miss).then(|| {
        LocalText::new(format!("`{name}` may be missing and cannot play this part"), format!("`{name}` 可能为空，不能担任该角色"))
    })
}
