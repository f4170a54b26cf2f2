//! The system's own file dialogs, off the window's thread. Where there are none, nothing comes back, and a field for the path stays.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};

use eframe::egui::Context;
use rfd::FileHandle;

/// A dialog that may be open.
#[derive(Default)]
pub struct Dialog {
    answer: Option<Receiver<Option<PathBuf>>>,
}

impl Dialog {
    /// Whether one is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.answer.is_some()
    }

    /// Asks where to save a file of that name.
    pub fn save(&mut self, ctx: &Context, name: &str) {
        let dialog = rfd::AsyncFileDialog::new().set_file_name(name).save_file();
        self.answer = Some(wait(ctx, dialog));
    }

    /// Asks for a file to open.
    pub fn open(&mut self, ctx: &Context) {
        let dialog = rfd::AsyncFileDialog::new().pick_file();
        self.answer = Some(wait(ctx, dialog));
    }

    /// The path that was chosen, once.
    pub fn take(&mut self) -> Option<PathBuf> {
        use std::sync::mpsc::TryRecvError;
        match self.answer.as_ref()?.try_recv() {
            Ok(path) => {
                self.answer = None;
                path
            }
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                self.answer = None;
                None
            }
        }
    }
}

/// Waits for a dialog, which may take for ever, on a thread of its own; what was chosen comes through the channel.
pub fn wait(ctx: &Context, dialog: impl Future<Output = Option<FileHandle>> + Send + 'static) -> Receiver<Option<PathBuf>> {
    let (sender, receiver) = channel();
    let ctx = ctx.clone();
    // Without a thread the sender is gone at once: that reads as nothing chosen.
    let _ = std::thread::Builder::new().name("dialog".to_owned()).spawn(move || {
        let chosen = pollster::block_on(dialog);
        // The window may be gone by then.
        let _ = sender.send(chosen.map(|file| file.path().to_owned()));
        ctx.request_repaint();
    });
    receiver
}
