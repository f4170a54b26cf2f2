//! What is refused of approvals: each way to cheat by its own message.

use std::sync::Arc;

use countersign_core::diagnostic::Finding;
use countersign_core::gateway::Gateway;
use countersign_core::model::{Definition, Fen, ListEntries, Status, Value};
use countersign_core::release::{
    self, Approval, Digest, Evidence, Policy, Provenance, Release, Requirements, SigningChecklist, VerifierClock, changes,
    verify_approvals,
};

use crate::common::releases::{changed, golden, made, made_after, moment, small};
use crate::signatures::keys::{Keys, approval, fresh, principal, signed};

const MADE: &str = "2014-03-20T10:00:00+08:00";
const LATER: &str = "2014-03-20T16:00:00+08:00";

const POLICY: &str = r#"(
    format: 1,
    approvals: 1,
    roles: [
        (id: "head_office_risk", title: (en: "Head-office risk", zh: "总行风险"), principals: ["wang.wei@bank.example"]),
        (id: "it", title: (en: "IT", zh: "信息科技"), principals: ["*@bank.example", "!li.na@bank.example"]),
    ],
    needs: [
        (change: Stage("limits"), role: "head_office_risk"),
        (change: Parameter("*_limit"), role: "head_office_risk"),
        (change: Schema, role: "it"),
    ],
)"#;

/// One message and id a finding.
fn told(findings: &[Finding]) -> Vec<(&'static str, &str)> {
    findings.iter().map(|finding| (finding.id(), finding.message.en.as_str())).collect()
}

#[test]
fn each_way_to_cheat_is_refused_by_its_name() {
    let keys = Keys::new(&["li.na", "wang.wei", "zhao"]);
    let requirements = Requirements::new(Policy::of(2), keys.trust(&["li.na", "wang.wei", "zhao"]));
    let release = fresh();
    let submission = approval(&keys, &release, "li.na", "maker", MADE);
    let (wang, zhao) =
        (approval(&keys, &release, "wang.wei", "checker", LATER), approval(&keys, &release, "zhao", "checker", LATER));
    let all = [submission.clone(), wang.clone(), zhao.clone()];
    assert_eq!(told(&verify_approvals(&signed(&release, all.clone()), &requirements, None)), []);
    let refused = |approvals: Vec<Approval>, wanted: (&str, &str)| {
        let signed = signed(&release, approvals);
        let findings = verify_approvals(&signed, &requirements, None);
        assert_eq!(told(&findings), [wanted]);
        let text = release::write(&signed);
        let by_gateway = Gateway::load("r.ron", text.as_bytes(), requirements.clone()).expect_err("the gateway takes it");
        assert_eq!(by_gateway.findings, findings, "the gateway says the same");
    };
    refused(all[..2].to_vec(), ("release-too-few-approvals", "the release has 1 approval and needs 2"));
    let unsubmitted = "the maker `li.na@bank.example` has not submitted the release with a signature";
    refused(all[1..].to_vec(), ("release-submission", unsubmitted));
    let own = Approval { role: "checker".to_owned(), ..submission.clone() };
    let findings = verify_approvals(&signed(&release, [own, wang.clone(), zhao.clone()]), &requirements, None);
    let message = "`li.na@bank.example` approves a release of their own making";
    assert_eq!(told(&findings), [("release-own-approval", message), ("release-submission", unsubmitted)]);
    let other = release::create(
        release.definition(),
        release.evidence(),
        &Provenance { comment: "another".to_owned(), ..release.provenance().clone() },
    )
    .unwrap();
    let of_other = approval(&keys, &other, "zhao", "checker", LATER);
    let message = "the signature of `zhao@bank.example` is not one over this release";
    refused(vec![submission.clone(), wang.clone(), of_other], ("release-signature", message));
    let early = Approval { time: "2014-03-20T09:29:59+08:00".to_owned().try_into().unwrap(), ..zhao.clone() };
    let message = "approved at 2014-03-20T09:29:59+08:00, before it was made at 2014-03-20T09:30:00+08:00";
    refused(vec![submission.clone(), early, wang.clone()], ("release-approval", message));
    let by_zhao = Approval { principal: principal("zhao"), ..submission.clone() };
    let findings = verify_approvals(&signed(&release, [by_zhao, wang.clone()]), &requirements, None);
    assert_eq!(findings[0].id(), "release-submission");
    // Nobody's word about signatures is taken without knowing whom to trust.
    let blind = Requirements { policy: Policy::of(1), ..Requirements::default() };
    assert_eq!(verify_approvals(&signed(&release, all), &blind, None)[0].id(), "release-unverifiable");
}

