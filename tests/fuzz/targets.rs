//! The readers that fuzzing feeds, each with its seeds and its promises: it comes to an end, what it accepts is printed as it was read,
//! and a refusal has a place and a remedy in both languages.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::Arc;

use crate::common::people::{Person, trust};
use crate::common::releases::{GOLDEN, golden, moment, small};
use countersign_core::check::check_compiled;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::engine::Engine;
use countersign_core::gateway::{Gateway, LogLine, Scalar};
use countersign_core::model::Definition;
use countersign_core::progress::Progress;
use countersign_core::release::{self, Approval, MAKER, Policy, Refused, Requirements, Trust};
use countersign_core::script::Program;
use countersign_core::text::Sources;
use countersign_prove::{Budget, ProofAnswer, ProofOptions, Prover, Question, Subject};
use countersign_requests::mapping::Mapping;
use countersign_requests::write::write;
use countersign_requests::{Format, Input, ReadOptions};
use countersign_workspace::journal::{Journal, JournalRecord};
use countersign_workspace::key::{Agent, SecretKey};
use countersign_workspace::{DiskFiles, FileTexts, MemoryFiles, load, load_cases, load_mapping_file, open, save_workspace};

type Reader = Box<dyn Fn(&[u8])>;

/// One kind of input that others write, with good examples of it.
pub struct Target {
    pub seeds: Vec<Vec<u8>>,
    /// Reads an input and panics where its reader does not keep a promise.
    pub read: Reader,
}

impl Target {
    fn new(seeds: Vec<Vec<u8>>, read: impl Fn(&[u8]) + 'static) -> Self {
        Self { seeds, read: Box::new(read) }
    }
}

/// What fuzzes a target: with every target's name.
#[macro_export]
macro_rules! for_each_target {
    ($do:ident) => {
        $do! {
            release_files
            signatures
            allowed_signers
            policies
            key_files
            answers_of_an_agent
            journals
            rule_sets
            schemas
            cases
            lists
            mappings
            scripts
            proofs
            gateway_requests
            csv_files
            json_lines_files
            parquet_files
            lines_of_a_decision_log
        }
    };
}

fn file(path: &str) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A refusal has findings in both languages with a remedy, and their places lie in its texts.
fn assert_explained(sources: &Sources, findings: &[Finding]) {
    assert!(!findings.is_empty());
    for finding in findings {
        assert!(finding.help.is_some() && !finding.message.en.is_empty() && !finding.message.zh.is_empty(), "{finding:?}");
        if let Some(span) = finding.span {
            let length = sources.get(span.source).unwrap_or_else(|| panic!("{finding:?}")).text().len();
            assert!(span.start <= span.end && span.end as usize <= length + 1, "{finding:?} in {length} bytes");
        }
    }
}

fn assert_refused(refused: &Refused) {
    assert_explained(&refused.sources, &refused.findings);
}

pub fn release_files() -> Target {
    Target::new(vec![GOLDEN.to_vec()], |bytes| match release::read("r.ron", bytes) {
        Ok(read) => assert_eq!(release::write(&read).as_bytes(), bytes, "printed otherwise than read"),
        Err(refused) => assert_refused(&refused),
    })
}

pub fn signatures() -> Target {
    let release = small();
    let maker = Person::new(&release.provenance().maker);
    let requirements = Requirements::new(Policy::default(), trust([&maker]));
    let good = maker.sign(&release, MAKER, "2014-03-20T10:00:00+08:00");
    let seeds = vec![good.signature.clone().into_bytes(), file("tests/golden/signature.sig")];
    Target::new(seeds, move |bytes| {
        let Ok(signature) = String::from_utf8(bytes.to_vec()) else { return };
        let is_good = signature == good.signature;
        let findings = match release::approve(&release, Approval { signature, ..good.clone() }) {
            Ok(signed) => release::verify_signatures(&signed, &requirements),
            Err(findings) => findings,
        };
        assert_eq!(findings.is_empty(), is_good, "one signature is good, and in one way of writing: {findings:?}");
    })
}

