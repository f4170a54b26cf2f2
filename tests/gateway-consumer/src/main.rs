//! A gateway in small: loads a release, answers `POST /decide` on loopback or a Unix socket, and takes over each new release.
//!
//! `docs/gateway.md` says how it is run. It knows of Countersign only what a payment gateway would: the library with signatures and files
//! and without any other feature. Exit code 1 when the release, or what it is judged by, is refused; 2 when it could not run.

mod clients;
mod metrics;
mod options;
mod serve;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use countersign_core::gateway::files::{Deciders, DecisionLog, Follower, NotStarted};

use crate::options::Options;
use crate::serve::Served;

fn main() -> ExitCode {
    let options = match options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            say(&format!("{message}\n{}", options::USAGE));
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, message)) => {
            say(&message);
            ExitCode::from(code)
        }
    }
}

/// Tells the operators; that nobody listens must not end the gateway.
fn say(what: &str) {
    let _ = writeln!(std::io::stderr(), "gateway-consumer: {what}");
}

fn run(options: &Options) -> Result<(), (u8, String)> {
    let cannot = |what: &'static str| move |error: std::io::Error| (2, format!("{what}: {error}"));
    let follower = Follower::start(&options.files).map_err(|error| match error {
        NotStarted::File(problem) => (2, format!("cannot start: {problem}")),
        NotStarted::Refused(refused) => (1, format!("the release is refused\n{refused}")),
    })?;
    let (gateway, status) = (follower.gateway(), follower.status());
    for refused in status.lock().unwrap_or_else(std::sync::PoisonError::into_inner).not_taken.values() {
        say(&format!("`{}` is not taken, the release taken last goes on\n{}", refused.file, refused.why.en));
    }
    let log = options.log.as_ref().map(|(path, how)| DecisionLog::open(path, *how).map(Arc::new)).transpose();
    let log = log.map_err(|problem| (2, format!("cannot open the log: {problem}")))?;
    if let Some(log) = &log {
        log.sync_in_background();
    }
    let deciders =
        Deciders::start(Arc::clone(&gateway), log.clone(), options.deadline, options.queue).map_err(cannot("cannot start"))?;
    follower.follow(|what| say(&what.en));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(cannot("cannot start"))?;
    let clients = clients::Clients::new(options.connections);
    let served = Served {
        gateway,
        deciders: Arc::clone(&deciders),
        deadline: options.deadline,
        log: log.clone(),
        status,
        clients,
        metrics: metrics::Metrics::default(),
    };
    let served = runtime.block_on(serve::serve(Arc::new(served), options.port, options.socket.as_deref()));
    drop(runtime);
    // What waits is decided and logged before the log is closed.
    deciders.close();
    if let Some(log) = log {
        log.close().map_err(cannot("cannot close the log"))?;
    }
    if let Some(path) = &options.socket {
        let _ = std::fs::remove_file(path);
    }
    served.map_err(cannot("cannot listen"))
}
