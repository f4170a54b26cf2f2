//! `wrong-value`: a value that does not fit its type.

use crate::check::{Check, Context, scripts::unknown_field};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity, suggest};
use crate::model::{Template, ValueError};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "wrong-value",
        severity: Severity::Error,
        title: StaticText::new("a value that does not fit its type", "与类型不符的值"),
        what: StaticText::new(
            "Finds values of fields, parameters, times and amounts in the workspace's files that are not of the type they must have.",
            "找出工作区文件中字段、参数、时间、金额的值与其类型不符的情况。",
        ),
        why: StaticText::new("A value that is guessed at is a decision that nobody made.", "靠猜测得出的值，等于无人作出的决策。"),
        example: Example::Entry {
            part: Part::Case,
            wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), from: "payment", set: { "customer.age": "thirty" }, expect: (verdict: Accept)),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), from: "payment", set: { "customer.age": 30 }, expect: (verdict: Accept)),"#,
        },
        remedy: StaticText::new(
            "Write it as the help line says: money and times in quotes, numbers without.",
            "请按提示书写：金额和时间加引号，数字不加引号。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(set) = cx.cases else { return Vec::new() };
    let templates = set.templates.iter().flat_map(|(name, fields)| of_fields(cx, &format!("templates.{name}"), fields));
    let cases = set.cases.iter().flat_map(|case| of_fields(cx, &format!("cases.{}.set", case.id), &case.set));
    templates.chain(cases).collect()
}

fn of_fields(cx: &Context<'_>, path: &str, fields: &Template) -> Vec<Finding> {
    let schema = &cx.definition.schema;
    let mut findings = Vec::new();
    for (name, scalar) in fields {
        let place = cx.place(&format!("{path}.{name}"));
        let Some((_, field)) = schema.find(name.as_str()) else {
            findings.push(unknown(cx, name.as_str(), place));
            continue;
        };
        let fault = field.read(scalar, schema.zone).and_then(|value| field.accepts(&value));
        let (en, zh) = match fault {
            Ok(()) => continue,
            Err(ValueError::Missing) => ("may not be missing", "不能为空"),
            Err(ValueError::NotInEnum) => ("is none of the enum's values", "不是该枚举的取值"),
            Err(ValueError::NotA(_)) => ("is not of the field's type", "与字段类型不符"),
        };
        let message = LocalText::new(format!("the value of `{name}` {en}"), format!("`{name}` 的值{zh}"));
        let help = LocalText::new(
            format!("write {}", field.kind.looks_like()),
            format!("类型 `{}` 的写法：{}", field.kind.name(), field.kind.looks_like()),
        );
        findings.push(CHECK.finding(place, message).with_help(help));
    }
    findings
}

/// A field that the schema does not have.
fn unknown(cx: &Context<'_>, name: &str, place: Option<Span>) -> Finding {
    let message = LocalText::new(format!("the schema has no field `{name}`"), format!("请求结构中没有字段 `{name}`"));
    let known: Vec<String> = cx.definition.schema.fields().map(|(_, name, _)| name).collect();
    let finding = suggest(unknown_field::CHECK.finding(place, message), name, known.iter().map(String::as_str));
    // The place is that of the entry, not of the name alone.
    Finding { fix: None, ..finding }
}
