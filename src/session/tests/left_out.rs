//! Rows left out of the requests, from the question to the evidence of a release.

use std::path::Path;
use std::time::Duration;

use crate::fixture::{SAMPLE, open, shipped};
use crate::views::charts::{ChartKind, chart};
use crate::*;
use countersign_core::model::RuleId;
use countersign_core::text::Language;
use countersign_workspace::{Files, MemoryFiles};

/// The shipped requests, the first of which have an operation that nobody knows.
fn with_bad_rows(files: &MemoryFiles, bad: usize) {
    let text = String::from_utf8(files.read(Path::new(SAMPLE), 1 << 30).unwrap()).unwrap();
    let first: String = text.split_inclusive('\n').take(301).collect();
    files.put("bad.csv", first.replacen(",SIGN,", ",SIGNN,", bad));
}

fn act(session: &mut Session, at: u64, action: Action) {
    session.apply(action);
    session.tick(Duration::from_secs(at));
}

fn load() -> Action {
    Action::File(FileAction::OpenRequests { path: "bad.csv".into(), mapping: None })
}

#[test]
fn rows_left_out_are_answered_for_and_go_into_the_evidence() {
    let files = shipped();
    with_bad_rows(&files, 2);
    let mut session = open(&files, false);
    act(&mut session, 1, load());
    assert!(session.requests().is_none() && session.partly_read().is_some());
    act(&mut session, 2, Action::File(FileAction::LeaveOut(true)));
    assert_eq!(session.requests().map(|requests| requests.table.len()), Some(298));
    let said = session.left_out().map(|aside| (aside.rows, aside.of)).unwrap();
    assert_eq!(said, (2, 300));
    for kind in [ChartKind::Verdicts, ChartKind::Rules, ChartKind::Scores, ChartKind::Rhythm] {
        let csv = chart(&session, kind).unwrap().csv(Language::En);
        let (head, _) = csv.split_once('\n').unwrap();
        assert!(head.contains("2 of 300 rows were left out and not decided"), "{head}");
    }
    act(&mut session, 3, Action::Prefer(PreferenceAction::Maker("li.na@bank.example".to_owned())));
    for group in views::impact::groups(&session) {
        act(&mut session, 4, Action::Acknowledge { group: group.key, yes: true });
    }
    let blocking = |session: &Session| {
        let all = readiness(session).obstacles.into_iter().filter(|obstacle| obstacle.blocks);
        all.map(|obstacle| obstacle.kind).collect::<Vec<_>>()
    };
    assert_eq!(blocking(&session), [ObstacleKind::LeftOut]);
    let created_at = countersign_core::model::Moment::try_from("2014-03-24T09:00:00+08:00".to_owned()).unwrap();
    let export = Action::File(FileAction::Export { path: Some("1.ron".into()), comment: "cut off".to_owned(), created_at });
    act(&mut session, 5, export.clone());
    assert!(session.exported_release().is_none());
    let group = session.left_out_key().unwrap();
    act(&mut session, 6, Action::Acknowledge { group, yes: true });
    assert_eq!(blocking(&session), []);
    act(&mut session, 7, export);
    assert!(session.exported_release().is_some(), "{:?}", session.notices());
    let bytes = files.read(Path::new("1.ron"), 1 << 30).unwrap();
    let release = countersign_core::release::read("1.ron", &bytes).unwrap_or_else(|refused| panic!("{refused}"));
    let aside = release.evidence().samples[0].set_aside.clone().unwrap();
    assert_eq!(Some(&aside.rows), session.left_out());
    assert_eq!((aside.open(), aside.acknowledged[0].comment.as_str()), (0, "cut off"));
}

#[test]
fn other_rows_are_asked_about_again_and_the_answer_is_not_that_of_before() {
    let files = shipped();
    with_bad_rows(&files, 2);
    let mut session = open(&files, false);
    act(&mut session, 1, load());
    act(&mut session, 2, Action::File(FileAction::LeaveOut(true)));
    let group = session.left_out_key().unwrap();
    act(&mut session, 3, Action::Acknowledge { group, yes: true });
    act(&mut session, 4, load());
    assert!(session.partly_read().is_none(), "the same rows were answered for");
    with_bad_rows(&files, 3);
    act(&mut session, 5, load());
    assert!(session.partly_read().is_some() && session.requests().is_some_and(|requests| requests.table.len() == 298));
    act(&mut session, 6, Action::File(FileAction::LeaveOut(false)));
    assert!(session.partly_read().is_none() && session.requests().is_some_and(|requests| requests.table.len() == 298));
    act(&mut session, 7, load());
    act(&mut session, 8, Action::File(FileAction::LeaveOut(true)));
    assert!(!session.is_left_out_acknowledged(), "the third row was not among those answered for");
    act(&mut session, 9, Action::Mapping(MappingAction::Correct));
    assert!(session.mapper().is_some_and(|mapper| mapper.why.is_some()));
    let text = String::from_utf8(files.read(Path::new("bad.csv"), 1 << 30).unwrap()).unwrap();
    files.put("bad.csv", text.replace("2014-", "MMXIV-"));
    act(&mut session, 10, load());
    assert!(session.partly_read().is_none(), "a file without one good row is mapped");
}

#[test]
fn requests_are_read_again_when_a_rule_begins_to_look_up_a_rounded_number() {
    let files = shipped();
    let text = String::from_utf8(files.read(Path::new(SAMPLE), 1 << 30).unwrap()).unwrap();
    let first: String = text.split_inclusive('\n').take(301).collect();
    files.put("bad.csv", first.replacen(",222.191.57.*,", ",1.23457E+17,", 1));
    let mut session = open(&files, false);
    act(&mut session, 1, load());
    assert_eq!(session.requests().map(|requests| requests.table.len()), Some(300), "{:?}", session.notices());
    let script = ScriptRef::Rule(RuleId::new("blocked_device").unwrap());
    let text = session.document().draft().script(&script).unwrap().text.replace("device.id_hash", "device.ip");
    act(&mut session, 2, Action::Script(ScriptAction::SetText(script, text)));
    for at in 3..9 {
        session.tick(Duration::from_secs(at));
    }
    assert!(session.partly_read().is_some_and(|requests| requests.table.len() == 299), "the row is refused and asked about");
}
