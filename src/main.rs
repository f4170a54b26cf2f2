//! No verb: the workbench opens; a verb: the command line.

use std::path::PathBuf;
use std::process::ExitCode;

use countersign::text::Language;

#[cfg(feature = "cli")]
fn main() -> ExitCode {
    use countersign::cli::{self, Asked};
    tell_only_of_real_panics();
    match cli::parse() {
        Asked::Verb(verb, screen) => cli::run(&verb, &screen),
        Asked::Workbench(window, language) => {
            workbench(window.workspace, window.requests, window.mapping, window.against, language)
        }
    }
}

#[cfg(not(feature = "cli"))]
fn main() -> ExitCode {
    #[cfg(feature = "desk")]
    tell_only_of_real_panics();
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
    countersign::gui::main(&countersign::gui::Start { workspace, requests, mapping, against, settings: settings(), language })
}

/// The folder for settings, after the XDG base directories; nowhere without a home.
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

/// A damaged Parquet file may find a panic in its crate: that becomes a finding, and must not be told twice.
#[cfg(feature = "desk")]
fn tell_only_of_real_panics() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !countersign::requests::is_guarded() {
            tell(panic);
        }
    }));
}