#[test]
fn one_person_with_two_names_is_one_person() {
    let keys = Keys::new(&["li.na", "wang.wei"]);
    let release = fresh();
    let submission = approval(&keys, &release, "li.na", "maker", MADE);
    let wang = approval(&keys, &release, "wang.wei", "checker", LATER);
    let as_zhao = Approval { principal: principal("zhao"), ..wang.clone() };
    let lines = |also: &str| {
        let text = format!(
            "li.na@bank.example {}\nwang.wei@bank.example,zhao@bank.example {}\n{also}",
            keys.public("li.na"),
            keys.public("wang.wei")
        );
        Requirements::new(Policy::of(2), crate::signatures::keys::read_trust(&text))
    };
    let twice = signed(&release, [submission.clone(), wang.clone(), as_zhao]);
    let findings = verify_approvals(&twice, &lines(""), None);
    let message = "`zhao@bank.example` and `wang.wei@bank.example` signed with the same key: that is one person";
    assert_eq!(told(&findings), [("release-duplicate", message)]);
    // The maker's key listed under a colleague's name as well.
    let borrowed = Approval { principal: principal("zhao"), ..approval(&keys, &release, "li.na", "checker", LATER) };
    let also = format!("zhao@bank.example {}\n", keys.public("li.na"));
    let findings = verify_approvals(&signed(&release, [submission, wang, borrowed]), &lines(&also), None);
    assert_eq!(findings[0].id(), "release-duplicate", "the key submitted already");
    let alone =
        signed(&release, [Approval { principal: principal("zhao"), ..approval(&keys, &release, "li.na", "checker", LATER) }]);
    let findings = verify_approvals(&alone, &lines(&also), None);
    assert_eq!(findings[0].message.en, "`zhao@bank.example` approves a release of their own making");
}

#[test]
fn approvals_out_of_order_twice_or_for_another_purpose_do_not_even_load() {
    let keys = Keys::new(&["li.na", "wang.wei"]);
    let release = fresh();
    let (first, second) =
        (approval(&keys, &release, "li.na", "maker", MADE), approval(&keys, &release, "wang.wei", "checker", LATER));
    let text = release::write(&signed(&release, [first.clone(), second.clone()])).to_owned();
    // Exchanged as by someone who knows how to make both digests right again.
    let swap = |text: &str| text.replacen(MADE, "TIME", 1).replacen(LATER, MADE, 1).replacen("TIME", LATER, 1);
    let redone = forge(&swap(&text).replacen("\"maker\"", "\"checker\"", 1));
    let refused = release::read("r.ron", redone.as_bytes()).unwrap_err();
    assert!(
        refused.to_string().contains("the approvals stand in another order than they were given (release-approval)"),
        "{refused}"
    );
    let other = Approval { signature: keys.sign("wang.wei", "git", &release.canonical()), ..second.clone() };
    let findings = release::approve(&release, other).unwrap_err();
    assert_eq!(
        told(&findings),
        [("release-namespace", "`wang.wei@bank.example` signed for another namespace than `countersign-release`")]
    );
    let twice = release::approve(&signed(&release, [first.clone()]), first).unwrap_err();
    assert_eq!(told(&twice), [("release-duplicate", "`li.na@bank.example` has approved it already")]);
}

/// The text with the digest of its approvals made right again.
fn forge(text: &str) -> String {
    let refused = release::read("r.ron", text.as_bytes()).unwrap_err().to_string();
    let (_, rest) = refused.split_once("have the digest `").unwrap_or_else(|| panic!("{refused}"));
    let (right, rest) = rest.split_once("`, not `").unwrap();
    let wrong = rest.split('`').next().unwrap();
    text.replacen(wrong, right, 1)
}

