//! A release's way from draft to live and beyond by the command line, with real keys, and the journal of it.
#![cfg(feature = "cli")]
mod journal;
mod model;
mod revoke;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::common::scratch::{Ran, Scratch, copy, replace_after};

/// A copy of the shipped workspace with keys for its people.
struct Bank(Scratch);

const POLICY: &str = r#"(
    format: 1,
    approvals: 2,
    roles: [
        (id: "head_office_risk", title: (en: "Head-office risk", zh: "总行风险"), principals: ["wang@bank.example"]),
        (id: "it", title: (en: "IT", zh: "信息科技"), principals: ["zhao@bank.example", "wang@bank.example"]),
    ],
    needs: [(change: Stage("limits"), role: "head_office_risk")],
)
"#;

impl Bank {
    fn new() -> Self {
        let bank = Self(Scratch::new(60));
        copy("rules", bank.path("rules"));
        // Its cases pin every parameter, which change here.
        fs::remove_dir_all(bank.path("rules/cases")).unwrap();
        let mut signers = String::new();
        for name in ["li", "wang", "zhao"] {
            let key = bank.path(name);
            let made =
                Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]).arg(&key).status().unwrap();
            assert!(made.success());
            let public = fs::read_to_string(bank.path(&format!("{name}.pub"))).unwrap();
            signers += &[name, "@bank.example namespaces=\"countersign-*\" ", &public].concat();
        }
        fs::write(bank.path("rules/allowed_signers"), signers).unwrap();
        fs::write(bank.path("rules/approvals.ron"), POLICY).unwrap();
        bank
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    /// Of somebody's key, as `ssh-keygen -l` shows it.
    fn fingerprint(&self, name: &str) -> String {
        let shown = Command::new("ssh-keygen").args(["-l", "-f"]).arg(self.path(&format!("{name}.pub"))).output().unwrap();
        String::from_utf8(shown.stdout).unwrap().split(' ').nth(1).unwrap().to_owned()
    }

    /// Runs the program in the folder; `~` in an argument stands for a blank.
    #[track_caller]
    fn check(&self, args: &str, code: i32, said: &[&str]) -> String {
        self.0.run_inside(args).says(code, said).text()
    }

    /// Changes a parameter and the version.
    fn set(&self, version: &str, min_age: u32) {
        let file = self.path("rules/ruleset.ron");
        let text = fs::read_to_string(&file).unwrap();
        let text = replace_after(&text, "\"min_age\": (type: Int, value: ", &min_age.to_string());
        fs::write(&file, replace_after(&text, "version: \"", version)).unwrap();
    }

    /// Changes a parameter, and makes a release of the version.
    fn create(&self, version: &str, min_age: u32, day: u32, more: &str) {
        self.set(version, min_age);
        let create = format!(
            "release create rules --requests requests.csv --maker li@bank.example --created-at 2014-03-{day}T09:00:00+08:00"
        );
        self.check(&format!("{create} {more}"), 0, &[&format!("written: rules/released/{version}.ron")]);
    }

    /// A signature at an hour of a day in March: `20T10`.
    fn sign(&self, verb: &str, version: &str, key: &str, at: &str, code: i32, said: &[&str]) -> String {
        let at = format!("2014-03-{at}:00:00+08:00");
        self.check(&format!("release {verb} rules/released/{version}.ron --key {key} --at {at}"), code, said)
    }
}

