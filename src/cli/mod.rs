//! The command line: one file a verb. Verbs write through [`screen::Screen`], end with an [`exit::Exit`], and fail with findings.

pub mod args;
pub mod exit;
pub mod screen;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::text::Language;
use args::{Cli, Lang, Verb};
use exit::Exit;
use screen::Screen;

/// What the words on the command line ask for.
#[derive(Debug)]
pub enum Asked {
    /// The window, on a workspace.
    Workbench(Option<PathBuf>),
    /// A verb.
    Verb(Box<Verb>, Screen),
}

/// Reads the command line; wrong words end the process with exit code 2 and what would have been right.
#[must_use]
pub fn parse() -> Asked {
    let cli = Cli::parse();
    let asked = cli.lang.map(|lang| match lang {
        Lang::En => Language::En,
        Lang::Zh => Language::Zh,
    });
    let language = screen::language(asked, |name| std::env::var(name).ok());
    match cli.verb {
        Some(verb) => Asked::Verb(Box::new(verb), Screen { language }),
        None => Asked::Workbench(cli.workspace),
    }
}

/// Runs a verb to its exit code.
#[must_use]
pub fn run(verb: &Verb, screen: &Screen) -> ExitCode {
    let _ = (verb, screen);
    Exit::Clean.into()
}
