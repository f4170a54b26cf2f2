//! Open, edit, find the problem, fix it, see the impact, save: on the shipped workspace in memory.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::fixture::{SAMPLE, open, shipped};
use crate::*;
use countersign_core::check::kinds::UNKNOWN_FIELD;
use countersign_core::model::{Fen, FieldName, ParameterId, RuleId, Scalar, Value};
use countersign_core::text::Language;
use countersign_workspace::Files;

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
    assert!(matches!(session.impact().status, Freshness::Stale(_)));
    assert_eq!(session.tick(Duration::from_millis(100)), Some(Duration::from_millis(50)));
    assert!(matches!(session.impact().status, Freshness::Stale(_)), "still within the pause");
    assert_eq!(session.tick(Duration::from_millis(150)), None);
    let impact = session.impact();
    assert_eq!(impact.status, Freshness::Fresh);
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
    assert!(matches!(session.impact().status, Freshness::Stale(_)));
    let checked = Arc::clone(session.check().value.unwrap());
    let finding = checked.findings.iter().find(|finding| finding.kind == UNKNOWN_FIELD).unwrap();
    let fix = finding.fix.clone().unwrap();
    let was = checked.definition.sources.get(fix.span.source).unwrap().slice(fix.span).to_owned();
    let (start, end, with) = (fix.span.start, fix.span.end, fix.replacement);
    let fix = ScriptAction::Replace { script, start, end, was, with };
    session.apply(Action::Script(fix.clone()));
    session.tick(Duration::from_secs(2));
    assert_eq!(session.notices(), []);
    assert!(session.impact().is_fresh());
    assert!(!session.document().is_dirty());
    session.apply(Action::Script(fix));
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
    assert_eq!(again.check().value.unwrap().count(countersign_core::diagnostic::Severity::Error), 0);
    assert!(again.cases().value.unwrap().counts().all_passed());
}

#[test]
fn requests_are_listed_by_conditions_expression_and_column_and_never_show_who_they_are() {
    let files = shipped();
    let mut session = open(&files, true);
    let all = views::table::RequestRows::new(&session).unwrap().len();
    session.apply(Action::Table(TableAction::Expression("request.operation == \"PAY\" && money.amount > yuan(3_000)".into())));
    session.apply(Action::Table(TableAction::Sort(RequestColumn::Field(FieldName::new("money.amount").unwrap()))));
    session.tick(Duration::from_secs(1));
    let reader = views::table::RequestRows::new(&session).unwrap();
    assert!(!reader.is_empty() && reader.len() < all);
    assert_eq!(session.request_order().status, Freshness::Fresh);
    let order = Arc::clone(session.request_order().value.unwrap());
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
    let said = session.request_order().value.unwrap().expression_error.clone().unwrap();
    assert!(said.en.contains("amuont") && said.en.contains("did you mean `amount`?"), "{}", said.en);
    session.apply(Action::Table(TableAction::Show(RowFilter::Verdict(countersign_core::model::Verdict::Decline))));
    let every: Vec<ShownColumn> = views::table::all_columns(table_schema(&session))
        .into_iter()
        .map(|head| ShownColumn { column: head.column, width: 90.0 })
        .collect();
    session.apply(Action::Table(TableAction::Columns(every)));
    session.tick(Duration::from_secs(3));
    let reader = views::table::RequestRows::new(&session).unwrap();
    let copied = reader.copy(0..50, views::table::CopyAs::Csv);
    let table = &session.requests().unwrap().table;
    for (index, name, field) in table.schema().fields().filter(|(.., field)| field.personal) {
        for at in 0..reader.len().min(50) {
            let value = table.value(reader.row(at).unwrap() as usize, index).show(table.schema().zone);
            assert!(value.is_empty() || !copied.contains(&value), "{name} {value} {field:?}");
        }
    }
}

