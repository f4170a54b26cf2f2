//! Gives `cases/*.ron` their meaning: templates, requests and what is expected of the decision.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::{CASES_FOLDER, places};
use crate::at::At;
use crate::case_file::{CaseEntries, CaseFile, CasesFile};
use crate::read::{RonDocument, WorkspaceReader};
use countersign_core::check::kinds::{
    INCOMPLETE_REQUEST, UNKNOWN_FIELD, UNKNOWN_INTERFACE, UNKNOWN_REASON, UNKNOWN_RULE, UNKNOWN_TEMPLATE, WRONG_VALUE,
};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{
    Case, CaseSet, Definition, Expect, ExpectLimits, Fen, FieldName, FieldType, InterfaceId, ReasonId, RuleId, Scalar, Schema,
    Template, ValueError,
};
use countersign_core::raw::ScalarFile;
use countersign_core::raw::read::{RawSource, SeenIds, bare_word, id, unknown, wrong_value};
use countersign_core::text::{LocalText, Places};

const RULE: (&str, &str) = ("rule", "规则");

/// Whether the files of cases can be read at all, where nothing is known of the rest of the workspace.
pub(super) fn look(reader: &mut WorkspaceReader<'_>) {
    let before = reader.findings.len();
    for name in reader.ron_files(CASES_FOLDER) {
        reader.ron::<CasesFile>(&name);
    }
    reader.leave_cases(before);
}

/// Every case that is right; what is wrong with the others is noted.
pub(super) fn load(reader: &mut WorkspaceReader<'_>, where_: &mut Places, definition: &Definition) -> CaseSet {
    let start = reader.findings.len();
    let names = reader.ron_files(CASES_FOLDER);
    let files = names.len();
    let read: Vec<(String, RonDocument<CasesFile>)> =
        names.into_iter().filter_map(|name| reader.ron::<CasesFile>(&name).map(|document| (name, document))).collect();
    let mut set = CaseSet::default();
    let (mut template_ids, mut case_ids) = (SeenIds::default(), SeenIds::default());
    for (_, document) in &read {
        templates(reader, where_, document, definition, &mut template_ids, &mut set.templates);
    }
    for (file, document) in &read {
        let at = document.top().field("cases");
        places::by_id(where_, "cases", at);
        let lost = if read.len() < files { lost(reader, document, &set.templates) } else { BTreeSet::new() };
        for (position, written) in document.value.cases.iter().enumerate().filter(|(position, _)| !lost.contains(position)) {
            let here = at.item(position);
            let span = here.field("id").span();
            let before = reader.findings.len();
            case_ids.note(reader, ("case", "用例"), &written.id, span);
            let case = one_case(reader, written, here, definition, &set.templates, file);
            set.cases.extend(case.filter(|_| reader.findings.len() == before));
        }
    }
    reader.leave_cases(start);
    set
}

/// The cases of a file whose templates may be in another one that cannot be read: reported once, not for each of them.
fn lost(
    reader: &mut WorkspaceReader<'_>,
    document: &RonDocument<CasesFile>,
    known: &IndexMap<String, Template>,
) -> BTreeSet<usize> {
    let from = |case: &CaseFile| case.from.clone().filter(|from| !known.contains_key(from));
    let cases = document.value.cases.iter().enumerate();
    let lost: BTreeMap<usize, String> = cases.filter_map(|(position, case)| Some((position, from(case)?))).collect();
    if let Some((position, name)) = lost.first_key_value() {
        let span = document.top().field("cases").item(*position).field("from").span();
        let count = lost.len();
        let message = LocalText::new(
            format!("there is no template `{name}` in the files that could be read; {count} cases of this file are not run"),
            format!("可读取的文件中没有模板 `{name}`；此文件中有 {count} 个用例未运行"),
        );
        let help = LocalText::new("fix the other files of cases first", "请先修正其他用例文件");
        reader.wrong(Finding::new(UNKNOWN_TEMPLATE, span, message).with_help(help));
    }
    lost.into_keys().collect()
}

