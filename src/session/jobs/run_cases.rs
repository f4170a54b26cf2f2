//! The regression cases under the draft's rules.

use std::sync::Arc;

use super::{Basis, DerivedJob, JobKind, JobResult};
use crate::Session;
use countersign_core::engine::Engine;
use countersign_core::engine::cases::{CaseRun, run_cases};
use countersign_core::model::CaseSet;
use countersign_core::progress::Progress;

pub(crate) struct RunCases {
    engine: Engine,
    cases: Arc<CaseSet>,
}

impl DerivedJob for RunCases {
    const KIND: JobKind = JobKind::Cases;
    type Output = CaseRun;

    fn basis(session: &Session) -> Basis {
        Basis { draft: session.document.revision(), ..Basis::default() }
    }

    fn snapshot(session: &Session) -> Option<Self> {
        Some(Self { engine: session.engine()?.clone(), cases: Arc::clone(&session.document.draft().cases) })
    }

    fn run(self, _: &Progress) -> JobResult<CaseRun> {
        Ok(Some(run_cases(&self.engine, &self.cases)))
    }
}
