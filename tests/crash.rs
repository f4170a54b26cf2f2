//! `kill -9` at any moment: files are old or new and never between, and nothing that was done is lost. And two writers at once.
#![cfg(unix)]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::common::people::{Person, trust};
use crate::common::releases::{moment, small};
use countersign_core::model::Value;
use countersign_core::release::{self, Approval, MAKER, Policy, Requirements};
use countersign_workspace::journal::{self, Journal, JournalAction, JournalRecord};
use countersign_workspace::lifecycle::{self, Actor, StepDetails};
use countersign_workspace::{DiskFiles, FileTexts, Files, MemoryFiles, SaveFailed, load, open, save_workspace};

/// How often the writer is killed.
const KILLS: usize = 1_000;
/// Names the folder that the writer writes into.
const FOLDER: &str = "COUNTERSIGN_CRASH_FOLDER";
/// What it begins with: so that each thing it does is killed as often.
const FIRST: &str = "COUNTERSIGN_CRASH_FIRST";
/// The release that is signed, in the workspace.
const RELEASE: &str = "released/1.ron";

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

/// The maker of the golden release, and a checker.
fn people() -> [Person; 2] {
    ["li.na@bank.example", "wang.wei@bank.example"].map(Person::new)
}

/// A release on its way: as it was made, submitted, and approved; the signatures that take it there, and who trusts them.
struct Way {
    texts: [Vec<u8>; 3],
    approvals: Vec<Approval>,
    requirements: Requirements,
}

impl Way {
    fn new() -> Self {
        let made = small();
        let [maker, checker] = people();
        let submission = maker.sign(&made, MAKER, "2014-03-20T10:00:00+08:00");
        let submitted = release::approve(&made, submission).unwrap();
        let approved = release::approve(&submitted, checker.sign(&made, "checker", "2014-03-20T16:00:00+08:00")).unwrap();
        Self::of([made, submitted, approved].map(|release| release::write(&release).as_bytes().to_vec()))
    }

    fn of(texts: [Vec<u8>; 3]) -> Self {
        let approvals = release::read("approved", &texts[2]).unwrap().approvals().to_vec();
        Self { texts, approvals, requirements: Requirements::new(Policy::of(1), trust(&people())) }
    }

    /// Keeps it beside the workspace for the writer, which need not sign anew.
    fn keep(&self, folder: &Path) {
        (0..).zip(&self.texts).for_each(|(at, text): (usize, _)| fs::write(folder.join(format!("{at}.ron")), text).unwrap());
    }

    fn kept(folder: &Path) -> Self {
        Self::of([0, 1, 2].map(|at| fs::read(folder.join(format!("{at}.ron"))).unwrap()))
    }

    /// Takes the release in a folder its next step, as the program does; whether there was one.
    fn step(&self, files: &dyn Files, path: &Path) -> bool {
        let release = lifecycle::read_release(files, path).unwrap();
        let Some(approval) = self.approvals.get(release.approvals().len()) else { return false };
        lifecycle::sign(files, path, &release, approval.clone(), "", &self.requirements).unwrap();
        true
    }

    /// How many of the signatures are under the release.
    fn signed(&self, bytes: &[u8]) -> usize {
        let found = self.texts.iter().position(|text| text == bytes);
        found.unwrap_or_else(|| panic!("the release is none of the three:\n{}", String::from_utf8_lossy(bytes)))
    }
}

fn record(number: i64) -> JournalRecord {
    JournalRecord {
        previous: Vec::new(),
        at: moment("2014-03-20T16:00:00+08:00"),
        who: "li.na@bank.example".to_owned(),
        what: JournalAction::Created,
        from: None,
        to: None,
        version: number.to_string(),
        file: String::new(),
        role: String::new(),
        comment: "a comment that is long enough to be cut somewhere in its middle".repeat(8),
        target: String::new(),
        statement: None,
        signature: String::new(),
    }
}

/// Notes that the release was made.
fn made(files: &dyn Files, root: &Path) {
    let lock = files.lock(root).unwrap();
    journal::append(files, root, &lock, vec![JournalRecord { to: Some(small().digest()), ..record(0) }]).unwrap();
}

fn set_turn(root: &Path, turn: i64) -> Result<(), SaveFailed> {
    let old = open(&DiskFiles, root).unwrap();
    let mut new = old.definition.clone();
    new.rule_set.parameters.get_mut("turn").unwrap().value = Value::Int(turn);
    save_workspace(&DiskFiles, root, (&old.definition, &old.cases), (&new, &old.cases), &old.unread, FileTexts::default()).map(drop)
}

