//! `countersign check`: every finding of a workspace or a release.

use std::path::Path;

use super::args::{Check, Format};
use super::exit::{Exit, Failure};
use super::screen::Screen;
use super::target::Target;
use crate::diagnostic::{Finding, Severity, github, human, json, junit, sarif};
use crate::text::Sources;
use crate::workspace::Files;

/// Runs the verb.
///
/// # Errors
/// The target cannot be read.
pub fn run(args: &Check, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let level = Severity::from(args.fail_level);
    let path = Path::new(&args.target);
    let target = if files.list(path).is_ok() { Target::look(files, path) } else { Target::open(files, path) };
    match target {
        Ok(target) => {
            let exit = show(&target.findings(), &target.definition.sources, args.format, level, screen)?;
            Ok(if target.unread.is_empty() { exit } else { Exit::CouldNotRun })
        }
        // What keeps a workspace from being read is shown in the format asked for, so that a build server sees it too.
        Err(failure) if failure.findings.iter().any(|finding| finding.span.is_some()) => {
            show(&failure.findings, &failure.sources, args.format, level, screen)?;
            Ok(failure.exit)
        }
        Err(failure) => Err(failure),
    }
}

/// Writes findings in a format and says how the run ended.
///
/// # Errors
/// Standard output cannot be written.
pub fn show(findings: &[Finding], sources: &Sources, format: Format, level: Severity, screen: &Screen) -> Result<Exit, Failure> {
    let language = screen.language;
    let text = match format {
        Format::Human => human::render(findings, sources, language, true),
        Format::Json => json::render(findings, sources),
        Format::Sarif => sarif::render(findings, sources, language, &super::documentation()),
        Format::Junit => junit::render(findings, sources, language, level),
        Format::Github => github::render(findings, sources, language),
    };
    screen.print(&text)?;
    let found = findings.iter().any(|finding| finding.severity >= level);
    Ok(if found { Exit::Found } else { Exit::Clean })
}
