//! A case's request: its template's fields, then its own; and whether what it expects names things that exist.

use indexmap::IndexMap;

use super::super::History;
use crate::check::kinds::{
    HISTORY_FAILED, INCOMPLETE_REQUEST, UNKNOWN_FIELD, UNKNOWN_INTERFACE, UNKNOWN_REASON, UNKNOWN_RULE, UNKNOWN_TEMPLATE,
    WRONG_VALUE,
};
use crate::diagnostic::FindingKind;
use crate::diagnostic::{Finding, suggest};
use crate::model::{Case, CaseSet, Definition, FieldName, Request, Scalar, ValueError};
use crate::text::LocalText;

/// A case with the definition it is read against.
struct CaseReader<'a> {
    definition: &'a Definition,
    case: &'a Case,
}

impl CaseReader<'_> {
    /// An error in a part of the case (`from`, `set`, `expect`), at its place where the definition knows it.
    fn error(&self, kind: &'static FindingKind, part: &str, en: &str, zh: &str) -> Finding {
        let Case { id: name, file, .. } = self.case;
        let span = self.definition.places.find(&format!("cases.{name}.{part}"));
        let message = LocalText::new(format!("case `{name}` in `{file}`: {en}"), format!("用例 `{name}`（`{file}`）：{zh}"));
        Finding::new(kind, span, message)
    }
}

/// The request of a case, or everything that is wrong with the case. `history` computes the derived fields that the case does not give;
/// none where the schema has none.
///
/// # Errors
/// Unknown template, field, rule, reason or interface; a value that does not fit its field; a field without a value that needs one; a
/// derived field that cannot be computed.
pub(super) fn build(
    definition: &Definition,
    history: Option<&History>,
    cases: &CaseSet,
    case: &Case,
) -> Result<Request, Vec<Finding>> {
    let reading = CaseReader { definition, case };
    let mut findings = reading.expectations();
    let mut fields: IndexMap<&FieldName, &Scalar> = IndexMap::new();
    if let Some(from) = &case.from {
        match cases.templates.get(from) {
            Some(template) => fields.extend(template),
            None => findings.push(reading.unknown_template(cases, from)),
        }
    }
    fields.extend(&case.set);
    let schema = &definition.schema;
    let mut request = Request::empty(schema);
    reading.put(&mut request, fields.iter().map(|(name, scalar)| (*name, *scalar)), &mut findings);
    let mut earlier = Vec::new();
    for set in &case.before {
        let mut before = request.clone();
        reading.put(&mut before, set, &mut findings);
        earlier.push(before);
    }
    if !earlier.is_empty() && history.is_none() {
        findings.push(reading.error(
            WRONG_VALUE,
            "before",
            "no derived field counts earlier requests",
            "没有派生字段统计更早的请求",
        ));
    }
    if let Some(history) = history.filter(|_| findings.is_empty()) {
        match history.figures(&earlier, &request) {
            Ok(figures) => {
                let given = |name: Option<String>| name.is_some_and(|name| fields.keys().any(|given| given.as_str() == name));
                let computed = figures.into_iter().filter(|(field, _)| !given(schema.name_of(*field)));
                computed.for_each(|(field, value)| request.set(field, value));
            }
            Err(error) => findings.push(reading.error(HISTORY_FAILED, "before", &error.to_string(), &error.to_string())),
        }
    }
    if findings.is_empty()
        && let Err((name, wrong)) = request.check(schema)
    {
        findings.push(reading.misfit(&name, &wrong));
    }
    if findings.is_empty() { Ok(request) } else { Err(findings) }
}

impl CaseReader<'_> {
    /// Puts values into a request.
    fn put<'f>(
        &self,
        request: &mut Request,
        fields: impl IntoIterator<Item = (&'f FieldName, &'f Scalar)>,
        findings: &mut Vec<Finding>,
    ) {
        let schema = &self.definition.schema;
        for (name, scalar) in fields {
            let Some((index, field)) = schema.find(name.as_str()) else {
                findings.push(self.unknown_field(name));
                continue;
            };
            match field.read(scalar, schema.zone) {
                Ok(value) => request.set(index, value),
                Err(wrong) => findings.push(self.misfit(name.as_str(), &wrong)),
            }
        }
    }

    fn unknown_template(&self, cases: &CaseSet, name: &str) -> Finding {
        let finding =
            self.error(UNKNOWN_TEMPLATE, "from", &format!("there is no template `{name}`"), &format!("没有名为 `{name}` 的模板"));
        suggest(finding, name, cases.templates.keys().map(String::as_str))
    }

    fn unknown_field(&self, name: &FieldName) -> Finding {
        let names: Vec<String> = self.definition.schema.fields().map(|(_, name, _)| name).collect();
        let finding =
            self.error(UNKNOWN_FIELD, "set", &format!("the schema has no field `{name}`"), &format!("请求结构中没有字段 `{name}`"));
        suggest(finding, name.as_str(), names.iter().map(String::as_str))
    }

    fn misfit(&self, name: &str, wrong: &ValueError) -> Finding {
        match wrong {
            ValueError::Missing => {
                let en = format!("`{name}` has no value, and the schema does not let it be missing");
                let zh = format!("字段 `{name}` 没有取值，而请求结构规定其不可缺失");
                self.error(INCOMPLETE_REQUEST, "set", &en, &zh)
                    .with_help(LocalText::new("give it a value here or in the template", "请在用例或模板中为其赋值"))
            }
            ValueError::NotA(what) => self.error(
                WRONG_VALUE,
                "set",
                &format!("`{name}` must be {what}"),
                &format!("字段 `{name}` 的取值类型不符，应为 {what}"),
            ),
            ValueError::NotInEnum => {
                let en = format!("the value of `{name}` is not one of the schema's");
                self.error(WRONG_VALUE, "set", &en, &format!("字段 `{name}` 的取值不在请求结构的枚举范围内"))
            }
        }
    }

    /// What the case expects must exist, or a misspelt name would be "not hit" for ever.
    fn expectations(&self) -> Vec<Finding> {
        let (rule_set, expect) = (&self.definition.rule_set, &self.case.expect);
        let mut findings = Vec::new();
        let rules: Vec<&str> = rule_set.rules().map(|(_, _, rule)| rule.id.as_str()).collect();
        let named = expect.hits.iter().chain(&expect.misses).chain(&expect.shadow_hits).chain(&expect.errors);
        for id in named.filter(|id| !rules.contains(&id.as_str())) {
            let finding = self.error(UNKNOWN_RULE, "expect", &format!("there is no rule `{id}`"), &format!("没有规则 `{id}`"));
            findings.push(suggest(finding, id.as_str(), rules.iter().copied()));
        }
        for id in expect.reasons.iter().flatten().filter(|id| !rule_set.reasons.contains_key(id.as_str())) {
            let finding =
                self.error(UNKNOWN_REASON, "expect", &format!("there is no reason `{id}`"), &format!("没有原因码 `{id}`"));
            findings.push(suggest(finding, id.as_str(), rule_set.reasons.keys().map(crate::model::ReasonId::as_str)));
        }
        for id in expect.interface.iter().flatten().filter(|id| !rule_set.interfaces.contains_key(id.as_str())) {
            let finding =
                self.error(UNKNOWN_INTERFACE, "expect", &format!("there is no interface `{id}`"), &format!("没有接口 `{id}`"));
            findings.push(suggest(finding, id.as_str(), rule_set.interfaces.keys().map(crate::model::InterfaceId::as_str)));
        }
        findings
    }
}
