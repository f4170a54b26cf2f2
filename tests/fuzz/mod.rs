//! Fuzz targets: every reader of what others write is shown damaged files, the same ones in every run. A longer run takes
//! `COUNTERSIGN_FUZZ_ROUNDS=1000000 cargo test --release --test fuzz TARGET`. They stand here and not in a folder for `cargo fuzz`, which
//! needs a nightly compiler, so that every build runs them.
//!
//! Besides coming to an end: what is accepted prints as it was read, and a refusal says where and what to do.
mod mutate;

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::Arc;

use crate::common::people::{Person, trust};
use crate::common::releases::{GOLDEN, golden, moment, small};
use countersign_core::check::check_compiled;
use countersign_core::diagnostic::Finding;
use countersign_core::gateway::LogLine;
use countersign_core::model::Definition;
use countersign_core::progress::Progress;
use countersign_core::release::{self, Approval, MAKER, Policy, Refused, Requirements, Trust};
use countersign_core::script::Program;
use countersign_core::text::Sources;
use countersign_requests::mapping::Mapping;
use countersign_requests::write::write;
use countersign_requests::{Format, Input, Options};
use countersign_workspace::journal::{Journal, Record};
use countersign_workspace::key::{Agent, SecretKey};
use countersign_workspace::{DiskFiles, MemoryFiles, Texts, load, load_cases, load_mapping_file, open, save_workspace};
use mutate::fuzz;

fn file(path: &str) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A refusal has findings in both languages with a remedy, and their places lie in its texts.
fn is_told(sources: &Sources, findings: &[Finding]) {
    assert!(!findings.is_empty());
    for finding in findings {
        assert!(finding.help.is_some() && !finding.message.en.is_empty() && !finding.message.zh.is_empty(), "{finding:?}");
        if let Some(span) = finding.span {
            let length = sources.get(span.source).unwrap_or_else(|| panic!("{finding:?}")).text().len();
            assert!(span.start <= span.end && span.end as usize <= length + 1, "{finding:?} in {length} bytes");
        }
    }
}

fn is_refused(refused: &Refused) {
    is_told(&refused.sources, &refused.findings);
}

#[test]
fn release_files() {
    fuzz("release", &[GOLDEN.to_vec()], |bytes| match release::read("r.ron", bytes) {
        Ok(read) => assert_eq!(release::write(&read).as_bytes(), bytes, "printed otherwise than read"),
        Err(refused) => is_refused(&refused),
    });
}

#[test]
fn signatures() {
    let release = small();
    let maker = Person::new(&release.provenance().maker);
    let requirements = Requirements::new(Policy::default(), trust([&maker]));
    let good = maker.sign(&release, MAKER, "2014-03-20T10:00:00+08:00");
    let seeds = [good.signature.clone().into_bytes(), file("tests/golden/signature.sig")];
    fuzz("signature", &seeds, |bytes| {
        let Ok(signature) = String::from_utf8(bytes.to_vec()) else { return };
        let is_good = signature == good.signature;
        let findings = match release::approve(&release, Approval { signature, ..good.clone() }) {
            Ok(signed) => release::verify_signatures(&signed, &requirements),
            Err(findings) => findings,
        };
        assert_eq!(findings.is_empty(), is_good, "one signature is good, and in one way of writing: {findings:?}");
    });
}

#[test]
fn allowed_signers() {
    let (one, other) = (Person::new("li.na").public, Person::new("wang").public);
    let text = format!(
        "# people\n\nli.na@bank.example {one}\n\"wang@bank.example\",*@it.bank.example,!x@it.bank.example \
         namespaces=\"git,countersign-*\",valid-after=\"20140320Z\",valid-before=\"20150320080000Z\" {other} a comment\r\n"
    );
    fuzz("allowed_signers", &[text.into_bytes()], |bytes| {
        if let Err(refused) = Trust::read("allowed_signers", bytes) {
            is_refused(&refused);
        }
    });
}

#[test]
fn policies() {
    fuzz("policy", &[file("rules/approvals.ron")], |bytes| {
        if let Err(refused) = Policy::read("approvals.ron", bytes) {
            is_refused(&refused);
        }
    });
}

