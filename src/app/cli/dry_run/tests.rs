//! Requests decided part by part against the same requests decided in one table.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::*;
use crate::cli::kinds::CANCELLED;
use crate::cli::request_file::BadRows;
use crate::cli::request_file::load;
use countersign_core::engine::Engine;
use countersign_core::text::Language;
use countersign_requests::kinds::BAD_ROWS;
use countersign_requests::{Format, write};
use countersign_run::{Comparison, Run};
use countersign_workspace::fixture::{shipped_file, shipped_rules};
use countersign_workspace::kinds::DISK_FULL;
use countersign_workspace::{InputRequest, MemoryFiles};

/// The shipped workspace in memory, and `changed`: it with another limit, a rule in its trial and one rule that scores.
fn workspaces() -> MemoryFiles {
    let files = shipped_rules();
    for (path, bytes) in files.all() {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let text = text.replacen("value: \"5000.00\"", "value: \"700.00\"", 1).replacen("status: Active", "status: Shadow", 1);
        files.put(Path::new("changed").join(path.strip_prefix("rules").unwrap()), text);
    }
    files
}

/// Requests in no order of time, some keys again far behind, some rows that cannot be read and some amounts that overflow.
fn mixed(csv: &str) -> String {
    let mut lines: Vec<&str> = csv.lines().take(2_600).collect();
    let header: Vec<&str> = lines.remove(0).split(',').collect();
    let column = |name: &str| header.iter().position(|known| *known == name).unwrap();
    let (amount, operation) = (column("money.amount"), column("request.operation"));
    lines.reverse();
    let again: Vec<&str> = lines.iter().step_by(97).copied().collect();
    lines.extend(again.iter().chain(again.first()));
    let changed = |(at, line): (usize, &&str)| {
        let mut cells: Vec<&str> = line.split(',').collect();
        if at % 211 == 5 {
            cells[amount] = "a lot";
        } else if cells[operation] == "PAY" && at % 5 == 0 {
            cells[amount] = "92233720368547758.07";
        }
        cells.join(",") + "\n"
    };
    format!("{}\n{}", header.join(","), lines.iter().enumerate().map(changed).collect::<String>())
}

fn target(name: &str, files: &MemoryFiles) -> (Target, Engine) {
    let target = Target::open(files, Path::new(name)).unwrap_or_else(|failure| panic!("{:?}", failure.findings));
    let engine = target.engine().unwrap_or_else(|failure| panic!("{:?}", failure.findings));
    (target, engine)
}

