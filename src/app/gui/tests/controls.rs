//! What can be pressed: every control has a name, every command of the palette can be run, no two keys clash.

use eframe::egui::{ViewportEvent, accesskit};
use egui_kittest::kittest::NodeT;

use super::states::{CASES, IMPACT, LISTS, Place, REQUESTS_TAB, Said, State, TABS, go, window_in};
use super::*;
use countersign_core::model::Moment;
use countersign_session::{Command, MappingAction, RuleAction, StartAction, TextAction, Theme};

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

#[derive(Clone, Copy, Debug)]
struct Look {
    /// The window's size in pixels.
    size: (f32, f32),
    percent: u16,
    theme: Theme,
    language: Language,
}

const BIG: (f32, f32) = (1440.0, 900.0);
const SMALL: (f32, f32) = (1280.0, 720.0);

const fn look(size: (f32, f32), percent: u16, theme: Theme, language: Language) -> Look {
    Look { size, percent, theme, language }
}

/// The look that is always walked through, and those that pictures are made of as well.
const LOOKS: [Look; 8] = [
    look(SMALL, 150, Theme::Dark, Language::Zh),
    look(BIG, 100, Theme::Light, Language::En),
    look(BIG, 75, Theme::Light, Language::Zh),
    look(BIG, 150, Theme::Light, Language::En),
    look(BIG, 200, Theme::Dark, Language::En),
    look(SMALL, 100, Theme::Light, Language::En),
    look(SMALL, 100, Theme::Dark, Language::Zh),
    look(SMALL, 200, Theme::Light, Language::Zh),
];

/// The places to go to, by state.
const PLACES: &[(State, &[Place])] = &[
    (State::Loaded, &TABS),
    (State::Loaded, &[Place::Form, Place::Explained, Place::Sweep, Place::Journal, Place::Releases]),
    (State::Changed, &[Place::Front, IMPACT, CASES]),
    (State::Stale, &[REQUESTS_TAB]),
    (State::NeverGood, &[IMPACT]),
    (State::Unreadable, &[REQUESTS_TAB]),
    (State::Bare, &[CASES, LISTS]),
    (State::Broken, &[Place::Front]),
    (State::Nothing, &[Place::Front]),
    (State::Released, &[Place::Releases, Place::Journal]),
];

const CLOSE: Said = ("Close", "关闭");
const CANCEL: Said = ("Cancel", "取消");
/// Escape alone leaves it.
const NO_BUTTON: Said = ("", "");

/// The dialogs, each by what opens it, with the button that leaves it.
const DIALOGS: [(Opener, Said); 25] = [
    (Opener::Command(Command::Palette), NO_BUTTON),
    (Opener::Command(Command::AddRule), CANCEL),
    (Opener::Command(Command::RenameRule), CANCEL),
    (Opener::Definitions("Fields", "字段"), CLOSE),
    (Opener::Definitions("Parts of fields", "字段角色"), CLOSE),
    (Opener::Definitions("Parameters", "参数"), CLOSE),
    (Opener::Definitions("Lists", "名单"), CLOSE),
    (Opener::Definitions("Reasons", "原因码"), CLOSE),
    (Opener::Definitions("Interfaces", "接口"), CLOSE),
    (Opener::Definitions("Stages", "阶段"), CLOSE),
    (Opener::Definitions("Rule set", "规则集"), CLOSE),
    (Opener::Command(Command::Export), CANCEL),
    (Opener::Command(Command::Shortcuts), CLOSE),
    (Opener::Command(Command::Tour), ("Start", "开始使用")),
    (Opener::Command(Command::OpenRequests), CANCEL),
    (Opener::Command(Command::GoToLine), NO_BUTTON),
    (Opener::Replace, NO_BUTTON),
    (Opener::Menu, NO_BUTTON),
    (Opener::Preferences, CLOSE),
    (Opener::Mapping, CANCEL),
    (Opener::LeftOut, CANCEL),
    (Opener::Starting, CANCEL),
    (Opener::Closing, CANCEL),
    (Opener::Stage, CLOSE),
    (Opener::Calendar, NO_BUTTON),
];

