//! Stages, their bands and routes, `on_error`.

use super::context::Context;
use super::kinds::{
    BAND_WITHOUT_SCORE, EMPTY_STAGE, INTERFACE_WITHOUT_CAPACITY, MILD_ON_ERROR, ROUTE_WITHOUT_DEFAULT, SCORE_WITHOUT_BAND,
    UNREACHABLE_RULE, UNSORTED_BANDS,
};
use super::outcomes;
use crate::diagnostic::Finding;
use crate::model::{HitPolicy, Rule, Stage, StageKind, Status, Verdict};
use crate::text::LocalText;

pub(super) fn bands_without_score(cx: &Context<'_>) -> Vec<Finding> {
    if cx.used.is_none() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let StageKind::Screen { bands, .. } = &stage.kind else { continue };
        let scores = stage.rules.iter().any(|rule| rule.status != Status::Off && outcomes::of_rule(cx, rule).score);
        if bands.is_empty() || scores {
            continue;
        }
        let id = &stage.id;
        let message =
            LocalText::new(format!("no rule of the stage `{id}` gives a score"), format!("阶段 `{id}` 没有给出评分的规则"));
        let help = LocalText::new(
            "take the bands away, or give scores: `score(20, \"REASON\")`",
            "请删除区间，或给出评分：`score(20, \"REASON\")`",
        );
        findings.push(Finding::new(BAND_WITHOUT_SCORE, cx.place(&format!("stages.{id}.kind.bands")), message).with_help(help));
    }
    findings
}

pub(super) fn scores_without_band(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let StageKind::Screen { bands, .. } = &stage.kind else { continue };
        let scoring =
            stage.rules.iter().filter(|rule| rule.status == Status::Active).find(|rule| outcomes::of_rule(cx, rule).score);
        let (true, Some(rule)) = (bands.is_empty(), scoring) else { continue };
        let (id, by) = (&stage.id, &rule.id);
        let message = LocalText::new(
            format!("the scores of the stage `{id}` never change a verdict"),
            format!("阶段 `{id}` 的评分永远不会改变结论"),
        );
        let help = LocalText::new(
            "add bands such as `(at_least: 60, verdict: Refer)`",
            "请添加区间，例如 `(at_least: 60, verdict: Refer)`",
        );
        let note = LocalText::new(format!("`{by}` gives a score"), format!("规则 `{by}` 给出评分"));
        let finding = Finding::new(SCORE_WITHOUT_BAND, cx.place(&format!("stages.{id}.kind")), message).with_help(help);
        findings.push(finding.with_note(cx.place(&format!("rules.{by}.id")), note));
    }
    findings
}

pub(super) fn unsorted_bands(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let StageKind::Screen { bands, .. } = &stage.kind else { continue };
        for (position, pair) in bands.windows(2).enumerate() {
            let [lower, upper] = pair else { continue };
            if upper.at_least > lower.at_least && upper.verdict >= lower.verdict {
                continue;
            }
            let message = LocalText::new("this band does not go up from the one before", "该区间没有高于前一区间");
            let help = LocalText::new(
                "order the bands by `at_least`, each with a verdict at least as severe as the one before",
                "请按 `at_least` 从小到大排列，且结论不轻于前一区间",
            );
            let path = format!("stages.{}.kind.bands.{}", stage.id, position + 1);
            findings.push(Finding::new(UNSORTED_BANDS, cx.place(&path), message).with_help(help));
        }
    }
    findings
}

pub(super) fn empty_stages(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let routes = matches!(stage.kind, StageKind::Route { default: Some(_) });
        if routes || stage.rules.iter().any(|rule| rule.status != Status::Off) {
            continue;
        }
        let id = &stage.id;
        let message = LocalText::new(format!("no rule of the stage `{id}` is on"), format!("阶段 `{id}` 没有启用的规则"));
        let help = LocalText::new("add a rule, or take the stage away", "请添加规则，或删除该阶段");
        findings.push(Finding::new(EMPTY_STAGE, cx.place(&format!("stages.{id}.id")), message).with_help(help));
    }
    findings
}

pub(super) fn routes_without_default(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let StageKind::Route { default } = &stage.kind else { continue };
        // Every request that reaches a later Route stage has an interface then, or has failed.
        if default.is_some() || stage.rules.iter().any(|rule| outcomes::always_settles(cx, stage, rule)) {
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
        findings.push(Finding::new(ROUTE_WITHOUT_DEFAULT, cx.place(&format!("stages.{id}.kind")), message).with_help(help));
    }
    findings
}

pub(super) fn interfaces_without_capacity(cx: &Context<'_>) -> Vec<Finding> {
    let all = cx.definition.rule_set.interfaces.iter();
    let findings = all.filter(|(_, interface)| interface.capacity_per_second.is_none()).map(|(id, _)| {
        let message =
            LocalText::new(format!("nobody says how much the interface `{id}` carries"), format!("接口 `{id}` 没有注明容量"));
        let help = LocalText::new("add `capacity_per_second: …`", "请添加 `capacity_per_second: …`");
        Finding::new(INTERFACE_WITHOUT_CAPACITY, cx.place(&format!("interfaces.{id}")), message).with_help(help)
    });
    findings.collect()
}

pub(super) fn unreachable_rules(cx: &Context<'_>) -> Vec<Finding> {
    let mut router = None;
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let is_route = matches!(stage.kind, StageKind::Route { .. });
        let before = router.filter(|_| is_route);
        let settled = before.map(|by| (0, by)).or_else(|| settling_rule(cx, stage));
        if let Some((from, by)) = settled {
            findings.extend(rules_behind(cx, stage, from, by));
            router = if is_route { Some(by) } else { router };
        }
    }
    findings
}

/// The rule that settles a stage for every request, with the position of the one after it.
fn settling_rule<'a>(cx: &Context<'a>, stage: &'a Stage) -> Option<(usize, &'a Rule)> {
    let ends_early = match stage.kind {
        StageKind::Screen { policy, .. } => policy == HitPolicy::First,
        StageKind::Route { .. } => true,
        StageKind::Limit => false,
    };
    let at = stage.rules.iter().position(|rule| outcomes::always_settles(cx, stage, rule)).filter(|_| ends_early)?;
    Some((at + 1, stage.rules.get(at)?))
}

/// The active rules of a stage from a position on, none of which is reached because of `by`.
fn rules_behind(cx: &Context<'_>, stage: &Stage, from: usize, by: &Rule) -> Vec<Finding> {
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
        Finding::new(UNREACHABLE_RULE, place, message).with_help(help).with_note(cx.place(&format!("rules.{by}.id")), note)
    });
    findings.collect()
}

pub(super) fn mild_on_error(cx: &Context<'_>) -> Vec<Finding> {
    let verdict = cx.definition.rule_set.on_error.verdict;
    if verdict >= Verdict::Refer {
        return Vec::new();
    }
    let text = verdict.text();
    let message = LocalText::new(
        format!("a rule that fails would let requests through with `{}`", text.en),
        format!("规则出错时若取 `{}` 会放行请求", text.zh),
    );
    let help = LocalText::new("write `Refer` or `Decline`", "请写 `Refer` 或 `Decline`");
    vec![Finding::new(MILD_ON_ERROR, cx.place("on_error.verdict"), message).with_help(help)]
}