#[test]
fn rules_of_the_live_release_are_switched_off_with_the_approvals_that_the_policy_asks_for_that() {
    let bank = Bank::new();
    let switch_off = "release switch-off RULE --requests requests.csv --maker li@bank.example --comment false~alarms --acknowledge all~of~them --created-at 2014-03-21T09:00:00+08:00";
    let switch_off = |rule: &str, code, said: &[&str]| bank.check(&switch_off.replace("RULE", rule), code, said);
    switch_off("velocity_card", 2, &["release-switch-off", "no release is live"]);
    let policy = POLICY.replace("    needs:", "    switch_off: (role: \"it\"),\n    needs:");
    fs::write(bank.path("rules/approvals.ron"), policy).unwrap();
    bank.create("1", 16, 20, "");
    bank.sign("submit", "1", "li", "20T10", 0, &[]);
    bank.check(
        "release show rules/released/1.ron",
        0,
        &["who must sign: 0 of 2 approvals", "- Head-office risk: 0 of 1; may sign: wang@"],
    );
    bank.check("release approve rules/released/1.ron --key wang --role head_office_risk --at 2014-03-20T11:00:00+08:00", 0, &[]);
    bank.sign("approve", "1", "zhao", "20T12", 0, &[]);
    bank.check("release publish rules/released/1.ron --by zhao@bank.example --to live.ron", 0, &[]);
    switch_off("no_such_rule", 2, &["the live release 1 has no active rule `no_such_rule`"]);
    switch_off("9x", 2, &["`9x` cannot be the id of a rule"]);
    // What the workspace holds meanwhile does not matter: the live release is what is changed.
    bank.set("2", 18);
    let rule = active_rule(&bank);
    switch_off(&rule, 0, &["written: rules/released/1-off-1.ron", "set `status: Off` in the workspace too"]);
    bank.check(
        "release show rules/released/1-off-1.ron --against rules/released/1.ron",
        0,
        &["1 change since", "who must sign: 0 of 1 approvals", "- IT: 0 of 1; may sign: wang@bank.example, zhao@bank.example"],
    );
    bank.sign("submit", "1-off-1", "li", "21T10", 0, &[]);
    bank.check(
        "release publish rules/released/1-off-1.ron --by zhao@bank.example",
        1,
        &["release-too-few-approvals", "release-role"],
    );
    bank.sign("approve", "1-off-1", "zhao", "21T11", 0, &["approved by zhao@bank.example as it"]);
    bank.check("release publish rules/released/1-off-1.ron --by zhao@bank.example --to live.ron", 0, &["published by"]);
    let verify = "release verify live.ron --allowed-signers rules/allowed_signers --policy rules/approvals.ron --against";
    bank.check(&format!("{verify} rules/released/1.ron"), 0, &["approved by zhao@bank.example (it)"]);
    // The same release where the policy names who publishes, and where switching off is no kind of its own.
    let publishers = POLICY.replace("    needs:", "    publishers: [\"wang@bank.example\"],\n    needs:");
    fs::write(bank.path("rules/approvals.ron"), publishers).unwrap();
    bank.check("release publish rules/released/1-off-1.ron --by zhao@bank.example", 1, &["release-publisher", "these may: wang@"]);
    bank.check("release publish rules/released/1-off-1.ron --by wang@bank.example", 1, &["release-publisher", "no key was given"]);
    bank.check("release publish rules/released/1-off-1.ron --key wang", 1, &["release-too-few-approvals"]);
    fs::write(bank.path("rules/approvals.ron"), POLICY).unwrap();
    bank.check(&format!("{verify} rules/released/1.ron"), 1, &["release-too-few-approvals"]);
    switch_off(&rule, 2, &["the live release 1-off-1 has no active rule"]);
}