fn value(root: &Path, parameter: &str) -> i64 {
    let definition = load(&DiskFiles, root).unwrap_or_else(|failed| panic!("{failed}"));
    match definition.rule_set.parameters[parameter].value {
        Value::Int(value) => value,
        ref other => panic!("{other:?}"),
    }
}

/// The writer that is killed: without its folder it has nothing to do. It says in one byte what it did.
#[test]
fn writer() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let folder = PathBuf::from(folder);
    let (root, way) = (folder.join("w"), Way::kept(&folder));
    let mut out = std::io::stdout().lock();
    let mut say = |byte: u8| drop(out.write_all(&[byte]).and_then(|()| out.flush()));
    say(b'R');
    let first: i64 = std::env::var(FIRST).unwrap().parse().unwrap();
    for number in first..first + 200 {
        match number % 4 {
            0 => {
                let lock = DiskFiles.lock(&root).unwrap();
                journal::append(&DiskFiles, &root, &lock, vec![record(number)]).unwrap();
                drop(lock);
                say(b'J');
            }
            1 => way.texts.iter().for_each(|text| DiskFiles.write(&root.join("exported.ron"), text).unwrap()),
            2 => set_turn(&root, number).unwrap(),
            _ if way.step(&DiskFiles, &root.join(RELEASE)) => say(b'S'),
            _ => {}
        }
    }
}

/// Starts the writer, and waits until it writes.
fn start(folder: &Path, first: usize) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::writer", "--nocapture", "--quiet"])
        .env(FOLDER, folder)
        .env(FIRST, first.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut byte = [0];
    while byte[0] != b'R' {
        child.stdout.as_mut().unwrap().read_exact(&mut byte).unwrap();
    }
    child
}

/// Kills a writer; how many entries and signatures it has told of.
fn kill(mut child: Child) -> [usize; 2] {
    child.kill().unwrap();
    child.wait().unwrap();
    let mut said = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut said).unwrap();
    [b'J', b'S'].map(|byte| said.split(|one| *one == byte).count() - 1)
}

/// One of four: kills one writer after another, and looks at what each left. Gives how often a release went its
/// whole way, and how often a signature was there and its line was not.
fn lane(seed: u64, way: &Way) -> [usize; 2] {
    let folder = tempfile::tempdir().unwrap();
    way.keep(folder.path());
    let root = &folder.path().join("w");
    fs::create_dir_all(root.join("released")).unwrap();
    for (name, text) in [("ruleset.ron", RULE_SET), ("schema.ron", SCHEMA)] {
        fs::write(root.join(name), text).unwrap();
    }
    fs::write(root.join(RELEASE), &way.texts[0]).unwrap();
    made(&DiskFiles, root);
    let (mut random, mut patience) = (seed, 60_000);
    let (mut entries, mut signatures, mut ways, mut late) = (0, 0, 0, 0);
    for round in 0..KILLS / 4 {
        let child = start(folder.path(), round);
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Signing reads the release several times over, so it takes longer; how long, this machine shows.
        std::thread::sleep(Duration::from_micros((random >> 33) % if round % 4 == 3 { patience } else { 8_000 }));
        let told = kill(child);
        let journal = Journal::of(fs::read(root.join(journal::JOURNAL_FILE)).unwrap_or_default());
        assert!(journal.holds(), "round {round}: {:?}", journal.findings);
        let noted = |what: JournalAction| journal.lines.iter().filter(|line| line.record.what == what).count();
        entries += told[0];
        assert!(noted(JournalAction::Created) >= entries, "round {round}: {} of {entries} entries", noted(JournalAction::Created));
        entries = noted(JournalAction::Created);
        if let Ok(release) = fs::read(root.join("exported.ron")) {
            way.signed(&release);
        }
        assert!(value(root, "turn") >= 0, "round {round}");
        let signed = way.signed(&fs::read(root.join(RELEASE)).unwrap());
        assert!(signed >= signatures + told[1], "round {round}: {signed} of {signatures} + {} signatures", told[1]);
        if round % 4 == 3 {
            patience = if signed > signatures { 60_000 } else { (patience * 5 / 4).min(1_000_000) };
        }
        signatures = signed;
        late += signed - noted(JournalAction::Submitted) - noted(JournalAction::Approved);
        if signed == 2 {
            end(root, way);
            (entries, signatures) = (0, 0);
            ways += 1;
        }
    }
    [ways, late]
}

