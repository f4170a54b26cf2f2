//! What is typed faster than frames come: the same as key by key, however it is split into frames.
//!
//! Keys are written as signs: `⏎` Enter, `⇥` Tab, `⌫` `⌦` delete, `←` `→` `↑` `↓` `⇱` `⇲` move, `⎋` Escape; `⇧` and `⌘` change the next key.
//! `⟨…⟩` is pasted; `«…»` is what an input method composes, `‹…›` what it puts in. `|` is the caret of the text before.

use eframe::egui::{ImeEvent, Ui};

use super::*;
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::panels::editor::EditorPanel;
use crate::gui::shell::keys;
use countersign_core::model::RuleId;
use countersign_session::ScriptAction;

/// The script before, what is typed, the script after.
const TYPED: &[(&str, &str, &str)] = &[
    ("|", "abcdefgh⏎second", "abcdefgh\nsecond"),
    ("|", "if true {⏎a();⏎}⏎b", "if true {\n    a();\n}\nb"),
    ("if x {|}", "⏎f(g[0]);", "if x {\n    f(g[0]);\n}"),
    ("|", "1⇥2⏎3", "1   2\n3"),
    ("a\n|b", "⇧⇥5⇧↓⇥⌫6", "a\n6"),
    ("a\n    |b", "⇧⇥c", "a\ncb"),
    ("|", "one two⇧←⇧←⇧←three⏎⌫!", "one three!"),
    ("|", "⟨{\n  pasted}⟩⏎}⟨)⟩x", "{\n  pasted}\n})x"),
    ("|", "abc⌘zx", "x"),
    ("|", "abc⏎{⏎}⌘z⌘⇧zx", "abc\n{\n}x"),
    ("|", "a1⌘a⟨b⟩c⌘zd", "d"),
    ("fine|", "⇱⇧⇲⌦0⏎", "0\n"),
    ("a b|", "⌘/⏎c", "// a b\nc"),
    ("|", "if request.i⇥ == ⏎", "if request.id == \n"),
    ("|", "if request.i⎋⏎x", "if request.i\nx"),
    ("|", "«n»«ni»«ni h»‹你好›", "你好"),
    ("|", "«n»⏎⇥⎋«ni»}‹你›x", "你}x"),
    ("    |", "«k»}«kuo»⌘z⌘a‹括›}⏎", "    括}}\n    "),
    ("|", "‹一›‹二›⌘z三", "一三"),
    ("|", "«yi»«»‹一›«er»«»‹二›a⌘z⌘zx", "一x"),
    ("ab|", "«n»«»c", "abc"),
    ("|", "// «zhu»‹注›⏎«»x", "// 注\nx"),
];

/// The parts of input that cannot come apart: an event each.
fn events(keys: &str) -> Vec<Event> {
    let mut events = Vec::new();
    let mut signs = keys.chars();
    let mut modifiers = Modifiers::NONE;
    while let Some(sign) = signs.next() {
        let mut until = |end: char| signs.by_ref().take_while(|sign| *sign != end).collect::<String>();
        match sign {
            '⇧' => modifiers |= Modifiers::SHIFT,
            '⌘' => modifiers |= Modifiers::COMMAND,
            '⟨' => events.push(Event::Paste(until('⟩'))),
            '«' => events.push(Event::Ime(ImeEvent::Preedit { text: until('»'), active_range_chars: None })),
            '‹' => events.push(Event::Ime(ImeEvent::Commit(until('›')))),
            sign => stroke(sign, std::mem::take(&mut modifiers), &mut events),
        }
    }
    events
}

fn stroke(sign: char, modifiers: Modifiers, events: &mut Vec<Event>) {
    let key = match sign {
        '⏎' => Some(Key::Enter),
        '⇥' => Some(Key::Tab),
        '⌫' => Some(Key::Backspace),
        '⌦' => Some(Key::Delete),
        '←' => Some(Key::ArrowLeft),
        '→' => Some(Key::ArrowRight),
        '↑' => Some(Key::ArrowUp),
        '↓' => Some(Key::ArrowDown),
        '⇱' => Some(Key::Home),
        '⇲' => Some(Key::End),
        '⎋' => Some(Key::Escape),
        ' ' => Some(Key::Space),
        sign => Key::from_name(&sign.to_ascii_uppercase().to_string()),
    };
    let is_text = !modifiers.command && (key.is_none() || sign.is_ascii_graphic() || sign == ' ');
    if modifiers.any() {
        events.push(Event::ModifiersChanged(modifiers));
    }
    let pressed = |pressed| key.map(|key| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers });
    events.extend(pressed(true));
    if is_text {
        events.push(Event::Text(sign.to_string()));
    }
    events.extend(pressed(false));
    if modifiers.any() {
        events.push(Event::ModifiersChanged(Modifiers::NONE));
    }
}

/// The panel of scripts with its commands, where no time goes by: edits join whenever they can.
struct TypingWindow {
    session: Session,
    panel: EditorPanel,
    out: Outbox,
}

impl TypingWindow {
    fn rule() -> RuleId {
        RuleId::new("under_age").unwrap()
    }

