//! A journal whose entries are signed, and what is seen when somebody cuts it, changes it or writes past the program.

use std::fs;
use std::path::Path;

use super::Bank;
use crate::common::scratch::copy;

const SIGNED: &str = r"(
    format: 1,
    approvals: 2,
    release_format: 2,
    signed_journal: true,
)
";

impl Bank {
    /// A workspace whose policy asks for signed entries.
    fn signed() -> Self {
        let bank = Self::new();
        fs::write(bank.path("rules/approvals.ron"), SIGNED).unwrap();
        bank
    }

    /// Makes a release with Li's key, has it signed by three, and makes it live.
    fn publish_signed(&self, version: &str, min_age: u32, day: u32) {
        self.make_signed(version, min_age, day);
        for (verb, key, hour) in [("submit", "li", 10), ("approve", "wang", 11), ("approve", "zhao", 12)] {
            self.sign(verb, version, key, &format!("{day}T{hour}"), 0, &[]);
        }
        let publish = format!("release publish rules/released/{version}.ron --key zhao --to live.ron");
        self.check(&format!("{publish} --at 2014-03-{day}T13:00:00+08:00"), 0, &["published by zhao@bank.example"]);
    }

    /// Lists that revoke Wang's key, Zhao's key and the second release half an hour before that was published; and a journal whose last
    /// entry is signed by Wang and dated before all others.
    fn keep_lists(&self) {
        let (wang, zhao) = (self.fingerprint("wang"), self.fingerprint("zhao"));
        for (name, what, key) in [
            ("wang", format!("--key-revoked {wang}"), "zhao"),
            ("zhao", format!("--key-revoked {zhao}"), "wang"),
            ("release", "rules/released/2.ron".to_owned(), "wang"),
        ] {
            let revoke = format!("release revoke {what} --key {key} --comment lost --out rules/revocations.ron");
            self.check(&format!("{revoke} --at 2014-03-21T12:30:00+08:00"), 0, &["list 1 signed by"]);
            fs::rename(self.path("rules/revocations.ron"), self.path(&format!("{name}.revocations"))).unwrap();
        }
        let file = self.path("rules/journal.jsonl");
        let journal = fs::read_to_string(&file).unwrap();
        fs::write(&file, format!("{journal}{{\"previous\":[\"sha256:12")).unwrap();
        self.check("journal repair rules --key wang --comment cut --at 2014-03-20T08:00:00+08:00", 0, &["1 line"]);
        fs::rename(&file, self.path("dated-back.jsonl")).unwrap();
        fs::write(&file, journal).unwrap();
    }

    fn make_signed(&self, version: &str, min_age: u32, day: u32) {
        self.set(version, min_age);
        let create = "release create rules --requests requests.csv --acknowledge meant --key li";
        self.check(&format!("{create} --created-at 2014-03-{day}T09:00:00+08:00"), 0, &[]);
    }
}

fn lines(root: &Path) -> Vec<String> {
    fs::read_to_string(root.join("journal.jsonl")).unwrap().lines().map(str::to_owned).collect()
}

fn put(root: &Path, lines: &[String]) {
    let whole: Vec<String> = lines.iter().map(|line| format!("{line}\n")).collect();
    fs::write(root.join("journal.jsonl"), whole.concat()).unwrap();
}

fn cut(root: &Path, from: usize) {
    put(root, lines(root).get(..from).unwrap());
}

/// Changes one line as the program would write it: its hash is right, and so are those of what follows.
fn rewrite(root: &Path, number: usize, from: &str, to: &str) {
    let mut all = lines(root);
    let mut renamed: Vec<(String, String)> = Vec::new();
    for (at, line) in all.iter_mut().enumerate() {
        for (old, new) in &renamed {
            *line = line.replace(old, new);
        }
        if at + 1 == number {
            assert!(line.contains(from), "{line}");
            *line = line.replacen(from, to, 1);
        }
        let (body, hash) = line.rsplit_once(",\"hash\":\"").unwrap();
        let hash = hash.trim_end_matches("\"}").to_owned();
        let new = countersign_core::release::Digest::of(format!("{body}}}").as_bytes()).to_string();
        *line = format!("{body},\"hash\":\"{new}\"}}");
        renamed.push((hash, new));
    }
    put(root, &all);
}