/// Withdraws the approved release, sees that the journal tells its whole way once, and that nothing lies about; then all begins anew.
fn end(root: &Path, way: &Way) {
    let doing =
        StepDetails { who: "li.na@bank.example".to_owned(), at: moment("2014-03-21T16:00:00+08:00"), comment: String::new() };
    let actor = Actor { doing: &doing, signer: None, requirements: &way.requirements };
    lifecycle::mark(&DiskFiles, &root.join(RELEASE), JournalAction::Withdrawn, actor).unwrap();
    let journal = journal::read(&DiskFiles, root).unwrap();
    let steps: Vec<JournalAction> =
        journal.lines.iter().map(|line| line.record.what).filter(|what| *what != JournalAction::Created).collect();
    assert_eq!(steps, [JournalAction::Submitted, JournalAction::Approved, JournalAction::Withdrawn]);
    fs::remove_file(root.join(journal::JOURNAL_FILE)).unwrap();
    for name in [RELEASE, "exported.ron"] {
        DiskFiles.write(&root.join(name), &way.texts[0]).unwrap();
    }
    made(&DiskFiles, root);
    let names = |folder: &Path| DiskFiles.list(folder).unwrap().into_iter().map(|entry| entry.name).collect::<Vec<_>>();
    assert_eq!(names(&root.join("released")), ["1.ron"]);
    assert_eq!(names(root), [".countersign.lock", "exported.ron", "journal.jsonl", "released", "ruleset.ron", "schema.ron"]);
}

#[test]
fn a_writer_killed_at_any_moment_leaves_old_or_new() {
    let way = Way::new();
    let [ways, late] = std::thread::scope(|scope| {
        let way = &way;
        let lanes = [0, 1, 2, 3].map(|seed| scope.spawn(move || lane(seed, way)));
        lanes.map(|lane| lane.join().unwrap()).into_iter().fold([0, 0], |sum, [ways, late]| [sum[0] + ways, sum[1] + late])
    });
    println!("{ways} releases went their whole way; {late} times a signature was there before its line in the journal");
    assert!(ways > KILLS / 100, "the writers were killed too early to sign: {ways}");
}

#[test]
fn a_signature_whose_line_is_lost_is_noted_before_the_next_step() {
    let way = Way::new();
    let files = MemoryFiles::new();
    let path = Path::new("w").join(RELEASE);
    files.put("w/ruleset.ron", RULE_SET);
    files.put(&path, way.texts[0].clone());
    made(&files, Path::new("w"));
    let release = lifecycle::read_release(&files, &path).unwrap();
    // The signature's file is put in place, and then the disk fails.
    files.fail_commits_after(1);
    assert!(lifecycle::sign(&files, &path, &release, way.approvals[0].clone(), "", &way.requirements).is_err());
    files.heal();
    assert_eq!(way.signed(&files.read(&path, u64::MAX).unwrap()), 1);
    assert_eq!(journal::read(&files, "w").unwrap().lines.len(), 1);
    assert!(way.step(&files, &path));
    let journal = journal::read(&files, "w").unwrap();
    let told: Vec<_> =
        journal.lines.iter().skip(1).map(|line| (line.record.what, line.record.who.as_str(), line.record.at)).collect();
    let of = |what, approval: &'static str, time| (what, approval, moment(time));
    assert_eq!(
        told,
        [
            of(JournalAction::Submitted, "li.na@bank.example", "2014-03-20T10:00:00+08:00"),
            of(JournalAction::Approved, "wang.wei@bank.example", "2014-03-20T16:00:00+08:00")
        ]
    );
}

#[test]
fn what_a_killed_writer_left_is_cleared_and_what_a_live_one_writes_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let mut live = DiskFiles.create(&root.join("a.csv")).unwrap();
    live.write_all(b"half").unwrap();
    fs::write(root.join(".countersign-0a1b2c.tmp"), "of a killed writer").unwrap();
    fs::write(root.join(".countersign-mine"), "no temporary file").unwrap();
    DiskFiles.write(&root.join("b.csv"), b"whole").unwrap();
    let names = || DiskFiles.list(root).unwrap().into_iter().map(|entry| entry.name).collect::<Vec<_>>();
    assert!(!names().contains(&".countersign-0a1b2c.tmp".to_owned()), "{:?}", names());
    live.write_all(b" and half").unwrap();
    live.commit().unwrap();
    assert_eq!(names(), [".countersign-mine", "a.csv", "b.csv"]);
    assert_eq!(fs::read(root.join("a.csv")).unwrap(), b"half and half");
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
                    let old = open(&DiskFiles, root).unwrap();
                    let mut new = old.definition.clone();
                    let parameter = new.rule_set.parameters.get_mut(own).unwrap();
                    let Value::Int(turn) = parameter.value else { panic!("{parameter:?}") };
                    parameter.value = Value::Int(turn + 1);
                    match save_workspace(
                        &DiskFiles,
                        root,
                        (&old.definition, &old.cases),
                        (&new, &old.cases),
                        &old.unread,
                        FileTexts::default(),
                    ) {
                        Ok(_) => break,
                        Err(SaveFailed::File { error, written }) => {
                            assert!(error.kind().id() == "changed-on-disk" && written.is_empty(), "{error}");
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
                    journal::append(&DiskFiles, root, &lock, vec![record(number)]).unwrap();
                }
            });
        }
    });
    let journal = journal::read(&DiskFiles, root).unwrap();
    assert!(journal.findings.is_empty() && journal.heads.len() == 1, "{:?}", journal.findings);
    assert_eq!(journal.lines.len(), 40);
    assert!(journal.lines.iter().skip(1).all(|line| line.record.previous.len() == 1));
}

