//! A workspace of which a part cannot be read: the rest is opened, and what could not be read stays on the disk as it is.

use countersign_core::diagnostic::Finding;
use countersign_workspace::{FileTexts, MemoryFiles, SaveFailed, Unread, changed, load_with, open, save_workspace, texts};

use super::{text_of, tiny};

/// What stands in a file that cannot be read; none for no file at all.
type Content<'a> = Option<&'a [u8]>;

/// File, content, ids of the findings, rules, cases and entries of the one list that are open all the same.
type Row<'a> = (&'a str, Content<'a>, &'a [&'a str], [usize; 3]);

const ROWS: [Row<'_>; 9] = [
    ("cases/other.ron", Some(b"(format: 1, cases: [("), &["ron-syntax"], [3, 2, 3]),
    ("cases/other.ron", Some(b"(format: 7)"), &["unknown-format"], [3, 2, 3]),
    ("cases/other.ron", Some(b"\xba\xda"), &["not-utf8"], [3, 2, 3]),
    (
        "cases/other.ron",
        Some(
            b"(format: 1, cases: [\
            (id: \"a\", title: (en: \"A\", zh: \"\"), from: \"nobody\", expect: ()),\
            (id: \"b\", title: (en: \"B\", zh: \"\"), from: \"new_sign\", expect: ())])",
        ),
        &["unknown-template"],
        [3, 3, 3],
    ),
    ("lists/blocked_ids.txt", None, &["missing-file"], [3, 2, 0]),
    ("lists/blocked_ids.txt", Some(b"a\n\xba\xda\n"), &["not-utf8"], [3, 2, 0]),
    ("lists/blocked_ids.txt", Some(b"a\na\n"), &["bad-list-entry"], [3, 2, 0]),
    ("risk/blocklist.rhai", None, &["missing-file"], [3, 2, 3]),
    ("risk/blocklist.rhai", Some(&[b' '; (1 << 20) + 1]), &["file-too-large"], [3, 2, 3]),
];

fn broken(name: &str, content: Content<'_>) -> MemoryFiles {
    let files = tiny();
    match content {
        Some(bytes) => files.put(format!("w/{name}"), bytes),
        None => countersign_workspace::Files::remove(&files, format!("w/{name}").as_ref()).unwrap(),
    }
    files
}

#[test]
fn what_can_be_read_is_opened_and_saved_and_the_rest_stays_as_it_is() {
    for (name, content, ids, [rules, cases, entries]) in ROWS {
        let files = broken(name, content);
        let loaded = open(&files, "w").unwrap_or_else(|failed| panic!("{name}: {failed}"));
        let (old, old_cases, unread) = (&loaded.definition, &loaded.cases, &loaded.unread);
        let found: Vec<&str> = unread.findings().map(Finding::id).collect();
        assert_eq!(found, ids, "{name}");
        assert!(unread.findings().all(|finding| finding.help.is_some() && finding.span.is_some()), "{name}");
        let open_now = [old.rule_set.rules().count(), old_cases.cases.len(), old.rule_set.lists["blocked_ids"].entries.len()];
        assert_eq!(open_now, [rules, cases, entries], "{name}");
        assert!(unread.why(name).is_some() && unread.keeps(name) == content.is_some(), "{name}");
        assert!(changed(&files, "w", old, unread).is_empty(), "{name}: nobody changed it since");

        // Something else is saved: what could not be read is not touched, by its bytes.
        let before = files.all();
        let mut new = old.clone();
        new.rule_set.version = "2".to_owned();
        let kept = texts((old, old_cases), (&new, old_cases), unread).unwrap_or_else(|failed| panic!("{name}: {failed}"));
        assert_eq!(kept.names().collect::<Vec<_>>(), ["ruleset.ron"], "{name}");
        let saved = save_workspace(&files, "w", (old, old_cases), (&new, old_cases), unread, FileTexts::default());
        let saved = saved.unwrap_or_else(|failed| panic!("{name}: {failed}"));
        assert_eq!(saved.written, ["ruleset.ron"], "{name}");
        assert_eq!(saved.loaded.unread.findings().count(), ids.len(), "{name}");
        let path = format!("w/{name}");
        assert_eq!(files.all().get(path.as_ref() as &std::path::Path), before.get(path.as_ref() as &std::path::Path), "{name}");

        // Mended by another hand, it is noticed, and nothing is missing any more.
        files.put(&path, if name.starts_with("cases") { "(format: 1)" } else { "// fine" });
        assert!(changed(&files, "w", old, unread).contains(name), "{name}");
        let again = open(&files, "w").unwrap();
        assert!(again.unread.is_empty(), "{name}");
    }
}

#[test]
fn nothing_is_written_over_a_file_that_could_not_be_read() {
    for (name, content, ..) in ROWS.into_iter().filter(|(_, content, ..)| content.is_some()) {
        let files = broken(name, content);
        let loaded = open(&files, "w").unwrap();
        let (mut new, mut cases) = (loaded.definition.clone(), loaded.cases.clone());
        match name {
            "lists/blocked_ids.txt" => drop(new.rule_set.lists.shift_remove("blocked_ids")),
            "risk/blocklist.rhai" => new.rule_set.stages[0].rules.retain(|rule| rule.script.file != name),
            _ => cases.cases[0].file = name.to_owned(),
        }
        let before = files.all();
        let saved =
            save_workspace(&files, "w", (&loaded.definition, &loaded.cases), (&new, &cases), &loaded.unread, FileTexts::default())
                .unwrap_err();
        assert!(matches!(&saved, SaveFailed::Refused(failed) if failed.findings[0].id() == "lossy-save"), "{name}: {saved}");
        assert_eq!(files.all(), before, "{name}");
    }
}

#[test]
fn an_edit_does_not_make_a_file_unreadable_that_could_be_read() {
    let files = tiny();
    let loaded = open(&files, "w").unwrap();
    let mut cases = loaded.cases.clone();
    cases.cases[0].from = Some("nobody".to_owned());
    let old = (&loaded.definition, &loaded.cases);
    let failed =
        save_workspace(&files, "w", old, (&loaded.definition, &cases), &Unread::default(), FileTexts::default()).unwrap_err();
    assert!(matches!(failed, SaveFailed::Refused(failed) if failed.findings[0].id() == "unknown-template"));
}

#[test]
fn with_a_broken_rule_set_every_other_broken_file_is_said_too() {
    let files = broken("lists/blocked_ids.txt", Some(b"a\na\n"));
    files.put("w/cases/other.ron", "(format: 1,");
    files.put("w/schema.ron", text_of(&files, "w/schema.ron").replacen("groups:", "groups", 1));
    let failed = open(&files, "w").unwrap_err();
    let ids: Vec<&str> = failed.findings.iter().map(Finding::id).collect();
    assert_eq!(ids, ["ron-syntax", "bad-list-entry", "ron-syntax"], "{failed}");
    assert!(load_with(&files, "w", &FileTexts::default()).is_err());
}

/// File, what stands there, what is put in its place, ids of the findings, and what is left out of the model's parts, by their ids.
type Edit<'a> = (&'a str, &'a str, &'a str, &'a [&'a str], &'a [&'a str]);

