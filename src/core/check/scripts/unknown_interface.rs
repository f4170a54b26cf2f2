//! `unknown-interface`: an interface that the rule set does not have.

use crate::check::{Check, Context, said};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::{InterfaceId, StageKind};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "unknown-interface",
        severity: Severity::Error,
        title: StaticText::new("an interface that the rule set does not have", "规则集中没有的接口"),
        what: StaticText::new(
            "Finds `route` to an interface that is not among `interfaces` of `ruleset.ron`; also the default of a Route stage, and what a case expects.",
            "找出 `route` 指向了 `ruleset.ron` 的 `interfaces` 里没有的接口；Route 阶段的默认接口以及用例期望的接口同样检查。",
        ),
        why: StaticText::new(
            "A request routed to an interface that nobody runs neither succeeds nor fails.",
            "请求被路由到无人运行的接口，既不会成功也不会失败。",
        ),
        example: Example::Entry {
            part: Part::Stage,
            wrong: r#"(id: "second_routing", title: (en: "Second routing", zh: "第二次路由"), kind: Route(default: "zhejang"), rules: []),"#,
            right: r#"(id: "second_routing", title: (en: "Second routing", zh: "第二次路由"), kind: Route(default: "zhejiang"), rules: []),"#,
        },
        remedy: StaticText::new(
            "Write the id as it is in `interfaces` of `ruleset.ron`, or add the interface there.",
            "请按 `ruleset.ron` 的 `interfaces` 中的写法书写，或在其中添加该接口。",
        ),
    },
);

/// Says that no interface has this id.
pub(in crate::check) fn finding(cx: &Context<'_>, span: Option<Span>, name: &str) -> Finding {
    let message = LocalText::new(format!("the rule set has no interface `{name}`"), format!("规则集中没有接口 `{name}`"));
    let known = cx.definition.rule_set.interfaces.keys().map(InterfaceId::as_str);
    said::suggest_quoted(cx, CHECK.finding(span, message), name, known)
}

/// Defaults of Route stages, and what cases expect.
fn check(cx: &Context<'_>) -> Vec<Finding> {
    let rules = &cx.definition.rule_set;
    let mut named: Vec<(String, &str)> = Vec::new();
    for stage in &rules.stages {
        if let StageKind::Route { default: Some(name) } = &stage.kind {
            named.push((format!("stages.{}.kind.default", stage.id), name.as_str()));
        }
    }
    for case in cx.cases.into_iter().flat_map(|set| &set.cases) {
        if let Some(Some(name)) = &case.expect.interface {
            named.push((format!("cases.{}.expect.interface", case.id), name.as_str()));
        }
    }
    let unknown = named.into_iter().filter(|(_, name)| !rules.interfaces.contains_key(*name));
    unknown.map(|(path, name)| finding(cx, cx.place(&path), name)).collect()
}