/// A published release whose file, lines or both could not be written: how many commits succeed, and whether it is live in the end.
#[test]
fn a_publication_cut_anywhere_is_finished_or_taken_back_by_the_next_step() {
    let way = Way::new();
    let root = Path::new("w");
    let (path, live) = (root.join(RELEASE), Path::new("gateway/live.ron"));
    let doing =
        StepDetails { who: "wang.wei@bank.example".to_owned(), at: moment("2014-03-21T16:00:00+08:00"), comment: String::new() };
    let mut seen = [0, 0];
    for commits in 0..8 {
        let files = MemoryFiles::new();
        files.put(root.join("ruleset.ron"), RULE_SET);
        files.put(&path, way.texts[0].clone());
        files.put(live, b"what was there before".to_vec());
        made(&files, root);
        while way.step(&files, &path) {}
        files.fail_commits_after(commits);
        let by = |doing| Actor { doing, signer: None, requirements: &way.requirements };
        let done = lifecycle::publish(&files, &path, Some(live), by(&doing));
        files.heal();
        let is_replaced = || files.read(live, u64::MAX).unwrap() == way.texts[2];
        let journal = || journal::read(&files, root).unwrap();
        let what = || journal().lines.iter().map(|line| line.record.what).collect::<Vec<_>>();
        let unfinished = lifecycle::unfinished(&files, &journal());
        let is_begun = what().contains(&JournalAction::Publishing)
            && !what().contains(&JournalAction::Published)
            && !what().contains(&JournalAction::NotPublished);
        assert_eq!(unfinished.len(), usize::from(is_begun), "{commits}: {:?}", what());
        assert!(unfinished.iter().all(|finding| finding.id() == "publication-unfinished" && finding.span.is_some()));
        assert_eq!(done.is_ok(), what().contains(&JournalAction::Published), "{commits}");
        assert!(is_begun || done.is_ok() || !is_replaced(), "{commits}: replaced, and the journal does not tell");
        // Any step ends it.
        let withdrawn = StepDetails { comment: "enough".to_owned(), ..doing.clone() };
        lifecycle::mark(&files, &path, JournalAction::Withdrawn, by(&withdrawn)).unwrap();
        assert!(journal().holds() && lifecycle::unfinished(&files, &journal()).is_empty());
        assert_eq!(is_replaced(), what().contains(&JournalAction::Published), "{commits}: {:?}", what());
        if is_begun {
            seen[usize::from(is_replaced())] += 1;
        }
    }
    assert!(seen.iter().all(|count| *count > 0), "cut before and after the file: {seen:?}");
}

#[test]
fn one_of_many_that_make_the_same_version_at_once_is_written_and_none_written_over() {
    let folder = workspace();
    fs::create_dir(folder.path().join("released")).unwrap();
    let path = &folder.path().join(RELEASE);
    let made: Vec<_> = (0..6)
        .map(|minute| crate::common::releases::made(small().definition(), &format!("2014-03-20T10:0{minute}:00+08:00")))
        .collect();
    let start = &std::sync::Barrier::new(made.len());
    let written: Vec<_> = std::thread::scope(|scope| {
        let export = |release| {
            scope.spawn(move || {
                start.wait();
                lifecycle::export(&DiskFiles, path, release, None).is_ok()
            })
        };
        let all: Vec<_> = made.iter().map(export).collect();
        made.iter().zip(all).filter_map(|(release, one)| one.join().unwrap().then(|| release.digest())).collect()
    });
    assert_eq!(written, [lifecycle::read_release(&DiskFiles, path).unwrap().digest()]);
    let journal = journal::read(&DiskFiles, folder.path()).unwrap();
    assert_eq!(journal.lines.iter().map(|line| line.record.to).collect::<Vec<_>>(), [Some(written[0])]);
}
