//! What a gateway must hold: decisions by name, fields named when they do not fit, and one release at a time for every decision.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::*;
use crate::model::{CurrentRequest, Definition, Derived, Field, FieldName, HistoryFunction, HistoryWindow, Value};
use crate::release::fixture::{definition, evidence, moment, provenance};
use crate::release::refusal;

fn text(definition: &Definition) -> String {
    let release = release::create(definition, &evidence(definition), &provenance());
    release::write(&release.unwrap_or_else(|findings| panic!("{findings:#?}"))).to_owned()
}

fn gateway() -> Gateway {
    Gateway::load("r.ron", text(&definition()).as_bytes(), Requirements::nothing()).unwrap_or_else(|refused| panic!("{refused}"))
}

fn fields() -> Vec<(&'static str, Scalar)> {
    vec![
        ("request.id", "1".into()),
        ("request.operation", "SIGN".into()),
        ("request.received_at", "2014-04-01T00:00:00".into()),
        ("request.interface", "branch_1".into()),
        ("customer.age", 16.into()),
        ("customer.id_hash", "x".into()),
        ("customer.score", 0.9.into()),
        ("customer.verified", true.into()),
    ]
}

fn with(field: &'static str, value: impl Into<Scalar>) -> Vec<(&'static str, Scalar)> {
    let mut fields = fields();
    fields.retain(|(name, _)| *name != field);
    fields.push((field, value.into()));
    fields
}

#[test]
fn a_decision_has_names_and_wire_codes() {
    let gateway = gateway();
    let answer = gateway.decide(fields()).unwrap();
    assert_eq!(answer.verdict, "decline");
    let reason = &answer.reasons[0];
    assert_eq!((reason.code.as_str(), reason.wire.as_str()), ("INTERFACE_CLOSED_FOR_NEW", "PB511099"));
    assert_eq!((reason.iso8583.as_deref(), reason.rule.as_deref()), (Some("57"), Some("closed_interface_new")));
    assert_eq!(answer.hits, ["closed_interface_new"]);
    assert_eq!((answer.interface, answer.release.as_str()), (None, gateway.digest().to_string().as_str()));

    let answer = gateway.decide(with("request.operation", "PAY")).unwrap();
    assert_eq!((answer.verdict.as_str(), answer.score), ("refer", 70));
    assert_eq!(answer.shadow_hits, ["young"]);
    assert_eq!((answer.interface.as_deref(), answer.routed_by.as_deref()), (Some("branch_1"), Some("stay")));
    assert_eq!(serde_json::to_value(&answer.limits).unwrap(), serde_json::json!({ "single": 500_000, "month": 5_000_000 }));
    assert_eq!(answer.errors, []);
}

