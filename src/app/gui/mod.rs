//! The window: reads the session, sends actions. No behaviour of the product is decided here.
//!
//! [`theme`] holds how things look, [`widgets`] what panels are made of, [`panels`] one panel a file, [`shell`] what surrounds them.

pub mod app;
pub mod dialogs;
pub mod icons;
pub mod keyboard;
pub mod outbox;
pub mod panels;
pub mod shell;
pub mod theme;
pub mod widgets;
pub mod words;

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

use eframe::egui;

use crate::gui::words::text;
use countersign_core::text::Language;

/// Prepares a context for the window: faces and styles, input in order.
pub fn install(context: &egui::Context) {
    theme::install(context);
    keyboard::install(context);
}

#[derive(Clone, Debug, Default)]
pub struct StartOptions {
    /// The workspace; `rules` when none is given.
    pub workspace: Option<PathBuf>,
    /// The request file; the shipped sample for the shipped workspace when none is given.
    pub requests: Option<PathBuf>,
    /// The mapping the requests are read by: a name in the workspace, or a file; one of the workspace's that fits when none is given.
    pub mapping: Option<String>,
    /// The release to compare with; the live one when none is given.
    pub against: Option<PathBuf>,
    /// The folder preferences are kept in; nowhere when absent.
    pub settings: Option<PathBuf>,
    /// The language, where one was asked for.
    pub language: Option<Language>,
}

/// Opens the window and returns when it is closed; exit code 2 where there is no screen.
pub fn main(start: &StartOptions) -> ExitCode {
    let is_open = Cell::new(false);
    let Err(why) = run(start, &is_open) else { return ExitCode::SUCCESS };
    let (said, help) = if is_open.get() {
        let help = text("what was not saved is offered at the next start", "未保存的内容将在下次启动时提供恢复");
        (text("the window ended by a fault", "窗口因故障关闭"), help)
    } else {
        let help = text(
            "on a machine without a screen use a verb: `countersign --help`",
            "没有显示器的机器请使用命令：`countersign --help`",
        );
        (text("the window cannot be opened", "无法打开窗口"), help)
    };
    #[expect(clippy::print_stderr, reason = "without a window, the terminal is the only place to say why")]
    match start.language.unwrap_or_else(Language::of_environment) {
        Language::En => eprintln!("error: {}: {why}\nhelp: {}", said.en, help.en),
        Language::Zh => eprintln!("错误：{}：{why}\n提示：{}", said.zh, help.zh),
    }
    ExitCode::from(2)
}

/// Runs the window to its end; what kept or threw it from the screen, in the words of the toolkit.
fn run(start: &StartOptions, is_open: &Cell<bool>) -> Result<(), String> {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Countersign")
            .with_app_id("countersign")
            .with_inner_size([1440.0, 900.0])
            .with_min_inner_size([800.0, 520.0]),
        ..Default::default()
    };
    let create: eframe::AppCreator<'_> = Box::new(|context| {
        is_open.set(true);
        Ok(Box::new(app::Window::new(context, start)))
    });
    // Where a library of the screen is missing the toolkit panics.
    match catch_unwind(AssertUnwindSafe(|| eframe::run_native("Countersign", options, create))) {
        Ok(ended) => ended.map_err(|error| {
            // Its text names places in its own sources before it comes to the point.
            let error = error.to_string();
            error.rsplit(": ").next().unwrap_or(&error).to_owned()
        }),
        Err(panic) => Err(panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
            .unwrap_or_default()),
    }
}
