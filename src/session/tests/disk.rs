//! What others do to the files, what survives a crash, and workspaces that cannot be understood or written.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::fixture::{SAMPLE, open, shipped};
use crate::*;
use countersign_core::model::{ParameterId, RuleId, Scalar};
use countersign_workspace::{Files, MemoryFiles};

fn second(at: u64) -> Duration {
    Duration::from_secs(at)
}

fn set_cards(session: &mut Session, value: i64) {
    let id = ParameterId::new("max_cards_per_mobile").unwrap();
    session.apply(Action::Parameter(ParameterAction::Set(id, Scalar::Int(value))));
}

fn cards(session: &Session) -> String {
    let id = ParameterId::new("max_cards_per_mobile").unwrap();
    format!("{:?}", session.document().rule_set().parameters[&id].value)
}

fn edit(files: &MemoryFiles, name: &str, from: &str, to: &str) {
    let path = Path::new("rules").join(name);
    let text = String::from_utf8(files.read(&path, 1 << 30).unwrap()).unwrap();
    assert!(text.contains(from), "{name}");
    files.put(path, text.replacen(from, to, 1));
}

#[test]
fn a_file_that_someone_else_changed_is_read_again_merged_or_asked_about() {
    let files = shipped();
    let mut session = open(&files, false);
    edit(&files, "risk/under_age.rhai", "Minors", "Children");
    session.apply(Action::File(FileAction::DetectChanges));
    session.tick(second(1));
    let script = ScriptRef::Rule(RuleId::new("under_age").unwrap());
    let text = |session: &Session| session.document().draft().script(&script).unwrap().text.to_string();
    assert!(text(&session).contains("Children"), "nothing was edited here: read again");

    set_cards(&mut session, 7);
    edit(&files, "risk/under_age.rhai", "Children", "Young people");
    session.apply(Action::File(FileAction::DetectChanges));
    session.tick(second(2));
    assert!(text(&session).contains("Young people") && cards(&session) == "Int(7)", "other files: put together");
    assert!(session.conflict().is_none() && session.document().is_dirty());

    edit(&files, "ruleset.ron", "2014.03.24", "2014.03.25");
    // Nobody looked: the refused save does.
    session.apply(Action::File(FileAction::Save));
    session.tick(second(3));
    session.tick(second(3));
    assert_eq!(session.conflict().unwrap().both.iter().collect::<Vec<_>>(), ["ruleset.ron"]);
    let copy = Resolve::SaveCopy(PathBuf::from("copy"));
    session.apply(Action::File(FileAction::Resolve(copy)));
    session.tick(second(4));
    assert!(session.conflict().is_none());
    assert_ne!(cards(&session), "Int(7)", "theirs is taken");
    assert_eq!(session.document().rule_set().version, "2014.03.25");
    assert!(files.exists(Path::new("copy/ruleset.ron")));

    set_cards(&mut session, 8);
    edit(&files, "ruleset.ron", "2014.03.25", "2014.03.26");
    session.apply(Action::File(FileAction::DetectChanges));
    session.tick(second(5));
    session.apply(Action::File(FileAction::Resolve(Resolve::KeepMine)));
    session.tick(second(6));
    session.apply(Action::File(FileAction::Save));
    session.tick(second(7));
    assert!(!session.document().is_dirty());
    assert_eq!((cards(&session).as_str(), session.document().rule_set().version.as_str()), ("Int(8)", "2014.03.25"));
}

fn with_settings(files: &MemoryFiles) -> Session {
    let options = SessionOptions { settings: Some("settings".into()), workers: Workers::Inline, ..SessionOptions::default() };
    let mut session = Session::new(Arc::new(files.clone()), options);
    session.apply(Action::File(FileAction::OpenWorkspace("rules".into())));
    session.tick(Duration::ZERO);
    session
}

#[test]
fn unsaved_edits_survive_a_crash_and_go_with_a_save() {
    let files = shipped();
    let mut session = with_settings(&files);
    set_cards(&mut session, 9);
    session.tick(second(5));
    drop(session);
    assert!(with_settings(&files).recovery().is_some(), "kept while it was open");
    let mut session = with_settings(&files);
    session.apply(Action::File(FileAction::Recover(RecoveryAnswer::Discard)));
    session.tick(second(1));
    set_cards(&mut session, 9);
    session.close();
    let mut session = with_settings(&files);
    assert!(session.recovery().is_some(), "kept when the window closed");
    assert_ne!(cards(&session), "Int(9)");
    session.apply(Action::File(FileAction::Recover(RecoveryAnswer::Restore)));
    session.tick(second(1));
    assert_eq!(cards(&session), "Int(9)");
    session.apply(Action::File(FileAction::Save));
    session.tick(second(2));
    assert!(with_settings(&files).recovery().is_none());
}

