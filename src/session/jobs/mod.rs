//! Background jobs: a snapshot of the state goes in, a result comes out; at most one job of a kind runs, and the latest wins.
//!
//! One file a job: the snapshot, what it does with it off the window's thread, and how its result is applied. Its kind is a line of
//! [`JobKind`]. A job whose last good result is kept, and which starts by itself when what it is made from changes, is a [`DerivedJob`]
//! and a line of [`Results`].

pub(super) mod baseline;
pub(super) mod check;
pub(super) mod derive_release;
mod detect_changes;
pub(super) mod export;
pub(super) mod impact;
mod keep_unsaved;
pub(super) mod keys;
pub(super) mod line_counts;
pub(super) mod list_releases;
pub(super) mod mapping;
pub(super) mod merge;
mod new_workspace;
pub(super) mod open;
mod queue;
pub(super) mod read_entries;
pub(super) mod reading;
mod report;
pub(super) mod request_filter;
pub(super) mod requests;
mod results;
pub(super) mod review;
pub(super) mod run_cases;
mod save;
mod slot;
pub(super) mod stage_table;
pub(super) mod step;
pub(super) mod sweep;

use std::sync::Arc;
use std::time::Duration;

pub(super) use queue::{EndedJob, Jobs};
pub(super) use results::Results;
pub(super) use slot::ResultSlot;
pub use slot::{Basis, Freshness, JobProgress, ResultView};

use super::Session;
use super::notices::Weight;
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;

/// Called by a worker when a job has ended, so that a window can ask for a new frame. From any thread.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Where jobs run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Workers {
    #[default]
    Threads,
    /// On the caller's thread: a job is done before [`Session::tick`] returns. For tests.
    Inline,
    /// As [`Workers::Inline`], but jobs of one kind never end. For tests of what is shown meanwhile.
    Holding(JobKind),
}

macro_rules! job_kinds {
    ($($kind:ident, $en:literal, $zh:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum JobKind {
            $($kind,)*
        }

        impl JobKind {
            /// What is being done, for people.
            pub fn text(self) -> LocalText {
                let (en, zh) = match self {
                    $(Self::$kind => ($en, $zh),)*
                };
                LocalText::new(en, zh)
            }
        }
    };
}

job_kinds! {
    Open, "opening the workspace", "正在打开工作区";
    Save, "saving", "正在保存";
    DetectChanges, "looking at the files", "正在检查文件";
    Keep, "keeping unsaved text", "正在保留未保存内容";
    Requests, "reading requests", "正在读取请求";
    FirstRows, "looking at the first rows", "正在读取前几行";
    TryMapping, "trying the mapping", "正在试用映射";
    Check, "checking", "正在检查";
    Baseline, "preparing the comparison", "正在准备对比";
    BaselineRun, "deciding requests for comparison", "正在试运行对比基准";
    Impact, "deciding requests", "正在试运行";
    Details, "counting", "正在统计";
    Cases, "running cases", "正在运行用例";
    Sweep, "trying the parameter's range", "正在试算参数范围";
    Filter, "filtering and sorting", "正在筛选和排序";
    LineCounts, "counting requests per line", "正在统计每行请求数";
    Reading, "putting the rule into words", "正在生成文字表述";
    StageTable, "making the decision table", "正在生成决策表";
    Find, "looking for a request", "正在查找请求";
    Entries, "reading entries", "正在读取名单条目";
    Report, "writing the report", "正在写出报告";
    Merge, "merging", "正在合并";
    Export, "making the release", "正在生成发布";
    Releases, "reading releases", "正在读取发布";
    Review, "reviewing the release", "正在核对发布";
    Step, "signing and recording", "正在签署并记录";
    AgentKeys, "asking the ssh-agent", "正在询问 ssh-agent";
    KeyFile, "looking at the key", "正在检查密钥";
}

/// What a job gives: `None` when it was cancelled, otherwise why it failed.
pub(super) type JobResult<T> = Result<Option<T>, LocalText>;

/// Work on a snapshot of the state, off the window's thread.
pub(super) trait Job: Send + Sized + 'static {
    const KIND: JobKind;
    type Output: Send + 'static;

    fn run(self, progress: &Progress) -> JobResult<Self::Output>;

    /// Puts the result into the state, on the window's thread.
    fn apply(session: &mut Session, made: JobOutput<Self::Output>);

    /// Notes that the job failed or was stopped.
    fn fail(session: &mut Session, _basis: Basis, why: LocalText) {
        session.notify(Weight::Error, why);
    }

    /// What a result must be made from to be fresh.
    fn basis(_session: &Session) -> Basis {
        Basis::default()
    }
}