#[test]
fn every_changed_byte_and_every_cut_of_a_signed_release_is_refused() {
    let keys = Keys::new(&["li.na", "wang.wei"]);
    let release = small();
    let release = signed(
        &release,
        [approval(&keys, &release, "li.na", "maker", MADE), approval(&keys, &release, "wang.wei", "checker", LATER)],
    );
    let requirements = Requirements::new(Policy::of(1), keys.trust(&["li.na", "wang.wei"]));
    let text = release::write(&release).as_bytes();
    assert!(Gateway::load("r.ron", text, requirements.clone()).is_ok());
    let mut bytes = text.to_vec();
    // Each byte of the approvals; of the rest, which the library's own tests take byte by byte, some.
    let whole = String::from_utf8(text.to_vec()).unwrap();
    let approvals = whole.find("approvals: [").unwrap()..whole.find("evidence: (").unwrap();
    for at in (0..text.len()).filter(|at| approvals.contains(at) || at % 11 == 0) {
        bytes[at] ^= [1, 2, 0x20, 0x80][at % 4];
        assert!(Gateway::load("r.ron", &bytes, requirements.clone()).is_err(), "byte {at} as {}", bytes[at]);
        bytes[at] = text[at];
        assert!(Gateway::load("r.ron", &text[..at], requirements.clone()).is_err(), "cut at {at}");
    }
    // Of a large one, bytes here and there.
    let large = changed(|definition| {
        let entries: Vec<Arc<str>> = (0..3_000).map(|number| format!("{number:064x}").into()).collect();
        definition.rule_set.lists.get_mut("blocked_ids").unwrap().entries = ListEntries::Text(entries.into());
    });
    let large =
        signed(&large, [approval(&keys, &large, "li.na", "maker", MADE), approval(&keys, &large, "wang.wei", "checker", LATER)]);
    let mut bytes = release::write(&large).as_bytes().to_vec();
    assert!(bytes.len() > 190_000 && Gateway::load("r.ron", &bytes, requirements.clone()).is_ok());
    let mut at = 0;
    for step in 0..80 {
        at = (at + 2_477 * 41 + step) % bytes.len();
        bytes[at] ^= 1 << (step % 8);
        assert!(Gateway::load("r.ron", &bytes, requirements.clone()).is_err(), "byte {at} as {}", bytes[at]);
        bytes[at] ^= 1 << (step % 8);
    }
    // The content's digest does not cover the approvals; with theirs made right, the signatures still hold each of them.
    for (old, new) in
        [("\"wang.wei@bank.example\"", "\"zhao@bank.example\""), ("U1NIU0lH", "U1NIU0lG"), (LATER, "2014-03-20T08:00:00+08:00")]
    {
        let changed = whole.replacen(old, new, 1);
        assert_ne!(changed, whole, "{old}");
        let forged = forge(&changed);
        assert!(Gateway::load("r.ron", forged.as_bytes(), requirements.clone()).is_err(), "{old}");
    }
}

#[test]
fn a_change_asks_for_the_role_that_the_policy_names() {
    let keys = Keys::new(&["li.na", "wang.wei", "zhao"]);
    let policy = Policy::read("approvals.ron", POLICY.as_bytes()).unwrap();
    let requirements = Requirements::new(policy, keys.trust(&["li.na", "wang.wei", "zhao"]));
    let live = fresh();
    let change = |change: &dyn Fn(&mut Definition)| {
        let mut definition = Definition::clone(live.definition());
        change(&mut definition);
        made_after(&definition, "2014-03-20T09:30:00+08:00", Some(&live))
    };
    let check = |release: &Release, name: &str, role: &str, live: Option<&Release>| {
        let submission = approval(&keys, release, "li.na", "maker", MADE);
        let release = signed(release, [submission, approval(&keys, release, name, role, LATER)]);
        let findings = verify_approvals(&release, &requirements, live);
        findings.iter().map(|finding| finding.message.en.clone()).collect::<Vec<_>>()
    };
    let limit = change(&|definition| {
        definition.rule_set.parameters.get_mut("single_limit").unwrap().value = Value::Money(Fen(600_000));
    });
    let lacking =
        "parameter `single_limit`: 5000.00 → 6000.00: this needs 1 approval as `head_office_risk` (Head-office risk), there are 0";
    assert_eq!(check(&limit, "zhao", "it", Some(&live)), [lacking]);
    assert_eq!(check(&limit, "wang.wei", "head_office_risk", Some(&live)), Vec::<String>::new());
    assert_eq!(
        check(&limit, "zhao", "head_office_risk", Some(&live))[0],
        "`zhao@bank.example` may not approve as `head_office_risk`"
    );
    let points = change(&|definition| definition.rule_set.parameters.get_mut("points").unwrap().value = Value::Int(65));
    assert_eq!(check(&points, "zhao", "it", Some(&live)), Vec::<String>::new());
    // What changed is not known without the release it was judged against.
    let unknown = check(&points, "zhao", "it", None);
    assert_eq!(unknown[0], "the release was judged against another, which is not given here");
    assert_eq!(check(&points, "zhao", "checker", Some(&live)), ["`zhao@bank.example` may not approve as `checker`"]);
    let script = change(&|definition| {
        let rule = &mut definition.rule_set.stages[2].rules[0];
        rule.script.text = rule.script.text.replace("50_000", "60_000").into();
    });
    let wanted =
        "rule `single_limit` has another script: this needs 1 approval as `head_office_risk` (Head-office risk), there are 0";
    assert_eq!(check(&script, "zhao", "it", Some(&live)), [wanted]);
}

