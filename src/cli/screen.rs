//! The terminal: output, errors, colour, language and the progress bar.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::progress::Progress;
use crate::text::{Language, LocalText};

/// Where a verb writes and in which language.
#[derive(Debug)]
pub struct Screen {
    /// The language of everything people read.
    pub language: Language,
}

impl Screen {
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
    #[must_use]
    pub fn say<'a>(&self, text: &'a LocalText) -> &'a str {
        text.get(self.language)
    }

    /// Runs `job` with a progress bar on a terminal, and silently elsewhere.
    pub fn watch<T>(&self, what: &LocalText, progress: &Arc<Progress>, job: impl FnOnce() -> T) -> T {
        if !io::stderr().is_terminal() {
            return job();
        }
        let (stop, stopped) = mpsc::channel::<()>();
        let (label, progress) = (self.say(what).to_owned(), Arc::clone(progress));
        let painter = std::thread::spawn(move || paint(&label, &progress, &stopped));
        let result = job();
        drop(stop);
        let _ = painter.join();
        result
    }
}

/// Draws the bar until the other end of `stopped` is dropped.
fn paint(label: &str, progress: &Progress, stopped: &mpsc::Receiver<()>) {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent:>3} % {elapsed} / {duration}");
    if let Ok(style) = style {
        bar.set_style(style.progress_chars("━╸ "));
    }
    bar.set_message(label.to_owned());
    while stopped.recv_timeout(Duration::from_millis(100)) == Err(RecvTimeoutError::Timeout) {
        let (done, total) = progress.read();
        bar.set_length(total);
        bar.set_position(done);
    }
    bar.finish_and_clear();
}

/// The language asked for, or else that of the environment: Chinese where the locale says `zh`.
#[must_use]
pub fn language(asked: Option<Language>, environment: impl Fn(&str) -> Option<String>) -> Language {
    let locale = || ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| environment(name).filter(|value| !value.is_empty()));
    asked.unwrap_or_else(|| if locale().is_some_and(|locale| locale.starts_with("zh")) { Language::Zh } else { Language::En })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_comes_from_the_flag_then_the_locale() {
        let zh = |name: &str| (name == "LANG").then(|| "zh_CN.UTF-8".to_owned());
        assert_eq!(language(None, zh), Language::Zh);
        assert_eq!(language(Some(Language::En), zh), Language::En);
        assert_eq!(language(None, |_| None), Language::En);
        let c = |name: &str| Some(if name == "LC_ALL" { "C" } else { "zh_CN" }.to_owned());
        assert_eq!(language(None, c), Language::En);
    }
}
