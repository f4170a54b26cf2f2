//! A case's request: its template's fields, then its own; and whether what it expects names things that exist.

use indexmap::IndexMap;

use crate::diagnostic::{Finding, suggest};
use crate::model::{Case, CaseSet, Definition, FieldName, Request, RuleSet, Scalar, Value, ValueError};
use crate::text::LocalText;

/// Where a case stands, for messages.
fn place(case: &Case) -> (String, String) {
    (format!("case `{}` in `{}`", case.id, case.file), format!("用例 `{}`（`{}`）", case.id, case.file))
}

fn error(id: &'static str, case: &Case, en: &str, zh: &str) -> Finding {
    let (en_place, zh_place) = place(case);
    Finding::error(id, None, LocalText::new(format!("{en_place}: {en}"), format!("{zh_place}：{zh}")))
}

/// The request of a case, or everything that is wrong with the case.
///
/// # Errors
/// Unknown template, field, rule, reason or interface; a value that does not fit its field; a field without a value that needs one.
pub(super) fn build(definition: &Definition, cases: &CaseSet, case: &Case) -> Result<Request, Vec<Finding>> {
    let mut findings = expectations(&definition.rule_set, case);
    let mut fields: IndexMap<&FieldName, &Scalar> = IndexMap::new();
    if let Some(from) = &case.from {
        match cases.templates.get(from) {
            Some(template) => fields.extend(template),
            None => findings.push(unknown_template(cases, case, from)),
        }
    }
    fields.extend(&case.set);
    let schema = &definition.schema;
    let mut request = Request::empty(schema);
    for (name, scalar) in fields {
        let Some((index, field)) = schema.find(name.as_str()) else {
            findings.push(unknown_field(definition, case, name));
            continue;
        };
        match Value::from_scalar(&field.kind, scalar, schema.zone) {
            Ok(value) => request.set(index, value),
            Err(wrong) => findings.push(misfit(case, name.as_str(), &wrong)),
        }
    }
    if findings.is_empty()
        && let Err((name, wrong)) = request.check(schema)
    {
        findings.push(misfit(case, &name, &wrong));
    }
    if findings.is_empty() { Ok(request) } else { Err(findings) }
}

fn unknown_template(cases: &CaseSet, case: &Case, name: &str) -> Finding {
    let finding = error("unknown-template", case, &format!("there is no template `{name}`"), &format!("没有名为 `{name}` 的模板"));
    suggest(finding, name, cases.templates.keys().map(String::as_str))
}

fn unknown_field(definition: &Definition, case: &Case, name: &FieldName) -> Finding {
    let names: Vec<String> = definition.schema.fields().map(|(_, name, _)| name).collect();
    let finding =
        error("unknown-field", case, &format!("the schema has no field `{name}`"), &format!("数据结构中没有字段 `{name}`"));
    suggest(finding, name.as_str(), names.iter().map(String::as_str))
}

fn misfit(case: &Case, name: &str, wrong: &ValueError) -> Finding {
    match wrong {
        ValueError::Missing => {
            let en = format!("`{name}` has no value, and the schema does not let it be missing");
            let zh = format!("字段 `{name}` 没有取值，而数据结构规定其不可缺失");
            error("incomplete-case", case, &en, &zh)
                .with_help(LocalText::new("give it a value here or in the template", "请在用例或模板中为其赋值"))
        }
        ValueError::NotA(what) => {
            error("misfit-value", case, &format!("`{name}` must be {what}"), &format!("字段 `{name}` 的取值类型不符，应为 {what}"))
        }
        ValueError::NotInEnum => {
            let en = format!("the value of `{name}` is not one of the schema's");
            error("misfit-value", case, &en, &format!("字段 `{name}` 的取值不在数据结构的枚举范围内"))
        }
    }
}

/// What the case expects must exist, or a misspelt name would be "not hit" for ever.
fn expectations(rule_set: &RuleSet, case: &Case) -> Vec<Finding> {
    let expect = &case.expect;
    let mut findings = Vec::new();
    let rules: Vec<&str> = rule_set.rules().map(|(_, _, rule)| rule.id.as_str()).collect();
    let named = expect.hits.iter().chain(&expect.misses).chain(&expect.shadow_hits).chain(&expect.errors);
    for id in named.filter(|id| !rules.contains(&id.as_str())) {
        let finding = error("unknown-rule", case, &format!("there is no rule `{id}`"), &format!("没有规则 `{id}`"));
        findings.push(suggest(finding, id.as_str(), rules.iter().copied()));
    }
    for id in expect.reasons.iter().flatten().filter(|id| !rule_set.reasons.contains_key(id.as_str())) {
        let finding = error("unknown-reason", case, &format!("there is no reason `{id}`"), &format!("没有原因码 `{id}`"));
        findings.push(suggest(finding, id.as_str(), rule_set.reasons.keys().map(crate::model::ReasonId::as_str)));
    }
    for id in expect.interface.iter().flatten().filter(|id| !rule_set.interfaces.contains_key(id.as_str())) {
        let finding = error("unknown-interface", case, &format!("there is no interface `{id}`"), &format!("没有接口 `{id}`"));
        findings.push(suggest(finding, id.as_str(), rule_set.interfaces.keys().map(crate::model::InterfaceId::as_str)));
    }
    findings
}
