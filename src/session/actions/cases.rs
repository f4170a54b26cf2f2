//! Regression cases: made from a request, changed, removed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Session;
use crate::draft::Draft;
use crate::history::{DraftEdit, EditJoin};
use countersign_core::model::{Case, Expect, FieldName, RuleId, Scalar, Value};
use countersign_core::text::LocalText;
use countersign_workspace::CASES_FOLDER;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CaseAction {
    /// A case of the selected request that expects what the draft decides now. Values of personal fields are replaced by made-up ones
    /// of the same kind, the same value always by the same.
    FromRequest {
        id: RuleId,
        title: LocalText,
        /// Values that the case has instead of the request's.
        changes: Vec<(FieldName, Scalar)>,
    },
    /// A case that starts from a template, or from nothing, and expects nothing yet.
    New {
        id: RuleId,
        title: LocalText,
        from: Option<String>,
    },
    /// The template a case starts from.
    SetTemplate(RuleId, Option<String>),
    SetTitle(RuleId, LocalText),
    /// A field's value; `None` takes it from the template again.
    SetField(RuleId, FieldName, Option<Scalar>),
    /// Expects what the draft decides now.
    Accept(RuleId),
    Delete(RuleId),
}

pub(super) fn apply(session: &mut Session, action: CaseAction) -> Result<(), LocalText> {
    match action {
        CaseAction::FromRequest { id, title, changes } => from_request(session, id, title, &changes),
        CaseAction::New { id, title, from } => {
            let file = format!("{CASES_FOLDER}/from_requests.ron");
            let set = countersign_core::model::Template::new();
            add(session, Case { id, title, from, set, before: Vec::new(), expect: Expect::default(), file })
        }
        CaseAction::SetTemplate(id, from) => session.edit(|draft| change(draft, &id, |case| case.from = from)),
        CaseAction::SetTitle(id, title) => session.edit(|draft| change(draft, &id, |case| case.title = title)),
        CaseAction::SetField(id, field, value) => session.edit(|draft| set_field(draft, &id, &field, value)),
        CaseAction::Accept(id) => accept(session, &id),
        CaseAction::Delete(id) => session.edit(|draft| {
            let label = LocalText::new(format!("delete case `{id}`"), format!("删除用例 `{id}`"));
            edit_cases(draft, label, None, |cases| {
                let before = cases.len();
                cases.retain(|case| case.id != id);
                if cases.len() == before { Err(no_case(&id)) } else { Ok(()) }
            })
        }),
    }
}

fn edit_cases(
    draft: &Draft,
    label: LocalText,
    joins: Option<EditJoin>,
    change: impl FnOnce(&mut Vec<Case>) -> Result<(), LocalText>,
) -> super::EditResult {
    let mut cases = draft.cases.as_ref().clone();
    change(&mut cases.cases)?;
    let draft = Draft { cases: Arc::new(cases), ..draft.clone() };
    Ok(DraftEdit { draft, label, joins })
}

fn change(draft: &Draft, id: &RuleId, change: impl FnOnce(&mut Case)) -> super::EditResult {
    let label = LocalText::new(format!("change case `{id}`"), format!("修改用例 `{id}`"));
    edit_cases(draft, label, Some(EditJoin::new("case", id.as_str())), |cases| {
        change(cases.iter_mut().find(|case| case.id == *id).ok_or_else(|| no_case(id))?);
        Ok(())
    })
}

/// A field's value must fit; one that is taken away must come from the template or be optional.
fn set_field(draft: &Draft, id: &RuleId, name: &FieldName, value: Option<Scalar>) -> super::EditResult {
    let schema = &draft.definition.schema;
    let unknown = || LocalText::new(format!("there is no field `{name}`"), format!("没有名为 `{name}` 的字段"));
    let (_, field) = schema.find(name.as_str()).ok_or_else(unknown)?;
    let case = draft.cases.cases.iter().find(|case| case.id == *id).ok_or_else(|| no_case(id))?;
    let template = case.from.as_ref().and_then(|from| draft.cases.templates.get(from));
    let scalar = value.as_ref().or_else(|| template.and_then(|template| template.get(name))).unwrap_or(&Scalar::Missing(()));
    let fits = field.read(scalar, schema.zone).and_then(|value| field.accepts(&value));
    fits.map_err(|_| {
        let looks = field.kind.looks_like();
        LocalText::new(format!("`{name}` must be {looks}"), format!("`{name}` 的类型应为{}", field.kind.text().zh))
    })?;
    change(draft, id, |case| match value {
        Some(value) => {
            case.set.insert(name.clone(), value);
        }
        None => {
            case.set.shift_remove(name);
        }
    })
}

