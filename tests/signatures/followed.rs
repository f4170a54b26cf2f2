//! A gateway on its files: what each change of release, policy, signers and revocations does while it runs, and what a restart remembers.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use countersign_core::gateway::files::{Follower, GatewayFiles, NotStarted};
use countersign_core::gateway::{NotDecided, Scalar};

use crate::signatures::keys::principal;
use crate::signatures::state::{POLICY, What, World};

struct Followed {
    world: World,
    files: GatewayFiles,
    folder: PathBuf,
}

impl Followed {
    /// The first release and everything it is judged by, in the folder of the keys.
    fn new() -> Self {
        let world = World::new();
        let folder = world.keys.path("gateway");
        fs::create_dir_all(&folder).unwrap();
        let at = |name: &str| folder.join(name);
        let files = GatewayFiles {
            release: at("live.ron"),
            base: None,
            trust: Some((at("approvals.ron"), at("allowed_signers"))),
            revocations: Some(at("revocations.ron")),
            state: Some(at("state")),
        };
        let scene = Self { world, files, folder };
        scene.put("live.ron", scene.world.bytes(0));
        scene.put("approvals.ron", POLICY);
        scene.put("allowed_signers", scene.signers(&["li.na", "wang.wei", "zhao", "chen"]));
        scene.put("revocations.ron", scene.world.list(None, &What::default(), &["wang.wei"]).text());
        scene
    }

    fn signers(&self, names: &[&str]) -> String {
        let lines: Vec<String> =
            names.iter().map(|name| format!("{} {}\n", principal(name), self.world.keys.public(name))).collect();
        lines.concat()
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.folder.join("temporary"), bytes).unwrap();
        fs::rename(self.folder.join("temporary"), self.folder.join(name)).unwrap();
    }

    fn start(&self) -> Result<Follower, NotStarted> {
        Follower::start(&self.files)
    }
}

/// The number of the release that runs, and what is not in force and why.
fn told(follower: &Follower) -> (u64, String) {
    let status = follower.status().lock().unwrap().clone();
    let whys: Vec<String> = status.not_taken.iter().map(|(kind, one)| format!("{kind}: {}", one.why.en)).collect();
    (follower.gateway().last().release().sequence(), whys.join("\n"))
}

/// Follows until it is so: the number, and a part of what is not in force, or nothing.
#[track_caller]
fn until(follower: &mut Follower, number: u64, part: &str) {
    let began = Instant::now();
    loop {
        follower.step();
        let (found, why) = told(follower);
        if found == number && (if part.is_empty() { why.is_empty() } else { why.contains(part) }) {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{number} `{part}`: {found} `{why}`");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_release_taken_while_running_is_taken_by_a_restart_without_judging_it_again() {
    let scene = Followed::new();
    let mut follower = scene.start().unwrap();
    // Only points changed: IT alone approved it, which suffices against its base and against nothing else.
    scene.put("live.ron", scene.world.bytes(1));
    until(&mut follower, 2, "");
    drop(follower);
    let follower = scene.start().unwrap();
    assert_eq!(told(&follower), (2, String::new()));
    drop(follower);
    fs::remove_dir_all(scene.folder.join("state")).unwrap();
    let refused = scene.start().err().unwrap().to_string();
    assert!(refused.contains("(release-role)") || refused.contains("(release-base)"), "{refused}");
    scene.put("base.ron", scene.world.bytes(0));
    let files = GatewayFiles { base: Some(scene.folder.join("base.ron")), ..scene.files.clone() };
    let follower = Follower::start(&files).unwrap();
    assert_eq!(told(&follower), (2, String::new()));
    // An older one is never served again.
    drop(follower);
    scene.put("live.ron", scene.world.bytes(0));
    let follower = scene.start().unwrap();
    let (number, why) = told(&follower);
    assert!(number == 2 && why.contains("(release-older)"), "{why}");
}

#[test]
fn policy_signers_and_revocations_are_in_force_as_soon_as_they_change() {
    let scene = Followed::new();
    let mut follower = scene.start().unwrap();
    // A signer is removed, and listed again: the release that was refused is judged again by itself.
    scene.put("allowed_signers", scene.signers(&["li.na", "wang.wei"]));
    until(&mut follower, 1, "");
    std::thread::sleep(Duration::from_millis(150));
    follower.step();
    scene.put("live.ron", scene.world.bytes(1));
    until(&mut follower, 1, "(release-untrusted)");
    scene.put("allowed_signers", scene.signers(&["li.na", "wang.wei", "zhao"]));
    until(&mut follower, 2, "");
    // While the policy cannot be read nobody knows what a release needs.
    scene.put("approvals.ron", "(format: 1, approvals: ");
    until(&mut follower, 2, "trust: ");
    scene.put("live.ron", scene.world.bytes(2));
    for _ in 0..20 {
        follower.step();
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(told(&follower).0, 2);
    scene.put("approvals.ron", POLICY);
    until(&mut follower, 3, "");
    // A key is revoked while the gateway runs; then the release that runs; and an older list changes nothing.
    let world = &scene.world;
    let first = world.list(None, &What::default(), &["wang.wei"]);
    let keys = world.list(Some(&first), &What { keys: &["zhao"], ..What::default() }, &["wang.wei"]);
    scene.put("revocations.ron", keys.text());
    std::thread::sleep(Duration::from_millis(20));
    until_list(&mut follower, 2);
    scene.put("live.ron", world.bytes(3));
    until(&mut follower, 3, "(release-");
    assert!(follower.gateway().serving().is_ok());
    let serving = world.list(Some(&keys), &What { releases: &[2], ..What::default() }, &["wang.wei"]);
    scene.put("revocations.ron", serving.text());
    until_list(&mut follower, 3);
    let refused = follower.gateway().decide([("request.id", Scalar::from("1"))]).unwrap_err();
    assert!(matches!(refused, NotDecided::Revoked(_)), "{refused}");
    scene.put("revocations.ron", first.text());
    until(&mut follower, 3, "revocations: ");
    assert!(follower.gateway().serving().is_err());
    drop(follower);
    // Neither is served after a restart, with the newest list or without any.
    scene.put("revocations.ron", serving.text());
    let refused = scene.start().err().unwrap().to_string();
    assert!(refused.contains("(release-revoked)"), "{refused}");
    fs::remove_file(scene.folder.join("revocations.ron")).unwrap();
    assert!(matches!(scene.start(), Err(NotStarted::File(_))));
}

/// Follows until that list is known.
#[track_caller]
fn until_list(follower: &mut Follower, number: u64) {
    let began = Instant::now();
    while follower.gateway().state().revocations().is_none_or(|list| list.sequence != number) {
        follower.step();
        assert!(began.elapsed() < Duration::from_secs(10), "{}", told(follower).1);
        std::thread::sleep(Duration::from_millis(20));
    }
}
