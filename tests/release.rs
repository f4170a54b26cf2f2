//! Releases by the library's own door: large lists, and a release made, loaded and refused as other programs would.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use countersign::gateway::{Gateway, Requirements};
use countersign::model::{Definition, ListEntries};
use countersign::release::{self, Evidence, Release};

const GOLDEN: &[u8] = include_bytes!("golden/release-1.ron");

fn golden() -> Release {
    release::read("release-1.ron", GOLDEN).unwrap_or_else(|refused| panic!("{refused}"))
}

/// The golden release with another list of blocked identities.
fn with_blocked(entries: Vec<Arc<str>>) -> Release {
    let golden = golden();
    let mut definition = Definition::clone(golden.definition());
    definition.rule_set.lists.get_mut("blocked_ids").unwrap().entries = ListEntries::Text(entries.into());
    let evidence =
        Evidence { rule_set: release::rule_set_digest(&definition.rule_set, definition.schema.zone), ..golden.evidence().clone() };
    release::create(&definition, &evidence, golden.provenance()).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

/// Sorted 64-digit hashes, as identities are blocked.
fn hashes(count: u64) -> Vec<Arc<str>> {
    (0..count).map(|number| format!("{:064x}", u128::from(number) << 64).into()).collect()
}

#[test]
fn a_release_is_its_own_source() {
    let golden = golden();
    let again = release::create(golden.definition(), golden.evidence(), golden.provenance()).unwrap();
    // Only the approvals are not taken over: nobody has approved what was just made.
    assert_eq!((again.digest(), again.approvals().len()), (golden.digest(), 0));
    assert_eq!(again.canonical(), golden.canonical());
}

#[test]
fn a_long_list_stands_in_the_release_and_decides() {
    let release = with_blocked(hashes(20_000));
    let text = release::write(&release);
    assert!(text.len() > 20_000 * 65);
    let gateway = Gateway::load("r.ron", text.as_bytes(), Requirements::nothing()).unwrap();
    let decide = |identity: &str| {
        let fields = [
            ("request.id", "1".into()),
            ("request.operation", "PAY".into()),
            ("request.received_at", "2014-04-01T00:00:00".into()),
            ("request.interface", "branch_1".into()),
            ("customer.id_hash", identity.into()),
            ("customer.score", 0.5.into()),
            ("customer.verified", true.into()),
        ];
        gateway.decide(fields).unwrap().hits
    };
    assert!(decide(&hashes(20_000)[19_999]).contains(&"blocked".to_owned()));
    assert!(!decide("ffff").contains(&"blocked".to_owned()));
    // One entry swapped in the middle is seen.
    let altered = text.replacen("000000000000000a0000000000000000\n", "000000000000000b0000000000000000\n", 1);
    assert_ne!(altered, text);
    assert!(Gateway::load("r.ron", altered.as_bytes(), Requirements::nothing()).is_err());
}
