//! What a gateway remembers and what is revoked: each way to bring back an older release, or to hide what was revoked, by its name.

use std::io;
use std::sync::{Arc, Mutex};

use countersign_core::diagnostic::Finding;
use countersign_core::gateway::{Gateway, GatewayState, NamedFile, Refused, Revocations, StartFiles, StartedGateway, StateStore};
use countersign_core::model::Value;
use countersign_core::release::{
    self, Approval, Digest, LeastRelease, Policy, REVOCATION_NAMESPACE, Release, Requirements, RevocationSignature, RevokedKey,
    RevokedRelease, VerifierClock,
};

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use crate::common::releases::{changed, made_after, moment};
use crate::signatures::keys::{Keys, approval, principal, read_trust, signed};

/// Points alone need IT; everything else needs the head office too.
pub const POLICY: &str = r#"(
    format: 1,
    approvals: 1,
    roles: [
        (id: "head_office_risk", title: (en: "Head-office risk", zh: "总行风险"), principals: ["wang.wei@bank.example"]),
        (id: "it", title: (en: "IT", zh: "信息科技"), principals: ["zhao@bank.example"]),
    ],
    needs: [
        (change: Parameter("points"), role: "it"),
        (change: Stage("*"), role: "head_office_risk"),
        (change: Schema, role: "head_office_risk"),
    ],
    release_format: 2,
)"#;
const NOW: &str = "2014-03-21T00:00:00+08:00";

/// What a gateway kept.
#[derive(Default)]
struct Shelf {
    state: Option<String>,
    copies: Vec<Vec<u8>>,
    is_full: bool,
}

/// A folder that may be full.
#[derive(Clone, Default)]
struct Folder(Arc<Mutex<Shelf>>);

impl StateStore for Folder {
    fn keep(&self, state: &str, release: &[u8]) -> io::Result<()> {
        let mut held = self.0.lock().unwrap();
        if held.is_full {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        (held.state, held.copies) = (Some(state.to_owned()), vec![release.to_vec()]);
        Ok(())
    }
}

pub struct World {
    pub keys: Keys,
    requirements: Requirements,
    /// Four releases in a line, each with other points than the one before; then a second one in the second place.
    releases: Vec<Release>,
}

/// The places of releases in a world.
const FORK: usize = 4;

impl World {
    pub fn new() -> Self {
        let keys = Keys::new(&["li.na", "wang.wei", "zhao", "chen"]);
        let lines = |name: &str| format!("{} {}\n", principal(name), keys.public(name));
        let trust = read_trust(&["li.na", "wang.wei", "zhao", "chen"].map(lines).concat());
        let policy = Policy::read("approvals.ron", POLICY.as_bytes()).unwrap();
        let requirements = Requirements::new(policy, trust).by(VerifierClock::at(moment(NOW).at));
        let mut world = Self { keys, requirements, releases: Vec::new() };
        for at in 0..5 {
            let base = if at == FORK { Some(0) } else { at.checked_sub(1) };
            let release = world.release(60 + i64::try_from(at).unwrap(), base.map(|base| &world.releases[base]));
            world.releases.push(release);
        }
        world
    }

    /// A release with those points: submitted, and approved by IT, for the first one by the head office too.
    fn release(&self, points: i64, base: Option<&Release>) -> Release {
        let definition = changed(|one| one.rule_set.parameters.get_mut("points").unwrap().value = Value::Int(points));
        let release = made_after(definition.definition(), "2014-03-20T10:00:00+08:00", base);
        let by = |name, role, time| approval(&self.keys, &release, name, role, time);
        let mut approvals = vec![by("li.na", "maker", "2014-03-20T11:00:00+08:00"), by("zhao", "it", "2014-03-20T12:00:00+08:00")];
        if base.is_none() {
            approvals.push(by("wang.wei", "head_office_risk", "2014-03-20T13:00:00+08:00"));
        }
        signed(&release, approvals)
    }

    pub fn bytes(&self, at: usize) -> &[u8] {
        release::write(&self.releases[at]).as_bytes()
    }

    fn start(&self, files: StartFiles<'_>, folder: &Folder) -> Result<StartedGateway, Refused> {
        Gateway::start(files, self.requirements.clone(), Box::new(folder.clone()))
    }

