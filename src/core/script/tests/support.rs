//! A small schema and rule set for the room's tests, and what a script makes of it.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::model::{
    Definition, EnumType, Fen, Field, FieldName, FieldType, Group, Interface, InterfaceId, List, ListEntries, ListId, ListType,
    OnError, Parameter, ParameterId, Reason, ReasonId, Request, Roles, Rule, RuleId, RuleIndex, RuleSet, Schema, Script, Stage,
    StageId, StageKind, Status, Value, Verdict, Window, Zone,
};
use crate::script::fault::FaultKind;
use crate::script::{Compiled, Program, Row, RunError};
use crate::text::{LocalText, Places, SourceId, Sources};

fn words(names: &[&str]) -> EnumType {
    EnumType { values: names.iter().map(|name| ((*name).to_owned(), LocalText::same(*name))).collect() }
}

fn field(kind: FieldType, optional: bool) -> Field {
    Field::new(kind, optional)
}

/// Groups `request`, `customer`, `money` and `label`, with a field of every type, optional or not.
pub(super) fn schema() -> Schema {
    let operation = FieldType::Enum(words(&["AUTH", "SIGN", "PAY", "UNSIGN"]));
    let interface = FieldType::Enum(words(&["zhejiang", "branch_1"]));
    let province = FieldType::Enum(words(&["zhejiang", "other"]));
    let group = |fields: Vec<(&str, Field)>| Group {
        text: LocalText::default(),
        fields: fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect(),
    };
    let mut groups = IndexMap::new();
    groups.insert(
        "request".to_owned(),
        group(vec![
            ("id", field(FieldType::Text, false)),
            ("operation", field(operation, false)),
            ("interface", field(interface, false)),
            ("received_at", field(FieldType::Time, false)),
        ]),
    );
    groups.insert(
        "customer".to_owned(),
        group(vec![
            ("age", field(FieldType::Int, true)),
            ("province", field(province, true)),
            ("vip", field(FieldType::Bool, true)),
            ("name_match", field(FieldType::Bool, false)),
            ("id_hash", field(FieldType::Text, false)),
            ("note", field(FieldType::Text, true)),
            ("cards", field(FieldType::Int, false)),
            ("risk", field(FieldType::Float, false)),
            ("risk_before", field(FieldType::Float, true)),
            ("signed_at", field(FieldType::Time, true)),
        ]),
    );
    groups.insert(
        "money".to_owned(),
        group(vec![("amount", field(FieldType::Money, true)), ("paid_today", field(FieldType::Money, false))]),
    );
    groups.insert("customer.home".to_owned(), group(vec![("City", field(FieldType::Text, true))]));
    groups.insert(String::new(), group(vec![("fixedFee", field(FieldType::Money, false))]));
    groups.insert("label".to_owned(), group(vec![("fraud", field(FieldType::Bool, true))]));
    let name = |text: &str| FieldName::new(text).unwrap();
    let roles = Roles {
        key: name("request.id"),
        time: name("request.received_at"),
        amount: Some(name("money.amount")),
        customer: Some(name("customer.id_hash")),
        interface: Some(name("request.interface")),
        label: Some(name("label.fraud")),
    };
    Schema { name: "test".to_owned(), zone: Zone::parse("+08:00").unwrap(), roles, groups }
}

fn parameters() -> IndexMap<ParameterId, Parameter> {
    let make = |id: &str, kind: FieldType, value: Value| {
        (ParameterId::new(id).unwrap(), Parameter { kind, value, range: None, unit: None, text: LocalText::default() })
    };
    let open = FieldType::Enum(words(&["zhejiang", "branch_1"]));
    let reason = FieldType::Enum(words(&["CLOSED", "AGE"]));
    IndexMap::from_iter([
        make("max_cards", FieldType::Int, Value::Int(3)),
        make("ceiling", FieldType::Money, Value::Money(Fen(500_000))),
        make("open_interface", open, Value::Text("zhejiang".into())),
        make("why", reason, Value::Text("CLOSED".into())),
        make("cut", FieldType::Float, Value::Float(0.5)),
        make("word", FieldType::Text, Value::Text("x".into())),
        make("strict", FieldType::Bool, Value::Bool(true)),
        make("cutover", FieldType::Time, Value::Time(crate::model::Timestamp::from_micros(1_395_590_400_000_000).unwrap())),
    ])
}

