//! The way to a running ssh-agent, and to one that runs for this program only.

use std::io::{self, Read, Write};
use std::path::Path;

/// Both directions of a connection.
pub trait AgentStream: Read + Write + Send {}

impl<S: Read + Write + Send> AgentStream for S {}

/// How long a person may take to touch a key or to confirm.
#[cfg(unix)]
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(2);

/// Connects to the agent that listens at `path`: a socket, or a named pipe where there are no sockets.
///
/// # Errors
/// Nothing listens there.
pub fn agent(path: &Path) -> io::Result<Box<dyn AgentStream>> {
    #[cfg(unix)]
    {
        let stream = std::os::unix::net::UnixStream::connect(path)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Box::new(stream))
    }
    #[cfg(not(unix))]
    {
        Ok(Box::new(std::fs::File::options().read(true).write(true).open(path)?))
    }
}

#[cfg(unix)]
mod own;

/// Starts OpenSSH's `ssh-agent` for this program only; it ends when the connection is dropped.
///
/// # Errors
/// It is not installed or does not start.
pub fn own_agent() -> io::Result<Box<dyn AgentStream>> {
    #[cfg(unix)]
    {
        Ok(Box::new(own::OwnAgent::start()?))
    }
    #[cfg(not(unix))]
    {
        Err(io::ErrorKind::Unsupported.into())
    }
}
