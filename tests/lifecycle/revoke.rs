//! What is revoked by the command line: written, signed, refused where releases are verified and published.

use std::fs;
use std::process::{Command, Stdio};

use super::Bank;

const TWO: &str = r#"(
    format: 1,
    approvals: 2,
    release_format: 2,
    revokers: (principals: ["wang@bank.example", "zhao@bank.example"], signatures: 2),
)
"#;

/// What is typed after `release`, the exit code and what is said; `$li` stands for the fingerprint of Li's key.
const STEPS: &[(&str, i32, &[&str])] = &[
    ("revoke --key zhao --comment x --out rules/revocations.ron", 2, &["wrong-key", "there is nothing to revoke"]),
    ("revoke sha256:00 --key zhao --comment x", 2, &["sha256:00"]),
    ("revoke --minimum 2 --key zhao --comment x", 2, &["name it with `--out revocations.ron`"]),
    ("revoke --key-revoked li --key zhao --comment x --out rules/revocations.ron", 2, &["`li` is not a fingerprint"]),
    (
        "revoke rules/released/1.ron --key li --comment x",
        1,
        &["release-role", "`li@bank.example` may not revoke", "the policy's `revokers` say who may"],
    ),
    (
        "revoke rules/released/1.ron --key zhao --comment wrong~limit --at 2014-03-21T09:00:00+08:00",
        0,
        &[
            "list 1 signed by zhao@bank.example: 1 release, 0 keys",
            "still open: the list has 1 signature and needs 2",
            "`released/1.ron` is live: gateways that take this list decide nothing",
        ],
    ),
    ("revoke --key zhao --comment x --out rules/revocations.ron", 1, &["signed it twice"]),
    ("revoke --key-revoked $li --key wang --comment x --out rules/revocations.ron", 1, &["needs 2"]),
    ("publish rules/released/1.ron --by zhao@bank.example", 1, &["revocation-list", "rules/revocations.ron:13:17"]),
    (
        "revoke --key wang --comment x --out rules/revocations.ron --at 2014-03-21T10:00:00+08:00",
        0,
        &["list 1 signed by wang@bank.example"],
    ),
    ("publish rules/released/1.ron --by zhao@bank.example --to other.ron", 1, &["release-revoked", "wrong limit"]),
    (
        "verify rules/released/1.ron --policy rules/approvals.ron --allowed-signers rules/allowed_signers --revocations rules/revocations.ron",
        1,
        &["error[release-revoked]: release `1` was revoked at 2014-03-21T09:00:00+08:00: wrong limit"],
    ),
    (
        "verify rules/released/1.ron --revocations rules/revocations.ron --lang zh",
        1,
        &["release-unverifiable", "未指定信任哪些签名"],
    ),
    (
        "revoke --key-revoked $li --minimum 1 --key wang --comment lost --out rules/revocations.ron",
        0,
        &["list 2 signed by wang@bank.example: 1 release, 1 key, none below 1"],
    ),
    ("revoke --key zhao --comment x --out rules/revocations.ron", 0, &["list 2 signed by zhao@bank.example"]),
    (
        "revoke rules/released/1.ron --key-revoked $li --key wang --comment again",
        2,
        &["nothing to revoke that is not revoked already"],
    ),
    (
        "revoke --minimum 3 --key wang --comment x --out rules/revocations.ron",
        2,
        &["no release could be loaded: the next one has the number 2", "give at most `--minimum 2`"],
    ),
    (
        "statement rules/revocations.ron --principal li@bank.example",
        2,
        &["release-not-signed", "signed by: `wang@bank.example`, `zhao@bank.example`"],
    ),
];

#[test]
fn a_list_of_revocations_is_signed_by_as_many_as_the_policy_asks_and_refuses_what_it_names() {
    let bank = Bank::new();
    fs::write(bank.path("rules/approvals.ron"), TWO).unwrap();
    bank.create("1", 16, 20, "--acknowledge meant");
    for (verb, key, hour) in [("submit", "li", 10), ("approve", "wang", 11), ("approve", "zhao", 12)] {
        bank.sign(verb, "1", key, &format!("20T{hour}"), 0, &[]);
    }
    bank.check("release publish rules/released/1.ron --by zhao@bank.example --to live.ron", 0, &[]);
    let fingerprint = bank.fingerprint("li");
    for (step, code, said) in STEPS {
        let text = bank.check(&format!("release {}", step.replace("$li", &fingerprint)), *code, said);
        assert!(!text.contains("panicked"), "{step}: {text}");
    }
    assert!(!bank.path("other.ron").exists());
    // What Li's key signed is refused from now on, on the way to a gateway.
    bank.create("2", 17, 22, "--acknowledge meant");
    bank.sign("submit", "2", "li", "22T10", 1, &["release-revoked-key", "was revoked at"]);
    // The real program checks the list's signatures.
    let statement = bank.check("release statement rules/revocations.ron --principal zhao@bank.example", 0, &[]);
    let list = fs::read_to_string(bank.path("rules/revocations.ron")).unwrap();
    let signature = list.rsplit("-----BEGIN").next().unwrap().split("\"#").next().unwrap();
    fs::write(bank.path("list.sig"), format!("-----BEGIN{signature}")).unwrap();
    fs::write(bank.path("statement"), statement).unwrap();
    let is_good = |namespace: &str| {
        let mut verify = Command::new("ssh-keygen");
        verify.args(["-Y", "verify", "-I", "zhao@bank.example", "-n", namespace]).arg("-f").arg(bank.path("rules/allowed_signers"));
        let verify = verify.arg("-s").arg(bank.path("list.sig")).stdin(fs::File::open(bank.path("statement")).unwrap());
        verify.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
    };
    assert!(is_good("countersign-revocation") && !is_good("countersign-release"));
}
