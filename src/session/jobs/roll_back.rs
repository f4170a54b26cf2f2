//! A new release of an old one's rules: its evidence is counted on the loaded requests, against the published release.

use std::path::PathBuf;
use std::sync::Arc;

use super::keys::EntryKey;
use super::step::{Stepped, apply_step, fail_step};
use super::{Basis, Job, JobKind, JobOutput, JobResult};
use crate::Session;
use crate::requests::LoadedRequests;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::engine::Engine;
use countersign_core::progress::Progress;
use countersign_core::release::{self, Provenance, Refused, Release};
use countersign_core::text::LocalText;
use countersign_run::Run;
use countersign_run::evidence::{EvidenceBasis, collect};
use countersign_workspace::Files;
use countersign_workspace::kinds::RELEASE_STATE;
use countersign_workspace::lifecycle::{self, StepError};

pub(crate) struct RollBack {
    pub files: Arc<dyn Files>,
    pub root: PathBuf,
    pub file: PathBuf,
    pub provenance: Provenance,
    pub live: Option<Release>,
    pub requests: Arc<LoadedRequests>,
    pub key: EntryKey,
}

impl Job for RollBack {
    const KIND: JobKind = JobKind::Step;
    type Output = Stepped;

    fn run(self, progress: &Progress) -> JobResult<Stepped> {
        Ok(Some(roll_back(&self, progress).map_err(|failed| failed.findings())))
    }

    fn apply(session: &mut Session, made: JobOutput<Stepped>) {
        apply_step(session, made.output);
    }

    fn fail(session: &mut Session, _: Basis, why: LocalText) {
        fail_step(session, why);
    }
}

fn roll_back(job: &RollBack, progress: &Progress) -> Result<LocalText, StepError> {
    let RollBack { files, root, file, provenance, live, requests, key } = job;
    let files = files.as_ref();
    let old = lifecycle::read_release(files, file)?;
    let run = |release: &Release| {
        let (program, findings) = release::verify_rules(release);
        let errors: Vec<Finding> = findings.iter().filter(|one| one.severity == Severity::Error).cloned().collect();
        if !errors.is_empty() {
            return Err(StepError::from(Refused { sources: release.definition().sources.clone(), findings: errors }));
        }
        let engine = Engine::new(Arc::clone(release.definition()), program);
        let run = Run::new(&engine, &requests.table, progress).map_err(|_| stopped())?;
        Ok((run, findings))
    };
    let (decided, findings) = run(&old)?;
    let before = live.as_ref().map(|live| Ok::<_, StepError>((live.digest(), run(live)?.0))).transpose()?;
    let counted = collect(&EvidenceBasis {
        findings: &findings,
        cases: None,
        sample: &requests.sample(),
        requests: &decided,
        against: before.as_ref().map(|(digest, run)| (*digest, run)),
    });
    let counted = counted.acknowledged(&provenance.maker, provenance.created_at, &provenance.comment);
    let mut signer = key.signer(files, root)?;
    let (path, release) = lifecycle::roll_back(files, (file, &old), None, counted, provenance, signer.as_mut())?;
    let (path, version) = (path.display(), release.version());
    Ok(LocalText::new(
        format!("`{path}` holds the rules of {version} again; submit it to have it approved"),
        format!("`{path}` 已包含 {version} 的规则，请提交审批"),
    ))
}

fn stopped() -> StepError {
    Finding::new(RELEASE_STATE, None, LocalText::new("stopped: nothing was written", "已停止：未写出任何内容")).into()
}
