//! The help in Chinese. Its English stands at the arguments themselves, in `args/`; here every text of the command is exchanged.

mod texts;

use clap::builder::{PossibleValue, StyledStr};
use clap::{Arg, Command};

use texts::TEXTS;

const TEMPLATE: &str = "{before-help}{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// The command with every text in Chinese.
pub fn in_chinese(mut command: Command) -> Command {
    // Only then it has the toolkit's own words too: those of `--help`, `--version` and `help`.
    command.build();
    translated(command)
}

fn translated(command: Command) -> Command {
    let mut command = command.help_template(TEMPLATE).subcommand_help_heading("命令").mut_args(argument);
    if let Some(about) = command.get_about().and_then(chinese) {
        command = command.about(about);
    }
    if let Some(after) = command.get_after_help().and_then(chinese) {
        command = command.after_help(after);
    }
    command.mut_subcommands(translated)
}

fn argument(argument: Arg) -> Arg {
    let takes_value = argument.get_action().takes_values();
    let english = argument.get_long_help().or(argument.get_help());
    let mut help = english.and_then(chinese).unwrap_or_default().to_owned();
    let values: Vec<String> = possible_values(&argument).iter().map(value).collect();
    if !values.is_empty() {
        help = format!("{help} [可选：{}]", values.join("、"));
    }
    let default = argument.get_default_values().first().filter(|default| takes_value && !default.is_empty());
    if let Some(default) = default {
        help = format!("{help} [默认：{}]", default.display());
    }
    let heading = if argument.is_positional() { "参数" } else { "选项" };
    let argument = argument.hide_possible_values(takes_value).hide_default_value(takes_value).help_heading(heading);
    argument.long_help(help.clone()).help(help)
}

/// The values that may be given; none of a flag, whose values nobody writes.
fn possible_values(argument: &Arg) -> Vec<PossibleValue> {
    if argument.get_action().takes_values() { argument.get_possible_values() } else { Vec::new() }
}

/// A value that may be given, with what it means.
fn value(value: &PossibleValue) -> String {
    let meaning = value.get_help().and_then(chinese);
    meaning.map_or_else(|| value.get_name().to_owned(), |meaning| format!("{}（{meaning}）", value.get_name()))
}

fn chinese(english: &StyledStr) -> Option<&'static str> {
    let english = english.to_string();
    TEXTS.iter().find(|(en, _)| *en == english).map(|(_, zh)| *zh)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Cli;

    /// Every text of a command and those below it.
    fn english(command: &Command, all: &mut BTreeSet<String>) {
        let mut note = |text: Option<&StyledStr>| all.extend(text.map(ToString::to_string).filter(|text| !text.is_empty()));
        note(command.get_about());
        note(command.get_after_help());
        for argument in command.get_arguments() {
            note(argument.get_long_help().or(argument.get_help()));
            for value in possible_values(argument) {
                note(value.get_help());
            }
        }
        command.get_subcommands().for_each(|below| english(below, all));
    }

    #[test]
    fn every_text_of_the_help_exists_in_chinese_and_none_is_left_over() {
        let mut all = BTreeSet::new();
        let mut command = Cli::command();
        command.build();
        english(&command, &mut all);
        let known: BTreeSet<String> = TEXTS.iter().map(|(en, _)| (*en).to_owned()).collect();
        let apart: Vec<&String> = all.symmetric_difference(&known).collect();
        assert!(apart.is_empty(), "{apart:?}");
    }
}
