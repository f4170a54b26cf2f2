//! Foreign request files, workspaces that are made, and workspaces fixed as text: without a screen.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::fixture::{SAMPLE, open, shipped};
use crate::*;
use countersign_core::diagnostic::Severity;
use countersign_core::model::FieldName;
use countersign_requests::mapping::{FieldMapping, MoneyUnit};
use countersign_workspace::{Files, MemoryFiles};

fn second(at: u64) -> Duration {
    Duration::from_secs(at)
}

fn name(text: &str) -> FieldName {
    FieldName::new(text).unwrap()
}

/// The shipped requests as another system would write them: other names, fen, another form of times, a column too many.
pub(super) fn foreign(files: &MemoryFiles) -> &'static str {
    let text = String::from_utf8(files.read(Path::new(SAMPLE), 1 << 30).unwrap()).unwrap();
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |wanted: &str| head.iter().position(|column| *column == wanted).unwrap();
    let (time, amount, operation) = (at("request.received_at"), at("money.amount"), at("request.operation"));
    let renamed: Vec<String> = head
        .iter()
        .map(|column| match *column {
            "money.amount" => "amount_fen".to_owned(),
            "request.received_at" => "received".to_owned(),
            other => other.replace('.', "_"),
        })
        .collect();
    let mut out = vec![format!("{};batch", renamed.join(";"))];
    for line in lines.take(200) {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        cells[amount] = cells[amount].replace('.', "");
        cells[time] = cells[time].replace("+08:00", "").replace('-', "/").replacen('T', " ", 1);
        cells[operation] = cells[operation].to_lowercase();
        out.push(format!("{};B7", cells.join(";")));
    }
    files.put("foreign.csv", out.join("\n"));
    "foreign.csv"
}

#[test]
fn a_file_whose_columns_do_not_fit_is_mapped_and_the_mapping_is_kept() {
    let files = shipped();
    let path = foreign(&files);
    let mut session = open(&files, false);
    session.apply(Action::File(FileAction::OpenRequests { path: path.into(), mapping: None }));
    session.tick(second(1));
    assert!(session.requests().is_none());
    let mapper = session.mapper().expect("a mapping is proposed");
    assert!(mapper.why.is_some());
    assert_eq!(mapper.first.delimiter, Some(';'));
    let schema = &session.document().definition().schema;
    assert_eq!(mapper.field_of("amount_fen", schema), Some(name("money.amount")));
    assert_eq!(mapper.field_of("received", schema), Some(name("request.received_at")));
    assert_eq!(mapper.field_of("batch", schema), None);
    let tried = session.mapping_trial().unwrap();
    assert!(tried.can_load && tried.read == 200, "{:?} {:?}", tried.findings, tried.problems);

    // Corrected wrongly and back: what it would change is shown at once.
    let unit = |money| {
        Action::Mapping(MappingAction::How(
            name("request.received_at"),
            Box::new(FieldMapping { money, ..FieldMapping::default() }),
        ))
    };
    session.apply(unit(Some(MoneyUnit::Fen)));
    session.tick(second(2));
    assert!(!session.mapping_trial().unwrap().can_load);
    for field in [None, Some(name("request.received_at"))] {
        session.apply(Action::Mapping(MappingAction::Assign { column: "received".into(), field }));
        session.tick(second(3));
    }
    assert_eq!(session.mapping_trial().unwrap().read, 200);
    session.apply(Action::Mapping(MappingAction::Accept(Some("foreign".into()))));
    session.tick(second(4));
    assert!(session.mapper().is_none());
    let requests = session.requests().unwrap();
    assert_eq!((requests.table.len(), requests.mapping.as_deref()), (200, Some("foreign")));
    assert!(session.document().dirty_files().contains("mappings/foreign.ron"));
    session.apply(Action::Undo);
    assert!(!session.document().is_dirty());
    session.apply(Action::Redo);
    session.apply(Action::File(FileAction::Save));
    session.tick(second(5));
    assert!(!session.document().is_dirty() && files.exists(Path::new("rules/mappings/foreign.ron")));
    session.apply(Action::File(FileAction::OpenRequests { path: path.into(), mapping: Some("foreign".into()) }));
    session.tick(second(6));
    assert_eq!(session.requests().unwrap().table.len(), 200);
    assert!(!session.notices().iter().any(|notice| notice.weight == Weight::Error), "{:?}", session.notices());
}

