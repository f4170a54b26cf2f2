//! The meaning of derived fields as a table, and the columns against the definition on generated requests.

use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;

use super::*;
use countersign_core::engine::History;
use countersign_core::gateway::{HistoryStore, MemoryHistory, NotRestored};
use countersign_core::model::{
    CalendarPeriod, Derived, EnumType, Field, FieldName, Group, HistoryLength, OnError, ReasonId, Request, Roles, RuleSet, Schema,
    Timestamp, Verdict, Zone,
};
use countersign_core::text::{Places, Sources};
use countersign_requests::TableBuilder;

fn name(text: &str) -> FieldName {
    FieldName::new(text).unwrap()
}

fn field(kind: FieldType, optional: bool) -> Field {
    Field::new(kind, optional)
}

/// A definition with these derived fields, each of the type that its function gives.
fn definition(derived: &[(&str, Derived)]) -> Definition {
    let kinds = EnumType { values: ["PAY", "SIGN"].map(|kind| (kind.to_owned(), LocalText::same(kind))).into() };
    let mut fields: IndexMap<String, Field> = [
        ("id", field(FieldType::Text, false)),
        ("at", field(FieldType::Time, false)),
        ("kind", field(FieldType::Enum(kinds), false)),
        ("card", field(FieldType::Text, true)),
        ("device", field(FieldType::Int, false)),
        ("amount", field(FieldType::Money, true)),
        ("risk", field(FieldType::Float, true)),
        ("signed", field(FieldType::Time, true)),
        ("given", field(FieldType::Int, true)),
    ]
    .map(|(name, field)| (name.to_owned(), field))
    .into();
    for (own, derived) in derived {
        let of = derived.function.argument().map(|of| fields.get(of.parts().1).unwrap().kind.clone());
        let kind = derived.function.result(of.as_ref()).unwrap();
        let derived = Some(Box::new(derived.clone()));
        fields.insert((*own).to_owned(), Field { derived, ..field(kind, true) });
    }
    let roles = Roles { key: name("r.id"), time: name("r.at"), amount: None, customer: None, interface: None, label: None };
    let groups = IndexMap::from([("r".to_owned(), Group { text: LocalText::default(), fields })]);
    let schema = Schema { name: "history".to_owned(), zone: Zone::parse("+08:00").unwrap(), roles, groups };
    let rule_set = RuleSet {
        name: String::new(),
        version: String::new(),
        title: LocalText::default(),
        on_error: OnError { verdict: Verdict::Refer, reason: ReasonId::new("E").unwrap() },
        stages: Vec::new(),
        parameters: IndexMap::new(),
        interfaces: IndexMap::new(),
        reasons: IndexMap::new(),
        lists: IndexMap::new(),
        invariants: Vec::new(),
        shared: None,
    };
    Definition { schema, rule_set, sources: Sources::default(), places: Places::default() }
}

fn table(definition: &Definition, rows: &[Vec<Value>]) -> Table {
    let mut builder = TableBuilder::new(Arc::new(definition.schema.as_read()));
    for row in rows {
        builder.push(row).unwrap();
    }
    builder.finish()
}

fn derived(function: HistoryFunction, by: &[&str], over: HistoryWindow, current: CurrentRequest) -> Derived {
    Derived { function, by: by.iter().map(|by| name(by)).collect(), condition: None, over, current }
}

/// A row of the meaning's table: time, kind, card, amount in fen; an empty card and a negative amount are missing.
fn row(at: usize, (time, kind, card, amount): &(&str, &str, &str, i64)) -> Vec<Value> {
    let zone = Zone::parse("+08:00").unwrap();
    let text = |text: &str| if text.is_empty() { Value::Missing } else { Value::Text(text.into()) };
    let amount = if *amount < 0 { Value::Missing } else { Value::Money(countersign_core::model::Fen(*amount)) };
    let time = Value::Time(zone.parse_time(time).unwrap());
    vec![Value::Text(format!("q{at}").into()), time, text(kind), text(card), Value::Int(1), amount]
}

