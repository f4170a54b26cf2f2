//! The window: reads the session, sends actions. No behaviour of the product is decided here.
//!
//! [`theme`] holds how things look, [`widgets`] what panels are made of, [`panels`] one panel a file, [`shell`] what stands round them.

pub mod app;
pub mod dialogs;
pub mod icons;
pub mod outbox;
pub mod panels;
pub mod shell;
pub mod theme;
pub mod widgets;
pub mod words;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use eframe::egui;

use crate::text::Language;

/// What to open.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The workspace; `rules` when none is given.
    pub workspace: Option<PathBuf>,
    /// The request file; the shipped sample for the shipped workspace when none is given.
    pub requests: Option<PathBuf>,
    /// The release to compare with; the live one when none is given.
    pub against: Option<PathBuf>,
    /// The folder preferences are kept in; nowhere when absent.
    pub settings: Option<PathBuf>,
    /// The language, where one was asked for.
    pub language: Option<Language>,
}

/// Opens the window and returns when it is closed; exit code 2 where there is no screen.
#[must_use]
pub fn main(start: &Start) -> ExitCode {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Countersign")
            .with_app_id("countersign")
            .with_inner_size([1440.0, 900.0])
            .with_min_inner_size([800.0, 520.0]),
        ..Default::default()
    };
    let opened = eframe::run_native("Countersign", options, Box::new(|context| Ok(Box::new(app::Window::new(context, start)))));
    match opened {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "without a window, the terminal is the only place to say why")]
            {
                // The toolkit's text names places in its own sources before it comes to the point.
                let error = error.to_string();
                let why = error.rsplit(": ").next().unwrap_or(&error);
                match start.language.unwrap_or_else(Language::of_environment) {
                    Language::En => {
                        eprintln!("error: the window cannot be opened: {why}");
                        eprintln!("help: on a machine without a screen use a verb: `countersign --help`");
                    }
                    Language::Zh => {
                        eprintln!("错误：无法打开窗口：{why}");
                        eprintln!("提示：没有显示器的机器请使用命令：`countersign --help`");
                    }
                }
            }
            ExitCode::from(2)
        }
    }
}
