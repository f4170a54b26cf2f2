//! `incomplete-request`: a case whose request lacks fields.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::Scalar;
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "incomplete-request",
        severity: Severity::Error,
        title: StaticText::new("a case whose request lacks fields", "用例的请求缺少字段"),
        what: StaticText::new(
            "Finds cases that, together with their template, give no value to a field that is never missing.",
            "找出连同模板仍未给必填字段赋值的用例。",
        ),
        why: StaticText::new(
            "No such request can arrive at the gateway, so the case would prove nothing.",
            "这样的请求不可能到达网关，用例也就证明不了什么。",
        ),
        example: Example::Entry {
            part: Part::Case,
            wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), set: { "customer.age": 30 }, expect: (verdict: Accept)),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), from: "payment", set: { "customer.age": 30 }, expect: (verdict: Accept)),"#,
        },
        remedy: StaticText::new(
            "Set the fields, or start the case `from` a template that has them.",
            "请写出这些字段，或用 `from` 引用包含它们的模板。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(set) = cx.cases else { return Vec::new() };
    let required: Vec<String> =
        cx.definition.schema.fields().filter(|(_, _, field)| !field.optional).map(|(_, name, _)| name).collect();
    let mut findings = Vec::new();
    for case in &set.cases {
        let template = match &case.from {
            // A template that does not exist is reported on its own.
            Some(from) => match set.templates.get(from) {
                Some(template) => Some(template),
                None => continue,
            },
            None => None,
        };
        let given = |name: &&String| {
            let value = case.set.get(name.as_str()).or_else(|| template?.get(name.as_str()));
            !matches!(value, None | Some(Scalar::Missing(())))
        };
        let missing: Vec<&str> = required.iter().filter(|name| !given(name)).map(String::as_str).collect();
        if missing.is_empty() {
            continue;
        }
        let (id, list) = (&case.id, missing.join("`, `"));
        let message =
            LocalText::new(format!("the request of the case `{id}` lacks `{list}`"), format!("用例 `{id}` 的请求缺少 `{list}`"));
        let help = LocalText::new(
            "set these fields, or start `from` a template that has them",
            "请写出这些字段，或用 `from` 引用包含它们的模板",
        );
        findings.push(CHECK.finding(cx.place(&format!("cases.{id}.id")), message).with_help(help));
    }
    findings
}
