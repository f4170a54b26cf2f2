//! What can be pressed: every control has a name, every command of the palette can be run, no two keys clash.

use eframe::egui::accesskit;
use egui_kittest::kittest::NodeT;

use super::states::{Place, State, TABS, go, window_in};
use super::*;
use crate::session::Command;

/// Roles that are pressed, chosen or typed in.
const CONTROLS: [Role; 11] = [
    Role::Button,
    Role::CheckBox,
    Role::ColorWell,
    Role::ComboBox,
    Role::Link,
    Role::ListBoxOption,
    Role::RadioButton,
    Role::Slider,
    Role::SpinButton,
    Role::Tab,
    Role::TextInput,
];

/// Controls without words: nothing, or only an icon's private character.
fn nameless(window: &Harness<'_, Window>) -> Vec<String> {
    let is_word = |c: char| !c.is_whitespace() && !('\u{e000}'..='\u{f8ff}').contains(&c);
    let named =
        |node: &accesskit::Node| [node.label(), node.placeholder()].into_iter().flatten().any(|text| text.chars().any(is_word));
    let nodes = window.root().children_recursive();
    let all = nodes.map(|node| node.accesskit_node()).filter(|node| CONTROLS.contains(&node.role()) && !node.is_hidden());
    let missing = all.filter(|node| !named(node.data()) && !node.label().is_some_and(|label| label.chars().any(is_word)));
    missing.map(|node| format!("{:?} {:?}", node.role(), node.raw_bounds())).collect()
}

#[test]
fn every_control_has_a_name() {
    for language in [Language::En, Language::Zh] {
        let mut window = window_in(State::Loaded, language);
        let places = [Place::Front, Place::Form, Place::Explained, Place::Sweep, Place::Journal, Place::Releases];
        for place in TABS.into_iter().chain(places) {
            go(&mut window, place, language);
            assert_eq!(nameless(&window), [""; 0], "{place:?}");
        }
    }
}

/// The dialogs, each by the command that opens it.
const DIALOGS: [Command; 9] = [
    Command::Palette,
    Command::AddRule,
    Command::RenameRule,
    Command::Definitions,
    Command::Export,
    Command::Shortcuts,
    Command::Tour,
    Command::Find,
    Command::GoToLine,
];

const PALETTE: &str = "Search commands, rules, fields, problems";

fn tap(window: &mut Harness<'_, Window>, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run_steps(2);
}

/// Runs a command by its name in the palette, as a person does.
fn run(window: &mut Harness<'_, Window>, command: Command) {
    tap(window, Modifiers::COMMAND, Key::K);
    window.get_by_label(PALETTE).type_text(&command.title().en);
    window.run_steps(1);
    tap(window, Modifiers::NONE, Key::Enter);
}

/// Closes what a command opened.
fn leave(window: &mut Harness<'_, Window>) {
    for _ in 0..2 {
        tap(window, Modifiers::NONE, Key::Escape);
    }
}

#[test]
fn every_control_of_a_dialog_has_a_name() {
    let mut window = window_in(State::Loaded, Language::En);
    for command in DIALOGS {
        run(&mut window, command);
        window.run_steps(2);
        assert_eq!(nameless(&window), [""; 0], "{command:?}");
        leave(&mut window);
    }
}

#[test]
fn every_command_runs_whatever_is_open() {
    for state in [State::Nothing, State::Broken, State::Loaded] {
        let mut window = window_in(state, Language::En);
        for command in Command::ALL {
            let hindrance = window.state().session.hindrance(*command);
            run(&mut window, *command);
            let is_refused = *command != Command::Palette && window.query_by_label(PALETTE).is_some();
            assert_eq!(is_refused, hindrance.is_some(), "{state:?} {command:?}: {hindrance:?}");
            leave(&mut window);
            assert!(window.query_by_label(PALETTE).is_none(), "{state:?}: {command:?} is left by Escape");
            window.state_mut().session.apply(Action::Prefer(PreferenceAction::TourSeen(true)));
        }
    }
}
