//! Input in the order in which it was made.
//!
//! The toolkit hands over all input since the last frame at once, and whoever asks first takes its keys first: a command, a dialog, the
//! list of completions, the change of focus by Tab. Text that was typed before or after such a key would go to the wrong place. So a frame
//! is given only what no one can take out of order: a run of text, or one key; the rest is held for the next frames.
//!
//! Keys that are pressed while an input method composes a character belong to the input method: nobody else is given them.

use std::collections::VecDeque;
use std::mem;

use eframe::egui::{Context, Event, ImeEvent, Key, KeyboardShortcut, Modifiers, Plugin, RawInput, Ui};

/// What opens or ends a group in a script: typed, it is more than text.
const PAIRS: [&str; 8] = ["(", ")", "[", "]", "{", "}", "\"", "`"];

/// Reads keys such as `Ctrl+Shift+Z`.
pub fn parse(keys: &str) -> Option<KeyboardShortcut> {
    let mut modifiers = Modifiers::NONE;
    let mut parts = keys.split('+').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return Key::from_name(part).map(|key| KeyboardShortcut::new(modifiers, key));
        }
        modifiers |= match part {
            "Ctrl" => Modifiers::COMMAND,
            "Shift" => Modifiers::SHIFT,
            "Alt" => Modifiers::ALT,
            _ => return None,
        };
    }
    None
}

/// Whether an event is the press of just these keys.
pub fn is_press(event: &Event, keys: KeyboardShortcut) -> bool {
    matches!(event, Event::Key { key, pressed: true, modifiers, .. }
        if *key == keys.logical_key && modifiers.matches_exact(keys.modifiers))
}

/// Sees to it that widgets are given input in order.
pub fn install(ctx: &Context) {
    ctx.add_plugin(InOrder::default());
}

/// Whether an input method is composing a character that is not part of any text yet.
pub fn is_composing(ctx: &Context) -> bool {
    ctx.with_plugin(|order: &mut InOrder| order.composing).unwrap_or(false)
}

/// How an event goes together with others in one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyEventKind {
    /// With anything: nobody acts on it, or it acts by itself.
    Any,
    /// With others of its kind: modifiers change what they are read beside.
    Modifiers,
    Text,
    /// With others of its kind; the keyboard may belong to another widget afterwards.
    Pointer,
    Single,
    /// Alone, and the keyboard may belong to another widget afterwards.
    Command,
}

impl KeyEventKind {
    fn of(event: &Event, is_typing: bool) -> Self {
        let text = if is_typing { Self::Text } else { Self::Single };
        match event {
            Event::Text(typed) if PAIRS.contains(&typed.as_str()) => Self::Single,
            Event::Text(_) => text,
            Event::Key { key, pressed: true, modifiers, .. } => match key {
                _ if modifiers.command || modifiers.ctrl || modifiers.alt || modifiers.mac_cmd => Self::Command,
                Key::Enter | Key::Tab | Key::Escape => Self::Command,
                key if is_printable(*key) => text,
                key if is_in_text(*key) => Self::Single,
                _ => Self::Command,
            },
            Event::Copy | Event::Cut | Event::Paste(_) | Event::PasteImage(_) | Event::Ime(_) => Self::Single,
            Event::PointerButton { .. } | Event::Touch { .. } | Event::AccessKitActionRequest(_) => Self::Pointer,
            Event::ModifiersChanged(_) => Self::Modifiers,
            _ => Self::Any,
        }
    }

    /// Whether the event goes to the widget that has the keyboard.
    fn is_keyboard(self) -> bool {
        matches!(self, Self::Text | Self::Single | Self::Command)
    }

    /// Whether it can be in a frame with what is there already.
    fn goes_with(self, there: Option<Self>) -> bool {
        match (self, there) {
            (Self::Any, _) | (_, None) | (Self::Text, Some(Self::Text)) | (Self::Pointer, Some(Self::Pointer)) => true,
            (Self::Modifiers, Some(there)) => there == Self::Text,
            _ => false,
        }
    }
}

/// Whether a key alone or with Shift makes a character.
fn is_printable(key: Key) -> bool {
    key == Key::Space || (Key::Colon..=Key::Z).contains(&key)
}

/// Whether a key moves or deletes within a text.
fn is_in_text(key: Key) -> bool {
    matches!(
        key,
        Key::ArrowUp
            | Key::ArrowDown
            | Key::ArrowLeft
            | Key::ArrowRight
            | Key::Home
            | Key::End
            | Key::PageUp
            | Key::PageDown
            | Key::Backspace
            | Key::Delete
    )
}

/// What has not been handed over yet.
#[derive(Default)]
struct InOrder {
    held: VecDeque<Event>,
    /// Text that came while a character was composed: it follows that character.
    after: Vec<Event>,
    composing: bool,
    /// Whether the last frame may have given the keyboard to a widget that takes it from the next frame on.
    settling: bool,
}

impl InOrder {
    fn next(&mut self, is_typing: bool) -> Vec<Event> {
        let (mut given, mut there) = (Vec::new(), None);
        if self.composing && !is_typing {
            // The field went away, or another widget took the keyboard.
            self.end_composition();
        }
        let is_settling = mem::take(&mut self.settling);
        while let Some(kind) = self.held.front().map(|event| KeyEventKind::of(event, is_typing)) {
            let waits = is_settling && kind.is_keyboard();
            if waits || !kind.goes_with(there) {
                break;
            }
            let Some(event) = self.held.pop_front() else { break };
            if self.composing && self.belongs_to_composition(&event) {
                continue;
            }
            if !matches!(kind, KeyEventKind::Any | KeyEventKind::Modifiers) {
                there = Some(kind);
            }
            self.follow_composition(&event);
            given.push(event);
        }
        self.settling = matches!(there, Some(KeyEventKind::Pointer | KeyEventKind::Command));
        given
    }

    /// Whether an event is kept from everybody while a character is composed; text is kept for later.
    fn belongs_to_composition(&mut self, event: &Event) -> bool {
        match event {
            Event::Text(_) => {
                self.after.push(event.clone());
                true
            }
            Event::Key { pressed, .. } => *pressed,
            Event::Copy | Event::Cut | Event::Paste(_) | Event::PasteImage(_) => true,
            _ => false,
        }
    }

    fn follow_composition(&mut self, event: &Event) {
        match event {
            Event::Ime(ImeEvent::Preedit { text, .. }) if !text.is_empty() => self.composing = true,
            #[expect(deprecated, reason = "some platforms still send that the input method was switched off")]
            Event::Ime(ImeEvent::Preedit { .. } | ImeEvent::Commit(_) | ImeEvent::Disabled)
            | Event::WindowFocused(false)
            | Event::PointerButton { pressed: true, .. } => self.end_composition(),
            _ => {}
        }
    }

    fn end_composition(&mut self) {
        self.composing = false;
        for event in self.after.drain(..).rev() {
            self.held.push_front(event);
        }
    }
}

impl Plugin for InOrder {
    fn debug_name(&self) -> &'static str {
        "input in order"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        self.held.extend(mem::take(&mut input.events));
        input.events = self.next(ctx.text_edit_focused());
    }

    fn on_begin_pass(&mut self, ui: &mut Ui) {
        if !self.held.is_empty() {
            ui.ctx().request_repaint();
        }
    }
}