/// A line past the program, after all others, with whatever it claims.
fn forge(root: &Path, what: &str, who: &str) {
    let all = lines(root);
    let last = all.last().unwrap();
    let hash = last.rsplit_once("\"hash\":\"").unwrap().1.trim_end_matches("\"}");
    let to = last.split_once("\"to\":\"").unwrap().1.split('"').next().unwrap();
    let body = format!(
        "{{\"previous\":[\"{hash}\"],\"at\":\"2014-03-23T09:00:00+08:00\",\"who\":\"{who}\",\"what\":\"{what}\",\"from\":null,\
         \"to\":\"{to}\",\"version\":\"2\",\"file\":\"released/2.ron\",\"role\":\"checker\",\"comment\":\"\""
    );
    let own = countersign_core::release::Digest::of(format!("{body}}}").as_bytes());
    put(root, &[all, vec![format!("{body},\"hash\":\"{own}\"}}")]].concat());
}

/// Puts a signed list of revocations into the workspace that [`Bank::keep_lists`] made.
fn revoked(root: &Path, what: &str) {
    fs::copy(root.join(format!("../{what}.revocations")), root.join("revocations.ron")).unwrap();
}

/// What somebody does to the files of a workspace with two releases, each signed by three; and what is said to whom.
struct Attack {
    name: &'static str,
    on: fn(&Path),
    seen: &'static [(&'static str, i32, &'static [&'static str])],
}

const VERIFY: &str = "journal verify rules";
const AGAIN: &str = "release publish rules/released/2.ron --key zhao";

