//! What a person does in the window, by its labels: rules moved and renamed, scripts written, parameters tried, requests looked through;
//! each taken back.

use super::*;
use countersign_core::model::{ParameterId, RuleId, Scalar, Status, Value};
use countersign_session::{RowFilter, RuleAction, RulesFilter, ScriptAction, views};

/// The row of a rule as the list speaks it.
fn row_of(window: &Harness<'_, Window>, id: &str) -> String {
    let (.., rule) = window.state().session.document().rule_set().find_rule(id).unwrap();
    format!("{id}: {}", rule.title.en)
}

/// The rules of the second stage, in order.
fn order(window: &Harness<'_, Window>) -> Vec<String> {
    let stage = &window.state().session.document().rule_set().stages[1];
    stage.rules.iter().map(|rule| rule.id.to_string()).collect()
}

fn status(window: &Harness<'_, Window>, id: &str) -> Status {
    window.state().session.document().rule_set().find_rule(id).unwrap().2.status
}

fn script(window: &Harness<'_, Window>, id: &str) -> String {
    window.state().session.document().rule_set().find_rule(id).unwrap().2.script.text.to_string()
}

fn undo(window: &mut Harness<'_, Window>) {
    press(window, Modifiers::COMMAND, Key::Z);
}

/// Types into what is called so, over what stood there.
pub(super) fn fill(window: &mut Harness<'_, Window>, label: &str, text: &str) {
    window.get_by_role_and_label(Role::TextInput, label).focus();
    window.run_steps(2);
    press(window, Modifiers::COMMAND, Key::A);
    press(window, Modifiers::NONE, Key::Delete);
    window.get_by_role_and_label(Role::TextInput, label).type_text(text);
    window.run_steps(3);
}

/// Shows a rule's script by searching for the rule and clicking it.
fn open_rule(window: &mut Harness<'_, Window>, id: &str) {
    fill(window, "Search rules", id);
    let row = row_of(window, id);
    click(window, &row);
    window.state_mut().session.apply(Action::FilterRules(RulesFilter::default()));
    window.run_steps(4);
}

/// Puts the caret at the start of a line of the shown script.
fn to_line(window: &mut Harness<'_, Window>, line: usize) {
    press(window, Modifiers::COMMAND, Key::G);
    fill(window, "Go to line", &line.to_string());
    press(window, Modifiers::NONE, Key::Enter);
}

/// Presses at one place, moves to another and lets go there.
fn drag(window: &mut Harness<'_, Window>, from: Pos2, to: Pos2) {
    window.hover_at(from);
    window.drag_at(from);
    window.run_steps(1);
    for part in [0.3, 0.7, 1.0] {
        window.hover_at(from + (to - from) * part);
        window.run_steps(1);
    }
    window.drop_at(to);
    window.run_steps(4);
}

/// Asks for a file by the command's keys; there is no dialog, so its path is typed.
fn open_file(window: &mut Harness<'_, Window>, modifiers: Modifiers, path: &str) {
    press(window, modifiers, Key::O);
    fill(window, "Path", path);
    click(window, "Continue");
    wait(window);
}

