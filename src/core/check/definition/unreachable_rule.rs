//! `unreachable-rule`: a rule that no request reaches.

use crate::check::{Check, Context, settles};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::{HitPolicy, Rule, Stage, StageKind, Status};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "unreachable-rule",
        severity: Severity::Warning,
        title: StaticText::new("a rule that no request reaches", "任何请求都无法到达的规则"),
        what: StaticText::new(
            "Finds active rules of a `First` or Route stage after a rule which always holds and always settles the stage, and those of Route stages after one in which a rule always routes.",
            "找出 `First` 策略的 Screen 阶段或 Route 阶段中，位于始终生效且必定作出结论的规则之后的启用规则，以及位于必定路由的 Route 阶段之后的其他 Route 阶段的规则。",
        ),
        why: StaticText::new(
            "The stage ends at the first rule that settles it, and a route also skips the Route stages that follow, so the rules behind are never asked.",
            "阶段在第一条作出结论的规则处结束，给出路由后其后的 Route 阶段也会跳过，其后的规则永远不会被执行。",
        ),
        example: Example::Entry {
            part: Part::Stage,
            wrong: r#"(id: "devices", title: (en: "Devices", zh: "设备"), kind: Screen(policy: First, bands: []), rules: [
    (id: "everybody", title: (en: "Everybody", zh: "所有人"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/everybody.rhai"),
    (id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),
]),"#,
            right: r#"(id: "devices", title: (en: "Devices", zh: "设备"), kind: Screen(policy: First, bands: []), rules: [
    (id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),
    (id: "everybody", title: (en: "Everybody", zh: "所有人"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/everybody.rhai"),
]),"#,
        },
        remedy: StaticText::new(
            "Move the rule before the one that settles everything, or give that one a condition.",
            "请将该规则移到前面，或为必定作出结论的规则加上条件。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut router = None;
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let is_route = matches!(stage.kind, StageKind::Route { .. });
        let before = router.filter(|_| is_route);
        let settled = before.map(|by| (0, by)).or_else(|| settled(cx, stage));
        if let Some((from, by)) = settled {
            findings.extend(behind(cx, stage, from, by));
            router = if is_route { Some(by) } else { router };
        }
    }
    findings
}

/// The rule that settles a stage for every request, with the position of the one after it.
fn settled<'a>(cx: &Context<'a>, stage: &'a Stage) -> Option<(usize, &'a Rule)> {
    let ends_early = match stage.kind {
        StageKind::Screen { policy, .. } => policy == HitPolicy::First,
        StageKind::Route { .. } => true,
        StageKind::Limit => false,
    };
    let at = stage.rules.iter().position(|rule| settles::always(cx, stage, rule)).filter(|_| ends_early)?;
    Some((at + 1, stage.rules.get(at)?))
}

/// The active rules of a stage from a position on, none of which is reached because of `by`.
fn behind(cx: &Context<'_>, stage: &Stage, from: usize, by: &Rule) -> Vec<Finding> {
    let behind = stage.rules.iter().skip(from).filter(|rule| rule.status == Status::Active);
    let findings = behind.map(|rule| {
        let (id, by) = (&rule.id, &by.id);
        let message = LocalText::new(
            format!("no request reaches the rule `{id}`: `{by}` settles them all"),
            format!("任何请求都无法到达规则 `{id}`：规则 `{by}` 已对所有请求作出结论"),
        );
        let help =
            LocalText::new("move it before that rule, or give that rule a condition", "请将其移到该规则之前，或为该规则加上条件");
        let note = LocalText::new("the stage ends here", "阶段在此结束");
        let place = cx.place(&format!("rules.{id}.id"));
        CHECK.finding(place, message).with_help(help).with_note(cx.place(&format!("rules.{by}.id")), note)
    });
    findings.collect()
}
