//! Compiles and checks the draft, or the texts of a workspace that cannot be understood.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Basis, DerivedJob, Job, JobKind, JobOutput, JobResult};
use crate::Session;
use crate::document::UnreadableWorkspace;
use crate::draft::Draft;
use countersign_core::check;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::engine::Engine;
use countersign_core::model::Definition;
use countersign_core::progress::Progress;
use countersign_core::script::Program;
use countersign_core::text::{LocalText, Sources};
use countersign_workspace::{FileTexts, Files};

pub struct CheckedDraft {
    /// What was checked; findings point into its sources.
    pub definition: Arc<Definition>,
    pub program: Program,
    /// Sorted by place.
    pub findings: Vec<Finding>,
    /// None while there are errors.
    pub engine: Option<Engine>,
}

impl CheckedDraft {
    /// The number of findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

pub(crate) struct CheckDraft(Draft);

impl DerivedJob for CheckDraft {
    const KIND: JobKind = JobKind::Check;
    type Output = CheckedDraft;

    fn basis(session: &Session) -> Basis {
        Basis { draft: session.document.revision(), ..Basis::default() }
    }

    fn snapshot(session: &Session) -> Option<Self> {
        Some(Self(session.document.draft().clone()))
    }

    fn run(self, _: &Progress) -> JobResult<CheckedDraft> {
        let Self(draft) = self;
        let compiled = Program::compile(&draft.definition);
        let findings = check::check_compiled(&draft.definition, &compiled, Some(&draft.cases));
        // Cases that could not be read say nothing of the rules; a script or list does.
        let is_right = draft.unread.rules.is_empty() && !findings.iter().any(|finding| finding.severity == Severity::Error);
        let findings = draft.unread.complete(&draft.definition, findings);
        let engine = is_right.then(|| Engine::new(Arc::clone(&draft.definition), compiled.program.clone()));
        Ok(Some(CheckedDraft { definition: draft.definition, program: compiled.program, findings, engine }))
    }

    fn before_kept(session: &mut Session, checked: &CheckedDraft) {
        session.read_exactly(checked);
    }

    fn why_stale(_: &Session) -> LocalText {
        LocalText::new("being checked", "正在检查")
    }
}

/// Checks the texts of a workspace that cannot be understood, as they have been edited.
pub(crate) struct CheckTexts {
    pub files: Arc<dyn Files>,
    pub root: PathBuf,
    pub read: Sources,
    pub edited: BTreeMap<String, String>,
}

impl Job for CheckTexts {
    const KIND: JobKind = JobKind::Check;
    type Output = UnreadableWorkspace;

    fn run(self, _: &Progress) -> JobResult<UnreadableWorkspace> {
        Ok(Some(check_texts(self.files.as_ref(), &self.root, self.read, self.edited)))
    }

    fn apply(session: &mut Session, made: JobOutput<UnreadableWorkspace>) {
        session.document.set_unreadable(made.output);
    }
}

pub(super) fn check_texts(files: &dyn Files, root: &Path, read: Sources, edited: BTreeMap<String, String>) -> UnreadableWorkspace {
    let texts = FileTexts { writes: edited, removals: BTreeSet::new() };
    match countersign_workspace::load_with(files, root, &texts) {
        Ok(loaded) => {
            let findings = loaded.unread.findings().cloned().collect();
            UnreadableWorkspace { read, sources: loaded.definition.sources, opens: true, findings }
        }
        Err(failed) => UnreadableWorkspace { read, sources: failed.sources, opens: false, findings: failed.findings },
    }
}