    /// A gateway that took the first releases, up to that one.
    fn running(&self, last: usize) -> (Gateway, Folder) {
        let folder = Folder::default();
        let first = StartFiles { offered: Some(("1.ron", self.bytes(0))), ..StartFiles::default() };
        let gateway = self.start(first, &folder).unwrap_or_else(|refused| panic!("{refused}")).gateway;
        for at in 1..=last {
            gateway.replace("next.ron", self.bytes(at)).unwrap_or_else(|refused| panic!("{refused}"));
        }
        (gateway, folder)
    }

    /// The state of a gateway that took those.
    fn state(&self, last: usize) -> String {
        self.running(last).1.0.lock().unwrap().state.clone().unwrap()
    }

    /// A list that somebody signed.
    pub fn list(&self, before: Option<&Revocations>, what: &What, by: &[&str]) -> Revocations {
        let (time, reason) = (moment("2014-03-20T18:00:00+08:00"), || "a test".to_owned());
        let releases =
            what.releases.iter().map(|at| RevokedRelease { release: self.releases[*at].digest(), time, reason: reason() });
        let keys = what.keys.iter().map(|name| RevokedKey { key: self.fingerprint(name), time, reason: reason() });
        let least = what.minimum.map(|sequence| LeastRelease { sequence, time, reason: reason() });
        let list =
            Revocations::adding("revocations.ron", before, releases, keys, least).unwrap_or_else(|refused| panic!("{refused}"));
        by.iter().fold(list, |list, name| {
            let text = list.statement(&principal(name), time);
            let signature = self.keys.signer(name, "").sign_for(REVOCATION_NAMESPACE, &text).unwrap();
            list.signed(RevocationSignature { principal: principal(name), time, signature }).unwrap()
        })
    }

    fn fingerprint(&self, name: &str) -> String {
        let file = self.keys.path(&format!("{name}.pub"));
        let said = crate::signatures::keys::run("ssh-keygen", &["-l", "-f", file.to_str().unwrap()], b"").stdout;
        String::from_utf8(said).unwrap().split(' ').nth(1).unwrap().to_owned()
    }
}

/// What is revoked.
#[derive(Clone, Copy, Default)]
pub struct What {
    pub releases: &'static [usize],
    pub keys: &'static [&'static str],
    pub minimum: Option<u64>,
}

