//! `countersign check`: every finding of workspaces and releases.

use std::path::Path;

use super::args::{Check, FindingFormat};
use super::exit::{Exit, Failure};
use super::here;
use super::screen::Screen;
use super::target::Target;
use crate::cli::render::{github, human, json, junit, sarif};
use countersign_core::diagnostic::{Finding, RuleCost, Severity, TargetFindings};
use countersign_core::engine::cases::cost_of_cases;
use countersign_core::text::{Language, Sources};
use countersign_workspace::Files;

/// What was found in one target, and how looking at it ended.
struct Looked {
    target: String,
    findings: Vec<Finding>,
    sources: Sources,
    exit: Exit,
    cost: Option<RuleCost>,
}

/// Runs the verb.
///
/// # Errors
/// The only target cannot be read.
pub fn run(args: &Check, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let mut all = Vec::new();
    for target in &args.targets {
        match look(target, args.format, files) {
            Ok(looked) => all.push(looked),
            // People read why on standard error. A build server, and whoever asked for several, gets it with the rest.
            Err(failure) if args.targets.len() == 1 && args.format == FindingFormat::Human => return Err(failure),
            Err(Failure { findings, sources, exit }) => {
                all.push(Looked { target: target.display().to_string(), findings, sources, exit, cost: None });
            }
        }
    }
    let found: Vec<TargetFindings<'_>> = all
        .iter()
        .map(|looked| TargetFindings {
            target: &looked.target,
            findings: &looked.findings,
            sources: &looked.sources,
            cost: looked.cost.as_ref(),
        })
        .collect();
    let exit = show(&found, (args.format, Severity::from(args.fail_level)), files, screen)?;
    Ok(all.iter().map(|looked| looked.exit).fold(exit, Exit::max))
}

fn look(path: &Path, format: FindingFormat, files: &dyn Files) -> Result<Looked, Failure> {
    let is_folder = files.list(path).is_ok();
    let target = if is_folder { Target::look(files, path) } else { Target::open(files, path) };
    let renamed = |sources: &Sources| if is_folder { here::under(files, path, sources) } else { here::of_file(files, sources) };
    let (target, name) = (target, path.display().to_string());
    match target {
        Ok(target) => {
            let exit = if target.unread.is_empty() { Exit::Clean } else { Exit::CouldNotRun };
            let sources = renamed(&target.definition.sources);
            let findings = in_files(target.findings(), &target.definition, target.release.is_some(), format);
            let cost = target.cases.as_ref();
            let cost = cost.and_then(|cases| cost_of_cases(&target.definition, &target.compiled.program, cases));
            Ok(Looked { target: name, findings, sources, exit, cost })
        }
        // What keeps a workspace from being read is shown in the format asked for, so that a build server sees it too.
        Err(Failure { findings, sources, exit }) if findings.iter().any(|finding| finding.span.is_some()) => {
            Ok(Looked { target: name, findings, sources: renamed(&sources), exit, cost: None })
        }
        Err(failure) => Err(failure),
    }
}

/// Findings where programs can find their places; people are shown the scripts themselves.
pub fn in_files(
    findings: Vec<Finding>,
    definition: &countersign_core::model::Definition,
    is_release: bool,
    format: FindingFormat,
) -> Vec<Finding> {
    let moved = |finding| if format == FindingFormat::Human { finding } else { here::in_files(definition, is_release, finding) };
    findings.into_iter().map(moved).collect()
}

/// Writes findings in a format and says how the run ended; their sources are named from the current folder.
///
/// # Errors
/// Standard output cannot be written.
pub fn show(
    found: &[TargetFindings<'_>],
    (format, level): (FindingFormat, Severity),
    files: &dyn Files,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let language = screen.language;
    let text = match format {
        FindingFormat::Human => for_people(found, language),
        FindingFormat::Json => json::render(found),
        FindingFormat::Sarif => sarif::render(found, language, &crate::finding_kinds(), &here::folder(files)),
        FindingFormat::Junit => junit::render(found, language, level)?,
        FindingFormat::Github => github::render(found, language),
    };
    screen.print(&text)?;
    let is_found = found.iter().flat_map(|of| of.findings).any(|finding| finding.severity >= level);
    Ok(if is_found { Exit::Found } else { Exit::Clean })
}

/// Each target's findings, under its name where there are several.
fn for_people(found: &[TargetFindings<'_>], language: Language) -> String {
    let render = |of: &TargetFindings<'_>| {
        let cost = of.cost.map(|cost| format!("{}\n", cost.of_cases().get(language))).unwrap_or_default();
        human::render(of.findings, of.sources, language, true) + cost.as_str()
    };
    match found {
        [one] => render(one),
        _ => found.iter().map(|of| format!("{}\n{}", of.target, render(of))).collect::<Vec<_>>().join("\n"),
    }
}
