//! The keys of commands, taken at the start of a frame; those of a text field stay with it.

use std::sync::LazyLock;

use eframe::egui::{Context, KeyboardShortcut, Modifiers};

use crate::gui::keyboard::parse;
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::widgets::editor;
use countersign_session::Command;

/// Every command with its keys, those with more modifiers first: `Ctrl+Shift+Z` is no `Ctrl+Z`.
static SHORTCUTS: LazyLock<Vec<(KeyboardShortcut, Command)>> = LazyLock::new(|| {
    let mut all: Vec<_> =
        Command::ALL.iter().flat_map(|command| command.key_list().filter_map(|keys| Some((parse(keys)?, *command)))).collect();
    let count = |modifiers: Modifiers| usize::from(modifiers.shift) + usize::from(modifiers.alt) + usize::from(modifiers.command);
    all.sort_by_key(|(keys, _)| std::cmp::Reverse(count(keys.modifiers)));
    all
});

/// Whether a text field that is being typed in has its own meaning for the keys of a command.
fn belongs_to_field(command: Command) -> bool {
    use Command as C;
    matches!(
        command,
        C::Find | C::Replace | C::GoToLine | C::GoToDefinition | C::ToggleComment | C::DuplicateRule | C::MoveUp | C::MoveDown
    )
}

pub fn take(ctx: &Context, out: &mut Outbox) {
    let typing = ctx.text_edit_focused();
    if typing && ctx.input(|input| input.events.iter().any(editor::is_own_key)) {
        return;
    }
    for (keys, command) in SHORTCUTS.iter() {
        if typing && belongs_to_field(*command) {
            continue;
        }
        if ctx.input_mut(|input| input.consume_shortcut(keys)) {
            out.ask(WindowAction::Run(*command));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys that text fields, the editor and the toolkit's own scaling have a meaning for.
    const TAKEN: [&str; 12] = [
        "Ctrl+A",
        "Ctrl+C",
        "Ctrl+V",
        "Ctrl+X",
        "Ctrl+Space",
        "Ctrl+Plus",
        "Ctrl+Minus",
        "Ctrl+0",
        "Ctrl+Home",
        "Ctrl+End",
        "Ctrl+Left",
        "Ctrl+Right",
    ];

    #[test]
    fn no_command_takes_keys_that_mean_something_else() {
        let keys = |keys: &str| parse(keys).unwrap_or_else(|| panic!("{keys}"));
        let taken = TAKEN.map(keys);
        for (keys, command) in SHORTCUTS.iter() {
            assert!(!taken.contains(keys), "{command:?}");
            let plain = keys.modifiers.is_none() || keys.modifiers == Modifiers::SHIFT;
            assert!(!plain || keys.logical_key.name().starts_with('F'), "{command:?} would be typed");
        }
    }

    #[test]
    fn the_keys_of_every_command_are_understood() {
        for command in Command::ALL {
            assert!(command.key_list().all(|keys| parse(keys).is_some()), "{command:?}: {}", command.keys());
        }
    }
}