/// A start: the state after so many releases, the copies, the release and the base that are given, and what is served then: the number
/// of the release, and what is refused; or why nothing is.
struct Scenario {
    name: &'static str,
    state: Option<usize>,
    copies: &'static [usize],
    offered: Option<usize>,
    base: Option<usize>,
    served: Result<(u64, &'static str), &'static str>,
}

const SCENARIOS: &[Scenario] = &[
    Scenario { name: "first start", state: None, copies: &[], offered: Some(0), base: None, served: Ok((1, "")) },
    Scenario { name: "restart", state: Some(1), copies: &[1], offered: Some(1), base: None, served: Ok((2, "")) },
    Scenario { name: "restart without the copy", state: Some(1), copies: &[], offered: Some(1), base: None, served: Ok((2, "")) },
    Scenario { name: "restart with an old copy", state: Some(1), copies: &[0], offered: Some(1), base: None, served: Ok((2, "")) },
    Scenario { name: "nothing is offered", state: Some(1), copies: &[0, 1], offered: None, base: None, served: Ok((2, "")) },
    Scenario { name: "newer after a restart", state: Some(1), copies: &[1], offered: Some(2), base: None, served: Ok((3, "")) },
    Scenario {
        name: "older after a restart",
        state: Some(1),
        copies: &[1],
        offered: Some(0),
        base: None,
        served: Ok((2, "release-older")),
    },
    Scenario {
        name: "another of the same number",
        state: Some(1),
        copies: &[1],
        offered: Some(FORK),
        base: Some(0),
        served: Ok((2, "release-older")),
    },
    Scenario {
        name: "one left out",
        state: Some(1),
        copies: &[1],
        offered: Some(3),
        base: Some(2),
        served: Ok((2, "release-base")),
    },
    Scenario {
        name: "newer, and the copy is missing",
        state: Some(1),
        copies: &[0],
        offered: Some(2),
        base: None,
        served: Err("gateway-state"),
    },
    Scenario { name: "newer, with its base", state: Some(1), copies: &[], offered: Some(2), base: Some(1), served: Ok((3, "")) },
    Scenario {
        name: "older, and the copy is missing",
        state: Some(1),
        copies: &[],
        offered: Some(0),
        base: None,
        served: Err("gateway-state"),
    },
    Scenario {
        name: "the copy is an older one",
        state: Some(1),
        copies: &[0],
        offered: None,
        base: Some(0),
        served: Err("gateway-state"),
    },
    Scenario {
        name: "the state is an older one",
        state: Some(0),
        copies: &[1],
        offered: None,
        base: None,
        served: Err("gateway-state"),
    },
    Scenario { name: "no state, no base", state: None, copies: &[], offered: Some(1), base: None, served: Err("release-base") },
    Scenario { name: "no state, with the base", state: None, copies: &[], offered: Some(1), base: Some(0), served: Ok((2, "")) },
    Scenario {
        name: "no state, the copy is the base",
        state: None,
        copies: &[0],
        offered: Some(1),
        base: None,
        served: Ok((2, "")),
    },
    Scenario { name: "no state, a decoy", state: None, copies: &[], offered: Some(1), base: Some(2), served: Err("release-base") },
    Scenario { name: "no state, itself", state: None, copies: &[], offered: Some(1), base: Some(1), served: Err("release-base") },
    Scenario { name: "nothing at all", state: None, copies: &[1], offered: None, base: None, served: Err("gateway-state") },
];

#[test]
fn a_restart_serves_what_was_taken_last_and_nothing_older() {
    let world = World::new();
    // What the restart is spared: without its base nobody knows what the second release changed.
    assert!(Gateway::load("2.ron", world.bytes(1), world.requirements.clone()).is_err());
    for scenario in SCENARIOS {
        let Scenario { name, served, .. } = scenario;
        let state = scenario.state.map(|last| world.state(last));
        let copies: Vec<NamedFile<'_>> = scenario.copies.iter().map(|at| ("copy.ron", world.bytes(*at))).collect();
        let files = StartFiles {
            offered: scenario.offered.map(|at| ("live.ron", world.bytes(at))),
            base: scenario.base.map(|at| ("base.ron", world.bytes(at))),
            state: state.as_ref().map(|text| ("state.ron", text.as_bytes())),
            kept: &copies,
            revocations: None,
        };
        let folder = Folder::default();
        match (world.start(files, &folder), served) {
            (Ok(started), Ok((sequence, refused))) => {
                assert_eq!(started.gateway.last().release().sequence(), *sequence, "{name}");
                let ids: Vec<_> = started.refused.iter().flat_map(|refused| &refused.findings).map(Finding::id).collect();
                assert!(if refused.is_empty() { ids.is_empty() } else { ids.contains(refused) }, "{name}: {ids:?}");
                // What was taken now is kept; and so is a copy that was lost.
                let is_kept = scenario.copies.contains(&(usize::try_from(*sequence).unwrap() - 1));
                assert_eq!(folder.0.lock().unwrap().copies.is_empty(), is_kept && scenario.state.is_some(), "{name}");
            }
            (Err(refused), Err(id)) => {
                assert_eq!(refused.findings[0].id(), *id, "{name}: {refused}");
                assert!(refused.findings.iter().all(|one| one.help.is_some() && !one.message.zh.is_ascii()), "{name}");
            }
            (found, _) => panic!("{name}: {found:?}"),
        }
    }
}

#[test]
fn a_state_with_any_byte_changed_and_any_line_cut_moved_or_doubled_is_refused_at_its_place() {
    let world = World::new();
    let text = world.state(3);
    let state = GatewayState::read("state.ron", text.as_bytes()).unwrap();
    assert_eq!((state.text(), state.taken().len()), (text.clone(), 4));
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut bad: Vec<(String, String)> = Vec::new();
    for at in 0..lines.len() {
        let without = |from: usize, to: usize| [&lines[..from], &lines[to..]].concat().concat();
        bad.push((format!("line {} removed", at + 1), without(at, at + 1)));
        bad.push((format!("line {} doubled", at + 1), [&lines[..=at], &lines[at..]].concat().concat()));
        bad.push((format!("cut before line {}", at + 1), lines[..at].concat()));
    }
    let entries: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].trim_start().starts_with("sequence: ")).collect();
    let size = entries[1] - entries[0];
    let whole = |at: usize| lines[entries[at] - 1..entries[at] - 1 + size].concat();
    let (first, last) = (whole(0), whole(3));
    bad.push(("the last entry removed".into(), text.replacen(&last, "", 1)));
    bad.push(("the first entry removed".into(), text.replacen(&first, "", 1)));
    bad.push(("entries exchanged".into(), text.replacen(&first, "#", 1).replacen(&last, &first, 1).replacen('#', &last, 1)));
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
        bad.push((format!("byte {at}"), String::from_utf8(bytes).unwrap()));
    }
    for (what, bad) in bad {
        let refused = GatewayState::read("state.ron", bad.as_bytes()).expect_err(&what);
        assert!(bad.is_empty() || refused.to_string().starts_with("state.ron:"), "{what}: {refused}");
        assert!(refused.findings.iter().all(|one| one.id() == "gateway-state"), "{what}: {refused}");
    }
}

