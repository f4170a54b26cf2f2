//! What the draft is compared with, and its decisions of the loaded requests.

use std::sync::Arc;

use super::{Basis, DerivedJob, JobKind, JobResult};
use crate::Session;
use crate::requests::first_message;
use crate::view::BaselineChoice;
use countersign_core::check;
use countersign_core::diagnostic::Severity;
use countersign_core::engine::Engine;
use countersign_core::model::Definition;
use countersign_core::progress::Progress;
use countersign_core::release::Digest;
use countersign_core::script::Program;
use countersign_core::text::LocalText;
use countersign_requests::Table;
use countersign_run::NotDecided;
use countersign_run::Run;

pub struct Baseline {
    /// What it is, for people: a release's version, or the workspace as saved.
    pub title: LocalText,
    pub definition: Arc<Definition>,
    /// The release's digest, where it is one.
    pub release: Option<Digest>,
    /// None when its rules have errors.
    pub engine: Option<Engine>,
}

/// Compiles what the draft is compared with.
pub(crate) struct PrepareBaseline {
    title: LocalText,
    definition: Arc<Definition>,
    release: Option<Digest>,
    /// Whether all of its rules could be read.
    is_whole: bool,
}

impl DerivedJob for PrepareBaseline {
    const KIND: JobKind = JobKind::Baseline;
    const WAITS_FOR_PAUSE: bool = false;
    type Output = Baseline;

    fn basis(session: &Session) -> Basis {
        Basis { baseline: session.results.basis(0).baseline, ..Basis::default() }
    }

    fn snapshot(session: &Session) -> Option<Self> {
        let live = session.releases.live().filter(|_| session.view.against == BaselineChoice::Live);
        let Some((_, release)) = live else {
            let saved = session.document.saved();
            return Some(Self {
                title: LocalText::new("workspace as saved", "已保存的工作区"),
                definition: Arc::clone(&saved.definition),
                release: None,
                is_whole: saved.unread.rules.is_empty(),
            });
        };
        let version = release.version();
        let title = if session.releases.is_published() {
            LocalText::new(format!("live release {version}"), format!("生效版本 {version}"))
        } else {
            LocalText::new(format!("release {version}, not published"), format!("发布 {version}（未上线）"))
        };
        Some(Self { title, definition: Arc::clone(release.definition()), release: Some(release.digest()), is_whole: true })
    }

    fn run(self, _: &Progress) -> JobResult<Baseline> {
        let Self { title, definition, release, is_whole } = self;
        let compiled = Program::compile(&definition);
        let findings = check::check_compiled(&definition, &compiled, None);
        let is_right = is_whole && !findings.iter().any(|finding| finding.severity == Severity::Error);
        let engine = is_right.then(|| Engine::new(Arc::clone(&definition), compiled.program));
        Ok(Some(Baseline { title, definition, release, engine }))
    }
}

/// The baseline's decisions of the loaded requests, or why there are none.
pub(crate) type BaselineRun = Result<Run, LocalText>;

pub(crate) struct RunBaseline {
    baseline: Arc<Baseline>,
    table: Arc<Table>,
}

impl DerivedJob for RunBaseline {
    const KIND: JobKind = JobKind::BaselineRun;
    const WAITS_FOR_PAUSE: bool = false;
    type Output = BaselineRun;

    fn basis(session: &Session) -> Basis {
        Basis { asked: 0, ..session.results.basis(0) }
    }

    fn snapshot(session: &Session) -> Option<Self> {
        let table = Arc::clone(&session.requests()?.table);
        Some(Self { baseline: Arc::clone(session.fresh::<PrepareBaseline>()?), table })
    }

    fn run(self, progress: &Progress) -> JobResult<BaselineRun> {
        let Self { baseline, table } = self;
        if baseline.definition.schema.is_empty() {
            return Ok(Some(Err(LocalText::new("nothing has been saved yet to compare with", "尚未保存，暂无可对比的版本"))));
        }
        let Some(engine) = &baseline.engine else {
            return Ok(Some(Err(LocalText::new("what it is compared with has errors of its own", "对比基准自身存在错误"))));
        };
        Ok(match Run::new(engine, &table, progress) {
            Ok(run) => Some(Ok(run)),
            Err(NotDecided::Cancelled) => None,
            Err(NotDecided::Schema(findings)) => Some(Err(first_message(&findings))),
        })
    }
}