#[test]
fn fields_that_do_not_fit_are_named_all_at_once() {
    let gateway = gateway();
    let errors = |fields: Vec<(&'static str, Scalar)>| gateway.decide(fields).unwrap_err().to_string();
    assert_eq!(errors(with("customer.agee", 3)), "`customer.agee`: the schema has no such field, did you mean `customer.age`?");
    assert_eq!(errors(with("customer.age", "x")), "`customer.age`: the value is not a whole number such as `42`");
    assert_eq!(errors(with("customer.age", 1.5)), "`customer.age`: the value is not a whole number such as `42`");
    assert_eq!(
        errors(with("money.amount", 5)),
        "`money.amount`: the value is not an amount in yuan in quotes such as `\"5000.00\"`"
    );
    assert_eq!(errors(with("request.interface", "beijing")), "`request.interface`: the value is not one of the field's values");
    assert_eq!(errors(with("customer.score", f64::NAN)), "`customer.score`: the value is not a number such as `0.5`");
    assert_eq!(errors(with("request.id", Scalar::Missing(()))), "`request.id`: a value is missing");
    let mut twice = fields();
    twice.push(("customer.age", 30.into()));
    assert_eq!(errors(twice), "`customer.age`: the field is given twice");
    let NotDecided::Fields(several) = gateway.decide([("customer.age", "old".into()), ("colour", true.into())]).unwrap_err() else {
        panic!("the fields are wrong")
    };
    let named: Vec<&str> = several.0.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(&named[..3], ["customer.age", "colour", "request.id"]);
    assert!(several.0.iter().all(|error| !error.message.zh.is_ascii()));
    // A request full of errors is answered briefly.
    let wrong: Vec<String> = (0..500).map(|number| format!("{number}{}", "é".repeat(2_000))).collect();
    let NotDecided::Fields(FieldErrors(many)) = gateway.decide(wrong.iter().map(|name| (name.as_str(), 1.into()))).unwrap_err()
    else {
        panic!("the names are wrong")
    };
    assert_eq!(many.len(), 20);
    assert!(many.iter().all(|error| error.field.chars().count() <= 65 && error.message.en.len() < 100));
    assert_eq!((many[19].field.as_str(), many[19].message.en.as_str()), ("", "488 more errors"));
    // Optional fields may be left out or be missing by name.
    assert!(gateway.decide(with("customer.age", Scalar::Missing(()))).is_ok());
}

#[test]
fn a_refused_replacement_leaves_the_old_release_deciding() {
    let gateway = gateway();
    let before = gateway.digest();
    let good = text(&definition());
    let refused = gateway.replace("new.ron", good.replacen("70", "71", 1).as_bytes()).unwrap_err();
    assert_eq!(refused.findings[0].kind, refusal::DIGEST);
    assert!(refused.to_string().starts_with("new.ron:4:13: the content has the digest"), "{refused}");
    assert!(gateway.replace("new.ron", &good.as_bytes()[..100]).is_err());
    assert_eq!(gateway.digest(), before);
    assert_eq!(gateway.decide(fields()).unwrap().release, before.to_string());
    let mut next = definition();
    next.rule_set.version = "2014.04.01".to_owned();
    let digest = gateway.replace("new.ron", text(&next).as_bytes()).unwrap();
    assert_ne!(digest, before);
    assert_eq!(gateway.decide(fields()).unwrap().version, "2014.04.01");
}

#[test]
fn every_decision_is_wholly_of_one_release_while_others_replace_it() {
    // The two releases give another score, limit and version, and have another schema: an optional field more, in front.
    let one = definition();
    let mut other = definition();
    other.rule_set.version = "other".to_owned();
    other.rule_set.parameters[3].value = Value::Int(95);
    other.rule_set.parameters[5].value = Value::Money(crate::model::Fen(100));
    let amount = other.schema.groups["money"].fields["amount"].clone();
    other.schema.groups["request"].fields.shift_insert(0, "fee".to_owned(), amount);
    let texts = [text(&one), text(&other)];
    let gateway = Gateway::load("r.ron", texts[0].as_bytes(), Requirements::nothing()).unwrap();
    let expected: Vec<DecisionResponse> = texts
        .iter()
        .map(|text| {
            Gateway::load("r.ron", text.as_bytes(), Requirements::nothing())
                .unwrap()
                .decide(with("request.operation", "PAY"))
                .unwrap()
        })
        .collect();
    assert_eq!((expected[0].score, expected[1].score), (70, 95));
    assert_ne!(expected[0].limits, expected[1].limits);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = [0_u32; 2];
                    while !done.load(Ordering::Relaxed) {
                        let answer = gateway.decide(with("request.operation", "PAY")).unwrap();
                        let of = expected.iter().position(|expected| *expected == answer);
                        seen[of.unwrap_or_else(|| panic!("a decision of no single release: {answer:?}"))] += 1;
                    }
                    seen
                })
            })
            .collect();
        for turn in 0..20 {
            gateway.replace("r.ron", texts[(turn + 1) % 2].as_bytes()).unwrap();
            assert!(gateway.replace("r.ron", b"broken").is_err());
        }
        done.store(true, Ordering::Relaxed);
        let seen =
            readers.into_iter().map(|reader| reader.join().unwrap()).fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
        assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    });
}

