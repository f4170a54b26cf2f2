//! Where a kind of job keeps its last good result, and its status.

use std::sync::Arc;
use std::time::Duration;

use countersign_core::text::LocalText;

/// What a result was made from; counters that only grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Basis {
    pub draft: u64,
    pub requests: u64,
    pub baseline: u64,
    /// What else the job was asked: the parameter of a sweep, the filter of an order.
    pub asked: u64,
}

/// How far a running job is: done and total in the job's own unit; a total of 0 means that nobody knows yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobProgress {
    pub done: u64,
    pub total: u64,
}

/// What is to be said of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// There is none yet.
    Empty,
    /// It is of the state that is shown.
    Fresh,
    /// It is of an earlier state; why, for people.
    Stale(LocalText),
    /// The last try failed; the value, where there is one, is of an earlier state.
    Failed(LocalText),
}

/// A result with what is to be said of it.
#[derive(Clone, Debug)]
pub struct ResultView<'a, T> {
    /// The last good one.
    pub value: Option<&'a Arc<T>>,
    /// The document's revision it is of.
    pub revision: u64,
    pub took: Duration,
    /// What is to be said of it.
    pub status: Freshness,
    /// How far the next one is.
    pub running: Option<JobProgress>,
}

impl<T> ResultView<'_, T> {
    /// Whether the value is of the state that is shown.
    pub fn is_fresh(&self) -> bool {
        self.status == Freshness::Fresh
    }
}

#[derive(Debug)]
struct LastResult<T> {
    basis: Basis,
    took: Duration,
    value: Arc<T>,
}

/// The last good result of a kind, and the last failure after it.
#[derive(Debug)]
pub(crate) struct ResultSlot<T> {
    held: Option<LastResult<T>>,
    failed: Option<(Basis, LocalText)>,
}

impl<T> Default for ResultSlot<T> {
    fn default() -> Self {
        Self { held: None, failed: None }
    }
}

impl<T> ResultSlot<T> {
    pub(crate) fn put(&mut self, basis: Basis, took: Duration, value: T) {
        (self.held, self.failed) = (Some(LastResult { basis, took, value: Arc::new(value) }), None);
    }

    pub(crate) fn fail(&mut self, basis: Basis, why: LocalText) {
        self.failed = Some((basis, why));
    }

    /// The last good value, of whatever state.
    pub(crate) fn value(&self) -> Option<&Arc<T>> {
        self.held.as_ref().map(|held| &held.value)
    }

    /// What the last good value was made from.
    pub(crate) fn basis(&self) -> Option<Basis> {
        self.held.as_ref().map(|held| held.basis)
    }

    /// The value of just that state.
    pub(crate) fn fresh(&self, basis: Basis) -> Option<&Arc<T>> {
        self.held.as_ref().filter(|held| held.basis == basis).map(|held| &held.value)
    }

    /// Whether that state has been tried, with or without success.
    pub(crate) fn is_settled(&self, basis: Basis) -> bool {
        self.fresh(basis).is_some() || self.failed.as_ref().is_some_and(|(failed, _)| *failed == basis)
    }

    /// What panels see of it; `why` says why it is stale, if it is.
    pub(crate) fn shown(&self, basis: Basis, running: Option<JobProgress>, why: impl FnOnce() -> LocalText) -> ResultView<'_, T> {
        let failed = self.failed.as_ref().filter(|(failed, _)| *failed == basis);
        let status = match (&self.held, failed) {
            (_, Some((_, why))) => Freshness::Failed(why.clone()),
            (Some(held), None) if held.basis == basis => Freshness::Fresh,
            (Some(_), None) => Freshness::Stale(why()),
            (None, None) => Freshness::Empty,
        };
        ResultView {
            value: self.value(),
            revision: self.held.as_ref().map_or(0, |held| held.basis.draft),
            took: self.held.as_ref().map_or(Duration::ZERO, |held| held.took),
            status,
            running,
        }
    }
}