#[test]
fn from_opening_over_an_edit_its_problem_and_its_impact_to_a_release_that_a_gateway_loads() {
    let files = MemoryFiles::new();
    put_shipped(&files);
    let mut session =
        Session::new(Arc::new(files.clone()), SessionOptions { workers: Workers::Inline, ..SessionOptions::default() });
    session.apply(Action::Prefer(PreferenceAction::TourSeen(true)));
    let mut window = show(session);
    open_file(&mut window, Modifiers::COMMAND, "rules");
    open_file(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, REQUESTS);
    let impact = Arc::clone(window.state().session.impact().value.unwrap());
    let accepted = impact.new.rows_of_verdict(countersign_core::model::Verdict::Accept).iter().next().unwrap();
    let key = window.state().session.requests().unwrap().table.key(accepted);
    // An edit with a slip of the pen, its problem, the remedy.
    open_rule(&mut window, "under_age");
    to_line(&mut window, 1);
    let condition = format!("if request.idd == \"{key}\" {{ return decline(\"UNDER_AGE\"); }}\n");
    window.event(Event::Text(condition));
    window.run_steps(4);
    wait(&mut window);
    assert!(window.query_all_by_label_contains("idd").next().is_some(), "the problem is listed");
    click(&mut window, "Fix");
    wait(&mut window);
    assert!(window.state().session.findings().is_empty(), "{:?}", window.state().session.findings());
    // What it does, to whom, and why.
    let said = views::impact::sentence(window.state().session.impact().value.unwrap()).remove(0).text.en;
    assert!(said.starts_with("1 accepted request is now declined"), "{said}");
    click(&mut window, &said);
    window.get_by_label("1 of 400");
    click(&mut window, &key);
    click(&mut window, "Explain");
    assert!(window.query_all_by_label_contains(&format!("request.id == \"{key}\"")).next().is_some());
    click(&mut window, "Impact");
    click(&mut window, "Acknowledge Customer too young to link a card");
    // The release.
    press(&mut window, Modifiers::COMMAND, Key::S);
    press(&mut window, Modifiers::COMMAND, Key::E);
    window.event(Event::Text("li.na@bank.example".to_owned()));
    window.run_steps(4);
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.get_by_label("Exported, and read back as a gateway reads it");
    let exported = window.state().session.exported_release().unwrap().clone();
    let bytes = files.read(&exported.path, 1 << 30).unwrap();
    let requirements = countersign_core::release::Requirements::nothing();
    let gateway = countersign_core::gateway::Gateway::load("live.ron", &bytes, requirements).unwrap();
    assert_eq!(gateway.digest(), exported.digest);
    click(&mut window, "Done");
    assert!(window.query_all_by_label_contains(", not live").next().is_some(), "what was made is not called live");
}

#[test]
fn rules_are_moved_by_dragging_and_by_keys_and_switched_together() {
    let mut window = window(false);
    let before = order(&window);
    let [first, second, third] = [0, 1, 2].map(|at: usize| row_of(&window, &before[at]));
    let place = |window: &Harness<'_, Window>, row: &str| window.get_by_label(row).rect().center();
    let (from, to) = (place(&window, &first), place(&window, &third));
    drag(&mut window, from, to);
    assert_eq!(order(&window)[..2], [before[1].clone(), before[0].clone()], "dropped before the third");
    undo(&mut window);
    assert_eq!(order(&window), before);
    click(&mut window, &first);
    press(&mut window, Modifiers::ALT, Key::ArrowDown);
    assert_eq!(order(&window)[..2], [before[1].clone(), before[0].clone()]);
    undo(&mut window);
    window.get_by_label(&second).click_modifiers(Modifiers::COMMAND);
    window.run_steps(3);
    window.get_by_label(&second).click_secondary();
    window.run_steps(3);
    click(&mut window, "Set rules to shadow");
    assert_eq!([0, 1, 2].map(|at: usize| status(&window, &before[at])), [Status::Shadow, Status::Shadow, Status::Active]);
    undo(&mut window);
    assert_eq!(status(&window, &before[0]), Status::Active);
}

#[test]
fn a_rule_is_renamed_everywhere() {
    let mut window = window(false);
    let named = |window: &Harness<'_, Window>, id: &str| {
        let cases = &window.state().session.document().cases().cases;
        cases.iter().filter(|case| format!("{:?}", case.expect).contains(&format!("\"{id}\""))).count()
    };
    let cases = named(&window, "under_age");
    assert!(cases > 0);
    open_rule(&mut window, "under_age");
    press(&mut window, Modifiers::NONE, Key::F2);
    fill(&mut window, "Id", "too_young");
    press(&mut window, Modifiers::NONE, Key::Enter);
    wait(&mut window);
    let rules = window.state().session.document().rule_set();
    assert!(rules.find_rule("too_young").is_some() && rules.find_rule("under_age").is_none());
    assert_eq!(named(&window, "too_young"), cases);
    assert!(window.state().session.findings().is_empty());
    click(&mut window, "Cases");
    window.get_by_label("all pass");
    undo(&mut window);
    assert!(window.state().session.document().rule_set().find_rule("under_age").is_some());
}