#[test]
fn the_copy_that_is_kept_names_the_last_entry_of_the_journal() {
    let world = World::new();
    let draft = made_after(world.releases[1].definition(), "2014-03-20T10:00:00+08:00", Some(&world.releases[0]));
    let entry = Digest::of(b"the last entry");
    let submission = approval(&world.keys, &draft, "li.na", "maker", "2014-03-20T11:00:00+08:00");
    let mut checked = Approval { journal: Some(entry), ..approval(&world.keys, &draft, "zhao", "it", "2014-03-20T12:00:00+08:00") };
    checked.signature = world.keys.signer("zhao", "").sign(&draft.signed_text(&checked)).unwrap();
    let (gateway, folder) = world.running(0);
    let offered = signed(&draft, [submission, checked]);
    gateway.replace("next.ron", release::write(&offered).as_bytes()).unwrap_or_else(|refused| panic!("{refused}"));
    let kept = folder.0.lock().unwrap();
    let copy = release::read("copy.ron", &kept.copies[0]).unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(copy.anchors().map(|(entry, _)| entry).collect::<Vec<_>>(), [entry]);
    assert!(kept.state.as_ref().unwrap().contains(&copy.digest().to_string()));
    let other = String::from_utf8(kept.copies[0].clone()).unwrap().replace(&entry.to_string(), &Digest::of(b"").to_string());
    assert!(release::read("copy.ron", other.as_bytes()).is_err());
}

#[test]
fn only_the_last_releases_are_kept_and_the_chain_goes_on() {
    let world = World::new();
    let requirements = Requirements::nothing();
    let folder = Folder::default();
    let first = StartFiles { offered: Some(("1.ron", world.bytes(0))), ..StartFiles::default() };
    let gateway = Gateway::start(first, requirements, Box::new(folder.clone())).unwrap().gateway;
    let mut live = world.releases[0].clone();
    for points in 0..70 {
        let definition = changed(|one| one.rule_set.parameters.get_mut("points").unwrap().value = Value::Int(points));
        live = made_after(definition.definition(), "2014-03-20T10:00:00+08:00", Some(&live));
        gateway.replace("next.ron", release::write(&live).as_bytes()).unwrap();
    }
    let text = folder.0.lock().unwrap().state.clone().unwrap();
    let state = GatewayState::read("state.ron", text.as_bytes()).unwrap();
    assert_eq!((state.taken().len(), state.last().unwrap().sequence), (64, 71));
    assert!(text.contains("\n    dropped: 7,\n") && text.len() < 64 * 500, "{} bytes", text.len());
}