#[test]
fn words_that_may_mean_no_value_are_offered_and_taken() {
    let files = shipped();
    let path = foreign(&files);
    let text = String::from_utf8(files.read(Path::new(path), 1 << 30).unwrap()).unwrap();
    let at = text.lines().next().unwrap().split(';').position(|column| column == "device_id_hash").unwrap();
    let with = |(line, text): (usize, &str)| {
        let mut cells: Vec<&str> = text.split(';').collect();
        cells[at] = [cells[at], "None", "nan", "6.2E+18"].get(line).copied().unwrap_or(cells[at]);
        cells.join(";") + "\n"
    };
    files.put(path, text.lines().enumerate().map(with).collect::<String>());
    let mut session = open(&files, false);
    session.apply(Action::Mapping(MappingAction::Begin(path.into())));
    session.tick(second(1));
    let tried = session.mapping_trial().unwrap();
    assert_eq!((tried.read, tried.bad), (199, 1), "the field is looked up in a list: {:?}", tried.findings);
    assert!(tried.problems[0].reason.en.contains("rounded by a spreadsheet"));
    let words = tried.missing_words.clone();
    assert_eq!(words, ["None", "nan"]);
    session.apply(Action::Mapping(MappingAction::Missing(words)));
    session.tick(second(2));
    assert!(session.mapping_trial().unwrap().missing_words.is_empty());
}

#[test]
fn a_bad_cell_is_said_with_its_line_and_column() {
    let files = shipped();
    let path = foreign(&files);
    let text = String::from_utf8(files.read(Path::new(path), 1 << 30).unwrap()).unwrap();
    let broken: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(at, line)| if at == 3 { line.replacen("2014/", "soon", 1) } else { line.to_owned() })
        .collect();
    files.put(path, broken.join("\n"));
    let mut session = open(&files, false);
    session.apply(Action::Mapping(MappingAction::Begin(path.into())));
    session.tick(second(1));
    let how = FieldMapping {
        time: Some(countersign_requests::mapping::TimeFormat::Pattern("%Y/%m/%d %H:%M:%S".into())),
        ..FieldMapping::default()
    };
    session.apply(Action::Mapping(MappingAction::Assign { column: "received".into(), field: Some(name("request.received_at")) }));
    session.apply(Action::Mapping(MappingAction::How(name("request.received_at"), Box::new(how))));
    session.tick(second(2));
    let tried = session.mapping_trial().unwrap();
    assert_eq!((tried.read, tried.bad), (199, 1), "{:?}", tried.findings);
    assert_eq!((tried.problems[0].line, tried.problems[0].column.as_deref()), (Some(4), Some("received")));
    session.apply(Action::Mapping(MappingAction::Cancel));
    assert!(session.mapper().is_none() && !session.document().is_dirty());
}

fn begun(files: &MemoryFiles, settings: Option<&str>) -> Session {
    let options = SessionOptions { workers: Workers::Inline, settings: settings.map(Into::into), ..SessionOptions::default() };
    let mut session = Session::new(Arc::new(files.clone()), options);
    session.apply(Action::File(FileAction::OpenWorkspace("fresh".into())));
    session.tick(second(1));
    session
}