pub fn allowed_signers() -> Target {
    let (one, other) = (Person::new("li.na").public, Person::new("wang").public);
    let text = format!(
        "# people\n\nli.na@bank.example {one}\n\"wang@bank.example\",*@it.bank.example,!x@it.bank.example \
         namespaces=\"git,countersign-*\",valid-after=\"20140320Z\",valid-before=\"20150320080000Z\" {other} a comment\r\n"
    );
    Target::new(vec![text.into_bytes()], |bytes| {
        if let Err(refused) = Trust::read("allowed_signers", bytes) {
            assert_refused(&refused);
        }
    })
}

pub fn policies() -> Target {
    Target::new(vec![file("rules/approvals.ron")], |bytes| {
        if let Err(refused) = Policy::read("approvals.ron", bytes) {
            assert_refused(&refused);
        }
    })
}

pub fn key_files() -> Target {
    let seed = Person::new("li.na").secret;
    Target::new(vec![seed.into_bytes()], |bytes| {
        let Ok(is_encrypted) = SecretKey::is_encrypted(bytes) else { return };
        if !is_encrypted && let Ok(key) = SecretKey::read(bytes, None) {
            assert!(key.sign("text").is_ok());
        }
    })
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

pub fn answers_of_an_agent() -> Target {
    let part = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    let blob = ssh_key::PublicKey::from_openssh(&Person::new("li.na").public).unwrap().to_bytes().unwrap();
    let keys = [&[12, 0, 0, 0, 1][..], &part(&blob), &part(b"comment")].concat();
    let signed = [&[14][..], &part(&[&part(b"ssh-ed25519")[..], &part(&[7; 64])].concat())].concat();
    let seed = [part(&keys), part(&signed)].concat();
    Target::new(vec![seed], |bytes| {
        let mut agent = Agent::new(Prepared(Cursor::new(bytes.to_vec())));
        for held in agent.keys().unwrap_or_default().iter().take(1) {
            // Whether its key made it is asked when it is put under a release.
            drop(agent.sign(held, "text"));
        }
    })
}

pub fn journals() -> Target {
    let mut previous = Vec::new();
    let mut text = String::new();
    for number in 0..9 {
        let record = JournalRecord {
            previous,
            at: moment("2014-03-20T16:00:00+08:00"),
            who: "li.na@bank.example".to_owned(),
            what: countersign_workspace::journal::JournalAction::ALL[number],
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
    Target::new(vec![text.clone().into_bytes()], move |bytes| {
        let journal = Journal::of(bytes.to_vec());
        let read = String::from_utf8_lossy(bytes);
        let read: Vec<&str> = read.split('\n').collect();
        for line in &journal.lines {
            let (printed, hash) = line.record.line();
            assert_eq!((printed.as_str(), hash), (read[line.number - 1].trim_start_matches('\u{feff}'), line.hash));
        }
        if !journal.findings.is_empty() {
            for finding in &journal.findings {
                assert_explained(&journal.sources, std::slice::from_ref(finding));
            }
        } else if !bytes.is_empty() {
            // Only whole lines from its beginning on make a chain without a fault.
            assert!(text.as_bytes().starts_with(bytes), "{}", String::from_utf8_lossy(bytes));
        }
    })
}

/// The files of a workspace in memory.
fn in_memory(root: &str) -> MemoryFiles {
    let files = MemoryFiles::new();
    files.take_over(&DiskFiles, Path::new(root)).unwrap();
    files
}

/// Reads a workspace of which one file is damaged. What can be read is saved without a change, and can be read again.
fn workspace_file(name: &str) -> Target {
    const ROOT: &str = "tests/card-payments";
    let path = format!("{ROOT}/{name}");
    Target::new(vec![file(&path)], move |bytes| {
        let files = in_memory(ROOT);
        files.put(&path, bytes);
        let mut definition = match load(&files, ROOT) {
            Ok(definition) => definition,
            Err(failed) => return assert_explained(&failed.sources, &failed.findings),
        };
        let before = files.commits();
        let opened = open(&files, ROOT).unwrap();
        let same = (&opened.definition, &opened.cases);
        assert!(save_workspace(&files, ROOT, same, same, &opened.unread, FileTexts::default()).is_ok());
        assert_eq!(files.commits(), before, "nothing changed, and something was written");
        if let Err(failed) = load_cases(&files, ROOT, &mut definition) {
            assert_explained(&failed.sources, &failed.findings);
        }
    })
}

pub fn rule_sets() -> Target {
    workspace_file("ruleset.ron")
}

pub fn schemas() -> Target {
    workspace_file("schema.ron")
}

pub fn cases() -> Target {
    workspace_file("cases/payments.ron")
}

pub fn lists() -> Target {
    workspace_file("lists/goods.txt")
}

pub fn mappings() -> Target {
    const ROOT: &str = "tests/card-payments";
    let files = in_memory(ROOT);
    let schema = load(&files, ROOT).unwrap().schema;
    let seeds = ["epoch", "payments"].into_iter().map(|name| file(&format!("{ROOT}/mappings/{name}.ron"))).collect();
    Target::new(seeds, move |bytes| {
        files.put("m/x.ron", bytes);
        match load_mapping_file(&files, "m", "x.ron", &schema) {
            Ok(mapping) => assert_eq!(Mapping::from_ron(&mapping.to_ron()).unwrap(), mapping, "printed otherwise than read"),
            Err(failed) => assert_explained(&failed.sources, &failed.findings),
        }
    })
}

/// The golden release's rules, one of which has this script.
fn with_script(definition: &Definition, bytes: &[u8]) -> Definition {
    let mut definition = definition.clone();
    let text: Arc<str> = String::from_utf8_lossy(bytes).into();
    let source = definition.sources.add("fuzzed.rhai", Arc::clone(&text));
    let script = &mut definition.rule_set.stages[0].rules[0].script;
    (script.text, script.source) = (text, source);
    definition
}

fn golden_scripts() -> Vec<Vec<u8>> {
    let golden = golden();
    let rule_set = &golden.definition().rule_set;
    let rules = rule_set.rules().map(|(.., rule)| rule.script.text.as_bytes().to_vec());
    rules.chain(rule_set.shared.iter().map(|shared| shared.text.as_bytes().to_vec())).collect()
}

pub fn scripts() -> Target {
    let golden = golden();
    Target::new(golden_scripts(), move |bytes| {
        let definition = with_script(golden.definition(), bytes);
        for finding in check_compiled(&definition, &Program::compile(&definition), None) {
            let Some(span) = finding.span else { continue };
            let length = definition.sources.get(span.source).unwrap().text().len();
            assert!(span.start <= span.end && span.end as usize <= length + 1, "{finding:?}");
        }
    })
}

/// Any script without an error gets its questions answered, and a request that is an answer does what the question asks for.
pub fn proofs() -> Target {
    let golden = golden();
    Target::new(golden_scripts(), move |bytes| {
        let definition = Arc::new(with_script(golden.definition(), bytes));
        let compiled = Program::compile(&definition);
        if check_compiled(&definition, &compiled, None).iter().any(|finding| finding.severity == Severity::Error) {
            return;
        }
        let engine = Engine::new(Arc::clone(&definition), compiled.program);
        let budget = Budget { steps: 5_000, size: 200_000, attempts: 2 };
        let options = ProofOptions { budget, ..ProofOptions::default() };
        let subject = Subject { definition: &definition, plan: engine.plan(), decide: &engine };
        let Ok(mut prover) = Prover::new(subject, &options, &Arc::new(Progress::default())) else { return };
        for question in prover.questions() {
            let (rule, fails) = match question {
                Question::Fires(rule) => (rule, false),
                Question::Fails(rule) => (rule, true),
                _ => continue,
            };
            let ProofAnswer::Request(witness) = prover.ask(question) else { continue };
            let decision = engine.interpret(&witness.request);
            let mut hits = decision.hits.iter().chain(&decision.shadow_hits);
            let does =
                if fails { decision.errors.iter().any(|error| error.rule == Some(rule)) } else { hits.any(|hit| *hit == rule) };
            assert!(does, "{question:?} of {witness:?}: {decision:?}");
        }
    })
}

/// A request as a gateway gets it: a JSON object of fields.
pub fn gateway_requests() -> Target {
    let gateway = Gateway::load("golden", GOLDEN, Requirements::nothing()).unwrap();
    let seed =
        br#"{"request.id":"1","request.operation":"PAY","request.received_at":"2014-04-01T00:00:00","request.interface":"branch_1",
        "customer.id_hash":"3f5a","customer.score":0.9,"customer.verified":true,"customer.age":null}"#;
    Target::new(vec![seed.to_vec()], move |bytes| {
        let Ok(fields) = serde_json::from_slice::<BTreeMap<String, Scalar>>(bytes) else { return };
        let serving = gateway.last();
        let mut request = serving.request();
        for (name, value) in fields {
            request.set(&name, value);
        }
        match request.finish() {
            Ok(request) => drop(serving.decide(&request)),
            Err(errors) => assert!((1..=20).contains(&errors.0.len()), "{errors}"),
        }
    })
}

pub fn csv_files() -> Target {
    request_file(Format::Csv)
}

pub fn json_lines_files() -> Target {
    request_file(Format::JsonLines)
}

pub fn parquet_files() -> Target {
    request_file(Format::Parquet)
}

fn request_file(format: Format) -> Target {
    let schema = Arc::new(load(&in_memory("rules"), "rules").unwrap().schema);
    let csv = String::from_utf8(file("assets/samples/signing-requests.csv")).unwrap();
    let few: String = csv.split_inclusive('\n').take(5).collect();
    let read = move |format, bytes: Vec<u8>| {
        let input = Input::new("x", format, Arc::new(bytes));
        countersign_requests::read(&input, &schema, ReadOptions::default(), &Progress::default())
    };
    let table = read(Format::Csv, few.into_bytes()).unwrap().table;
    let mut seed = Vec::new();
    write(&table, format, &mut seed, &Progress::default()).unwrap();
    Target::new(vec![seed], move |bytes| {
        if let Ok(reading) = read(format, bytes.to_vec()) {
            // What was read can be written and read again.
            let mut again = Vec::new();
            write(&reading.table, format, &mut again, &Progress::default()).unwrap();
            assert_eq!(read(format, again).unwrap().table.len(), reading.table.len());
        }
    })
}

pub fn lines_of_a_decision_log() -> Target {
    let gateway = Gateway::load("golden", GOLDEN, Requirements::nothing()).unwrap();
    let serving = gateway.last();
    let mut request = serving.request();
    for (name, value) in [
        ("request.id", "1".into()),
        ("request.operation", "PAY".into()),
        ("request.received_at", "2014-04-01T00:00:00".into()),
        ("request.interface", "branch_1".into()),
        ("customer.id_hash", "3f5a".into()),
        ("customer.score", 0.9.into()),
        ("customer.verified", Scalar::Bool(true)),
    ] {
        request.set(name, value);
    }
    let request = request.finish().unwrap();
    let line = serving.log_line(&request, serving.answer(&serving.decide(&request)), "2014-04-01T00:00:00+08:00");
    Target::new(vec![serde_json::to_vec(&line).unwrap()], |bytes| {
        let Ok(line) = serde_json::from_slice::<LogLine>(bytes) else { return };
        let printed = serde_json::to_string(&line).unwrap();
        let again: LogLine = serde_json::from_str(&printed).unwrap();
        assert_eq!((again.clone(), serde_json::to_string(&again).unwrap()), (line, printed));
    })
}
