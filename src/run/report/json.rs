//! A report as JSON: the figures as they are, integers exact, amounts in fen.

use std::io::Write;

use serde::Serialize;

use super::Report;

const FORMAT: u32 = 1;

#[derive(Serialize)]
struct File<'a> {
    format: u32,
    kind: &'static str,
    #[serde(flatten)]
    report: &'a Report,
}

/// Writes the report, indented, with a line break at its end.
///
/// # Errors
/// When `out` does not take it.
pub fn json(report: &Report, out: &mut dyn Write) -> std::io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &File { format: FORMAT, kind: "dry-run", report })?;
    out.write_all(b"\n")
}
