//! What saving cases changes in their files.

use countersign_core::model::{CaseSet, RuleId, Scalar, Verdict};
use countersign_workspace::{FileTexts, MemoryFiles, SaveFailed, SavedWorkspace, Unread, save_workspace};

use super::{load_all, text_of, tiny};

fn saved(files: &MemoryFiles, change: impl FnOnce(&mut CaseSet)) -> Result<SavedWorkspace, SaveFailed> {
    let (definition, old) = load_all(files, "w").unwrap();
    let mut new = old.clone();
    change(&mut new);
    let saved = save_workspace(files, "w", (&definition, &old), (&definition, &new), &Unread::default(), FileTexts::default());
    assert_eq!(files.unfinished(), 0);
    if let Ok(saved) = &saved {
        let (_, again) = load_all(files, "w").unwrap();
        assert_eq!(saved.loaded.cases, again);
    }
    saved
}

#[test]
fn cases_that_did_not_change_are_not_written() {
    let files = tiny();
    assert!(saved(&files, |_| {}).unwrap().written.is_empty());
    assert_eq!(files.commits(), 0);
}

#[test]
fn one_expectation_is_changed_where_it_stands() {
    let files = tiny();
    let before = text_of(&files, "w/cases/access.ron");
    saved(&files, |set| {
        set.cases[0].expect.verdict = Some(Verdict::Refer);
        set.cases[1].expect.score = Some(7);
    })
    .unwrap();
    let expected = before
        .replace("verdict: Decline", "verdict: Refer")
        .replace("interface: \"zhejiang\",", "interface: \"zhejiang\", score: 7,");
    assert_eq!(text_of(&files, "w/cases/access.ron"), expected);
}

#[test]
fn a_new_case_may_begin_a_file_and_the_last_one_ends_it() {
    let files = tiny();
    let result = saved(&files, |set| {
        let mut case = set.cases.remove(1);
        case.id = RuleId::new("elsewhere").unwrap();
        case.file = "cases/other.ron".to_owned();
        case.set.insert(countersign_core::model::FieldName::new("customer.kind").unwrap(), Scalar::Text("stock".to_owned()));
        set.cases.push(case);
    });
    assert_eq!(result.unwrap().written, ["cases/access.ron", "cases/other.ron"]);
    assert!(text_of(&files, "w/cases/other.ron").contains("set: {\"customer.kind\": \"stock\"}"));
    let result = saved(&files, |set| set.cases.truncate(1)).unwrap();
    assert_eq!(result.removed, ["cases/other.ron"]);
    assert_eq!(result.loaded.cases.cases.len(), 1);
}

#[test]
fn a_case_that_does_not_fit_is_not_saved() {
    let files = tiny();
    let before = files.all();
    let failed = saved(&files, |set| set.cases[0].from = Some("nothing".to_owned())).unwrap_err();
    assert!(matches!(failed, SaveFailed::Refused(failed) if failed.findings[0].id() == "unknown-template"));
    assert_eq!(files.all(), before);
}
