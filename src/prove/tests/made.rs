//! Small rule sets and requests made from numbers, so that proofs can be attacked.

use std::sync::Arc;

use indexmap::IndexMap;

use countersign_core::model::{
    Band, Definition, EnumType, Fen, Field, FieldName, FieldType, Group, HitPolicy, Interface, InterfaceId, Invariant, List,
    ListEntries, ListId, ListType, Moment, OnError, Parameter, ParameterId, Range, Reason, ReasonId, Request, Roles, Rule, RuleId,
    RuleSet, Schema, Script, Stage, StageId, StageKind, Status, Timestamp, Value, Verdict, Window, Zone,
};
use countersign_core::text::{LocalText, Places, Sources};

/// Numbers that look random and are the same every time.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).unwrap()
    }

    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub(super) fn often(&mut self, of_ten: usize) -> bool {
        self.below(10) < of_ten
    }
}

const NUMBERS: [i64; 12] = [0, 1, 2, 3, 5, 7, 10, 16, 30, 60, 100, -4];
const WORDS: [&str; 8] = ["a", "ab", "abc", "b", "B9", "x", "zz", "ab-1"];
const TIMES: [&str; 6] = [
    "2014-03-01T00:00:00",
    "2014-03-24T00:00:00",
    "2014-03-24T22:30:00",
    "2014-12-31T23:59:59.999999",
    "2015-01-01T00:00:00",
    "2016-02-29T12:00:00",
];

fn field(kind: FieldType, optional: bool) -> Field {
    Field { text: LocalText::same("-"), ..Field::new(kind, optional) }
}

fn one_of(values: &[&str]) -> FieldType {
    FieldType::Enum(EnumType { values: values.iter().map(|value| ((*value).to_owned(), LocalText::same(*value))).collect() })
}

fn schema() -> Schema {
    let group = |fields: Vec<(&str, Field)>| Group {
        text: LocalText::same("-"),
        fields: fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect(),
    };
    let groups = [
        (
            "request",
            group(vec![
                ("id", field(FieldType::Text, false)),
                ("at", field(FieldType::Time, false)),
                ("via", field(one_of(&["east", "west", "north", "other"]), false)),
            ]),
        ),
        (
            "who",
            group(vec![
                ("name", field(FieldType::Text, true)),
                ("card", field(FieldType::Text, false)),
                ("vip", field(FieldType::Bool, true)),
                ("known", field(FieldType::Bool, false)),
            ]),
        ),
        ("money", group(vec![("amount", field(FieldType::Money, true)), ("paid", field(FieldType::Money, false))])),
        (
            "risk",
            group(vec![
                ("points", field(FieldType::Int, false)),
                ("level", field(FieldType::Int, true)),
                ("rate", field(FieldType::Float, false)),
                ("since", field(FieldType::Time, true)),
            ]),
        ),
    ];
    let name = |text: &str| FieldName::new(text).unwrap();
    Schema {
        name: "made".to_owned(),
        zone: Zone::parse("+08:00").unwrap(),
        roles: Roles {
            key: name("request.id"),
            time: name("request.at"),
            amount: None,
            customer: None,
            interface: None,
            label: None,
        },
        groups: groups.into_iter().map(|(name, group)| (name.to_owned(), group)).collect(),
    }
}

/// A whole number as scripts write it.
fn number(dice: &mut Dice) -> String {
    match dice.below(12) {
        0 => "risk.level".to_owned(),
        1 => "risk.points".to_owned(),
        2 => format!("(risk.points + {})", dice.pick(&NUMBERS)),
        3 => format!("(risk.points * {} - {})", dice.pick(&NUMBERS), dice.pick(&NUMBERS)),
        4 => format!("(risk.points / {})", dice.pick(&[2, 3, 7, -3])),
        5 => format!("(risk.points % {})", dice.pick(&[2, 5, -7])),
        6 => format!("min(risk.points, {})", dice.pick(&NUMBERS)),
        7 => "max(risk.points, params.least)".to_owned(),
        8 => "abs(risk.points)".to_owned(),
        9 => format!("(risk.level ?? {})", dice.pick(&NUMBERS)),
        10 => "(if who.known { risk.points } else { 5 })".to_owned(),
        _ => "len(who.card)".to_owned(),
    }
}

fn comparison(dice: &mut Dice) -> &'static str {
    dice.pick(&["<", "<=", ">", ">=", "==", "!="])
}

