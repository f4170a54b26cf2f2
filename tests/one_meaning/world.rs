//! The schema, rule set and requests that generated scripts meet: a field of every type, there or perhaps missing, and edge values.

use std::sync::Arc;

use countersign_core::model::{
    Definition, EnumType, Fen, Field, FieldName, FieldType, Group, HitPolicy, Interface, InterfaceId, List, ListEntries, ListId,
    ListType, OnError, Parameter, ParameterId, Reason, ReasonId, Request, Roles, Rule, RuleId, RuleSet, Schema, Script, Stage,
    StageId, StageKind, Status, Timestamp, Value, Verdict, Window, Zone,
};
use countersign_core::text::{LocalText, Places, Sources};

use crate::one_meaning::random::Random;

/// Functions that generated scripts may call, with early returns, variables and changes of variables.
pub const SHARED: &str = r#"
fn pick(flag, one, other) { if flag { one } else { other } }
fn clamp(n, low, high) {
    if n < low { return low; }
    if n > high { return high; }
    n
}
fn grade(n) {
    let g = 0;
    if n > 10 { g = 1; }
    if n > 100 { g += 1; if n > 1000 { return 9; } g = g * 2; }
    g
}
fn nested(a, b) { clamp(grade(a), 0, 5) + pick(a == b, 1, 2) }
fn halves(a, b) {
    let half = a / b;
    if half > 3 { return half; }
    switch half { 0 => 10, 1 | 2 if a > 4 => 20, -5..0 => 30, _ => half }
}
fn known(text) { text in ["a", "b", "浙江"] }
fn verdict(flag) { if flag { decline("B") } else { () } }
"#;

pub const ENUM: [&str; 3] = ["east", "west", "north"];

fn text(of: &str) -> LocalText {
    LocalText::same(of)
}

pub fn types() -> Vec<(&'static str, FieldType)> {
    let values = ENUM.iter().map(|value| ((*value).to_owned(), text(value))).collect();
    vec![
        ("b", FieldType::Bool),
        ("i", FieldType::Int),
        ("j", FieldType::Int),
        ("m", FieldType::Money),
        ("f", FieldType::Float),
        ("t", FieldType::Text),
        ("u", FieldType::Text),
        ("e", FieldType::Enum(EnumType { values })),
        ("at", FieldType::Time),
    ]
}

fn group(optional: bool) -> Group {
    let field = |kind| Field { text: text("a field"), ..Field::new(kind, optional) };
    Group { text: text("a group"), fields: types().into_iter().map(|(name, kind)| (name.to_owned(), field(kind))).collect() }
}

/// `req` holds a field of every type, `opt` the same fields, each perhaps missing; `key` tells requests apart. Those of `req` are also in
/// groups of groups, and, with `plain` before their names, in none.
pub fn schema() -> Schema {
    let mut first = group(false);
    let key = Field { text: text("key"), ..Field::new(FieldType::Text, false) };
    first.fields.insert("key".to_owned(), key);
    let mut plain = group(false);
    plain.fields = plain.fields.into_iter().map(|(name, field)| (format!("plain{name}"), field)).collect();
    let name = |of| FieldName::new(of).unwrap();
    Schema {
        name: "generated".to_owned(),
        zone: Zone::parse("+08:00").unwrap(),
        roles: Roles { key: name("req.key"), time: name("req.at"), amount: None, customer: None, interface: None, label: None },
        groups: [
            ("req".to_owned(), first),
            ("opt".to_owned(), group(true)),
            ("deep.er.Down".to_owned(), group(false)),
            (String::new(), plain),
        ]
        .into_iter()
        .collect(),
    }
}

/// A value of a type, often one at an edge.
pub fn value(random: &mut Random, kind: &FieldType) -> Value {
    match kind {
        FieldType::Bool => Value::Bool(random.one_in(2)),
        FieldType::Int => Value::Int(int(random)),
        FieldType::Money => Value::Money(Fen(int(random))),
        FieldType::Float => {
            Value::Float(random.pick(&[0.0, -0.0, 0.5, 1.0, 1.5, -2.25, 3.0, 10.0, 1e15, f64::MAX, f64::MIN_POSITIVE]))
        }
        FieldType::Text => Value::Text(words(random).into()),
        FieldType::Enum(_) => Value::Text(random.pick(&ENUM).into()),
        FieldType::Time => Value::Time(time(random)),
    }
}

/// The plainest values of a type, the plainest first.
pub fn simple(kind: &FieldType, optional: bool) -> Vec<Value> {
    let plain = match kind {
        FieldType::Bool => vec![Value::Bool(false)],
        FieldType::Int => vec![Value::Int(0), Value::Int(1)],
        FieldType::Money => vec![Value::Money(Fen(0)), Value::Money(Fen(1))],
        FieldType::Float => vec![Value::Float(0.0), Value::Float(1.0)],
        FieldType::Text => vec![Value::Text("".into()), Value::Text("a".into())],
        FieldType::Enum(_) => vec![Value::Text(ENUM[0].into())],
        FieldType::Time => Timestamp::from_micros(0).map(Value::Time).into_iter().collect(),
    };
    optional.then_some(Value::Missing).into_iter().chain(plain).collect()
}

