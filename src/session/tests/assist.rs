//! Completions, documentation and definitions on the shipped workspace; `|` marks the cursor.

use crate::Session;
use crate::fixture::{open, shipped};
use crate::views::assist::{complete, definition, document};
use countersign_core::script::highlight::Pieces;

fn labels(session: &Session, marked: &str) -> Vec<String> {
    let byte = marked.find('|').unwrap();
    let text = marked.replacen('|', "", 1);
    let checked = session.check().value.unwrap();
    let found = complete(session.document().definition(), Some(&checked.program), &Pieces::of(&text), byte);
    found.all.into_iter().map(|held| held.label).collect()
}

#[test]
fn completions_know_what_stands_before_the_cursor() {
    let session = open(&shipped(), false);
    let cases = [
        ("if customer.ag|", &["age"][..]),
        ("if params.max_cards|", &["max_cards_per_mobile"]),
        ("customer.id_hash in lists.blocked_i|", &["blocked_ids"]),
        ("decline(\"UNDER_A|", &["UNDER_AGE"]),
        ("route(\"zhe|", &["zhejiang"]),
        ("if request.operation == \"UNS|", &["UNSIGN"]),
        ("if request.operation in [\"PAY\", \"UNS|\"]", &["UNSIGN"]),
        ("let total = 1;\nif tota|", &["total"]),
        ("if is_linki|", &["is_linking"]),
        ("// customer.a|", &[]),
    ];
    for (text, wanted) in cases {
        let found = labels(&session, text);
        assert!(wanted.iter().all(|label| found.iter().take(3).any(|held| held == label)), "{text}: {found:?}");
        assert_eq!(wanted.is_empty(), found.is_empty(), "{text}: {found:?}");
    }
    assert!(!labels(&session, "label.|").contains(&"fraud".to_owned()), "scripts never see the label");
}

#[test]
fn a_name_says_what_it_means_and_where_it_is_made() {
    let session = open(&shipped(), false);
    let checked = session.check().value.unwrap();
    let held = session.document().definition();
    let text = "if is_linking(request.operation) && customer.age < params.min_age { decline(\"UNDER_AGE\") }";
    let pieces = Pieces::of(text);
    let said = |word: &str| {
        let doc = document(held, Some(&checked.program), &pieces, text.find(word).unwrap() + 1)?;
        Some((doc.head.en, doc.head.zh))
    };
    for word in ["is_linking", "operation", "age", "min_age", "decline", "UNDER_AGE"] {
        let (en, zh) = said(word).unwrap_or_else(|| panic!("{word}"));
        assert!(!en.is_empty() && !zh.is_empty(), "{word}");
    }
    assert_eq!(said("&&"), None);
    let (_, range) = definition(&checked.program, &pieces, text.find("is_linking").unwrap()).unwrap();
    let shared = held.rule_set.shared.as_ref().unwrap();
    assert_eq!(shared.text.get(range), Some("is_linking"));
}
