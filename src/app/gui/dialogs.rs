//! The system's own file dialogs, off the window's thread. Where there are none, nothing comes back, and a field for the path stays.
//!
//! A dialog that cannot be shown looks to us like one that was cancelled; only the time tells, taken where it is waited for: a frame
//! may come late.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use eframe::egui::Context;
use rfd::FileHandle;

const AT_ONCE: Duration = Duration::from_millis(200);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DialogAnswer {
    Chosen(PathBuf),
    Cancelled,
    NoDialog,
}

/// A dialog that may be open.
#[derive(Default)]
pub struct FileDialog {
    answer: Option<Receiver<DialogAnswer>>,
    is_missing: bool,
}

impl FileDialog {
    pub fn is_open(&self) -> bool {
        self.answer.is_some()
    }

    /// Whether one was asked for and there is none here.
    pub fn is_missing(&self) -> bool {
        self.is_missing
    }

    /// Asks where to save a file of that name.
    pub fn save(&mut self, ctx: &Context, name: &str) {
        let dialog = rfd::AsyncFileDialog::new().set_file_name(name).save_file();
        self.answer = Some(wait(ctx, dialog));
    }

    pub fn open(&mut self, ctx: &Context) {
        let dialog = rfd::AsyncFileDialog::new().pick_file();
        self.answer = Some(wait(ctx, dialog));
    }

    /// The path that was chosen, once.
    pub fn take(&mut self) -> Option<PathBuf> {
        use std::sync::mpsc::TryRecvError;
        let answer = match self.answer.as_ref()?.try_recv() {
            Ok(answer) => answer,
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => DialogAnswer::NoDialog,
        };
        self.answer = None;
        self.is_missing = answer == DialogAnswer::NoDialog;
        match answer {
            DialogAnswer::Chosen(path) => Some(path),
            DialogAnswer::Cancelled | DialogAnswer::NoDialog => None,
        }
    }
}

/// Waits for a dialog, which may take for ever, on a thread of its own; what was chosen comes through the channel.
pub fn wait(ctx: &Context, dialog: impl Future<Output = Option<FileHandle>> + Send + 'static) -> Receiver<DialogAnswer> {
    let (sender, receiver) = channel();
    let ctx = ctx.clone();
    // Without a thread the sender is gone at once: that reads as no dialog.
    let _ = std::thread::Builder::new().name("dialog".to_owned()).spawn(move || {
        let started = Instant::now();
        let answer = match pollster::block_on(dialog) {
            Some(file) => DialogAnswer::Chosen(file.path().to_owned()),
            None if started.elapsed() < AT_ONCE => DialogAnswer::NoDialog,
            None => DialogAnswer::Cancelled,
        };
        // The window may be gone by then.
        let _ = sender.send(answer);
        ctx.request_repaint();
    });
    receiver
}