fn lists() -> IndexMap<ListId, List> {
    let texts: Vec<Arc<str>> = vec!["h1".into(), "h2".into()];
    let make = |id: &str, kind, entries| {
        (ListId::new(id).unwrap(), List { title: LocalText::default(), kind, file: format!("lists/{id}.txt"), entries })
    };
    IndexMap::from_iter([
        make("blocked", ListType::Text, ListEntries::Text(texts.into())),
        make("numbers", ListType::Int, ListEntries::Int(vec![1, 5].into())),
    ])
}

/// A definition whose rules are `scripts`, in one stage, with the shared functions given.
pub(super) fn definition(scripts: &[&str], shared: &str) -> Definition {
    let mut sources = Sources::default();
    let mut script = |file: String, text: &str| {
        let source = sources.add(file.clone(), text);
        Script { file, text: text.into(), source }
    };
    let rules = scripts.iter().enumerate().map(|(at, text)| Rule {
        id: RuleId::new(format!("r{at}")).unwrap(),
        title: LocalText::default(),
        owner: String::new(),
        basis: LocalText::default(),
        status: Status::Active,
        window: Window::default(),
        script: script(format!("r{at}.rhai"), text),
    });
    let rules = rules.collect();
    let shared = (!shared.is_empty()).then(|| script("shared.rhai".to_owned(), shared));
    let reason = || Reason { text: LocalText::default(), wire: "05".to_owned(), iso8583: None };
    let reasons = ["CLOSED", "AGE", "UNLINKED", "NEW_DEVICE", "SYSTEM_ERROR"].map(|code| (ReasonId::new(code).unwrap(), reason()));
    let interface = || Interface { title: LocalText::default(), capacity_per_second: None };
    let interfaces = ["zhejiang", "branch_1"].map(|id| (InterfaceId::new(id).unwrap(), interface()));
    let rule_set = RuleSet {
        name: "test".to_owned(),
        version: "1".to_owned(),
        title: LocalText::default(),
        on_error: OnError { verdict: Verdict::Refer, reason: ReasonId::new("SYSTEM_ERROR").unwrap() },
        stages: vec![Stage { id: StageId::new("all").unwrap(), title: LocalText::default(), kind: StageKind::Limit, rules }],
        parameters: parameters(),
        interfaces: interfaces.into_iter().collect(),
        reasons: reasons.into_iter().collect(),
        lists: lists(),
        invariants: Vec::new(),
        shared,
    };
    Definition { schema: schema(), rule_set, sources, places: Places::default() }
}

/// A request with every optional field missing.
pub(super) fn request() -> Request {
    let schema = schema();
    let mut request = Request::empty(&schema);
    let mut set = |name: &str, value| request.set(schema.find(name).unwrap().0, value);
    set("request.id", Value::Text("1".into()));
    set("request.operation", Value::Text("SIGN".into()));
    set("request.interface", Value::Text("branch_1".into()));
    set("request.received_at", Value::Time(crate::model::Timestamp::from_micros(1_395_590_400_000_000).unwrap()));
    set("customer.name_match", Value::Bool(true));
    set("customer.id_hash", Value::Text("h1".into()));
    set("customer.cards", Value::Int(2));
    set("customer.risk", Value::Float(0.25));
    set("money.paid_today", Value::Money(Fen(10_000)));
    set("fixedFee", Value::Money(Fen(7)));
    request
}

/// A request with fields set.
pub(super) fn request_with(fields: &[(&str, Value)]) -> Request {
    let schema = schema();
    let mut request = request();
    for (name, value) in fields {
        request.set(schema.find(name).unwrap().0, value.clone());
    }
    request
}

pub(super) fn compile(script: &str) -> Compiled {
    Program::compile(&definition(&[script], ""))
}