fn column(definition: &Definition, table: Table) -> Vec<String> {
    let made = with_history(definition, &Arc::new(table), &Progress::default()).unwrap();
    let (index, ..) = definition.schema.derived().next().unwrap();
    let show = |row| match made.table.value(row, index) {
        Value::Missing => "-".to_owned(),
        value => value.show(definition.schema.zone),
    };
    (0..made.table.len()).map(show).collect()
}

/// The requests that the table of meanings speaks of; not in order of time.
const REQUESTS: [(&str, &str, &str, i64); 8] = [
    ("2024-02-28T23:59:59.999999", "PAY", "a", 100),
    ("2024-02-29T00:00:00", "PAY", "a", 200),
    // The same moment: the order of the file counts.
    ("2024-02-29T00:00:00", "SIGN", "a", -1),
    ("2024-02-29T23:59:59.999999", "PAY", "a", 50),
    ("2024-03-01T00:00:00", "PAY", "b", 70),
    ("2024-03-01T00:00:00", "PAY", "", 1),
    // Later in the file, earlier in time.
    ("2024-02-29T12:00:00", "PAY", "a", 25),
    ("2024-03-01T00:00:00", "PAY", "a", 300),
];

#[test]
fn the_meaning_of_every_function_and_window_is_this_table() {
    use CurrentRequest::{Excluded, Included};
    use HistoryFunction as F;
    let last = |text: &str| HistoryWindow::Last(text.parse::<HistoryLength>().unwrap());
    let (amount, card) = (|| name("r.amount"), ["r.card"].as_slice());
    let day = || HistoryWindow::Calendar(CalendarPeriod::Day);
    let cases: Vec<(Derived, &str)> = vec![
        // (t-24h, t]: the request exactly 24 hours before is outside.
        (derived(F::Count, card, last("24h"), Included), "1 2 3 4 1 - 4 3"),
        (derived(F::Count, card, last("24h"), Excluded), "0 1 2 3 0 - 3 2"),
        (derived(F::Count, card, day(), Excluded), "0 0 1 3 0 - 2 0"),
        (derived(F::Count, card, HistoryWindow::Calendar(CalendarPeriod::Month), Excluded), "0 1 2 4 0 - 3 0"),
        (derived(F::Count, card, HistoryWindow::Calendar(CalendarPeriod::Year), Excluded), "0 1 2 4 0 - 3 5"),
        (derived(F::Count, card, HistoryWindow::Ever, Excluded), "0 1 2 4 0 - 3 5"),
        (derived(F::Count, &[], HistoryWindow::Ever, Excluded), "0 1 2 4 5 6 3 7"),
        (derived(F::Count, card, HistoryWindow::Events(2), Excluded), "0 1 2 2 0 - 2 2"),
        (derived(F::Sum(amount()), card, HistoryWindow::Ever, Excluded), "0.00 1.00 3.00 3.25 0.00 - 3.00 3.75"),
        (derived(F::Sum(amount()), card, HistoryWindow::Events(2), Included), "1.00 3.00 3.00 0.75 0.70 - 2.25 3.50"),
        (derived(F::Min(amount()), card, HistoryWindow::Ever, Excluded), "- 1.00 1.00 0.25 - - 1.00 0.25"),
        (derived(F::Max(amount()), card, day(), Included), "1.00 2.00 2.00 2.00 0.70 - 2.00 3.00"),
        (derived(F::Mean(amount()), card, HistoryWindow::Ever, Excluded), "- 1.00 1.50 1.08 - - 1.50 0.94"),
        (derived(F::First(amount()), card, day(), Excluded), "- - 2.00 2.00 - - 2.00 -"),
        (derived(F::Last(amount()), card, HistoryWindow::Ever, Excluded), "- 1.00 2.00 0.25 - - 2.00 0.50"),
        (derived(F::CountDistinct(name("r.kind")), card, HistoryWindow::Ever, Included), "1 1 2 2 1 - 2 2"),
        (derived(F::SecondsSinceLast, card, HistoryWindow::Ever, Excluded), "- 0 0 43199 - - 43200 0"),
        (derived(F::IsFirst(name("r.kind")), card, HistoryWindow::Ever, Excluded), "true false true false true - false false"),
        (
            Derived { condition: Some("r.kind == \"PAY\"".into()), ..derived(F::Count, card, HistoryWindow::Ever, Included) },
            "1 2 2 4 1 - 3 5",
        ),
    ];
    for (at, (derived, wanted)) in cases.into_iter().enumerate() {
        let definition = definition(&[("figure", derived.clone())]);
        let rows: Vec<Vec<Value>> = REQUESTS.iter().enumerate().map(|(at, request)| row(at, request)).collect();
        let found = column(&definition, table(&definition, &rows));
        assert_eq!(found.join(" "), wanted, "{at}: {derived:?}");
    }
}