/// A way to cheat with a release of format 2: what is done to it and its checker's approval, and the id of the refusal.
struct Attack {
    name: &'static str,
    release: fn(&Release, &Release) -> Release,
    approval: fn(&mut Approval),
    now: &'static str,
    refused: &'static str,
}

fn as_made(_: &Release, next: &Release) -> Release {
    next.clone()
}

/// The next release with other evidence and lineage.
fn remade(next: &Release, change: impl FnOnce(&mut Evidence, &mut Provenance)) -> Release {
    let (mut evidence, mut provenance) = (next.evidence().clone(), next.provenance().clone());
    change(&mut evidence, &mut provenance);
    release::create(next.definition(), &evidence, &provenance).unwrap()
}

fn attacks() -> Vec<Attack> {
    let same: fn(&mut Approval) = |_| ();
    let now = "2014-03-21T00:00:00+08:00";
    vec![
        Attack { name: "none", release: as_made, approval: same, now, refused: "" },
        Attack {
            name: "another role",
            release: as_made,
            approval: |one| one.role = "it".into(),
            now,
            refused: "release-signature",
        },
        Attack {
            name: "another time",
            release: as_made,
            approval: |one| one.time = moment("2014-03-20T15:00:00+08:00"),
            now,
            refused: "release-signature",
        },
        Attack {
            name: "flips against a decoy",
            release: |_, next| remade(next, |evidence, _| evidence.against.as_mut().unwrap().release = golden().digest()),
            approval: same,
            now,
            refused: "release-base",
        },
        Attack {
            name: "judged against a decoy",
            release: |_, next| made_after(next.definition(), MADE, Some(&golden())),
            approval: same,
            now,
            refused: "release-base",
        },
        Attack {
            name: "flips not counted",
            release: |_, next| remade(next, |evidence, _| evidence.against = None),
            approval: same,
            now,
            refused: "release-base",
        },
        Attack {
            name: "a first release beside a live one",
            release: |_, next| made_after(next.definition(), MADE, None),
            approval: same,
            now,
            refused: "release-base",
        },
        Attack {
            name: "the live one's number again",
            release: |live, next| {
                remade(next, |evidence, provenance| {
                    (evidence.against, provenance.lineage) = (live.evidence().against.clone(), live.lineage().copied());
                })
            },
            approval: same,
            now,
            refused: "release-base",
        },
        Attack {
            name: "dated ahead",
            release: as_made,
            approval: same,
            now: "2014-03-20T09:00:00+08:00",
            refused: "release-clock",
        },
        Attack {
            name: "an expired key that claims an earlier time",
            release: as_made,
            approval: same,
            now: "2016-01-01T00:00:00+08:00",
            refused: "release-expired-key",
        },
    ]
}

