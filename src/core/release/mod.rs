//! Releases (发布): a rule set with its schema, scripts, lists and evidence in one file that a gateway loads.
//!
//! A release is one text in one fixed form. `read` prints what it understood and demands the same bytes, so nothing in the file is
//! skipped, guessed or open to two readings; then it computes the digest again. `verify` adds what takes work: that the rules pass the
//! check, and that the evidence comes out the same when it is computed again.
//!
//! Whoever holds a [`Release`] holds one whose form and digest are right. Nothing here touches files; `workspace` writes them atomically.

mod approval;
mod approve;
mod approved;
mod cases;
mod changes;
mod checklist;
mod create;
mod evidence;
#[cfg(any(test, feature = "fixtures"))]
#[allow(missing_docs, clippy::unwrap_used, clippy::missing_panics_doc, clippy::must_use_candidate, reason = "for tests only")]
pub mod fixture;
mod format1;
#[cfg(test)]
mod left_out_tests;
mod lineage;
pub mod node;
mod pattern;
mod policy;
mod profile;
mod read;
pub mod refusal;
mod revocations;
mod role_needs;
pub(crate) mod ron_file;
#[cfg(feature = "signatures")]
mod signed;
mod switch_off;
mod trust;
mod verify;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

pub use approval::{Approval, MAKER, NAMESPACE, REJECTED, WITHDRAWN, base64, is_principal, is_role};
pub use approve::approve;
#[cfg(feature = "signatures")]
pub use approve::own_approval;
pub use approved::{Requirements, VerifierClock};
pub use cases::cases_digest;
pub use changes::{ChangeKind, ReleaseChange, changes, read_changes};
pub use checklist::{ChecklistLine, RequiredSigner, SigningChecklist};
pub use create::{create, roll_back};
pub use evidence::{
    Acknowledgement, AsideEvidence, CaseEvidence, CheckEvidence, Coverage, Evidence, EvidenceDifference, LiveEvidence, Provenance,
    SampleEvidence, VerdictCounts,
};
pub use lineage::{Base, Lineage};
pub use policy::{ChangedPart, NeedRule, Policy, PolicyRole, Revokers, SwitchOffNeed};
pub use profile::{PROFILE, Profile};
pub use read::read;
pub use revocations::{
    LeastRelease, REVOCATION_NAMESPACE, RevocationSignature, Revocations, RevokedKey, RevokedRelease, is_fingerprint,
};
pub use role_needs::{RoleNeed, role_needs};
pub use switch_off::SwitchOff;
#[cfg(feature = "signatures")]
pub use trust::KeyIdentity;
pub use trust::Trust;
#[cfg(feature = "signatures")]
pub use trust::signature::key_of;
pub use verify::{left_out, revoked, verify, verify_approvals, verify_rules, verify_signatures};

use crate::diagnostic::Finding;
use crate::model::{Definition, RuleSet, Schema, Zone};
pub use crate::model::{Digest, Hasher};
use crate::raw::{ReleaseForm, RuleSetFile, SchemaFile, from_model};
use crate::text::{Language, Sources};
use node::of::NotShown;

/// The first line of every release file.
const FIRST_LINE: &str = "// A release of Countersign. Every byte is covered by the digest: change the workspace and export again.";

/// A release whose form and digest are right. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Release {
    text: Arc<str>,
    digest: Digest,
    engine: Profile,
    provenance: Provenance,
    approvals: Arc<[Approval]>,
    evidence: Arc<Evidence>,
    definition: Arc<Definition>,
    /// With the entries of lists as the file has them; what is written and digested again.
    written: Arc<Definition>,
}

