//! What no script uses.

use std::collections::BTreeMap;

use super::context::Context;
use super::kinds::{UNUSED_FUNCTION, UNUSED_LIST, UNUSED_PARAMETER, UNUSED_REASON, UNUSED_VALUE, UNUSED_VARIABLE};
use super::wording;
use crate::diagnostic::Finding;
use crate::script::tree::{ExprKind, walk};
use crate::script::usage::{self, UnusedKind};
use crate::text::{LocalText, Span};

pub(super) fn unused_functions(cx: &Context<'_>) -> Vec<Finding> {
    let Some(used) = &cx.used else { return Vec::new() };
    let unused = cx.program.shared().iter().filter(|function| !used.functions.contains(&function.name));
    let findings = unused.map(|function| {
        let name = &function.name;
        let message = LocalText::new(format!("nothing calls `{name}`"), format!("函数 `{name}` 没有被调用"));
        let help = LocalText::new(
            "take it away, or call it: what is not called is not checked",
            "请删除或调用它：没有被调用的函数不会被检查",
        );
        Finding::new(UNUSED_FUNCTION, function.span, message).with_help(help)
    });
    findings.collect()
}

pub(super) fn unused_lists(cx: &Context<'_>) -> Vec<Finding> {
    let Some(used) = &cx.used else { return Vec::new() };
    let all = cx.definition.rule_set.lists.keys();
    let unused = all.filter(|id| !used.lists.contains(id.as_str()));
    let findings = unused.map(|id| {
        let message = LocalText::new(format!("no script looks into the list `{id}`"), format!("没有脚本使用名单 `{id}`"));
        let help = LocalText::new("take it away, or use it in a rule: `… in lists.…`", "请删除，或在规则中使用：`… in lists.…`");
        Finding::new(UNUSED_LIST, cx.place(&format!("lists.{id}")), message).with_help(help)
    });
    findings.collect()
}

pub(super) fn unused_parameters(cx: &Context<'_>) -> Vec<Finding> {
    let Some(used) = &cx.used else { return Vec::new() };
    let all = cx.definition.rule_set.parameters.keys();
    let unused = all.filter(|id| !used.parameters.contains(id.as_str()));
    let findings = unused.map(|id| {
        let message = LocalText::new(format!("no script reads the parameter `{id}`"), format!("没有脚本使用参数 `{id}`"));
        let help = LocalText::new(
            "take it away, or read it as `params.…` where its value is written out",
            "请删除，或在直接写了数值的地方改用 `params.…`",
        );
        Finding::new(UNUSED_PARAMETER, cx.place(&format!("parameters.{id}")), message).with_help(help)
    });
    findings.collect()
}

pub(super) fn unused_reasons(cx: &Context<'_>) -> Vec<Finding> {
    let Some(used) = &cx.used else { return Vec::new() };
    let all = cx.definition.rule_set.reasons.keys();
    let unused = all.filter(|id| !used.reasons.contains(id.as_str()));
    let findings = unused.map(|id| {
        let message = LocalText::new(format!("nothing gives the reason `{id}`"), format!("没有规则给出原因码 `{id}`"));
        let help = LocalText::new("take it away, or give it in the rule that it was made for", "请删除，或在应使用它的规则中给出");
        Finding::new(UNUSED_REASON, cx.place(&format!("reasons.{id}")), message).with_help(help)
    });
    findings.collect()
}

pub(super) fn unused_values(cx: &Context<'_>) -> Vec<Finding> {
    let findings = cx.unused.iter().filter_map(|unused| {
        let (message, help) = match &unused.what {
            UnusedKind::Assigned(name) => (
                LocalText::new(
                    format!("nothing reads this value of `{name}`: it is replaced, or the script ends first"),
                    format!("没有代码读取 `{name}` 的这个值：它被覆盖，或脚本已结束"),
                ),
                LocalText::new("use the value before that, or take the assignment away", "请先使用该值，或删除该赋值"),
            ),
            UnusedKind::Statement => (
                LocalText::new("this only computes a value, and the value is thrown away", "此语句只计算一个值，而该值被丢弃"),
                LocalText::new(
                    "take it away, or use the value: in a condition, in a variable, or at the script's end",
                    "请删除，或使用该值：作为条件、存入变量，或作为脚本的结尾",
                ),
            ),
            UnusedKind::Outcome | UnusedKind::Variable { .. } => return None,
        };
        Some(wording::with_call_site(Finding::new(UNUSED_VALUE, unused.span, message).with_help(help), unused.called_from))
    });
    findings.collect()
}

pub(super) fn unused_variables(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for unused in &cx.unused {
        if let UnusedKind::Variable { name, fixed } = &unused.what {
            let message = LocalText::new(format!("nothing reads the variable `{name}`"), format!("没有代码读取变量 `{name}`"));
            findings.push(wording::with_call_site(unused_variable(unused.span, name, message, *fixed), unused.called_from));
        }
    }
    findings.extend(unread_arguments(cx));
    findings
}

fn unused_variable(span: Span, name: &str, message: LocalText, renames: bool) -> Finding {
    let help = LocalText::new(
        format!("use it, take it away, or call it `_{name}` to say that this is meant"),
        format!("请使用或删除它；若有意如此，请改名为 `_{name}`"),
    );
    let finding = Finding::new(UNUSED_VARIABLE, span, message).with_help(help);
    if renames { finding.with_fix(span, format!("_{name}")) } else { finding }
}

/// Arguments that shared functions do not read, of those functions that some rule calls.
fn unread_arguments(cx: &Context<'_>) -> Vec<Finding> {
    let mut unread: BTreeMap<(&str, usize), Vec<usize>> = BTreeMap::new();
    for tree in cx.trees().flatten() {
        walk(tree, &mut |expr| {
            if let ExprKind::SharedCall { name, parameters, body, .. } = &expr.kind {
                unread.entry((name, parameters.len())).or_insert_with(|| usage::unread_parameters(parameters, body));
            }
        });
    }
    let mut findings = Vec::new();
    for signature in cx.program.shared() {
        let places = unread.get(&(signature.name.as_str(), signature.parameters.len())).into_iter().flatten();
        for at in places {
            let (Some(name), Some(span)) = (signature.parameters.get(*at), signature.parameter_spans.get(*at)) else { continue };
            let function = &signature.name;
            let message = LocalText::new(
                format!("`{function}` does not read its argument `{name}`"),
                format!("`{function}` 没有读取其参数 `{name}`"),
            );
            findings.push(unused_variable(*span, name, message, true));
        }
    }
    findings
}