fn templates(
    reader: &mut WorkspaceReader<'_>,
    where_: &mut Places,
    document: &RonDocument<CasesFile>,
    definition: &Definition,
    seen: &mut SeenIds,
    into: &mut IndexMap<String, Template>,
) {
    let at = document.top().field("templates");
    places::all(where_, "templates", at);
    for (position, (name, fields)) in document.value.templates.0.iter().enumerate() {
        if seen.note(reader, ("template", "模板"), name, at.key(position)) {
            let template = template(reader, fields, at.item(position), &definition.schema);
            into.insert(name.clone(), template);
        }
    }
}

/// Fields with values that fit the schema.
fn template(reader: &mut WorkspaceReader<'_>, written: &CaseEntries<ScalarFile>, at: At<'_>, schema: &Schema) -> Template {
    let mut seen = SeenIds::default();
    let mut template = Template::new();
    for (position, (name, ScalarFile(scalar))) in written.0.iter().enumerate() {
        let key = at.key(position);
        let Some((_, field)) = schema.find(name) else {
            let known: Vec<String> = schema.fields().map(|(_, name, _)| name).collect();
            unknown(reader, UNKNOWN_FIELD, ("field", "字段"), name, key, known.iter().map(String::as_str));
            continue;
        };
        let span = at.item(position).span();
        if let Some(word) = at.item(position).bare_word() {
            reader.wrong(bare_word(word, span));
            continue;
        }
        match field.read(scalar, schema.zone).and_then(|value| field.accepts(&value)) {
            Ok(()) => {}
            Err(ValueError::Missing) => {
                let message = LocalText::new(format!("`{name}` is never missing"), format!("`{name}` 是必填字段，不能为空"));
                let help = LocalText::new(format!("write {}", field.kind.looks_like()), "请写出它的值，或在结构中将其设为可选");
                reader.wrong(Finding::new(WRONG_VALUE, span, message).with_help(help));
            }
            Err(error) => reader.wrong(wrong_value(&field.kind, &error, &at.item(position))),
        }
        if let (true, Ok(name)) = (seen.note(reader, ("field", "字段"), name, key), FieldName::new(name)) {
            template.insert(name, scalar.clone());
        }
    }
    template
}

fn one_case(
    reader: &mut WorkspaceReader<'_>,
    written: &CaseFile,
    at: At<'_>,
    definition: &Definition,
    templates: &IndexMap<String, Template>,
    file: &str,
) -> Option<Case> {
    let made = id(reader, RuleId::new(&written.id), at.field("id").span());
    if let Some(from) = written.from.as_ref().filter(|from| !templates.contains_key(*from)) {
        let known = templates.keys().map(String::as_str);
        unknown(reader, UNKNOWN_TEMPLATE, ("template", "模板"), from, at.field("from").span(), known);
    }
    let set = template(reader, &written.set, at.field("set"), &definition.schema);
    let expect = expect(reader, written, at.field("expect"), definition);
    let place = at.field("before");
    let before = written.before.iter().enumerate();
    let before = before.map(|(position, fields)| template(reader, fields, place.item(position), &definition.schema)).collect();
    let (title, from) = (written.title.clone(), written.from.clone());
    let case = Case { id: made?, title, from, set, before, expect, file: file.to_owned() };
    check_complete(reader, &case, at, &definition.schema, templates);
    Some(case)
}

/// A request needs every field that is not optional.
fn check_complete(
    reader: &mut WorkspaceReader<'_>,
    case: &Case,
    at: At<'_>,
    schema: &Schema,
    templates: &IndexMap<String, Template>,
) {
    let from = case.from.as_ref().and_then(|from| templates.get(from));
    let given = |name: &str| {
        let value = case.set.get(name).or_else(|| from.and_then(|template| template.get(name)));
        !matches!(value, None | Some(Scalar::Missing(())))
    };
    let missing: Vec<String> =
        schema.fields().filter(|(_, name, field)| field.must_be_given() && !given(name)).map(|(_, name, _)| name).collect();
    if missing.is_empty() || (case.from.is_some() && from.is_none()) {
        return;
    }
    let id = &case.id;
    let list = missing.join("`, `");
    let message = LocalText::new(format!("the request of case `{id}` lacks `{list}`"), format!("用例 `{id}` 的请求缺少 `{list}`"));
    let help = LocalText::new(
        "set these fields in the case, or start it `from` a template that has them",
        "请在用例中写出这些字段，或用 `from` 引用包含它们的模板",
    );
    reader.wrong(Finding::new(INCOMPLETE_REQUEST, at.field("id").span(), message).with_help(help));
}

