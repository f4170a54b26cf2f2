//! `kill -9` at any moment: files are old or new and never between, and nothing that was done is lost. And two writers at once.
#![cfg(all(feature = "desk", unix))]
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use countersign::model::{Moment, Value};
use countersign::release::{self, Approval, MAKER, Release};
use countersign::workspace::journal::{self, Action, Entry, Journal};
use countersign::workspace::{DiskFiles, Fault, Files, SaveFailed, load, save};

const GOLDEN: &[u8] = include_bytes!("golden/release-1.ron");
/// How often the writer is killed.
const KILLS: usize = 1_000;
/// How many writers are killed side by side, each in a folder of its own.
const LANES: usize = 4;
/// Names the folder that the writer writes into.
const FOLDER: &str = "COUNTERSIGN_CRASH_FOLDER";

const RULE_SET: &str = r#"(
    format: 1,
    name: "crash", version: "1", title: (en: "crash", zh: "崩溃"),
    on_error: (verdict: Refer, reason: "FAILED"),
    parameters: {
        "turn": (type: Int, value: 0, text: (en: "turn", zh: "轮次")),
        "other": (type: Int, value: 0, text: (en: "other", zh: "其他")),
    },
    interfaces: {},
    reasons: { "FAILED": (text: (en: "failed", zh: "失败"), wire: "E") },
    lists: {},
    stages: [],
)
"#;
const SCHEMA: &str = r#"(
    format: 1, name: "crash", zone: "+08:00",
    roles: (key: "request.id", time: "request.at"),
    groups: { "request": (text: (en: "request", zh: "请求"), fields: {
        "id": (type: Text, text: (en: "id", zh: "编号")),
        "at": (type: Time, text: (en: "time", zh: "时间")),
    }) },
)
"#;

fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ruleset.ron"), RULE_SET).unwrap();
    fs::write(folder.path().join("schema.ron"), SCHEMA).unwrap();
    folder
}

fn moment() -> Moment {
    Moment::try_from("2014-03-20T16:00:00+08:00".to_owned()).unwrap()
}

/// The golden release without a signature, and with one: what approving turns into what.
fn releases() -> [Release; 2] {
    let golden = release::read("golden", GOLDEN).unwrap();
    let unsigned = release::without_approvals(&golden).unwrap();
    let signature = golden.approvals()[0].signature.clone();
    let submission = Approval { principal: golden.provenance().maker.clone(), role: MAKER.to_owned(), time: moment(), signature };
    let signed = release::approve(&unsigned, submission).unwrap();
    [unsigned, signed]
}

fn entry(number: usize) -> Entry {
    Entry {
        at: moment(),
        who: "li.na@bank.example".to_owned(),
        what: Action::Created,
        from: None,
        to: None,
        version: number.to_string(),
        file: String::new(),
        role: String::new(),
        comment: "a comment that is long enough to be cut somewhere in its middle".repeat(8),
    }
}

fn set_turn(root: &Path, turn: i64) -> Result<(), SaveFailed> {
    let old = load(&DiskFiles, root).unwrap();
    let mut new = old.clone();
    new.rule_set.parameters.get_mut("turn").unwrap().value = Value::Int(turn);
    save(&DiskFiles, root, &old, &new).map(drop)
}

fn value(root: &Path, parameter: &str) -> i64 {
    let definition = load(&DiskFiles, root).unwrap_or_else(|failed| panic!("{failed}"));
    match definition.rule_set.parameters[parameter].value {
        Value::Int(value) => value,
        ref other => panic!("{other:?}"),
    }
}

/// The writer that is killed: without its folder it has nothing to do. After every entry of the journal it says so in one byte.
#[test]
fn writer() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let root = PathBuf::from(folder);
    let texts = ["unsigned", "signed"].map(|name| fs::read(root.join(name)).unwrap());
    let mut out = std::io::stdout().lock();
    let mut say = |byte: u8| drop(out.write_all(&[byte]).and_then(|()| out.flush()));
    say(b'R');
    for number in 0.. {
        let lock = DiskFiles.lock(&root).unwrap();
        journal::append(&DiskFiles, &root, &lock, vec![entry(number)]).unwrap();
        drop(lock);
        say(b'J');
        for text in &texts {
            DiskFiles.write(&root.join("release.ron"), text).unwrap();
        }
        set_turn(&root, i64::try_from(number).unwrap()).unwrap();
        // A journal of this test need not grow for ever.
        if number == 40 {
            return;
        }
    }
}