#[test]
fn earlier_requests_are_counted_and_not_decided() {
    let count = derived(HistoryFunction::Count, &["r.card"], HistoryWindow::Ever, CurrentRequest::Included);
    let definition = definition(&[("figure", count)]);
    let rows: Vec<Vec<Value>> = REQUESTS.iter().enumerate().map(|(at, request)| row(at, request)).collect();
    let (earlier, own) = rows.split_at(4);
    let whole = column(&definition, table(&definition, &rows));
    let parted = table(&definition, own).with_earlier(vec![Arc::new(table(&definition, earlier))]);
    assert_eq!(column(&definition, parted), whole[4..]);
}

#[test]
fn a_figure_names_the_requests_it_counts() {
    let day = HistoryWindow::Calendar(CalendarPeriod::Day);
    let sum = derived(HistoryFunction::Sum(name("r.amount")), &["r.card"], day, CurrentRequest::Included);
    let definition = definition(&[("figure", sum)]);
    let rows: Vec<Vec<Value>> = REQUESTS.iter().enumerate().map(|(at, request)| row(at, request)).collect();
    let (earlier, own) = rows.split_at(2);
    let given = table(&definition, own).with_earlier(vec![Arc::new(table(&definition, earlier))]);
    let made = with_history(&definition, &Arc::new(given), &Progress::default()).unwrap().table;
    let found = contributions(&definition, &made, 1);
    let first = ["q1", "q6", "q3"].map(str::to_owned).to_vec();
    assert_eq!(found, [Contributions { field: "r.figure".to_owned(), value: "2.75".to_owned(), requests: 3, first }]);
    assert_eq!(found[0].sentence().en, "`r.figure` is 2.75, from 3 requests: `q1`, `q6`, `q3`");
    let without_key = contributions(&definition, &made, 3);
    assert_eq!((without_key[0].value.as_str(), without_key[0].requests), ("", 0));
}

#[test]
fn a_column_of_the_same_name_is_compared() {
    let count = derived(HistoryFunction::Count, &["r.card"], HistoryWindow::Ever, CurrentRequest::Excluded);
    let definition = definition(&[("figure", count)]);
    let mut rows: Vec<Vec<Value>> = REQUESTS.iter().enumerate().map(|(at, request)| row(at, request)).collect();
    for (row, given) in rows.iter_mut().zip([0, 1, 2, 4, 0, 0, 3, 4]) {
        row.resize(9, Value::Missing);
        row.push(Value::Int(given));
    }
    let made = with_history(&definition, &Arc::new(table(&definition, &rows)), &Progress::default()).unwrap();
    let example = |request: &str, given: &str, computed: &str| ParityExample {
        request: request.to_owned(),
        given: given.to_owned(),
        computed: computed.to_owned(),
    };
    let parity = made.figures[0].parity.clone().unwrap();
    assert_eq!(parity, Parity { different: 2, examples: vec![example("q5", "0", ""), example("q7", "4", "5")] });
    let again = with_history(&definition, &made.table, &Progress::default()).unwrap();
    assert_eq!(again.figures, made.figures, "what the file gave stays known");
}

