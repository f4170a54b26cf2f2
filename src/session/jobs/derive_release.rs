//! A new release made of another one: of an old one's rules, or of the live one with a rule switched off. Its evidence is counted on the
//! loaded requests, against the published release.

use std::path::PathBuf;
use std::sync::Arc;

use super::keys::EntryKey;
use super::step::{Stepped, apply_step, fail_step};
use super::{Basis, Job, JobKind, JobOutput, JobResult};
use crate::Session;
use crate::requests::LoadedRequests;
use countersign_core::check::check_compiled;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::engine::Engine;
use countersign_core::model::{Definition, RuleId};
use countersign_core::progress::Progress;
use countersign_core::release::{Provenance, Refused, Release, SwitchOff};
use countersign_core::script::Program;
use countersign_core::text::LocalText;
use countersign_run::Run;
use countersign_run::evidence::{EvidenceBasis, collect};
use countersign_workspace::Files;
use countersign_workspace::kinds::RELEASE_STATE;
use countersign_workspace::lifecycle::{self, StepError};

pub(crate) struct DeriveRelease {
    pub files: Arc<dyn Files>,
    pub root: PathBuf,
    /// The release that it is made of.
    pub file: PathBuf,
    /// The rule to switch off; none to return to the old rules.
    pub off: Option<RuleId>,
    pub provenance: Provenance,
    pub live: Option<Release>,
    pub requests: Arc<LoadedRequests>,
    pub key: EntryKey,
}

impl Job for DeriveRelease {
    const KIND: JobKind = JobKind::Step;
    type Output = Stepped;

    fn run(self, progress: &Progress) -> JobResult<Stepped> {
        Ok(Some(derive(&self, progress).map_err(|failed| failed.findings())))
    }

    fn apply(session: &mut Session, made: JobOutput<Stepped>) {
        apply_step(session, made.output);
    }

    fn fail(session: &mut Session, _: Basis, why: LocalText) {
        fail_step(session, why);
    }
}

fn derive(job: &DeriveRelease, progress: &Progress) -> Result<LocalText, StepError> {
    let DeriveRelease { files, root, file, off, provenance, live, requests, key } = job;
    let files = files.as_ref();
    let old = lifecycle::read_release(files, file)?;
    let off = off.as_ref().map(|rule| SwitchOff::of(&old, std::slice::from_ref(rule))).transpose().map_err(|finding| *finding)?;
    let run = |definition: &Arc<Definition>| {
        let compiled = Program::compile(definition);
        let findings = check_compiled(definition, &compiled, None);
        let errors: Vec<Finding> = findings.iter().filter(|one| one.severity == Severity::Error).cloned().collect();
        if !errors.is_empty() {
            return Err(StepError::from(Refused { sources: definition.sources.clone(), findings: errors }));
        }
        let engine = Engine::new(Arc::clone(definition), compiled.program);
        let run = Run::new(&engine, &requests.table, progress).map_err(|_| stopped())?;
        Ok((run, findings))
    };
    let definition = off.as_ref().map_or_else(|| Arc::clone(old.definition()), |off| Arc::new(off.definition().clone()));
    let (decided, findings) = run(&definition)?;
    let before = live.as_ref().map(|live| Ok::<_, StepError>((live.digest(), run(live.definition())?.0))).transpose()?;
    let counted = collect(&EvidenceBasis {
        findings: &findings,
        cases: None,
        sample: &requests.sample(),
        requests: &decided,
        against: before.as_ref().map(|(digest, run)| (*digest, run)),
    });
    let counted = counted.acknowledged(&provenance.maker, provenance.created_at, &provenance.comment);
    let mut signer = key.signer(files, root)?;
    let signer = signer.as_mut();
    let (path, _) = match &off {
        Some(off) => lifecycle::switch_off(files, (root, None), off, counted, provenance, signer)?,
        None => lifecycle::roll_back(files, (file, &old), None, counted, provenance, signer)?,
    };
    let (path, version) = (path.display(), old.version());
    Ok(match &job.off {
        Some(rule) => LocalText::new(
            format!(
                "`{path}` holds {version} without `{rule}`; submit it to have it approved, and switch the rule off in the workspace too"
            ),
            format!("`{path}` 为停用 `{rule}` 后的 {version}，请提交审批，并在工作区中同样停用该规则"),
        ),
        None => LocalText::new(
            format!("`{path}` holds the rules of {version} again; submit it to have it approved"),
            format!("`{path}` 已包含 {version} 的规则，请提交审批"),
        ),
    })
}

fn stopped() -> StepError {
    Finding::new(RELEASE_STATE, None, LocalText::new("stopped: nothing was written", "已停止：未写出任何内容")).into()
}
