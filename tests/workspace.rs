//! Workspaces on the disk and in memory: what is loaded, what is refused and where, and what a save changes.

mod disk;
mod parts;
mod saving;
mod saving_cases;

use std::path::Path;
use std::sync::Arc;

use countersign_core::diagnostic::Finding;
use countersign_core::model::{CaseSet, Definition, ListEntries};
use countersign_core::text::Sources;
use countersign_workspace::{
    DiskFiles, FileTexts, Files, LoadFailed, MemoryFiles, Unread, load, load_cases, load_mapping, save_workspace,
};

const TINY: &str = "tests/fixtures/workspace/tiny";

/// The tiny workspace in memory, in the folder `w`.
fn tiny() -> MemoryFiles {
    fn copy(from: &Path, into: &Path, files: &MemoryFiles) {
        for entry in DiskFiles.list(from).unwrap() {
            let (from, into) = (from.join(&entry.name), into.join(&entry.name));
            if entry.is_folder { copy(&from, &into, files) } else { files.put(into, DiskFiles.read(&from, 1 << 20).unwrap()) }
        }
    }
    let files = MemoryFiles::new();
    copy(Path::new(TINY), Path::new("w"), &files);
    files
}

fn load_all(files: &dyn Files, root: &str) -> Result<(Definition, CaseSet), LoadFailed> {
    let mut definition = load(files, root)?;
    let cases = load_cases(files, root, &mut definition)?;
    Ok((definition, cases))
}

fn text_of(files: &MemoryFiles, name: &str) -> String {
    String::from_utf8(files.read(Path::new(name), u64::MAX).unwrap()).unwrap()
}

/// A finding as `broken.txt` writes it.
fn describe(finding: &Finding, sources: &Sources) -> String {
    let place = finding.span.and_then(|span| {
        let source = sources.get(span.source)?;
        let place = source.line_column(span.start);
        Some(format!("{}:{}:{} `{}`", source.name(), place.line, place.column, source.slice(span)))
    });
    let help = finding.help.as_ref().map(|help| help.on_command_line().en).unwrap_or_default();
    format!("{} {}\n  {}\n  {help}", place.unwrap_or_else(|| "-".to_owned()), finding.id(), finding.message.en)
}

#[test]
fn a_workspace_is_loaded_with_its_scripts_lists_and_cases() {
    let (definition, cases) = load_all(&DiskFiles, TINY).unwrap_or_else(|failed| panic!("{failed}"));
    let rules = &definition.rule_set;
    assert_eq!(rules.rules().count(), 3);
    assert_eq!(definition.schema.len(), 10);
    assert!(rules.lists["blocked_ids"].entries.contains_text("h-0007"));
    assert_eq!(cases.cases.len(), 2);
    assert_eq!(cases.cases[0].expect.interface, Some(None));
    assert_eq!(cases.cases[1].expect.limits.month, None);
    let slice = |path: &str| {
        let span = definition.places.find(path).unwrap();
        definition.sources.get(span.source).unwrap().slice(span).to_owned()
    };
    assert_eq!(slice("rules.blocklist.title.zh"), "\"黑名单\"");
    assert_eq!(slice("parameters.single_limit.value"), "\"5000.00\"");
    assert_eq!(slice("parameters.single_limit"), "\"single_limit\"");
    assert_eq!(slice("schema.customer.age.unit.zh"), "\"岁\"");
    assert_eq!(slice("cases.new_on_closed_interface.expect.verdict"), "Decline");
    assert_eq!(slice("invariants.unlinking_is_a_right"), "\"unlinking_is_a_right\"");
    assert_eq!(slice("on_error"), "on_error");
}

#[test]
fn the_shipped_workspace_is_loaded() {
    load_all(&DiskFiles, "rules").unwrap_or_else(|failed| panic!("{failed}"));
}

