//! A workspace that is locked for a step: its journal is complete and matches the release, and the step is recorded.

use std::path::PathBuf;

use super::super::files::{Files, FolderLock};
use super::super::journal::{self, JOURNAL_NAMESPACE, Journal, JournalAction, JournalRecord, ReleaseHistory};
use super::super::released::release_files;
use super::trust::unlisted;
use super::{SigningKey, StepDetails, StepError, no_signers, wrong_key};
use crate::kinds::RELEASE_STATE;
use countersign_core::diagnostic::{Finding, Help, Operation, Severity};
use countersign_core::release::{self, Approval, Digest, Refused, Release, Requirements};
use countersign_core::text::{LocalText, Sources};

/// A workspace whose lock is held, with its journal.
pub(super) struct LockedWorkspace<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) root: PathBuf,
    pub(super) name: String,
    lock: FolderLock,
    pub(super) journal: Journal,
    pub(super) requirements: Requirements,
    signer: Option<&'a mut SigningKey>,
}

impl<'a> LockedWorkspace<'a> {
    /// Takes the lock and reads the journal, which must hold and must be there where releases are; what was begun before is finished first.
    pub(super) fn open(
        files: &'a dyn Files,
        (root, name): (PathBuf, String),
        requirements: &Requirements,
        signer: Option<&'a mut SigningKey>,
    ) -> Result<Self, StepError> {
        let lock = files.lock(&root)?;
        let journal = journal::read(files, &root)?;
        if !journal.holds() {
            return Err(Refused { sources: journal.sources, findings: journal.findings }.into());
        }
        if requirements.policy.signed_journal {
            let findings = errors(journal::signatures(&journal, requirements));
            if !findings.is_empty() {
                return Err(Refused { sources: journal.sources, findings }.into());
            }
        }
        if journal.lines.is_empty()
            && let Some(file) = release_files(files, &root)?.into_iter().next()
        {
            return Err(journal::missing_journal(&file).into());
        }
        let mut workspace = Self { files, root, name, lock, journal, requirements: requirements.clone(), signer };
        workspace.finish_begun()?;
        Ok(workspace)
    }

    /// Whether the step is taken with a key.
    pub(super) fn has_key(&self) -> bool {
        self.signer.is_some()
    }

    pub(super) fn history(&self) -> ReleaseHistory {
        ReleaseHistory::of(&self.journal)
    }

    /// Refuses an action that cannot follow where the release is.
    pub(super) fn check(&self, release: &Release, action: JournalAction) -> Result<(), StepError> {
        let state = self.history().state(release.digest());
        if state.allows(action) {
            return Ok(());
        }
        let (state, step) = (state.text(), action.text());
        let message = LocalText::new(
            format!("the release is {}: it cannot be {}", state.en, step.en),
            format!("该发布处于“{}”状态，不能执行“{}”", state.zh, step.zh),
        );
        let help = Help::with_operation(
            LocalText::new(
                "make a new release where this one has ended; how it came there",
                "若该发布已终结，请重新生成发布；经过见",
            ),
            Operation::ShowJournal,
        );
        Err(Finding::new(RELEASE_STATE, None, message).with_help(help).into())
    }

    pub(super) fn record(&self, release: &Release, what: JournalAction, doing: &StepDetails) -> JournalRecord {
        JournalRecord {
            previous: Vec::new(),
            at: doing.at,
            who: doing.who.clone(),
            what,
            from: None,
            to: Some(release.digest()),
            version: release.version().to_owned(),
            file: self.name.clone(),
            role: String::new(),
            comment: doing.comment.clone(),
            target: String::new(),
            statement: None,
            signature: String::new(),
        }
    }

    /// The record of a signature under a release: it names what was signed.
    pub(super) fn record_of(&self, release: &Release, approval: &Approval, comment: &str) -> JournalRecord {
        let what = match approval.role.as_str() {
            _ if approval.is_submission() => JournalAction::Submitted,
            release::REJECTED => JournalAction::Rejected,
            release::WITHDRAWN => JournalAction::Withdrawn,
            _ => JournalAction::Approved,
        };
        let doing = StepDetails { who: approval.principal.clone(), at: approval.time, comment: comment.to_owned() };
        let statement = Some(Digest::of(release.signed_text(approval).as_bytes()));
        JournalRecord { role: approval.role.clone(), statement, ..self.record(release, what, &doing) }
    }

