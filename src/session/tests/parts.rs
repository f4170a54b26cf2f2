//! Workspaces of which a part cannot be read, and definitions that get another name: without a screen.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::files::foreign;
use crate::fixture::{open, shipped};
use crate::*;
use countersign_core::diagnostic::Severity;
use countersign_core::model::FieldName;
use countersign_workspace::Files;
use countersign_workspace::kinds::UNKNOWN_WORD;

fn second(at: u64) -> Duration {
    Duration::from_secs(at)
}

fn name(text: &str) -> FieldName {
    FieldName::new(text).unwrap()
}

#[test]
fn a_workspace_with_broken_parts_is_open_and_they_are_mended_as_text() {
    let files = shipped();
    let cases = String::from_utf8(files.read(Path::new("rules/cases/6_risk.ron"), 1 << 30).unwrap()).unwrap();
    let whole = open(&files, false).document().cases().cases.len();
    files.put("rules/cases/6_risk.ron", cases.replacen("cases:", "cases", 1));
    let mut session = open(&files, true);
    let run = session.cases().value.unwrap().results.len();
    assert!(session.document().is_editable() && run > 0 && run < whole, "the other cases are run");
    assert!(session.impact().is_fresh(), "cases say nothing of the rules");
    assert!(!readiness(&session).is_ready() && session.findings().len() == 1);

    // Edits and saves go on; what the broken file holds stays.
    session.apply(Action::Text(TextAction::SetVersion("9".into())));
    session.apply(Action::File(FileAction::DetectChanges));
    session.tick(second(1));
    assert!(session.document().is_dirty() && session.conflict().is_none());
    session.apply(Action::Select(SelectAction::Finding(0)));
    assert!(session.notices().last().unwrap().text.en.starts_with("save first"), "{:?}", session.notices());
    session.apply(Action::File(FileAction::Save));
    session.tick(second(2));
    assert!(!session.document().is_dirty(), "{:?}", session.notices());
    session.apply(Action::Select(SelectAction::Finding(0)));
    let broken = session.unreadable().expect("shown as text");
    assert!(broken.opens && broken.findings.len() == 1);
    assert_eq!(session.view().selection.file.as_deref(), Some("cases/6_risk.ron"));
    assert!(session.view().selection.jump.is_some());
    session.apply(Action::File(FileAction::EditText("cases/6_risk.ron".into(), cases)));
    session.tick(second(3));
    session.apply(Action::File(FileAction::Save));
    session.tick(second(4));
    assert!(session.document().is_editable() && session.findings().iter().all(|found| found.severity < Severity::Error));
    assert_eq!((session.document().cases().cases.len(), session.document().rule_set().version.as_str()), (whole, "9"));
}

#[test]
fn a_list_or_script_that_cannot_be_read_decides_nothing_and_is_not_written_over() {
    use countersign_core::model::{ListId, RuleId};
    let files = shipped();
    let list = b"a\na\n".to_vec();
    let shared = files.read(Path::new("rules/shared.rhai"), 1 << 20).unwrap();
    files.put("rules/lists/blocked_devices.txt", list.clone());
    files.put("rules/risk/under_age.rhai", vec![b'/'; 2 << 20]);
    files.remove(Path::new("rules/shared.rhai")).unwrap();
    let mut session = open(&files, true);
    let errors = session.findings().iter().filter(|finding| finding.severity == Severity::Error);
    let ids: Vec<&str> = errors.map(Finding::id).collect();
    assert_eq!(ids.iter().filter(|id| **id == "unread-list").count(), 1, "the rule that asks the list: {ids:?}");
    for id in ["bad-list-entry", "file-too-large", "missing-file"] {
        assert!(ids.contains(&id), "{ids:?}");
    }
    assert_eq!(ids.len(), 4, "nothing that only follows from it: {ids:?}");
    assert!(session.engine().is_none() && session.impact().value.is_none() && !readiness(&session).is_ready());
    let baseline = session.baseline().unwrap();
    assert!(baseline.engine.is_none(), "what is saved decides nothing either");
    let id = ListId::new("blocked_devices").unwrap();
    let rule = RuleId::new("under_age").unwrap();
    let refused = [
        Action::List(ListAction::Add(id, vec!["b".into()])),
        Action::Script(ScriptAction::SetText(ScriptRef::Rule(rule.clone()), "false".into())),
        Action::Rule(RuleAction::Delete([rule.clone()].into())),
        Action::Rule(RuleAction::Rename { rule, to: RuleId::new("too_young").unwrap() }),
    ];
    for action in refused {
        session.apply(action.clone());
        let told = &session.notices().last().unwrap().text.en;
        assert!(told.contains("could not be read") && !session.document().is_dirty(), "{action:?}: {told}");
    }
    files.put("rules/lists/blocked_devices.txt", "a\n");
    files.put("rules/risk/under_age.rhai", "false");
    files.put("rules/shared.rhai", shared);
    session.apply(Action::File(FileAction::DetectChanges));
    session.tick(second(1));
    assert!(session.document().draft().unread.is_empty(), "fixed by another hand, and read again");
}

