//! Formats 1 and 2 of a release file. Format 2 has a `lineage`, and its approvals sign a statement; everything else is the same, and what
//! a later program adds is left out where it is empty, so that old files keep their bytes.
//!
//! Rule set and schema are in the raw form that workspaces have too. Nothing in the file is a map: every order means something, so the
//! digest covers it ([`layout`]). Ids, times and digests are texts here; [`to_model`] reads them, [`from_model`] writes them in their
//! one form.

mod evidence;
pub(super) mod from_model;
pub(super) mod layout;
pub(super) mod to_model;

use serde::{Deserialize, Serialize};

use super::evidence::Coverage;
use crate::model::{AsideAmount, AsideLabels};
use crate::raw::{ReleaseForm, RuleSetFile, SchemaFile};

/// The numbers that files may begin with.
pub(super) const FORMATS: std::ops::RangeInclusive<u32> = 1..=2;

/// The number of a file with or without a lineage.
pub(super) fn number(has_lineage: bool) -> u32 {
    if has_lineage { *FORMATS.end() } else { *FORMATS.start() }
}

macro_rules! mirror {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty),* $(,)? })*) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name { $($(#[$attribute])* pub(super) $field: $kind),* })*
    };
}

mirror! {
    /// The whole file; what people look for first comes first.
    ReleaseFile {
        format: u32,
        digest: String,
        engine: EngineFile,
        provenance: ProvenanceFile,
        #[serde(default)] lineage: Option<LineageFile>,
        approvals: Vec<ApprovalFile>,
        approvals_digest: String,
        evidence: EvidenceFile,
        rule_set: RuleSetFile<ReleaseForm>,
        schema: SchemaFile<ReleaseForm>,
    }
    EngineFile { profile: u32, rhai: String, countersign: String }
    ProvenanceFile { maker: String, created_at: String, comment: String, #[serde(default)] rolls_back: Option<String> }
    LineageFile {
        sequence: u64,
        #[serde(default)] base: Option<BaseFile>,
        #[serde(default, skip_serializing_if = "Option::is_none")] journal: Option<String>,
    }
    BaseFile { sequence: u64, digest: String }
    ApprovalFile {
        principal: String,
        role: String,
        time: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] journal: Option<String>,
        signature: String,
    }

    EvidenceFile {
        rule_set: String,
        schema: String,
        #[serde(default)] cases: Option<CaseEvidenceFile>,
        samples: Vec<SampleEvidenceFile>,
        coverage: Coverage,
        #[serde(default)] against: Option<AgainstFile>,
        check: CheckFile,
    }
    CaseEvidenceFile { digest: String, total: u64, passed: u64 }
    SampleEvidenceFile {
        name: String,
        digest: String,
        #[serde(default)] mapping: Option<String>,
        requests: u64,
        verdicts: VerdictCountsFile,
        failed: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")] set_aside: Option<AsideFile>,
    }
    AsideFile {
        rows: u64,
        reasons: Vec<FaultCountFile>,
        #[serde(default, skip_serializing_if = "Option::is_none")] labels: Option<AsideLabels>,
        #[serde(default, skip_serializing_if = "Option::is_none")] amount: Option<AsideAmount>,
        digest: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] acknowledged: Vec<AcknowledgedRowsFile>,
    }
    FaultCountFile { fault: String, #[serde(default)] column: Option<String>, rows: u64 }
    AcknowledgedRowsFile { by: String, at: String, rows: u64, comment: String }
    VerdictCountsFile { accept: u64, step_up: u64, refer: u64, decline: u64 }
    AgainstFile {
        release: String,
        flips: u64,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] acknowledged: Vec<AcknowledgedFlipsFile>,
    }
    AcknowledgedFlipsFile { by: String, at: String, flips: u64, comment: String }
    CheckFile { errors: u64, warnings: u64, notes: u64 }
}