#[test]
fn an_empty_folder_becomes_a_workspace_that_checks_clean_and_runs() {
    let files = shipped();
    let path = foreign(&files);
    files.put("fresh/readme.txt", "to be filled");
    let mut session = begun(&files, Some("settings"));
    assert!(session.new_workspace().is_some() && session.notices().is_empty(), "{:?}", session.notices());
    session.apply(Action::Start(StartAction::From(path.into())));
    session.tick(second(2));
    let starting = session.new_workspace().unwrap();
    assert_eq!(starting.obstacles(), []);
    assert!(starting.first_rule().is_some());
    session.apply(Action::Start(StartAction::Create));
    session.tick(second(3));
    assert!(session.document().is_editable());
    let bad: Vec<_> =
        session.findings().iter().filter(|finding| finding.severity > Severity::Note).map(|finding| &finding.message.en).collect();
    assert!(bad.is_empty(), "{bad:?}");
    assert_eq!(session.requests().unwrap().table.len(), 200);
    assert!(session.impact().is_fresh(), "{:?}", session.impact().status);
    assert!(!files.exists(Path::new("fresh/ruleset.ron")), "nothing is written before a save");

    // A crash before the first save loses nothing.
    session.tick(second(9));
    drop(session);
    let mut session = begun(&files, Some("settings"));
    session.apply(Action::File(FileAction::Recover(RecoveryAnswer::Restore)));
    session.tick(second(10));
    assert!(session.document().is_dirty() && session.document().rule_set().rules().count() == 1);
    session.apply(Action::File(FileAction::Save));
    session.tick(second(11));
    assert!(!session.document().is_dirty(), "{:?}", session.notices());
    let mut session = begun(&files, None);
    assert!(session.document().is_editable(), "{:?}", session.findings());
    assert_eq!(session.document().draft().mappings.len(), 1);
    session.apply(Action::Start(StartAction::Begin("fresh".into())));
    assert_eq!(session.notices().last().unwrap().weight, Weight::Error, "never over a workspace");
}

#[test]
fn a_broken_workspace_is_looked_at_again_while_it_is_mended() {
    let files = shipped();
    let whole = String::from_utf8(files.read(Path::new("rules/schema.ron"), 1 << 30).unwrap()).unwrap();
    files.put("rules/schema.ron", whole.replacen("groups:", "groups", 1));
    let mut session = open(&files, false);
    let found = session.findings().len();
    assert!(found > 0 && session.document().raw_files().contains("schema.ron"));
    session.apply(Action::Select(SelectAction::Finding(0)));
    assert_eq!(session.view().selection.file.as_deref(), Some("schema.ron"));
    session.apply(Action::File(FileAction::EditText("schema.ron".into(), whole.clone())));
    session.tick(second(1));
    assert!(session.findings().is_empty() && session.unreadable().is_some(), "fixed, and still to be saved");

    files.put("rules/schema.ron", "(changed by someone else");
    session.apply(Action::Do(Command::Save));
    session.tick(second(2));
    assert_eq!(session.document().raw_text("schema.ron"), Some(whole.as_str()), "nothing is lost");
    assert_eq!(session.notices().last().unwrap().weight, Weight::Error);
    session.apply(Action::Do(Command::Reload));
    session.tick(second(3));
    session.apply(Action::File(FileAction::EditText("schema.ron".into(), whole)));
    session.tick(second(4));
    files.fail_commits_after(0);
    session.apply(Action::Do(Command::Save));
    session.tick(second(5));
    assert!(session.document().is_dirty() && session.unreadable().is_some());
    files.heal();
    session.apply(Action::Do(Command::Save));
    session.tick(second(6));
    assert!(session.document().is_editable() && !session.document().is_dirty());
}

