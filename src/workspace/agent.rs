//! The way to a running ssh-agent.

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
