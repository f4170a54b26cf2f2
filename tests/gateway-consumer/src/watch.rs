//! Watches the release's file: a new one takes the old one's place when it is whole and approved; a refused one is told, and the old one
//! goes on.
//!
//! The system says when the folder changes; where it cannot, as on some shared folders, the file is looked at every few seconds.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use countersign::gateway::{Digest, Gateway};
use notify::{RecursiveMode, Watcher};

/// How often the file is looked at without being told.
const LOOK: Duration = Duration::from_secs(5);
/// How long a burst of changes may take before the file is read.
const SETTLE: Duration = Duration::from_millis(50);

/// Why the file that lies there now is not the one that runs.
#[derive(Clone, Debug, Default)]
pub struct Refusal(Arc<Mutex<Option<String>>>);

impl Refusal {
    /// The reasons, a line each; none when the file is the one that runs.
    pub fn now(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, why: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = why;
    }
}

/// Starts to watch, in a thread of its own that ends with the program.
pub fn start(gateway: Arc<Gateway>, path: PathBuf, first: Digest, refusal: Refusal) {
    std::thread::spawn(move || {
        let (told, changes) = mpsc::channel();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
        let watcher = notify::recommended_watcher(move |_| {
            // Nobody listens any more only when the program ends.
            let _ = told.send(());
        });
        let watching = watcher.and_then(|mut watcher| {
            watcher.watch(&folder, RecursiveMode::NonRecursive)?;
            Ok(watcher)
        });
        if let Err(error) = &watching {
            say(&format!("cannot watch the folder, looking every {} s instead: {error}", LOOK.as_secs()));
        }
        let mut seen = first;
        loop {
            match changes.recv_timeout(LOOK) {
                Ok(()) => while changes.recv_timeout(SETTLE).is_ok() {},
                Err(RecvTimeoutError::Timeout) => {}
                // Nobody will tell any more: look now and then.
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(LOOK),
            }
            look(&gateway, &path, &mut seen, &refusal);
        }
    });
}

/// Tells the operators; that nobody listens must not end the watching.
fn say(what: &str) {
    let _ = writeln!(std::io::stderr(), "gateway-consumer: {what}");
}

/// Takes what lies there now, if it is another file than the one seen last.
fn look(gateway: &Gateway, path: &Path, seen: &mut Digest, refusal: &Refusal) {
    let Ok(bytes) = std::fs::read(path) else { return };
    let found = Digest::of(&bytes);
    if found == *seen {
        return;
    }
    match gateway.replace(&path.display().to_string(), &bytes) {
        Ok(digest) => {
            say(&format!("release {digest} took over"));
            refusal.set(None);
        }
        Err(refused) => {
            let now = gateway.digest();
            say(&format!("the new release is refused, {now} goes on\n{refused}"));
            refusal.set(Some(refused.to_string()));
        }
    }
    *seen = found;
}
