//! The command palette: commands, rules, parameters, fields and findings by a few letters of their name, in either language.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::problems;
use crate::view::RequestColumn;
use crate::{Action, Command, ScriptRef, SelectAction, Session, TableAction};
use countersign_core::model::FieldName;
use countersign_core::text::{Language, LocalText};

/// What a line of the palette is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaletteKind {
    Command,
    Rule,
    Parameter,
    Field,
    Finding,
    /// A line of a script that holds what is looked for.
    ScriptLine,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PaletteEntry {
    pub sort: PaletteKind,
    /// Its name in the language of the screen.
    pub text: String,
    /// Which of the name's characters the query hit, from 0.
    pub hit: Vec<u32>,
    pub detail: String,
    /// Why it cannot be done now.
    pub why_disabled: Option<LocalText>,
    /// What is done when it is chosen. Commands of the window are its own to do.
    pub action: Action,
}

/// What fits a query best; all commands for an empty one.
pub fn search(session: &Session, query: &str, most: usize) -> Vec<PaletteEntry> {
    let language = session.preferences().language;
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(query, CaseMatching::Ignore, Normalization::Smart);
    let mut found: Vec<(u32, PaletteEntry)> = Vec::new();
    let mut buffer = Vec::new();
    for (names, line) in lines(session, language, query.trim().is_empty()) {
        let scores = names.iter().map(|name| pattern.score(Utf32Str::new(name, &mut buffer), &mut matcher)).collect::<Vec<_>>();
        let Some(score) = scores.into_iter().flatten().max() else { continue };
        let mut hit = Vec::new();
        pattern.indices(Utf32Str::new(&line.text, &mut buffer), &mut matcher, &mut hit);
        hit.sort_unstable();
        hit.dedup();
        found.push((score, PaletteEntry { hit, ..line }));
    }
    found.sort_by(|(a, one), (b, other)| b.cmp(a).then(one.sort.cmp(&other.sort)));
    let named = found.into_iter().map(|(_, line)| line);
    let written = script_lines(session, query.trim());
    named.take(most.saturating_sub(written.len().min(most / 2))).chain(written).take(most).collect()
}

/// How many letters a text has that is looked for in scripts.
const LEAST_WRITTEN: usize = 3;

/// The lines of scripts that hold a text, ignoring case.
fn script_lines(session: &Session, wanted: &str) -> Vec<PaletteEntry> {
    let wanted = wanted.to_lowercase();
    if wanted.chars().count() < LEAST_WRITTEN {
        return Vec::new();
    }
    let rules = session.document().rule_set();
    let scripts = rules.rules().map(|(.., rule)| (ScriptRef::Rule(rule.id.clone()), &rule.script));
    let scripts = scripts.chain(rules.shared.iter().map(|script| (ScriptRef::Shared, script)));
    let mut found = Vec::new();
    for (script, held) in scripts {
        let mut start = 0;
        for (number, line) in held.text.split('\n').enumerate() {
            if line.to_lowercase().contains(&wanted) {
                let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                let jump = SelectAction::Jump(script.clone(), byte(start), byte(start + line.len()));
                found.push(PaletteEntry {
                    sort: PaletteKind::ScriptLine,
                    text: line.trim().to_owned(),
                    hit: Vec::new(),
                    detail: format!("{}:{}", held.file, number + 1),
                    why_disabled: None,
                    action: Action::Select(jump),
                });
            }
            start += line.len() + 1;
        }
    }
    found
}

/// Everything that can be chosen, each with the names it is found by.
fn lines(session: &Session, language: Language, only_commands: bool) -> Vec<(Vec<String>, PaletteEntry)> {
    let mut all: Vec<(Vec<String>, PaletteEntry)> =
        Command::ALL.iter().map(|command| of_command(session, *command, language)).collect();
    if only_commands {
        return all;
    }
    let rules = session.document().rule_set();
    all.extend(rules.rules().map(|(.., rule)| {
        let action = Action::Select(SelectAction::Rule(rule.id.clone()));
        line(PaletteKind::Rule, &rule.title, rule.id.as_str(), action, language)
    }));
    all.extend(rules.parameters.iter().map(|(id, held)| {
        let users = session.check().value.and_then(|checked| super::inspector::first_reader(checked, id));
        let action = users.map_or(Action::Sweep(id.clone()), |rule| Action::Select(SelectAction::Script(ScriptRef::Rule(rule))));
        line(PaletteKind::Parameter, &held.text, id.as_str(), action, language)
    }));
    for (_, name, field) in session.document().definition().schema.fields() {
        let Ok(column) = FieldName::new(&name) else { continue };
        all.push(line(
            PaletteKind::Field,
            &field.text,
            &name,
            Action::Table(TableAction::Sort(RequestColumn::Field(column))),
            language,
        ));
    }
    all.extend(problems::problems(session).into_iter().map(|problem| {
        let place = problem.place.as_ref().map_or_else(String::new, |(file, place)| format!("{file}:{}", place.line));
        line(PaletteKind::Finding, &problem.message, &place, problem.jump.clone(), language)
    }));
    all
}

fn of_command(session: &Session, command: Command, language: Language) -> (Vec<String>, PaletteEntry) {
    let why_disabled = session.why_disabled(command);
    let (mut names, held) = line(PaletteKind::Command, &command.title(), command.keys(), Action::Do(command), language);
    names.push(command.id().replace('-', " "));
    (names, PaletteEntry { why_disabled, ..held })
}

fn line(sort: PaletteKind, text: &LocalText, detail: &str, action: Action, language: Language) -> (Vec<String>, PaletteEntry) {
    let shown = text.get(language);
    let shown = if shown.is_empty() { detail } else { shown };
    let mut names = vec![text.en.clone(), text.zh.clone()];
    if sort != PaletteKind::Command {
        names.push(detail.to_owned());
    }
    names.retain(|name| !name.is_empty());
    (names, PaletteEntry { sort, text: shown.to_owned(), hit: Vec::new(), detail: detail.to_owned(), why_disabled: None, action })
}
