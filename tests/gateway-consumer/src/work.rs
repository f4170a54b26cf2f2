//! Decisions outside the asynchronous workers: threads of their own, a bounded queue before them, a deadline for each request.
//!
//! A thread takes what waits in one go and logs those decisions in one piece before it answers any of them.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use countersign_core::gateway::files::{DecisionLog, now};
use countersign_core::gateway::{Answer, FieldErrors, Gateway, LogLine};
use hyper::body::Bytes;
use tokio::sync::oneshot;

use crate::fields;

/// The most requests that one thread takes in one go.
const BATCH: usize = 64;

/// The result of a request.
#[derive(Debug)]
pub enum Reply {
    Decided(Box<Answer>),
    /// The body is no object of fields.
    NoFields(String),
    Fields(FieldErrors),
    /// The release was revoked, and no newer one has taken its place.
    Revoked(String),
    /// The decision could not be logged. What cannot be logged is not answered: nobody could ever account for it.
    NotLogged(String),
    /// It waited too long.
    Late,
    /// Too many wait.
    Busy,
}

struct Job {
    body: Bytes,
    until: Instant,
    reply: oneshot::Sender<Reply>,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    /// Threads that wait for work.
    idle: usize,
    is_closed: bool,
}

/// Decides requests.
pub struct Deciders {
    gateway: Arc<Gateway>,
    log: Option<Arc<DecisionLog>>,
    deadline: Duration,
    most: usize,
    queue: Mutex<Queue>,
    work: Condvar,
}

impl Deciders {
    /// Starts as many threads as there are cores.
    pub fn start(
        gateway: Arc<Gateway>,
        log: Option<Arc<DecisionLog>>,
        deadline: Duration,
        most: usize,
    ) -> io::Result<(Arc<Self>, Vec<JoinHandle<()>>)> {
        let deciders = Arc::new(Self { gateway, log, deadline, most, queue: Mutex::default(), work: Condvar::new() });
        let count = thread::available_parallelism().map_or(2, usize::from).max(2);
        let spawn = |at| {
            let deciders = Arc::clone(&deciders);
            thread::Builder::new().name(format!("decide-{at}")).spawn(move || deciders.run())
        };
        let threads = (0..count).map(spawn).collect::<io::Result<Vec<_>>>()?;
        Ok((deciders, threads))
    }

    /// Decides a request given by its body, or says at once that too many wait.
    pub async fn decide(&self, body: Bytes) -> Reply {
        let (reply, answered) = oneshot::channel();
        {
            let mut queue = self.lock();
            if queue.jobs.len() >= self.most || queue.is_closed {
                return Reply::Busy;
            }
            queue.jobs.push_back(Job { body, until: Instant::now() + self.deadline, reply });
            if queue.idle > 0 {
                self.work.notify_one();
            }
        }
        match tokio::time::timeout(self.deadline, answered).await {
            Ok(Ok(reply)) => reply,
            // The thread broke off, which the library promises not to; nothing was answered.
            Ok(Err(_)) => Reply::NotLogged("the decision broke off".to_owned()),
            Err(_) => Reply::Late,
        }
    }

    /// How many requests wait.
    pub fn waiting(&self) -> usize {
        self.lock().jobs.len()
    }

    /// Lets the threads end when nothing waits any more.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.work.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        while let Some(jobs) = self.take() {
            // A fault in one batch must not cost the thread.
            drop(catch_unwind(AssertUnwindSafe(|| self.decide_all(jobs))));
        }
    }

    fn take(&self) -> Option<Vec<Job>> {
        let mut queue = self.lock();
        loop {
            // A share of what waits, so that the other threads have work too.
            let share = queue.jobs.len().div_ceil(2).min(BATCH);
            if share > 0 {
                return Some(queue.jobs.drain(..share).collect());
            }
            if queue.is_closed {
                return None;
            }
            queue.idle += 1;
            queue = self.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
            queue.idle -= 1;
        }
    }

    fn decide_all(&self, jobs: Vec<Job>) {
        let (mut lines, mut replies) = (Vec::new(), Vec::new());
        for job in jobs {
            if job.reply.is_closed() {
                continue;
            }
            if Instant::now() >= job.until {
                drop(job.reply.send(Reply::Late));
                continue;
            }
            match self.one(&job.body) {
                Ok((answer, line)) => {
                    lines.extend(line);
                    replies.push((job.reply, answer));
                }
                // Who has gone away hears nothing.
                Err(reply) => drop(job.reply.send(reply)),
            }
        }
        let logged = self.log.as_ref().map_or(Ok(()), |log| log.add(&lines));
        for (reply, answer) in replies {
            drop(reply.send(match &logged {
                Ok(()) => Reply::Decided(Box::new(answer)),
                Err(wrong) => Reply::NotLogged(wrong.to_string()),
            }));
        }
    }

    /// Decides one request wholly by one release, whatever takes over meanwhile.
    fn one(&self, body: &[u8]) -> Result<(Answer, Option<LogLine>), Reply> {
        let serving = self.gateway.serving().map_err(|refused| Reply::Revoked(refused.to_string()))?;
        let mut request = serving.request();
        let read = fields::read(body, |name, value| {
            request.set(name, value);
        });
        read.map_err(|wrong| Reply::NoFields(wrong.to_string()))?;
        let request = request.finish().map_err(Reply::Fields)?;
        let answer = serving.answer(&serving.decide(&request));
        let line = self.log.as_ref().map(|_| serving.log_line(&request, answer.clone(), now()));
        Ok((answer, line))
    }
}