#[test]
fn a_wrong_parameter_leaves_the_rest_open_and_is_mended_as_text() {
    let files = shipped();
    let text = String::from_utf8(files.read(Path::new("rules/ruleset.ron"), 1 << 30).unwrap()).unwrap();
    let whole = open(&files, false).document().rule_set().parameters.len();
    let from = "\"max_cards_per_mobile\": (type: Int,";
    assert!(text.contains(from));
    files.put("rules/ruleset.ron", text.replacen(from, "\"max_cards_per_mobile\": (type: Integer,", 1));
    let mut session = open(&files, true);
    assert!(session.document().is_editable());
    assert_eq!(session.document().rule_set().parameters.len(), whole - 1);
    assert!(session.engine().is_none() && session.impact().value.is_none() && !readiness(&session).is_ready());
    let errors = session.findings().iter().filter(|finding| finding.severity == Severity::Error);
    assert_eq!(errors.map(|finding| finding.kind).collect::<Vec<_>>(), [UNKNOWN_WORD], "nothing that only follows from it");

    // A script can be edited and saved, the rule set cannot.
    session.apply(Action::Text(TextAction::SetVersion("9".into())));
    assert!(session.notices().last().unwrap().text.en.contains("`ruleset.ron` could not be read"), "{:?}", session.notices());
    let shared = session.document().draft().script(&ScriptRef::Shared).unwrap().text.to_string();
    session.apply(Action::Script(ScriptAction::SetText(ScriptRef::Shared, format!("{shared}\n// More.\n"))));
    session.tick(second(1));
    session.apply(Action::File(FileAction::Save));
    session.tick(second(2));
    assert!(!session.document().is_dirty(), "{:?}", session.notices());

    session.apply(Action::Select(SelectAction::Finding(0)));
    assert!(session.unreadable().expect("shown as text").opens);
    assert_eq!(session.view().selection.file.as_deref(), Some("ruleset.ron"));
    session.apply(Action::File(FileAction::EditText("ruleset.ron".into(), text)));
    session.tick(second(3));
    session.apply(Action::File(FileAction::Save));
    session.tick(second(4));
    assert!(session.document().is_editable() && session.document().draft().unread.is_empty());
    assert_eq!(session.document().rule_set().parameters.len(), whole);
    assert!(session.engine().is_some());
}

#[test]
fn what_another_program_changes_is_noticed_in_text_mode_too() {
    let files = shipped();
    let read = |name: &str| String::from_utf8(files.read(Path::new(name), 1 << 30).unwrap()).unwrap();
    let (rules, schema) = (read("rules/ruleset.ron"), read("rules/schema.ron"));
    files.put("rules/ruleset.ron", rules.replacen('(', "", 1));
    let mut session = open(&files, false);
    let look = |session: &mut Session, at| {
        session.apply(Action::File(FileAction::DetectChanges));
        session.tick(second(at));
    };
    let edit = |session: &mut Session, text: &str| {
        session.apply(Action::File(FileAction::EditText("ruleset.ron".into(), text.into())));
    };
    look(&mut session, 1);
    assert!(session.unreadable().is_some() && session.notices().is_empty(), "{:?}", session.notices());

    // Another file: taken over, the edit stays.
    edit(&mut session, "(mine");
    files.put("rules/schema.ron", format!("{schema}\n// theirs\n"));
    look(&mut session, 2);
    assert!(session.conflict().is_none() && session.document().raw_text("schema.ron").unwrap().ends_with("// theirs\n"));
    assert_eq!(session.document().raw_text("ruleset.ron"), Some("(mine"));

    // The same file: asked whose text counts.
    for resolve in [Resolve::KeepMine, Resolve::SaveCopy("copy".into()), Resolve::TakeTheirs] {
        let theirs = format!("(theirs of {resolve:?}");
        edit(&mut session, "(mine");
        files.put("rules/ruleset.ron", "(others");
        look(&mut session, 3);
        files.put("rules/ruleset.ron", theirs.as_str());
        look(&mut session, 4);
        assert!(session.conflict().is_some_and(|conflict| conflict.both.contains("ruleset.ron")), "{resolve:?}");
        session.apply(Action::File(FileAction::Resolve(resolve.clone())));
        session.tick(second(5));
        let expect = if resolve == Resolve::KeepMine { "(mine" } else { theirs.as_str() };
        assert_eq!(session.document().raw_text("ruleset.ron"), Some(expect), "{resolve:?}");
        look(&mut session, 6);
        assert!(session.conflict().is_none(), "{resolve:?}");
    }
    assert_eq!(read("copy/ruleset.ron"), "(mine");

    // Nothing edited and fixed by another hand: open again.
    files.put("rules/ruleset.ron", rules);
    look(&mut session, 7);
    session.tick(second(8));
    assert!(session.document().is_editable(), "{:?}", session.notices());
}