#[test]
fn a_filter_is_run_again_when_a_parameter_list_or_function_it_names_changes_and_is_stale_meanwhile() {
    let mut session = open(&shipped(), true);
    let id = ParameterId::new("min_age").unwrap();
    let shared = session.document().rule_set().shared.as_ref().unwrap().text.to_string();
    let old = |years: i64| format!("{shared}\nfn is_young(age) {{ age < {years} }}\n");
    let set_shared = |years: i64| Action::Script(ScriptAction::SetText(ScriptRef::Shared, old(years)));
    session.apply(set_shared(30));
    session.tick(Duration::from_secs(1));
    let listed = |session: &mut Session, at: u64| {
        session.tick(Duration::from_secs(at));
        let order = session.request_order();
        assert_eq!((&order.status, &order.value.unwrap().expression_error), (&Freshness::Fresh, &None));
        order.value.unwrap().count
    };
    // The filter, and a change of what it names.
    let changes = [
        ("customer.age < params.min_age * 2", Action::Parameter(ParameterAction::Set(id, Scalar::from(18)))),
        ("is_young(customer.age)", set_shared(50)),
    ];
    for (at, (filter, change)) in (1..).zip(changes) {
        session.apply(Action::Table(TableAction::Expression(filter.to_owned())));
        let before = listed(&mut session, at * 10);
        session.apply(change);
        assert!(matches!(session.request_order().status, Freshness::Stale(_)), "{filter}");
        assert!(listed(&mut session, at * 10 + 5) > before, "{filter}");
    }
    // Typing in a rule that no filter can name leaves it as it is.
    let script = ScriptRef::Rule(rule("under_age"));
    session.apply(Action::Script(ScriptAction::SetText(script, "false".into())));
    assert_eq!(session.request_order().status, Freshness::Fresh);
}

