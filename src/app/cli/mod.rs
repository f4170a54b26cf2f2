//! The command line: one file a verb. Verbs write through [`screen::Screen`], end with an [`exit::Exit`], and fail with findings.

mod approve;
pub mod args;
mod check;
mod columns;
mod coverage;
mod decide;
mod dry_run;
pub mod exit;
mod explain;
mod explain_plain;
mod explain_rule;
mod explain_table;
mod explain_text;
mod found_mapping;
mod help;
mod here;
mod journal;
pub(crate) mod kinds;
mod output;
mod prove;
mod prove_text;
mod publish;
mod recomputing;
mod release;
mod release_text;
pub mod render;
mod replay;
mod replay_case;
mod replay_chain;
mod replay_line;
mod request_file;
mod revoke;
mod sample;
pub mod screen;
mod summary;
mod target;
mod test;
mod translate;
pub mod window;

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{CommandFactory, FromArgMatches};

use crate::cli::kinds::WRONG_TIME;
use args::{Cli, Lang, Step, Verb};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{Moment, Timestamp, Zone};
use countersign_core::release::Release;
use countersign_core::text::{Language, LocalText};
use countersign_workspace::{DiskFiles, Files, lifecycle};
use exit::{Exit, Failure};
use render::human;
use screen::Screen;

/// What the words on the command line ask for.
#[derive(Debug)]
pub enum Asked {
    /// The window, on a workspace, in a language where one was asked for.
    Workbench(window::WindowArgs, Option<Language>),
    Verb(Box<Verb>, Screen),
}

/// The words as they are understood; help is in the language that is asked for, which must be known before.
fn read_words() -> Cli {
    let words: Vec<_> = std::env::args_os().collect();
    let asked = words.iter().zip(words.iter().skip(1).map(Some).chain([None])).find_map(|(word, next)| match word.to_str()? {
        "--lang" => next?.to_str().map(|tag| tag == "zh"),
        word => word.strip_prefix("--lang=").map(|tag| tag == "zh"),
    });
    let is_chinese = asked.unwrap_or_else(|| Language::of_environment() == Language::Zh);
    let command = if is_chinese { help::in_chinese(Cli::command()) } else { Cli::command() };
    Cli::from_arg_matches(&command.get_matches_from(words)).unwrap_or_else(|error| error.exit())
}

/// Reads the command line; wrong words end the process with exit code 2 and what would have been right.
pub fn parse() -> Asked {
    let cli = read_words();
    let asked = cli.lang.map(|lang| match lang {
        Lang::En => Language::En,
        Lang::Zh => Language::Zh,
    });
    let language = asked.unwrap_or_else(Language::of_environment);
    match cli.verb {
        Some(_) if cli.window.workspace.is_some() => {
            let said = "a verb names what it works on after it: `countersign check rules`";
            Cli::command().error(clap::error::ErrorKind::ArgumentConflict, said).exit()
        }
        Some(verb) => {
            let cells = verb.cells();
            Asked::Verb(Box::new(verb), Screen::new(language).writing(cells))
        }
        None => Asked::Workbench(cli.window, asked),
    }
}

pub fn run(verb: &Verb, screen: &Screen) -> ExitCode {
    screen.stop_on_signals();
    let exit = dispatch(verb, &DiskFiles, screen).unwrap_or_else(|failure| {
        let text = human::render(&failure.findings, &failure.sources, screen.language, true);
        screen.note(&LocalText::same(text.trim_end()));
        failure.exit
    });
    exit.into()
}

fn dispatch(verb: &Verb, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    match verb {
        Verb::Check(args) => check::run(args, files, screen),
        Verb::Test(args) => test::run(args, files, screen),
        Verb::Prove(args) => prove::run(args, files, screen),
        Verb::DryRun(args) => dry_run::run(args, files, screen),
        Verb::Decide(args) => decide::run(args, files, screen),
        Verb::Translate(args) => translate::run(args, files, screen),
        Verb::Compare(args) => dry_run::run_compare(args, files, screen),
        Verb::Explain(args) => explain::run(args, files, screen),
        Verb::Release(args) => release::run(args, files, screen),
        Verb::Replay(args) => replay::run(args, files, screen),
        Verb::Journal(args) => journal::run(args, files, screen),
        Verb::Sample(args) => sample::run(args, files, screen),
    }
}

/// The present in whole seconds; only the command line asks the clock.
fn present() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let micros = i64::try_from(since).unwrap_or(0).saturating_mul(1_000_000);
    Timestamp::from_micros(micros).unwrap_or(Timestamp::MIN)
}

/// The present in a zone, as files show times.
fn now(zone: Zone) -> String {
    zone.format(present())
}

/// The release that a step is taken with, and when.
fn begin(step: &Step, files: &dyn Files) -> Result<(Release, Moment), Failure> {
    let release = lifecycle::read_release(files, &step.release)?;
    let at = moment(step.at.as_deref(), release.definition().schema.zone)?;
    Ok((release, at))
}

/// A time from the command line, or the present in a zone.
fn moment(text: Option<&str>, zone: Zone) -> Result<Moment, Failure> {
    let text = text.map_or_else(|| now(zone), str::to_owned);
    Moment::try_from(text).map_err(|error| Finding::new(WRONG_TIME, None, LocalText::same(error)).into())
}