#[test]
fn preferences_last_and_a_spoilt_file_of_them_is_no_harm() {
    let files = shipped();
    let mut session = with_settings(&files);
    session.apply(Action::Prefer(PreferenceAction::Scale(900)));
    session.apply(Action::Prefer(PreferenceAction::Theme(Theme::Dark)));
    let again = with_settings(&files);
    assert_eq!((again.preferences().scale_percent, again.preferences().theme), (200, Theme::Dark));
    assert_eq!(again.preferences().recent_workspaces, [PathBuf::from("rules")]);
    files.put("settings/preferences.ron", "(scale_percent: \"");
    assert_eq!(with_settings(&files).preferences().scale_percent, 100);
}

#[test]
fn the_first_start_speaks_the_language_of_the_machine_and_later_ones_that_of_the_person() {
    let files = shipped();
    let start = || {
        let options = SessionOptions { settings: Some("settings".into()), language: Language::Zh, ..SessionOptions::default() };
        Session::new(Arc::new(files.clone()), options)
    };
    assert_eq!(start().preferences().language, Language::Zh);
    start().apply(Action::Prefer(PreferenceAction::Language(Language::En)));
    assert_eq!(start().preferences().language, Language::En);
}

#[test]
fn a_workspace_that_cannot_be_understood_is_mended_as_text() {
    let files = shipped();
    edit(&files, "ruleset.ron", "stages:", "stagess:");
    files.put("rules/risk/huge.rhai", vec![b'a'; 2 << 20]);
    let mut session = open(&files, false);
    assert!(session.unreadable().is_some() && !session.document().is_editable());
    set_cards(&mut session, 3);
    assert_eq!(session.notices().len(), 1, "edits are refused with a word");
    let found = views::problems::problems(&session);
    let (remedy, _) = found.iter().find_map(|problem| problem.remedy.clone()).unwrap();
    session.apply(remedy);
    assert!(session.document().is_dirty());
    session.apply(Action::File(FileAction::Save));
    session.tick(second(1));
    assert!(session.document().is_editable(), "{:?}", session.findings());
}

#[test]
fn what_cannot_be_written_or_read_is_said_and_nothing_is_lost() {
    let files = shipped();
    let mut session = open(&files, true);
    set_cards(&mut session, 4);
    files.fail_commits_after(0);
    session.apply(Action::File(FileAction::Save));
    session.tick(second(1));
    assert!(session.document().is_dirty() && session.notices().last().unwrap().weight == Weight::Error);
    files.heal();
    session.apply(Action::File(FileAction::Save));
    session.tick(second(2));
    assert!(!session.document().is_dirty());

    let rows = session.requests().unwrap().table.len();
    files.remove(Path::new(SAMPLE)).unwrap();
    session.apply(Action::File(FileAction::OpenRequests { path: SAMPLE.into(), mapping: None }));
    session.tick(second(3));
    assert_eq!(session.notices().last().unwrap().weight, Weight::Error);
    assert_eq!(session.requests().unwrap().table.len(), rows, "the requests that were read stay");
    let mut nothing =
        Session::new(Arc::new(MemoryFiles::new()), SessionOptions { workers: Workers::Inline, ..SessionOptions::default() });
    nothing.apply(Action::File(FileAction::OpenWorkspace("nowhere".into())));
    nothing.tick(second(1));
    assert_eq!(nothing.notices().last().unwrap().weight, Weight::Error);
}

