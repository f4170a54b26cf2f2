//! Entries of the rule set and the schema: ids, windows, texts, lists, parameters, roles.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::kinds::{
    DUPLICATE_ID, DUPLICATE_SCRIPT, INVERTED_WINDOW, MISSING_BASIS, MISSING_OWNER, MISSING_TRANSLATION, NORMALIZED_ENTRIES,
    PARAMETER_OUT_OF_RANGE, WRONG_RANGE, WRONG_ROLE,
};
use super::texts;
use crate::diagnostic::Finding;
use crate::model::{Range, Role, Rule, Schema, Status, Window, list_entry, uncommented};
use crate::text::{LocalText, Span, counted, grouped, visible};

pub(super) fn duplicate_ids(cx: &Context<'_>) -> Vec<Finding> {
    let rules = &cx.definition.rule_set;
    let mut findings = Vec::new();
    let ids = rules.rules().map(|(_, _, rule)| rule.id.as_str());
    repeated(cx, ("rule", "规则"), "rules", ids, &mut findings);
    repeated(cx, ("stage", "阶段"), "stages", rules.stages.iter().map(|stage| stage.id.as_str()), &mut findings);
    repeated(cx, ("invariant", "不变式"), "invariants", rules.invariants.iter().map(|held| held.id.as_str()), &mut findings);
    if let Some(cases) = cx.cases {
        repeated(cx, ("case", "用例"), "cases", cases.cases.iter().map(|case| case.id.as_str()), &mut findings);
    }
    findings
}

fn repeated<'a>(cx: &Context<'_>, what: (&str, &str), path: &str, ids: impl Iterator<Item = &'a str>, findings: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for id in ids.filter(|id| !seen.insert(*id)) {
        let (en, zh) = what;
        let message = LocalText::new(format!("there are two {en}s `{id}`"), format!("有两个名为 `{id}` 的{zh}"));
        let help = LocalText::new("rename one of them", "请给其中一个改名");
        findings.push(Finding::new(DUPLICATE_ID, cx.place(&format!("{path}.{id}.id")), message).with_help(help));
    }
}

pub(super) fn duplicate_scripts(cx: &Context<'_>) -> Vec<Finding> {
    let mut by_text: BTreeMap<String, Vec<&Rule>> = BTreeMap::new();
    let rules = cx.definition.rule_set.rules().map(|(_, _, rule)| rule);
    for rule in rules.filter(|rule| rule.status != Status::Off) {
        by_text.entry(code_only(&rule.script.text)).or_default().push(rule);
    }
    let mut findings = Vec::new();
    for same in by_text.values() {
        for (position, rule) in same.iter().enumerate().skip(1) {
            // With the nearest one before: among many copies each is reported once.
            let first = same.iter().take(position).rev().find(|first| overlap(&first.window, &rule.window));
            findings.extend(first.map(|first| duplicate_script(cx, first, rule)));
        }
    }
    findings
}

fn duplicate_script(cx: &Context<'_>, first: &Rule, second: &Rule) -> Finding {
    let (one, other) = (&second.id, &first.id);
    let message = LocalText::new(
        format!("the rules `{one}` and `{other}` have the same script"),
        format!("规则 `{one}` 与 `{other}` 的脚本相同"),
    );
    let help = LocalText::new("take one of them away, or write how they differ", "请删除其中一条，或写出两者的差异");
    let note = LocalText::new("the other one is here", "另一条在此处");
    let place = |rule: &Rule| cx.place(&format!("rules.{}.script", rule.id));
    Finding::new(DUPLICATE_SCRIPT, place(second), message).with_help(help).with_note(place(first), note)
}

