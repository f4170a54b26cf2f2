//! The jobs that run, on threads or in place: at most one of a kind, and the latest wins.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use super::{Basis, Job, JobKind, JobOutput, JobProgress, JobResult, Waker, Workers};
use crate::Session;
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;

pub(super) type Apply = Box<dyn FnOnce(&mut Session, Basis, Duration) + Send>;
pub(super) type CurrentBasis = fn(&Session) -> Basis;
pub(super) type Fail = fn(&mut Session, Basis, LocalText);
type Work = Box<dyn FnOnce(&Progress) -> JobResult<Apply> + Send>;

pub(crate) struct EndedJob {
    kind: JobKind,
    generation: u64,
    pub(super) basis: Basis,
    pub(super) took: Duration,
    pub(super) outcome: JobResult<Apply>,
    pub(super) fail: Fail,
}

/// A job that is to run.
struct QueuedJob {
    kind: JobKind,
    basis: Basis,
    work: Work,
    fail: Fail,
    wanted: CurrentBasis,
}

struct Underway {
    generation: u64,
    basis: Basis,
    progress: Arc<Progress>,
    fail: Fail,
    wanted: CurrentBasis,
}

pub(crate) struct Jobs {
    workers: Workers,
    waker: Waker,
    sender: Sender<EndedJob>,
    receiver: Receiver<EndedJob>,
    underway: BTreeMap<JobKind, Underway>,
    /// What starts when the job of its kind, which writes and cannot be stopped, has ended.
    waiting: BTreeMap<JobKind, QueuedJob>,
    generation: u64,
}

impl Jobs {
    pub(crate) fn new(workers: Workers, waker: Waker) -> Self {
        let (sender, receiver) = channel();
        Self { workers, waker, sender, receiver, underway: BTreeMap::new(), waiting: BTreeMap::new(), generation: 0 }
    }

    /// Starts a job; one of the same kind is cancelled, and nothing of it is used. One that writes already is waited for.
    pub(super) fn start<J: Job>(&mut self, basis: Basis, job: J) {
        let work = move |progress: &Progress| {
            let output = job.run(progress)?;
            let apply =
                |output| -> Apply { Box::new(move |session, basis, took| J::apply(session, JobOutput { basis, took, output })) };
            Ok(output.map(apply))
        };
        let task = QueuedJob { kind: J::KIND, basis, work: Box::new(work), fail: J::fail, wanted: J::basis };
        if self.cancel(task.kind) {
            self.begin(task);
        } else {
            self.waiting.insert(task.kind, task);
        }
    }

    fn begin(&mut self, task: QueuedJob) {
        self.generation += 1;
        let (generation, progress) = (self.generation, Arc::new(Progress::default()));
        let QueuedJob { kind, basis, work, fail, wanted } = task;
        self.underway.insert(kind, Underway { generation, basis, progress: Arc::clone(&progress), fail, wanted });
        let (sender, waker) = (self.sender.clone(), Arc::clone(&self.waker));
        let run = move || {
            let started = Instant::now();
            // A job that panics must not take the window with it: it counts as failed.
            let outcome = catch_unwind(AssertUnwindSafe(|| work(&progress))).unwrap_or_else(|_| Err(panicked(kind)));
            // The session may have been dropped: then the result is of no use.
            let _ = sender.send(EndedJob { kind, generation, basis, took: started.elapsed(), outcome, fail });
            waker();
        };
        match self.workers {
            Workers::Holding(held) if held == kind => {}
            Workers::Inline | Workers::Holding(_) => run(),
            Workers::Threads => {
                let name = format!("{kind:?}").to_lowercase();
                if std::thread::Builder::new().name(name).spawn(run).is_err() {
                    self.underway.remove(&kind);
                }
            }
        }
    }

    /// Cancels a job, with what waits for it; whether none of the kind runs now: one that writes goes on.
    pub(crate) fn cancel(&mut self, kind: JobKind) -> bool {
        self.waiting.remove(&kind);
        let stops = self.underway.get(&kind).is_none_or(|job| job.progress.cancel());
        if stops {
            self.underway.remove(&kind);
        }
        stops
    }

