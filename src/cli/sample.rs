//! `countersign sample`: generated signing requests, the same for the same seed.

use std::sync::Arc;

use super::args::Sample;
use super::exit::{Exit, Failure};
use super::output;
use super::screen::Screen;
use crate::diagnostic::Finding;
use crate::progress::Progress;
use crate::requests::sample::{SampleError, SampleOptions, generate};
use crate::requests::write;
use crate::text::LocalText;
use crate::workspace::{self, Files};

/// Runs the verb.
///
/// # Errors
/// The workspace's schema is not one the generator knows, or the file cannot be written.
pub fn run(args: &Sample, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let format = output::sheet_format(&args.out)?;
    let failed = |failed: workspace::LoadFailed| Failure::could_not_run(failed.findings, failed.sources);
    let definition = workspace::load(files, &args.workspace).map_err(failed)?;
    let schema = Arc::new(definition.schema);
    let options = SampleOptions::new(args.rows, args.seed);
    let progress = Arc::new(Progress::default());
    let what = LocalText::new("generating", "生成");
    let table = screen.watch(&what, &progress, || generate(&schema, options, &progress)).map_err(refused)?;
    let progress = Arc::new(Progress::default());
    let what = LocalText::new("writing", "写出");
    output::save(files, &args.out, |out| screen.watch(&what, &progress, || write::write(&table, format, out, &progress)))?;
    Ok(Exit::Clean)
}

fn refused(error: SampleError) -> Finding {
    let help = LocalText::new(
        "give a workspace on the shipped schema with `--workspace`",
        "请用 `--workspace` 指定使用随附请求结构的工作区",
    );
    match error {
        SampleError::Cancelled => super::cancelled(),
        error => Finding::error("no-sample", None, error.text()).with_help(help),
    }
}