/// The script without blank lines, indentation and lines that are comments.
fn code_only(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether some moment lies in both windows.
fn overlap(one: &Window, other: &Window) -> bool {
    let before = |first: &Window, second: &Window| first.until.zip(second.from).is_some_and(|(until, from)| until.at <= from.at);
    !before(one, other) && !before(other, one)
}

pub(super) fn inverted_windows(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, _, rule) in cx.definition.rule_set.rules() {
        let Some((from, until)) = rule.window.from.zip(rule.window.until) else { continue };
        if from.at < until.at {
            continue;
        }
        let id = &rule.id;
        let message = LocalText::new(
            format!("the rule `{id}` ends at `{until}`, not after it begins at `{from}`"),
            format!("规则 `{id}` 在 `{until}` 结束，不晚于开始时间 `{from}`"),
        );
        let help = LocalText::new(
            "set `until` after `from`, or set the `status` to `Off`",
            "请将 `until` 设在 `from` 之后，或将 `status` 设为 `Off`",
        );
        findings.push(Finding::new(INVERTED_WINDOW, cx.place(&format!("rules.{id}.until")), message).with_help(help));
    }
    findings
}

pub(super) fn missing_bases(cx: &Context<'_>) -> Vec<Finding> {
    let rules = cx.definition.rule_set.rules().map(|(_, _, rule)| rule);
    let bare = rules.filter(|rule| rule.basis.en.trim().is_empty() && rule.basis.zh.trim().is_empty());
    let findings = bare.map(|rule| {
        let id = &rule.id;
        let message = LocalText::new(format!("the rule `{id}` does not say what it rests on"), format!("规则 `{id}` 没有写明依据"));
        let help = LocalText::new("name the law, notice or decision in `basis`", "请在 `basis` 中写明法规、通知或决定");
        Finding::new(MISSING_BASIS, cx.place(&format!("rules.{id}.basis")), message).with_help(help)
    });
    findings.collect()
}

pub(super) fn missing_owners(cx: &Context<'_>) -> Vec<Finding> {
    let rules = cx.definition.rule_set.rules().map(|(_, _, rule)| rule);
    let findings = rules.filter(|rule| rule.owner.trim().is_empty()).map(|rule| {
        let id = &rule.id;
        let message = LocalText::new(format!("the rule `{id}` has no owner"), format!("规则 `{id}` 没有负责人"));
        let help = LocalText::new("name a department or role as `owner`", "请在 `owner` 中写明部门或岗位");
        Finding::new(MISSING_OWNER, cx.place(&format!("rules.{id}.owner")), message).with_help(help)
    });
    findings.collect()
}

pub(super) fn missing_translations(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    texts::all(cx, &mut |path, text| {
        let (half, en, zh) = match (text.en.trim().is_empty(), text.zh.trim().is_empty()) {
            (false, false) => return,
            (true, true) => ("en", "no text", "没有文字"),
            (true, false) => ("en", "no English text", "没有英文"),
            (false, true) => ("zh", "no Chinese text", "没有中文"),
        };
        let message = LocalText::new(format!("`{path}` has {en}"), format!("`{path}` {zh}"));
        let there = if half == "en" { &text.zh } else { &text.en };
        let help = if there.trim().is_empty() {
            LocalText::new("write `(en: \"…\", zh: \"…\")`", "请写 `(en: \"…\", zh: \"…\")`")
        } else {
            LocalText::new(format!("translate `{there}`"), format!("请翻译 `{there}`"))
        };
        findings.push(Finding::new(MISSING_TRANSLATION, cx.place(&format!("{path}.{half}")), message).with_help(help));
    });
    findings
}

pub(super) fn normalized_entries(cx: &Context<'_>) -> Vec<Finding> {
    let lists = cx.definition.rule_set.lists.values();
    // Several lists may be read from one file.
    let files: BTreeSet<&str> = lists.map(|list| list.file.as_str()).collect();
    files.into_iter().filter_map(|file| normalized_in_file(cx, file)).collect()
}

fn normalized_in_file(cx: &Context<'_>, file: &str) -> Option<Finding> {
    let (source, text) = cx.definition.sources.find(file)?;
    let (mut count, mut first, mut start) = (0_u64, None, 0);
    for line in text.text().split_inclusive('\n') {
        let own = uncommented(line);
        let written = own.trim_matches([' ', '\t', '\r', '\n']);
        if list_entry(line).is_some_and(|entry| entry != written) {
            count += 1;
            let at = start + own.len() - own.trim_start_matches([' ', '\t', '\r', '\n']).len();
            first = first.or(Some((Span::new(source, at, at + written.len()), written)));
        }
        start += line.len();
    }
    let (span, written) = first?;
    let shown: String = visible(written).chars().take(60).collect();
    let message = LocalText::new(
        format!("{} of `{file}` brought to normal form, the first is `{shown}`", counted(count, "entry", "entries")),
        format!("`{file}` 中 {} 个条目已规范化，第一个是 `{shown}`", grouped(count)),
    );
    let help = LocalText::new("if a line was meant otherwise, write the entry alone", "若某行本意不同，请只写条目本身");
    Some(Finding::new(NORMALIZED_ENTRIES, span, message).with_help(help))
}

