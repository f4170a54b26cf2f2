//! Background jobs: an immutable snapshot goes in, a closed `Done` comes out; at most one of a kind, the latest wins.

mod slot;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

pub(super) use slot::Slot;
pub use slot::{Basis, Running, Shown, Status};

use super::results::Done;
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;

/// Called by a worker when there is news, so that a window can ask for a new frame. From any thread.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Who does the work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Workers {
    /// Threads.
    #[default]
    Threads,
    /// Nobody else: a job is done before [`Session::tick`](super::Session::tick) returns. For tests.
    Inline,
    /// As [`Workers::Inline`], but jobs of one kind stay under way. For tests of what is shown meanwhile.
    Holding(Kind),
}

/// What a job is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Opening or reloading a workspace.
    Open,
    /// Saving it.
    Save,
    /// Looking whether someone else changed its files.
    Look,
    /// Keeping unsaved text for the next start.
    Keep,
    /// Reading a request file.
    Requests,
    /// Looking at the first rows of a request file.
    First,
    /// Trying a mapping on them.
    Try,
    /// Compiling and checking the draft.
    Check,
    /// Readying what the draft is compared with.
    Baseline,
    /// Deciding every request by the baseline.
    Against,
    /// Deciding every request by the draft.
    Impact,
    /// Charts, loads and matrices.
    Details,
    /// Running the cases.
    Cases,
    /// Trying one parameter over its range.
    Sweep,
    /// Filtering and sorting the requests.
    Order,
    /// Counting requests per line of a script.
    Lines,
    /// Looking for a request by its key.
    Find,
    /// Reading a file with entries of a list.
    Entries,
    /// Writing a report.
    Report,
    /// Putting edits over files that changed.
    Merge,
    /// Making a release.
    Export,
    /// Looking at the workspace's releases and its journal.
    Releases,
    /// Looking at one release against another.
    Review,
    /// A step on a release's way.
    Step,
    /// Asking the agent for its keys.
    AgentKeys,
    /// Looking at a key file.
    KeyFile,
}

impl Kind {
    /// What is being done, for people.
    #[must_use]
    pub fn text(self) -> LocalText {
        let (en, zh) = match self {
            Self::Open => ("opening the workspace", "正在打开工作区"),
            Self::Save => ("saving", "正在保存"),
            Self::Look => ("looking at the files", "正在检查文件"),
            Self::Keep => ("keeping unsaved text", "正在保留未保存内容"),
            Self::Requests => ("reading requests", "正在读取请求"),
            Self::First => ("looking at the first rows", "正在读取前几行"),
            Self::Try => ("trying the mapping", "正在试用映射"),
            Self::Check => ("checking", "正在检查"),
            Self::Baseline => ("readying the comparison", "正在准备对比"),
            Self::Against => ("deciding requests for comparison", "正在试运行对比基准"),
            Self::Impact => ("deciding requests", "正在试运行"),
            Self::Details => ("counting", "正在统计"),
            Self::Cases => ("running cases", "正在运行用例"),
            Self::Sweep => ("trying the parameter's range", "正在试算参数范围"),
            Self::Lines => ("counting requests per line", "正在统计每行请求数"),
            Self::Find => ("looking for a request", "正在查找请求"),
            Self::Entries => ("reading entries", "正在读取名单条目"),
            Self::Report => ("writing the report", "正在写出报告"),
            Self::Merge => ("putting together", "正在合并"),
            Self::Order => ("filtering and sorting", "正在筛选和排序"),
            Self::Export => ("making the release", "正在生成发布"),
            Self::Releases => ("reading releases", "正在读取发布"),
            Self::Review => ("reviewing the release", "正在核对发布"),
            Self::Step => ("signing and noting", "正在签署并记录"),
            Self::AgentKeys => ("asking the ssh-agent", "正在询问 ssh-agent"),
            Self::KeyFile => ("looking at the key", "正在检查密钥"),
        };
        LocalText::new(en, zh)
    }
}

/// What came of a job.
pub(super) struct Message {
    pub kind: Kind,
    generation: u64,
    pub basis: Basis,
    pub took: Duration,
    /// What it gave; `None` when it stopped because it was asked to; otherwise why it came to nothing.
    pub outcome: Result<Option<Done>, LocalText>,
}

type Work = Box<dyn FnOnce(&Progress) -> Outcome + Send>;

struct Underway {
    generation: u64,
    basis: Basis,
    progress: Arc<Progress>,
}

/// The jobs under way.
pub(super) struct Jobs {
    workers: Workers,
    waker: Waker,
    sender: Sender<Message>,
    receiver: Receiver<Message>,
    underway: BTreeMap<Kind, Underway>,
    /// What starts when the job of its kind, which writes and cannot be stopped, has ended.
    waiting: BTreeMap<Kind, (Basis, Work)>,
    generation: u64,
}

impl Jobs {
    pub(super) fn new(workers: Workers, waker: Waker) -> Self {
        let (sender, receiver) = channel();
        Self { workers, waker, sender, receiver, underway: BTreeMap::new(), waiting: BTreeMap::new(), generation: 0 }
    }

