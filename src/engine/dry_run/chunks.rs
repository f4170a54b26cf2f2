//! Work over a table's rows on several threads, with a result that does not depend on how many.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::progress::Progress;

/// The job was stopped before its end; nothing of it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

/// Rows that are decided between two looks at the wish to stop.
const BATCH: usize = 256;

/// Parts of `rows`: at least sixty-four where there is enough to do, so that threads end together.
fn parts(rows: usize) -> impl Iterator<Item = Range<usize>> {
    let size = (rows / 64).clamp(BATCH, 64 * BATCH);
    (0..rows).step_by(size).map(move |start| start..(start + size).min(rows))
}

/// Calls `work` for every part of `0..rows`, each row's batch once, and gives the results in the order of the rows.
///
/// `work` adds a batch of rows to the part's result; it is called in the order of the rows within a part.
///
/// # Errors
/// [`Cancelled`] when `progress` was cancelled before the end.
pub(crate) fn in_parts<T: Default + Send>(
    rows: usize,
    threads: NonZeroUsize,
    progress: &Progress,
    work: impl Fn(&mut T, Range<usize>) + Sync,
) -> Result<Vec<T>, Cancelled> {
    progress.set_total(rows as u64);
    let parts: Vec<Range<usize>> = parts(rows).collect();
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done: Vec<(usize, T)> = Vec::new();
        while let Some((at, part)) = take(&next, &parts) {
            let mut result = T::default();
            let end = part.end;
            for start in part.step_by(BATCH) {
                if progress.is_cancelled() {
                    return done;
                }
                let batch = start..(start + BATCH).min(end);
                let size = batch.len();
                work(&mut result, batch);
                progress.advance(size as u64);
            }
            done.push((at, result));
        }
        done
    };
    let mut done = on_threads(threads.get().min(parts.len()), &worker);
    if done.len() < parts.len() {
        return Err(Cancelled);
    }
    done.sort_unstable_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

fn take(next: &AtomicUsize, parts: &[Range<usize>]) -> Option<(usize, Range<usize>)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    Some((at, parts.get(at)?.clone()))
}

/// Runs `worker` on that many threads, this one among them, and gives all that they did.
fn on_threads<T: Send>(threads: usize, worker: &(impl Fn() -> Vec<T> + Sync)) -> Vec<T> {
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_seen(rows: usize, threads: usize) -> Vec<usize> {
        let threads = NonZeroUsize::new(threads).unwrap();
        let parts = in_parts(rows, threads, &Progress::default(), |seen: &mut Vec<usize>, batch| seen.extend(batch)).unwrap();
        parts.into_iter().flatten().collect()
    }

    #[test]
    fn every_row_is_seen_once_and_in_order_on_any_number_of_threads() {
        for rows in [0, 1, BATCH - 1, BATCH, BATCH + 1, 70_000] {
            for threads in [1, 2, 7] {
                assert_eq!(rows_seen(rows, threads), (0..rows).collect::<Vec<_>>(), "{rows} rows, {threads} threads");
            }
        }
    }

    #[test]
    fn a_cancelled_job_stops_and_keeps_nothing() {
        let progress = Progress::default();
        let seen = AtomicUsize::new(0);
        let work = |(): &mut (), batch: Range<usize>| {
            seen.fetch_add(batch.len(), Ordering::Relaxed);
            progress.cancel();
        };
        let threads = NonZeroUsize::new(2).unwrap();
        assert_eq!(in_parts(100_000, threads, &progress, work), Err(Cancelled));
        assert!(seen.into_inner() <= 2 * BATCH);
    }
}
