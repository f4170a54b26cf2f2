//! `unknown-template`: a case that starts from a template which does not exist.

use crate::check::{Check, Context, said};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "unknown-template",
        severity: Severity::Error,
        title: StaticText::new("a case that starts from a template which does not exist", "用例引用了不存在的模板"),
        what: StaticText::new(
            "Finds cases whose `from` names no template of any file under `cases/`.",
            "找出 `from` 不是 `cases/` 下任何文件中的模板的用例。",
        ),
        why: StaticText::new("The request would lack most of its fields.", "请求将缺少大部分字段。"),
        example: Example::Entry {
            part: Part::Case,
            wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), from: "paymnet", expect: (verdict: Accept)),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), from: "payment", expect: (verdict: Accept)),"#,
        },
        remedy: StaticText::new("Write the template's name, or add the template.", "请写出正确的模板名称，或添加该模板。"),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let Some(set) = cx.cases else { return Vec::new() };
    let named = set.cases.iter().filter_map(|case| Some((case, case.from.as_ref()?)));
    let findings = named.filter(|(_, from)| !set.templates.contains_key(*from)).map(|(case, from)| {
        let message = LocalText::new(format!("there is no template `{from}`"), format!("没有名为 `{from}` 的模板"));
        let place = cx.place(&format!("cases.{}.from", case.id));
        said::suggest_quoted(cx, CHECK.finding(place, message), from, set.templates.keys().map(String::as_str))
    });
    findings.collect()
}
