//! An ssh-agent that runs for this program only.

use std::fs::Permissions;
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{AgentStream, agent};

/// How long it may take to start.
const START: Duration = Duration::from_secs(10);
/// How often it is looked whether it has started.
const PAUSE: Duration = Duration::from_millis(5);

/// A running agent and the connection to it; it ends when this is dropped.
pub(super) struct OwnAgent {
    stream: Box<dyn AgentStream>,
    child: Child,
    /// Where its socket is; only this user may enter.
    _folder: TempDir,
}

impl OwnAgent {
    /// Starts one; it holds no key.
    pub(super) fn start() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("countersign-").permissions(Permissions::from_mode(0o700)).tempdir()?;
        let socket = folder.path().join("agent");
        let mut command = Command::new("ssh-agent");
        command.arg("-D").arg("-a").arg(&socket).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        match connect(&mut child, &socket) {
            Ok(stream) => Ok(Self { stream, child, _folder: folder }),
            Err(error) => {
                end(&mut child);
                Err(error)
            }
        }
    }
}

impl Drop for OwnAgent {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Connects as soon as it listens.
fn connect(child: &mut Child, socket: &Path) -> io::Result<Box<dyn AgentStream>> {
    let began = Instant::now();
    loop {
        let error = match agent(socket) {
            Ok(stream) => return Ok(stream),
            Err(error) => error,
        };
        let has_ended = !matches!(child.try_wait(), Ok(None));
        if has_ended || began.elapsed() > START {
            return Err(error);
        }
        thread::sleep(PAUSE);
    }
}

/// Ends a process; both steps fail only where it has ended already.
fn end(child: &mut Child) {
    drop(child.kill());
    drop(child.wait());
}

impl Read for OwnAgent {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.stream.read(into)
    }
}

impl Write for OwnAgent {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::net::UnixStream;

    use super::OwnAgent;

    #[test]
    fn it_ends_with_its_connection_and_leaves_nothing() {
        let own = OwnAgent::start().unwrap();
        let OwnAgent { _folder: folder, .. } = &own;
        let folder = folder.path().to_owned();
        assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        assert!(UnixStream::connect(folder.join("agent")).is_ok());
        drop(own);
        assert!(!folder.exists());
    }
}