/// A report without its time, as JSON.
fn text(mut report: Report) -> String {
    report.about.generated_at.clear();
    let mut out = Vec::new();
    report::json(&report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What is written of a file of requests when so many are decided at a time: every file, and the report.
fn in_parts(files: &MemoryFiles, requests: &str, against: bool, sheet: &str, bounds: Bounds) -> BTreeMap<String, Vec<u8>> {
    let screen = Screen::new(Language::En);
    let name = |what: &str| PathBuf::from(format!("{what}.{sheet}"));
    let (decisions, flips, rejects) = (name("decisions"), name("flips"), PathBuf::from("rejects.csv"));
    let job = DryRunJob {
        new: Path::new("changed"),
        old: against.then_some(Path::new("rules")),
        wanted: Wanted {
            asked: InputRequest::of(Path::new(requests)),
            history: None,
            mapping: None,
            bad_rows: BadRows::Write { to: &rejects, raw: false },
            max_rejects: None,
        },
        decisions: Some(&decisions),
        flips: against.then_some(&flips),
        reports: &[],
    };
    let report = job.report(files, &screen, bounds).unwrap_or_else(|failure| panic!("{:?}", failure.findings));
    let all = files.all();
    let written =
        [decisions, flips, rejects].into_iter().filter_map(|path| Some((path.display().to_string(), all.get(&path)?.to_vec())));
    written.chain([("report".to_owned(), text(report).into_bytes())]).collect()
}

/// The same from one table, by the parts of the library that the window uses.
fn in_one(files: &MemoryFiles, requests: &str, against: bool, format: Format, sheet: &str) -> BTreeMap<String, Vec<u8>> {
    let (screen, progress) = (Screen::new(Language::En), Progress::default());
    let ((new, new_engine), (old, old_engine)) = (target("changed", files), target("rules", files));
    let rejects = PathBuf::from("rejects.csv");
    let wanted = Wanted {
        asked: InputRequest::of(Path::new(requests)),
        history: None,
        mapping: None,
        bad_rows: BadRows::Write { to: &rejects, raw: false },
        max_rejects: None,
    };
    let (table, sample) = load(&wanted, &new, files, &screen).unwrap_or_else(|failure| panic!("{:?}", failure.findings));
    let rejected = files.all().get(&rejects).unwrap().to_vec();
    let lines = String::from_utf8(rejected.clone()).unwrap().lines().count() as u64 - 1;
    assert_eq!(sample.set_aside.as_ref().map_or(0, |aside| aside.rows), lines);
    let digest = Some(sample.digest.to_string());
    let samples = Samples { file: sample.name, digest, set_aside: sample.set_aside, remarks: Vec::new() };
    let about = about(&new, against.then_some(&old), samples);
    let (mut decisions, mut flips) = (Vec::new(), Vec::new());
    let mut written = BTreeMap::from([("rejects.csv".to_owned(), rejected)]);
    let report = if against {
        let comparison = Comparison::new(&old_engine, &new_engine, &table, &progress).unwrap();
        report::decisions(comparison.new_run(), format, &mut decisions, &progress).unwrap();
        report::flips(&comparison, format, &mut flips, &progress).unwrap();
        written.insert(format!("flips.{sheet}"), flips);
        Report::of_comparison(about, &comparison)
    } else {
        let run = Run::new(&new_engine, &table, &progress).unwrap();
        report::decisions(&run, format, &mut decisions, &progress).unwrap();
        Report::of_run(about, &run)
    };
    written.insert(format!("decisions.{sheet}"), decisions);
    written.insert("report".to_owned(), text(report).into_bytes());
    written
}

#[test]
fn requests_decided_part_by_part_give_the_same_bytes() {
    let files = workspaces();
    let shipped = shipped_file("assets/samples/signing-requests.csv");
    files.put("mixed.csv", mixed(str::from_utf8(&shipped).unwrap()));
    files.put("shipped.parquet", shipped_file("assets/samples/signing-requests.parquet"));
    let (new, _) = target("changed", &files);
    let wanted = Wanted {
        asked: InputRequest::of(Path::new("mixed.csv")),
        history: None,
        mapping: None,
        bad_rows: BadRows::Write { to: Path::new("rejects.csv"), raw: false },
        max_rejects: None,
    };
    let table = load(&wanted, &new, &files, &Screen::new(Language::En)).unwrap_or_else(|_| panic!("the file can be read")).0;
    let mut lines = Vec::new();
    write::write(&table, Format::JsonLines, &mut lines, &Progress::default()).unwrap();
    let lines = String::from_utf8(lines).unwrap().replacen('\n', "\n{\"money.amount\": \"a lot\"}\n\nnothing\n", 700);
    files.put("mixed.jsonl", lines);
    let cases = [
        ("mixed.csv", true, Format::Parquet, "parquet"),
        ("mixed.jsonl", true, Format::Csv, "csv"),
        ("mixed.jsonl", false, Format::JsonLines, "jsonl"),
        ("shipped.parquet", true, Format::Parquet, "parquet"),
    ];
    for (requests, against, format, sheet) in cases {
        let wanted = in_one(&files, requests, against, format, sheet);
        for bounds in [Bounds { rows: 600, held: 100 }, BOUNDS] {
            let written = in_parts(&files, requests, against, sheet, bounds);
            let differing: Vec<&String> = wanted.keys().filter(|name| wanted.get(*name) != written.get(*name)).collect();
            assert_eq!((differing, written.len()), (vec![], wanted.len()), "{requests}, {} at a time", bounds.rows);
        }
    }
    let report = wanted_figures(&files);
    assert!(report.summary.duplicates.rows > 20 && report.summary.customers > 1_000, "{:?}", report.summary.duplicates);
    assert!(report.summary.errors.iter().any(|line| line.requests > 5 && line.examples.len() == 5), "{:?}", report.summary.errors);
    assert!(
        report.against.is_some_and(|against| against.figures.effects.groups.len() > 1 && against.figures.effects.flips.any > 20)
    );
    assert_eq!(files.unfinished(), 0);
}

/// What the mixed file comes to: it must hold something of everything.
fn wanted_figures(files: &MemoryFiles) -> Report {
    let job = DryRunJob {
        new: Path::new("changed"),
        old: Some(Path::new("rules")),
        wanted: Wanted {
            asked: InputRequest::of(Path::new("mixed.csv")),
            history: None,
            mapping: None,
            bad_rows: BadRows::Write { to: Path::new("rejects.csv"), raw: false },
            max_rejects: None,
        },
        decisions: None,
        flips: None,
        reports: &[],
    };
    job.report(files, &Screen::new(Language::En), Bounds { rows: 1_000, held: 7 }).unwrap_or_else(|_| panic!("it ran before"))
}

#[test]
fn a_run_that_is_refused_or_stopped_half_way_leaves_nothing() {
    let files = workspaces();
    let shipped = shipped_file("assets/samples/signing-requests.csv");
    let mut text: String = str::from_utf8(&shipped).unwrap().lines().take(1_500).flat_map(|line| [line, "\n"]).collect();
    files.put("fine.csv", text.clone());
    text.push_str("cut off\n");
    files.put("cut.csv", text);
    let before = files.all().len();
    let decisions = PathBuf::from("decisions.csv");
    let job = |path| DryRunJob {
        new: Path::new("rules"),
        old: None,
        wanted: Wanted {
            asked: InputRequest::of(Path::new(path)),
            history: None,
            mapping: None,
            bad_rows: BadRows::Refuse,
            max_rejects: None,
        },
        decisions: Some(&decisions),
        flips: None,
        reports: &[],
    };
    let bounds = Bounds { rows: 300, held: 10 };
    let refused = job("cut.csv").report(&files, &Screen::new(Language::En), bounds).map(|_| ()).unwrap_err();
    assert_eq!(refused.findings.first().map(|finding| finding.kind), Some(BAD_ROWS));
    let stopped = Screen::new(Language::En);
    stopped.stop();
    let cancelled = job("fine.csv").report(&files, &stopped, bounds).map(|_| ()).unwrap_err();
    assert_eq!(cancelled.findings.first().map(|finding| finding.kind), Some(CANCELLED));
    files.fill_disk_after(2_000);
    let full = job("fine.csv").report(&files, &Screen::new(Language::En), bounds).map(|_| ()).unwrap_err();
    assert_eq!(full.findings.first().map(|finding| finding.kind), Some(DISK_FULL));
    assert_eq!((files.all().len(), files.unfinished()), (before, 0));
}