#[test]
fn what_a_statement_says_cannot_be_changed_and_is_held_against_the_live_release_and_the_clock() {
    let keys = Keys::new(&["li.na", "wang.wei"]);
    let lines = format!(
        "li.na@bank.example {}\nwang.wei@bank.example valid-before=\"20150101Z\" {}\n",
        keys.public("li.na"),
        keys.public("wang.wei")
    );
    let trust = crate::signatures::keys::read_trust(&lines);
    let live = made_after(fresh().definition(), "2014-03-20T09:00:00+08:00", None);
    let other = changed(|one| one.rule_set.parameters.get_mut("points").unwrap().value = Value::Int(65));
    let next = made_after(other.definition(), MADE, Some(&live));
    for attack in attacks() {
        let release = (attack.release)(&live, &next);
        let submission = approval(&keys, &release, "li.na", "maker", MADE);
        let mut checker = approval(&keys, &release, "wang.wei", "checker", LATER);
        (attack.approval)(&mut checker);
        let signed = signed(&release, [submission, checker]);
        let requirements = Requirements::new(Policy { release_format: 2, ..Policy::of(1) }, trust.clone());
        let requirements = requirements.by(VerifierClock::at(moment(attack.now).at));
        let findings = verify_approvals(&signed, &requirements, Some(&live));
        let ids: Vec<&str> = findings.iter().map(Finding::id).collect();
        assert_eq!(ids.first().copied().unwrap_or_default(), attack.refused, "{}: {findings:#?}", attack.name);
        assert!(findings.iter().all(|one| one.help.is_some() && !one.message.zh.is_ascii()), "{findings:#?}");
    }
    // A gateway that starts again is given the base's file: neither another one nor the release itself will do.
    let submission = approval(&keys, &next, "li.na", "maker", MADE);
    let taken = signed(&next, [submission, approval(&keys, &next, "wang.wei", "checker", LATER)]);
    let requirements = Requirements::new(Policy { release_format: 2, ..Policy::of(1) }, trust.clone());
    let requirements = requirements.by(VerifierClock::at(moment("2014-03-21T00:00:00+08:00").at));
    let start = |base: &Release| {
        let (bytes, base) = (release::write(&taken).as_bytes(), release::write(base).as_bytes());
        Gateway::load_after("next.ron", bytes, ("base.ron", base), requirements.clone()).map_err(|refused| refused.findings[0].id())
    };
    assert_eq!(start(&live).unwrap().digest(), taken.digest());
    for other in [&golden(), &taken] {
        assert_eq!(start(other).unwrap_err(), "release-base");
    }
    assert!(Gateway::load("next.ron", release::write(&taken).as_bytes(), requirements.clone()).is_err());
    // A later number in the same place, and format 1 where the policy no longer takes it.
    let refused = |release: &Release, live: &Release| {
        let requirements = Requirements::new(Policy { release_format: 2, ..Policy::of(1) }, trust.clone());
        verify_approvals(release, &requirements, Some(live)).iter().map(Finding::id).collect::<Vec<_>>()
    };
    assert!(refused(&golden(), &live).contains(&"release-format"));
    assert!(refused(&live, &next).contains(&"release-older"));
    let statement = next.statement("wang.wei@bank.example", "checker", moment(LATER), None);
    let (base, own) = (live.digest(), next.digest());
    assert_eq!(
        statement,
        format!(
            "{{\"base\":\"{base}\",\"namespace\":\"countersign-release\",\"principal\":\"wang.wei@bank.example\",\"release\":\"{own}\",\
             \"role\":\"checker\",\"sequence\":\"2\",\"time\":\"2014-03-20T16:00:00+08:00\"}}"
        )
    );
}

#[test]
fn the_entry_of_the_journal_that_an_approval_names_is_signed() {
    let keys = Keys::new(&["li.na", "wang.wei"]);
    let requirements = Requirements::new(Policy::of(1), keys.trust(&["li.na", "wang.wei"]));
    let release = made_after(fresh().definition(), MADE, None);
    let submission = approval(&keys, &release, "li.na", "maker", MADE);
    let entry = |text: &str| Some(Digest::of(text.as_bytes()));
    let mut checker = Approval { journal: entry("last"), ..approval(&keys, &release, "wang.wei", "checker", LATER) };
    checker.signature = keys.signer("wang.wei", "").sign(&release.signed_text(&checker)).unwrap();
    for (journal, refused) in [(entry("last"), ""), (entry("other"), "release-signature"), (None, "release-signature")] {
        let signed = signed(&release, [submission.clone(), Approval { journal, ..checker.clone() }]);
        let findings = verify_approvals(&signed, &requirements, None);
        assert_eq!(findings.first().map_or("", |finding| finding.id()), refused, "{findings:?}");
    }
    // Format 1 signs none of this, so it cannot state it; nor can its signatures end a release.
    for wrong in [checker.clone(), Approval { journal: None, role: "rejected".into(), ..checker }] {
        assert_eq!(release::approve(&fresh(), wrong).unwrap_err()[0].id(), "release-value");
    }
}