/// A condition as scripts write it; now and then one that fails where a value is missing.
pub(super) fn condition(dice: &mut Dice, depth: usize) -> String {
    if depth > 0 && dice.often(6) {
        let (one, other) = (condition(dice, depth - 1), condition(dice, depth - 1));
        return match dice.below(5) {
            0 => format!("!({one})"),
            1 | 2 => format!("({one} || {other})"),
            _ => format!("({one} && {other})"),
        };
    }
    let how = comparison(dice);
    match dice.below(34) {
        0..=4 => format!("{} {how} {}", number(dice), dice.pick(&NUMBERS)),
        5 => format!("{} {how} {}", number(dice), number(dice)),
        6 => format!("(money.amount != () && money.amount {how} yuan({}))", dice.pick(&NUMBERS)),
        7 => format!("money.paid {how} params.big"),
        8 => format!("(money.amount != () && money.amount + money.paid {how} yuan({}))", dice.pick(&NUMBERS)),
        9 => format!("money.paid * 3 {how} params.big + yuan(2)"),
        10 => format!("hour(request.at) {how} {}", dice.pick(&[0, 5, 22, 23])),
        11 => format!("weekday(request.at) {how} {}", dice.pick(&[1, 5, 6, 7])),
        12 => format!("request.at {how} time(\"{}\")", dice.pick(&TIMES)),
        13 => format!("month(request.at) {how} {}", dice.pick(&[2, 3, 12])),
        14 => format!("year(request.at) {how} {}", dice.pick(&[2014, 2015])),
        15 => format!("(risk.since != () && days_between(risk.since, request.at) {how} {})", dice.pick(&[0, 1, 7])),
        16 => format!("(risk.since != () && minutes_between(risk.since, request.at) {how} {})", dice.pick(&[0, 30, -5])),
        17 | 18 => format!("request.via {} \"{}\"", dice.pick(&["==", "!="]), dice.pick(&["east", "west", "north", "other"])),
        19 => "request.via in [\"east\", \"north\"]".to_owned(),
        20 => format!("who.name {} \"{}\"", dice.pick(&["==", "!="]), dice.pick(&WORDS)),
        21 => format!("who.name in [\"{}\", \"{}\"]", dice.pick(&WORDS), dice.pick(&WORDS)),
        22 => format!("who.card in lists.{}", dice.pick(&["blocked", "trusted"])),
        23 => format!("starts_with(who.card, \"{}\")", dice.pick(&WORDS)),
        24 => format!("{}(who.card, {}) == \"{}\"", dice.pick(&["left", "right"]), dice.pick(&[1, 2, 3]), dice.pick(&WORDS)),
        25 => format!("{}(who.card, \"{}\")", dice.pick(&["ends_with", "contains"]), dice.pick(&WORDS)),
        26 => format!("lower(who.card) == \"{}\"", dice.pick(&WORDS)),
        27 => dice.pick(&["who.known", "!who.known", "who.vip == true", "who.vip == ()", "who.vip ?? false"]).to_string(),
        28 => format!("risk.rate {how} {}", dice.pick(&["0.0", "0.5", "0.1", "-1.5"])),
        29 => format!("share(who.card, \"s\") {how} {}", dice.pick(&[0, 2_000, 9_999])),
        30 => "who.card == who.name".to_owned(),
        31 => format!("percent(money.paid, {}) {how} yuan({})", dice.pick(&[15, 50, 3]), dice.pick(&NUMBERS)),
        32 => format!("who.card {how} \"{}\"", dice.pick(&WORDS)),
        _ => format!("risk.points {how} 2.5"),
    }
}

fn outcome(dice: &mut Dice, kind: &StageKind) -> String {
    match kind {
        StageKind::Screen { .. } if dice.often(4) => {
            format!("score({}, \"R1\")", dice.pick(&["10", "25", "60", "-5", "risk.points"]))
        }
        StageKind::Screen { .. } => format!("{}(\"R2\")", dice.pick(&["accept", "step_up", "refer", "decline"])),
        StageKind::Limit => format!("limit(#{{ day: {} }})", dice.pick(&["yuan(100)", "money.paid"])),
        StageKind::Route { .. } => format!("route(\"{}\")", dice.pick(&["east", "west"])),
    }
}

