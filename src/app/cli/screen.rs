//! The terminal: output, errors, colour, language and the progress bar.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::exit::{Failure, cancelled};
use countersign_core::progress::Progress;
use countersign_core::text::{Cells, Language, LocalText};

/// How often a long job is looked after.
const EVERY: Duration = Duration::from_millis(100);
/// The exit code of a run that is stopped a second time: 128 and the signal's number, as shells have it.
const STOPPED_TWICE: i32 = 130;

/// Where a verb writes, in which language, and how texts stand in the CSV it writes.
#[derive(Debug)]
pub struct Screen {
    pub language: Language,
    /// How texts stand in CSV.
    pub cells: Cells,
    /// Set when the user asked to stop.
    stop: Arc<AtomicBool>,
}

impl Screen {
    pub fn new(language: Language) -> Self {
        Self { language, cells: Cells::Guarded, stop: Arc::default() }
    }

    /// The same, with texts standing so in CSV.
    pub fn writing(self, cells: Cells) -> Self {
        Self { cells, ..self }
    }

    /// From here on Ctrl+C and a request of the system to end stop the job that runs, in order; a second one ends the process at once.
    pub fn stop_on_signals(&self) {
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            // In this order: the first signal finds the flag unset, and sets it. Where neither can be done, the system ends the process.
            let _ = signal_hook::flag::register_conditional_shutdown(signal, STOPPED_TWICE, Arc::clone(&self.stop));
            let _ = signal_hook::flag::register(signal, Arc::clone(&self.stop));
        }
    }

    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Refuses to write anything once the user asked to stop.
    ///
    /// # Errors
    /// The user asked to stop.
    pub fn may_write(&self) -> Result<(), Failure> {
        if self.is_stopped() { Err(cancelled().into()) } else { Ok(()) }
    }

    /// As if the user asked to stop.
    #[cfg(test)]
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Writes to standard output; a reader that went away is no error.
    ///
    /// # Errors
    /// Anything else that goes wrong with the output, such as a full disk.
    pub fn print(&self, text: &str) -> io::Result<()> {
        let mut out = anstream::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// Writes a line to standard error, where even a failure to write must not stop the run.
    pub fn note(&self, text: &LocalText) {
        let _ = writeln!(anstream::stderr().lock(), "{}", text.get(self.language));
    }

    /// The half of a text that this screen shows.
    pub fn say<'a>(&self, text: &'a LocalText) -> &'a str {
        text.get(self.language)
    }

    /// Runs `job`, with a progress bar on a terminal and silently elsewhere, and stops it when the user asks.
    pub fn watch<T>(&self, what: &LocalText, progress: &Arc<Progress>, job: impl FnOnce() -> T) -> T {
        let bar = io::stderr().is_terminal().then(|| bar(self.say(what)));
        let (ended, end) = mpsc::channel::<()>();
        let (stop, progress) = (Arc::clone(&self.stop), Arc::clone(progress));
        let watcher = std::thread::spawn(move || look_after(&progress, &stop, bar.as_ref(), &end));
        let result = job();
        drop(ended);
        let _ = watcher.join();
        result
    }
}

/// Passes the wish to stop on and draws the bar, until the other end of `end` is dropped.
fn look_after(progress: &Progress, stop: &AtomicBool, bar: Option<&ProgressBar>, end: &mpsc::Receiver<()>) {
    loop {
        if stop.load(Ordering::Relaxed) {
            progress.cancel();
        }
        if let Some(bar) = bar {
            let (done, total) = progress.read();
            bar.set_length(total);
            bar.set_position(done);
            bar.tick();
        }
        if end.recv_timeout(EVERY) != Err(RecvTimeoutError::Timeout) {
            break;
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

fn bar(label: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    // Blank at its end, so that the terminal's `^C` stays on the line that is cleared.
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent:>3} % {elapsed} / {duration}    ");
    if let Ok(style) = style {
        bar.set_style(style.progress_chars("━╸ "));
    }
    bar.set_message(label.to_owned());
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wish_to_stop_reaches_the_job() {
        let (screen, progress) = (Screen::new(Language::En), Arc::new(Progress::default()));
        screen.stop.store(true, Ordering::Relaxed);
        screen.watch(&LocalText::default(), &progress, || {
            while !progress.is_cancelled() {
                std::thread::yield_now();
            }
        });
    }
}