    /// The record that is to be noted next, signed by the key of the person acting: before anything is written.
    pub(super) fn signed(&mut self, record: JournalRecord) -> Result<JournalRecord, StepError> {
        let Some(signer) = &mut self.signer else {
            return if self.requirements.policy.signed_journal { Err(unsigned()) } else { Ok(record) };
        };
        let trust = self.requirements.trust.as_ref().ok_or_else(no_signers)?;
        let mut record = JournalRecord { previous: self.journal.heads.clone(), ..record };
        let text = record.signed_text();
        record.signature = signer.sign_for(JOURNAL_NAMESPACE, &text)?;
        let of = (JOURNAL_NAMESPACE, ("this entry", "该记录"));
        let verified = trust.verify(of, &record.who, &text, &record.signature, &[record.at.at]);
        self.refuse_revoked(&record.who, &verified.map_err(|finding| StepError::from(*finding))?)?;
        Ok(record)
    }

    /// The signature that ends a release, over the statement that says so; none without a key, and in format 1, whose signatures state no role.
    pub(super) fn ending(&mut self, release: &Release, role: &str, doing: &StepDetails) -> Result<Option<Approval>, StepError> {
        let Some(signer) = self.signer.as_mut().filter(|_| release.lineage().is_some()) else { return Ok(None) };
        let (principal, role, journal) = (doing.who.clone(), role.to_owned(), self.journal.heads.last().copied());
        let mut approval = Approval { principal, role, time: doing.at, journal, signature: String::new() };
        approval.signature = signer.sign(&release.signed_text(&approval))?;
        let key = self.verify(release, &approval).map_err(|finding| StepError::from(*finding))?;
        self.refuse_revoked(&doing.who, &key)?;
        Ok(Some(approval))
    }

    pub(super) fn note(&mut self, records: Vec<JournalRecord>) -> Result<(), StepError> {
        self.journal = journal::append(self.files, &self.root, &self.lock, records)?;
        Ok(())
    }

    /// Refuses a release that names entries the journal does not have, and notes signatures under it of which the journal does not tell: a
    /// crash came between the file and the line.
    pub(super) fn catch_up(&mut self, release: &Release) -> Result<(), StepError> {
        refuse(&release.definition().sources, journal::missing_anchor(&self.journal, &self.name, release))?;
        let is_noted = |record: &JournalRecord| {
            let same = |line: &JournalRecord| line.to == record.to && line.who == record.who && line.what == record.what;
            self.journal.lines.iter().any(|line| same(&line.record))
        };
        let signed = release.approvals().iter().map(|approval| (approval, self.record_of(release, approval, "")));
        let open = signed.filter(|(approval, record)| !is_noted(record) && self.is_good(release, approval));
        let late: Vec<JournalRecord> = open.map(|(_, record)| record).collect();
        if late.is_empty() { Ok(()) } else { self.note(late) }
    }

    /// Whether a signature may be noted although nobody saw how it was made; only what ends a release needs to be a good one for that.
    fn is_good(&self, release: &Release, approval: &Approval) -> bool {
        !approval.ends() || self.verify(release, approval).is_ok()
    }

    /// Refuses a step with a key that was revoked, whatever time it claims.
    fn refuse_revoked(&self, who: &str, key: &str) -> Result<(), StepError> {
        let revoked = self.requirements.revocations.as_ref().and_then(|list| list.key(key));
        revoked.map_or(Ok(()), |revoked| Err(journal::revoked_key(who, revoked).into()))
    }

    /// The fingerprint of the key of a signature under a release, where it is one that the workspace trusts.
    fn verify(&self, release: &Release, approval: &Approval) -> Result<String, Box<Finding>> {
        let trust = self.requirements.trust.as_ref().ok_or_else(|| Box::new(unlisted()))?;
        let (of, text) = ((release::NAMESPACE, ("this release", "该发布")), release.signed_text(approval));
        trust.verify(of, &approval.principal, &text, &approval.signature, &[approval.time.at])
    }
}

/// The findings that refuse something.
pub(super) fn errors(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect()
}

/// Refuses what is wrong with a release or its signatures, with its texts.
pub(super) fn refuse(sources: &Sources, findings: Vec<Finding>) -> Result<(), StepError> {
    if findings.is_empty() { Ok(()) } else { Err(Refused { sources: sources.clone(), findings }.into()) }
}

fn unsigned() -> StepError {
    let message = LocalText::new(
        "the policy asks for signed entries in the journal, and no key was given",
        "审批策略要求审计日志记录须签名，但未提供密钥",
    );
    wrong_key(message, Help::with_operation(LocalText::new("sign it", "请签名"), Operation::SignEntry))
}