#[test]
fn key_files() {
    let seed = Person::new("li.na").secret;
    fuzz("key", &[seed.into_bytes()], |bytes| {
        let Ok(is_encrypted) = SecretKey::is_encrypted(bytes) else { return };
        if !is_encrypted && let Ok(key) = SecretKey::read(bytes, None) {
            assert!(key.sign("text").is_ok());
        }
    });
}

/// An agent that answers with what was prepared.
struct Prepared(Cursor<Vec<u8>>);

impl Read for Prepared {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(into)
    }
}

impl Write for Prepared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn answers_of_an_agent() {
    let part = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    let blob = ssh_key::PublicKey::from_openssh(&Person::new("li.na").public).unwrap().to_bytes().unwrap();
    let keys = [&[12, 0, 0, 0, 1][..], &part(&blob), &part(b"comment")].concat();
    let signed = [&[14][..], &part(&[&part(b"ssh-ed25519")[..], &part(&[7; 64])].concat())].concat();
    let seed = [part(&keys), part(&signed)].concat();
    fuzz("agent", &[seed], |bytes| {
        let mut agent = Agent::new(Prepared(Cursor::new(bytes.to_vec())));
        for held in agent.keys().unwrap_or_default().iter().take(1) {
            // Whether its key made it is asked when it is put under a release.
            drop(agent.sign(held, "text"));
        }
    });
}

#[test]
fn journals() {
    let mut previous = Vec::new();
    let mut text = String::new();
    for number in 0..9 {
        let record = Record {
            previous,
            at: moment("2014-03-20T16:00:00+08:00"),
            who: "li.na@bank.example".to_owned(),
            what: countersign_workspace::journal::Action::ALL[number],
            from: None,
            to: Some(golden().digest()),
            version: "1".to_owned(),
            file: "released/1.ron".to_owned(),
            role: String::new(),
            comment: "why, 为何".to_owned(),
            target: "live.ron".to_owned(),
            statement: (number > 2).then(|| golden().digest()),
            signature: if number == 4 { "-----BEGIN SSH SIGNATURE-----\n".to_owned() } else { String::new() },
        };
        let (line, hash) = record.line();
        previous = vec![hash];
        text.extend([line.as_str(), "\n"]);
    }
    fuzz("journal", &[text.clone().into_bytes()], |bytes| {
        let journal = Journal::of(bytes.to_vec());
        let read = String::from_utf8_lossy(bytes);
        let read: Vec<&str> = read.split('\n').collect();
        for line in &journal.lines {
            let (printed, hash) = line.record.line();
            assert_eq!((printed.as_str(), hash), (read[line.number - 1].trim_start_matches('\u{feff}'), line.hash));
        }
        if !journal.findings.is_empty() {
            for finding in &journal.findings {
                is_told(&journal.sources, std::slice::from_ref(finding));
            }
        } else if !bytes.is_empty() {
            // Only whole lines from its beginning on make a chain without a fault.
            assert!(text.as_bytes().starts_with(bytes), "{}", String::from_utf8_lossy(bytes));
        }
    });
}

/// The files of a workspace in memory.
fn in_memory(root: &str) -> MemoryFiles {
    let files = MemoryFiles::new();
    files.take_over(&DiskFiles, Path::new(root)).unwrap();
    files
}

/// Reads a workspace of which one file is damaged. What can be read is saved without a change, and can be read again.
fn workspace_file(name: &str) {
    const ROOT: &str = "tests/card-payments";
    let path = format!("{ROOT}/{name}");
    fuzz(&path, &[file(&path)], |bytes| {
        let files = in_memory(ROOT);
        files.put(&path, bytes);
        let mut definition = match load(&files, ROOT) {
            Ok(definition) => definition,
            Err(failed) => return is_told(&failed.sources, &failed.findings),
        };
        let before = files.commits();
        let opened = open(&files, ROOT).unwrap();
        let same = (&opened.definition, &opened.cases);
        assert!(save_workspace(&files, ROOT, same, same, &opened.unread, Texts::default()).is_ok());
        assert_eq!(files.commits(), before, "nothing changed, and something was written");
        if let Err(failed) = load_cases(&files, ROOT, &mut definition) {
            is_told(&failed.sources, &failed.findings);
        }
    });
}

#[test]
fn rule_sets() {
    workspace_file("ruleset.ron");
}

#[test]
fn schemas() {
    workspace_file("schema.ron");
}