#[test]
fn an_older_release_does_not_come_back_and_nothing_changed_says_so() {
    let live = fresh();
    let older = made(live.definition(), "2014-03-20T09:29:59+08:00");
    let findings = verify_approvals(&older, &Requirements::nothing(), Some(&live));
    assert_eq!(told(&findings)[0].0, "release-older");
    assert!(verify_approvals(&live, &Requirements::nothing(), Some(&live)).is_empty());
    assert_eq!(changes(Some(live.definition()), older.definition()), []);
    let gateway = Gateway::load("live.ron", release::write(&live).as_bytes(), Requirements::nothing()).unwrap();
    assert!(gateway.replace("old.ron", release::write(&older).as_bytes()).is_err());
    assert_eq!(gateway.digest(), live.digest());
}

#[test]
fn every_part_that_changes_is_told() {
    let live = fresh();
    let texts = |change: &dyn Fn(&mut Definition)| {
        let mut definition = Definition::clone(live.definition());
        change(&mut definition);
        let changes = changes(Some(live.definition()), &definition);
        assert!(changes.iter().all(|change| !change.text.zh.is_ascii()), "{changes:?}");
        changes.into_iter().map(|change| change.text.en).collect::<Vec<_>>()
    };
    let rules = |definition: &mut Definition| definition.rule_set.stages.swap(0, 1);
    assert_eq!(texts(&rules).len(), 4);
    assert_eq!(texts(&|one| one.rule_set.stages[0].rules.swap(0, 1)), ["the rules of stage `access` run in another order"]);
    assert_eq!(texts(&|one| drop(one.rule_set.stages[0].rules.remove(1))), ["rule `blocked` is gone"]);
    assert_eq!(
        texts(&|one| one.rule_set.stages[0].rules[1].owner = "it".into()),
        ["rule `blocked` has another title, owner or basis"]
    );
    assert_eq!(texts(&|one| one.rule_set.shared = None).len(), 4);
    assert_eq!(texts(&|one| drop(one.rule_set.parameters.shift_remove("points"))), ["parameter `points` is gone"]);
    assert_eq!(texts(&|one| one.rule_set.invariants.clear()), ["the invariants changed"]);
    assert_eq!(texts(&|one| one.schema.name.push('x')), ["the schema changed"]);
    let list = |one: &mut Definition| {
        let entries = ListEntries::Text(Arc::from(["3f5a".into(), "9c02".into()]));
        one.rule_set.lists.get_mut("blocked_ids").unwrap().entries = entries;
    };
    assert_eq!(texts(&list), ["list `blocked_ids`: 1 entries more, 2 fewer"]);
    assert_eq!(changes(None, live.definition()).len(), 4 + 6 + 2 + 2);
}

#[test]
fn the_checklist_is_complete_exactly_when_no_signature_is_missing() {
    let keys = Keys::new(&["li.na", "wang.wei", "zhao", "sun"]);
    let everyone = ["li.na", "wang.wei", "zhao", "sun"];
    let with = |approvals: usize| {
        let policy = POLICY.replacen("approvals: 1,", &format!("approvals: {approvals},"), 1);
        let policy = Policy::read("approvals.ron", policy.as_bytes()).unwrap_or_else(|refused| panic!("{refused}"));
        Requirements::new(policy, keys.trust(&everyone))
    };
    let release = fresh();
    // Signatures as `name role`; approvals asked of any release; the list as (title, who may still sign), and the one number.
    for (signatures, approvals, lines, number) in [
        (
            "",
            1,
            vec![
                ("Submitted by its maker", "li.na"),
                ("Head-office risk: 0 of 1", "wang.wei"),
                ("IT: 0 of 1", "sun wang.wei zhao"),
            ],
            (0, 2),
        ),
        (
            "li.na maker, zhao it, sun it",
            2,
            vec![("Submitted by its maker", ""), ("Head-office risk: 0 of 1", "wang.wei"), ("IT: 1 of 1", "")],
            (1, 2),
        ),
        (
            "li.na maker, zhao it",
            3,
            vec![
                ("Submitted by its maker", ""),
                ("Head-office risk: 0 of 1", "wang.wei"),
                ("IT: 1 of 1", ""),
                ("Any other approver: 0 of 1", "sun wang.wei"),
            ],
            (1, 3),
        ),
        (
            "li.na maker, zhao it, sun it, wang.wei head_office_risk",
            3,
            vec![
                ("Submitted by its maker", ""),
                ("Head-office risk: 1 of 1", ""),
                ("IT: 1 of 1", ""),
                ("Any other approver: 1 of 1", ""),
            ],
            (3, 3),
        ),
    ] {
        let requirements = with(approvals);
        let given = signatures.split(", ").filter(|one| !one.is_empty()).map(|one| {
            let (name, role) = one.split_once(' ').expect("name and role");
            approval(&keys, &release, name, role, if role == "maker" { MADE } else { LATER })
        });
        let signed = signed(&release, given.collect::<Vec<_>>());
        let checklist = SigningChecklist::of(&signed, &requirements, None);
        let short = |names: &[String]| names.iter().map(|name| name.split('@').next().unwrap_or("")).collect::<Vec<_>>().join(" ");
        let shown: Vec<(String, String)> = checklist.lines.iter().map(|line| (line.title().en, short(&line.eligible))).collect();
        let wanted: Vec<(String, String)> = lines.iter().map(|(title, open)| ((*title).to_owned(), (*open).to_owned())).collect();
        assert_eq!((shown, (checklist.given(), checklist.needed())), (wanted, number), "{signatures}");
        let findings = verify_approvals(&signed, &requirements, None);
        let is_complete = checklist.lines.iter().all(release::ChecklistLine::is_met);
        assert_eq!(is_complete, !findings.iter().any(|finding| checklist.covers(finding)), "{signatures}: {:?}", told(&findings));
    }
}

