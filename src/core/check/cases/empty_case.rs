//! `empty-case`: a case that expects nothing.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::Expect;
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "empty-case",
        severity: Severity::Warning,
        title: StaticText::new("a case that expects nothing", "没有任何期望的用例"),
        what: StaticText::new(
            "Finds cases whose `expect` names no part of the decision.",
            "找出 `expect` 中没有写明决策任何部分的用例。",
        ),
        why: StaticText::new(
            "It passes whatever the rules decide, and so proves nothing.",
            "无论规则如何决策它都会通过，因此什么也证明不了。",
        ),
        example: Example::Entry {
            part: Part::Case,
            wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), from: "payment", expect: ()),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), from: "payment", expect: (verdict: Accept)),"#,
        },
        remedy: StaticText::new("Say at least which verdict the request must get.", "请至少写明请求应得到的结论。"),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let cases = cx.cases.into_iter().flat_map(|set| &set.cases);
    let findings = cases.filter(|case| case.expect == Expect::default()).map(|case| {
        let id = &case.id;
        let message = LocalText::new(format!("the case `{id}` expects nothing"), format!("用例 `{id}` 没有任何期望"));
        let help = LocalText::new(
            "say at least which verdict it must get: `expect: (verdict: Decline)`",
            "请至少写明应得到的结论：`expect: (verdict: Decline)`",
        );
        CHECK.finding(cx.place(&format!("cases.{id}.id")), message).with_help(help)
    });
    findings.collect()
}
