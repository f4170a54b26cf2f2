//! A release made from the draft, written, and read back as a gateway reads it.

use std::path::PathBuf;
use std::sync::Arc;

use super::baseline::PrepareBaseline;
use super::check::{CheckDraft, CheckedDraft};
use super::impact::{DecideDraft, Impact};
use super::keys::{EntryKey, KeyChoice};
use super::run_cases::RunCases;
use super::{Job, JobKind, JobOutput, JobResult};
use crate::Session;
use crate::notices::Weight;
use crate::readiness::readiness;
use crate::requests::{LoadedRequests, first_message};
use crate::views::impact::comments;
use countersign_core::engine::cases::CaseRun;
use countersign_core::model::{CaseSet, Moment};
use countersign_core::progress::Progress;
use countersign_core::release::{self, Digest, Evidence, Lineage, Provenance, Release};
use countersign_core::text::LocalText;
use countersign_run::evidence::{EvidenceBasis, collect};
use countersign_workspace::Files;
use countersign_workspace::lifecycle;

/// A release that was made, written and read back.
#[derive(Clone, Debug)]
pub struct ExportedRelease {
    pub path: PathBuf,
    pub digest: Digest,
    pub version: String,
}

struct ExportRelease {
    files: Arc<dyn Files>,
    path: PathBuf,
    provenance: Provenance,
    checked: Arc<CheckedDraft>,
    cases: Arc<CaseSet>,
    run: Arc<CaseRun>,
    impact: Arc<Impact>,
    /// Why groups of flips are meant.
    comments: Vec<(u64, String)>,
    requests: Arc<LoadedRequests>,
    live: Option<Digest>,
    root: PathBuf,
    key: EntryKey,
}

impl Job for ExportRelease {
    const KIND: JobKind = JobKind::Export;
    type Output = (ExportedRelease, Release);

    fn run(self, progress: &Progress) -> JobResult<(ExportedRelease, Release)> {
        let (files, Provenance { maker, created_at, comment, .. }) = (self.files.as_ref(), &self.provenance);
        // The maker's word for the flips: no release is made while a group of them is open.
        let evidence = self.evidence().acknowledged_in_parts(maker, *created_at, comment, &self.comments);
        let journal = lifecycle::anchor(files, &self.path).map_err(|failed| failed.message())?;
        let lineage = self.provenance.lineage.map(|lineage| Lineage { journal, ..lineage });
        let made = release::create(&self.checked.definition, &evidence, &Provenance { lineage, ..self.provenance.clone() });
        let made = made.map_err(|findings| first_message(&findings))?;
        if !progress.begin_writing() {
            return Ok(None);
        }
        let mut signer = self.key.signer(files, &self.root).map_err(|failed| failed.message())?;
        lifecycle::export(files, &self.path, &made, signer.as_mut()).map_err(|failed| failed.message())?;
        let exported = ExportedRelease { path: self.path, digest: made.digest(), version: made.version().to_owned() };
        Ok(Some((exported, made)))
    }

    fn apply(session: &mut Session, made: JobOutput<(ExportedRelease, Release)>) {
        let (exported, release) = made.output;
        let (path, digest) = (exported.path.display().to_string(), exported.digest);
        let text = LocalText::new(
            format!("release `{path}` is written, and a gateway takes it; its digest is {digest}"),
            format!("发布 `{path}` 已写出并通过网关校验，摘要为 {digest}"),
        );
        session.notify(Weight::Success, text);
        session.releases.set_exported(exported);
        session.refresh_releases();
        // Until something is published, what was made last is what the next edits are compared with.
        if !session.releases.is_published() {
            session.compare_with_release(path, release);
        }
    }
}

impl ExportRelease {
    /// Everything the release is approved on.
    fn evidence(&self) -> Evidence {
        collect(&EvidenceBasis {
            findings: &self.checked.findings,
            cases: Some((&self.cases, &self.run)),
            sample: &self.requests.sample(),
            requests: &self.impact.new,
            against: self.live.zip(self.impact.old.as_ref()),
        })
    }
}

impl Session {
    /// Makes a release as `FileAction::Export` does, its entry of the journal signed with a key. No action: it
    /// holds a passphrase, and those are kept nowhere.
    pub fn export_signed(&mut self, comment: String, created_at: Moment, key: KeyChoice) {
        self.stamp += 1;
        if let Err(why) = self.export(None, (comment, created_at), Some(key)) {
            self.notify(Weight::Error, why);
        }
    }

    pub(crate) fn export(
        &mut self,
        path: Option<PathBuf>,
        (comment, created_at): (String, Moment),
        key: Option<KeyChoice>,
    ) -> Result<(), LocalText> {
        let ready = readiness(self);
        if let Some(obstacle) = ready.obstacles.iter().find(|obstacle| obstacle.blocks) {
            let why = &obstacle.text;
            return Err(LocalText::new(format!("no release yet: {}", why.en), format!("暂不能发布：{}", why.zh)));
        }
        let (Some(checked), Some(run), Some(impact), Some(requests)) = (
            self.last::<CheckDraft>().cloned(),
            self.last::<RunCases>().cloned(),
            self.last::<DecideDraft>().cloned(),
            self.requests().cloned(),
        ) else {
            return Ok(());
        };
        let comments = comments(&impact, &self.view.acknowledged);
        let published = self.published().map(|(_, live)| live.digest());
        let compared = self.last::<PrepareBaseline>().and_then(|baseline| baseline.release);
        self.start(ExportRelease {
            files: self.files(),
            path: path.unwrap_or(ready.path),
            provenance: self.provenance(created_at, comment),
            checked,
            cases: Arc::clone(&self.document.draft().cases),
            run,
            impact,
            comments,
            requests,
            root: self.document.root().to_owned(),
            key: self.releases.entry_key(key),
            live: compared.filter(|digest| published == Some(*digest)),
        });
        Ok(())
    }

    /// Who makes a release now, to take the place of the published one.
    pub(crate) fn provenance(&self, created_at: Moment, comment: String) -> Provenance {
        let lineage = Some(Lineage::after(self.published().map(|(_, live)| live)));
        Provenance { maker: self.preferences().maker.clone(), created_at, comment, rolls_back: None, lineage }
    }
}
