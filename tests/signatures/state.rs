//! What a gateway remembers and what is revoked: each way to bring back an older release, or to hide what was revoked, by its name.

use std::io;
use std::sync::{Arc, Mutex};

use countersign::gateway::{Gateway, Keep, Named, Refused, Revocations, StartFiles, Started, State};
use countersign::model::Value;
use countersign::release::{
    self, Clock, LeastRelease, Policy, REVOCATION_NAMESPACE, Release, Requirements, RevocationSignature, RevokedKey, RevokedRelease,
};

use crate::common::releases::{changed, made_after, moment};
use crate::keys::{Keys, approval, principal, read_trust, signed};

/// Points alone need IT; everything else needs the head office too.
const POLICY: &str = r#"(
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

impl Keep for Folder {
    fn keep(&self, state: &str, release: &[u8]) -> io::Result<()> {
        let mut shelf = self.0.lock().unwrap();
        if shelf.is_full {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        (shelf.state, shelf.copies) = (Some(state.to_owned()), vec![release.to_vec()]);
        Ok(())
    }
}

struct World {
    keys: Keys,
    requirements: Requirements,
    /// Four releases in a line, each with other points than the one before; then a second one in the second place.
    releases: Vec<Release>,
}

/// The places of releases in a world.
const FORK: usize = 4;

impl World {
    fn new() -> Self {
        let keys = Keys::new(&["li.na", "wang.wei", "zhao", "chen"]);
        let lines = |name: &str| format!("{} {}\n", principal(name), keys.public(name));
        let trust = read_trust(&["li.na", "wang.wei", "zhao", "chen"].map(lines).concat());
        let policy = Policy::read("approvals.ron", POLICY.as_bytes()).unwrap();
        let requirements = Requirements::new(policy, trust).by(Clock::at(moment(NOW).at));
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

    fn bytes(&self, at: usize) -> &[u8] {
        release::write(&self.releases[at]).as_bytes()
    }

    fn start(&self, files: StartFiles<'_>, folder: &Folder) -> Result<Started, Refused> {
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
    fn list(&self, before: Option<&Revocations>, what: &What, by: &[&str]) -> Revocations {
        let (time, reason) = (moment("2014-03-20T18:00:00+08:00"), || "a test".to_owned());
        let releases =
            what.releases.iter().map(|at| RevokedRelease { release: self.releases[*at].digest(), time, reason: reason() });
        let keys = what.keys.iter().map(|name| RevokedKey { key: self.fingerprint(name), time, reason: reason() });
        let least = what.minimum.map(|sequence| LeastRelease { sequence, time, reason: reason() });
        let list = Revocations::adding(before, releases, keys, least).unwrap_or_else(|refused| panic!("{refused}"));
        by.iter().fold(list, |list, name| {
            let text = list.statement(&principal(name), time);
            let signature = self.keys.signer(name, "").sign_for(REVOCATION_NAMESPACE, &text).unwrap();
            list.signed(RevocationSignature { principal: principal(name), time, signature }).unwrap()
        })
    }

    fn fingerprint(&self, name: &str) -> String {
        let file = self.keys.path(&format!("{name}.pub"));
        let said = crate::keys::run("ssh-keygen", &["-l", "-f", file.to_str().unwrap()], b"").stdout;
        String::from_utf8(said).unwrap().split(' ').nth(1).unwrap().to_owned()
    }
}

/// What is revoked.
#[derive(Clone, Copy, Default)]
struct What {
    releases: &'static [usize],
    keys: &'static [&'static str],
    minimum: Option<u64>,
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
        let copies: Vec<Named<'_>> = scenario.copies.iter().map(|at| ("copy.ron", world.bytes(*at))).collect();
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
                let ids: Vec<_> = started.refused.iter().flat_map(|refused| &refused.findings).map(|one| one.id).collect();
                assert!(if refused.is_empty() { ids.is_empty() } else { ids.contains(refused) }, "{name}: {ids:?}");
                // What was taken now is kept; and so is a copy that was lost.
                let is_kept = scenario.copies.contains(&(usize::try_from(*sequence).unwrap() - 1));
                assert_eq!(folder.0.lock().unwrap().copies.is_empty(), is_kept && scenario.state.is_some(), "{name}");
            }
            (Err(refused), Err(id)) => {
                assert_eq!(refused.findings[0].id, *id, "{name}: {refused}");
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
    let state = State::read("state.ron", text.as_bytes()).unwrap();
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
        let refused = State::read("state.ron", bad.as_bytes()).expect_err(&what);
        assert!(bad.is_empty() || refused.to_string().starts_with("state.ron:"), "{what}: {refused}");
        assert!(refused.findings.iter().all(|one| one.id == "gateway-state"), "{what}: {refused}");
    }
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
    let state = State::read("state.ron", text.as_bytes()).unwrap();
    assert_eq!((state.taken().len(), state.last().unwrap().sequence), (64, 71));
    assert!(text.contains("\n    dropped: 7,\n") && text.len() < 64 * 500, "{} bytes", text.len());
}

#[test]
fn a_release_that_cannot_be_kept_is_not_taken() {
    let world = World::new();
    let (gateway, folder) = world.running(0);
    folder.0.lock().unwrap().is_full = true;
    let refused = gateway.replace("2.ron", world.bytes(1)).unwrap_err();
    assert_eq!(refused.findings[0].id, "gateway-keep");
    assert_eq!((gateway.digest(), gateway.state().taken().len()), (world.releases[0].digest(), 1));
    // A list of revocations is in force all the same: it must not wait for space.
    let list = world.list(None, &What { releases: &[0], ..What::default() }, &["wang.wei"]);
    assert_eq!(gateway.revoke("revocations.ron", list.text().as_bytes()).unwrap_err().findings[0].id, "gateway-keep");
    assert_eq!(gateway.serving().unwrap_err().findings[0].id, "release-revoked");
    folder.0.lock().unwrap().is_full = false;
    gateway.replace("2.ron", world.bytes(1)).unwrap();
    assert_eq!(gateway.serving().unwrap().release().sequence(), 2);
    let full = Folder::default();
    full.0.lock().unwrap().is_full = true;
    let first = StartFiles { offered: Some(("1.ron", world.bytes(0))), ..StartFiles::default() };
    assert_eq!(world.start(first, &full).unwrap_err().findings[0].id, "gateway-keep");
}