const EDITS: [Edit<'_>; 11] = [
    ("ruleset.ron", "value: 5,", "value: \"five\",", &["wrong-value"], &["max_cards_per_mobile"]),
    ("ruleset.ron", "range: (min: 0.0, max: 1.0)", "range: (min: 2.0, max: 1.0)", &["wrong-range"], &[]),
    ("ruleset.ron", "\"BLOCKED\": (text:", "\"BLOCKED\": (txt:", &["unknown-key"], &["BLOCKED"]),
    ("ruleset.ron", "\"strict\": (type: Bool", "\"Strict mode\": (type: Bool", &["bad-id"], &["strict"]),
    ("ruleset.ron", "\"branch_1\": (title", "\"zhejiang\": (title", &["duplicate-id"], &["branch_1"]),
    ("ruleset.ron", "status: Shadow", "status: Shadwo", &["unknown-word"], &["blocklist"]),
    ("ruleset.ron", "2014-03-24T00:00:00+08:00", "24 March", &["wrong-value"], &[]),
    ("ruleset.ron", "Route(default: \"zhejiang\")", "Route(default: \"zejiang\")", &["unknown-interface"], &[]),
    ("ruleset.ron", "(at_least: 90, verdict: Decline)", "(at_least: 50, verdict: Decline)", &["unsorted-bands"], &[]),
    ("schema.ron", "\"age\": (type: Int", "\"age\": (type: Integer", &["unknown-word"], &["customer.age"]),
    ("schema.ron", "amount: \"money.amount\"", "amount: \"money.score\"", &["wrong-role"], &[]),
];