#[test]
fn requests_that_were_read_while_the_schema_changed_are_read_again() {
    let files = shipped();
    let options = SessionOptions { workers: Workers::Threads, ..SessionOptions::default() };
    let mut session = Session::new(Arc::new(files), options);
    let until = |session: &mut Session, holds: &dyn Fn(&Session) -> bool| {
        for at in 0..6_000 {
            session.tick(Duration::from_millis(at));
            if holds(session) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("it did not come: {:?}", session.notices());
    };
    session.apply(Action::File(FileAction::OpenWorkspace("rules".into())));
    until(&mut session, &|session| session.document().is_editable());
    session.apply(Action::File(FileAction::OpenRequests { path: SAMPLE.into(), mapping: None }));
    session.tick(Duration::from_secs(7));
    let (from, to) = (FieldName::new("customer.age").unwrap(), FieldName::new("customer.years").unwrap());
    session.apply(Action::Field(FieldAction::Rename(from, to)));
    until(&mut session, &|session| session.requests().is_some() || session.mapper().is_some() || !session.notices().is_empty());
    let fits = |session: &Session| {
        session.requests().is_some_and(|requests| **requests.table.schema() == session.document().definition().schema)
    };
    assert!(fits(&session) || session.requests().is_none(), "{:?}", session.notices());
    session.apply(Action::Undo);
    session.apply(Action::File(FileAction::OpenRequests { path: SAMPLE.into(), mapping: None }));
    until(&mut session, &fits);
}

fn table_schema(session: &Session) -> &countersign_core::model::Schema {
    session.requests().unwrap().table.schema()
}

#[test]
fn from_an_edit_to_a_release_that_a_gateway_loads() {
    let files = shipped();
    let mut session = open(&files, true);
    let second = Duration::from_secs;
    let id = ParameterId::new("max_cards_per_mobile").unwrap();
    session.apply(Action::Sweep(id.clone()));
    session.apply(Action::Prefer(PreferenceAction::Maker("li.na@bank.example".into())));
    session.tick(second(1));
    let sweep = Arc::clone(session.sweep_result().value.unwrap());
    let present = &sweep.points[sweep.present.unwrap()];
    assert_eq!(present.customers, 0, "the draft's own value changes nothing");
    assert_eq!(sweep.live, sweep.present);
    assert!(sweep.rules.iter().any(|rule| rule.as_str().contains("cards_per_mobile")), "{:?}", sweep.rules);
    for point in &sweep.points {
        let (own, whole) = (&point.own_rules, &point.whole_set);
        assert!(own.recall.whole == whole.recall.whole && own.recall.whole > 0, "{}", point.shown);
        assert!([own.recall, own.hindered, whole.recall, whole.hindered].iter().all(|ratio| ratio.part <= ratio.whole));
    }
    assert!(sweep.points.iter().any(|point| point.customers > 0));

    session.apply(Action::Parameter(ParameterAction::Set(id, Scalar::from(4))));
    session.tick(second(2));
    let groups = views::impact::groups(&session);
    let blocked = readiness(&session);
    assert_eq!(blocked.is_ready(), groups.is_empty() && session.cases().value.unwrap().counts().all_passed());
    for group in groups {
        session.apply(Action::Table(TableAction::Show(RowFilter::Flips(group.rules.clone()))));
        session.tick(second(3));
        let row = session.request_order().value.unwrap().row(0).unwrap();
        session.apply(Action::Select(SelectAction::Request(row)));
        session.tick(second(4));
        assert!(!views::explain::of(&session).unwrap().stages.is_empty());
        session.apply(Action::Acknowledge { group: group.key, yes: true });
    }
    let failing = session.cases().value.unwrap().counts().failed;
    if failing > 0 {
        let run = Arc::clone(session.cases().value.unwrap());
        for result in
            run.results.iter().filter(|result| matches!(result.outcome, countersign_core::engine::cases::CaseOutcome::Failed(..)))
        {
            session.apply(Action::Case(CaseAction::Accept(result.id.clone())));
        }
        session.tick(second(5));
        for group in views::impact::groups(&session) {
            session.apply(Action::Acknowledge { group: group.key, yes: true });
        }
    }
    let ready = readiness(&session);
    assert!(ready.is_ready(), "{:?}", ready.obstacles);
    let created_at = countersign_core::model::Moment::try_from("2014-03-24T09:00:00+08:00".to_owned()).unwrap();
    let export = Action::File(FileAction::Export { path: None, comment: String::new(), created_at });
    session.apply(export.clone());
    session.tick(second(6));
    let exported = session.exported_release().unwrap_or_else(|| panic!("{:?}", session.notices())).clone();
    let bytes = files.read(&exported.path, 1 << 30).unwrap();
    let requirements = countersign_core::release::Requirements::nothing();
    let gateway = countersign_core::gateway::Gateway::load("live.ron", &bytes, requirements).unwrap();
    assert_eq!(gateway.digest(), exported.digest);
    session.tick(second(7));
    assert_eq!(session.impact().value.unwrap().all.requests, 0, "what was released is live now");
    session.apply(export);
    session.tick(second(8));
    assert_eq!(session.notices().last().unwrap().weight, Weight::Error, "a release is never written over");
}

#[test]
fn a_value_tried_on_a_request_shows_what_would_come_of_it() {
    let session = open(&shipped(), true);
    let tried = |value: &str| {
        let typed = [("customer.age".to_owned(), value.to_owned())].into();
        views::trial::try_values(&session, 3, &typed).unwrap()
    };
    let wrong = tried("old");
    assert!(wrong.problems.len() == 1 && wrong.before.is_some() && wrong.after.is_none());
    let young = tried("3");
    assert_eq!(young.changed, [(FieldName::new("customer.age").unwrap(), Scalar::from(3))]);
    assert!(young.problems.is_empty() && young.after.is_some());
}

#[test]
fn one_interface_is_asked_to_carry_it_all() {
    let session = open(&shipped(), true);
    let seconds = &session.details().value.unwrap().seconds;
    let as_loaded = seconds.ask(&WhatIf::default());
    let total = |loads: &views::loads::Loads| loads.rows.iter().map(|row| row.requests).sum::<u64>();
    let open_interface = countersign_core::model::InterfaceId::new("zhejiang").unwrap();
    let others = as_loaded.rows.iter().filter(|row| row.id != open_interface);
    let closed = others.map(|row| (row.id.clone(), open_interface.clone())).collect();
    let after = seconds.ask(&WhatIf { growth_percent: 100_000, closed });
    assert_eq!((after.lost, total(&after)), (0, total(&as_loaded) * 1_000));
    let one = after.rows.iter().find(|row| row.id == open_interface).unwrap();
    assert_eq!(one.requests, total(&after));
    assert!(one.seconds_over > Some(0));
}

#[test]
fn the_palette_finds_everything_by_a_few_letters_in_either_language() {
    let session = open(&shipped(), false);
    let first = |query: &str| views::palette::search(&session, query, 5);
    assert!(first("").len() == 5);
    let has = |query: &str, detail: &str| {
        let found = first(query);
        assert!(found.iter().any(|line| line.detail == detail), "{query}: {found:?}");
    };
    has("under age", "under_age");
    has("max cards", "max_cards_per_mobile");
    has("customer.age", "customer.age");
    has("保存", "Ctrl+S");
    has("undo", "Ctrl+Z");
}

#[test]
fn each_condition_of_a_script_says_how_many_requests_come_to_it_and_for_how_many_it_holds() {
    let mut session = open(&shipped(), true);
    let id = rule("bank_limits");
    session.apply(Action::Select(SelectAction::Rule(id.clone())));
    let text = "if request.operation != \"PAY\" {\n    return;\n}\nlet who = customer.kind;\nif who == \"new\" {\n    \
                limit(#{ single: yuan(1) })\n} else if who == \"stock\" {\n    limit(#{ single: yuan(2) })\n}\n";
    session.apply(Action::Script(ScriptAction::SetText(ScriptRef::Rule(id), text.into())));
    session.tick(Duration::from_secs(1));
    let counts = session.line_counts();
    assert!(counts.is_fresh(), "{:?}", session.findings());
    let [left, new, stock] = counts.value.unwrap().lines.as_slice() else { panic!("{counts:?}") };
    assert_eq!((left.line, new.line, stock.line), (1, 5, 7));
    assert_eq!(left.reached, session.requests().unwrap().table.len() as u64);
    assert_eq!(new.reached, left.reached - left.held);
    assert_eq!(stock.reached, new.reached - new.held);
    assert_eq!(stock.held, stock.reached, "a customer is new or stock");
}

#[test]
fn a_rule_is_shown_in_words_with_its_counts_and_follows_a_parameter() {
    let mut session = open(&shipped(), true);
    session.apply(Action::Select(SelectAction::Rule(rule("credit_limits"))));
    session.tick(Duration::from_secs(1));
    let page = |session: &Session| {
        let shown = session.rule_in_words();
        assert!(shown.is_fresh());
        let read = shown.value.unwrap();
        read.reading.as_ref().unwrap().page(read.totals.as_ref(), Language::En)
    };
    let before = page(&session);
    assert!(before.contains("(credit_single = ¥2,000.00)") && before.contains("reached"), "{before}");
    let set = ParameterAction::Set(ParameterId::new("credit_single").unwrap(), Scalar::Text("2500.00".into()));
    session.apply(Action::Parameter(set));
    session.tick(Duration::from_secs(2));
    assert_eq!(page(&session), before.replace("¥2,000.00", "¥2,500.00"));
    session.apply(Action::Undo);
    session.tick(Duration::from_secs(3));
    assert_eq!(page(&session), before);
}

#[test]
fn a_request_is_found_by_its_key_and_a_report_is_written() {
    let files = shipped();
    let mut session = open(&files, true);
    let key = session.requests().unwrap().table.key(17);
    session.apply(Action::Table(TableAction::Find(key)));
    session.tick(Duration::from_secs(1));
    assert_eq!(session.view().selection.request, Some(17));
    let created_at = countersign_core::model::Moment::try_from("2014-03-24T09:00:00+08:00".to_owned()).unwrap();
    for path in ["report.html", "report.json"] {
        session.apply(Action::File(FileAction::SaveReport { path: path.into(), created_at }));
        session.tick(Duration::from_secs(2));
        assert!(files.exists(Path::new(path)), "{:?}", session.notices());
    }
    session.apply(Action::File(FileAction::SaveReport { path: "report.doc".into(), created_at }));
    session.tick(Duration::from_secs(3));
    assert_eq!(session.notices().last().unwrap().weight, Weight::Error);
}
