//! Cases whose request or expectation is wrong.

use std::collections::BTreeSet;

use super::context::Context;
use super::kinds::{EMPTY_CASE, INCOMPLETE_REQUEST, UNKNOWN_FIELD, UNKNOWN_RULE, UNKNOWN_TEMPLATE, WRONG_VALUE};
use super::wording;
use crate::diagnostic::{Finding, suggest};
use crate::model::{Expect, RuleId, Scalar, Template, ValueError};
use crate::text::{LocalText, Span};

pub(super) fn empty_cases(cx: &Context<'_>) -> Vec<Finding> {
    let cases = cx.cases.into_iter().flat_map(|set| &set.cases);
    let findings = cases.filter(|case| case.expect == Expect::default()).map(|case| {
        let id = &case.id;
        let message = LocalText::new(format!("the case `{id}` expects nothing"), format!("用例 `{id}` 没有任何期望"));
        let help = LocalText::new(
            "say at least which verdict it must get: `expect: (verdict: Decline)`",
            "请至少写明应得到的结论：`expect: (verdict: Decline)`",
        );
        Finding::new(EMPTY_CASE, cx.place(&format!("cases.{id}.id")), message).with_help(help)
    });
    findings.collect()
}

pub(super) fn incomplete_requests(cx: &Context<'_>) -> Vec<Finding> {
    let Some(set) = cx.cases else { return Vec::new() };
    let required: Vec<String> =
        cx.definition.schema.fields().filter(|(_, _, field)| field.must_be_given()).map(|(_, name, _)| name).collect();
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
        findings.push(Finding::new(INCOMPLETE_REQUEST, cx.place(&format!("cases.{id}.id")), message).with_help(help));
    }
    findings
}

pub(super) fn unknown_rules(cx: &Context<'_>) -> Vec<Finding> {
    let rules = &cx.definition.rule_set;
    let known: BTreeSet<&str> = rules.rules().map(|(_, _, rule)| rule.id.as_str()).collect();
    let mut findings = Vec::new();
    for case in cx.cases.into_iter().flat_map(|set| &set.cases) {
        let expect = &case.expect;
        let parts: [(&str, &[RuleId]); 4] =
            [("hits", &expect.hits), ("misses", &expect.misses), ("shadow_hits", &expect.shadow_hits), ("errors", &expect.errors)];
        for (part, named) in parts {
            for (position, id) in named.iter().enumerate().filter(|(_, id)| !known.contains(id.as_str())) {
                let message = LocalText::new(format!("the rule set has no rule `{id}`"), format!("规则集中没有规则 `{id}`"));
                let place = cx.place(&format!("cases.{}.expect.{part}.{position}", case.id));
                findings.push(wording::suggest_quoted(
                    cx,
                    Finding::new(UNKNOWN_RULE, place, message),
                    id.as_str(),
                    known.iter().copied(),
                ));
            }
        }
    }
    findings
}

pub(super) fn unknown_templates(cx: &Context<'_>) -> Vec<Finding> {
    let Some(set) = cx.cases else { return Vec::new() };
    let named = set.cases.iter().filter_map(|case| Some((case, case.from.as_ref()?)));
    let findings = named.filter(|(_, from)| !set.templates.contains_key(*from)).map(|(case, from)| {
        let message = LocalText::new(format!("there is no template `{from}`"), format!("没有名为 `{from}` 的模板"));
        let place = cx.place(&format!("cases.{}.from", case.id));
        wording::suggest_quoted(cx, Finding::new(UNKNOWN_TEMPLATE, place, message), from, set.templates.keys().map(String::as_str))
    });
    findings.collect()
}

pub(super) fn wrong_values(cx: &Context<'_>) -> Vec<Finding> {
    let Some(set) = cx.cases else { return Vec::new() };
    let templates = set.templates.iter().flat_map(|(name, fields)| wrong_fields(cx, &format!("templates.{name}"), fields));
    let cases = set.cases.iter().flat_map(|case| wrong_fields(cx, &format!("cases.{}.set", case.id), &case.set));
    let before = set.cases.iter().flat_map(|case| case.before.iter().enumerate().map(move |(at, fields)| (&case.id, at, fields)));
    let before = before.flat_map(|(id, at, fields)| wrong_fields(cx, &format!("cases.{id}.before.{at}"), fields));
    templates.chain(cases).chain(before).collect()
}

fn wrong_fields(cx: &Context<'_>, path: &str, fields: &Template) -> Vec<Finding> {
    let schema = &cx.definition.schema;
    let mut findings = Vec::new();
    for (name, scalar) in fields {
        let place = cx.place(&format!("{path}.{name}"));
        let Some((_, field)) = schema.find(name.as_str()) else {
            findings.push(unknown_field(cx, name.as_str(), place));
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
        findings.push(Finding::new(WRONG_VALUE, place, message).with_help(help));
    }
    findings
}

fn unknown_field(cx: &Context<'_>, name: &str, place: Option<Span>) -> Finding {
    let message = LocalText::new(format!("the schema has no field `{name}`"), format!("请求结构中没有字段 `{name}`"));
    let known: Vec<String> = cx.definition.schema.fields().map(|(_, name, _)| name).collect();
    let finding = suggest(Finding::new(UNKNOWN_FIELD, place, message), name, known.iter().map(String::as_str));
    // The place is that of the entry, not of the name alone.
    Finding { fix: None, ..finding }
}