/// A job whose last good result is kept in [`Results`]; it starts when what the result is made from has changed.
pub(super) trait DerivedJob: Send + Sized + 'static {
    const KIND: JobKind;
    /// Whether it starts only when nothing has been typed for a moment.
    const WAITS_FOR_PAUSE: bool = true;
    type Output: Send + 'static;

    /// What a result must be made from to be fresh.
    fn basis(session: &Session) -> Basis;

    /// What it works on; `None` while some of it is missing.
    fn snapshot(session: &Session) -> Option<Self>;

    fn run(self, progress: &Progress) -> JobResult<Self::Output>;

    /// Called before the result is kept.
    fn before_kept(_session: &mut Session, _output: &Self::Output) {}

    /// Why an earlier result is shown.
    fn why_stale(session: &Session) -> LocalText {
        session.why_stale()
    }
}

/// Where a derived job's result is kept.
pub(super) trait HasSlot: DerivedJob {
    fn slot(results: &Results) -> &ResultSlot<Self::Output>;
    fn slot_mut(results: &mut Results) -> &mut ResultSlot<Self::Output>;
}

impl<J: HasSlot> Job for J {
    const KIND: JobKind = <J as DerivedJob>::KIND;
    type Output = <J as DerivedJob>::Output;

    fn run(self, progress: &Progress) -> JobResult<Self::Output> {
        DerivedJob::run(self, progress)
    }

    fn apply(session: &mut Session, made: JobOutput<Self::Output>) {
        J::before_kept(session, &made.output);
        J::slot_mut(&mut session.results).put(made.basis, made.took, made.output);
    }

    fn fail(session: &mut Session, basis: Basis, why: LocalText) {
        J::slot_mut(&mut session.results).fail(basis, why);
    }

    fn basis(session: &Session) -> Basis {
        <J as DerivedJob>::basis(session)
    }
}

pub(super) struct JobOutput<T> {
    pub basis: Basis,
    pub took: Duration,
    pub output: T,
}

impl Session {
    /// Starts a job; one of the same kind that runs is cancelled first.
    pub(super) fn start<J: Job>(&mut self, job: J) {
        let basis = J::basis(self);
        self.jobs.start(basis, job);
    }

    /// Starts a derived job where its result is not of the present state; whether it was started.
    fn start_if_due<J: HasSlot>(&mut self, is_paused: bool) -> bool {
        let basis = <J as DerivedJob>::basis(self);
        let is_settled = J::slot(&self.results).is_settled(basis);
        if (J::WAITS_FOR_PAUSE && !is_paused) || is_settled || self.jobs.basis(<J as DerivedJob>::KIND) == Some(basis) {
            return false;
        }
        let Some(job) = J::snapshot(self) else { return false };
        self.jobs.start(basis, job);
        true
    }

    /// The last good result of a job with its status.
    pub(super) fn shown<J: HasSlot>(&self) -> ResultView<'_, <J as DerivedJob>::Output> {
        let running = self.jobs.running(<J as DerivedJob>::KIND);
        J::slot(&self.results).shown(<J as DerivedJob>::basis(self), running, || J::why_stale(self))
    }

    /// The result of a job where it is of the present state.
    pub(super) fn fresh<J: HasSlot>(&self) -> Option<&Arc<<J as DerivedJob>::Output>> {
        J::slot(&self.results).fresh(<J as DerivedJob>::basis(self))
    }

    /// The last good result of a job, of whatever state.
    pub(super) fn last<J: HasSlot>(&self) -> Option<&Arc<<J as DerivedJob>::Output>> {
        J::slot(&self.results).value()
    }

    pub(super) fn take(&mut self, ended: EndedJob) {
        // A cancelled job changes nothing that panels show.
        self.stamp += u64::from(!matches!(ended.outcome, Ok(None)));
        match ended.outcome {
            Ok(Some(apply)) => apply(self, ended.basis, ended.took),
            Ok(None) => {}
            Err(why) => (ended.fail)(self, ended.basis, why),
        }
    }

    /// Cancels every job but those that write what must not be lost.
    pub(super) fn stop(&mut self) {
        let kinds: Vec<JobKind> =
            self.jobs.kinds().filter(|kind| !matches!(kind, JobKind::Save | JobKind::Keep | JobKind::Step)).collect();
        for kind in kinds {
            let stopped = self.jobs.handlers(kind);
            if self.jobs.cancel(kind) {
                if let Some((basis, fail)) = stopped {
                    let basis = basis(self);
                    fail(self, basis, LocalText::new("stopped", "已停止"));
                }
            } else {
                let what = kind.text();
                let (en, zh) = (
                    format!("{} can no longer be stopped: the file is being written", what.en),
                    format!("{}：正在写入文件，无法停止", what.zh),
                );
                self.notify(Weight::Info, LocalText::new(en, zh));
            }
        }
    }
}
