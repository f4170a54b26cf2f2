//! Rows left out of the evidence: acknowledged, compared value by value, refused where they cannot be.

use super::create::print;
use super::fixture::{definition, evidence, provenance};
use super::format1::{self, from_model};
use super::*;
use crate::model::{AsideAmount, AsideLabels, AsideReason, RowFault, SetAside};

/// Evidence that left out seven rows.
fn with_rows_left_out(acknowledged: u64) -> Evidence {
    let mut evidence = evidence(&definition());
    let word = evidence.against.as_ref().unwrap().acknowledged[0].clone();
    let reason = |fault, column: Option<&str>, rows| AsideReason { fault, column: column.map(str::to_owned), rows };
    evidence.samples[0].set_aside = Some(AsideEvidence {
        rows: SetAside {
            rows: 7,
            of: 20_007,
            reasons: vec![reason(RowFault::MissingValue, Some("customer.age"), 4), reason(RowFault::MalformedRow, None, 3)],
            labels: Some(AsideLabels { fraud: 2, genuine: 1, unknown: 1 }),
            amount: Some(AsideAmount { rows: 4, fen: -5 }),
            digest: Digest::of(b"rows"),
        },
        acknowledged: if acknowledged > 0 { vec![Acknowledgement { count: acknowledged, ..word }] } else { Vec::new() },
    });
    evidence
}

#[test]
fn rows_left_out_are_evidence_that_must_be_acknowledged() {
    for (acknowledged, refused) in [(0, true), (6, true), (7, false)] {
        let stated = with_rows_left_out(acknowledged);
        let release = create(&definition(), &stated, &provenance()).unwrap_or_else(|findings| panic!("{findings:?}"));
        assert_eq!(release.evidence(), &stated);
        let findings = verify_approvals(&release, &Requirements::nothing(), None);
        let found: Vec<_> = findings.iter().map(|finding| (finding.id(), finding.span.is_some(), finding.notes.len())).collect();
        assert_eq!(found, if refused { vec![("release-set-aside", true, 2)] } else { Vec::new() }, "{acknowledged}");
    }
}

#[test]
fn rows_left_out_are_compared_value_by_value() {
    let stated = with_rows_left_out(7);
    let differing = |change: fn(&mut SetAside)| {
        let mut found = stated.clone();
        change(&mut found.samples[0].set_aside.as_mut().unwrap().rows);
        let paths = stated.differences(&found).into_iter().map(|one| format!("{} {} {}", one.path, one.stated, one.found));
        paths.collect::<Vec<_>>().join("; ")
    };
    let at = "samples.requests.csv.set_aside";
    assert_eq!(differing(|_| {}), "");
    assert_eq!(differing(|rows| rows.rows = 8), format!("{at}.rows 7 8"));
    assert_eq!(differing(|rows| rows.reasons[0].rows = 5), format!("{at}.reasons.missing-value.customer.age 4 5"));
    let fault = |rows: &mut SetAside| rows.reasons[1].fault = RowFault::WrongEncoding;
    assert_eq!(differing(fault), format!("{at}.reasons.malformed-row 3 –; {at}.reasons.wrong-encoding – 3"));
    assert_eq!(differing(|rows| rows.labels = None).matches("labels").count(), 3);
    assert_eq!(differing(|rows| rows.amount.as_mut().unwrap().fen = 0), format!("{at}.amount.fen -5 0"));
    assert!(differing(|rows| rows.digest = Digest::of(b"")).starts_with(&format!("{at}.digest sha256:")));
    let mut none = stated.clone();
    none.samples[0].set_aside = None;
    assert_eq!(stated.differences(&none).len(), 9);
}

#[test]
fn rows_left_out_that_cannot_be_are_refused() {
    type Forge = fn(&mut format1::AsideFile);
    let forge = |change: Forge| {
        let mut file = from_model::file(&Profile::own(), &provenance(), &[], &with_rows_left_out(7), &definition());
        change(file.evidence.samples[0].set_aside.as_mut().unwrap());
        read("r.ron", print(file).unwrap().as_bytes()).map(|_| ()).map_err(|refused| refused.findings[0].id())
    };
    assert_eq!(forge(|_| {}), Ok(()));
    let wrong: [(Forge, &str); 8] = [
        (|aside| aside.rows = 8, "release-evidence"),
        (|aside| (aside.rows, aside.reasons) = (0, Vec::new()), "release-evidence"),
        (|aside| aside.labels.as_mut().unwrap().fraud = 6, "release-evidence"),
        (|aside| aside.amount.as_mut().unwrap().rows = 8, "release-evidence"),
        (|aside| aside.acknowledged[0].rows = 8, "release-evidence"),
        (|aside| aside.reasons[0].fault = "bad luck".to_owned(), "release-value"),
        (|aside| aside.digest = String::new(), "release-value"),
        (|aside| aside.acknowledged[0].by = String::new(), "release-value"),
    ];
    for (at, (change, id)) in wrong.into_iter().enumerate() {
        assert_eq!(forge(change), Err(id), "{at}");
    }
}
