//! The native window. It opens on a workspace; the panels are still to come.

pub mod figures;
pub mod icons;
pub mod theme;
pub mod widgets;
pub mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use eframe::egui;

/// Opens the window on a workspace folder, `rules` when none is given, and returns when it is closed.
#[must_use]
pub fn main(workspace: Option<PathBuf>) -> ExitCode {
    let folder = workspace.unwrap_or_else(|| PathBuf::from("rules"));
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default().with_inner_size([1280.0, 800.0]).with_min_inner_size([640.0, 400.0]),
        ..Default::default()
    };
    let opened = eframe::run_native("Countersign", options, Box::new(|_| Ok(Box::new(Window { folder }))));
    match opened {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "without a window, the terminal is the only place to say why")]
            {
                // The toolkit's text names places in its own sources before it comes to the point.
                let error = error.to_string();
                eprintln!("error: the window cannot be opened: {}", error.rsplit(": ").next().unwrap_or(&error));
                eprintln!("help: on a machine without a screen use a verb: `countersign --help`");
            }
            ExitCode::from(2)
        }
    }
}

struct Window {
    folder: PathBuf,
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        egui::CentralPanel::default().show(ui, |ui| {
            ui.heading("Countersign");
            ui.label(format!("Workspace {}", self.folder.display()));
        });
    }
}