/// Kills one writer after another, and looks at what each left.
fn lane(seed: u64, texts: &[Vec<u8>; 2]) {
    let folder = workspace();
    let root = folder.path();
    for (name, text) in ["unsigned", "signed"].iter().zip(texts) {
        fs::write(root.join(name), text).unwrap();
    }
    let mut random = seed;
    let mut told = 0;
    for kill in 0..KILLS / LANES {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writer", "--nocapture", "--quiet"])
            .env(FOLDER, root)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = child.stdout.take().unwrap();
        let mut byte = [0];
        while byte[0] != b'R' {
            out.read_exact(&mut byte).unwrap();
        }
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_micros((random >> 33) % 4_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut said = Vec::new();
        out.read_to_end(&mut said).unwrap();
        told += said.split(|byte| *byte == b'J').count() - 1;

        let journal = Journal::of(fs::read(root.join(journal::JOURNAL_FILE)).unwrap_or_default());
        assert!(journal.holds(), "kill {kill}: {:?}", journal.findings);
        assert!(journal.lines.len() >= told, "kill {kill}: {} of {told} entries", journal.lines.len());
        told = journal.lines.len();
        if let Ok(release) = fs::read(root.join("release.ron")) {
            assert!(texts.contains(&release), "kill {kill}: the release is neither the one nor the other");
        }
        assert!(value(root, "turn") >= 0, "kill {kill}");
        if told > 60 {
            fs::remove_file(root.join(journal::JOURNAL_FILE)).unwrap();
            told = 0;
        }
    }
}

#[test]
fn a_writer_killed_at_any_moment_leaves_old_or_new() {
    let texts = releases().map(|release| release::write(&release).as_bytes().to_vec());
    std::thread::scope(|scope| {
        for seed in 0..LANES {
            let texts = &texts;
            scope.spawn(move || lane(seed as u64, texts));
        }
    });
}

#[test]
fn two_writers_lose_no_update_and_are_told() {
    const TURNS: usize = 20;
    let folder = workspace();
    let root = folder.path();
    let told: usize = std::thread::scope(|scope| {
        let writer = |own: &'static str| {
            let mut told = 0;
            for _ in 0..TURNS {
                loop {
                    let old = load(&DiskFiles, root).unwrap();
                    let mut new = old.clone();
                    let parameter = new.rule_set.parameters.get_mut(own).unwrap();
                    let Value::Int(turn) = parameter.value else { panic!("{parameter:?}") };
                    parameter.value = Value::Int(turn + 1);
                    match save(&DiskFiles, root, &old, &new) {
                        Ok(_) => break,
                        Err(SaveFailed::File { error, written }) => {
                            assert!(error.fault == Fault::Changed && written.is_empty(), "{error}");
                            assert!(error.to_string().contains("was changed by someone else after it was read"), "{error}");
                            told += 1;
                        }
                        Err(other) => panic!("{other}"),
                    }
                }
            }
            told
        };
        let both = ["turn", "other"].map(|own| scope.spawn(move || writer(own)));
        both.map(|writer| writer.join().unwrap()).iter().sum()
    });
    let wanted = i64::try_from(TURNS).unwrap();
    assert_eq!((value(root, "turn"), value(root, "other")), (wanted, wanted), "an update was lost ({told} were told)");
}

#[test]
fn entries_of_many_writers_form_one_chain() {
    let folder = workspace();
    let root = folder.path();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for number in 0..10 {
                    let lock = DiskFiles.lock(root).unwrap();
                    journal::append(&DiskFiles, root, &lock, vec![entry(number)]).unwrap();
                }
            });
        }
    });
    let journal = journal::read(&DiskFiles, root).unwrap();
    assert!(journal.findings.is_empty() && journal.heads.len() == 1, "{:?}", journal.findings);
    assert_eq!(journal.lines.len(), 40);
    assert!(journal.lines.iter().skip(1).all(|line| line.record.previous.len() == 1));
}
