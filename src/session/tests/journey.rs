//! Open, edit, find the problem, mend it, see the impact, save: on the shipped workspace in memory.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::super::*;
use crate::model::{Fen, FieldName, ParameterId, RuleId, Scalar, Value};
use crate::workspace::{DiskFiles, Files, MemoryFiles};

pub(super) const SAMPLE: &str = "assets/samples/signing-requests.csv";

/// The shipped workspace in memory, and the first of the shipped requests.
pub(super) fn shipped() -> MemoryFiles {
    let files = MemoryFiles::new();
    copy(&files, Path::new("rules"));
    let sample = Path::new(SAMPLE);
    let text = String::from_utf8(DiskFiles.read(sample, 1 << 30).unwrap()).unwrap();
    let some: Vec<&str> = text.lines().take(1_001).collect();
    files.put(sample, some.join("\n"));
    files
}

fn copy(files: &MemoryFiles, folder: &Path) {
    for entry in DiskFiles.list(folder).unwrap() {
        let path = folder.join(entry.name);
        if entry.is_folder {
            copy(files, &path);
        } else {
            files.put(&path, DiskFiles.read(&path, 1 << 30).unwrap());
        }
    }
}

/// A session with the shipped workspace open; `requests` are loaded too where wanted.
pub(super) fn open(files: &MemoryFiles, requests: bool) -> Session {
    let options = Options { workers: Workers::Inline, record: true, ..Options::default() };
    let mut session = Session::new(Arc::new(files.clone()), options);
    session.apply(Action::File(FileAction::OpenWorkspace("rules".into())));
    session.tick(Duration::ZERO);
    if requests {
        let path = SAMPLE.into();
        session.apply(Action::File(FileAction::OpenRequests { path, mapping: None }));
        session.tick(Duration::ZERO);
    }
    assert_eq!(session.notices(), []);
    session
}

fn rule(id: &str) -> RuleId {
    RuleId::new(id).unwrap()
}

#[test]
fn an_edit_shows_its_impact_after_a_pause_and_can_be_taken_back() {
    let files = shipped();
    let mut session = open(&files, true);
    assert!(session.impact().is_fresh());
    assert_eq!(session.impact().value.unwrap().all.requests, 0);
    let id = ParameterId::new("max_cards_per_mobile").unwrap();
    session.apply(Action::Parameter(ParameterAction::Set(id, Scalar::from(1))));
    assert!(matches!(session.impact().status, Status::Stale(_)));
    assert_eq!(session.tick(Duration::from_millis(100)), Some(Duration::from_millis(50)));
    assert!(matches!(session.impact().status, Status::Stale(_)), "still within the pause");
    assert_eq!(session.tick(Duration::from_millis(150)), None);
    let impact = session.impact();
    assert_eq!(impact.status, Status::Fresh);
    let pieces = views::impact::sentence(impact.value.unwrap());
    assert!(!pieces.is_empty());
    assert!(impact.value.unwrap().all.requests > 0);
    session.apply(Action::Undo);
    session.tick(Duration::from_secs(1));
    assert_eq!(session.impact().value.unwrap().all.requests, 0);
    assert!(!session.document().is_dirty());
}

#[test]
fn a_broken_script_keeps_the_last_good_result_and_a_remedy_mends_it() {
    let files = shipped();
    let mut session = open(&files, true);
    let script = ScriptRef::Rule(rule("under_age"));
    let good = session.document().draft().script(&script).unwrap().text.to_string();
    let bad = good.replacen("customer.age", "customer.agee", 1);
    assert_ne!(good, bad);
    session.apply(Action::Script(ScriptAction::SetText(script.clone(), bad)));
    session.tick(Duration::from_secs(1));
    assert!(session.impact().value.is_some());
    assert!(matches!(session.impact().status, Status::Stale(_)));
    let checked = Arc::clone(session.check().value.unwrap());
    let finding = checked.findings.iter().find(|finding| finding.id == "unknown-field").unwrap();
    let fix = finding.fix.clone().unwrap();
    let was = checked.definition.sources.get(fix.span.source).unwrap().slice(fix.span).to_owned();
    let (start, end, with) = (fix.span.start, fix.span.end, fix.replacement);
    let mend = ScriptAction::Replace { script, start, end, was, with };
    session.apply(Action::Script(mend.clone()));
    session.tick(Duration::from_secs(2));
    assert_eq!(session.notices(), []);
    assert!(session.impact().is_fresh());
    assert!(!session.document().is_dirty());
    session.apply(Action::Script(mend));
    assert_eq!(session.notices().len(), 1, "a remedy that is out of date is refused");
}