#[test]
fn a_sum_past_64_bits_and_a_condition_that_fails_refuse_the_requests() {
    use CurrentRequest::Included;
    let rows = [("2024-02-28T00:00:00", "PAY", "a", i64::MAX), ("2024-02-29T00:00:00", "PAY", "a", 1)];
    let rows: Vec<Vec<Value>> = rows.iter().enumerate().map(|(at, request)| row(at, request)).collect();
    let sum = derived(HistoryFunction::Sum(name("r.amount")), &["r.card"], HistoryWindow::Ever, Included);
    let count = derived(HistoryFunction::Count, &["r.card"], HistoryWindow::Ever, Included);
    let fails = Derived { condition: Some("1 / (r.device - 1) > 0".into()), ..count };
    for (derived, wanted) in [(sum, "64 bits for 1 request, the first is `q1`"), (fails, "fails for request `q0`")] {
        let definition = definition(&[("figure", derived)]);
        let table = Arc::new(table(&definition, &rows));
        let Err(NotDecided::Schema(findings)) = with_history(&definition, &table, &Progress::default()) else {
            panic!("{wanted}: computed all the same");
        };
        assert!(findings[0].id() == "history-failed" && findings[0].message.en.contains(wanted), "{findings:?}");
    }
}

/// Numbers of a fixed sequence.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end as u64).unwrap()
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// Times around the ends of days, months, years and of all times, often equal.
fn time(dice: &mut Dice) -> Value {
    let micros = if dice.below(20) == 0 {
        dice.of(&[Timestamp::MIN.micros(), Timestamp::MAX.micros(), 0, -1])
    } else {
        let ends = [1_709_135_999_999_999, 1_709_222_400_000_000, 1_704_038_400_000_000, 1_709_136_000_000_000];
        dice.of(&ends) + dice.of(&[0, 0, 1, -1, 1_000_000, 600_000_000, -600_000_000, 3_600_000_000, 86_400_000_000])
    };
    Value::Time(Timestamp::from_micros(micros).unwrap())
}

fn random_row(dice: &mut Dice, at: usize) -> Vec<Value> {
    let missing = |dice: &mut Dice, value: Value| if dice.below(6) == 0 { Value::Missing } else { value };
    let text = |text: &str| Value::Text(text.into());
    let amount = dice.of(&[0, 1, 2, 3, 5, 7, 100, -1, -3, i64::MAX / 64, i64::MIN / 64]);
    let (kind, card) = (dice.of(&["PAY", "SIGN"]), dice.of(&["a", "b", "c"]));
    let risk = dice.of(&[0.0, -0.0, 0.5, -1.5, 1e300]);
    let at_time = time(dice);
    let signed = time(dice);
    vec![
        text(&format!("q{at}")),
        at_time,
        text(kind),
        missing(dice, text(card)),
        Value::Int(dice.of(&[1, 2])),
        missing(dice, Value::Money(countersign_core::model::Fen(amount))),
        missing(dice, Value::Float(risk)),
        missing(dice, signed),
    ]
}

