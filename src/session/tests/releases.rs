//! A release's whole way on the session, with real keys: nobody approves their own, what was rejected stays so, and what others do on the
//! same workspace is seen.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::fixture::{Desk, PASSPHRASE, SAMPLE};
use crate::*;
use countersign_workspace::Files;
use countersign_workspace::journal::{self, ReleaseState};
use countersign_workspace::lifecycle::{self, Actor, StepDetails};

#[track_caller]
fn refused(outcome: Result<(), String>, with: &str) {
    let why = outcome.expect_err(with);
    assert!(why.contains(with), "{why}");
}

#[test]
fn a_release_is_submitted_approved_by_two_published_and_rolled_back() {
    let mut desk = Desk::new();
    assert!(desk.session.published().is_none() && desk.session.releases().value.unwrap().rows.is_empty());
    let one = desk.export("1", 6);
    assert_eq!(desk.state(one), ReleaseState::Draft);
    assert!(desk.session.published().is_none(), "what was only exported is not live");
    desk.is("wang");
    assert!(desk.why_not(one, ReleaseStep::Submit).unwrap().contains("only its maker submits it: li@bank.example"));
    refused(desk.sign("zhao", one, Some("it")), "the release is draft: it cannot be approved");
    desk.is("li");
    assert_eq!(desk.why_not(one, ReleaseStep::Submit), None);
    desk.sign("li", one, None).unwrap();
    assert_eq!(desk.state(one), ReleaseState::Submitted);
    assert!(desk.why_not(one, ReleaseStep::Approve).unwrap().contains("somebody else must approve it"));
    refused(desk.sign("li", one, Some("risk")), "approves a release of their own making");
    refused(desk.sign("wang", one, Some("branch")), "may not approve as `branch`");
    refused(desk.take("wang", ReleaseStep::Publish, one), "the release has 0 approvals and needs 2");
    let row = Arc::clone(desk.session.releases().value.unwrap().row(one).unwrap());
    let open: Vec<String> = row.checklist.lines.iter().filter(|line| !line.is_met()).map(|line| line.title().en).collect();
    assert_eq!((open.len(), row.checklist.given(), row.checklist.needed()), (2, 0, 2), "{open:?}");
    desk.sign("wang", one, Some("risk")).unwrap();
    assert_eq!(desk.why_not(one, ReleaseStep::Approve).as_deref(), Some("you have approved it already"));
    desk.sign("zhao", one, Some("it")).unwrap();
    assert_eq!(desk.why_not(one, ReleaseStep::Publish), None);
    desk.take("zhao", ReleaseStep::Publish, one).unwrap();
    assert_eq!((desk.state(one), desk.session.published().unwrap().1.digest()), (ReleaseState::Live, one));
    assert_eq!(
        desk.files.read(Path::new("gateway.ron"), 1 << 24).unwrap(),
        desk.files.read(Path::new("rules/released/1.ron"), 1 << 24).unwrap()
    );

    let two = desk.export("2", 1);
    for (name, role) in [("li", None), ("wang", Some("risk")), ("zhao", Some("it"))] {
        desk.sign(name, two, role).unwrap();
    }
    desk.take("wang", ReleaseStep::Publish, two).unwrap();
    assert_eq!((desk.state(one), desk.state(two)), (ReleaseState::Superseded, ReleaseState::Live));
    assert!(desk.why_not(two, ReleaseStep::RollBack).is_some() && desk.why_not(one, ReleaseStep::RollBack).is_none());
    desk.take("li", ReleaseStep::RollBack, one).unwrap();
    let again = Arc::clone(&desk.session.releases().value.unwrap().rows[0]);
    assert_eq!((again.provenance.rolls_back, again.state), (Some(one), ReleaseState::Draft));
    for (name, role) in [("li", None), ("wang", Some("risk")), ("zhao", Some("it"))] {
        desk.sign(name, again.digest, role).unwrap();
    }
    desk.take("wang", ReleaseStep::Publish, again.digest).unwrap();
    assert_eq!((desk.state(two), desk.state(again.digest)), (ReleaseState::Superseded, ReleaseState::Live));
    assert!(desk.why_not(two, ReleaseStep::SwitchOff).unwrap().contains("only rules of the live release"));
    desk.take("li", ReleaseStep::SwitchOff, again.digest).unwrap();
    let off = Arc::clone(&desk.session.releases().value.unwrap().rows[0]);
    let rules = again.rules;
    assert_eq!(
        (off.version.as_str(), off.state, off.rules),
        ("1-off-1", ReleaseState::Draft, [rules[0] - 1, rules[1], rules[2] + 1])
    );
    // What was live before is revoked: the list is there, and signed.
    let revoke = |desk: &mut Desk, name: &str| {
        let signing = desk.signing(name, two, Some("risk"));
        desk.session.sign(SigningRequest { step: ReleaseStep::Revoke, role: None, comment: "wrong".to_owned(), ..signing });
        desk.wait();
        desk.tried()
    };
    revoke(&mut desk, "wang").unwrap();
    let list = desk.files.read(Path::new("rules/revocations.ron"), 1 << 20).unwrap();
    assert!(String::from_utf8(list).unwrap().contains(&two.to_string()));
    refused(revoke(&mut desk, "wang"), "there is nothing to revoke that is not revoked already");
    let recorded = serde_json::to_string(desk.session.recorded()).unwrap();
    assert!(!recorded.contains(PASSPHRASE) && !recorded.contains("keys/li"), "a passphrase is in no log of actions");
    assert!(desk.files.all().values().all(|bytes| !String::from_utf8_lossy(bytes).contains(PASSPHRASE)));
}