type DefinitionChange = fn(&mut Definition);

#[test]
fn only_a_release_that_switches_rules_off_and_nothing_else_needs_less() {
    let keys = Keys::new(&["li.na", "wang.wei", "zhao"]);
    let policy = POLICY.replacen("    needs:", "    switch_off: (role: \"it\"),\n    needs:", 1).replacen(
        "approvals: 1,",
        "approvals: 2,",
        1,
    );
    let policy = Policy::read("approvals.ron", policy.as_bytes()).unwrap_or_else(|refused| panic!("{refused}"));
    let requirements = Requirements::new(policy, keys.trust(&["li.na", "wang.wei", "zhao"]));
    let live = fresh();
    let switched = |definition: &mut Definition| {
        let rule =
            definition.rule_set.stages.iter_mut().flat_map(|stage| &mut stage.rules).find(|rule| rule.status == Status::Active);
        rule.expect("a rule is active").status = Status::Off;
    };
    // What is changed besides, and whether one approval of `it` is enough.
    let table: [(&str, DefinitionChange, bool); 6] = [
        ("nothing", |_| (), true),
        ("the version", |definition| definition.rule_set.version = "9".into(), true),
        ("a parameter", |definition| definition.rule_set.parameters.get_mut("points").unwrap().value = Value::Int(65), false),
        ("a title", |definition| definition.rule_set.title.en = "Another".into(), false),
        (
            "a rule switched on",
            |definition| {
                let rule = definition
                    .rule_set
                    .stages
                    .iter_mut()
                    .flat_map(|stage| &mut stage.rules)
                    .find(|rule| rule.status == Status::Shadow);
                rule.expect("a shadow rule").status = Status::Active;
            },
            false,
        ),
        ("the schema", |definition| definition.schema.zone = countersign_core::model::Zone::parse("+09:00").unwrap(), false),
    ];
    for (name, change, is_enough) in table {
        let mut definition = Definition::clone(live.definition());
        switched(&mut definition);
        change(&mut definition);
        let release = made_after(&definition, "2014-03-20T09:30:00+08:00", Some(&live));
        let submission = approval(&keys, &release, "li.na", "maker", MADE);
        let release = signed(&release, [submission, approval(&keys, &release, "zhao", "it", LATER)]);
        let findings = verify_approvals(&release, &requirements, Some(&live));
        assert_eq!(findings.is_empty(), is_enough, "{name}: {:?}", told(&findings));
        assert_eq!(SigningChecklist::of(&release, &requirements, Some(&live)).needed(), if is_enough { 1 } else { 2 }, "{name}");
    }
    let findings = verify_approvals(&signed(&live, []), &requirements, Some(&live));
    assert!(
        findings.iter().any(|finding| finding.message.en.contains("needs 2")),
        "nothing is switched off: {:?}",
        told(&findings)
    );
}