/// The journal has 12 entries: of each release one of its making, three signatures, and two of its publication.
const ATTACKS: &[Attack] = &[
    Attack {
        name: "nothing",
        on: |_| (),
        seen: &[(VERIFY, 0, &["12 entries"]), ("release verify rules/released/2.ron", 0, &["signatures not verified"])],
    },
    Attack {
        name: "the tail is cut between two releases",
        on: |root| cut(root, 5),
        seen: &[
            (VERIFY, 1, &["journal-cut", "released/2.ron", "when it was made", "is line 5, of 2014-03-20T13:00:00+08:00"]),
            (AGAIN, 1, &["journal-cut"]),
            ("release verify rules/released/2.ron", 1, &["journal-cut", "2.ron:"]),
            ("release verify rules/released/1.ron", 0, &[]),
            ("release reject rules/released/2.ron --key wang --comment no", 1, &["journal-cut"]),
            ("release create rules --requests requests.csv --key li", 1, &["journal-cut"]),
            ("journal verify rules --lang zh", 1, &["日志中缺少记录", "其后的记录缺失"]),
        ],
    },
    Attack {
        name: "the tail is cut inside a release",
        on: |root| cut(root, 8),
        seen: &[(VERIFY, 1, &["journal-cut", "when zhao@bank.example signed it"]), (AGAIN, 1, &["journal-cut"])],
    },
    Attack {
        name: "only the last signature's entry and what follows is cut",
        on: |root| cut(root, 9),
        seen: &[(VERIFY, 1, &["journal-untold", "zhao@bank.example signed it as checker"])],
    },
    Attack {
        name: "the journal is deleted",
        on: |root| fs::remove_file(root.join("journal.jsonl")).unwrap(),
        seen: &[
            (VERIFY, 1, &["journal-missing"]),
            (AGAIN, 1, &["journal-missing"]),
            ("release verify rules/released/1.ron", 1, &["journal-missing"]),
            ("release create rules --requests requests.csv --key li", 1, &["journal-missing"]),
            ("release withdraw rules/released/1.ron --key li --comment no", 1, &["journal-missing"]),
        ],
    },
    Attack {
        name: "the journal is replaced by an empty file",
        on: |root| put(root, &[]),
        seen: &[(VERIFY, 1, &["journal-missing"]), (AGAIN, 1, &["journal-missing"])],
    },
    Attack {
        name: "the journal is replaced by the first entry and one that is made up",
        on: |root| {
            cut(root, 1);
            forge(root, "submitted", "li@bank.example");
        },
        seen: &[(VERIFY, 1, &["journal-cut", "journal-unfounded"])],
    },
    Attack {
        name: "an entry's comment is changed and every hash after it computed again",
        on: |root| rewrite(root, 7, "\"comment\":\"\"", "\"comment\":\"other\""),
        seen: &[
            (VERIFY, 1, &["journal-signature", "is not one over this entry", "journal-cut"]),
            (AGAIN, 1, &["journal-signature"]),
        ],
    },
    Attack {
        name: "an entry of publishing is given to somebody else",
        on: |root| rewrite(root, 11, "zhao@bank.example", "wang@bank.example"),
        seen: &[(VERIFY, 1, &["journal-signature", "of `wang@bank.example` is not one over this entry", "journal-unsigned"])],
    },
    Attack {
        name: "an entry that claims an approval which the release does not carry",
        on: |root| forge(root, "approved", "li@bank.example"),
        seen: &[(VERIFY, 1, &["journal-unfounded", "carries no signature of li@bank.example", "journal-unsigned"])],
    },
    Attack {
        name: "an entry that makes an older state up",
        on: |root| forge(root, "withdrawn", "wang@bank.example"),
        seen: &[
            (VERIFY, 1, &["journal-unsigned", "the policy asks for signed entries"]),
            ("release create rules --requests requests.csv --key li", 1, &["journal-unsigned"]),
        ],
    },
    Attack {
        name: "the release's signatures are taken out and the journal is left",
        on: |root| {
            let file = root.join("released/2.ron");
            let draft = root.join("../draft.ron");
            fs::copy(draft, file).unwrap();
        },
        seen: &[(VERIFY, 1, &["journal-unfounded", "carries no signature of wang@bank.example"])],
    },
    Attack {
        name: "what no release or signature names yet is cut",
        on: |root| cut(root, 10),
        seen: &[(VERIFY, 0, &["10 entries"])],
    },
    Attack {
        name: "a key is listed for releases alone",
        on: |root| {
            let file = root.join("allowed_signers");
            let text = fs::read_to_string(&file).unwrap();
            fs::write(&file, text.replace("countersign-*", "countersign-release")).unwrap();
        },
        seen: &[
            (VERIFY, 1, &["journal-signature", "is not listed for the namespace `countersign-journal`"]),
            ("release withdraw rules/released/1.ron --key wang --comment no", 1, &["for the namespace `countersign-journal`"]),
        ],
    },
    Attack {
        name: "a signer is no longer listed",
        on: |root| {
            let file = root.join("allowed_signers");
            let text = fs::read_to_string(&file).unwrap();
            let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with("zhao")).collect();
            fs::write(
                &file,
                kept.join(
                    "
",
                ) + "
",
            )
            .unwrap();
        },
        seen: &[(VERIFY, 1, &["journal-signature", "is not listed for `zhao@bank.example`", "`valid-before`"])],
    },
    Attack {
        name: "a key is revoked after all that it signed",
        on: |root| revoked(root, "wang"),
        seen: &[
            (VERIFY, 0, &["12 entries"]),
            (
                "release withdraw rules/released/1.ron --key wang --comment no",
                1,
                &["was revoked at 2014-03-21T12:30:00+08:00: lost"],
            ),
            ("release withdraw rules/released/1.ron --key li --comment no", 0, &["withdrawn by li@bank.example"]),
        ],
    },
    Attack {
        name: "a key is revoked before an entry that it signed",
        on: |root| revoked(root, "zhao"),
        seen: &[
            (VERIFY, 1, &["journal-signature", "was revoked at 2014-03-21T12:30:00+08:00: lost", "journal.jsonl:11:1"]),
            ("release withdraw rules/released/1.ron --key li --comment no", 1, &["journal-signature"]),
        ],
    },
    Attack {
        name: "an entry signed with a revoked key is dated before the revocation and follows later ones",
        on: |root| {
            fs::copy(root.join("../dated-back.jsonl"), root.join("journal.jsonl")).unwrap();
            revoked(root, "wang");
        },
        seen: &[(VERIFY, 1, &["journal-signature", "was revoked at 2014-03-21T12:30:00+08:00: lost", "journal.jsonl:14:1"])],
    },
    Attack {
        name: "a release with all its signatures is revoked",
        on: |root| revoked(root, "release"),
        seen: &[(AGAIN, 1, &["release-revoked", "was revoked at 2014-03-21T12:30:00+08:00: lost"]), (VERIFY, 0, &["12 entries"])],
    },
    Attack {
        name: "signers are no longer listed",
        on: |root| fs::remove_file(root.join("allowed_signers")).unwrap(),
        seen: &[(VERIFY, 1, &["journal-signature", "nobody said whose count"])],
    },
];

