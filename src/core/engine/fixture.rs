//! A small definition for tests, small enough that every figure can be worked out by hand.

use std::sync::Arc;

use indexmap::IndexMap;

use super::Engine;
use crate::model::{
    Band, Definition, EnumType, Fen, Field, FieldName, FieldType, Group, HitPolicy, Interface, InterfaceId, Invariant, OnError,
    Parameter, ParameterId, Reason, ReasonId, Roles, Rule, RuleId, RuleSet, Schema, Script, Stage, StageId, StageKind, Status,
    Value, Verdict, Window, Zone,
};
use crate::script::Program;
use crate::text::{LocalText, Places, Sources};

fn field(kind: FieldType, optional: bool, personal: bool) -> Field {
    Field { text: LocalText::same("-"), personal, ..Field::new(kind, optional) }
}

fn one_of(values: &[&str]) -> FieldType {
    FieldType::Enum(EnumType { values: values.iter().map(|value| ((*value).to_owned(), LocalText::same(*value))).collect() })
}

pub fn schema() -> Schema {
    let group = |fields: Vec<(&str, Field)>| Group {
        text: LocalText::same("-"),
        fields: fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect(),
    };
    let request = group(vec![
        ("id", field(FieldType::Text, false, false)),
        ("at", field(FieldType::Time, false, false)),
        ("via", field(one_of(&["east", "west", "north", "elsewhere"]), false, false)),
    ]);
    let groups = [
        ("request", request),
        ("customer", group(vec![("id", field(FieldType::Text, false, true))])),
        ("money", group(vec![("amount", field(FieldType::Money, true, false))])),
        ("risk", group(vec![("points", field(FieldType::Int, false, false))])),
        ("label", group(vec![("fraud", field(FieldType::Bool, true, false))])),
    ];
    let name = |text: &str| FieldName::new(text).unwrap();
    Schema {
        name: "small".to_owned(),
        zone: Zone::parse("+08:00").unwrap(),
        roles: Roles {
            key: name("request.id"),
            time: name("request.at"),
            amount: Some(name("money.amount")),
            customer: Some(name("customer.id")),
            interface: Some(name("request.via")),
            label: Some(name("label.fraud")),
        },
        groups: groups.into_iter().map(|(name, group)| (name.to_owned(), group)).collect(),
    }
}

/// A rule: `id`, or `~id` for a shadow, and its script.
type Spec = (&'static str, &'static str);

fn script(sources: &mut Sources, id: &str, text: &str) -> Script {
    let file = format!("{id}.rhai");
    Script { source: sources.add(file.clone(), text), file, text: text.into() }
}

fn stage(sources: &mut Sources, id: &str, title: (&str, &str), kind: StageKind, rules: &[Spec]) -> Stage {
    let rule = |(id, text): &Spec| {
        let name = id.trim_start_matches('~');
        Rule {
            id: RuleId::new(name).unwrap(),
            title: LocalText::new(format!("Rule {name}"), format!("规则 {name}")),
            owner: "Risk".to_owned(),
            basis: LocalText::same("-"),
            status: if id.starts_with('~') { Status::Shadow } else { Status::Active },
            window: Window::default(),
            script: script(sources, name, text),
        }
    };
    let rules = rules.iter().map(rule).collect();
    Stage { id: StageId::new(id).unwrap(), title: LocalText::new(title.0, title.1), kind, rules }
}

fn reasons() -> IndexMap<ReasonId, Reason> {
    let reason = |code: &str, en: &str, zh: &str| {
        let reason = Reason { text: LocalText::new(en, zh), wire: "PB000001".to_owned(), iso8583: Some("05".to_owned()) };
        (ReasonId::new(code).unwrap(), reason)
    };
    [
        reason("CLOSED", "interface closed", "接口已关闭"),
        reason("TRUSTED", "trusted customer", "可信客户"),
        reason("BIG", "large amount", "金额较大"),
        reason("POINTS", "risk points", "风险分"),
        reason("WATCH", "watched", "关注"),
        reason("SYSTEM_ERROR", "a rule failed", "规则出错"),
    ]
    .into_iter()
    .collect()
}