#[test]
fn a_rejected_release_is_not_taken_up_again_and_a_wrong_key_changes_nothing() {
    let mut desk = Desk::new();
    let one = desk.export("1", 6);
    let before = desk.files.all();
    let mut signing = desk.signing("li", one, None);
    signing.key = KeyChoice::File("keys/li".into(), Passphrase(Zeroizing::new("sesame".to_owned())));
    desk.session.sign(signing.clone());
    desk.wait();
    refused(desk.tried(), "the passphrase is wrong");
    signing.key = KeyChoice::Agent("SHA256:none".to_owned());
    desk.session.sign(signing.clone());
    desk.wait();
    refused(desk.tried(), "no ssh-agent answers");
    signing.key = KeyChoice::File("keys/nobody".into(), Passphrase::default());
    desk.session.sign(signing);
    desk.wait();
    refused(desk.tried(), "keys/nobody");
    desk.act(Action::Release(ReleaseAction::ListKeys));
    assert!(matches!(desk.session.keys().agent, Some(Err(_))));
    desk.act(Action::Release(ReleaseAction::ReadKey("keys/wang".into())));
    let (_, key) = desk.session.keys().file.clone().unwrap();
    let key = key.unwrap();
    assert_eq!((key.identity.principals.as_slice(), key.is_encrypted), (["wang@bank.example".to_owned()].as_slice(), true));
    assert_eq!(desk.files.all(), before);

    desk.sign("li", one, None).unwrap();
    desk.take("wang", ReleaseStep::Reject, one).unwrap();
    assert_eq!(desk.state(one), ReleaseState::Rejected);
    refused(desk.sign("zhao", one, Some("it")), "the release is rejected: it cannot be approved");
    refused(desk.take("zhao", ReleaseStep::Publish, one), "the release has 0 approvals and needs 2");
    assert!(desk.why_not(one, ReleaseStep::Submit).unwrap().contains("rejected"));
    let lines = &desk.session.releases().value.unwrap().journal.lines;
    let said: Vec<(journal::JournalAction, &str)> =
        lines.iter().map(|line| (line.record.what, line.record.comment.as_str())).collect();
    assert_eq!(said.last(), Some(&(journal::JournalAction::Rejected, "so it is")));
}