fn no_case(id: &RuleId) -> LocalText {
    LocalText::new(format!("there is no case `{id}`"), format!("没有名为 `{id}` 的用例"))
}

fn not_decided() -> LocalText {
    LocalText::new("the draft decides nothing while it has errors or is being checked", "草稿存在错误或仍在检查，暂不能作出决策")
}

fn from_request(session: &mut Session, id: RuleId, title: LocalText, changes: &[(FieldName, Scalar)]) -> Result<(), LocalText> {
    let row = session.view.selection.request.ok_or_else(|| LocalText::new("no request is selected", "未选择请求"))?;
    let engine = session.engine().ok_or_else(not_decided)?;
    let table = session.requests().map(|requests| Arc::clone(&requests.table));
    let table = table.ok_or_else(|| LocalText::new("no requests are loaded", "尚未载入请求"))?;
    let schema = &engine.definition().schema;
    let mut request = table.request(row as usize);
    for (name, scalar) in changes {
        let Some((index, field)) = schema.find(name.as_str()) else { continue };
        let value = field.read(scalar, schema.zone).map_err(|_| does_not_fit(name))?;
        request.set(index, value);
    }
    request.check(schema).map_err(|(name, _)| does_not_fit(&name))?;
    let mut set = countersign_core::model::Template::new();
    for (index, name, field) in schema.fields() {
        if !schema.is_visible(&name) {
            request.set(index, Value::Missing);
            continue;
        }
        let value = request.get(index).clone();
        if value == Value::Missing {
            continue;
        }
        let value =
            if field.personal { crate::views::mask::placeholder(&name, &value, session.document.definition()) } else { value };
        request.set(index, value.clone());
        if let Ok(name) = FieldName::new(&name) {
            set.insert(name, value.to_scalar(schema.zone));
        }
    }
    let expect = expect(engine.definition(), &engine.decide(&request));
    let case = Case { id, title, from: None, set, before: Vec::new(), expect, file: format!("{CASES_FOLDER}/from_requests.ron") };
    add(session, case)
}

fn does_not_fit(field: impl std::fmt::Display) -> LocalText {
    LocalText::new(format!("the value of `{field}` does not fit the schema"), format!("`{field}` 的值不符合字段定义"))
}

fn add(session: &mut Session, case: Case) -> Result<(), LocalText> {
    let id = case.id.clone();
    if session.document.cases().cases.iter().any(|case| case.id == id) {
        return Err(LocalText::new(format!("there is a case `{id}` already"), format!("用例 `{id}` 已存在")));
    }
    let label = LocalText::new(format!("add case `{id}`"), format!("新增用例 `{id}`"));
    session.edit(|draft| {
        edit_cases(draft, label, None, |cases| {
            cases.push(case);
            Ok(())
        })
    })?;
    session.view.selection.case = Some(id);
    Ok(())
}

/// Expects just that decision: verdict, reasons, interface, hits.
fn expect(definition: &countersign_core::model::Definition, decision: &countersign_core::model::Decision) -> Expect {
    let rules = &definition.rule_set;
    let id = |rule: &countersign_core::model::RuleIndex| rules.rule(*rule).map(|rule| rule.id.clone());
    let reasons = decision.reasons.iter().filter_map(|given| rules.reasons.get_index(given.reason.at()));
    let interface = decision.interface.and_then(|interface| rules.interfaces.get_index(interface.at()));
    let mut codes: Vec<_> = reasons.map(|(code, _)| code.clone()).collect();
    codes.sort();
    codes.dedup();
    Expect {
        verdict: Some(decision.verdict),
        reasons: Some(codes),
        interface: Some(interface.map(|(id, _)| id.clone())),
        hits: decision.hits.iter().filter_map(id).collect(),
        shadow_hits: decision.shadow_hits.iter().filter_map(id).collect(),
        errors: decision.errors.iter().filter_map(|error| id(&error.rule?)).collect(),
        ..Expect::default()
    }
}

fn accept(session: &mut Session, id: &RuleId) -> Result<(), LocalText> {
    use countersign_core::engine::cases::CaseOutcome;
    let run = session.cases().value.cloned().filter(|_| session.cases().is_fresh()).ok_or_else(not_decided)?;
    let engine = session.engine().ok_or_else(not_decided)?;
    let result = run.results.iter().find(|result| result.id == *id).ok_or_else(|| no_case(id))?;
    let decision = match &result.outcome {
        CaseOutcome::Passed(decision) | CaseOutcome::Failed(decision, _) => decision,
        CaseOutcome::Unusable(_) => return Err(LocalText::new("the case has no request to decide", "该用例没有可决策的请求")),
    };
    let now = expect(engine.definition(), decision);
    session.edit(|draft| change(draft, id, |case| case.expect = now))
}