#[derive(Clone, Copy, Debug)]
pub(super) enum Opener {
    Command(Command),
    /// A part of the definitions, by its title in both languages.
    Definitions(&'static str, &'static str),
    Replace,
    Menu,
    Preferences,
    Mapping,
    /// A request file of which rows cannot be read.
    LeftOut,
    Starting,
    /// The window is closed with unsaved edits.
    Closing,
    /// A stage with score bands in its form.
    Stage,
    /// The day a rule holds from.
    Calendar,
}

pub(super) fn open(window: &mut Harness<'_, Window>, opener: Opener, language: Language) {
    let tr = |en: &'static str, zh: &'static str| if language == Language::En { en } else { zh };
    match opener {
        Opener::Command(command) => {
            let title = command.title();
            press(window, Modifiers::COMMAND, Key::K);
            window.get_by_label(tr(PALETTE, "搜索命令、规则、字段、问题、脚本内容")).type_text(title.get(language));
            window.run_steps(2);
            press(window, Modifiers::NONE, Key::Enter);
        }
        Opener::Definitions(en, zh) => {
            open(window, Opener::Command(Command::Definitions), language);
            // The panels behind the dialog have titles like its own.
            window.get_all_by_label(tr(en, zh)).last().unwrap().click();
        }
        Opener::Replace => {
            window.get_by_label(tr("Script", "脚本")).focus();
            window.run_steps(2);
            press(window, Modifiers::COMMAND, Key::H);
        }
        Opener::Menu | Opener::Preferences => {
            click(window, tr("All commands", "全部命令"));
            if matches!(opener, Opener::Preferences) {
                click(window, tr("Preferences…", "偏好设置…"));
            }
        }
        Opener::Mapping => window.state_mut().session.apply(Action::Mapping(MappingAction::Begin(REQUESTS.into()))),
        Opener::LeftOut => {
            let path = left_out::BAD.into();
            window.state_mut().session.apply(Action::File(FileAction::OpenRequests { path, mapping: None }));
        }
        Opener::Starting => window.state_mut().session.apply(Action::Start(StartAction::Begin("fresh".into()))),
        Opener::Closing => {
            window.state_mut().session.apply(Action::Text(TextAction::SetVersion("9".into())));
            let viewport = window.input().viewport_id;
            let closing = ViewportEvent::Close;
            window.input_mut().viewports.entry(viewport).or_default().events.push(closing);
            window.run_steps(1);
        }
        Opener::Calendar => {
            let Some(rule) = window.state().session.view().selection.rule.clone() else { return };
            let from = Moment::try_from("2014-03-24T00:00:00+08:00".to_owned()).ok();
            let action = RuleAction::SetWindow(rule, countersign_core::model::Window { from, until: None });
            window.state_mut().session.apply(Action::Rule(action));
            window.run_steps(4);
            let day = tr("From 2014-03-24", "生效 2014-03-24");
            window.get_by_label(day).scroll_to_me();
            window.run_steps(4);
            click(window, day);
        }
        Opener::Stage => {
            open(window, Opener::Definitions("Stages", "阶段"), language);
            window.get_all_by_label("score").last().unwrap().click();
        }
    }
    window.run_steps(6);
}

/// A window in a state that wears a look.
fn worn(state: State, look: Look) -> Harness<'static, Window> {
    let mut window = window_in(state, look.language);
    window.state_mut().session.apply(Action::Prefer(PreferenceAction::Theme(look.theme)));
    window.state_mut().session.apply(Action::Prefer(PreferenceAction::Scale(look.percent)));
    window.set_size(look.size.into());
    window.run_steps(4);
    if window.state().session.document().is_editable() {
        open(&mut window, Opener::Command(Command::ResetLayout), look.language);
    }
    window
}

/// Everything there says what it is; a picture of it where they are wanted.
fn check(window: &Harness<'_, Window>, look: Look, what: &str) {
    assert_eq!(nameless(window), [""; 0], "{what}");
    #[cfg(feature = "pictures")]
    if let Some(folder) = gallery() {
        let Look { size: (width, height), percent, theme, language } = look;
        let what: String = what.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect();
        let name = format!("{width}x{height}-{percent}-{theme:?}-{language:?}-{what}.png");
        pictures::write(&Path::new(&folder).join(name), &raster::paint(window), |part| part);
    }
    #[cfg(not(feature = "pictures"))]
    let _ = look;
}

