//! The ready snippets of `docs/ci.md` for build servers: each script is run exactly as written, on an approved release and on a changed one.
#![cfg(all(feature = "cli", unix))]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::scratch::{Scratch, copy};

const PAGE: &str = include_str!("../docs/ci.md");

/// The fenced block that follows a marker of the page.
fn block(name: &str) -> &'static str {
    let after = PAGE.split_once(&format!("<!-- {name} -->\n")).unwrap_or_else(|| panic!("no `{name}`")).1;
    let (_, body) = after.split_once('\n').unwrap();
    body.split_once("\n```").unwrap().0
}

/// The commands under `key:`: a literal block, or a list of them.
fn script(yaml: &str, key: &str) -> String {
    let mut lines = yaml.lines().skip_while(|line| !line.trim_start().starts_with(key));
    let head = lines.next().unwrap();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let inside = lines.take_while(|line| indent(line) > indent(head));
    inside.map(|line| line.trim_start().trim_start_matches("- ").to_owned() + "\n").collect()
}

/// A repository with a workspace, the gateway's release, and whom to trust.
struct Repository(Scratch);

impl Repository {
    fn new() -> Self {
        let repository = Self(Scratch::new(40));
        copy("rules", repository.path("rules"));
        let setup = r#"
            mkdir deploy trust
            for name in li wang; do
              ssh-keygen -q -t ed25519 -N "" -f $name
              echo "$name@risk.bank.example $(cat $name.pub)" >> trust/allowed_signers
            done
            echo '(format: 1, approvals: 1)' > trust/approvals.ron
            countersign release create rules --requests requests.csv --maker li@risk.bank.example --created-at 2014-03-20T09:00:00+08:00 --out deploy/live.ron
            countersign release submit deploy/live.ron --key li --allowed-signers trust/allowed_signers
            countersign release approve deploy/live.ron --key wang --allowed-signers trust/allowed_signers
            git init -q .
            git add rules deploy/live.ron trust
            git -c user.name=x -c user.email=x@y commit -q -m first
            git update-ref refs/remotes/origin/main HEAD
            countersign release create rules --requests requests.csv --maker li@risk.bank.example --against deploy/live.ron --created-at 2014-03-21T09:00:00+08:00 --out deploy/live.ron
            countersign release submit deploy/live.ron --key li --allowed-signers trust/allowed_signers
            countersign release approve deploy/live.ron --key wang --allowed-signers trust/allowed_signers
        "#;
        let (is_good, said) = repository.run(setup);
        assert!(is_good, "{said}");
        repository
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    /// Runs commands as a build server does: the first that fails ends them.
    fn run(&self, script: &str) -> (bool, String) {
        let program = Path::new(env!("CARGO_BIN_EXE_countersign")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("bash");
        command.args(["-euo", "pipefail", "-c", script]).current_dir(self.0.root()).env_clear();
        command.env("PATH", path).env("HOME", self.0.root()).env("RUNNER_TEMP", self.0.path("deploy"));
        command.env("BASE", "origin/main").env("CI_MERGE_REQUEST_DIFF_BASE_SHA", "origin/main");
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    }
}

#[test]
fn the_readme_s_snippets_let_an_approved_release_pass_and_no_other() {
    let repository = Repository::new();
    let scripts = [script(block("github-actions"), "run: |"), script(block("gitlab-ci"), "script:")];
    let live = fs::read_to_string(repository.path("deploy/live.ron")).unwrap();
    for script in &scripts {
        assert!(script.contains("release verify"), "{script}");
        let (is_good, said) = repository.run(script);
        assert!(is_good, "{script}\n{said}");
    }
    let (start, end) = (live.find("    approvals: [").unwrap(), live.find("    approvals_digest").unwrap());
    for changed in [live.replacen("5000.00", "9000.00", 1), format!("{}    approvals: [],\n{}", &live[..start], &live[end..])] {
        fs::write(repository.path("deploy/live.ron"), changed).unwrap();
        for script in &scripts {
            let (is_good, said) = repository.run(script);
            assert!(!is_good, "{script}\n{said}");
        }
    }
}

#[test]
fn the_readme_s_hook_keeps_a_broken_workspace_and_a_changed_release_out() {
    let repository = Repository::new();
    let hook = block("pre-commit");
    let (is_good, said) = repository.run(hook);
    assert!(is_good, "{said}");
    fs::create_dir_all(repository.path("rules/released")).unwrap();
    let live = fs::read_to_string(repository.path("deploy/live.ron")).unwrap();
    fs::write(repository.path("rules/released/1.ron"), live.replacen("5000.00", "9000.00", 1)).unwrap();
    let (is_good, said) = repository.run(&format!("git add rules\n{hook}"));
    assert!(!is_good && said.contains("release-digest"), "{said}");
    let script = repository.path("rules/access/closed_interface_new.rhai");
    fs::write(&script, fs::read_to_string(&script).unwrap().replace("customer.kind", "customer.knid")).unwrap();
    let (is_good, said) = repository.run(hook);
    assert!(!is_good && said.contains("unknown-field"), "{said}");
}

#[test]
fn the_shipped_policy_is_one() {
    let text = fs::read("rules/approvals.ron").unwrap();
    let policy = countersign_core::release::Policy::read("approvals.ron", &text).unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!((policy.approvals, policy.roles.len()), (2, 3));
}