fn random_derived(dice: &mut Dice) -> Derived {
    use HistoryFunction as F;
    let (amount, risk) = (name("r.amount"), name("r.risk"));
    let functions = [
        F::Count,
        F::CountDistinct(amount.clone()),
        F::CountDistinct(risk.clone()),
        F::CountDistinct(name("r.kind")),
        F::Sum(amount.clone()),
        F::Sum(name("r.device")),
        F::Min(amount.clone()),
        F::Max(amount.clone()),
        F::Min(risk.clone()),
        F::Max(risk),
        F::Min(name("r.signed")),
        F::Mean(amount.clone()),
        F::Mean(name("r.device")),
        F::First(name("r.card")),
        F::Last(amount),
        F::Last(name("r.kind")),
        F::SecondsSinceLast,
        F::IsFirst(name("r.device")),
        F::IsFirst(name("r.card")),
    ];
    let lengths = ["1s", "10m", "24h", "30d", "36525d"].map(|text| HistoryWindow::Last(text.parse().unwrap()));
    let mut windows = lengths.to_vec();
    windows.extend([CalendarPeriod::Day, CalendarPeriod::Month, CalendarPeriod::Year].map(HistoryWindow::Calendar));
    windows.extend([1, 2, 5, 1_000].map(HistoryWindow::Events));
    windows.extend([HistoryWindow::Ever, HistoryWindow::Since(name("r.signed"))]);
    let keys: [&[&str]; 5] = [&[], &["r.card"], &["r.device"], &["r.card", "r.device"], &["r.card", "r.kind", "r.device"]];
    let conditions = ["r.kind == \"PAY\"", "(r.amount ?? fen(0)) > fen(1)", "r.device == 1 && r.card != ()", "false"];
    let condition = (dice.below(3) == 0).then(|| Arc::from(dice.of(&conditions)));
    let current = dice.of(&[CurrentRequest::Included, CurrentRequest::Excluded]);
    let (function, over) = (dice.of(&functions), dice.of(&windows));
    Derived { condition, ..derived(function, dice.of(&keys), over, current) }
}

#[test]
fn columns_are_what_the_definition_says_on_generated_requests() {
    let mut dice = Dice(17);
    for round in 0..150 {
        let fields: Vec<(String, Derived)> = (0..4).map(|at| (format!("figure_{at}"), random_derived(&mut dice))).collect();
        let named: Vec<(&str, Derived)> = fields.iter().map(|(name, derived)| (name.as_str(), derived.clone())).collect();
        let definition = definition(&named);
        let rows: Vec<Vec<Value>> = (0..dice.of(&[1, 3, 40])).map(|at| random_row(&mut dice, at)).collect();
        let split = dice.below(rows.len());
        let (earlier, own) = rows.split_at(if dice.below(2) == 0 { 0 } else { split });
        let given = Arc::new(table(&definition, own).with_earlier(vec![Arc::new(table(&definition, earlier))]));
        let made = with_history(&definition, &given, &Progress::default()).unwrap();
        let reference = History::new(&definition).unwrap();
        let requests: Vec<Request> = rows.iter().map(|row| Request::new(&definition.schema, row.clone()).unwrap()).collect();
        let order = |at: usize| (requests[at].time(&definition.schema), at);
        for row in 0..own.len() {
            let at = earlier.len() + row;
            let before: Vec<Request> =
                (0..requests.len()).filter(|other| order(*other) < order(at)).map(|other| requests[other].clone()).collect();
            for (field, wanted) in reference.figures(&before, &requests[at]).unwrap() {
                let found = made.table.value(row, field);
                let derived = definition.schema.field(field).unwrap().derived.clone();
                assert_eq!(found, wanted, "round {round}, row {row}: {derived:?}");
            }
        }
    }
}

/// A store that observes requests in an order gives what the definition says of those observed before, also after a restart in the middle.
#[test]
fn a_store_gives_what_the_definition_says_in_order_and_late_and_after_a_restart() {
    let mut dice = Dice(3);
    for round in 0..120 {
        let named: Vec<(String, Derived)> = (0..4).map(|at| (format!("figure_{at}"), random_derived(&mut dice))).collect();
        let named: Vec<(&str, Derived)> = named.iter().map(|(name, derived)| (name.as_str(), derived.clone())).collect();
        let definition = definition(&named);
        let reference = History::new(&definition).unwrap();
        let rows = (0..dice.of(&[3, 40])).map(|at| random_row(&mut dice, at));
        let mut requests: Vec<Request> = rows.map(|row| Request::new(&definition.schema, row).unwrap()).collect();
        // In order nothing may come late; in any other order as late as can be.
        let lateness = if round % 2 == 0 {
            requests.sort_by_key(|request| request.time(&definition.schema));
            Duration::ZERO
        } else {
            Duration::from_secs(u64::from(u32::MAX) * 100)
        };
        let mut store = MemoryHistory::new(&definition, lateness).unwrap();
        for (at, request) in requests.iter().enumerate() {
            if at == requests.len() / 2 {
                let (restored, new) = MemoryHistory::restore(&definition, lateness, &store.snapshot()).unwrap();
                assert_eq!((restored.len(), new.len()), (store.len(), 0));
                store = restored;
            }
            let given = store.observe(request.clone()).unwrap();
            for (field, wanted) in reference.figures(&requests[..at], request).unwrap() {
                let derived = &definition.schema.field(field).unwrap().derived;
                assert_eq!(*given.get(field), wanted, "round {round}, request {at}: {derived:?}");
            }
        }
    }
}