/// The folder pictures of every screen are written to.
fn gallery() -> Option<std::ffi::OsString> {
    std::env::var_os("COUNTERSIGN_GALLERY").filter(|_| cfg!(feature = "pictures"))
}

#[test]
fn every_control_of_every_screen_has_a_name() {
    let looks = if gallery().is_some() { LOOKS.len() } else { 1 };
    for look in LOOKS.into_iter().take(looks) {
        for (state, places) in PLACES {
            let mut window = worn(*state, look);
            for place in *places {
                go(&mut window, *place, look.language);
                check(&window, look, &format!("{state:?} {place:?}"));
            }
        }
        let mut window = worn(State::Loaded, look);
        for (opener, _) in DIALOGS {
            open(&mut window, opener, look.language);
            check(&window, look, &format!("{opener:?}"));
            leave(&mut window);
        }
    }
}

/// Whether something lies wholly on the screen.
fn is_in_view(window: &Harness<'_, Window>, place: eframe::egui::Rect) -> bool {
    window.ctx.content_rect().contains_rect(place)
}

#[test]
fn every_dialog_can_be_left_by_a_button_in_view_also_in_a_small_window_at_twice_the_size() {
    let mut hidden = Vec::new();
    for language in [Language::En, Language::Zh] {
        let mut window = worn(State::Loaded, look(SMALL, 200, Theme::Light, language));
        let said = |(en, zh): Said| if language == Language::En { en } else { zh };
        let mut see = |window: &Harness<'_, Window>, label: &str, what: &str| {
            let buttons = window.query_all_by_role_and_label(Role::Button, label);
            let places: Vec<_> = buttons.map(|button| button.rect()).collect();
            if !places.last().is_some_and(|place| is_in_view(window, *place)) {
                hidden.push(format!("{language:?} {what}: {label} at {places:?}"));
            }
        };
        for (opener, button) in DIALOGS.into_iter().filter(|(_, button)| *button != NO_BUTTON) {
            open(&mut window, opener, language);
            see(&window, said(button), &format!("{opener:?}"));
            if matches!(opener, Opener::Definitions("Fields" | "Parameters" | "Lists" | "Reasons" | "Interfaces" | "Stages", _)) {
                see(&window, said(("Add", "新增")), &format!("{opener:?}"));
            }
            leave(&mut window);
        }
        let mut window = worn(State::Released, look(SMALL, 200, Theme::Light, language));
        for step in [("Submit…", "提交…"), ("Withdraw…", "撤回…")] {
            // Escape leaves the releases too.
            go(&mut window, Place::Releases, language);
            click(&mut window, said(step));
            window.run_steps(4);
            see(&window, said(CANCEL), step.0);
            leave(&mut window);
        }
    }
    assert!(hidden.is_empty(), "{}", hidden.join("\n"));
}

const PALETTE: &str = "Search commands, rules, fields, problems, scripts";

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

fn leave(window: &mut Harness<'_, Window>) {
    for _ in 0..2 {
        tap(window, Modifiers::NONE, Key::Escape);
    }
}

#[test]
fn every_command_runs_whatever_is_open() {
    for state in [State::Nothing, State::Broken, State::Loaded] {
        let mut window = window_in(state, Language::En);
        for command in Command::ALL {
            let why_disabled = window.state().session.why_disabled(*command);
            run(&mut window, *command);
            let is_refused = *command != Command::Palette && window.query_by_label(PALETTE).is_some();
            assert_eq!(is_refused, why_disabled.is_some(), "{state:?} {command:?}: {why_disabled:?}");
            leave(&mut window);
            assert!(window.query_by_label(PALETTE).is_none(), "{state:?}: {command:?} is left by Escape");
            window.state_mut().session.apply(Action::Prefer(PreferenceAction::TourSeen(true)));
        }
    }
}