#[test]
fn a_saved_workspace_opens_as_it_was_and_files_that_did_not_change_are_left_alone() {
    let files = shipped();
    let before = files.all();
    let mut session = open(&files, false);
    let (from, to) = (rule("under_age"), rule("too_young"));
    session.apply(Action::Rule(RuleAction::Rename { rule: from, to: to.clone() }));
    let dirty = session.document().dirty_files().clone();
    assert!(
        dirty.contains("ruleset.ron") && dirty.contains("risk/too_young.rhai") && dirty.contains("risk/under_age.rhai"),
        "{dirty:?}"
    );
    session.apply(Action::Do(Command::Save));
    session.tick(Duration::from_secs(1));
    assert!(!session.document().is_dirty(), "{:?}", session.notices());
    let after = files.all();
    assert!(after.contains_key(Path::new("rules/risk/too_young.rhai")));
    assert!(!after.contains_key(Path::new("rules/risk/under_age.rhai")));
    assert_eq!(before[Path::new("rules/schema.ron")], after[Path::new("rules/schema.ron")]);
    let again = open(&files, false);
    assert_eq!(again.document().draft(), session.document().draft());
    assert_eq!(again.check().value.unwrap().count(crate::diagnostic::Severity::Error), 0);
    assert!(again.cases().value.unwrap().counts().all_passed());
}

#[test]
fn requests_are_listed_by_conditions_expression_and_column_and_never_show_who_they_are() {
    let files = shipped();
    let mut session = open(&files, true);
    let all = views::table::Reader::new(&session).unwrap().len();
    session.apply(Action::Table(TableAction::Expression("request.operation == \"PAY\" && money.amount > yuan(3_000)".into())));
    session.apply(Action::Table(TableAction::Sort(Column::Field(FieldName::new("money.amount").unwrap()))));
    session.tick(Duration::from_secs(1));
    let reader = views::table::Reader::new(&session).unwrap();
    assert!(!reader.is_empty() && reader.len() < all);
    assert_eq!(session.order().status, Status::Fresh);
    let order = Arc::clone(session.order().value.unwrap());
    let table = &session.requests().unwrap().table;
    let (amount, _) = table.schema().find("money.amount").unwrap();
    let amount = |at| match table.value(order.row(at).unwrap() as usize, amount) {
        Value::Money(Fen(fen)) => fen,
        other => panic!("{other:?}"),
    };
    assert!((0..order.count).all(|at| amount(at) > 300_000));
    assert!((1..order.count).all(|at| amount(at - 1) <= amount(at)));
    session.apply(Action::Table(TableAction::Expression("money.amuont > 3".into())));
    session.tick(Duration::from_secs(2));
    let said = session.order().value.unwrap().expression_error.clone().unwrap();
    assert!(said.en.contains("amuont") && said.en.contains("did you mean `amount`?"), "{}", said.en);
    session.apply(Action::Table(TableAction::Show(Only::Verdict(crate::model::Verdict::Decline))));
    let every: Vec<ShownColumn> = views::table::all_columns(table_schema(&session))
        .into_iter()
        .map(|head| ShownColumn { column: head.column, width: 90.0 })
        .collect();
    session.apply(Action::Table(TableAction::Columns(every)));
    session.tick(Duration::from_secs(3));
    let reader = views::table::Reader::new(&session).unwrap();
    let copied = reader.copy(0..50, views::table::CopyAs::Csv);
    let table = &session.requests().unwrap().table;
    for (index, name, field) in table.schema().fields().filter(|(.., field)| field.personal) {
        for at in 0..reader.len().min(50) {
            let value = table.value(reader.row(at).unwrap() as usize, index).show(table.schema().zone);
            assert!(value.is_empty() || !copied.contains(&value), "{name} {value} {field:?}");
        }
    }
}

fn table_schema(session: &Session) -> &crate::model::Schema {
    session.requests().unwrap().table.schema()
}
