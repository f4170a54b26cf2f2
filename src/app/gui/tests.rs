//! The window without a screen, on the shipped workspace: what a person sees and does.

mod controls;
mod definitions;
mod files;
mod journeys;
mod left_out;
#[cfg(feature = "pictures")]
mod pictures;
#[cfg(feature = "pictures")]
mod raster;
mod releases;
mod states;
mod typing;

use std::path::Path;
use std::sync::Arc;

use eframe::egui::{Event, Key, Modifiers, Pos2, Role, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::app::Window;
use countersign_core::diagnostic::Operation;
use countersign_core::text::Language;
use countersign_session::{
    Action, Command, FileAction, PreferenceAction, ScriptAction, ScriptRef, SelectAction, Session, SessionOptions, Workers,
};
use countersign_workspace::fixture::{first_requests, shipped_rules};
use countersign_workspace::{DiskFiles, Files, MemoryFiles};

/// Enough of the sample for every rule kind to be seen.
const ROWS: usize = 400;
const REQUESTS: &str = "requests.csv";

/// A window on the shipped workspace, with or without requests.
fn window(with_requests: bool) -> Harness<'static, Window> {
    window_on(&MemoryFiles::new(), with_requests)
}

fn window_on(files: &MemoryFiles, with_requests: bool) -> Harness<'static, Window> {
    put_shipped(files);
    let mut session =
        Session::new(Arc::new(files.clone()), SessionOptions { workers: Workers::Inline, ..SessionOptions::default() });
    session.apply(Action::Prefer(PreferenceAction::TourSeen(true)));
    session.apply(Action::File(FileAction::OpenWorkspace("rules".into())));
    if with_requests {
        session.apply(Action::File(FileAction::OpenRequests { path: REQUESTS.into(), mapping: None }));
    }
    show(session)
}

/// Puts the shipped workspace and the first of the shipped requests into memory.
fn put_shipped(files: &MemoryFiles) {
    for (path, bytes) in shipped_rules().all() {
        files.put(path, bytes.to_vec());
    }
    files.put(REQUESTS, first_requests(ROWS));
}

/// The window of a session, once it has settled.
fn show(session: Session) -> Harness<'static, Window> {
    let builder = Harness::builder().with_size(Vec2::new(1440.0, 900.0)).with_max_steps(16).with_context_setup(crate::gui::install);
    let mut window = builder.build_ui_state(|ui, window: &mut Window| window.frame(ui), Window::on(session));
    window.run_ok();
    window
}

fn press(window: &mut Harness<'_, Window>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run_steps(4);
}

/// Lets the pause after the last key go by.
fn wait(window: &mut Harness<'_, Window>) {
    std::thread::sleep(std::time::Duration::from_millis(160));
    window.run_steps(4);
}

#[test]
fn the_first_screen_shows_a_living_rule_set() {
    let window = window(true);
    window.get_by_label("Blocklists");
    assert!(window.query_all_by_label_contains("400 requests in").next().is_some());
}

#[test]
fn panels_keep_their_sizes_and_a_condition_says_what_comes_to_it() {
    let mut window = window(true);
    let place = |window: &Harness<'_, Window>| window.get_by_label("Charts").rect();
    let before = place(&window);
    window.run_steps(12);
    assert_eq!(place(&window), before);
    assert_eq!(window.state().session.view().selection.rule.as_ref().map(ToString::to_string).as_deref(), Some("unlink_right"));
    let shown = window.state().session.line_counts();
    assert_eq!(shown.value.map(|counts| counts.lines.len()), Some(1));
}