/// A rule that is active in the shipped set.
fn active_rule(bank: &Bank) -> String {
    let text = fs::read_to_string(bank.path("rules/ruleset.ron")).unwrap();
    let before = text.split("status: Active").next().unwrap();
    before.rsplit("id: \"").next().unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn a_release_goes_from_draft_to_live_and_is_superseded_and_rolled_back() {
    let bank = Bank::new();
    bank.create("1", 16, 20, "--comment first");
    let one = "rules/released/1.ron";
    bank.sign("approve", "1", "zhao", "20T10", 1, &["release-state", "the release is draft: it cannot be approved"]);
    bank.sign("submit", "1", "wang", "20T10", 1, &["release-untrusted", "is not listed for `li@bank.example`"]);
    let said = bank.sign("submit", "1", "li", "20T10", 0, &["submitted by li@bank.example"]);
    assert!(said.contains("who must sign: 0 of 2 approvals"), "{said}");
    bank.sign("submit", "1", "li", "20T10", 1, &["the release is submitted: it cannot be submitted"]);
    bank.sign("approve", "1", "wang", "20T11", 2, &["as which of `head_office_risk`, `it` does"]);
    bank.check(&format!("release approve {one} --key li --at 2014-03-20T11:00:00+08:00 --role it"), 1, &["release-own-approval"]);
    bank.check(
        &format!("release approve {one} --key wang --role it --at 2014-03-20T11:00:00+08:00"),
        0,
        &["approved by wang@bank.example as it"],
    );
    bank.check(&format!("release publish {one} --by zhao@bank.example"), 1, &["release-too-few-approvals", "release-role"]);
    bank.sign(
        "approve",
        "1",
        "zhao",
        "20T12",
        0,
        &[
            "who must sign: 1 of 2 approvals",
            "- Head-office risk: 0 of 1; nobody is left who may sign",
            "+ Any other approver: 1 of 1",
        ],
    );
    // Whoever approved in the wrong role cannot approve again: a new release it is.
    bank.check(&format!("release publish {one} --by zhao@bank.example --to live.ron"), 1, &["release-role"]);
    assert!(!bank.path("live.ron").exists());
    bank.check(
        &format!("release withdraw {one} --by li@bank.example --comment wrong~role --at 2014-03-20T13:00:00+08:00"),
        0,
        &["withdrawn by li@bank.example"],
    );
    bank.sign("approve", "1", "zhao", "20T12", 1, &["the release is withdrawn: it cannot be approved"]);

    let approve = |version: &str, day: u32, base: &str| {
        bank.sign("submit", version, "li", &format!("{day}T10"), 0, &[]);
        let file = format!("rules/released/{version}.ron");
        bank.check(&format!("release approve {file} --key wang --role head_office_risk --at 2014-03-{day}T11:00:00+08:00"), 0, &[]);
        let said = bank.sign("approve", version, "zhao", &format!("{day}T12"), 0, &["approved by zhao@bank.example as it"]);
        assert!(!said.contains("who must sign"), "{said}");
        bank.check(
            &format!("release publish {file} --by zhao@bank.example --to live.ron --at 2014-03-{day}T13:00:00+08:00"),
            0,
            &["published by zhao@bank.example"],
        );
        assert_eq!(fs::read(bank.path("live.ron")).unwrap(), fs::read(bank.path(&file)).unwrap());
        bank.check(
            &format!("release verify live.ron --allowed-signers rules/allowed_signers --policy rules/approvals.ron {base}"),
            0,
            &["approved by wang@bank.example (head_office_risk), zhao@bank.example (it)"],
        );
    };
    bank.create("2", 16, 21, "");
    approve("2", 21, "");
    bank.create("3", 18, 22, "--against rules/released/2.ron --acknowledge the~regulator~asks~for~18");
    bank.check(
        "release show rules/released/3.ron --against live.ron",
        0,
        &["1 change since quick-payment-signing 2", "parameter `min_age`: 16 → 18"],
    );
    approve("3", 22, "--against rules/released/2.ron");
    bank.check("release verify rules/released/2.ron --against live.ron", 1, &["release-older"]);
    bank.check("release publish rules/released/2.ron --by zhao@bank.example", 1, &["release-older"]);
    fs::rename(bank.path("rules/released/3.ron"), bank.path("3.ron")).unwrap();
    bank.check("release publish rules/released/2.ron --by zhao@bank.example", 1, &["live-release-missing"]);
    fs::rename(bank.path("3.ron"), bank.path("rules/released/3.ron")).unwrap();
    // Only a new release brings the old rules back.
    bank.check("release rollback rules/released/2.ron --requests requests.csv --acknowledge as~before --maker li@bank.example --comment too~many~refusals --created-at 2014-03-23T09:00:00+08:00", 0, &["written: rules/released/2-rollback-1.ron"]);
    bank.check("release show rules/released/2-rollback-1.ron", 0, &["rolls back to", "nobody has approved it yet"]);
    approve("2-rollback-1", 23, "--against rules/released/3.ron");
    bank.check(
        "journal verify rules",
        0,
        &["23 entries, each after the one before it", "not signed: who made them is only a text"],
    );
    let shown = bank.check("journal show rules --what published", 0, &[]);
    assert_eq!(shown.lines().count(), 3, "{shown}");
    bank.check("journal show rules", 0, &["→ superseded", "→ live", "→ withdrawn", "too many refusals"]);
    bank.check("journal show rules --who li@* --until 2014-03-21 --format csv", 0, &["at,what,who,", ",withdrawn,"]);
    let json = bank.check("journal show rules --format json", 0, &[]);
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&json).unwrap().len(), 23);
    bank.check("journal show rules --what publish", 2, &["did you mean `published`?"]);
    let journal = fs::read_to_string(bank.path("rules/journal.jsonl")).unwrap();
    fs::write(bank.path("rules/journal.jsonl"), journal.replacen("wrong role", "right role", 1)).unwrap();
    bank.check("journal verify rules", 1, &["journal-altered", "journal-gap"]);
    bank.check("journal verify rules --format junit", 1, &["<testsuite"]);
    bank.sign("approve", "3", "zhao", "24T12", 1, &["journal-altered"]);
}