    /// Starts a job; one of the same kind that is under way is asked to stop, and nothing of it is used. One that writes already is
    /// waited for.
    pub(super) fn start(&mut self, kind: Kind, basis: Basis, work: impl FnOnce(&Progress) -> Outcome + Send + 'static) {
        if self.cancel(kind) {
            self.begin(kind, basis, Box::new(work));
        } else {
            drop(self.waiting.insert(kind, (basis, Box::new(work))));
        }
    }

    fn begin(&mut self, kind: Kind, basis: Basis, work: Work) {
        self.generation += 1;
        let (generation, progress) = (self.generation, Arc::new(Progress::default()));
        self.underway.insert(kind, Underway { generation, basis, progress: Arc::clone(&progress) });
        let (sender, waker) = (self.sender.clone(), Arc::clone(&self.waker));
        let run = move || {
            let started = Instant::now();
            // A job that panics must not take the window with it: it counts as failed.
            let outcome = catch_unwind(AssertUnwindSafe(|| work(&progress))).unwrap_or_else(|_| Err(poisoned(kind)));
            // The session may be gone: then nobody wants to know.
            let _ = sender.send(Message { kind, generation, basis, took: started.elapsed(), outcome });
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

    /// Asks a job to stop and forgets it, with what waits for it; whether none of the kind is under way: one that writes goes on.
    pub(super) fn cancel(&mut self, kind: Kind) -> bool {
        self.waiting.remove(&kind);
        let stops = self.underway.get(&kind).is_none_or(|job| job.progress.cancel());
        if stops {
            self.underway.remove(&kind);
        }
        stops
    }

    /// What the job under way was started from.
    pub(super) fn basis(&self, kind: Kind) -> Option<Basis> {
        self.underway.get(&kind).map(|job| job.basis)
    }

    /// How far it is.
    pub(super) fn running(&self, kind: Kind) -> Option<Running> {
        let (done, total) = self.underway.get(&kind)?.progress.read();
        Some(Running { done, total })
    }

    /// Every kind that is under way.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> + '_ {
        self.underway.keys().copied()
    }

    /// The next finished job that is still wanted.
    pub(super) fn next(&mut self) -> Option<Message> {
        loop {
            let message = self.receiver.try_recv().ok()?;
            if self.underway.get(&message.kind).is_some_and(|job| job.generation == message.generation) {
                self.underway.remove(&message.kind);
                if let Some((basis, work)) = self.waiting.remove(&message.kind) {
                    self.begin(message.kind, basis, work);
                }
                return Some(message);
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

/// What a job gives; `Ok(None)` when it was asked to stop.
pub(super) type Outcome = Result<Option<Done>, LocalText>;

fn poisoned(kind: Kind) -> LocalText {
    let what = kind.text();
    LocalText::new(
        format!("{} failed unexpectedly; the last result is kept", what.en),
        format!("{}时发生意外错误，已保留上次结果", what.zh.trim_start_matches("正在")),
    )
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Waits for the next message that is wanted.
    fn wait(jobs: &mut Jobs) -> Kind {
        loop {
            if let Some(message) = jobs.next() {
                return message.kind;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn what_is_stopped_writes_nothing_and_what_writes_is_waited_for() {
        let mut jobs = Jobs::new(Workers::Threads, Arc::new(|| {}));
        let written = Arc::new(AtomicUsize::new(0));
        let (go, gate) = channel::<()>();
        let (begins, begun) = channel::<bool>();
        let gate = Arc::new(std::sync::Mutex::new(gate));
        let start = |jobs: &mut Jobs, early: bool| {
            let (written, gate, begins) = (Arc::clone(&written), Arc::clone(&gate), begins.clone());
            jobs.start(Kind::Export, Basis::default(), move |progress| {
                let may = early && progress.begin_writing();
                begins.send(may).unwrap();
                gate.lock().unwrap().recv().unwrap();
                if progress.begin_writing() {
                    written.fetch_add(1, Ordering::Relaxed);
                }
                Ok(None)
            });
        };
        // Stopped before it writes.
        start(&mut jobs, false);
        assert!(!begun.recv().unwrap());
        assert!(jobs.cancel(Kind::Export) && jobs.kinds().next().is_none());
        go.send(()).unwrap();
        // One that writes cannot be stopped, and the next waits for it.
        start(&mut jobs, true);
        assert!(begun.recv().unwrap());
        assert_eq!(written.load(Ordering::Relaxed), 0);
        assert!(!jobs.cancel(Kind::Export) && jobs.kinds().eq([Kind::Export]));
        start(&mut jobs, true);
        assert!(begun.try_recv().is_err(), "it has not begun");
        go.send(()).unwrap();
        assert_eq!(wait(&mut jobs), Kind::Export);
        assert_eq!(written.load(Ordering::Relaxed), 1);
        assert!(begun.recv().unwrap());
        go.send(()).unwrap();
        assert_eq!(wait(&mut jobs), Kind::Export);
        assert_eq!((written.load(Ordering::Relaxed), jobs.kinds().next()), (2, None));
    }
}