#[test]
fn a_restored_edit_of_a_file_that_another_has_changed_is_asked_about_and_later_keeps_it() {
    let files = shipped();
    let mut session = with_settings(&files);
    set_cards(&mut session, 9);
    session.close();
    edit(&files, "ruleset.ron", "2014.03.24", "2014.03.25");
    let kept = |files: &MemoryFiles| files.all().keys().filter(|path| path.starts_with("settings/unsaved")).count();
    let mut session = with_settings(&files);
    let recovery = session.recovery().unwrap();
    let [change] = recovery.changes.as_slice() else { panic!("{recovery:?}") };
    assert!(change.file == "ruleset.ron" && change.is_changed_since, "{change:?}");
    assert!(change.added.iter().any(|line| line.contains("value: 9")), "{change:?}");
    assert!(!change.removed.is_empty() && change.removed.len() < 60, "{change:?}");
    // Left for later: other edits are kept beside them.
    session.apply(Action::File(FileAction::Recover(RecoveryAnswer::Later)));
    assert!(session.recovery().is_none() && cards(&session) != "Int(9)");
    let other = ParameterId::new("min_age").unwrap();
    session.apply(Action::Parameter(ParameterAction::Set(other, Scalar::Int(17))));
    session.close();
    assert_eq!(kept(&files), 2);
    // Discarded one after the other.
    let mut session = with_settings(&files);
    session.apply(Action::File(FileAction::Recover(RecoveryAnswer::Discard)));
    assert_eq!(kept(&files), 1);
    drop(session);
    let mut session = with_settings(&files);
    session.apply(Action::File(FileAction::Recover(RecoveryAnswer::Restore)));
    session.tick(second(1));
    assert_eq!(session.conflict().unwrap().both.iter().collect::<Vec<_>>(), ["ruleset.ron"]);
    session.apply(Action::File(FileAction::Resolve(Resolve::TakeTheirs)));
    session.tick(second(2));
    assert!(!session.document().is_dirty(), "nothing of theirs is written over");
}

/// Opens a folder of the disk with settings beside it, and says whether kept edits are offered.
#[cfg(unix)]
fn offered(root: &Path, settings: &Path) -> bool {
    let options = SessionOptions { settings: Some(settings.to_owned()), workers: Workers::Inline, ..SessionOptions::default() };
    let mut session = Session::new(Arc::new(countersign_workspace::DiskFiles), options);
    session.apply(Action::File(FileAction::OpenWorkspace(root.to_owned())));
    session.tick(Duration::ZERO);
    session.recovery().is_some()
}

#[test]
#[cfg(unix)]
fn kept_edits_are_offered_only_to_the_folder_they_were_made_in() {
    use std::fs;
    let folder = tempfile::tempdir().unwrap();
    let (at, settings) = (|name: &str| folder.path().join(name), folder.path().join("settings"));
    let put = |name: &str| {
        let files = shipped();
        for (path, bytes) in files.all() {
            let Ok(inside) = path.strip_prefix("rules") else { continue };
            fs::create_dir_all(at(name).join(inside).parent().unwrap()).unwrap();
            fs::write(at(name).join(inside), bytes.as_slice()).unwrap();
        }
    };
    fs::create_dir_all(at("a")).unwrap();
    put("a/rules");
    put("b/rules");
    put("copy");
    std::os::unix::fs::symlink(at("a/rules"), at("link")).unwrap();
    let options = SessionOptions { settings: Some(settings.clone()), workers: Workers::Inline, ..SessionOptions::default() };
    let mut session = Session::new(Arc::new(countersign_workspace::DiskFiles), options);
    session.apply(Action::File(FileAction::OpenWorkspace(at("a/rules"))));
    session.tick(Duration::ZERO);
    set_cards(&mut session, 9);
    for at in 1..20 {
        session.tick(second(at));
    }
    let is_kept = fs::read_dir(settings.join("unsaved")).unwrap().any(|file| file.unwrap().path().extension().unwrap() == "ron");
    assert!(is_kept, "what is typed is kept while the window runs");
    assert!(!offered(&at("a/rules"), &settings), "its own edits are in the first window, which still runs");
    session.close();
    let check = |cases: &[(&str, bool)]| {
        for (name, wanted) in cases {
            assert_eq!(offered(&at(name), &settings), *wanted, "{name}");
        }
    };
    check(&[("a/rules", true), ("b/../a/rules", true), ("link", true), ("b/rules", false), ("copy", false)]);
    // Another folder that takes its path: offered where it holds the files that were edited.
    fs::rename(at("a/rules"), at("moved")).unwrap();
    check(&[("moved", true)]);
    put("a/rules");
    check(&[("a/rules", true), ("moved", false)]);
    let text = fs::read_to_string(at("a/rules/ruleset.ron")).unwrap();
    fs::write(at("a/rules/ruleset.ron"), text.replacen("2014.03.24", "2014.03.25", 1)).unwrap();
    check(&[("a/rules", false)]);
}