#[test]
fn what_is_done_to_a_journal_is_seen() {
    let bank = Bank::signed();
    bank.check("release create rules --requests requests.csv --maker li@bank.example", 2, &["the policy asks for signed entries"]);
    assert!(!bank.path("rules/released/1.ron").exists());
    bank.publish_signed("1", 16, 20);
    bank.check("release withdraw rules/released/1.ron --by li@bank.example --comment no", 2, &["`--key KEY` or `--agent`"]);
    bank.check(
        "release withdraw rules/released/1.ron --by li@bank.example --key wang --comment no",
        1,
        &["is not listed for `li@bank.example`"],
    );
    bank.make_signed("2", 18, 21);
    fs::copy(bank.path("rules/released/2.ron"), bank.path("draft.ron")).unwrap();
    for (verb, key, hour) in [("submit", "li", 10), ("approve", "wang", 11), ("approve", "zhao", 12)] {
        bank.sign(verb, "2", key, &format!("21T{hour}"), 0, &[]);
    }
    let publish = "release publish rules/released/2.ron --key zhao --to live.ron --at 2014-03-21T13:00:00+08:00";
    bank.check(publish, 0, &["published by zhao@bank.example"]);
    bank.keep_lists();
    copy(bank.path("rules"), bank.path("kept"));
    let mut wrong = Vec::new();
    for attack in ATTACKS {
        (attack.on)(&bank.path("rules"));
        for (args, code, said) in attack.seen {
            let ran = bank.0.run_inside(args);
            let text = ran.text();
            if ran.code != *code || text.contains("panicked") || !said.iter().all(|part| text.contains(part)) {
                wrong.push(format!("{}: {args}: {} {text}", attack.name, ran.code));
            }
        }
        fs::remove_dir_all(bank.path("rules")).unwrap();
        copy(bank.path("kept"), bank.path("rules"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // OpenSSH verifies an entry's signature.
    let text = bank.check("journal statement rules --line 1", 0, &[]);
    bank.check("journal statement rules --line 99", 2, &["the last entry is line 12"]);
    let json: Vec<serde_json::Value> = serde_json::from_str(&bank.check("journal show rules --format json", 0, &[])).unwrap();
    fs::write(bank.path("entry.sig"), json[0]["signature"].as_str().unwrap()).unwrap();
    let allowed = bank.path("rules/allowed_signers");
    for (text, is_good) in [(text.clone(), true), (text + " ", false)] {
        let signature = bank.path("entry.sig");
        let verify =
            ["-Y", "verify", "-I", "li@bank.example", "-n", "countersign-journal", "-s", signature.to_str().unwrap(), "-f"];
        let mut child = std::process::Command::new("ssh-keygen")
            .args(verify)
            .arg(&allowed)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::io::Write::write_all(child.stdin.as_mut().unwrap(), text.as_bytes()).unwrap();
        assert_eq!(child.wait().unwrap().success(), is_good);
    }
    let rollback = "release rollback rules/released/1.ron --requests requests.csv --acknowledge back --comment back --key li";
    bank.check(rollback, 0, &["written: rules/released/1-rollback-1.ron"]);
    bank.check(VERIFY, 0, &["13 entries"]);
    let listed = bank.check("journal show rules", 0, &["signed in the release", "signed when begun"]);
    assert!(!listed.contains("not signed"), "{listed}");
}

#[test]
fn what_was_rejected_or_withdrawn_stays_so_whatever_is_cut() {
    for (verb, ended) in [("reject", "rejected"), ("withdraw", "withdrawn")] {
        let bank = Bank::signed();
        bank.make_signed("1", 16, 20);
        bank.sign("submit", "1", "li", "20T10", 0, &[]);
        bank.sign("approve", "1", "wang", "20T11", 0, &[]);
        bank.sign("approve", "1", "zhao", "20T12", 0, &[]);
        let file = "rules/released/1.ron";
        fs::copy(bank.path(file), bank.path("before.ron")).unwrap();
        bank.check(&format!("release {verb} {file} --key wang --comment no --at 2014-03-20T13:00:00+08:00"), 0, &[ended]);
        let verify = format!("release verify {file} --allowed-signers rules/allowed_signers --policy rules/approvals.ron");
        bank.check(
            &verify,
            1,
            &["release-ended", &format!("`wang@bank.example` {}", if verb == "reject" { "rejected" } else { "withdrew" })],
        );
        bank.check(&format!("release show {file}"), 0, &[&format!("{ended} by")]);
        bank.check("journal verify rules", 0, &["5 entries"]);
        cut(&bank.path("rules"), 4);
        bank.check("journal verify rules", 1, &["journal-untold", &format!("wang@bank.example signed it as {ended}")]);
        // The release says so itself, and the journal takes it from there.
        bank.check(&format!("release publish {file} --key zhao --to live.ron"), 1, &["release-ended"]);
        bank.check("journal verify rules", 0, &["5 entries"]);
        bank.sign("approve", "1", "zhao", "21T12", 1, &[&format!("the release is {ended}")]);
        assert!(!bank.path("live.ron").exists());
        // The limit: with both put back as they were, nothing in the workspace knows of it.
        fs::copy(bank.path("before.ron"), bank.path(file)).unwrap();
        cut(&bank.path("rules"), 4);
        bank.check("journal verify rules", 0, &["4 entries"]);
    }
}

#[test]
fn branches_of_a_journal_are_joined_with_everything_that_is_signed() {
    let bank = Bank::signed();
    bank.publish_signed("1", 16, 20);
    copy(bank.path("rules"), bank.path("other"));
    bank.make_signed("2", 17, 21);
    bank.sign("submit", "2", "li", "21T10", 0, &[]);
    let file = bank.path("other/ruleset.ron");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, super::replace_after(&text, "version: \"", "3")).unwrap();
    bank.check("release create other --requests requests.csv --key li --created-at 2014-03-21T09:30:00+08:00", 0, &[]);
    bank.check("release withdraw other/released/3.ron --key li --comment no --at 2014-03-21T10:30:00+08:00", 0, &[]);
    // As git does it with `merge=union`.
    let (own, others) = (lines(&bank.path("rules")), lines(&bank.path("other")));
    put(&bank.path("rules"), &[&own[..], &others[6..]].concat());
    fs::copy(bank.path("other/released/3.ron"), bank.path("rules/released/3.ron")).unwrap();
    bank.check("journal verify rules", 0, &["2 branches of the journal are not joined yet"]);
    bank.sign("approve", "2", "wang", "22T10", 0, &[]);
    let said = bank.check("journal verify rules", 0, &["11 entries"]);
    assert!(!said.contains("not joined"), "{said}");
    bank.sign("approve", "3", "wang", "22T11", 1, &["the release is withdrawn"]);
    let whole = lines(&bank.path("rules"));
    for missing in [7, 9] {
        let without = whole.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, line)| line.clone());
        put(&bank.path("rules"), &without.collect::<Vec<_>>());
        bank.check("journal verify rules", 1, &["journal-gap"]);
    }
}