impl Release {
    /// The rule set's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.definition.rule_set.name
    }

    /// The rule set's version, chosen by staff.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.definition.rule_set.version
    }

    /// The digest of the canonical text: the release's identity.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The interpreter it was made with.
    #[must_use]
    pub fn engine(&self) -> &Profile {
        &self.engine
    }

    /// Who made it, and when.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Its place in the line of releases; none for a release of format 1.
    #[must_use]
    pub fn lineage(&self) -> Option<&Lineage> {
        self.provenance.lineage.as_ref()
    }

    /// Its number in the line of releases; 0 for a release of format 1.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.lineage().map_or(0, |lineage| lineage.sequence)
    }

    /// The number of its format.
    #[must_use]
    pub fn format(&self) -> u32 {
        format1::number(self.lineage().is_some())
    }

    /// Who approved it; form checked, signatures not.
    #[must_use]
    pub fn approvals(&self) -> &[Approval] {
        &self.approvals
    }

    /// What it was approved on.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// Rules and schema, the entries of lists in normal form. The sources are the release file itself and, by their own names, the scripts in it.
    #[must_use]
    pub fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }

    /// The same, to be written again: with the entries of lists as the file has them.
    pub(crate) fn written(&self) -> &Arc<Definition> {
        &self.written
    }

    /// The text that the digest is of: canonical JSON of everything but the approvals and the digest. In format 1 approvals sign it too.
    #[must_use]
    pub fn canonical(&self) -> String {
        let file = format1::from_model::file(&self.engine, &self.provenance, &self.approvals, &self.evidence, &self.written);
        canonical(&file).unwrap_or_default()
    }
}

/// The release as a file holds it, to the byte.
#[must_use]
pub fn write(release: &Release) -> &str {
    &release.text
}

/// Why a release was refused or not made, with the texts that the findings point into.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The texts; the release file is the first, when it could be read as text.
    pub sources: Sources,
    /// What is wrong, at least one.
    pub findings: Vec<Finding>,
}

impl Refused {
    /// One line a finding, `name:line:column: message`, for logs.
    #[must_use]
    pub fn lines(&self, language: Language) -> Vec<String> {
        let line = |finding: &Finding| {
            let place = finding.span.and_then(|span| {
                let source = self.sources.get(span.source)?;
                let place = source.line_column(span.start);
                Some(format!("{}:{}:{}: ", source.name(), place.line, place.column))
            });
            format!("{}{} ({})", place.unwrap_or_default(), finding.message.get(language), finding.id())
        };
        self.findings.iter().map(line).collect()
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines(Language::En).join("\n"))
    }
}

impl std::error::Error for Refused {}

/// Whether a principal matches a pattern as policies and `allowed_signers` files have them: `*`, `?`, commas, `!`.
#[must_use]
pub fn matches_principal(principal: &str, patterns: &str) -> bool {
    pattern::matches_any(principal, patterns.split(','))
}

/// The digest of a rule set with every script and list, as [`Evidence::rule_set`] has it; `zone` is the schema's.
#[must_use]
pub fn rule_set_digest(rule_set: &RuleSet, zone: Zone) -> Digest {
    digest_of::<RuleSetFile<ReleaseForm>>(&from_model::rule_set(rule_set, zone))
}

/// The digest of a schema, as [`Evidence::schema`] has it.
#[must_use]
pub fn schema_digest(schema: &Schema) -> Digest {
    digest_of::<SchemaFile<ReleaseForm>>(&from_model::schema(schema))
}

/// The digest of a value's canonical text. A value that cannot be shown has the digest of nothing, which no evidence holds:
/// it is refused when the release is made.
fn digest_of<T: serde::Serialize>(value: &T) -> Digest {
    let text = format1::layout::node(value).map(|node| node::json::print(&node)).unwrap_or_default();
    Digest::of(text.as_bytes())
}

/// The canonical text of a value; empty for one that cannot be shown.
pub(crate) fn digest_text<T: serde::Serialize>(value: &T) -> String {
    node::of::node(value).map(|node| node::json::print(&node)).unwrap_or_default()
}

/// The digests of a file's content and of its approvals. The second proves nothing about who approved; it shows that the approvals
/// were copied whole.
fn digests(file: &format1::ReleaseFile) -> Result<(Digest, Digest), NotShown> {
    let content = Digest::of(canonical(file)?.as_bytes());
    let approvals = node::json::print(&format1::layout::node(&file.approvals)?);
    Ok((content, Digest::of(approvals.as_bytes())))
}

/// The file with both digests.
fn with_digests(file: format1::ReleaseFile) -> Result<format1::ReleaseFile, NotShown> {
    let (content, approvals) = digests(&file)?;
    Ok(format1::ReleaseFile { digest: content.to_string(), approvals_digest: approvals.to_string(), ..file })
}

/// The canonical text of a file.
fn canonical(file: &format1::ReleaseFile) -> Result<String, NotShown> {
    let node = format1::layout::node(file)?.without(&["digest", "approvals", "approvals_digest"]);
    Ok(node::json::print(&node))
}
