//! The words the gateway is started with.

use std::path::PathBuf;
use std::time::Duration;

use countersign_core::gateway::files::{GatewayFiles, LogOptions, SyncPolicy};

/// How to start it.
pub const USAGE: &str = "usage: gateway-consumer RELEASE (--policy FILE --allowed-signers FILE | --unapproved) [--state FOLDER]
  [--base FILE] [--revocations FILE] [--port N] [--socket PATH] [--log FILE] [--log-sync each] [--log-rotate MIB]
  [--deadline MS] [--queue N] [--connections N] [--per-client N]";

/// What was asked for.
#[derive(Debug)]
pub struct Options {
    pub files: GatewayFiles,
    /// The port on loopback; 0 takes a free one. None with a socket and without a port.
    pub port: Option<u16>,
    /// A Unix socket to listen on.
    pub socket: Option<PathBuf>,
    /// Where decisions are logged, and how.
    pub log: Option<(PathBuf, LogOptions)>,
    /// How long a request may take.
    pub deadline: Duration,
    /// How many requests may wait.
    pub queue: usize,
    /// How many connections there may be in all, and of one address.
    pub connections: (usize, usize),
}

/// Reads the words.
pub fn read(mut words: impl Iterator<Item = String>) -> Result<Options, String> {
    let (mut files, mut log, mut log_options) = (GatewayFiles::default(), None, LogOptions::default());
    let (mut port, mut socket, mut deadline, mut queue, mut connections) = (None, None, 1_000, 1_024, (1_024, 128));
    let (mut policy, mut signers, mut unapproved) = (None, None, false);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
        match word.as_str() {
            "--port" => port = Some(value()?.parse().map_err(|_| "a port is a number from 0 to 65535".to_owned())?),
            "--socket" => socket = Some(PathBuf::from(value()?)),
            "--base" => files.base = Some(value()?.into()),
            "--state" => files.state = Some(value()?.into()),
            "--revocations" => files.revocations = Some(value()?.into()),
            "--log" => log = Some(PathBuf::from(value()?)),
            "--log-sync" => log_options.sync = sync(&value()?)?,
            "--log-rotate" => log_options.rotate_at = number(&word, &value()?, 1_000)? << 20,
            "--deadline" => deadline = number(&word, &value()?, 60_000)?,
            "--queue" => queue = number(&word, &value()?, 1_000_000)?,
            "--connections" => connections.0 = number(&word, &value()?, 100_000)?,
            "--per-client" => connections.1 = number(&word, &value()?, 100_000)?,
            "--policy" => policy = Some(PathBuf::from(value()?)),
            "--allowed-signers" => signers = Some(PathBuf::from(value()?)),
            "--unapproved" => unapproved = true,
            _ if word.starts_with("--") => return Err(format!("there is no `{word}`")),
            _ if files.release.as_os_str().is_empty() => files.release = word.into(),
            _ => return Err(format!("`{word}` is one word too many")),
        }
    }
    files.trust = policy.zip(signers);
    if files.release.as_os_str().is_empty() || unapproved == files.trust.is_some() {
        return Err("a release, and either who must approve it or `--unapproved`, must be given".to_owned());
    }
    if socket.is_none() && port.is_none() {
        port = Some(0);
    }
    let deadline = Duration::from_millis(deadline);
    Ok(Options {
        files,
        port,
        socket,
        log: log.map(|path| (path, log_options)),
        deadline,
        queue: usize_of(queue),
        connections: (usize_of(connections.0), usize_of(connections.1)),
    })
}

fn sync(text: &str) -> Result<SyncPolicy, String> {
    let only = || "`--log-sync` has only the value `each`; without it the log is synced every second".to_owned();
    (text == "each").then_some(SyncPolicy::EachAnswer).ok_or_else(only)
}

/// A number from 1 to a most.
fn number(word: &str, text: &str, most: u64) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("`{word}` is a number from 1 to {most}"))
}

fn usize_of(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