#[test]
fn a_line_that_a_crash_cut_is_noted_and_stays() {
    let bank = Bank::signed();
    bank.make_signed("1", 16, 20);
    let file = bank.path("rules/journal.jsonl");
    let torn = "{\"previous\":[\"sha256:12";
    fs::write(&file, fs::read_to_string(&file).unwrap() + torn).unwrap();
    bank.check("journal verify rules", 1, &["journal-torn-line", "countersign journal repair --key KEY"]);
    bank.sign("submit", "1", "li", "20T10", 0, &[]);
    bank.check("journal verify rules", 1, &["journal-torn-line"]);
    bank.check("journal repair rules --by li@bank.example --comment power~cut", 2, &["the policy asks for signed entries"]);
    let repair = "journal repair rules --key li --comment power~cut --at 2014-03-20T11:00:00+08:00";
    bank.check(repair, 0, &["1 line that was cut short is noted by li@bank.example"]);
    bank.check("journal verify rules", 0, &["3 entries", "li@bank.example looked at it at 2014-03-20T11:00:00+08:00"]);
    bank.check("journal verify rules --lang zh", 0, &["li@bank.example 已于 2014-03-20T11:00:00+08:00 核对"]);
    bank.check(repair, 0, &["0 lines that were cut short are noted"]);
    assert!(fs::read_to_string(&file).unwrap().contains(&format!("\n{torn}\n")), "nothing is deleted");
    bank.check("journal show rules --what repaired", 0, &["power cut", "signed"]);
}

/// A file with a byte-order mark before it, and what a verb says of that.
const MARKED: &[(&str, &str, i32, &str)] = &[
    ("approvals.ron", VERIFY, 0, "1 entries"),
    ("journal.jsonl", VERIFY, 0, "1 entries"),
    ("ruleset.ron", "check rules", 0, ""),
    ("schema.ron", "check rules", 0, ""),
    ("lists/blocked_cards.txt", "check rules", 0, ""),
    ("allowed_signers", VERIFY, 1, "rules/allowed_signers:1:1"),
    ("released/1.ron", "release verify rules/released/1.ron", 1, "put a byte order mark before it"),
];

#[test]
fn a_byte_order_mark_is_no_part_of_what_people_write() {
    let bank = Bank::signed();
    bank.make_signed("1", 16, 20);
    for (file, args, code, said) in MARKED {
        let path = bank.path("rules").join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        fs::write(&path, format!("\u{feff}{text}")).unwrap();
        bank.check(args, *code, &[said]);
        fs::write(&path, text).unwrap();
    }
}
