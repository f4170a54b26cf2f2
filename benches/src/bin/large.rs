//! Releases of 5 MB and of 1,000 rules with a list of 1,000,000 entries: made, verified with their signatures, loaded and replaced by a
//! gateway; the time of each and the most memory the program has had until then.
//!
//! `cargo run --release --manifest-path benches/Cargo.toml --bin large [RULES] [ENTRIES]`; needs `ssh-keygen`.

use std::error::Error;
use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use countersign_core::gateway::Gateway;
use countersign_core::model::{Definition, ListEntries};
use countersign_workspace::key::SecretKey;
use countersign_core::release::{self, Approval, CheckEvidence, Coverage, Digest, Evidence, MAKER, Policy, Provenance, Release, Requirements, SampleEvidence, Trust, VerdictCounts};
use countersign_benches::clock::argument;
use countersign_benches::world::{Failed, generated, shipped};

const MADE: &str = "2014-03-20T09:00:00+08:00";
const LATER: &str = "2014-03-20T16:00:00+08:00";

fn main() -> Result<(), Failed> {
    let (rules, entries) = (argument(1, 1_000), argument(2, 1_000_000));
    let people = People::new()?;
    println!("| release | step | seconds | most memory so far, MB |\n|---|---|---:|---:|");
    measure("5 MB, the shipped rules", with_list(shipped()?, 74_000)?, &people)?;
    let name = format!("{rules} rules, a list of {entries} entries");
    measure(&name, with_list(generated(rules)?, entries)?, &people)
}

/// The definition with that many hashed identities on the first list.
fn with_list(mut definition: Definition, count: usize) -> Result<Definition, Failed> {
    let hashes: Vec<Arc<str>> = (0..count).map(|number| format!("{:064x}", (number as u128) << 64).into()).collect();
    let list = definition.rule_set.lists.values_mut().find(|list| matches!(list.entries, ListEntries::Text(_)));
    list.ok_or("the shipped workspace has no list of texts")?.entries = ListEntries::Text(hashes.into());
    Ok(definition)
}

fn measure(name: &str, definition: Definition, people: &People) -> Result<(), Failed> {
    let step = |what: &str, began: Instant| {
        println!("| {name} | {what} | {:.2} | {} |", began.elapsed().as_secs_f64(), most_memory() >> 20);
    };
    step("(before)", Instant::now());
    let began = Instant::now();
    let made = release::create(&definition, &evidence(&definition), &provenance()?).map_err(|findings| format!("{findings:?}"))?;
    step("made", began);
    drop(definition);
    let signed = people.sign(&made)?;
    let bytes = release::write(&signed).as_bytes().to_vec();
    drop((made, signed));
    step(&format!("signed: {:.1} MB", bytes.len() as f64 / 1e6), began);
    let began = Instant::now();
    let read = release::read("large.ron", &bytes)?;
    step("… read", began);
    let findings = release::verify(&read, &people.requirements, None, None);
    if let Some(finding) = findings.iter().find(|finding| finding.severity == countersign_core::diagnostic::Severity::Error) {
        return Err(finding.message.en.clone().into());
    }
    drop(read);
    step("verified", began);
    let began = Instant::now();
    let gateway = Gateway::load("large.ron", &bytes, people.requirements.clone())?;
    step("loaded by a gateway", began);
    for round in 1..=3 {
        let began = Instant::now();
        gateway.replace("large.ron", &bytes)?;
        step(&format!("replaced, {round}"), began);
    }
    Ok(())
}

/// A maker and a checker, and who trusts them.
struct People {
    keys: [(&'static str, &'static str, SecretKey); 2],
    requirements: Requirements,
}

impl People {
    fn new() -> Result<Self, Failed> {
        let folder = std::env::temp_dir().join(format!("countersign-large-{}", std::process::id()));
        fs::create_dir(&folder)?;
        let people = Self::with_keys_in(&folder);
        fs::remove_dir_all(&folder)?;
        people
    }

    fn with_keys_in(folder: &std::path::Path) -> Result<Self, Failed> {
        let mut lines = String::new();
        let mut key = |name: &str| -> Result<SecretKey, Failed> {
            let file = folder.join(name);
            Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]).arg(&file).status()?;
            lines += &format!("{name} {}", fs::read_to_string(file.with_extension("pub"))?);
            SecretKey::read(&fs::read(&file)?, None).map_err(|error| format!("{error:?}").into())
        };
        let keys = [("li", MAKER, key("li")?), ("wang", "checker", key("wang")?)];
        let trust = Trust::read("allowed_signers", lines.as_bytes())?;
        Ok(Self { keys, requirements: Requirements::new(Policy::of(1), trust) })
    }

    fn sign(&self, release: &Release) -> Result<Release, Failed> {
        let text = release.canonical();
        self.keys.iter().zip([MADE, LATER]).try_fold(release.clone(), |release, ((name, role, key), time)| {
            let approval = Approval {
                principal: (*name).to_owned(),
                role: (*role).to_owned(),
                time: time.to_owned().try_into()?,
                signature: key.sign(&text).map_err(|error| format!("{error:?}"))?,
            };
            release::approve(&release, approval).map_err(|findings| format!("{findings:?}").into())
        })
    }
}

fn provenance() -> Result<Provenance, Box<dyn Error>> {
    Ok(Provenance { maker: "li".to_owned(), created_at: MADE.to_owned().try_into()?, comment: String::new(), rolls_back: None })
}

/// Evidence of one request; what is measured does not depend on it.
fn evidence(definition: &Definition) -> Evidence {
    Evidence {
        rule_set: release::rule_set_digest(&definition.rule_set, definition.schema.zone),
        schema: release::schema_digest(&definition.schema),
        cases: None,
        samples: vec![SampleEvidence {
            file: "requests.csv".to_owned(),
            digest: Digest::of(b"requests"),
            mapping: None,
            requests: 1,
            verdicts: VerdictCounts::new([1, 0, 0, 0]),
            failed: 0,
        }],
        coverage: Coverage { rules: definition.rule_set.rules().count() as u64, hit_by_cases: 0, hit_by_samples: 1 },
        against: None,
        check: CheckEvidence { warnings: 0, notes: 0 },
    }
}

/// The most memory this program has had, in bytes; 0 where the system does not say.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) << 10
}
