//! The workspace of the examples in memory, with an example put into it, and everything found there.

use std::fs;
use std::path::Path;

use countersign_app::cli::render::human;
use countersign_core::check;
use countersign_core::diagnostic::Finding;
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

/// How an example's text gets into a file of the fixture.
enum Insertion {
    /// Instead of the file.
    Whole,
    /// Instead of the line `// + MARKER`.
    AtMarker(&'static str),
    /// Instead of the line that starts so.
    Line(&'static str),
    AtEnd,
}

/// A part of the workspace that an example's text belongs to.
pub(crate) struct ExamplePlace {
    /// As the heading of an example has it.
    pub(crate) en: &'static str,
    pub(crate) zh: &'static str,
    file: &'static str,
    insertion: Insertion,
}

const fn place(en: &'static str, zh: &'static str, file: &'static str, insertion: Insertion) -> ExamplePlace {
    ExamplePlace { en, zh, file, insertion }
}

pub(crate) const PLACES: &[ExamplePlace] = &[
    place("", "", "risk/example.rhai", Insertion::Whole),
    place("in a rule of a Limit stage", "Limit 阶段的规则中", "limits/example.rhai", Insertion::Whole),
    place("in a rule of a Route stage", "Route 阶段的规则中", "routing/example.rhai", Insertion::Whole),
    place("in `shared.rhai`", "`shared.rhai` 中", "shared.rhai", Insertion::AtEnd),
    place("in the file of a list of type Int", "Int 类型名单的文件中", "lists/bins.txt", Insertion::Whole),
    place("in `schema.ron`", "`schema.ron` 中", "schema.ron", Insertion::Line("roles:")),
    place("in `fields` of `schema.ron`", "`schema.ron` 的 `fields` 中", "schema.ron", Insertion::AtMarker("fields")),
    place("in `ruleset.ron`", "`ruleset.ron` 中", "ruleset.ron", Insertion::Line("on_error:")),
    place("in `parameters` of `ruleset.ron`", "`ruleset.ron` 的 `parameters` 中", "ruleset.ron", Insertion::AtMarker("parameters")),
    place("in `interfaces` of `ruleset.ron`", "`ruleset.ron` 的 `interfaces` 中", "ruleset.ron", Insertion::AtMarker("interfaces")),
    place("in `reasons` of `ruleset.ron`", "`ruleset.ron` 的 `reasons` 中", "ruleset.ron", Insertion::AtMarker("reasons")),
    place("in `lists` of `ruleset.ron`", "`ruleset.ron` 的 `lists` 中", "ruleset.ron", Insertion::AtMarker("lists")),
    place("in `stages` of `ruleset.ron`", "`ruleset.ron` 的 `stages` 中", "ruleset.ron", Insertion::AtMarker("stages")),
    place(
        "in `rules` of a Screen stage of `ruleset.ron`",
        "`ruleset.ron` 中 Screen 阶段的 `rules` 中",
        "ruleset.ron",
        Insertion::AtMarker("rules"),
    ),
    place("in `cases` of a file under `cases/`", "`cases/` 下某文件的 `cases` 中", "cases/cases.ron", Insertion::AtMarker("cases")),
];

/// The fixture with `text` at the English name of an [`ExamplePlace`]; empty for the script of a rule.
pub(crate) fn with_example(place: &str, text: &str) -> MemoryFiles {
    let place = PLACES.iter().find(|known| known.en == place).unwrap();
    workspace(&|file, all| {
        if file != place.file {
            // A shared function is typed only where it is called.
            return if file == "risk/example.rhai" && text.contains("fn days_left(") {
                "if days_left(velocity.cards_by_mobile) > 1 {\n    refer(\"TOO_MANY_CARDS\")\n}\n".to_owned()
            } else {
                all
            };
        }
        match place.insertion {
            Insertion::Whole => text.to_owned(),
            Insertion::AtMarker(marker) => all.replace(&format!("// + {marker}\n"), &format!("{text}\n")),
            Insertion::Line(start) => {
                let lines = all.lines().map(|line| if line.trim_start().starts_with(start) { text } else { line });
                lines.collect::<Vec<_>>().join("\n")
            }
            Insertion::AtEnd => format!("{all}\n{text}\n"),
        }
    })
}

/// Compares with a file that is written instead where `UPDATE_SNAPSHOTS` is set.
pub(crate) fn assert_held(path: &str, text: &str) {
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(path, text).unwrap();
    }
    let held = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(text, held, "run with UPDATE_SNAPSHOTS=1 and look at the difference of {path}");
}

pub(crate) fn rendered(files: &MemoryFiles) -> String {
    let (sources, findings) = findings(files);
    human::render(&findings, &sources, Language::En, false)
}