    fn frame(&mut self, ui: &mut Ui) {
        keys::take(ui.ctx(), &mut self.out);
        self.panel.show(ui, &self.session, &mut self.out);
        for ask in self.out.take_asks() {
            let WindowAction::Run(command) = ask else { continue };
            if command.is_of_window() {
                self.panel.run(command);
            } else {
                self.session.apply(Action::Do(command));
            }
            ui.ctx().request_repaint();
        }
        for action in self.out.take_actions() {
            self.session.apply(action);
            ui.ctx().request_repaint();
        }
    }

    /// Puts a text and its caret in place, as a step of its own.
    fn open(&mut self, marked: &str) {
        let script = ScriptRef::Rule(Self::rule());
        let caret = u32::try_from(marked.find('|').unwrap()).unwrap();
        self.panel = EditorPanel::default();
        self.session.apply(Action::Script(ScriptAction::Commit(script.clone(), marked.replacen('|', "", 1))));
        self.session.apply(Action::Select(SelectAction::Jump(script, caret, caret)));
    }

    fn text(&self) -> String {
        self.session.document().rule_set().find_rule(Self::rule().as_str()).unwrap().2.script.text.to_string()
    }
}

fn desk() -> Harness<'static, TypingWindow> {
    let files = MemoryFiles::new();
    put_shipped(&files);
    let mut session = Session::new(Arc::new(files), SessionOptions { workers: Workers::Inline, ..SessionOptions::default() });
    session.apply(Action::File(FileAction::OpenWorkspace("rules".into())));
    session.tick(std::time::Duration::ZERO);
    let builder = Harness::builder().with_size(Vec2::new(900.0, 400.0)).with_max_steps(400);
    let desk = TypingWindow { session, panel: EditorPanel::default(), out: Outbox::default() };
    builder.with_context_setup(crate::gui::install).build_ui_state(|ui, desk: &mut TypingWindow| desk.frame(ui), desk)
}

/// Hands over each part of the input within one frame.
fn hand_over<State>(window: &mut Harness<'_, State>, frames: &[&[Event]]) {
    for events in frames {
        window.input_mut().events.extend(events.iter().cloned());
        window.run();
    }
}

#[test]
fn a_script_is_typed_alike_in_one_frame_in_two_and_key_by_key() {
    let mut desk = desk();
    let mut wrong = Vec::new();
    for (before, keys, after) in TYPED {
        let all = events(keys);
        let one_by_one: Vec<&[Event]> = all.chunks(1).collect();
        let halves = (0..all.len()).map(|at| vec![&all[..at], &all[at..]]);
        for frames in halves.chain([one_by_one]) {
            desk.state_mut().open(before);
            desk.run();
            hand_over(&mut desk, &frames);
            let typed = desk.state().text();
            if typed != *after {
                let lengths: Vec<usize> = frames.iter().map(|frame| frame.len()).collect();
                wrong.push(format!("{keys:?} in frames of {lengths:?}: {typed:?} instead of {after:?}"));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is typed into the whole window at once, and what it led to, as [`outcome`] tells it.
const WINDOW: &[(&str, &str)] = &[
    ("⌘kunder_age⏎", "rule under_age"),
    ("⌘kunder_age«ni»⏎‹›⏎", "rule under_age"),
    ("⌘g2⏎// here⏎", "line 2: // here"),
    ("⌘fwidth⎋", "rule unlink_right"),
    ("⌘esun.li@bank.example⎋", "maker sun.li@bank.example"),
    ("⌘e«li»⏎‹李›⎋", "maker 李"),
];

fn outcome(window: &Window, asked: &str) -> String {
    let session = &window.session;
    let rule = session.view().selection.rule.clone().map(|rule| rule.to_string()).unwrap_or_default();
    match asked.split(' ').next().unwrap() {
        "maker" => format!("maker {}", session.preferences().maker),
        "line" => {
            let text = session.document().rule_set().find_rule(&rule).unwrap().2.script.text.to_string();
            format!("line 2: {}", text.lines().nth(1).unwrap())
        }
        _ => format!("rule {rule}"),
    }
}

#[test]
fn keys_of_commands_and_dialogs_keep_their_place_among_what_is_typed() {
    let mut wrong = Vec::new();
    for (keys, led_to) in WINDOW {
        let all = events(keys);
        for frames in [vec![&all[..]], all.chunks(1).collect(), all.chunks(3).collect()] {
            let mut window = window(false);
            hand_over_to_window(&mut window, &frames);
            let came = outcome(window.state(), led_to);
            if came != *led_to {
                wrong.push(format!("{keys:?} in {} frames: {came:?} instead of {led_to:?}", frames.len()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// As [`hand_over`], where a caret that blinks asks for frames for ever.
fn hand_over_to_window(window: &mut Harness<'_, Window>, frames: &[&[Event]]) {
    for events in frames {
        window.input_mut().events.extend(events.iter().cloned());
        window.run_steps(1);
    }
    window.run_steps(events_left(frames));
}

/// Enough frames for all that may have been held.
fn events_left(frames: &[&[Event]]) -> usize {
    2 * frames.iter().map(|events| events.len()).sum::<usize>() + 4
}