#[test]
fn a_release_that_cannot_be_kept_is_not_taken() {
    let world = World::new();
    let (gateway, folder) = world.running(0);
    folder.0.lock().unwrap().is_full = true;
    let refused = gateway.replace("2.ron", world.bytes(1)).unwrap_err();
    assert_eq!(refused.findings[0].id(), "gateway-keep");
    assert_eq!((gateway.digest(), gateway.state().taken().len()), (world.releases[0].digest(), 1));
    // A list of revocations is in force all the same: it must not wait for space.
    let list = world.list(None, &What { releases: &[0], ..What::default() }, &["wang.wei"]);
    assert_eq!(gateway.revoke("revocations.ron", list.text().as_bytes()).unwrap_err().findings[0].id(), "gateway-keep");
    assert_eq!(gateway.serving().unwrap_err().findings[0].id(), "release-revoked");
    folder.0.lock().unwrap().is_full = false;
    gateway.replace("2.ron", world.bytes(1)).unwrap();
    assert_eq!(gateway.serving().unwrap().release().sequence(), 2);
    let full = Folder::default();
    full.0.lock().unwrap().is_full = true;
    let first = StartFiles { offered: Some(("1.ron", world.bytes(0))), ..StartFiles::default() };
    assert_eq!(world.start(first, &full).unwrap_err().findings[0].id(), "gateway-keep");
}

/// A list of revocations, what is done to its text, and the release that is offered with it to a gateway that took the second; what
/// speaks first against the list, or else against the release, and whether the gateway decides afterwards.
struct Revoking {
    name: &'static str,
    /// What each list adds to the one before; the last is given.
    lists: &'static [What],
    by: &'static [&'static str],
    text: fn(&str) -> String,
    list: &'static str,
    offered: usize,
    taken: &'static str,
    decides: bool,
}

const NOTHING: What = What { releases: &[], keys: &[], minimum: None };
const THIRD: What = What { releases: &[2], ..NOTHING };
const SECOND: What = What { releases: &[1], ..NOTHING };

fn revokings() -> Vec<Revoking> {
    let same: fn(&str) -> String = str::to_owned;
    let good =
        Revoking { name: "", lists: &[THIRD], by: &["wang.wei"], text: same, list: "", offered: 2, taken: "", decides: true };
    vec![
        Revoking { name: "the release offered", taken: "release-revoked", ..good },
        Revoking { name: "the release that serves", lists: &[SECOND], offered: 0, taken: "release-older", decides: false, ..good },
        Revoking { name: "the release that serves, and a newer one", lists: &[SECOND], ..good },
        Revoking { name: "added to", lists: &[THIRD, SECOND], taken: "release-revoked", decides: false, ..good },
        Revoking { name: "the least number", lists: &[What { minimum: Some(3), ..NOTHING }], ..good },
        Revoking {
            name: "a higher least number",
            lists: &[What { minimum: Some(4), ..NOTHING }],
            taken: "release-revoked",
            decides: false,
            ..good
        },
        Revoking { name: "a key", lists: &[What { keys: &["zhao"], ..NOTHING }], taken: "release-revoked-key", ..good },
        Revoking { name: "the maker's key", lists: &[What { keys: &["li.na"], ..NOTHING }], taken: "release-revoked-key", ..good },
        Revoking { name: "a key that signed nothing here", lists: &[What { keys: &["chen"], ..NOTHING }], ..good },
        Revoking { name: "unsigned", by: &[], list: "revocation-list", ..good },
        Revoking { name: "by somebody without a role", by: &["li.na"], list: "release-role", ..good },
        Revoking {
            name: "by the key that it revokes",
            lists: &[What { keys: &["wang.wei"], ..NOTHING }],
            list: "release-revoked-key",
            ..good
        },
        Revoking {
            name: "a release taken out",
            lists: &[What { releases: &[2, 3], ..NOTHING }],
            text: |text| {
                let start = text.find("        (\n").unwrap();
                let end = start + text[start..].find("        ),\n").unwrap() + "        ),\n".len();
                format!("{}{}", &text[..start], &text[end..])
            },
            list: "release-signature",
            ..good
        },
        Revoking { name: "another reason", text: |text| text.replacen("a test", "a jest", 1), list: "release-signature", ..good },
        Revoking {
            name: "another number",
            text: |text| text.replacen("sequence: 1", "sequence: 9", 1),
            list: "release-signature",
            ..good
        },
        Revoking {
            name: "another format",
            text: |text| text.replacen("format: 1", "format: 2", 1),
            list: "revocation-list",
            ..good
        },
        Revoking { name: "cut", text: |text| text[..text.len() / 2].to_owned(), list: "revocation-list", ..good },
        Revoking { name: "a blank more", text: |text| text.replacen("keys: []", "keys: [ ]", 1), list: "revocation-list", ..good },
        Revoking {
            name: "signed for another purpose",
            text: |text| text.replacen("2NhdGlvbgAA", "2NhdGlvZgAA", 1),
            list: "revocation-list",
            ..good
        },
    ]
}