#[test]
fn cases() {
    workspace_file("cases/payments.ron");
}

#[test]
fn lists() {
    workspace_file("lists/goods.txt");
}

#[test]
fn mappings() {
    const ROOT: &str = "tests/card-payments";
    let files = in_memory(ROOT);
    let schema = load(&files, ROOT).unwrap().schema;
    let seeds = ["epoch", "payments"].map(|name| file(&format!("{ROOT}/mappings/{name}.ron")));
    fuzz("mapping", &seeds, |bytes| {
        files.put("m/x.ron", bytes);
        match load_mapping_file(&files, "m", "x.ron", &schema) {
            Ok(mapping) => assert_eq!(Mapping::from_ron(&mapping.to_ron()).unwrap(), mapping, "printed otherwise than read"),
            Err(failed) => is_told(&failed.sources, &failed.findings),
        }
    });
}

#[test]
fn scripts() {
    let golden = golden();
    let definition = golden.definition();
    let rules = definition.rule_set.rules().map(|(.., rule)| rule.script.text.as_bytes().to_vec());
    let shared = definition.rule_set.shared.iter().map(|shared| shared.text.as_bytes().to_vec());
    let seeds: Vec<Vec<u8>> = rules.chain(shared).collect();
    fuzz("script", &seeds, |bytes| {
        let mut definition = Definition::clone(definition);
        let text: Arc<str> = String::from_utf8_lossy(bytes).into();
        let source = definition.sources.add("fuzzed.rhai", Arc::clone(&text));
        let script = &mut definition.rule_set.stages[0].rules[0].script;
        (script.text, script.source) = (text, source);
        for finding in check_compiled(&definition, &Program::compile(&definition), None) {
            let Some(span) = finding.span else { continue };
            let length = definition.sources.get(span.source).unwrap().text().len();
            assert!(span.start <= span.end && span.end as usize <= length + 1, "{finding:?}");
        }
    });
}

#[test]
fn request_files() {
    let schema = Arc::new(load(&in_memory("rules"), "rules").unwrap().schema);
    let csv = String::from_utf8(file("assets/samples/signing-requests.csv")).unwrap();
    let few: String = csv.split_inclusive('\n').take(5).collect();
    let read = |format, bytes: Vec<u8>| {
        let input = Input::new("x", format, Arc::new(bytes));
        countersign_requests::read(&input, &schema, Options::default(), &Progress::default())
    };
    let table = read(Format::Csv, few.into_bytes()).unwrap().table;
    for format in [Format::Csv, Format::JsonLines, Format::Parquet] {
        let mut seed = Vec::new();
        write(&table, format, &mut seed, &Progress::default()).unwrap();
        fuzz(&format!("{format:?}"), &[seed], |bytes| {
            if let Ok(reading) = read(format, bytes.to_vec()) {
                // What was understood can be written and understood again.
                let mut again = Vec::new();
                write(&reading.table, format, &mut again, &Progress::default()).unwrap();
                assert_eq!(read(format, again).unwrap().table.len(), reading.table.len());
            }
        });
    }
}

#[test]
fn lines_of_a_decision_log() {
    let gateway = countersign_core::gateway::Gateway::load("golden", GOLDEN, Requirements::nothing()).unwrap();
    let serving = gateway.last();
    let mut request = serving.request();
    for (name, value) in [
        ("request.id", "1".into()),
        ("request.operation", "PAY".into()),
        ("request.received_at", "2014-04-01T00:00:00".into()),
        ("request.interface", "branch_1".into()),
        ("customer.id_hash", "3f5a".into()),
        ("customer.score", 0.9.into()),
        ("customer.verified", countersign_core::model::Scalar::Bool(true)),
    ] {
        request.set(name, value);
    }
    let request = request.finish().unwrap();
    let line = serving.log_line(&request, serving.answer(&serving.decide(&request)), "2014-04-01T00:00:00+08:00");
    fuzz("decision log", &[serde_json::to_vec(&line).unwrap()], |bytes| {
        let Ok(line) = serde_json::from_slice::<LogLine>(bytes) else { return };
        let printed = serde_json::to_string(&line).unwrap();
        let again: LogLine = serde_json::from_str(&printed).unwrap();
        assert_eq!((again.clone(), serde_json::to_string(&again).unwrap()), (line, printed));
    });
}