fn int(random: &mut Random) -> i64 {
    match random.below(6) {
        0 => random.pick(&[i64::MIN, i64::MAX, i64::MIN + 1, i64::MAX - 1, -1, 92_233_720_368_547_758, 9_007_199_254_740_993]),
        1 | 2 => random.pick(&[0, 1, -1, 2, 10, 11, 100, 101, 1000, 1001]),
        _ => i64::try_from(random.below(41)).unwrap() - 20,
    }
}

fn words(random: &mut Random) -> String {
    if random.one_in(400) {
        return "长".repeat(100 + random.below(1500));
    }
    let texts = ["", "a", "b", "A", "ab", "abc", "浙江", "浙", "Ａ", "ß", " a ", "0.50", "e\u{301}", "622202", "east", "x\ty"];
    random.pick(&texts).to_owned()
}

fn time(random: &mut Random) -> Timestamp {
    let day = 86_400_000_000_i64;
    // Local midnight of 2014-03-24 at +08:00, and times just around it.
    let midnight = 1_395_590_400_000_000_i64;
    let micros = match random.below(5) {
        0 => random.pick(&[Timestamp::MIN.micros(), Timestamp::MAX.micros(), 0, -1, 1]),
        1 => midnight + random.pick(&[-1, 0, 1, 59_999_999, 60_000_000, 3_599_999_999, -8 * 3_600_000_000]),
        _ => midnight + (i64::try_from(random.below(800)).unwrap() - 400) * (day / 7),
    };
    Timestamp::from_micros(micros).unwrap()
}

/// A request; `opt` fields are missing half of the time.
pub fn request(random: &mut Random, schema: &Schema, at: usize) -> Request {
    let mut request = Request::empty(schema);
    for (index, name, field) in schema.fields() {
        let given = if name == "req.key" {
            Value::Text(format!("{at}").into())
        } else if field.optional && random.one_in(2) {
            Value::Missing
        } else {
            value(random, &field.kind)
        };
        request.set(index, given);
    }
    request.check(schema).unwrap();
    request
}

/// A rule set of those scripts, one rule each, in a stage of the kind that fits what the script is named after.
pub fn definition(scripts: &[String], parameters: &mut Random) -> Definition {
    let mut sources = Sources::default();
    let mut script = |file: String, source: &str| {
        let held: Arc<str> = source.into();
        Script { source: sources.add(&file, Arc::clone(&held)), file, text: held }
    };
    let rule = |(at, source): (usize, &String)| Rule {
        id: RuleId::new(format!("r{at}")).unwrap(),
        title: text("a rule"),
        owner: "risk".to_owned(),
        basis: text("a law"),
        status: if at % 7 == 6 { Status::Shadow } else { Status::Active },
        window: Window::default(),
        script: script(format!("r{at}.rhai"), source),
    };
    let rules: Vec<Rule> = scripts.iter().enumerate().map(rule).collect();
    let shared = Some(script("shared.rhai".to_owned(), SHARED));
    let kind = StageKind::Screen { policy: HitPolicy::MostSevere, bands: Vec::new() };
    let stage = Stage { id: StageId::new("all").unwrap(), title: text("all"), kind, rules };
    let reason = |id: &str| (ReasonId::new(id).unwrap(), Reason { text: text(id), wire: "00".to_owned(), iso8583: None });
    let interface = |id: &&str| (InterfaceId::new(id).unwrap(), Interface { title: text(id), capacity_per_second: Some(1) });
    let list = |kind, entries| List { title: text("list"), kind, file: "lists/x.txt".to_owned(), entries };
    let texts: Vec<Arc<str>> = ["", "a", "ab", "浙江"].map(Arc::from).into();
    let ints = vec![i64::MIN, -1, 0, 7, 10, i64::MAX];
    let parameters = types().into_iter().map(|(name, kind)| {
        let held = value(parameters, &kind);
        let held = if matches!(&held, Value::Text(text) if text.len() > 512) { Value::Text("p".into()) } else { held };
        (ParameterId::new(name).unwrap(), Parameter { value: held, kind, range: None, unit: None, text: text("a parameter") })
    });
    let rule_set = RuleSet {
        name: "generated".to_owned(),
        version: "1".to_owned(),
        title: text("generated"),
        on_error: OnError { verdict: Verdict::Refer, reason: ReasonId::new("A").unwrap() },
        stages: vec![stage],
        parameters: parameters.collect(),
        interfaces: ENUM.iter().take(2).map(interface).collect(),
        reasons: ["A", "B", "C"].map(reason).into_iter().collect(),
        lists: [
            (ListId::new("texts").unwrap(), list(ListType::Text, ListEntries::Text(texts.into()))),
            (ListId::new("ints").unwrap(), list(ListType::Int, ListEntries::Int(ints.into()))),
        ]
        .into_iter()
        .collect(),
        invariants: Vec::new(),
        shared,
    };
    Definition { schema: schema(), rule_set, sources, places: Places::default() }
}
