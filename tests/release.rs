//! Releases by the library's own door: large lists, and a release made, loaded and refused as other programs would.

use std::sync::Arc;

use crate::common::releases::{changed, golden};
use countersign_core::diagnostic::Severity;
use countersign_core::gateway::{Gateway, Requirements};
use countersign_core::model::{Definition, ListEntries, Rule, Script};
use countersign_core::release::{self, Release};

/// The golden release with another list of blocked identities.
fn with_blocked(entries: Vec<Arc<str>>) -> Release {
    changed(|definition| definition.rule_set.lists.get_mut("blocked_ids").unwrap().entries = ListEntries::Text(entries.into()))
}

/// Sorted 64-digit hashes, as identities are blocked.
fn hashes(count: u64) -> Vec<Arc<str>> {
    (0..count).map(|number| format!("{:064x}", u128::from(number) << 64).into()).collect()
}

#[test]
fn a_release_is_its_own_source() {
    let golden = golden();
    let again = release::create(golden.definition(), golden.evidence(), golden.provenance()).unwrap();
    // Only the approvals are not taken over, nobody has approved what was just made; and this program names its own script engine.
    let engine = |profile: u32| format!("\"profile\":\"{profile}\"");
    assert_eq!(again.approvals().len(), 0);
    assert_eq!(again.canonical(), golden.canonical().replacen(&engine(1), &engine(release::PROFILE), 1));
}

#[test]
fn a_long_list_stands_in_the_release_and_decides() {
    let release = with_blocked(hashes(20_000));
    let text = release::write(&release);
    assert!(text.len() > 20_000 * 65);
    let gateway = Gateway::load("r.ron", text.as_bytes(), Requirements::nothing()).unwrap();
    let decide = |identity: &str| {
        let fields = [
            ("request.id", "1".into()),
            ("request.operation", "PAY".into()),
            ("request.received_at", "2014-04-01T00:00:00".into()),
            ("request.interface", "branch_1".into()),
            ("customer.id_hash", identity.into()),
            ("customer.score", 0.5.into()),
            ("customer.verified", true.into()),
        ];
        gateway.decide(fields).unwrap().hits
    };
    assert!(decide(&hashes(20_000)[19_999]).contains(&"blocked".to_owned()));
    assert!(!decide("ffff").contains(&"blocked".to_owned()));
    // One entry swapped in the middle is seen.
    let altered = text.replacen("000000000000000a0000000000000000\n", "000000000000000b0000000000000000\n", 1);
    assert_ne!(altered, text);
    assert!(Gateway::load("r.ron", altered.as_bytes(), Requirements::nothing()).is_err());
}

/// Rules and entries of the large release.
const LARGE: (u32, u64) = (1_000, 1_000_000);
/// Says that this process is the one that works on the large release.
const AT_WORK: &str = "COUNTERSIGN_LARGE_RELEASE";

/// A thousand rules more, and a million short identities, sorted.
fn enlarge(definition: &mut Definition) {
    let (rules, entries) = LARGE;
    let entries: Vec<Arc<str>> = (0..entries).map(|number| format!("{:012x}", number << 20).into()).collect();
    definition.rule_set.lists.get_mut("blocked_ids").unwrap().entries = ListEntries::Text(entries.into());
    let model = definition.rule_set.stages[1].rules[0].clone();
    for number in 0..rules {
        let text =
            format!("if customer.score > 0.{number:03} && (customer.age ?? 99) < {} {{ score(1, \"RISKY\") }}\n", 18 + number % 50);
        let (file, text) = (format!("risk/r{number}.rhai"), Arc::<str>::from(text));
        let source = definition.sources.add(&file, Arc::clone(&text));
        let id = format!("r{number}").try_into().unwrap();
        definition.rule_set.stages[1].rules.push(Rule { id, script: Script { file, text, source }, ..model.clone() });
    }
}

/// The most memory this process has had, in MB.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1024
}

/// Makes, verifies, loads and replaces the large release in a process of its own, and says after each step how much memory that took.
#[test]
fn work_on_a_large_release() {
    if std::env::var_os(AT_WORK).is_none() {
        return;
    }
    let began = std::time::Instant::now();
    let say = |step: &str| println!("{step} {} {}", began.elapsed().as_millis(), most_memory());
    let made = changed(enlarge);
    let bytes = release::write(&made).as_bytes().to_vec();
    drop(made);
    say("made");
    println!("size {}", bytes.len());
    let read = release::read("large.ron", &bytes).unwrap();
    let findings = release::verify(&read, &Requirements::nothing(), None, None);
    assert!(findings.iter().all(|finding| finding.severity != Severity::Error), "{findings:?}");
    drop(read);
    say("verified");
    let gateway = Gateway::load("large.ron", &bytes, Requirements::nothing()).unwrap();
    assert_eq!(gateway.last().release().definition().rule_set.rules().count(), 6 + LARGE.0 as usize);
    say("loaded");
    for round in 0..4 {
        gateway.replace("large.ron", &bytes).unwrap();
        say(&format!("replaced-{round}"));
    }
}

/// The budgets of the README are for an optimised build on a quiet machine; these hold for any build on any machine.
#[test]
#[cfg(target_os = "linux")]
fn a_release_of_a_thousand_rules_and_a_million_entries_keeps_its_budgets() {
    const SECONDS: u64 = 180;
    const MEGABYTES: u64 = 480;
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "release::work_on_a_large_release", "--nocapture"]).env(AT_WORK, "1");
    // One heap for all threads: what is alive counts, not how much of it each thread's heap keeps.
    let output = command.env("MALLOC_ARENA_MAX", "1").output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{said}");
    let of = |step: &str| {
        let line = said.lines().find_map(|line| line.split_once(step)).unwrap_or_else(|| panic!("no `{step}` in {said}")).1;
        let numbers: Vec<u64> = line.split_whitespace().map(|number| number.parse().unwrap()).collect();
        (numbers[0], numbers.last().copied().unwrap())
    };
    assert!(of("size").0 > 13_000_000, "{said}");
    let (milliseconds, memory) = of("replaced-3");
    assert!(milliseconds < SECONDS * 1_000 && memory < MEGABYTES, "{said}");
    // Flat: reading it again takes nothing more, and releases that were replaced are gone. The first replacements leave gaps in the heap.
    assert!(of("loaded").1 * 10 <= of("made").1 * 11, "{said}");
    assert!(memory * 10 <= of("replaced-1").1 * 11, "{said}");
}
