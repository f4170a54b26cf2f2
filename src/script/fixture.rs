//! A small definition for tests: two groups, a few parameters and lists, one rule.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::model::{
    Definition, EnumType, Fen, Field, FieldName, FieldType, Group, HitPolicy, Interface, InterfaceId, List, ListEntries, ListId,
    ListType, OnError, Parameter, ParameterId, Reason, ReasonId, Request, Roles, Rule, RuleId, RuleSet, Schema, Script, Stage,
    StageId, StageKind, Status, Value, Verdict, Window, Zone,
};
use crate::text::{LocalText, Places, Sources};

fn both(text: &str) -> LocalText {
    LocalText::new(text, text)
}

fn enumeration(values: &[&str]) -> FieldType {
    FieldType::Enum(EnumType { values: values.iter().map(|value| ((*value).to_owned(), both(value))).collect() })
}

fn field(kind: FieldType, optional: bool) -> Field {
    Field { kind, optional, text: both("a field"), unit: None, personal: false }
}

fn group(fields: Vec<(&str, FieldType, bool)>) -> Group {
    let fields = fields.into_iter().map(|(name, kind, optional)| (name.to_owned(), field(kind, optional))).collect();
    Group { text: both("a group"), fields }
}

/// `request` (id, at, operation), `customer` (age?, kind, score?, id_hash?, trusted, joined?), `money` (amount?, paid) and the label.
pub(crate) fn schema() -> Schema {
    let request = vec![
        ("id", FieldType::Text, false),
        ("at", FieldType::Time, false),
        ("operation", enumeration(&["SIGN", "PAY"]), false),
        ("interface", enumeration(&["east", "west"]), false),
    ];
    let customer = vec![
        ("age", FieldType::Int, true),
        ("kind", enumeration(&["new", "stock"]), false),
        ("score", FieldType::Float, true),
        ("id_hash", FieldType::Text, true),
        ("trusted", FieldType::Bool, false),
        ("joined", FieldType::Time, true),
    ];
    let money = vec![("amount", FieldType::Money, true), ("paid", FieldType::Money, false)];
    let groups = [
        ("request", group(request)),
        ("customer", group(customer)),
        ("money", group(money)),
        ("label", group(vec![("fraud", FieldType::Bool, true)])),
    ];
    let name = |text| FieldName::new(text).unwrap();
    Schema {
        name: "fixture".to_owned(),
        zone: Zone::parse("+08:00").unwrap(),
        roles: Roles {
            key: name("request.id"),
            time: name("request.at"),
            amount: Some(name("money.amount")),
            customer: Some(name("customer.id_hash")),
            interface: Some(name("request.interface")),
            label: Some(name("label.fraud")),
        },
        groups: groups.into_iter().map(|(name, group)| (name.to_owned(), group)).collect(),
    }
}

/// A definition with one rule `r` in a Screen stage, of the given script and shared functions.
pub(crate) fn definition(script: &str, shared: &str) -> Definition {
    let mut sources = Sources::default();
    let mut script_of = |file: &str, text: &str| {
        let text: Arc<str> = text.into();
        Script { file: file.to_owned(), source: sources.add(file, Arc::clone(&text)), text }
    };
    let rule = Rule {
        id: RuleId::new("r").unwrap(),
        title: both("a rule"),
        owner: "risk".to_owned(),
        basis: both("a law"),
        status: Status::Active,
        window: Window::default(),
        script: script_of("risk/r.rhai", script),
    };
    let kind = StageKind::Screen { policy: HitPolicy::MostSevere, bands: Vec::new() };
    let stage = Stage { id: StageId::new("screen").unwrap(), title: both("screen"), kind, rules: vec![rule] };
    let parameter = |kind: FieldType, value: Value| Parameter { kind, value, range: None, unit: None, text: both("a parameter") };
    let parameters = [
        ("min_age", parameter(FieldType::Int, Value::Int(16))),
        ("cap", parameter(FieldType::Money, Value::Money(Fen(500_000)))),
        ("open", parameter(enumeration(&["east", "west"]), Value::Text("east".into()))),
        ("strict", parameter(FieldType::Bool, Value::Bool(true))),
    ];
    let list = |entries: ListEntries, kind| List { title: both("a list"), kind, file: "lists/x.txt".to_owned(), entries };
    let lists = [
        ("blocked", list(ListEntries::Text(["a".into(), "b".into()].into()), ListType::Text)),
        ("ages", list(ListEntries::Int([17, 18].into()), ListType::Int)),
    ];
    let reason =
        |code: &str| (ReasonId::new(code).unwrap(), Reason { text: both("a reason"), wire: "00".to_owned(), iso8583: None });
    let interface = |id: &str| (InterfaceId::new(id).unwrap(), Interface { title: both(id), capacity_per_second: Some(10) });
    let rule_set = RuleSet {
        name: "fixture".to_owned(),
        version: "1".to_owned(),
        title: both("a rule set"),
        on_error: OnError { verdict: Verdict::Refer, reason: ReasonId::new("FAILED").unwrap() },
        stages: vec![stage],
        parameters: parameters.into_iter().map(|(id, parameter)| (ParameterId::new(id).unwrap(), parameter)).collect(),
        interfaces: ["east", "west"].into_iter().map(interface).collect(),
        reasons: ["OK", "AGE", "FAILED"].into_iter().map(reason).collect(),
        lists: lists.into_iter().map(|(id, list)| (ListId::new(id).unwrap(), list)).collect::<IndexMap<_, _>>(),
        invariants: Vec::new(),
        shared: (!shared.is_empty()).then(|| script_of("shared.rhai", shared)),
    };
    Definition { schema: schema(), rule_set, sources, places: Places::default() }
}

/// A request with every field that may not be missing, and those given as `name=value` in plain text.
pub(crate) fn request(schema: &Schema, given: &str) -> Request {
    let always = "request.id=1 request.at=2014-03-24T09:30:00 request.operation=SIGN request.interface=east customer.kind=new \
                  customer.trusted=false money.paid=0.00";
    let mut request = Request::empty(schema);
    for (name, text) in always.split(' ').chain(given.split_whitespace()).map(|pair| pair.split_once('=').unwrap()) {
        let (index, field) = schema.find(name).unwrap();
        request.set(index, Value::parse(&field.kind, text, schema.zone).unwrap());
    }
    request.check(schema).unwrap();
    request
}
