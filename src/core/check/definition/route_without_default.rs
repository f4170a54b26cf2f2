//! `route-without-default`: a Route stage without a default.

use crate::check::{Check, Context, settles};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::StageKind;
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "route-without-default",
        severity: Severity::Warning,
        title: StaticText::new("a Route stage without a default", "没有默认接口的 Route 阶段"),
        what: StaticText::new(
            "Finds Route stages without `default`, unless a rule that always holds always routes, or a Route stage before has a default.",
            "找出没有写 `default` 的 Route 阶段；其中已有始终生效且必定路由的规则，或此前的 Route 阶段已有默认接口的除外。",
        ),
        why: StaticText::new(
            "A request that no rule routes is an error, and takes the verdict of `on_error`.",
            "没有规则为其路由的请求视为错误，并按 `on_error` 的结论处理。",
        ),
        example: Example::Entry {
            part: Part::Stage,
            wrong: r#"(id: "second_routing", title: (en: "Second routing", zh: "第二次路由"), kind: Route(), rules: [
    (id: "to_branch", title: (en: "To the branch", zh: "路由到分行"), owner: "channels", basis: (en: "Example", zh: "示例"), status: Active, script: "routing/to_branch.rhai"),
]),"#,
            right: r#"(id: "second_routing", title: (en: "Second routing", zh: "第二次路由"), kind: Route(default: "zhejiang"), rules: [
    (id: "to_branch", title: (en: "To the branch", zh: "路由到分行"), owner: "channels", basis: (en: "Example", zh: "示例"), status: Active, script: "routing/to_branch.rhai"),
]),"#,
        },
        remedy: StaticText::new(
            r#"Write `Route(default: "…")`, or end the stage with a rule that routes everything."#,
            r#"请写 `Route(default: "…")`，或在阶段末尾加一条为所有请求路由的规则。"#,
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let StageKind::Route { default } = &stage.kind else { continue };
        // Every request that reaches a later Route stage has an interface then, or has failed.
        if default.is_some() || stage.rules.iter().any(|rule| settles::always(cx, stage, rule)) {
            break;
        }
        let id = &stage.id;
        let message = LocalText::new(
            format!("a request that no rule of the stage `{id}` routes is an error"),
            format!("阶段 `{id}` 中没有规则为其路由的请求将视为错误"),
        );
        let help = LocalText::new(
            "write `Route(default: \"…\")` with one of the interfaces",
            "请写 `Route(default: \"…\")`，并填入某个接口",
        );
        findings.push(CHECK.finding(cx.place(&format!("stages.{id}.kind")), message).with_help(help));
    }
    findings
}