#[test]
fn everything_wrong_with_a_file_is_said_with_its_place_and_remedy() {
    let data = include_str!("fixtures/workspace/broken.txt");
    let mut wrong = Vec::new();
    for block in data.split("\n== ").skip(1) {
        let (name, rest) = block.split_once('\n').unwrap();
        let mut lines = rest.lines();
        let file = lines.next().unwrap();
        let (mut from, mut to, mut expected) = (String::new(), String::new(), String::new());
        for line in lines {
            match line.split_at_checked(1) {
                Some(("-", text)) => from = text.trim_start().replace("\\n", "\n"),
                Some(("+", text)) => to = text.trim_start().replace("\\n", "\n"),
                Some((">", text)) => expected.extend([text.strip_prefix(' ').unwrap_or(text), "\n"]),
                _ => {}
            }
        }
        let files = tiny();
        let path = format!("w/{file}");
        let before = text_of(&files, &path);
        assert!(before.contains(&from), "{name}: `{from}` is not in {file}");
        files.put(&path, before.replacen(&from, &to, 1));
        let found = match load_all(&files, "w") {
            Ok(_) => "loaded".to_owned(),
            Err(LoadFailed { sources, findings }) => {
                assert!(
                    findings.iter().all(|finding| finding.message.zh != finding.message.en && !finding.message.zh.is_empty()),
                    "{name}"
                );
                assert!(findings.iter().all(|finding| finding.help.is_some()), "{name}");
                findings.iter().map(|finding| describe(finding, &sources)).collect::<Vec<_>>().join("\n")
            }
        };
        if found.trim() != expected.trim() {
            wrong.push(format!("== {name}\n> {}\n", found.replace('\n', "\n> ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_mapping_is_loaded_or_refused_with_its_place() {
    let files = tiny();
    let schema = load(&files, "w").unwrap().schema;
    let mapping = load_mapping(&files, "w", "bank", &schema).unwrap_or_else(|failed| panic!("{failed}"));
    assert_eq!((mapping.delimiter, mapping.fields.len()), (Some(';'), 2));
    let good = text_of(&files, "w/mappings/bank.ron");
    for (from, to, expected) in [
        ("format: 1", "format: 2", "3:13 unknown-format"),
        ("money: Fen", "money: Fne", "7:48 unknown-word"),
        ("column: \"serial\"", "colum: \"serial\"", "6:24 unknown-key"),
        ("money.amount", "request.id", "7:9 duplicate-id"),
        ("money.amount", "money.amuont", "7:10 unknown-mapped-field"),
        ("delimiter: \";\"", "delimiter: \";;\"", "4:16 wrong-mapping"),
    ] {
        files.put("w/mappings/bank.ron", good.replace(from, to));
        let failed = load_mapping(&files, "w", "bank", &schema).unwrap_err();
        let text = failed.to_string();
        let (place, id) = expected.split_once(' ').unwrap();
        assert!(text.contains(&format!("bank.ron:{place}: {id}: ")), "{expected} is not in\n{text}");
    }
    assert_eq!(load_mapping(&files, "w", "none", &schema).unwrap_err().findings[0].id(), "missing-file");
}

#[test]
fn texts_from_other_systems_are_read_or_refused_with_their_place() {
    let files = tiny();
    for name in ["w/ruleset.ron", "w/schema.ron", "w/lists/blocked_ids.txt", "w/risk/blocklist.rhai"] {
        files.put(name, format!("\u{feff}{}", text_of(&files, name).replace('\n', "\r\n")));
    }
    let definition = load(&files, "w").unwrap_or_else(|failed| panic!("{failed}"));
    assert_eq!(definition.rule_set.lists["blocked_ids"].entries.len(), 3);
    let mut bytes = b"# GBK: ".to_vec();
    bytes.extend([0xba, 0xda, b'\n']);
    for name in ["lists/blocked_ids.txt", "ruleset.ron", "risk/blocklist.rhai"] {
        let files = tiny();
        files.put(format!("w/{name}"), [b"\n".as_slice(), &bytes].concat());
        let failed = load(&files, "w").unwrap_err();
        let text = failed.to_string();
        assert!(text.contains(&format!("{name}:2:8: not-utf8")), "{text}");
    }
    let files = tiny();
    files.put("w/risk/blocklist.rhai", vec![b' '; (1 << 20) + 1]);
    let failed = load(&files, "w").unwrap_err();
    assert!(failed.to_string().contains("ruleset.ron:50:29: file-too-large"), "{failed}");
    for empty in ["", "\n", "// nothing"] {
        files.put("w/schema.ron", empty);
        assert!(load(&files, "w").unwrap_err().to_string().contains("ron-syntax"));
    }
}

#[test]
fn a_list_of_a_million_entries_is_loaded_and_its_faults_are_counted() {
    use std::fmt::Write;
    let files = tiny();
    let mut list = String::new();
    for number in 0..1_000_000_u32 {
        // Odd multipliers permute the numbers below a power of two: no order, no duplicates.
        writeln!(list, "h-{:08}", number.wrapping_mul(48_271) % (1 << 20)).unwrap();
    }
    files.put("w/lists/blocked_ids.txt", list);
    let definition = load(&files, "w").unwrap_or_else(|failed| panic!("{failed}"));
    assert_eq!(definition.rule_set.lists["blocked_ids"].entries.len(), 1_000_000);
    let ruleset = text_of(&files, "w/ruleset.ron").replace("type: Text, file", "type: Int, file");
    files.put("w/ruleset.ron", ruleset);
    let failed = load(&files, "w").unwrap_err();
    assert_eq!(failed.findings.len(), 20, "the first twenty are shown");
    assert_eq!(failed.findings[19].notes[0].1.en, "and 999980 more entries of this list are wrong");
}

#[test]
fn entries_of_lists_are_in_normal_form_and_their_comments_cut() {
    let files = tiny();
    let text = "# title\nacct#7781\nacct7782 # stolen #2\n\u{a0}acct7783\u{200b}\n'007\n=\"008\"\t# sheet\n'#9\n";
    files.put("w/lists/blocked_ids.txt", text);
    let (mut definition, cases) = load_all(&files, "w").unwrap_or_else(|failed| panic!("{failed}"));
    let entries = |definition: &Definition| match &definition.rule_set.lists["blocked_ids"].entries {
        ListEntries::Text(entries) => entries.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ListEntries::Int(_) => Vec::new(),
    };
    assert_eq!(entries(&definition), ["#9", "007", "008", "acct#7781", "acct7782", "acct7783"]);
    // Lines that stay are kept as they are; what is new reads back as itself.
    let old = definition.clone();
    let changed = ["#10", "#9", "007", "acct#7781", "acct7783", "b"].map(Arc::from);
    definition.rule_set.lists["blocked_ids"].entries = ListEntries::Text(changed.into());
    save_workspace(&files, Path::new("w"), (&old, &cases), (&definition, &cases), &Unread::default(), FileTexts::default())
        .unwrap_or_else(|failed| panic!("{failed:?}"));
    let written = text_of(&files, "w/lists/blocked_ids.txt");
    assert_eq!(written, "# title\nacct#7781\n\u{a0}acct7783\u{200b}\n'007\n'#9\n'#10\nb\n");
    assert_eq!(entries(&load(&files, "w").unwrap()), entries(&definition));
    files.put("w/lists/blocked_ids.txt", "acct7781\nb\n'acct7781\u{a0}\n");
    let failed = load(&files, "w").unwrap_err();
    assert!(failed.to_string().contains("blocked_ids.txt:3:1: bad-list-entry"), "{failed}");
}