fn interfaces() -> IndexMap<InterfaceId, Interface> {
    let interface = |id: &str, zh: &str, capacity_per_second| {
        (InterfaceId::new(id).unwrap(), Interface { title: LocalText::new(id, zh), capacity_per_second })
    };
    [interface("east", "东", Some(1)), interface("west", "西", None), interface("north", "北", Some(2))].into_iter().collect()
}

fn definition(access: &[Spec], big_amount: i64) -> Definition {
    let mut sources = Sources::default();
    let risk: [Spec; 4] = [
        ("big", "if money.amount != () && money.amount > params.big_amount { score(60, \"BIG\") }"),
        ("points", "if risk.points > 0 { score(risk.points, \"POINTS\") }"),
        ("~watch", "if risk.points >= 30 { refer(\"WATCH\") }"),
        ("fragile", "if risk.points == 7 && 1 / (risk.points % 7) > 0 { refer(\"WATCH\") }"),
    ];
    let limits = [("limit_day", "limit(#{ single: yuan(5_000), day: yuan(10_000) })")];
    let routing = [("north_stays", "if request.via == \"north\" { route(\"north\") }")];
    let bands = [(60, Verdict::Refer), (90, Verdict::Decline)].map(|(at_least, verdict)| Band { at_least, verdict });
    let first = StageKind::Screen { policy: HitPolicy::First, bands: Vec::new() };
    let scored = StageKind::Screen { policy: HitPolicy::MostSevere, bands: bands.into() };
    let route = StageKind::Route { default: Some(InterfaceId::new("east").unwrap()) };
    let stages = vec![
        stage(&mut sources, "access", ("Access", "准入"), first, access),
        stage(&mut sources, "risk", ("Risk", "风险"), scored, &risk),
        stage(&mut sources, "limits", ("Limits", "限额"), StageKind::Limit, &limits),
        stage(&mut sources, "routing", ("Routing", "路由"), route, &routing),
    ];
    let parameter = Parameter {
        kind: FieldType::Money,
        value: Value::Money(Fen(big_amount)),
        range: None,
        unit: None,
        text: LocalText::same("-"),
    };
    let invariant = Invariant {
        id: RuleId::new("c9_is_never_declined").unwrap(),
        title: LocalText::new("Customer c9 is never declined", "客户 c9 从不被拒绝"),
        when: script(&mut sources, "c9_is_never_declined", "customer.id == \"c9\""),
        verdicts: vec![Verdict::Accept, Verdict::StepUp, Verdict::Refer],
    };
    let rule_set = RuleSet {
        name: "small".to_owned(),
        version: "1".to_owned(),
        title: LocalText::new("Small rule set", "小规则集"),
        on_error: OnError { verdict: Verdict::Refer, reason: ReasonId::new("SYSTEM_ERROR").unwrap() },
        stages,
        parameters: std::iter::once((ParameterId::new("big_amount").unwrap(), parameter)).collect(),
        interfaces: interfaces(),
        reasons: reasons(),
        lists: IndexMap::new(),
        invariants: vec![invariant],
        shared: None,
    };
    Definition { schema: schema(), rule_set, sources, places: Places::default() }
}

pub fn engine(definition: Definition) -> Engine {
    let compiled = Program::compile(&definition);
    assert_eq!(compiled.findings, []);
    Engine::new(Arc::new(definition), compiled.program)
}

/// The rule set of most tests.
pub fn new_definition() -> Definition {
    let access = [
        ("closed", "if request.via == \"west\" { decline(\"CLOSED\") }"),
        ("trusted", "if customer.id == \"c9\" { accept(\"TRUSTED\") }"),
    ];
    definition(&access, 500_000)
}

/// What it is compared with: `gone` stands where `closed` is now, and only amounts over 10,000 yuan are big.
pub fn old_definition() -> Definition {
    let access = [
        ("gone", "if request.via == \"west\" { step_up(\"WATCH\") }"),
        ("trusted", "if customer.id == \"c9\" { accept(\"TRUSTED\") }"),
    ];
    definition(&access, 1_000_000)
}
