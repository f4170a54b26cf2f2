//! The last good result of every derived job.

use super::baseline::{PrepareBaseline, RunBaseline};
use super::check::CheckDraft;
use super::impact::{CountDetails, DecideDraft};
use super::line_counts::CountLines;
use super::reading::ReadRule;
use super::request_filter::FilterRequests;
use super::review::ReviewRelease;
use super::run_cases::RunCases;
use super::stage_table::TabulateStage;
use super::sweep::SweepParameter;
use super::{Basis, DerivedJob, HasSlot, ResultSlot};
use crate::Session;

macro_rules! derived_jobs {
    ($($slot:ident: $job:ty,)*) => {
        #[derive(Default)]
        struct Slots {
            $($slot: ResultSlot<<$job as DerivedJob>::Output>,)*
        }

        $(impl HasSlot for $job {
            fn slot(results: &Results) -> &ResultSlot<Self::Output> {
                &results.slots.$slot
            }

            fn slot_mut(results: &mut Results) -> &mut ResultSlot<Self::Output> {
                &mut results.slots.$slot
            }
        })*

        impl Session {
            /// Starts every derived job that is due; whether any was started.
            pub(crate) fn start_derived(&mut self, is_paused: bool) -> bool {
                let mut is_started = false;
                $(is_started |= self.start_if_due::<$job>(is_paused);)*
                is_started
            }
        }
    };
}

// In the order in which they start.
derived_jobs! {
    check: CheckDraft,
    filter: FilterRequests,
    baseline: PrepareBaseline,
    baseline_run: RunBaseline,
    impact: DecideDraft,
    cases: RunCases,
    details: CountDetails,
    sweep: SweepParameter,
    line_counts: CountLines,
    reading: ReadRule,
    stage_table: TabulateStage,
    review: ReviewRelease,
}

/// The last good results, and counters of what they are made from.
#[derive(Default)]
pub(crate) struct Results {
    slots: Slots,
    /// What a result must be made from to be fresh, but for the draft's revision.
    basis: Basis,
    /// How often another parameter was chosen to be swept.
    sweeps: u64,
}

impl Results {
    /// What a result of a draft's revision must be made from to be fresh.
    pub(crate) fn basis(&self, draft: u64) -> Basis {
        Basis { draft, ..self.basis }
    }

    pub(crate) fn sweep_basis(&self, draft: u64) -> Basis {
        Basis { asked: self.sweeps, ..self.basis(draft) }
    }

    /// Another baseline is chosen, or it changed.
    pub(crate) fn baseline_changed(&mut self) {
        self.basis.baseline += 1;
    }

    pub(crate) fn requests_changed(&mut self) {
        self.basis.requests += 1;
    }

    /// The requests are filtered or sorted in another way.
    pub(crate) fn filter_changed(&mut self) {
        self.basis.asked += 1;
    }

    pub(crate) fn sweep_changed(&mut self) {
        self.sweeps += 1;
    }

    /// Forgets every result; another workspace is opened.
    pub(crate) fn clear(&mut self) {
        self.slots = Slots::default();
    }

    /// Forgets what the last check and the cases gave; the workspace is read again.
    pub(crate) fn clear_checks(&mut self) {
        (self.slots.check, self.slots.cases) = (ResultSlot::default(), ResultSlot::default());
    }

    /// Forgets the review of a release.
    pub(crate) fn clear_review(&mut self) {
        self.slots.review = ResultSlot::default();
    }

    pub(crate) fn impact_basis(&self) -> Option<Basis> {
        self.slots.impact.basis()
    }
}
