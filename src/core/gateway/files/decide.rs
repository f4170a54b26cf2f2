//! Decides on threads of its own: a bounded queue before them, a deadline for each request, and every decision logged before its answer.
//!
//! A thread takes what waits in one go and logs those decisions in one piece before it answers any of them.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{DecisionLog, now};
use crate::gateway::{Gateway, LogLine, NotRead};
use crate::model::Verdict;

/// The most requests that one thread takes in one go.
const LARGEST_BATCH: usize = 64;

/// The reply to a request.
#[derive(Debug)]
pub enum Reply {
    /// It was decided, and that was logged.
    Decided {
        /// The verdict.
        verdict: Verdict,
        /// The decision as JSON: an [`Answer`](crate::gateway::Answer).
        answer: String,
    },
    /// The body is no request.
    NotRead(NotRead),
    /// The release was revoked, and no newer one has taken its place.
    Revoked(String),
    /// The decision could not be logged, and what cannot be logged is not answered: nobody could account for it.
    NotLogged(String),
    /// It waited too long.
    Late,
    /// Too many wait.
    Busy,
}

/// Whoever sent a request.
pub trait Requester: Send {
    /// The bytes of the request's body.
    fn body(&self) -> &[u8];
    /// Whether nobody waits for the reply any more.
    fn is_gone(&self) -> bool;
    /// Hands the reply over; called once, from another thread.
    fn reply(self, reply: Reply);
}

struct Waiting<R> {
    requester: R,
    until: Instant,
}

struct Queue<R> {
    waiting: VecDeque<Waiting<R>>,
    idle_threads: usize,
    is_closed: bool,
}

/// Threads that decide requests. Share them by [`Arc`].
pub struct Deciders<R> {
    gateway: Arc<Gateway>,
    log: Option<Arc<DecisionLog>>,
    deadline: Duration,
    most_waiting: usize,
    queue: Mutex<Queue<R>>,
    work: Condvar,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl<R: Requester + 'static> Deciders<R> {
    /// Starts as many threads as there are cores. A request that waits longer than `deadline` is not decided, and one that comes when
    /// `most_waiting` wait is refused.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn start(
        gateway: Arc<Gateway>,
        log: Option<Arc<DecisionLog>>,
        deadline: Duration,
        most_waiting: usize,
    ) -> io::Result<Arc<Self>> {
        let queue = Mutex::new(Queue { waiting: VecDeque::new(), idle_threads: 0, is_closed: false });
        let threads = Mutex::default();
        let deciders = Arc::new(Self { gateway, log, deadline, most_waiting, queue, work: Condvar::new(), threads });
        let count = thread::available_parallelism().map_or(2, usize::from).max(2);
        let spawn = |at| {
            let deciders = Arc::clone(&deciders);
            thread::Builder::new().name(format!("decide-{at}")).spawn(move || deciders.run())
        };
        let threads = (0..count).map(spawn).collect::<io::Result<Vec<_>>>()?;
        *deciders.threads.lock().unwrap_or_else(PoisonError::into_inner) = threads;
        Ok(deciders)
    }

    /// Takes a request; its reply comes later, or at once where too many wait.
    pub fn submit(&self, requester: R) {
        let mut queue = self.lock();
        if queue.waiting.len() >= self.most_waiting || queue.is_closed {
            drop(queue);
            return requester.reply(Reply::Busy);
        }
        queue.waiting.push_back(Waiting { requester, until: Instant::now() + self.deadline });
        if queue.idle_threads > 0 {
            self.work.notify_one();
        }
    }

    /// How many requests wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Decides what waits, and ends the threads. What is submitted from now on is refused.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.work.notify_all();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            drop(thread.join());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue<R>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        while let Some(batch) = self.take() {
            // A fault in one batch must not cost the thread.
            drop(catch_unwind(AssertUnwindSafe(|| self.decide_all(batch))));
        }
    }

    fn take(&self) -> Option<Vec<Waiting<R>>> {
        let mut queue = self.lock();
        loop {
            // A share of what waits, so that the other threads have work too.
            let share = queue.waiting.len().div_ceil(2).min(LARGEST_BATCH);
            if share > 0 {
                return Some(queue.waiting.drain(..share).collect());
            }
            if queue.is_closed {
                return None;
            }
            queue.idle_threads += 1;
            queue = self.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
            queue.idle_threads -= 1;
        }
    }

    fn decide_all(&self, batch: Vec<Waiting<R>>) {
        let (mut lines, mut decided) = (Vec::new(), Vec::new());
        for Waiting { requester, until } in batch {
            if requester.is_gone() {
                continue;
            }
            if Instant::now() >= until {
                requester.reply(Reply::Late);
                continue;
            }
            match self.decide(requester.body()) {
                Ok((reply, line)) => {
                    lines.extend(line);
                    decided.push((requester, reply));
                }
                Err(reply) => requester.reply(reply),
            }
        }
        let logged = self.log.as_ref().map_or(Ok(()), |log| log.add(&lines));
        for (requester, reply) in decided {
            requester.reply(match &logged {
                Ok(()) => reply,
                Err(error) => Reply::NotLogged(error.to_string()),
            });
        }
    }

    /// Decides one request wholly by one release, whatever takes over meanwhile.
    fn decide(&self, body: &[u8]) -> Result<(Reply, Option<LogLine>), Reply> {
        let serving = self.gateway.serving().map_err(|refused| Reply::Revoked(refused.to_string()))?;
        let request = serving.read_json(body).map_err(Reply::NotRead)?;
        let decision = serving.decide(&request);
        let answer = serving.answer(&decision);
        let text = serde_json::to_string(&answer).map_err(|error| Reply::NotLogged(error.to_string()))?;
        let line = self.log.as_ref().map(|_| serving.log_line(&request, answer, now()));
        Ok((Reply::Decided { verdict: decision.verdict, answer: text }, line))
    }
}
