//! Counts what a release is approved on from what was run: one way for whoever makes a release and whoever verifies it.

use super::evidence::{
    AsideEvidence, CaseEvidence, CheckEvidence, Coverage, Evidence, LiveEvidence, SampleEvidence, VerdictCounts,
};
use super::{Acknowledgement, Digest, cases_digest, rule_set_digest, schema_digest};
use crate::diagnostic::{Finding, Severity};
use crate::engine::Backtest;
use crate::engine::cases::CaseRun;
use crate::model::{CaseSet, SetAside, Status, Verdict};

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
pub struct Ran<'a> {
    /// Everything the check finds.
    pub findings: &'a [Finding],
    /// The cases, run; none for rules that are no longer those of the workspace.
    pub cases: Option<(&'a CaseSet, &'a CaseRun)>,
    /// The file of requests.
    pub sample: &'a SampleFile,
    /// Its requests, decided.
    pub requests: &'a Backtest,
    /// The live release, and the same requests decided by it.
    pub against: Option<(Digest, &'a Backtest)>,
}

impl Evidence {
    /// Counts it, with nobody's acknowledgement yet.
    #[must_use]
    pub fn of(ran: &Ran<'_>) -> Self {
        let definition = ran.requests.engine().definition();
        let severe = |severity| ran.findings.iter().filter(|finding| finding.severity == severity).count() as u64;
        let totals = ran.requests.totals();
        let counting = || definition.rule_set.rules().zip(&totals.rules).filter(|((.., rule), _)| rule.status != Status::Off);
        Self {
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
                hit_by_samples: counting().filter(|(_, rule)| rule.hits.requests > 0).count() as u64,
            },
            against: ran.against.map(|(release, live)| LiveEvidence {
                release,
                flips: ran.requests.flips(live).all().len() as u64,
                acknowledged: Vec::new(),
            }),
            check: CheckEvidence { warnings: severe(Severity::Warning), notes: severe(Severity::Note) },
        }
    }

    /// The same evidence with somebody's word for every flip against the live release and every row set aside, where there are any.
    #[must_use]
    pub fn acknowledged(mut self, by: &str, at: crate::model::Moment, comment: &str) -> Self {
        let word = |count| Acknowledgement { by: by.to_owned(), at, count, comment: comment.to_owned() };
        if let Some(against) = self.against.as_mut().filter(|against| against.flips > 0) {
            against.acknowledged.push(word(against.flips));
        }
        for aside in self.samples.iter_mut().filter_map(|sample| sample.set_aside.as_mut()) {
            aside.acknowledged.push(word(aside.rows.rows));
        }
        self
    }
}

fn sample(ran: &Ran<'_>) -> SampleEvidence {
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