#[test]
fn who_holds_a_release_keeps_it_when_it_is_replaced() {
    let gateway = gateway();
    let held = gateway.last();
    let mut request = held.request();
    for (name, value) in fields() {
        request.set(name, value);
    }
    let request = request.finish().unwrap();
    let mut next = definition();
    next.rule_set.version = "next".to_owned();
    gateway.replace("r.ron", text(&next).as_bytes()).unwrap();
    assert_eq!(held.answer(&held.decide(&request)).version, "2014.03.24");
    assert_eq!(gateway.last().release().version(), "next");
}

/// A payment of somebody: whether they are on the list decides.
fn paying(id: &'static str) -> Vec<(&'static str, Scalar)> {
    let mut fields = with("request.operation", "PAY");
    fields.retain(|(name, _)| *name != "customer.id_hash");
    fields.push(("customer.id_hash", id.into()));
    fields
}

#[test]
fn texts_are_decided_in_their_normal_form() {
    let gateway = gateway();
    let of = |text: &'static str| gateway.decide(paying(text)).map(|answer| answer.hits).map_err(|why| why.to_string());
    let (plain, other) = (of("3f5a").unwrap(), of("x").unwrap());
    assert_ne!(plain, other);
    for text in ["3f5a ", "\u{a0}3f5a", "3f\u{200b}5a", "\u{feff}3f5a", "'3f5a", "=\"3f5a\"", "\t3f5a\n", "3f5a\u{200e}"] {
        assert_eq!(of(text).as_ref(), Ok(&plain), "{text:?}");
    }
    for text in ["", " ", "\u{a0}\u{200b}", "'", "=\"\""] {
        assert_eq!(of(text).unwrap_err(), "`customer.id_hash`: a value is missing", "{text:?}");
    }
    assert_eq!(of("3f 5a").as_ref(), Ok(&other), "a blank inside is a character like any other");
    // Other types and enums alike.
    for (field, dressed) in [("request.operation", "SIGN\u{a0}"), ("request.received_at", " 2014-04-01T00:00:00\u{200b}")] {
        assert_eq!(gateway.decide(with(field, dressed)).unwrap(), gateway.decide(fields()).unwrap(), "{field}");
    }
}

#[test]
fn a_release_with_lists_in_another_form_keeps_its_digest_and_decides_as_a_dry_run_does() {
    use crate::model::{List, ListEntries};
    let mut definition = definition();
    let list: &mut List = definition.rule_set.lists.get_index_mut(0).unwrap().1;
    list.entries = ListEntries::Text(["'7", "3f5a ", "9c\u{200b}01"].map(Arc::from).into());
    let text = text(&definition);
    let gateway = Gateway::load("r.ron", text.as_bytes(), Requirements::nothing()).unwrap();
    assert!(text.contains(&gateway.digest().to_string()) && release::write(gateway.last().release()) == text);
    let hits = |id: &'static str| gateway.decide(paying(id)).unwrap().hits;
    for id in ["7", "3f5a", "9c01", "'7", "9c01\u{a0}"] {
        assert_eq!(hits(id), hits("7"), "{id:?}");
        assert_ne!(hits(id), hits("8"), "{id:?}");
    }
}

#[test]
fn a_field_taken_as_written_is_so_in_a_release() {
    let mut definition = definition();
    assert!(!text(&definition).contains("as_written"));
    definition.schema.groups["customer"].fields["id_hash"].as_written = true;
    let text = text(&definition);
    assert!(text.contains("as_written: true"));
    let gateway = Gateway::load("r.ron", text.as_bytes(), Requirements::nothing()).unwrap();
    let hits = |id: &'static str| gateway.decide(paying(id)).unwrap().hits;
    assert_ne!(hits("3f5a"), hits("3f5a "));
}