#[test]
fn what_is_revoked_is_refused_and_a_revoked_release_decides_nothing() {
    let world = World::new();
    for revoking in revokings() {
        let name = revoking.name;
        let (gateway, folder) = world.running(1);
        let mut list = None;
        for what in revoking.lists {
            list = Some(world.list(list.as_ref(), what, revoking.by));
        }
        let text = (revoking.text)(&list.unwrap().text());
        let first = |refused: Refused| refused.findings[0].id();
        let found = gateway.revoke("revocations.ron", text.as_bytes());
        assert_eq!(found.map_err(first).err().unwrap_or_default(), revoking.list, "{name}");
        let is_known = gateway.state().revocations().is_some();
        assert_eq!(is_known, revoking.list.is_empty(), "{name}");
        let found = gateway.replace("next.ron", world.bytes(revoking.offered)).map_err(|refused| {
            let ids: Vec<_> = refused.findings.iter().map(Finding::id).collect();
            assert!(refused.findings.iter().all(|one| one.help.is_some() && !one.message.zh.is_ascii()), "{name}");
            if ids.contains(&revoking.taken) { revoking.taken } else { ids[0] }
        });
        assert_eq!(found.err().unwrap_or_default(), revoking.taken, "{name}");
        assert_eq!(gateway.serving().is_ok(), revoking.decides, "{name}");
        // A restart with the list knows the same; without it, or with one before it, it does not start.
        let state = folder.0.lock().unwrap().state.clone().unwrap();
        let copies = folder.0.lock().unwrap().copies.clone();
        let copies: Vec<NamedFile<'_>> = copies.iter().map(|copy| ("copy.ron", copy.as_slice())).collect();
        let files = StartFiles { state: Some(("state.ron", state.as_bytes())), kept: &copies, ..StartFiles::default() };
        let with = |list: Option<&str>| {
            let files = StartFiles { revocations: list.map(|text| ("revocations.ron", text.as_bytes())), ..files };
            world.start(files, &folder).map(|started| started.gateway.digest()).map_err(first)
        };
        if is_known {
            let expected = if revoking.decides { Ok(gateway.digest()) } else { Err("release-revoked") };
            assert_eq!(with(Some(&text)), expected, "{name}");
            assert_eq!(with(None), Err("gateway-state"), "{name}");
            let other = world.list(None, &What { keys: &["chen", "li.na"], ..NOTHING }, &["wang.wei"]).text();
            assert_eq!(with(Some(&other)), Err("revocation-list"), "{name}: another list of the same or an earlier number");
        } else {
            assert_eq!(with(None), Ok(gateway.digest()), "{name}");
        }
    }
}

#[test]
fn only_a_newer_list_takes_the_place_of_the_one_known() {
    let world = World::new();
    let (gateway, _) = world.running(1);
    let first = world.list(None, &THIRD, &["wang.wei"]);
    let second = world.list(Some(&first), &What { keys: &["chen"], ..NOTHING }, &["zhao"]);
    let take =
        |list: &Revocations| gateway.revoke("revocations.ron", list.text().as_bytes()).map_err(|refused| refused.to_string());
    take(&second).unwrap();
    let why = take(&first).unwrap_err();
    assert_eq!(why, "revocations.ron:4:15: this is list 1, and the gateway knows list 2 already (revocation-list)");
    take(&second).unwrap();
    assert!(gateway.replace("3.ron", world.bytes(2)).is_err(), "what the first list revoked is in the second too");
    // The policy may ask for two, and a key may have run out since.
    let policy = POLICY.replace("release_format: 2,", "release_format: 2, revokers: (principals: [\"*\"], signatures: 2),");
    let policy = Policy::read("approvals.ron", policy.as_bytes()).unwrap();
    let strict = Requirements { policy, ..world.requirements.clone() };
    let why = second.verify(&strict).unwrap_err().to_string();
    assert!(why.ends_with("the list has 1 signature and needs 2 (revocation-list)"), "{why}");
    assert!(second.verify_signatures(&strict).is_ok());
    let both = world.list(Some(&first), &What { keys: &["chen"], ..NOTHING }, &["zhao", "li.na"]);
    both.verify(&strict).unwrap();
    let late = strict.by(VerifierClock::at(moment("2014-03-20T17:00:00+08:00").at));
    assert_eq!(both.verify(&late).unwrap_err().findings[0].id(), "release-clock");
    // The real program checks what the statement says.
    let one = &second.signatures()[0];
    let lines = format!("{} {}\n", one.principal, world.keys.public("zhao"));
    let allowed = world.keys.write("allowed_signers", &lines);
    let statement = second.statement(&one.principal, one.time);
    let verify = |text: &str| world.keys.verify_for(REVOCATION_NAMESPACE, &allowed, &one.principal, &one.signature, text);
    assert!(verify(&statement) && !verify(&statement.replacen("a test", "a jest", 1)));
}