#[test]
fn a_script_is_written_with_the_editors_help() {
    let mut window = window(false);
    open_rule(&mut window, "under_age");
    let before = script(&window, "under_age");
    // To a line, where a condition is completed.
    to_line(&mut window, 2);
    window.event(Event::Text("if customer.kin".to_owned()));
    window.run_steps(3);
    window.get_by_label("kind");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let line = script(&window, "under_age").lines().nth(1).unwrap().to_owned();
    assert!(line.starts_with("if customer.kind"), "{line}");
    undo(&mut window);
    undo(&mut window);
    assert_eq!(script(&window, "under_age"), before);
    // Found and replaced.
    press(&mut window, Modifiers::COMMAND, Key::H);
    fill(&mut window, "Find", "decline");
    fill(&mut window, "Replace with", "refer");
    click(&mut window, "Replace all");
    assert_eq!(script(&window, "under_age"), before.replace("decline", "refer"));
    press(&mut window, Modifiers::NONE, Key::Escape);
    undo(&mut window);
    assert_eq!(script(&window, "under_age"), before);
}

#[test]
fn a_shared_function_leads_to_where_it_is_made() {
    let mut window = window(false);
    let rules = window.state().session.document().rule_set();
    let (.., rule) = rules.rules().find(|(.., rule)| rule.script.text.contains("is_linking(")).unwrap();
    let (id, at) = (rule.id.clone(), rule.script.text.find("is_linking(").unwrap());
    let at = u32::try_from(at + 3).unwrap();
    window.state_mut().session.apply(Action::Select(SelectAction::Jump(ScriptRef::Rule(id), at, at)));
    window.run_steps(4);
    press(&mut window, Modifiers::NONE, Key::F12);
    assert_eq!(window.state().session.view().selection.script, Some(ScriptRef::Shared));
    window.get_by_label("Shared functions");
}

#[test]
fn the_marker_of_a_sweep_sets_the_parameter() {
    let mut window = window(true);
    let id = ParameterId::new("max_cards_per_mobile").unwrap();
    let value = |window: &Harness<'_, Window>| window.state().session.document().rule_set().parameters[&id].value.clone();
    let before = value(&window);
    fill(&mut window, "Search parameters", "max_cards_per_mobile");
    window.get_by_label("Try the range of max_cards_per_mobile").scroll_to_me();
    window.run_steps(3);
    click(&mut window, "Try the range of max_cards_per_mobile");
    window.run_steps(4);
    let place = window.get_by_label("Sweep max_cards_per_mobile").rect();
    let at = |part: f32| Pos2::new(place.left() + place.width() * part, place.center().y);
    drag(&mut window, at(0.3), at(0.9));
    wait(&mut window);
    let (Value::Int(now), Value::Int(was)) = (value(&window), before.clone()) else { panic!("a whole number") };
    assert!(now > 1 && now != was, "{now}");
    undo(&mut window);
    assert_eq!(value(&window), before, "a drag is one step");
}

#[test]
fn a_sweep_of_a_draft_with_errors_says_what_it_waits_for() {
    let mut window = window(true);
    let script = ScriptRef::Rule(RuleId::new("under_age").unwrap());
    window.state_mut().session.apply(Action::Script(ScriptAction::SetText(script, "if customer.ag".into())));
    wait(&mut window);
    fill(&mut window, "Search parameters", "max_cards_per_mobile");
    let said = |window: &Harness<'_, Window>| window.query_all_by_label_contains("Fix the one error").count();
    let before = said(&window);
    click(&mut window, "Try the range of max_cards_per_mobile");
    window.run_steps(4);
    assert!(window.query_by_label_contains("Trying the range").is_none(), "nothing is being tried");
    assert_eq!(said(&window), before + 1);
}

