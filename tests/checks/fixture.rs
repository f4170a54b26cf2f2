//! The workspace of the examples in memory, with an example put into it, and everything found there.

use std::path::Path;

use countersign_core::check;
use countersign_core::diagnostic::{Documentation, Example, Finding, Part, human};
use countersign_core::script::Program;
use countersign_core::text::{Language, Sources};
use countersign_workspace::{DiskFiles, MemoryFiles, load, load_cases};

pub(crate) const FIXTURE: &str = "tests/fixtures/checks";

/// The fixture's files in memory, under `w/`, changed by `change(path, text)`.
pub(crate) fn workspace(change: &dyn Fn(&str, String) -> String) -> MemoryFiles {
    let files = MemoryFiles::new();
    files.take_over(&DiskFiles, Path::new(FIXTURE)).unwrap();
    let changed = MemoryFiles::new();
    for (path, bytes) in files.all() {
        let name = path.strip_prefix(FIXTURE).unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        changed.put(Path::new("w").join(name), change(&name.to_str().unwrap().replace('\\', "/"), text));
    }
    changed
}

/// Everything found in a workspace, by whatever finds it first: reading, compiling, checking.
pub(crate) fn findings(files: &MemoryFiles) -> (Sources, Vec<Finding>) {
    let mut definition = match load(files, "w") {
        Ok(definition) => definition,
        Err(failed) => return (failed.sources, failed.findings),
    };
    let cases = match load_cases(files, "w", &mut definition) {
        Ok(cases) => cases,
        Err(failed) => return (failed.sources, failed.findings),
    };
    let compiled = Program::compile(&definition);
    let findings = check::check_compiled(&definition, &compiled, Some(&cases));
    (definition.sources, findings)
}

/// The fixture with `text` put where an example of that kind belongs.
pub(crate) fn with_example(example: Example, text: &str) -> MemoryFiles {
    let after = |marker: &str, all: String| all.replace(&format!("// + {marker}\n"), &format!("{text}\n"));
    let line = |start: &str, all: String| {
        let lines = all.lines().map(|line| if line.trim_start().starts_with(start) { text } else { line });
        lines.collect::<Vec<_>>().join("\n")
    };
    workspace(&|file, all| match (example, file) {
        (Example::Script { .. }, "risk/example.rhai") => text.to_owned(),
        (Example::Entry { part, .. }, _) => match (part, file) {
            (Part::Parameter, "ruleset.ron") => after("parameters", all),
            (Part::Interface, "ruleset.ron") => after("interfaces", all),
            (Part::Reason, "ruleset.ron") => after("reasons", all),
            (Part::List, "ruleset.ron") => after("lists", all),
            (Part::Stage, "ruleset.ron") => after("stages", all),
            (Part::Rule, "ruleset.ron") => after("rules", all),
            (Part::Case, "cases/cases.ron") => after("cases", all),
            (Part::OnError, "ruleset.ron") => line("on_error:", all),
            (Part::Roles, "schema.ron") => line("roles:", all),
            (Part::IntList, "lists/bins.txt")
            | (Part::LimitScript, "limits/example.rhai")
            | (Part::RouteScript, "routing/example.rhai") => text.to_owned(),
            (Part::Shared, "shared.rhai") => format!("{all}\n{text}\n"),
            // A shared function is typed only where it is called.
            (Part::Shared, "risk/example.rhai") if text.contains("fn days_left(") => {
                "if days_left(velocity.cards_by_mobile) > 1 {\n    refer(\"TOO_MANY_CARDS\")\n}\n".to_owned()
            }
            _ => all,
        },
        _ => all,
    })
}

pub(crate) fn rendered(files: &MemoryFiles) -> String {
    let (sources, findings) = findings(files);
    human::render(&findings, &sources, Language::En, false)
}

pub(crate) fn with_examples() -> impl Iterator<Item = (&'static Documentation, Example)> {
    let all = check::documentation().into_iter().map(|documentation| (documentation, documentation.example));
    all.filter(|(_, example)| *example != Example::None)
}