#[test]
fn parameters_lists_and_reasons_are_added_renamed_everywhere_and_removed() {
    use countersign_core::model::{FieldType, ListId, ListType, ParameterId};
    use countersign_core::text::LocalText;
    let files = shipped();
    let mut session = open(&files, false);
    let id = |name: &str| ParameterId::new(name).unwrap();
    let text = |session: &Session| {
        let rules = session.document().rule_set();
        rules.rules().map(|(.., rule)| rule.script.text.to_string()).collect::<Vec<_>>().join("\n")
    };
    let before = text(&session);
    assert!(before.contains("params.min_age"));
    session.apply(Action::Parameter(ParameterAction::Remove(id("min_age"))));
    assert!(session.notices().last().unwrap().text.en.contains("still used"), "what is used stays");
    session.apply(Action::Parameter(ParameterAction::Rename(id("min_age"), id("youngest_age"))));
    assert!(!text(&session).contains("params.min_age") && text(&session).contains("params.youngest_age"));
    let spec = ParameterSpec {
        kind: FieldType::Money,
        value: "50.00".into(),
        range: Some(("1.00".into(), "40.00".into())),
        unit: LocalText::new("yuan", "元"),
        text: LocalText::new("For a test", "测试用"),
    };
    session.apply(Action::Parameter(ParameterAction::Define(id("fresh"), Box::new(spec.clone()))));
    assert!(session.notices().last().unwrap().text.en.contains("between 1.00 and 40.00"));
    let spec = ParameterSpec { value: "5.00".into(), ..spec };
    session.apply(Action::Parameter(ParameterAction::Define(id("fresh"), Box::new(spec))));
    let list = ListId::new("fresh_list").unwrap();
    session.apply(Action::List(ListAction::Create(list.clone(), ListType::Int, LocalText::new("Fresh", "新名单"))));
    session.apply(Action::List(ListAction::Add(list.clone(), vec!["7".into()])));
    session.tick(second(1));
    assert!(session.engine().is_some(), "{:?}", session.findings());
    session.apply(Action::File(FileAction::Save));
    session.tick(second(2));
    assert!(!session.document().is_dirty(), "{:?}", session.notices());
    assert!(files.exists(Path::new("rules/lists/fresh_list.txt")));
    session.apply(Action::List(ListAction::Delete(list)));
    session.apply(Action::Parameter(ParameterAction::Remove(id("fresh"))));
    session.apply(Action::Parameter(ParameterAction::Rename(id("youngest_age"), id("min_age"))));
    assert_eq!(text(&session), before);
    session.apply(Action::File(FileAction::Save));
    session.tick(second(3));
    assert!(!session.document().is_dirty() && !files.exists(Path::new("rules/lists/fresh_list.txt")));
    session.apply(Action::Do(Command::EditAsText));
    assert!(session.unreadable().is_some() && session.findings().is_empty());
    session.apply(Action::Do(Command::Reload));
    session.tick(second(4));
    assert!(session.document().is_editable());
}

/// The mappings of the workspace, the request file, and the mapping that it is read by.
const FOUND: &[(&[&str], &str, Option<&str>)] = &[
    (&["anything"], "foreign.csv", Some("anything")),
    (&["anything", "foreign"], "foreign.csv", Some("foreign")),
    (&["one", "two"], "foreign.csv", None),
    (&["misfit"], "foreign.csv", None),
    (&["misfit", "anything"], "foreign.csv", Some("anything")),
    (&["anything"], "plain.csv", None),
    (&[], "foreign.csv", None),
];

#[test]
fn a_mapping_of_the_workspace_is_used_where_it_has_the_files_name_or_is_the_only_one_that_fits() {
    let plain = String::from_utf8(shipped().read(Path::new(SAMPLE), 1 << 30).unwrap()).unwrap();
    let foreign = plain.replacen("customer.age", "AGE", 1);
    for (mappings, file, wanted) in FOUND {
        let files = shipped();
        files.put("plain.csv", plain.clone());
        files.put("foreign.csv", foreign.clone());
        for name in *mappings {
            let column = if *name == "misfit" { "YEARS" } else { "AGE" };
            let text = format!("(format: 1, fields: {{ \"customer.age\": (column: \"{column}\") }})");
            files.put(format!("rules/mappings/{name}.ron"), text);
        }
        let mut session = open(&files, false);
        session.apply(Action::File(FileAction::OpenRequests { path: (*file).into(), mapping: None }));
        session.tick(Duration::from_secs(1));
        let read_by = session.requests().and_then(|requests| requests.mapping.as_deref());
        assert_eq!(read_by, *wanted, "{mappings:?} {file}: {:?}", session.notices());
        let told = session.notices().iter().any(|notice| notice.text.en.contains("is read by the workspace's mapping"));
        assert_eq!(told, wanted.is_some(), "{mappings:?} {file}");
        let why = session.mapper().and_then(|mapper| mapper.why.clone()).unwrap_or_default();
        assert_eq!(why.en.contains("`one`, `two`"), mappings.len() == 2 && mappings.contains(&"one"), "{}", why.en);
    }
    // By a file that lies anywhere.
    let files = shipped();
    files.put("foreign.csv", foreign);
    files.put("elsewhere.ron", "(format: 1, fields: { \"customer.age\": (column: \"AGE\") })");
    let mut session = open(&files, false);
    session.apply(Action::File(FileAction::OpenRequests { path: "foreign.csv".into(), mapping: Some("elsewhere.ron".into()) }));
    session.tick(Duration::from_secs(1));
    assert!(session.requests().is_some(), "{:?}", session.notices());
}