pub(super) fn parameters_out_of_range(cx: &Context<'_>) -> Vec<Finding> {
    let zone = cx.definition.schema.zone;
    let mut findings = Vec::new();
    for (id, parameter) in &cx.definition.rule_set.parameters {
        // A range that holds no value at all is another check's.
        let Some(range) = parameter.range.as_ref().filter(|range| range.holds_any()) else { continue };
        if range.contains(&parameter.value) {
            continue;
        }
        let (value, min, max) = (parameter.value.show(zone), range.min.show(zone), range.max.show(zone));
        let message = LocalText::new(
            format!("`{value}` is outside the range of `{id}`, `{min}` to `{max}`"),
            format!("`{value}` 超出了参数 `{id}` 的范围 `{min}` 至 `{max}`"),
        );
        let help = LocalText::new("set a value inside the range, or change the range", "请设置范围内的值，或修改范围");
        let range = LocalText::new("the range is here", "范围在此处");
        let finding = Finding::new(PARAMETER_OUT_OF_RANGE, cx.place(&format!("parameters.{id}.value")), message).with_help(help);
        findings.push(finding.with_note(cx.place(&format!("parameters.{id}.range")), range));
    }
    findings
}

pub(super) fn wrong_ranges(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, parameter) in &cx.definition.rule_set.parameters {
        if parameter.range.as_ref().is_none_or(Range::holds_any) {
            continue;
        }
        let message =
            LocalText::new(format!("no value is inside the range of `{id}`"), format!("没有任何值落在参数 `{id}` 的范围内"));
        let help = LocalText::new(
            "write the smaller value as `min`, both of the parameter's type",
            "请将较小的值写作 `min`，且两端与参数类型一致",
        );
        findings.push(Finding::new(WRONG_RANGE, cx.place(&format!("parameters.{id}.range")), message).with_help(help));
    }
    findings
}

pub(super) fn wrong_roles(cx: &Context<'_>) -> Vec<Finding> {
    let schema = &cx.definition.schema;
    let roles = schema.roles.all();
    let findings = roles.iter().filter_map(|role| {
        let message = role_fault(schema, role)?;
        let help = LocalText::new(
            format!(
                "name a field of type `{}`{}",
                role.type_names("` or `"),
                if role.may_miss { "" } else { " that is never missing" }
            ),
            format!("请指定类型为 `{}` 的{}字段", role.type_names("` 或 `"), if role.may_miss { "" } else { "必填" }),
        );
        Some(Finding::new(WRONG_ROLE, cx.place(&format!("schema.roles.{}", role.name)), message).with_help(help))
    });
    findings.collect()
}

/// Why the field cannot have the role.
fn role_fault(schema: &Schema, role: &Role<'_>) -> Option<LocalText> {
    let name = role.field?;
    let Some((_, field)) = schema.find(name.as_str()) else {
        return Some(LocalText::new(format!("the schema has no field `{name}`"), format!("请求结构中没有字段 `{name}`")));
    };
    let kind = field.kind.name();
    if !role.takes(&field.kind) {
        return Some(LocalText::new(
            format!("`{name}` is of type `{kind}` and cannot play this part"),
            format!("`{name}` 的类型是 `{kind}`，不能担任该角色"),
        ));
    }
    if field.derived.is_some() {
        return Some(LocalText::new(
            format!("`{name}` is derived from other requests and cannot play this part"),
            format!("`{name}` 由其他请求派生，不能担任该角色"),
        ));
    }
    (field.optional && !role.may_miss).then(|| {
        LocalText::new(format!("`{name}` may be missing and cannot play this part"), format!("`{name}` 可能为空，不能担任该角色"))
    })
}