fn expect(reader: &mut WorkspaceReader<'_>, written: &CaseFile, at: At<'_>, definition: &Definition) -> Expect {
    let written = &written.expect;
    let rules = |reader: &mut WorkspaceReader<'_>, part: &str, names: &[String]| -> Vec<RuleId> {
        let at = at.field(part);
        let found = names.iter().enumerate().filter_map(|(position, name)| rule(reader, name, at.item(position), definition));
        found.collect()
    };
    let hits = rules(reader, "hits", &written.hits);
    let misses = rules(reader, "misses", &written.misses);
    let shadow_hits = rules(reader, "shadow_hits", &written.shadow_hits);
    let errors = rules(reader, "errors", &written.errors);
    let place = at.field("limits");
    let limits = ExpectLimits {
        single: amount(reader, written.limits.single.as_ref(), place.field("single")),
        day: amount(reader, written.limits.day.as_ref(), place.field("day")),
        month: amount(reader, written.limits.month.as_ref(), place.field("month")),
        year: amount(reader, written.limits.year.as_ref(), place.field("year")),
    };
    let reasons = written.reasons.as_ref().map(|codes| {
        let at = at.field("reasons");
        codes.iter().enumerate().filter_map(|(position, code)| reason(reader, code, at.item(position), definition)).collect()
    });
    let interface = match &written.interface {
        Some(Some(name)) => interface(reader, name, at.field("interface"), definition).map(Some),
        Some(None) => Some(None),
        None => None,
    };
    Expect { verdict: written.verdict, reasons, interface, score: written.score, hits, misses, shadow_hits, limits, errors }
}

fn rule(reader: &mut WorkspaceReader<'_>, name: &str, at: At<'_>, definition: &Definition) -> Option<RuleId> {
    let rules = &definition.rule_set;
    if let Some((_, _, rule)) = rules.find_rule(name) {
        return Some(rule.id.clone());
    }
    let known = rules.stages.iter().flat_map(|stage| &stage.rules).map(|rule| rule.id.as_str());
    unknown(reader, UNKNOWN_RULE, RULE, name, at.span(), known);
    None
}

fn reason(reader: &mut WorkspaceReader<'_>, code: &str, at: At<'_>, definition: &Definition) -> Option<ReasonId> {
    let reasons = &definition.rule_set.reasons;
    if let Some((id, _)) = reasons.get_key_value(code) {
        return Some(id.clone());
    }
    unknown(reader, UNKNOWN_REASON, ("reason", "原因码"), code, at.span(), reasons.keys().map(ReasonId::as_str));
    None
}

fn interface(reader: &mut WorkspaceReader<'_>, name: &str, at: At<'_>, definition: &Definition) -> Option<InterfaceId> {
    let interfaces = &definition.rule_set.interfaces;
    if let Some((id, _)) = interfaces.get_key_value(name) {
        return Some(id.clone());
    }
    unknown(reader, UNKNOWN_INTERFACE, ("interface", "接口"), name, at.span(), interfaces.keys().map(InterfaceId::as_str));
    None
}

#[expect(clippy::option_option, reason = "the model's own: anything, none, or that amount")]
fn amount(reader: &mut WorkspaceReader<'_>, written: Option<&Option<String>>, at: At<'_>) -> Option<Option<Fen>> {
    let Some(text) = written? else { return Some(None) };
    let read = Fen::parse_yuan(text);
    if read.is_none() {
        let kind = FieldType::Money;
        let error = ValueError::NotA(kind.looks_like());
        reader.wrong(wrong_value(&kind, &error, &at));
    }
    read.map(Some)
}