#[test]
fn a_store_keeps_what_windows_reach_and_refuses_what_comes_later_than_it_remembers() {
    let count = |over| derived(HistoryFunction::Count, &["r.card"], over, CurrentRequest::Included);
    let minute = HistoryWindow::Last("1m".parse().unwrap());
    let definition = definition(&[("figure", count(minute)), ("latest", count(HistoryWindow::Events(5)))]);
    let (figure, _) = definition.schema.find("r.figure").unwrap();
    let store = MemoryHistory::new(&definition, Duration::from_secs(10)).unwrap();
    let request = |second: i64| {
        let mut request = Request::new(&definition.schema, row(0, &REQUESTS[0])).unwrap();
        let (at, _) = definition.schema.find("r.at").unwrap();
        request.set(at, Value::Time(Timestamp::from_micros(second * 1_000_000).unwrap()));
        request
    };
    for second in 0..1_000 {
        let given = store.observe(request(second)).unwrap();
        assert_eq!(*given.get(figure), Value::Int((second + 1).min(60)), "{second}");
    }
    assert!(store.len() < 400, "{} events are kept of windows of 60 seconds", store.len());
    assert_eq!(*store.observe(request(995)).unwrap().get(figure), Value::Int(61), "5 seconds late");
    assert!(store.observe(request(100)).unwrap_err().why.contains("too late"));
    let snapshot = store.snapshot();
    let damaged: Vec<u8> = snapshot.iter().enumerate().map(|(at, byte)| if at == 40 { byte ^ 1 } else { *byte }).collect();
    for bytes in [&damaged[..], &snapshot[..snapshot.len() / 2], b""] {
        assert_eq!(MemoryHistory::restore(&definition, Duration::ZERO, bytes).unwrap_err(), NotRestored::Damaged);
    }
    store.forget(Timestamp::from_micros(5_000 * 1_000_000).unwrap());
    assert!(store.len() <= 5, "{}", store.len());
    assert!(store.observe(request(1_000)).unwrap_err().why.contains("too late"));
}

#[test]
fn one_key_of_all_requests_and_a_key_for_each_take_no_time_per_pair() {
    let rows = 40_000_usize;
    let sum = derived(HistoryFunction::CountDistinct(name("r.amount")), &["r.card"], HistoryWindow::Ever, CurrentRequest::Included);
    let definition = definition(&[("figure", sum)]);
    for is_one in [true, false] {
        let mut builder = TableBuilder::new(Arc::new(definition.schema.as_read()));
        for at in 0..rows {
            let card = if is_one { "a".to_owned() } else { format!("c{at}") };
            let time = Timestamp::from_micros(i64::try_from(at).unwrap()).unwrap();
            let amount = countersign_core::model::Fen(i64::try_from(at % 7).unwrap());
            let text = |text: String| Value::Text(text.into());
            let row = [
                text(format!("q{at}")),
                Value::Time(time),
                text("PAY".to_owned()),
                text(card),
                Value::Int(1),
                Value::Money(amount),
            ];
            builder.push(&row).unwrap();
        }
        let begun = std::time::Instant::now();
        let found = column(&definition, builder.finish());
        // All pairs would be 800 million steps.
        assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
        assert_eq!(found[rows - 1], if is_one { "7" } else { "1" });
    }
}