/// Something that is done to a gateway.
#[derive(Clone, Debug)]
enum Deed {
    Offer(usize),
    /// Ended and started again, with a release and a base at hand; without the copy where that is lost.
    Restart(Option<usize>, Option<usize>, bool),
    Full(bool),
    /// A list that revokes a release more.
    Revoke(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (0_usize..5).prop_map(Deed::Offer),
        3 => (prop::option::of(0_usize..5), prop::option::of(0_usize..5), any::<bool>()).prop_map(|(a, b, c)| Deed::Restart(a, b, c)),
        1 => any::<bool>().prop_map(Deed::Full),
        1 => (0_usize..5).prop_map(Deed::Revoke),
    ]
}

#[test]
fn whatever_is_offered_the_release_that_is_served_never_falls() {
    let world = World::new();
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let deeds = prop::collection::vec(deed(), 1..14);
    let ran = runner.run(&deeds, |deeds| {
        let (gateway, folder) = world.running(0);
        let (mut gateway, mut list, mut served) = (Some(gateway), None::<Revocations>, 1);
        for deed in deeds {
            match &deed {
                Deed::Offer(at) => drop(gateway.as_ref().map(|gateway| gateway.replace("next.ron", world.bytes(*at)))),
                Deed::Full(is_full) => folder.0.lock().unwrap().is_full = *is_full,
                Deed::Revoke(at) => {
                    let what = What { releases: [&[0], &[1], &[2], &[3], &[4_usize]][*at], ..NOTHING };
                    let next = world.list(list.as_ref(), &what, &["wang.wei"]);
                    drop(gateway.as_ref().map(|gateway| gateway.revoke("revocations.ron", next.text().as_bytes())));
                    list = Some(next);
                }
                Deed::Restart(offered, base, is_lost) => {
                    let (state, copies) = {
                        let held = folder.0.lock().unwrap();
                        (held.state.clone().unwrap(), held.copies.clone())
                    };
                    let copies: Vec<NamedFile<'_>> = copies.iter().map(|copy| ("copy.ron", copy.as_slice())).collect();
                    let text = list.as_ref().map(Revocations::text);
                    let files = StartFiles {
                        offered: offered.map(|at| ("live.ron", world.bytes(at))),
                        base: base.map(|at| ("base.ron", world.bytes(at))),
                        state: Some(("state.ron", state.as_bytes())),
                        kept: if *is_lost { &[] } else { &copies },
                        revocations: text.as_ref().map(|text| ("revocations.ron", text.as_bytes())),
                    };
                    gateway = world.start(files, &folder).ok().map(|started| started.gateway);
                }
            }
            let Some(gateway) = &gateway else { continue };
            let now = gateway.last().release().sequence();
            prop_assert!(now >= served, "{:?}: {} after {}", deed, now, served);
            served = now;
            if let Ok(serving) = gateway.serving() {
                let revoked = list.as_ref().and_then(|list| list.of(serving.release()));
                prop_assert!(revoked.is_none(), "{:?}: a revoked release decides", deed);
            }
            let kept = GatewayState::read("state.ron", folder.0.lock().unwrap().state.clone().unwrap().as_bytes()).unwrap();
            prop_assert_eq!(kept.last().unwrap().sequence, now, "what decides is kept");
        }
        Ok(())
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
}