fn script(dice: &mut Dice, kind: &StageKind) -> String {
    let (one, other) = (condition(dice, 2), condition(dice, 1));
    match dice.below(8) {
        0 => format!("if {one} {{ {} }} else if {other} {{ {} }}", outcome(dice, kind), outcome(dice, kind)),
        1 => format!("let held = {}; if held > 3 && {one} {{ {} }}", number(dice), outcome(dice, kind)),
        2 => format!(
            "switch request.via {{ \"east\" if {one} => {}, \"west\" | \"north\" => {}, _ => () }}",
            outcome(dice, kind),
            outcome(dice, kind)
        ),
        3 => format!("if {one} {{ return; }} if {other} {{ {} }}", outcome(dice, kind)),
        _ => format!("if {one} {{ {} }}", outcome(dice, kind)),
    }
}

fn moment(text: &str) -> Moment {
    Moment::try_from(format!("{text}+08:00")).unwrap()
}

fn stage_kind(dice: &mut Dice) -> StageKind {
    let bands = [(10, Verdict::StepUp), (60, Verdict::Refer), (85, Verdict::Decline)];
    let bands: Vec<Band> = bands.map(|(at_least, verdict)| Band { at_least, verdict }).into();
    match dice.below(8) {
        0..=2 => StageKind::Screen { policy: HitPolicy::First, bands: if dice.often(3) { bands } else { Vec::new() } },
        3..=5 => StageKind::Screen { policy: HitPolicy::MostSevere, bands: if dice.often(7) { bands } else { Vec::new() } },
        6 => StageKind::Limit,
        _ => StageKind::Route { default: dice.often(5).then(|| InterfaceId::new("east").unwrap()) },
    }
}

fn parameter(kind: FieldType, value: Value, range: (Value, Value)) -> Parameter {
    Parameter { kind, value, range: Some(Range { min: range.0, max: range.1 }), unit: None, text: LocalText::same("-") }
}

fn parts(rule_set: &mut RuleSet) {
    let yuan = |amount: i64| Value::Money(Fen(amount * 100));
    rule_set.parameters.insert(ParameterId::new("big").unwrap(), parameter(FieldType::Money, yuan(30), (yuan(1), yuan(100))));
    let least = parameter(FieldType::Int, Value::Int(5), (Value::Int(0), Value::Int(9)));
    rule_set.parameters.insert(ParameterId::new("least").unwrap(), least);
    for id in ["east", "west"] {
        let interface = Interface { title: LocalText::same(id), capacity_per_second: None };
        rule_set.interfaces.insert(InterfaceId::new(id).unwrap(), interface);
    }
    for code in ["R1", "R2", "SYSTEM_ERROR"] {
        let reason = Reason { text: LocalText::same(code), wire: "X".to_owned(), iso8583: None };
        rule_set.reasons.insert(ReasonId::new(code).unwrap(), reason);
    }
    let many: Vec<Arc<str>> = (0..40).map(|at| Arc::from(format!("c{at:02}"))).collect();
    for (id, entries) in [("blocked", vec![Arc::from("ab"), Arc::from("b")]), ("trusted", many)] {
        let list = List {
            title: LocalText::same(id),
            kind: ListType::Text,
            file: format!("lists/{id}.txt"),
            entries: ListEntries::Text(entries.into()),
        };
        rule_set.lists.insert(ListId::new(id).unwrap(), list);
    }
}

/// A stage, and the status, window and script of each rule of it.
pub(super) type MadeStage = (StageKind, Vec<(Status, Window, String)>);

/// A rule set of stages with their kinds and scripts, and conditions of invariants that allow some verdicts.
pub(super) fn definition(stages: &[MadeStage], invariants: &[(String, Vec<Verdict>)]) -> Definition {
    let mut sources = Sources::default();
    let mut source = |id: &str, text: &str| {
        let file = format!("{id}.rhai");
        Script { source: sources.add(file.clone(), text), file, text: text.into() }
    };
    let mut rule_set = RuleSet {
        name: "made".to_owned(),
        version: "1".to_owned(),
        title: LocalText::same("Made"),
        on_error: OnError { verdict: Verdict::Refer, reason: ReasonId::new("SYSTEM_ERROR").unwrap() },
        stages: Vec::new(),
        parameters: IndexMap::new(),
        interfaces: IndexMap::new(),
        reasons: IndexMap::new(),
        lists: IndexMap::new(),
        invariants: Vec::new(),
        shared: None,
    };
    parts(&mut rule_set);
    for (at, (kind, rules)) in stages.iter().enumerate() {
        let rules = rules.iter().enumerate().map(|(position, (status, window, text))| {
            let id = format!("rule_{at}_{position}");
            Rule {
                id: RuleId::new(&id).unwrap(),
                title: LocalText::same(&id),
                owner: "-".to_owned(),
                basis: LocalText::same("-"),
                status: *status,
                window: *window,
                script: source(&id, text),
            }
        });
        let rules = rules.collect();
        let id = StageId::new(format!("stage_{at}")).unwrap();
        rule_set.stages.push(Stage { id, title: LocalText::same("-"), kind: kind.clone(), rules });
    }
    for (at, (when, verdicts)) in invariants.iter().enumerate() {
        let id = format!("invariant_{at}");
        let when = source(&id, when);
        rule_set.invariants.push(Invariant {
            id: RuleId::new(&id).unwrap(),
            title: LocalText::same("-"),
            when,
            verdicts: verdicts.clone(),
        });
    }
    Definition { schema: schema(), rule_set, sources, places: Places::default() }
}