#[test]
fn requests_are_sorted_filtered_and_found() {
    let mut window = window(true);
    let listed = |window: &Harness<'_, Window>| window.state().session.request_order().value.map_or(ROWS, |order| order.count);
    click(&mut window, "When the bank received it");
    click(&mut window, "When the bank received it");
    let last = window.state().session.request_order().value.unwrap().row(0);
    assert_eq!(last.map(|row| row as usize), Some(ROWS - 1), "the last request comes first");
    fill(&mut window, "Filter by expression", "money.amount > yuan(100)");
    press(&mut window, Modifiers::NONE, Key::Enter);
    let some = listed(&window);
    assert!(some > 0 && some < ROWS, "{some}");
    fill(&mut window, "Filter by expression", "");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(listed(&window), ROWS);
    // A value is clicked: only requests with it.
    window.get_all_by_label("Accept").next().unwrap().click_secondary();
    window.run_steps(3);
    click(&mut window, "Only requests with this value");
    assert_eq!(window.state().session.view().requests.only, [RowFilter::Verdict(countersign_core::model::Verdict::Accept)]);
    click(&mut window, "Show all");
    assert_eq!(listed(&window), ROWS);
    let key = window.state().session.requests().unwrap().table.key(ROWS / 2);
    fill(&mut window, "Go to key", &key);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(window.state().session.view().selection.request.map(|row| row as usize), Some(ROWS / 2));
    assert!(window.query_all_by_label(&key).next().is_some(), "it is in view");
}

#[test]
fn a_request_is_tried_with_other_values_and_kept_as_a_case() {
    let mut window = window(true);
    let key = window.state().session.requests().unwrap().table.key(3);
    click(&mut window, &key);
    click(&mut window, "Edit the chosen request");
    fill(&mut window, "Search fields", "customer.age");
    let label = window.state().session.document().definition().schema.find("customer.age").unwrap().1.text.en.clone();
    fill(&mut window, &label, "12");
    window.get_by_label("As tried");
    fill(&mut window, "Id of the new case", "a_child_signs");
    click(&mut window, "Save as case");
    let held = |window: &Harness<'_, Window>| {
        let cases = &window.state().session.document().cases().cases;
        cases.iter().find(|case| case.id == RuleId::new("a_child_signs").unwrap()).cloned()
    };
    assert_eq!(held(&window).unwrap().set.get("customer.age"), Some(&Scalar::Int(12)));
    wait(&mut window);
    fill(&mut window, "Search cases", "a_child_signs");
    window.get_by_label("a_child_signs: passes");
    undo(&mut window);
    assert_eq!(held(&window), None);
}

#[test]
fn a_rule_holds_from_a_day_and_a_second_that_are_chosen() {
    let mut window = window(false);
    open_rule(&mut window, "under_age");
    let from = |window: &Harness<'_, Window>| {
        let rule = window.state().session.document().rule_set().find_rule("under_age").unwrap().2;
        rule.window.from.map(|from| from.to_string()).unwrap_or_default()
    };
    let moment = countersign_core::model::Moment::try_from("2014-03-24T00:00:00+08:00".to_owned()).unwrap();
    let held = countersign_core::model::Window { from: Some(moment), until: None };
    let rule = RuleId::new("under_age").unwrap();
    window.state_mut().session.apply(Action::Rule(RuleAction::SetWindow(rule.clone(), held)));
    window.run_steps(3);
    click(&mut window, "From 2014-03-24");
    click(&mut window, "Next month");
    click(&mut window, "2014-04-01");
    assert_eq!(from(&window), "2014-04-01T00:00:00+08:00");
    fill(&mut window, "From, time of day", "23:59:59");
    press(&mut window, Modifiers::NONE, Key::Tab);
    assert_eq!(from(&window), "2014-04-01T23:59:59+08:00");
    // A rule does not end before it begins.
    let until = countersign_core::model::Window {
        until: countersign_core::model::Moment::try_from("2014-04-02T00:00:00+08:00".to_owned()).ok(),
        ..held
    };
    window.state_mut().session.apply(Action::Rule(RuleAction::SetWindow(rule, until)));
    window.run_steps(3);
    click(&mut window, "Until 2014-04-02");
    press(&mut window, Modifiers::NONE, Key::PageUp);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.query_all_by_label_contains("ends after it begins").next().is_some());
    window.get_by_label("Until 2014-04-02");
}