/// The release with a version, made in the minute of that number.
fn of_minute(minute: u32) -> String {
    let mut definition = definition();
    definition.rule_set.version = minute.to_string();
    let mut provenance = provenance();
    provenance.created_at = moment(&format!("2014-06-01T09:{minute:02}:00+08:00"));
    let release = release::create(&definition, &evidence(&definition), &provenance);
    release::write(&release.unwrap_or_else(|findings| panic!("{findings:#?}"))).to_owned()
}

#[test]
fn an_older_release_never_takes_the_place_of_a_newer_one_however_replacements_overlap() {
    let texts: Vec<String> = (0..8).map(of_minute).collect();
    let load = || Gateway::load("r.ron", texts[0].as_bytes(), Requirements::nothing()).unwrap();
    let version = |gateway: &Gateway| gateway.last().release().version().to_owned();
    // Many at once, in any order.
    for round in 0..8 {
        let (gateway, start) = (load(), std::sync::Barrier::new(texts.len() - 1));
        std::thread::scope(|scope| {
            for turn in 1..texts.len() {
                let (gateway, start, at) = (&gateway, &start, 1 + (turn * 3 + round) % (texts.len() - 1));
                let text = &texts[at];
                scope.spawn(move || {
                    start.wait();
                    let before = gateway.last().release().provenance().created_at.at;
                    drop(gateway.replace("r.ron", text.as_bytes()));
                    assert!(gateway.last().release().provenance().created_at.at >= before);
                });
            }
        });
        assert_eq!(version(&gateway), (texts.len() - 1).to_string(), "round {round}");
    }
}

/// The fixture with a derived field: how often a customer signed in 24 hours.
fn with_history() -> Definition {
    let mut definition = definition();
    let derived = Derived {
        function: HistoryFunction::Count,
        by: vec![FieldName::new("customer.id_hash").unwrap()],
        condition: Some("request.operation == \"SIGN\"".into()),
        over: HistoryWindow::Last("24h".parse().unwrap()),
        current: CurrentRequest::Included,
    };
    let customer = definition.schema.groups.get_mut("customer").unwrap();
    let age = customer.fields.get("age").unwrap().clone();
    let field = Field { optional: false, unit: None, derived: Some(Box::new(derived)), ..age };
    customer.fields.insert("signings".to_owned(), field);
    definition
}

#[test]
fn a_request_brings_its_derived_fields_or_a_store_computes_them() {
    let bytes = text(&with_history());
    let gateway = Gateway::load("r.ron", bytes.as_bytes(), Requirements::nothing()).unwrap_or_else(|refused| panic!("{refused}"));
    let serving = gateway.serving().unwrap();
    assert_eq!(serving.derived_fields(), ["customer.signings"]);
    let request = |more: Option<(&'static str, Scalar)>| {
        let mut request = serving.request();
        for (name, value) in fields().into_iter().chain(more) {
            request.set(name, value);
        }
        request
    };
    let given = || Some(("customer.signings", Scalar::from(1)));
    let refused = request(None).finish().unwrap_err();
    assert!(refused.0[0].field == "customer.signings" && refused.to_string().contains("was not given"), "{refused}");
    assert!(request(given()).finish().is_ok());
    assert!(request(given()).finish_for_store().unwrap_err().to_string().contains("leave it out"));
    let definition = serving.release().definition();
    let store = MemoryHistory::new(definition, Duration::ZERO).unwrap();
    let (field, _) = definition.schema.find("customer.signings").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..25).for_each(|_| drop(store.observe(request(None).finish_for_store().unwrap()).unwrap())));
        }
    });
    let last = store.observe(request(None).finish_for_store().unwrap()).unwrap();
    assert_eq!(*last.get(field), Value::Int(101), "none is lost, none is counted twice");
    assert!(serving.answer(&serving.decide(&last)).release == gateway.digest().to_string());
}