/// Every part that has an id.
fn parts(definition: &countersign_core::model::Definition) -> Vec<String> {
    let rules = &definition.rule_set;
    let ids = rules.parameters.keys().map(ToString::to_string).chain(rules.interfaces.keys().map(ToString::to_string));
    let ids = ids.chain(rules.reasons.keys().map(ToString::to_string)).chain(rules.lists.keys().map(ToString::to_string));
    let ids =
        ids.chain(rules.rules().map(|(.., rule)| rule.id.to_string())).chain(rules.stages.iter().map(|stage| stage.id.to_string()));
    ids.chain(definition.schema.fields().map(|(_, name, _)| name)).collect()
}

#[test]
fn a_wrong_entry_of_the_rule_set_or_schema_leaves_the_others_open() {
    let whole = parts(&open(&tiny(), "w").unwrap().definition);
    for (name, from, to, ids, missing) in EDITS {
        let files = tiny();
        let path = format!("w/{name}");
        let text = text_of(&files, &path);
        assert!(text.contains(from), "{from}");
        files.put(&path, text.replacen(from, to, 1));
        let loaded = open(&files, "w").unwrap_or_else(|failed| panic!("{to}: {failed}"));
        let found: Vec<&str> = loaded.unread.rules.iter().map(Finding::id).collect();
        assert_eq!(found, ids, "{to}");
        assert!(loaded.unread.rules.iter().all(|finding| finding.help.is_some() && finding.span.is_some()), "{to}");
        let there = parts(&loaded.definition);
        let lost: Vec<&String> = whole.iter().filter(|part| !there.contains(part)).collect();
        assert_eq!(lost, missing, "{to}");
        let (_, source) = loaded.definition.sources.find(name).unwrap();
        assert_eq!(**source.text(), text_of(&files, &path), "{to}: places are of the text as it stands");
        assert!(loaded.unread.keeps(name), "{to}");

        // A script is saved; the file that is wrong stays as it is, and is never written over.
        let old = (&loaded.definition, &loaded.cases);
        let mut new = loaded.definition.clone();
        new.rule_set.stages[0].rules[0].script.text = "()".into();
        let saved = save_workspace(&files, "w", old, (&new, &loaded.cases), &loaded.unread, FileTexts::default());
        assert_eq!(saved.unwrap_or_else(|failed| panic!("{to}: {failed}")).written, ["risk/closed_interface_new.rhai"], "{to}");
        assert_eq!(text_of(&files, &path), text.replacen(from, to, 1), "{to}");
        new.rule_set.version = "2".to_owned();
        new.schema.name = "other".to_owned();
        let before = files.all();
        let failed = save_workspace(&files, "w", old, (&new, &loaded.cases), &loaded.unread, FileTexts::default()).unwrap_err();
        assert!(matches!(&failed, SaveFailed::Refused(failed) if failed.findings[0].id() == "lossy-save"), "{to}: {failed}");
        assert_eq!(files.all(), before, "{to}");
    }
}

#[test]
fn what_cannot_be_left_out_keeps_the_workspace_from_being_opened() {
    let edits = [
        ("ruleset.ron", "name: \"tiny\", ", "", "missing-key"),
        ("ruleset.ron", "\"SYSTEM_ERROR\": (text:", "\"SYSTEM_ERROR\": (txt:", "unknown-key"),
        ("schema.ron", "key: \"request.id\"", "key: \"request.idd\"", "unknown-field"),
        ("schema.ron", "zone: \"+08:00\"", "zone: \"China\"", "wrong-value"),
    ];
    for (name, from, to, id) in edits {
        let files = tiny();
        let path = format!("w/{name}");
        files.put(&path, text_of(&files, &path).replacen(from, to, 1));
        let failed = open(&files, "w").unwrap_err();
        assert_eq!(failed.findings.iter().map(Finding::id).collect::<Vec<_>>(), [id], "{to}: {failed}");
    }
}

#[test]
fn many_wrong_entries_are_all_said_at_once() {
    let files = tiny();
    let text = text_of(&files, "w/ruleset.ron");
    let text = text.replacen("value: 5,", "value: 99,", 1).replacen("\"branch_1\": (title", "\"branch_1\": (titel", 1);
    let text = text.replacen("status: Shadow", "status: shadow", 1).replacen("value: 0.5", "value: half", 1);
    files.put("w/ruleset.ron", text);
    let loaded = open(&files, "w").unwrap();
    let found: Vec<&str> = loaded.unread.rules.iter().map(Finding::id).collect();
    assert_eq!(found, ["unknown-key", "unknown-word", "wrong-value"], "{:?}", loaded.unread.rules);
}
