//! The keys of commands, taken at the start of a frame; those of a text field stay with it.

use std::sync::LazyLock;

use eframe::egui::{Context, Key, KeyboardShortcut, Modifiers};

use crate::gui::outbox::{Ask, Outbox};
use crate::session::Command;

/// Every command with its keys, those with more modifiers first: `Ctrl+Shift+Z` is no `Ctrl+Z`.
static SHORTCUTS: LazyLock<Vec<(KeyboardShortcut, Command)>> = LazyLock::new(|| {
    let mut all: Vec<_> = Command::ALL.iter().filter_map(|command| Some((parse(command.keys())?, *command))).collect();
    let count = |modifiers: Modifiers| usize::from(modifiers.shift) + usize::from(modifiers.alt) + usize::from(modifiers.command);
    all.sort_by_key(|(keys, _)| std::cmp::Reverse(count(keys.modifiers)));
    all
});

/// Reads keys such as `Ctrl+Shift+Z`.
fn parse(keys: &str) -> Option<KeyboardShortcut> {
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

/// Whether a text field that is being typed in has its own meaning for the keys of a command.
fn belongs_to_field(command: Command) -> bool {
    use Command as C;
    matches!(
        command,
        C::Find | C::Replace | C::GoToLine | C::GoToDefinition | C::ToggleComment | C::DuplicateRule | C::MoveUp | C::MoveDown
    )
}

/// Takes the keys of commands.
pub fn take(ctx: &Context, out: &mut Outbox) {
    let typing = ctx.text_edit_focused();
    for (keys, command) in SHORTCUTS.iter() {
        if typing && belongs_to_field(*command) {
            continue;
        }
        if ctx.input_mut(|input| input.consume_shortcut(keys)) {
            out.ask(Ask::Run(*command));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_every_command_are_understood() {
        for command in Command::ALL {
            assert!(command.keys().is_empty() || parse(command.keys()).is_some(), "{command:?}: {}", command.keys());
        }
    }
}
