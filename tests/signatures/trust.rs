//! `allowed_signers` files: what OpenSSH takes is taken, whatever is not understood is refused with its place.

use countersign_core::diagnostic::Finding;
use std::fs;

use countersign_core::release::{Policy, Requirements, Trust, verify_approvals};

use crate::signatures::keys::{Keys, fresh, principal, run};

#[test]
fn a_line_decides_as_openssh_says() {
    let keys = Keys::new(&["li.na", "wang.wei", "old"]);
    let (maker, key, old) = (format!("li.na@bank.example {}", keys.public("li.na")), keys.public("wang.wei"), keys.public("old"));
    let release = crate::signatures::keys::signed(
        &fresh(),
        [
            crate::signatures::keys::approval(&keys, &fresh(), "li.na", "maker", "2014-03-20T10:00:00+08:00"),
            crate::signatures::keys::approval(&keys, &fresh(), "wang.wei", "checker", "2014-03-20T16:00:00+08:00"),
        ],
    );
    let good = [
        format!("wang.wei@bank.example {key}"),
        format!("# rotated in March\n\nwang.wei@bank.example {old}\r\n  wang.wei@bank.example\t{key}  \n"),
        format!("\"wang.wei@bank.example\" {key}"),
        format!("zhao@bank.example,wang.*@bank.example {key}"),
        format!("*@bank.example,!li.na@bank.example namespaces=\"git,countersign-*\" {key} a comment of his"),
        format!(
            "wang.wei@bank.example NAMESPACES=\"countersign-release\",valid-after=\"20140320Z\",valid-before=\"20140320080000Z\" {key}"
        ),
        format!(
            "wang.wei@bank.example valid-before=\"20140101Z\" {key}\nwang.wei@bank.example valid-after=\"201403200800Z\" {key}"
        ),
    ];
    for text in good {
        let trust = crate::signatures::keys::read_trust(&format!("{maker}\n{text}"));
        assert_eq!(verify_approvals(&release, &Requirements::new(Policy::of(1), trust), None), [], "{text}");
    }
    let bad = [
        (format!("zhao@bank.example {key}"), "release-untrusted"),
        (format!("WANG.WEI@bank.example {key}"), "release-untrusted"),
        (format!("*@bank.example,!wang.wei@bank.example {key}"), "release-untrusted"),
        (format!("wang.wei@bank.example {old}"), "release-untrusted"),
        (String::new(), "release-untrusted"),
        (format!("wang.wei@bank.example namespaces=\"git,file\" {key}"), "release-namespace"),
        (format!("wang.wei@bank.example valid-before=\"20140320075959Z\" {key}"), "release-expired-key"),
        (format!("wang.wei@bank.example valid-after=\"20140320080001Z\" {key}"), "release-expired-key"),
    ];
    for (text, id) in bad {
        let trust = crate::signatures::keys::read_trust(&format!("{maker}\n{text}"));
        let findings = verify_approvals(&release, &Requirements::new(Policy::of(1), trust), None);
        assert_eq!(findings.iter().map(Finding::id).collect::<Vec<_>>(), [id], "{text}: {findings:?}");
        assert!(findings[0].span.is_some() && findings[0].help.is_some() && !findings[0].message.zh.is_ascii(), "{findings:?}");
    }
}

#[test]
fn a_line_that_is_not_wholly_understood_is_refused_with_its_place() {
    let keys = Keys::new(&["wang.wei"]);
    let small = keys.path("small");
    let key = keys.public("wang.wei");
    let (kind, rest) = key.split_once(' ').unwrap();
    run("ssh-keygen", &["-q", "-t", "rsa", "-b", "1024", "-N", "", "-f", small.to_str().unwrap()], b"");
    run("ssh-keygen", &["-q", "-s", small.to_str().unwrap(), "-I", "x", keys.path("wang.wei.pub").to_str().unwrap()], b"");
    let certificate = fs::read_to_string(keys.path("wang.wei-cert.pub")).unwrap();
    let cases = [
        ("a@x".to_owned(), "1:1: the line ends before its key (allowed-signers)"),
        ("\"a@x ssh-ed25519 A".to_owned(), "a quote is not closed (allowed-signers)"),
        (format!("a@x,,b@x {key}"), "`` cannot name a principal (allowed-signers)"),
        (format!("a@x cert-authority {key}"), "1:5: certificate authorities are not supported (allowed-signers-authority)"),
        (format!("a@x {certificate}"), "there is a certificate where a key belongs (allowed-signers-authority)"),
        (
            format!("a@x valid-before=\"20300101Z\" namespaces=\"x\" {key}"),
            "1:30: there is a space between two options (allowed-signers)",
        ),
        (format!("a@x colour=\"red\" {key}"), "1:5: `colour` is neither an option nor a type of key (allowed-signers-option)"),
        (format!("a@x namespaces=git {key}"), "the option needs a value in quotes (allowed-signers-option)"),
        (format!("a@x namespaces=\"\" {key}"), "the option needs a value in quotes (allowed-signers-option)"),
        (format!("a@x namespaces=\"a\",namespaces=\"b\" {key}"), "`namespaces` appears twice (allowed-signers-option)"),
        (format!("a@x valid-after=\"20140320\" {key}"), "it has no `Z` (allowed-signers-option)"),
        (format!("a@x valid-after=\"20141320Z\" {key}"), "1:18: `20141320Z` is not a time (allowed-signers-option)"),
        (format!("a@x valid-after=\"2014032008Z\" {key}"), "is not a time (allowed-signers-option)"),
        (format!("a@x valid-after=\"20140321Z\",valid-before=\"20140320Z\" {key}"), "never valid"),
        (format!("a@x {kind}"), "this is not a public key of type `ssh-ed25519` (allowed-signers-key)"),
        (format!("a@x {kind} {}", &rest[..30]), "1:17: this is not a public key of type `ssh-ed25519` (allowed-signers-key)"),
        (format!("a@x ssh-rsa {rest}"), "this is not a public key of type `ssh-rsa` (allowed-signers-key)"),
        (format!("a@x {}", keys.public("small")), "the RSA key has fewer than 2048 bits (allowed-signers-key)"),
        (format!("{} {key}", principal("名 字")), "(allowed-signers-option)"),
    ];
    for (text, wanted) in cases {
        let refused = Trust::read("allowed_signers", text.as_bytes()).expect_err(&text);
        let said = refused.to_string();
        assert!(said.contains(wanted) && refused.findings[0].help.is_some(), "{text}: {said}");
    }
    let two = format!("a@x\nb@x {key}\nc@x what {key}");
    assert_eq!(Trust::read("allowed_signers", two.as_bytes()).unwrap_err().findings.len(), 2, "every bad line is told");
    assert!(Trust::read("allowed_signers", b"\xff").is_err());
}
