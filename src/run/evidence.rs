//! Counts what a release is approved on from what was run: one way for whoever makes a release and whoever verifies it.

use crate::Run;
use crate::compare::Flips;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::engine::cases::CaseRun;
use countersign_core::model::{CaseSet, SetAside, Status, Verdict};
use countersign_core::release::{
    AsideEvidence, CaseEvidence, CheckEvidence, Coverage, Digest, Evidence, LiveEvidence, SampleEvidence, VerdictCounts,
    cases_digest, rule_set_digest, schema_digest,
};

/// A file of sample requests, by what evidence names it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleFile {
    /// Its name without its folder.
    pub name: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// The digest of the column mapping it was read with; none where it needed none.
    pub mapping: Option<Digest>,
    /// The rows that were set aside.
    pub set_aside: Option<SetAside>,
}

/// What was run with the rules that a release holds.
#[derive(Clone, Copy)]
pub struct EvidenceBasis<'a> {
    pub findings: &'a [Finding],
    /// The cases, run; none for rules that are no longer those of the workspace.
    pub cases: Option<(&'a CaseSet, &'a CaseRun)>,
    pub sample: &'a SampleFile,
    /// Its requests, decided.
    pub requests: &'a Run,
    /// The live release, and the same requests decided by it.
    pub against: Option<(Digest, &'a Run)>,
}

/// The evidence of a run, without acknowledgements.
pub fn collect(ran: &EvidenceBasis<'_>) -> Evidence {
    let definition = ran.requests.engine().definition();
    let severe = |severity| ran.findings.iter().filter(|finding| finding.severity == severity).count() as u64;
    let totals = ran.requests.totals();
    let counting = || definition.rule_set.rules().zip(&totals.rules).filter(|((.., rule), _)| rule.status != Status::Off);
    Evidence {
        rule_set: rule_set_digest(&definition.rule_set, definition.schema.zone),
        schema: schema_digest(&definition.schema),
        cases: ran.cases.map(|(cases, run)| CaseEvidence {
            digest: cases_digest(cases),
            total: run.results.len() as u64,
            passed: run.counts().passed as u64,
        }),
        samples: vec![sample(ran)],
        coverage: Coverage {
            rules: counting().count() as u64,
            hit_by_cases: ran.cases.map_or(0, |(_, run)| run.coverage.rules.iter().filter(|rule| rule.hit > 0).count() as u64),
            hit_by_samples: counting().filter(|(_, rule)| rule.hits.all().requests > 0).count() as u64,
        },
        against: ran.against.map(|(release, live)| LiveEvidence {
            release,
            flips: Flips::between(live, ran.requests).all().len() as u64,
            acknowledged: Vec::new(),
        }),
        check: CheckEvidence { warnings: severe(Severity::Warning), notes: severe(Severity::Note) },
    }
}

fn sample(ran: &EvidenceBasis<'_>) -> SampleEvidence {
    let totals = ran.requests.totals();
    let mut verdicts = VerdictCounts::default();
    for verdict in Verdict::ALL {
        verdicts.add(verdict, totals.verdict(verdict).requests);
    }
    SampleEvidence {
        file: ran.sample.name.clone(),
        digest: ran.sample.digest,
        mapping: ran.sample.mapping,
        requests: ran.requests.table().len() as u64,
        verdicts,
        failed: totals.failed,
        set_aside: ran.sample.set_aside.clone().map(|rows| AsideEvidence { rows, acknowledged: Vec::new() }),
    }
}
