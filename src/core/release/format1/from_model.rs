//! A release as its file holds it.

use super::{
    AcknowledgedFlipsFile, AcknowledgedRowsFile, AgainstFile, ApprovalFile, AsideFile, BaseFile, CaseEvidenceFile, CheckFile,
    EngineFile, EvidenceFile, FaultCountFile, LineageFile, ProvenanceFile, ReleaseFile, SampleEvidenceFile, VerdictCountsFile,
};
use crate::model;
use crate::raw::from_model;
use crate::release::{approval, evidence, profile};

/// Everything but the two digests, which are put in when the canonical text is known.
pub(in crate::release) fn file(
    engine: &profile::Profile,
    provenance: &evidence::Provenance,
    approvals: &[approval::Approval],
    evidence: &evidence::Evidence,
    definition: &model::Definition,
) -> ReleaseFile {
    ReleaseFile {
        format: super::number(provenance.lineage.is_some()),
        digest: String::new(),
        engine: EngineFile { profile: engine.number, rhai: engine.rhai.clone(), countersign: engine.countersign.clone() },
        provenance: ProvenanceFile {
            maker: provenance.maker.clone(),
            created_at: provenance.created_at.to_string(),
            comment: provenance.comment.clone(),
            rolls_back: provenance.rolls_back.map(|digest| digest.to_string()),
        },
        lineage: provenance.lineage.map(|lineage| LineageFile {
            sequence: lineage.sequence,
            base: lineage.base.map(|base| BaseFile { sequence: base.sequence, digest: base.digest.to_string() }),
            journal: lineage.journal.map(|entry| entry.to_string()),
        }),
        approvals: approvals.iter().map(approval).collect(),
        approvals_digest: String::new(),
        evidence: self::evidence(evidence),
        rule_set: from_model::rule_set(&definition.rule_set, definition.schema.zone),
        schema: from_model::schema(&definition.schema),
    }
}

fn approval(approval: &approval::Approval) -> ApprovalFile {
    ApprovalFile {
        principal: approval.principal.clone(),
        role: approval.role.clone(),
        time: approval.time.to_string(),
        journal: approval.journal.map(|entry| entry.to_string()),
        signature: approval.signature.clone(),
    }
}

fn evidence(evidence: &evidence::Evidence) -> EvidenceFile {
    let sample = |sample: &evidence::SampleEvidence| SampleEvidenceFile {
        name: sample.file.clone(),
        digest: sample.digest.to_string(),
        mapping: sample.mapping.map(|digest| digest.to_string()),
        requests: sample.requests,
        verdicts: VerdictCountsFile {
            accept: sample.verdicts.get(model::Verdict::Accept),
            step_up: sample.verdicts.get(model::Verdict::StepUp),
            refer: sample.verdicts.get(model::Verdict::Refer),
            decline: sample.verdicts.get(model::Verdict::Decline),
        },
        failed: sample.failed,
        set_aside: sample.set_aside.as_ref().map(aside),
    };
    let cases = |cases: &evidence::CaseEvidence| CaseEvidenceFile {
        digest: cases.digest.to_string(),
        total: cases.total,
        passed: cases.passed,
    };
    EvidenceFile {
        rule_set: evidence.rule_set.to_string(),
        schema: evidence.schema.to_string(),
        cases: evidence.cases.as_ref().map(cases),
        samples: evidence.samples.iter().map(sample).collect(),
        coverage: evidence.coverage,
        against: evidence.against.as_ref().map(against),
        check: CheckFile { errors: 0, warnings: evidence.check.warnings, notes: evidence.check.notes },
    }
}

fn aside(aside: &evidence::AsideEvidence) -> AsideFile {
    let rows = &aside.rows;
    let fault = |reason: &model::AsideReason| FaultCountFile {
        fault: reason.fault.word().to_owned(),
        column: reason.column.clone(),
        rows: reason.rows,
    };
    let acknowledged = |one: &evidence::Acknowledgement| AcknowledgedRowsFile {
        by: one.by.clone(),
        at: one.at.to_string(),
        rows: one.count,
        comment: one.comment.clone(),
    };
    AsideFile {
        rows: rows.rows,
        reasons: rows.reasons.iter().map(fault).collect(),
        labels: rows.labels,
        amount: rows.amount,
        digest: rows.digest.to_string(),
        acknowledged: aside.acknowledged.iter().map(acknowledged).collect(),
    }
}

fn against(live: &evidence::LiveEvidence) -> AgainstFile {
    let acknowledged = |one: &evidence::Acknowledgement| AcknowledgedFlipsFile {
        by: one.by.clone(),
        at: one.at.to_string(),
        flips: one.count,
        comment: one.comment.clone(),
    };
    AgainstFile {
        release: live.release.to_string(),
        flips: live.flips,
        acknowledged: live.acknowledged.iter().map(acknowledged).collect(),
    }
}