    /// What the running job was started from.
    pub(super) fn basis(&self, kind: JobKind) -> Option<Basis> {
        self.underway.get(&kind).map(|job| job.basis)
    }

    pub(super) fn handlers(&self, kind: JobKind) -> Option<(CurrentBasis, Fail)> {
        self.underway.get(&kind).map(|job| (job.wanted, job.fail))
    }

    pub(crate) fn running(&self, kind: JobKind) -> Option<JobProgress> {
        let (done, total) = self.underway.get(&kind)?.progress.read();
        Some(JobProgress { done, total })
    }

    pub(crate) fn kinds(&self) -> impl Iterator<Item = JobKind> + '_ {
        self.underway.keys().copied()
    }

    /// The next job that has ended and was not cancelled.
    pub(crate) fn next(&mut self) -> Option<EndedJob> {
        loop {
            let ended = self.receiver.try_recv().ok()?;
            if self.underway.get(&ended.kind).is_some_and(|job| job.generation == ended.generation) {
                self.underway.remove(&ended.kind);
                if let Some(task) = self.waiting.remove(&ended.kind) {
                    self.begin(task);
                }
                return Some(ended);
            }
        }
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        for job in self.underway.values() {
            job.progress.cancel();
        }
    }
}

fn panicked(kind: JobKind) -> LocalText {
    let what = kind.text();
    LocalText::new(
        format!("{} failed unexpectedly; the last result is kept", what.en),
        format!("{}时发生意外错误，已保留上次结果", what.zh.trim_start_matches("正在")),
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    struct Writer {
        written: Arc<AtomicUsize>,
        gate: Arc<Mutex<Receiver<()>>>,
        begins: Sender<bool>,
        begins_early: bool,
    }

    impl Job for Writer {
        const KIND: JobKind = JobKind::Export;
        type Output = ();

        fn run(self, progress: &Progress) -> JobResult<()> {
            let may = self.begins_early && progress.begin_writing();
            self.begins.send(may).unwrap();
            self.gate.lock().unwrap().recv().unwrap();
            if progress.begin_writing() {
                self.written.fetch_add(1, Ordering::Relaxed);
            }
            Ok(None)
        }

        fn apply(_: &mut Session, _: JobOutput<()>) {}
    }

    fn wait_for_next(jobs: &mut Jobs) -> JobKind {
        loop {
            if let Some(ended) = jobs.next() {
                return ended.kind;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_stopped_job_writes_nothing_and_a_writing_one_is_waited_for() {
        let mut jobs = Jobs::new(Workers::Threads, Arc::new(|| {}));
        let written = Arc::new(AtomicUsize::new(0));
        let (go, gate) = channel::<()>();
        let (begins, begun) = channel::<bool>();
        let gate = Arc::new(Mutex::new(gate));
        let start = |jobs: &mut Jobs, begins_early: bool| {
            let (written, gate, begins) = (Arc::clone(&written), Arc::clone(&gate), begins.clone());
            jobs.start(Basis::default(), Writer { written, gate, begins, begins_early });
        };
        // Stopped before it writes.
        start(&mut jobs, false);
        assert!(!begun.recv().unwrap());
        assert!(jobs.cancel(JobKind::Export) && jobs.kinds().next().is_none());
        go.send(()).unwrap();
        // One that writes cannot be stopped, and the next waits for it.
        start(&mut jobs, true);
        assert!(begun.recv().unwrap());
        assert_eq!(written.load(Ordering::Relaxed), 0);
        assert!(!jobs.cancel(JobKind::Export) && jobs.kinds().eq([JobKind::Export]));
        start(&mut jobs, true);
        assert!(begun.try_recv().is_err(), "it has not begun");
        go.send(()).unwrap();
        assert_eq!(wait_for_next(&mut jobs), JobKind::Export);
        assert_eq!(written.load(Ordering::Relaxed), 1);
        assert!(begun.recv().unwrap());
        go.send(()).unwrap();
        assert_eq!(wait_for_next(&mut jobs), JobKind::Export);
        assert_eq!((written.load(Ordering::Relaxed), jobs.kinds().next()), (2, None));
    }
}
