//! A schema with a field of every type, a rule set of given scripts, and random requests.

use std::sync::Arc;

use countersign_core::model::{
    Definition, EnumType, Fen, Field, FieldName, FieldType, Group, Interface, InterfaceId, List, ListEntries, ListId, ListType,
    OnError, Parameter, ParameterId, Reason, ReasonId, Request, Roles, Rule, RuleId, RuleSet, Schema, Script, Stage, StageId,
    StageKind, Status, Timestamp, Value, Verdict, Window, Zone,
};
use countersign_core::text::{LocalText, Places, Sources};

/// Numbers that only depend on the seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % limit as u64).unwrap()
    }

    pub(crate) fn one_of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    pub(crate) fn chance(&mut self, in_thousand: usize) -> bool {
        self.below(1000) < in_thousand
    }
}

pub(crate) const OPERATIONS: [&str; 4] = ["AUTH", "SIGN", "PAY", "UNSIGN"];
pub(crate) const PLACES: [&str; 3] = ["zhejiang", "branch_1", "branch_2"];

fn words(names: &[&str]) -> FieldType {
    FieldType::Enum(EnumType { values: names.iter().map(|name| ((*name).to_owned(), LocalText::same(*name))).collect() })
}

/// Two groups with every type, `a` always there and `b` optional.
fn schema() -> Schema {
    let kinds = || {
        [
            ("flag", FieldType::Bool),
            ("count", FieldType::Int),
            ("amount", FieldType::Money),
            ("risk", FieldType::Float),
            ("name", FieldType::Text),
            ("operation", words(&OPERATIONS)),
            ("place", words(&PLACES)),
            ("at", FieldType::Time),
        ]
    };
    let group = |optional| {
        let fields = kinds().map(|(name, kind)| (name.to_owned(), Field::new(kind, optional)));
        Group { text: LocalText::default(), fields: fields.into_iter().collect() }
    };
    let mut label = group(true);
    label.fields.truncate(1);
    let groups = [("a".to_owned(), group(false)), ("b".to_owned(), group(true)), ("label".to_owned(), label)];
    let name = |text: &str| FieldName::new(text).unwrap();
    let roles = Roles {
        key: name("a.name"),
        time: name("a.at"),
        amount: None,
        customer: None,
        interface: None,
        label: Some(name("label.flag")),
    };
    Schema { name: "world".to_owned(), zone: Zone::parse("+08:00").unwrap(), roles, groups: groups.into_iter().collect() }
}

const SHARED: &str = "fn larger(x, y) { if x > y { x } else { y } }
fn young(age) { age != () && age < 16 }
fn is_one_of(x, all) { for one in all { if one == x { return true; } } false }
fn or_else(x, y) { x ?? y }
fn say(code) { decline(code) }";

pub(crate) fn definition(scripts: &[String]) -> Definition {
    let mut sources = Sources::default();
    let mut script = |file: String, text: &str| {
        let source = sources.add(file.clone(), text);
        Script { file, text: text.into(), source }
    };
    let text = || LocalText::same("x");
    let rules = scripts.iter().enumerate().map(|(at, body)| Rule {
        id: RuleId::new(format!("r{at}")).unwrap(),
        title: text(),
        owner: "x".to_owned(),
        basis: text(),
        status: Status::Active,
        window: Window::default(),
        script: script(format!("r{at}.rhai"), body),
    });
    let rules = rules.collect();
    let shared = Some(script("shared.rhai".to_owned(), SHARED));
    let parameter = |id: &str, kind: FieldType, value| {
        (ParameterId::new(id).unwrap(), Parameter { kind, value, range: None, unit: None, text: text() })
    };
    let parameters = [
        parameter("flag", FieldType::Bool, Value::Bool(true)),
        parameter("count", FieldType::Int, Value::Int(7)),
        parameter("amount", FieldType::Money, Value::Money(Fen(5_000))),
        parameter("risk", FieldType::Float, Value::Float(0.5)),
        parameter("name", FieldType::Text, Value::Text("abc".into())),
        parameter("operation", words(&OPERATIONS), Value::Text("PAY".into())),
        parameter("place", words(&PLACES), Value::Text("branch_1".into())),
        parameter("at", FieldType::Time, Value::Time(Timestamp::from_micros(0).unwrap())),
    ];
    let entries: Vec<Arc<str>> = vec!["abc".into(), "b".into()];
    let list =
        |id: &str, kind, entries| (ListId::new(id).unwrap(), List { title: text(), kind, file: format!("{id}.txt"), entries });
    let lists = [
        list("names", ListType::Text, ListEntries::Text(entries.into())),
        list("counts", ListType::Int, ListEntries::Int(vec![-1, 0, 7].into())),
    ];
    let reason = |code: &str| (ReasonId::new(code).unwrap(), Reason { text: text(), wire: "1".to_owned(), iso8583: None });
    let interface = |id: &str| (InterfaceId::new(id).unwrap(), Interface { title: text(), capacity_per_second: Some(1) });
    let rule_set = RuleSet {
        name: "world".to_owned(),
        version: "1".to_owned(),
        title: text(),
        on_error: OnError { verdict: Verdict::Refer, reason: ReasonId::new("ONE").unwrap() },
        stages: vec![Stage { id: StageId::new("all").unwrap(), title: text(), kind: StageKind::Limit, rules }],
        parameters: parameters.into_iter().collect(),
        interfaces: PLACES.iter().map(|id| interface(id)).collect(),
        reasons: ["ONE", "TWO"].iter().map(|code| reason(code)).collect(),
        lists: lists.into_iter().collect(),
        invariants: Vec::new(),
        shared,
    };
    Definition { schema: schema(), rule_set, sources, places: Places::default() }
}

/// A request that fits the schema, with the values at which things break.
pub(crate) fn request(random: &mut Random, schema: &Schema) -> Request {
    let mut request = Request::empty(schema);
    for (index, _, field) in schema.fields() {
        if field.optional && random.chance(450) {
            continue;
        }
        request.set(index, value(random, &field.kind));
    }
    request.check(schema).unwrap();
    request
}

fn value(random: &mut Random, kind: &FieldType) -> Value {
    match kind {
        FieldType::Bool => Value::Bool(random.chance(500)),
        FieldType::Int => Value::Int(random.one_of(&[-1, 0, 1, 2, 3, 7, 15, 16, 99, 1_000_000, i64::MAX, i64::MIN])),
        FieldType::Money => Value::Money(Fen(random.one_of(&[-1, 0, 1, 99, 100, 5_000, 500_000, i64::MAX]))),
        FieldType::Float => Value::Float(random.one_of(&[-1.5, 0.0, 0.25, 0.5, 7.0, 1e300])),
        FieldType::Text => {
            Value::Text(random.one_of(&["", "abc", "b", "名", "SIGN", "a longer text than any of the others"]).into())
        }
        FieldType::Enum(values) => {
            let names: Vec<&str> = values.names().collect();
            Value::Text(random.one_of(&names).into())
        }
        FieldType::Time => {
            let micros = random.one_of(&[0, 1_395_590_400_000_000, Timestamp::MIN.micros(), Timestamp::MAX.micros(), -1]);
            Value::Time(Timestamp::from_micros(micros).unwrap())
        }
    }
}