#[test]
fn a_review_says_what_changes_and_whether_the_evidence_agrees() {
    let mut desk = Desk::new();
    let one = desk.export("1", 6);
    desk.wait();
    let review = desk.session.review();
    let review = review.value.unwrap_or_else(|| panic!("{:?}", review.status));
    assert!(review.release == one && review.against.is_none() && review.findings.is_empty());
    assert!(matches!(review.evidence, EvidenceCheck::Agrees), "{:?}", review.evidence);
    for (name, role) in [("li", None), ("wang", Some("risk")), ("zhao", Some("it"))] {
        desk.sign(name, one, role).unwrap();
    }
    desk.take("wang", ReleaseStep::Publish, one).unwrap();
    let two = desk.export("2", 1);
    desk.act(Action::Release(ReleaseAction::Select(two)));
    let review = desk.session.review().value.cloned().unwrap();
    assert_eq!(review.against, Some((one, "1".to_owned())));
    let changes: Vec<&str> = review.changes.iter().map(|change| change.text.en.as_str()).collect();
    assert!(changes.iter().any(|text| text.contains("max_cards_per_mobile")), "{changes:?}");
    let flips = review.flips.as_ref().unwrap();
    let row = Arc::clone(desk.session.releases().value.unwrap().row(two).unwrap());
    let stated = row.evidence.against.as_ref().unwrap();
    assert!(flips.impact.all.requests > 0 && stated.flips == flips.impact.all.requests && stated.open_flips() == 0);
    let group = views::impact::group_rows(&flips.impact, &BTreeMap::new()).remove(0);
    assert!(group.rules.iter().any(|rule| rule.as_str().contains("cards_per_mobile")) && group.customers > 0);
    assert!(flips.loads.iter().any(|(now, was)| now.requests > 0 && was.is_some()));
    assert!(matches!(review.evidence, EvidenceCheck::Agrees), "{:?}", review.evidence);
    // Any two are compared: here the old one against the new one.
    desk.act(Action::Release(ReleaseAction::Select(one)));
    desk.act(Action::Release(ReleaseAction::Against(Some(two))));
    assert_eq!(desk.session.review().value.unwrap().against.as_ref().map(|(digest, _)| *digest), Some(two));
    // Other requests than those it was counted over cannot tell.
    let text = String::from_utf8(desk.files.read(Path::new(SAMPLE), 1 << 28).unwrap()).unwrap();
    desk.files.put("other.csv", text.lines().take(301).collect::<Vec<_>>().join("\n"));
    desk.act(Action::File(FileAction::OpenRequests { path: "other.csv".into(), mapping: None }));
    desk.act(Action::Release(ReleaseAction::Select(two)));
    desk.wait();
    let review = desk.session.review().value.cloned().unwrap();
    assert!(matches!(&review.evidence, EvidenceCheck::Cannot(why) if why.en.contains("is not the file")), "{:?}", review.evidence);
    assert!(review.flips.is_ok());
}

#[test]
fn what_another_program_does_is_seen_and_a_broken_journal_stops_every_step() {
    let mut desk = Desk::new();
    let one = desk.export("1", 6);
    desk.sign("li", one, None).unwrap();
    assert_eq!(desk.session.releases().value.unwrap().row(one).unwrap().approvals.len(), 1);
    // Another program rejects it, as the command line does.
    let at = desk.at();
    let doing = StepDetails::new("zhao@bank.example", at, "not like this").unwrap();
    let requirements = lifecycle::requirements(&desk.files, Some(Path::new("rules")), None, None).unwrap();
    let actor = Actor { doing: &doing, signer: None, requirements: &requirements };
    lifecycle::mark(&desk.files, Path::new("rules/released/1.ron"), journal::JournalAction::Rejected, actor).unwrap();
    assert_eq!(desk.state(one), ReleaseState::Submitted);
    desk.wait();
    assert_eq!(desk.state(one), ReleaseState::Rejected, "it is seen without asking");
    let before = Arc::clone(desk.session.releases().value.unwrap());
    let stamp = desk.session.stamp();
    desk.wait();
    assert!(
        Arc::ptr_eq(&before, desk.session.releases().value.unwrap()) && desk.session.stamp() == stamp,
        "nothing new is nothing"
    );
    let path = Path::new("rules/journal.jsonl");
    let text = String::from_utf8(desk.files.read(path, 1 << 20).unwrap()).unwrap();
    desk.files.put(path, text.replacen("zhao@", "wang@", 1));
    desk.wait();
    assert!(!desk.session.releases().value.unwrap().journal.holds());
    assert!(desk.why_not(one, ReleaseStep::Withdraw).unwrap().contains("the journal does not hold"));
    refused(desk.take("li", ReleaseStep::Withdraw, one), "the line is not as it was written");
    desk.files.put(path, text);
    desk.files.put("rules/approvals.ron", "(format: 9)");
    desk.wait();
    assert!(desk.session.releases().value.unwrap().requirements.is_err());
    assert!(desk.why_not(one, ReleaseStep::Submit).is_some());
}