pub(super) fn run_with(script: &str, shared: &str, request: &Request) -> Result<Vec<crate::model::Outcome>, RunError> {
    let compiled = Program::compile(&definition(&[script], shared));
    let row = Row::new(&compiled.program, request);
    compiled.program.run(RuleIndex(0), &row)
}

/// Runs one script for [`request`].
pub(super) fn run(script: &str) -> Result<Vec<crate::model::Outcome>, RunError> {
    run_with(script, "", &request())
}

/// The value of an expression that is Bool, by way of the outcome it decides.
pub(super) fn holds(expression: &str) -> Result<bool, RunError> {
    run(&format!("if {expression} {{ decline(\"CLOSED\") }}")).map(|outcomes| !outcomes.is_empty())
}

/// The faults of a script: each as the text under it and a short form of what is wrong.
pub(super) fn faults(script: &str, shared: &str) -> Vec<(String, String)> {
    let definition = definition(&[script], shared);
    let compiled = Program::compile(&definition);
    assert!(compiled.findings.is_empty(), "{script}: {:?}", compiled.findings);
    let tree = compiled.program.tree(RuleIndex(0)).unwrap();
    let text = |source: SourceId, span| definition.sources.get(source).unwrap().slice(span).to_owned();
    tree.faults.iter().map(|fault| (text(fault.span.source, fault.span), short(&fault.kind))).collect()
}

/// A fault in a few words.
fn short(kind: &FaultKind) -> String {
    match kind {
        FaultKind::UnknownName(name) => format!("unknown {:?} {}", name.kind, name.name),
        FaultKind::UnguardedOptional { present, .. } => format!("unguarded {present}"),
        FaultKind::MismatchedComparison { lhs, rhs, .. } => format!("compares {lhs} with {rhs}"),
        FaultKind::UnknownEnumValue { value, .. } => format!("no enum value {value}"),
        FaultKind::TextInText { .. } => "text in text".to_owned(),
        FaultKind::WrongOperand { op, lhs, rhs: Some(rhs) } => format!("{op} on {lhs} and {rhs}"),
        FaultKind::WrongOperand { op, lhs, rhs: None } => format!("{op} on {lhs}"),
        FaultKind::WrongArgument { function, parameter, found, .. } => format!("{function}({parameter}) given {found}"),
        FaultKind::WrongArgumentCount { function, wanted, found } => format!("{function} wants {wanted} given {found}"),
        FaultKind::BadLiteral { text, .. } => format!("bad literal {text}"),
        FaultKind::NotACondition(ty) => format!("{ty} as condition"),
        FaultKind::NotAnOutcome(ty) => format!("{ty} as outcome"),
        FaultKind::ConstantCondition(value) => format!("always {value}"),
        FaultKind::AssignmentToConstant(name) => format!("changes {name}"),
        FaultKind::ChangedType { name, was, becomes } => format!("{name} was {was} becomes {becomes}"),
        FaultKind::UnknownReason(name) => format!("unknown reason {name}"),
        FaultKind::UnknownInterface(name) => format!("unknown interface {name}"),
        FaultKind::UnknownLimit(name) => format!("unknown limit {name}"),
        FaultKind::Recursion(name) => format!("recursion of {name}"),
        FaultKind::GroupAsValue(name) => format!("group {name} as value"),
        FaultKind::Forbidden(what) => format!("forbidden {}", what.en),
        FaultKind::LabelVisible(_) => "label visible".to_owned(),
        FaultKind::FloatAsMoney => "float as money".to_owned(),
        FaultKind::OutcomeDropped => "outcome dropped".to_owned(),
        FaultKind::AssignmentInCondition => "assignment in condition".to_owned(),
        FaultKind::Unreachable => "unreachable".to_owned(),
        FaultKind::DynamicReason => "dynamic reason".to_owned(),
        FaultKind::DynamicInterface => "dynamic interface".to_owned(),
        FaultKind::UnboundedLoop => "unbounded loop".to_owned(),
    }
}