/// A rule set with a few faults in it: copies of rules, conditions that contradict each other, rules behind a rule for all.
pub(super) fn random(dice: &mut Dice) -> Definition {
    let mut stages = Vec::new();
    for _ in 0..=dice.below(4) {
        let kind = stage_kind(dice);
        let mut rules: Vec<(Status, Window, String)> = Vec::new();
        for _ in 0..=dice.below(4) {
            let status = dice.pick(&[Status::Active, Status::Active, Status::Active, Status::Active, Status::Shadow, Status::Off]);
            let window = match dice.below(5) {
                0 => Window { from: Some(moment(dice.pick(&TIMES))), until: None },
                1 => Window { from: None, until: Some(moment(dice.pick(&TIMES))) },
                _ => Window::default(),
            };
            let text = match dice.below(10) {
                0 if !rules.is_empty() => dice.pick(&rules).2,
                1 => {
                    let (one, other) = (condition(dice, 1), outcome(dice, &kind));
                    format!("if {one} && !({one}) {{ {other} }}")
                }
                2 => outcome(dice, &kind),
                _ => script(dice, &kind),
            };
            rules.push((status, window, text));
        }
        stages.push((kind, rules));
    }
    let some = |dice: &mut Dice| Verdict::ALL.into_iter().filter(|_| dice.often(6)).collect::<Vec<_>>();
    let invariants = vec![(condition(dice, 1), some(dice)), (condition(dice, 2), some(dice))];
    definition(&stages, &invariants)
}

/// A request whose values lie near what rules compare with.
pub(super) fn request(dice: &mut Dice, schema: &Schema) -> Request {
    let mut request = Request::empty(schema);
    for (index, name, field) in schema.fields() {
        if field.optional && dice.often(3) {
            continue;
        }
        let near = |dice: &mut Dice| match dice.below(40) {
            0 => i64::MAX,
            1 => i64::MIN,
            _ => dice.pick(&NUMBERS) * dice.pick(&[1, 1, 1, 3, 7, -1]) + i64::try_from(dice.below(3)).unwrap() - 1,
        };
        let value = match &field.kind {
            FieldType::Bool => Value::Bool(dice.often(5)),
            FieldType::Int => Value::Int(near(dice)),
            FieldType::Money if dice.often(1) => Value::Money(Fen(dice.pick(&[i64::MAX, i64::MIN, i64::MAX / 3]))),
            FieldType::Money => Value::Money(Fen(near(dice).saturating_mul(dice.pick(&[100, 100, 33, 10])))),
            FieldType::Float => Value::Float(dice.pick(&[0.0, -0.0, 0.5, 0.1, 0.500_000_1, -1.5, -2.0, 1.0e300])),
            FieldType::Enum(values) => {
                let names: Vec<&str> = values.names().collect();
                Value::Text(Arc::from(dice.pick(&names)))
            }
            FieldType::Text if name == "request.id" => Value::Text(Arc::from(format!("k{}", dice.below(1_000)))),
            FieldType::Text => {
                let word = dice.pick(&WORDS);
                Value::Text(match dice.below(5) {
                    0 => Arc::from(format!("c{:02}", dice.below(60))),
                    1 => Arc::from(format!("{word}{}", dice.pick(&WORDS))),
                    2 => Arc::from(word.to_uppercase()),
                    _ => Arc::from(word),
                })
            }
            FieldType::Time => {
                let base = schema.zone.parse_time(dice.pick(&TIMES)).unwrap().micros();
                let step =
                    dice.pick(&[0, 1, -1, 60_000_000, -3_600_000_000, 86_400_000_000, 5 * 86_400_000_000, -40 * 86_400_000_000]);
                Value::Time(Timestamp::from_micros(base + step).unwrap())
            }
        };
        request.set(index, value);
    }
    request
}
