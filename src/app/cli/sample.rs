//! `countersign sample`: generated signing requests, the same for the same seed.

use std::sync::Arc;

use super::args::SampleArgs;
use super::exit::{Exit, Failure, cancelled};
use super::output;
use super::screen::Screen;
use crate::cli::kinds::NO_SAMPLE;
use countersign_core::diagnostic::Finding;
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;
use countersign_requests::sample::{Sample, SampleError, SampleOptions};
use countersign_requests::write::{RequestWriter, WriteError};
use countersign_workspace::{AtomicFile, Files};

/// Requests made, then written, at a time: memory holds no more of them.
const AT_ONCE: usize = 16_384;

/// Runs the verb.
///
/// # Errors
/// The workspace's schema is not one the generator knows, or the file cannot be written.
pub fn run(args: &SampleArgs, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let format = output::sheet_format(&args.out)?;
    if args.rows == 0 {
        let message = LocalText::new("a file without a request is not written", "不能写出没有请求的文件");
        let help = LocalText::new("ask for at least one with `--rows`", "请用 `--rows` 指定至少一条");
        return Err(Finding::new(NO_SAMPLE, None, message).with_help(help).into());
    }
    let schema = Arc::new(countersign_workspace::load(files, &args.workspace)?.schema);
    let options = SampleOptions::new(args.rows, args.seed);
    let mut sample = Sample::new(&schema, options).map_err(refused)?;
    let progress = Arc::new(Progress::default());
    progress.set_total(args.rows);
    let what = LocalText::new("generating", "生成");
    let mut misfit = None;
    let mut fill = |out: &mut Box<dyn AtomicFile>| -> Result<(), WriteError> {
        let mut writer = RequestWriter::new(&schema, format, out)?;
        loop {
            match sample.table(&schema, AT_ONCE) {
                Ok(Some(table)) => writer.write(&table, &progress)?,
                Ok(None) => break,
                Err(error) => {
                    misfit = Some(error);
                    return Err(WriteError::Cancelled);
                }
            }
        }
        writer.finish()?;
        if screen.is_stopped() { Err(WriteError::Cancelled) } else { Ok(()) }
    };
    let saved = output::save(files, &args.out, |out| screen.watch(&what, &progress, || fill(out)));
    misfit.map_or(saved, |error| Err(refused(error).into()))?;
    Ok(Exit::Clean)
}

fn refused(error: SampleError) -> Finding {
    let help = LocalText::new(
        "give a workspace on the shipped schema with `--workspace`",
        "请用 `--workspace` 指定使用随附请求结构的工作区",
    );
    match error {
        SampleError::Cancelled => cancelled(),
        error => Finding::new(NO_SAMPLE, None, error.text()).with_help(help),
    }
}
