//! How far a long job is, and whether it is to stop: shared between the job and whoever watches it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

/// It runs and may be stopped.
const RUNNING: u8 = 0;
/// It is to stop.
const CANCELLED: u8 = 1;
/// It writes what it made and cannot be stopped any more.
const WRITING: u8 = 2;

/// Counters that a job moves and a shell reads; the shell may ask the job to stop.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    state: Arc<AtomicU8>,
}

impl Progress {
    /// The progress of a part of the job: counted for itself, stopped with the whole.
    #[must_use]
    pub fn part(&self) -> Self {
        Self { state: Arc::clone(&self.state), ..Self::default() }
    }

    /// Says how much there is to do, in the job's own unit (bytes, rows).
    pub fn set_total(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    /// Notes that `more` has been done.
    pub fn advance(&self, more: u64) {
        self.done.fetch_add(more, Ordering::Relaxed);
    }

    /// What is done and what there is to do; a total of 0 means that nobody knows yet.
    #[must_use]
    pub fn read(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    /// Asks the job to stop at its next look; whether it does: not where it writes what it made already.
    pub fn cancel(&self) -> bool {
        self.leave_running(CANCELLED)
    }

    /// Begins what cannot be taken back, such as putting a file in its place; whether it may: not where the job is to stop, and then
    /// nothing is written.
    #[must_use]
    pub fn begin_writing(&self) -> bool {
        self.leave_running(WRITING)
    }

    fn leave_running(&self, to: u8) -> bool {
        let left = self.state.compare_exchange(RUNNING, to, Ordering::AcqRel, Ordering::Acquire);
        left.map_or_else(|already| already == to, |_| true)
    }

    /// Whether the job should stop; looked at for every batch.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.state.load(Ordering::Acquire) == CANCELLED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_either_stopped_or_writes() {
        for (first, second, stopped) in [(true, false, true), (false, true, false)] {
            let progress = Progress::default();
            let part = progress.part();
            let act = |cancels: bool| if cancels { progress.cancel() } else { part.begin_writing() };
            assert!(act(first) && act(first), "asked twice it is the same");
            assert!(!act(second));
            assert_eq!((progress.is_cancelled(), part.is_cancelled()), (stopped, stopped));
        }
    }
}
