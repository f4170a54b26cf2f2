//! How far a long job is, and the wish to stop it: shared between the job and whoever watches it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Counters that a job moves and a shell reads; the shell may ask the job to stop.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: Arc<AtomicBool>,
}

impl Progress {
    /// The progress of a part of the job: counted for itself, stopped with the whole.
    #[must_use]
    pub fn part(&self) -> Self {
        Self { cancelled: self.cancelled.clone(), ..Self::default() }
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

    /// Asks the job to stop at its next look.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the job should stop; looked at for every batch.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}