#[test]
fn kept_text_that_cannot_be_understood_comes_back_as_text() {
    let files = shipped();
    let settings = || SessionOptions { workers: Workers::Inline, settings: Some("settings".into()), ..SessionOptions::default() };
    let start = || {
        let mut session = Session::new(Arc::new(files.clone()), settings());
        session.apply(Action::File(FileAction::OpenWorkspace("rules".into())));
        session.tick(second(1));
        session
    };
    let mut session = start();
    session.apply(Action::Do(Command::EditAsText));
    session.apply(Action::File(FileAction::EditText("cases/6_risk.ron".into(), "(format: 1, half".into())));
    session.close();
    drop(session);
    let mut session = start();
    session.apply(Action::File(FileAction::Recover(RecoveryAnswer::Restore)));
    session.tick(second(2));
    session.tick(second(3));
    assert_eq!(session.document().raw_text("cases/6_risk.ron"), Some("(format: 1, half"));
    assert!(session.document().is_dirty() && !session.findings().is_empty());
}

#[test]
fn fields_lists_and_reasons_are_named_otherwise_everywhere_and_saved() {
    use countersign_core::model::{FieldType, ListId, ReasonId};
    use countersign_core::text::LocalText;
    let files = shipped();
    let path = foreign(&files);
    let mut session = open(&files, false);
    session.apply(Action::File(FileAction::OpenRequests { path: path.into(), mapping: None }));
    session.tick(second(1));
    session.apply(Action::Mapping(MappingAction::Accept(Some("foreign".into()))));
    session.tick(second(2));
    session.apply(Action::File(FileAction::Save));
    session.tick(second(3));
    let before = session.document().draft().clone();
    let run = |session: &Session| session.cases().value.map(|run| run.counts());
    let passed = run(&session);
    let totals = |session: &Session| session.impact().value.map(|impact| format!("{:?}", impact.new.totals().verdicts));
    let decided = totals(&session);

    let age = name("customer.age");
    session.apply(Action::Field(FieldAction::Remove(age.clone())));
    assert!(session.notices().last().unwrap().text.en.contains("still used"));
    session.apply(Action::Field(FieldAction::Remove(name("request.id"))));
    assert!(session.notices().last().unwrap().text.en.contains("key"), "{:?}", session.notices().last());
    let (list, reason) = (ListId::new("blocked_devices").unwrap(), ReasonId::new("UNDER_AGE").unwrap());
    assert!(before.rule_set().reasons.contains_key(&reason), "{:?}", before.rule_set().reasons.keys());
    for action in [
        Action::Field(FieldAction::Rename(age, name("person.years"))),
        Action::List(ListAction::Rename(list.clone(), ListId::new("bad_devices").unwrap())),
        Action::Text(TextAction::RenameReason(reason.clone(), ReasonId::new("TOO_YOUNG").unwrap())),
    ] {
        let said = session.notices().len();
        session.apply(action.clone());
        assert_eq!(session.notices().len(), said, "{action:?}: {:?}", session.notices().last());
    }
    session.tick(second(4));
    session.tick(second(5));
    assert!(session.engine().is_some(), "{:?}", session.findings());
    assert_eq!((run(&session), totals(&session)), (passed, decided), "nothing is decided otherwise");
    assert!(session.document().draft().mappings["foreign"].contains("\"person.years\""));
    session.apply(Action::File(FileAction::Save));
    session.tick(second(6));
    assert!(!session.document().is_dirty(), "{:?}", session.notices());
    let text = |file: &str| String::from_utf8(files.read(&Path::new("rules").join(file), 1 << 30).unwrap()).unwrap();
    assert!(text("schema.ron").contains("\"person\"") && !text("cases/6_risk.ron").contains("\"UNDER_AGE\""));
    for _ in 0..3 {
        session.apply(Action::Undo);
    }
    assert_eq!(*session.document().draft(), before, "and back");

    let spec = FieldSpec {
        kind: FieldType::Int,
        optional: true,
        text: LocalText::new("Seats", "座位数"),
        unit: LocalText::default(),
        personal: false,
        as_written: false,
        identifier: false,
    };
    let define = |name: &str, spec: FieldSpec| Action::Field(FieldAction::Define(FieldName::new(name).unwrap(), Box::new(spec)));
    session.apply(define("request.id", spec.clone()));
    assert!(session.notices().last().unwrap().text.en.contains("never missing"), "{:?}", session.notices().last());
    session.apply(define("venue.seats", spec.clone()));
    session.apply(define("venue.seats", FieldSpec { personal: true, identifier: true, ..spec }));
    assert!(session.document().definition().schema.find("venue.seats").unwrap().1.personal);
    assert!(views::dictionary::fields(&session, "venue.seats")[0].identifier);
    session.tick(second(7));
    assert!(session.requests().unwrap().table.schema().find("venue.seats").is_some(), "read again with the new field");
    session.apply(Action::Field(FieldAction::Remove(name("venue.seats"))));
    assert_eq!(*session.document().draft(), before, "its group goes with it");
}