#[test]
fn a_rule_is_read_in_words_and_its_parameter_is_set_in_place() {
    let mut window = window(true);
    let rule = countersign_core::model::RuleId::new("credit_limits").unwrap();
    window.state_mut().session.apply(Action::Select(SelectAction::Rule(rule)));
    wait(&mut window);
    window.run_ok();
    window.get_by_label("“What is asked for”");
    window.get_by_label("¥2,000.00").click();
    window.run_ok();
    assert!(window.query_all_by_label("credit_single").count() >= 2, "its form is open, beside its line in the inspector");
    press(&mut window, Modifiers::NONE, Key::Escape);
    window.get_by_label("Show the script").click();
    window.run_ok();
    assert!(window.query_by_label("“What is asked for”").is_none());
    assert_eq!(window.state().session.preferences().script_view, countersign_session::ScriptView::Script);
    window.get_by_label("Show the reading").click();
    window.run_ok();
    window.get_by_label("“What is asked for”");
    assert!(window.query_by_label("Script").is_none(), "the editor makes room");
}

/// A value is chosen or typed in the cell of a rule; the script has changed just there, and is taken back.
#[test]
fn a_cell_of_the_decision_table_changes_its_value_in_the_script() {
    let mut window = window(false);
    let rule = |id: &str| countersign_core::model::RuleId::new(id).unwrap();
    let script = |window: &Harness<'_, Window>, id: &str| {
        window.state().session.document().rule_set().find_rule(id).unwrap().2.script.text.to_string()
    };
    window.state_mut().session.apply(Action::Select(SelectAction::Rule(rule("agreement_invalid"))));
    for (id, least) in [("unknown_interface", "> 4"), ("agreement_invalid", ">5")] {
        let text = format!("if velocity.cards_by_mobile {least} {{ decline(\"AGREEMENT_INVALID\") }}\n");
        window.state_mut().session.apply(Action::Script(ScriptAction::SetText(ScriptRef::Rule(rule(id)), text)));
    }
    wait(&mut window);
    window.get_by_label("Show the table of the stage").click();
    wait(&mut window);
    assert_eq!(window.state().session.preferences().script_view, countersign_session::ScriptView::Table);
    window.get_by_label("Never reached: row 1 comes first");

    let before = script(&window, "agreement_cancelled");
    window.get_by_label("is “Cancelled”").click_accesskit();
    window.run_steps(4);
    window.get_by_label("Invalid: customer data changed").click_accesskit();
    wait(&mut window);
    assert_eq!(script(&window, "agreement_cancelled"), before.replace("\"cancelled\"", "\"invalid\""));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    wait(&mut window);
    assert_eq!(script(&window, "agreement_cancelled"), before);

    let before = script(&window, "agreement_invalid");
    window.get_by_label_contains("is over 5").click_accesskit();
    window.run_steps(4);
    journeys::fill(&mut window, "New value", "many");
    press(&mut window, Modifiers::NONE, Key::Enter);
    window.get_by_label("“many” is not a whole number");
    assert_eq!(script(&window, "agreement_invalid"), before);
    journeys::fill(&mut window, "New value", "-7");
    press(&mut window, Modifiers::NONE, Key::Enter);
    wait(&mut window);
    assert_eq!(script(&window, "agreement_invalid"), before.replace(">5", "> -7"));
    press(&mut window, Modifiers::COMMAND, Key::Z);
    wait(&mut window);
    assert_eq!(script(&window, "agreement_invalid"), before);
}

#[test]
fn a_release_says_what_stands_in_its_way() {
    let mut window = window(true);
    press(&mut window, Modifiers::COMMAND, Key::E);
    assert!(window.query_all_by_label_contains("name who makes it").next().is_some());
    window.get_by_role_and_label(Role::TextInput, "Made by").focus();
    window.run_steps(2);
    // Key by key: the line above the field goes with the first one, the field keeps the rest.
    for key in "li.na@bank.example".chars() {
        window.event(Event::Text(key.to_string()));
        window.run_steps(2);
    }
    assert_eq!(window.get_by_role_and_label(Role::TextInput, "Made by").value().as_deref(), Some("li.na@bank.example"));
    assert!(window.query_all_by_label_contains("name who makes it").next().is_none());
}

