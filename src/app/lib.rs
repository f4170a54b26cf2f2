//! The program's two shells: the command line and the window. Neither uses the other.

use std::path::PathBuf;
use std::process::ExitCode;

use countersign_core::text::Language;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "gui")]
pub mod gui;

/// Every kind of finding that the program can report, by id.
#[cfg(feature = "cli")]
pub fn finding_kinds() -> Vec<&'static countersign_core::diagnostic::FindingKind> {
    let mut all = [
        countersign_core::script::kinds::ALL,
        countersign_core::check::kinds::ALL,
        countersign_core::raw::kinds::ALL,
        countersign_core::release::refusal::ALL,
        countersign_requests::kinds::ALL,
        countersign_run::kinds::ALL,
        countersign_workspace::kinds::ALL,
        #[cfg(feature = "gui")]
        countersign_session::kinds::ALL,
        cli::kinds::ALL,
    ]
    .concat();
    all.sort_unstable_by_key(|kind| kind.id());
    all
}

/// Runs the program with the arguments of the process.
#[cfg(feature = "cli")]
pub fn main() -> ExitCode {
    use cli::Asked;
    hide_caught_panics();
    match cli::parse() {
        Asked::Verb(verb, screen) => cli::run(&verb, &screen),
        Asked::Workbench(window, language) => {
            workbench(window.workspace, window.requests, window.mapping, window.against, language)
        }
    }
}

/// Opens the window; the first argument is the workspace.
#[cfg(not(feature = "cli"))]
pub fn main() -> ExitCode {
    hide_caught_panics();
    workbench(std::env::args_os().nth(1).map(Into::into), None, None, None, None)
}

#[cfg(feature = "gui")]
fn workbench(
    workspace: Option<PathBuf>,
    requests: Option<PathBuf>,
    mapping: Option<String>,
    against: Option<PathBuf>,
    language: Option<Language>,
) -> ExitCode {
    gui::main(&gui::StartOptions { workspace, requests, mapping, against, settings: settings(), language })
}

/// The folder for settings, after the XDG base directories; none without a home.
#[cfg(feature = "gui")]
fn settings() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")));
    config.map(|config| config.join("countersign"))
}

#[cfg(not(feature = "gui"))]
fn workbench(_: Option<PathBuf>, _: Option<PathBuf>, _: Option<String>, _: Option<PathBuf>, _: Option<Language>) -> ExitCode {
    #[expect(clippy::print_stderr, reason = "a build without a window can only say so")]
    {
        eprintln!("error: this build has no window");
        eprintln!("help: use a verb: `countersign --help`");
    }
    ExitCode::from(2)
}

/// A damaged Parquet file may cause a panic in its crate: the reader makes it a finding, and the panic's message is not printed.
fn hide_caught_panics() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !countersign_requests::is_guarded() {
            print(panic);
        }
    }));
}