#[test]
fn many_sign_at_once_and_no_signature_is_lost() {
    let bank = Bank::new();
    fs::write(bank.path("rules/approvals.ron"), "(format: 1, approvals: 2)").unwrap();
    bank.create("1", 16, 20, "");
    bank.sign("submit", "1", "li", "20T10", 0, &[]);
    let ran: Vec<(&str, Ran)> = std::thread::scope(|scope| {
        let approve = |key: &'static str| {
            let args = format!("release approve rules/released/1.ron --key {key} --at 2014-03-20T11:00:00+08:00");
            let bank = &bank;
            scope.spawn(move || (key, bank.0.run_inside(&args)))
        };
        let all: Vec<_> = ["wang", "zhao", "wang", "zhao", "wang", "zhao"].into_iter().map(approve).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    for name in ["wang", "zhao"] {
        let own: Vec<&Ran> = ran.iter().filter(|(key, _)| *key == name).map(|(_, ran)| ran).collect();
        assert_eq!(own.iter().filter(|ran| ran.code == 0).count(), 1, "{name} signs once");
        assert!(own.iter().filter(|ran| ran.code != 0).all(|ran| ran.text().contains("has approved it already")));
    }
    bank.check("journal verify rules", 0, &["4 entries, each after the one before it"]);
    bank.check("release show rules/released/1.ron", 0, &["wang@bank.example", "zhao@bank.example"]);
    // One ends it while another makes it live: one of them comes first, and the other is told so.
    let both = std::thread::scope(|scope| {
        let publish = "release publish rules/released/1.ron --by zhao@bank.example --to live.ron --at 2014-03-20T13:00:00+08:00";
        let reject = "release reject rules/released/1.ron --by wang@bank.example --comment no --at 2014-03-20T13:00:00+08:00";
        let bank = &bank;
        let runs = [publish, reject].map(|args| scope.spawn(move || bank.0.run_inside(args)));
        runs.map(|run| run.join().unwrap())
    });
    let [published, rejected] = both.each_ref().map(|ran| ran.code == 0);
    assert!(published != rejected && both.iter().any(|ran| ran.text().contains("it cannot be")), "{published} {rejected}");
    assert_eq!(bank.path("live.ron").exists(), published);
    // To publish takes two lines: what is to be written, and that it was.
    let entries = if published { 6 } else { 5 };
    bank.check("journal verify rules", 0, &[&format!("{entries} entries, each after the one before it")]);
}

#[test]
fn a_release_outside_a_workspace_is_signed_with_files_that_are_named() {
    let bank = Bank::new();
    let create =
        "release create rules --requests requests.csv --maker li@bank.example --created-at 2014-03-20T09:00:00+08:00 --out r.ron";
    bank.check(create, 0, &[]);
    assert!(!bank.path("rules/journal.jsonl").exists(), "what is tried out elsewhere is not the workspace's");
    bank.check("release submit r.ron --key li", 2, &["nobody said whose signatures count", "--allowed-signers"]);
    bank.check("release submit r.ron --key li --allowed-signers rules/allowed_signers", 0, &[]);
    bank.check(
        "release approve r.ron --key zhao --allowed-signers rules/allowed_signers",
        0,
        &["approved by zhao@bank.example as checker"],
    );
    bank.check("release verify r.ron --approvals 1", 1, &["release-unverifiable", "nobody said whose signatures count"]);
    let verify = "release verify r.ron --allowed-signers rules/allowed_signers --approvals";
    bank.check(&format!("{verify} 1"), 0, &["approved by zhao@bank.example (checker)"]);
    for (format, said) in [
        ("human", "needs 2"),
        ("json", "\"release-too-few-approvals\""),
        ("sarif", "2.1.0"),
        ("junit", "failures=\"1\""),
        ("github", "::error"),
    ] {
        bank.check(&format!("{verify} 2 --format {format}"), 1, &[said]);
    }
    bank.check(&format!("{verify} 2 --lang zh"), 1, &["该发布有 1 份审批，需要 2 份"]);
    bank.check("release reject r.ron --by wang@bank.example --comment no", 1, &["release-outside-workspace"]);
    bank.check(
        "release approve r.ron --key li.pub --allowed-signers rules/allowed_signers",
        2,
        &["this is a public key", "without `.pub`"],
    );
    bank.check("release approve r.ron --key nothing --allowed-signers rules/allowed_signers", 2, &["missing-file"]);
    bank.check("release approve r.ron --agent --allowed-signers rules/allowed_signers", 2, &["no ssh-agent answers"]);
    bank.check("release approve r.ron --allowed-signers rules/allowed_signers", 2, &["--key"]);
    fs::write(bank.path("bad"), "x@y cert-authority ssh-ed25519 AAAA\n").unwrap();
    bank.check("release verify r.ron --allowed-signers bad", 1, &["bad:1:5", "allowed-signers-authority"]);
}

#[test]
fn a_passphrase_is_asked_for_on_the_terminal_and_not_shown() {
    let bank = Bank::new();
    let create =
        "release create rules --requests requests.csv --maker li@bank.example --created-at 2014-03-20T09:00:00+08:00 --out r.ron";
    bank.check(create, 0, &[]);
    let locked =
        Command::new("ssh-keygen").args(["-q", "-p", "-P", "", "-N", "correct horse", "-f"]).arg(bank.path("li")).status().unwrap();
    assert!(locked.success());
    let submit = "release submit r.ron --key li --allowed-signers rules/allowed_signers";
    bank.check(submit, 2, &["the key needs its passphrase"]);
    // `script` gives the program a terminal of its own.
    let typed = |passphrase: &str| {
        let line = format!("sleep 0.5; {} {submit}", env!("CARGO_BIN_EXE_countersign"));
        let mut child = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .current_dir(bank.0.root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        std::io::Write::write_all(child.stdin.as_mut().unwrap(), format!("{passphrase}\n").as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, text) = typed("wrong");
    assert!(code == Some(2) && text.contains("the passphrase is wrong"), "{text}");
    let (code, text) = typed("correct horse");
    assert!(code == Some(0) && text.contains("submitted by li@bank.example") && !text.contains("correct horse"), "{text}");
}
