//! How the bytes of request files are understood, where their names and content do not tell.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use encoding_rs::Encoding;

use countersign_requests::{Format, TextFormOverrides, encoding_named};
use countersign_workspace::InputRequest;

/// How request files are read.
#[derive(Debug, Args)]
pub struct ReadingArgs {
    /// What kind of file it is; found by its name and content when left out.
    #[arg(long, value_enum, value_name = "KIND", requires = "requests")]
    pub input_format: Option<InputFormat>,
    /// What separates the cells of a CSV file: one character, or `tab`; found by the first rows when left out.
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter, requires = "requests")]
    pub delimiter: Option<char>,
    /// The encoding of a text file, such as `utf-8`, `gb18030`, `utf-16le`; found by its content when left out.
    #[arg(long, value_name = "NAME", value_parser = encoding, requires = "requests")]
    pub encoding: Option<&'static Encoding>,
    /// The sheet of a workbook, by name; the first when left out.
    #[arg(long, value_name = "NAME", requires = "requests")]
    pub sheet: Option<String>,
    /// Requests that came before: they are not decided, and derived fields count them. May be given several times.
    #[arg(long, value_name = "FILE", requires = "requests")]
    pub history: Vec<PathBuf>,
}

/// A kind of request file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// Text with a header and separated cells, or a workbook.
    Csv,
    /// One JSON object a line, or an array of objects.
    Json,
    /// Apache Parquet.
    Parquet,
}

impl ReadingArgs {
    /// The earlier requests, read as the others are.
    #[must_use]
    pub fn history(&self) -> Option<InputRequest> {
        (!self.history.is_empty()).then(|| self.asked(&self.history))
    }

    /// The paths, with how they are read.
    #[must_use]
    pub fn asked(&self, paths: &[PathBuf]) -> InputRequest {
        let format = self.input_format.map(|format| match format {
            InputFormat::Csv => Format::Csv,
            InputFormat::Json => Format::JsonLines,
            InputFormat::Parquet => Format::Parquet,
        });
        let read_as = TextFormOverrides { delimiter: self.delimiter, encoding: self.encoding, sheet: self.sheet.clone() };
        InputRequest { paths: paths.to_vec(), format, read_as }
    }
}

fn delimiter(text: &str) -> Result<char, String> {
    let mut chars = text.chars();
    match (text, chars.next(), chars.next()) {
        ("tab" | "\\t", ..) => Ok('\t'),
        (_, Some(c), None) if c.is_ascii() && !matches!(c, '"' | '\n' | '\r' | '\0') => Ok(c),
        _ => Err("write one character such as `;`, or `tab` / 请写一个字符，例如 `;`，或 `tab`".to_owned()),
    }
}

fn encoding(name: &str) -> Result<&'static Encoding, String> {
    encoding_named(name)
        .ok_or_else(|| "write one such as `utf-8`, `gb18030`, `utf-16le`, `windows-1252` / 请写 `utf-8`、`gb18030`、`utf-16le`、`windows-1252` 等".to_owned())
}