#[test]
fn an_edit_shows_its_problem_and_is_taken_back() {
    let mut window = window(true);
    let script = ScriptRef::Rule(countersign_core::model::RuleId::new("under_age").unwrap());
    window.state_mut().session.apply(Action::Select(SelectAction::Jump(script, 0, 0)));
    window.run_steps(4);
    window.get_by_label("Script").type_text("customer.aeg > 1;\n");
    window.run_steps(4);
    assert!(window.state().session.document().is_dirty());
    wait(&mut window);
    assert!(!window.state().session.findings().is_empty());
    assert!(window.query_all_by_label_contains("aeg").next().is_some(), "the problem is listed");
    press(&mut window, Modifiers::COMMAND, Key::Z);
    wait(&mut window);
    assert!(!window.state().session.document().is_dirty());
    assert!(window.state().session.findings().is_empty());
}

/// Clicks what is called so, the first of several.
fn click(window: &mut Harness<'_, Window>, label: &str) {
    window.get_all_by_label(label).next().unwrap().click();
    window.run_steps(4);
}

#[test]
fn the_palette_finds_a_rule_and_a_command() {
    let mut window = window(false);
    press(&mut window, Modifiers::COMMAND, Key::K);
    window.get_by_label("Search commands, rules, fields, problems, scripts").type_text("under_age");
    window.run_steps(3);
    press(&mut window, Modifiers::NONE, Key::Enter);
    let selected = window.state().session.view().selection.rule.clone();
    assert_eq!(selected.map(|rule| rule.to_string()).as_deref(), Some("under_age"));
    press(&mut window, Modifiers::NONE, Key::F1);
    window.get_by_label("Find and replace");
}

#[test]
fn every_word_follows_the_language() {
    let mut window = window(true);
    window.state_mut().session.apply(Action::Prefer(PreferenceAction::Language(Language::Zh)));
    window.run_steps(3);
    window.get_by_label("问题");
    window.get_by_label("影响");
    assert!(window.query_by_label("Problems").is_none());
}

/// Every source of the window with its path.
fn sources() -> Vec<(std::path::PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![std::path::PathBuf::from("gui")];
    while let Some(folder) = folders.pop() {
        for entry in DiskFiles.list(&folder).unwrap() {
            let path = folder.join(&entry.name);
            if entry.is_folder {
                folders.push(path);
            } else {
                let text = String::from_utf8(DiskFiles.read(&path, 1 << 20).unwrap()).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

#[test]
fn what_a_remedy_in_the_window_names_is_on_a_button_there() {
    let titles = Command::ALL.iter().map(|command| command.title()).flat_map(|title| [title.en, title.zh]);
    let titles: Vec<String> = titles.chain(sources().into_iter().map(|(_, text)| text)).collect();
    for operation in Operation::ALL {
        for (language, shown) in [Language::En, Language::Zh].map(|language| (language, operation.in_window().get(language))) {
            assert!(!shown.contains("--") && !shown.contains("countersign"), "{shown}");
            for name in shown.split('`').skip(1).step_by(2).filter(|name| !name.contains(['.', '_'])) {
                let quoted = format!("\"{name}\"");
                let is_there = titles.iter().any(|title| title == name || title.contains(&quoted));
                assert!(is_there, "{language:?}: nothing in the window is called `{name}`");
            }
        }
    }
}

#[test]
fn no_colour_or_size_of_text_stands_outside_the_tokens() {
    let mut found = Vec::new();
    for (path, text) in sources() {
        let banned =
            ["Color32::from_rgb(", "Color32::from_gray(", "Color32::BLACK", "Color32::WHITE", "Color32::RED", "FontId::monospace("];
        let is_home = path.ends_with("theme/tokens.rs") || path.ends_with("gui/tests.rs");
        let code = text.lines().enumerate().take_while(|(_, line)| *line != "#[cfg(test)]");
        let lines = code.filter(|(_, line)| !is_home && banned.iter().any(|word| line.contains(word)));
        found.extend(lines.map(|(at, line)| format!("{}:{}: {line}", path.display(), at + 1)));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
