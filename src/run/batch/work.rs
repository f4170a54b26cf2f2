//! Batches of rows on several threads, with a result that does not depend on how many.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The job was stopped before its end; nothing of it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

/// One thread for every core this process may use.
pub(crate) fn all_cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// The results in order, and the states of the threads that did something, in no order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BatchResults<Worker, T> {
    pub(crate) results: Vec<T>,
    pub(crate) workers: Vec<Worker>,
}

/// Calls `work` once for every number of `0..count`, each thread with a state from `make`.
///
/// # Errors
/// [`Cancelled`] as soon as one call of `work` returns it.
pub(crate) fn each_batch<Worker: Send, T: Send>(
    count: usize,
    threads: NonZeroUsize,
    make: impl Fn() -> Worker + Sync,
    work: impl Fn(&mut Worker, usize) -> Result<T, Cancelled> + Sync,
) -> Result<BatchResults<Worker, T>, Cancelled> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done: Vec<(usize, T)> = Vec::new();
        let mut state = None;
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                break;
            }
            match work(state.get_or_insert_with(&make), at) {
                Ok(result) => done.push((at, result)),
                Err(Cancelled) => break,
            }
        }
        (done, state)
    };
    let mut results = Vec::with_capacity(count);
    let mut workers = Vec::new();
    for (done, state) in on_threads(threads.get().min(count), &worker) {
        results.extend(done);
        workers.extend(state);
    }
    if results.len() < count {
        return Err(Cancelled);
    }
    results.sort_unstable_by_key(|(at, _)| *at);
    Ok(BatchResults { results: results.into_iter().map(|(_, result)| result).collect(), workers })
}

/// Runs `worker` on that many threads, this one among them, and returns what each of them did.
fn on_threads<T: Send>(threads: usize, worker: &(impl Fn() -> T + Sync)) -> Vec<T> {
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let mut done = vec![worker()];
        for other in others {
            match other.join() {
                Ok(more) => done.push(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_batch_is_worked_once_and_given_in_order_on_any_number_of_threads() {
        for count in [0, 1, 2, 300] {
            for threads in [1, 2, 7] {
                let threads = NonZeroUsize::new(threads).unwrap();
                let count_one = |seen: &mut usize, at| {
                    *seen += 1;
                    Ok(at * 3)
                };
                let done = each_batch(count, threads, || 0, count_one).unwrap();
                assert_eq!(done.results, (0..count).map(|at| at * 3).collect::<Vec<_>>(), "{count} batches, {threads} threads");
                assert_eq!(done.workers.iter().sum::<usize>(), count);
            }
        }
    }

    #[test]
    fn a_cancelled_job_stops_and_keeps_nothing() {
        let seen = AtomicUsize::new(0);
        let work = |(): &mut (), at: usize| {
            seen.fetch_add(1, Ordering::Relaxed);
            if at < 3 { Ok(()) } else { Err(Cancelled) }
        };
        assert_eq!(each_batch(100_000, NonZeroUsize::new(2).unwrap(), || (), work), Err(Cancelled));
        assert!(seen.into_inner() <= 5);
    }
}
