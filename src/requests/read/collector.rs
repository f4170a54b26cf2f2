//! Puts the converted chunks of the files of an input into tables, in the order of the rows.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::{self, Scope};

use super::aside::AsideTally;
use super::column_notes::{self, ColumnLabel, ColumnNotes};
use super::duplicates::{KeyHashers, Repeats};
use super::guard::gave_up;
use super::input::{Input, InputFile};
use super::pipeline::{self, ChunkWorker, ConvertedBatch, ConvertedChunk};
use super::plan;
use super::plan_findings;
use super::rejects::Rejects;
use super::{Parts, ReadError, ReadOptions};
use crate::external_sort::{ExternalSort, no_scratch};
use crate::kinds::NO_REQUESTS;
use crate::mapping::{FieldSource, Mapping};
use crate::problem::{RowProblem, SHOWN_PROBLEMS, refuse};
use crate::table::{Cells, Filler};
use countersign_core::diagnostic::{Finding, MOST_OF_A_KIND, and_more};
use countersign_core::model::{Schema, SetAside};
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;

/// How many things that are wrong with files are kept to be counted.
const MOST_FAULTS: usize = 10_000;

/// What was read from a file besides its requests.
#[derive(Debug)]
pub(super) struct InputSummary {
    pub(super) repeats: Repeats,
    pub(super) aside: Option<SetAside>,
    /// The file's rows that are in no table, from 1, ascending; nothing where there are several tables.
    pub(super) bad: Vec<u64>,
    /// The first of them.
    pub(super) problems: Vec<RowProblem>,
    pub(super) findings: Vec<Finding>,
    /// Words that often mean "no value" and were not taken as such.
    pub(super) missing_words: Vec<String>,
    /// How many rows come before each file's first, and its name.
    pub(super) starts: Vec<(u64, String)>,
}

impl InputSummary {
    /// A row of the input, from 1, as people find it: with its file where there are several.
    pub(super) fn row_text(&self, row: u64) -> String {
        let at = self.starts.partition_point(|(before, _)| *before < row);
        match (self.starts.len(), at.checked_sub(1).and_then(|at| self.starts.get(at))) {
            (2.., Some((before, name))) => format!("{} (`{name}`)", row - before),
            _ => row.to_string(),
        }
    }
}

/// One file that is read, and how.
pub(super) struct FileTask<'a, 'b> {
    pub(super) input: &'a Input,
    pub(super) file: &'a InputFile,
    pub(super) schema: &'a Arc<Schema>,
    /// Its place for rejects is the gatherer's.
    pub(super) options: &'a ReadOptions<'b>,
    /// The hashers of the keys of all files.
    pub(super) hashers: Arc<KeyHashers>,
}

/// Has `each` read the files of an input one after the other, and puts their rows into tables in order.
pub(super) fn gather(
    input: &Input,
    schema: &Arc<Schema>,
    options: &mut ReadOptions<'_>,
    parts: &mut Parts<'_>,
    progress: &Progress,
    each: impl Fn(&FileTask<'_, '_>, &mut Collector<'_, '_, '_, '_, '_>) -> Result<(), ReadError>,
) -> Result<InputSummary, ReadError> {
    let rejects = options.rejects.take();
    let (options, hashers) = (&*options, Arc::new(KeyHashers::default()));
    thread::scope(|scope| {
        let mut gatherer = Collector::new(input, schema, options, rejects, parts, progress, scope);
        for file in &input.files {
            gatherer.begin(file);
            if !file.bytes.is_empty() || input.files.len() == 1 {
                each(&FileTask { input, file, schema, options, hashers: hashers.clone() }, &mut gatherer)?;
            }
            file.bytes.rest();
            if options.rows.is_some_and(|rows| gatherer.rows >= rows as u64) {
                break;
            }
        }
        gatherer.finish()
    })
}

/// Something that is wrong with a file as a whole and only seen row by row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FileFault {
    /// An unknown JSON key, with dots.
    UnknownKey(String),
    /// Values in a column without a name, by its position from 1.
    Unnamed(usize),
    /// Values in a second column of a name.
    Twice(String),
}

/// Puts parts into tables in order.
pub(super) struct Collector<'a, 'b, 'p, 'scope, 'env> {
    input: &'a Input,
    schema: &'a Arc<Schema>,
    threads: NonZeroUsize,
    scope: &'scope Scope<'scope, 'env>,
    findings: Vec<Finding>,
    columns: Vec<ColumnLabel>,
    noted: Vec<ColumnNotes>,
    filler: Filler<'scope>,
    in_table: usize,
    tables: u64,
    keys: ExternalSort<'p>,
    rows: u64,
    lines: u64,
    tally: AsideTally,
    starts: Vec<(u64, String)>,
    /// By the file's number, with the name that people know it by.
    faults: BTreeMap<(usize, FileFault), Option<String>>,
    bad: Vec<u64>,
    problems: Vec<RowProblem>,
    rejects: Option<Rejects<'a, 'b>>,
    parts: &'a mut Parts<'p>,
    progress: &'a Progress,
    mapping: Option<&'a Mapping>,
    /// The positions of the fields that are the row's number.
    numbered: Vec<usize>,
}

impl<'a, 'b, 'p, 'scope, 'env> Collector<'a, 'b, 'p, 'scope, 'env> {
    fn new(
        input: &'a Input,
        schema: &'a Arc<Schema>,
        options: &'a ReadOptions<'_>,
        rejects: Option<&'a mut (dyn std::io::Write + 'b)>,
        parts: &'a mut Parts<'p>,
        progress: &'a Progress,
        scope: &'scope Scope<'scope, 'env>,
    ) -> Self {
        let (language, is_raw, threads) = (options.language, options.raw_rejects, options.threads);
        let (several, cells) = (input.files.len() > 1, options.cells);
        Self {
            input,
            schema,
            threads,
            scope,
            findings: Vec::new(),
            columns: Vec::new(),
            noted: Vec::new(),
            filler: Filler::new(schema.clone(), threads, scope),
            in_table: 0,
            tables: 0,
            keys: ExternalSort::new(parts.scratch, parts.held),
            rows: 0,
            tally: AsideTally::default(),
            lines: 0,
            starts: Vec::new(),
            faults: BTreeMap::new(),
            bad: Vec::new(),
            problems: Vec::new(),
            rejects: rejects.map(|out| Rejects::new(out, language, (is_raw, several), cells)),
            parts,
            progress,
            mapping: options.mapping,
            numbered: numbered(schema, options.mapping),
        }
    }

    fn begin(&mut self, file: &InputFile) {
        self.starts.push((self.rows, file.name.clone()));
        self.lines = 0;
    }

    /// Has `workers` read the chunks that `next` gives, each with the bytes of memory it holds, from the file whose header took so many
    /// lines.
    pub(super) fn run<C: Send>(
        &mut self,
        (header_lines, columns): (u64, Vec<ColumnLabel>),
        workers: Vec<ChunkWorker<'_, C>>,
        next: impl FnMut() -> Result<Option<(C, u64)>, ReadError>,
    ) -> Result<(), ReadError> {
        (self.lines, self.columns) = (header_lines, columns);
        let progress = self.progress;
        pipeline::run(workers, next, |part| self.add(part), progress)
    }

    /// Adds notes about the current file; the same note about several files is kept once.
    pub(super) fn note(&mut self, findings: impl IntoIterator<Item = Finding>) {
        let names: Vec<&str> = self.starts.iter().map(|(_, name)| name.as_str()).collect();
        let plain = |finding: &Finding| {
            let message = &finding.message.en;
            let name = names.iter().find(|name| message.contains(&format!("`{name}`")));
            (finding.id(), name.map_or_else(|| message.clone(), |name| message.replacen(*name, "", 1)))
        };
        for finding in findings {
            if !self.findings.iter().any(|held| plain(held) == plain(&finding)) {
                self.findings.push(finding);
            }
        }
    }

    /// Whether all rows become one table.
    pub(super) fn is_whole(&self) -> bool {
        self.parts.rows == usize::MAX
    }

    fn file_name(&self) -> &str {
        self.starts.last().map_or("", |(_, name)| name)
    }

    fn add(&mut self, part: ConvertedChunk) -> Result<(), ReadError> {
        let mut bad = Vec::with_capacity(part.bad.len());
        let name = (self.input.files.len() > 1).then(|| self.file_name().to_owned());
        let before = self.starts.last().map_or(0, |(before, _)| *before);
        for fault in part.faults {
            if self.faults.len() < MOST_FAULTS {
                self.faults.entry((self.starts.len(), fault)).or_insert_with(|| name.clone());
            }
        }
        for mut problem in part.bad {
            // Counted over all files of the input.
            problem.row += self.rows + 1;
            bad.push(problem.row);
            self.tally.add(&problem);
            problem.row -= before;
            problem.line = problem.line.map(|line| line + self.lines + 1);
            problem.file.clone_from(&name);
            if let Some(rejects) = &mut self.rejects {
                rejects.write(&problem)?;
            }
            if self.problems.len() < SHOWN_PROBLEMS {
                self.problems.push(problem);
            }
        }
        column_notes::add(&mut self.noted, part.noted.into_iter().enumerate());
        part.blocks.iter().for_each(|block| self.tally.know(&block.aside));
        let first = self.rows + 1;
        self.rows += part.rows;
        self.lines += part.lines;
        // A file that will be refused needs no table.
        if self.faults.is_empty() && (self.tally.rows() == 0 || self.rejects.is_some()) {
            self.fill(part.blocks, first, &bad)?;
        }
        if self.parts.rows == usize::MAX {
            self.bad.extend(bad);
        }
        self.progress.advance(part.bytes);
        Ok(())
    }

    /// Adds rows, the first of which is `first` among the file's unless it is among the `bad` ones.
    fn fill(&mut self, blocks: Vec<ConvertedBatch>, first: u64, bad: &[u64]) -> Result<(), ReadError> {
        let mut rows = taken_rows(first, bad);
        let mut batches = Vec::with_capacity(blocks.len());
        for mut block in blocks {
            let numbers = put_numbers(&mut block, &self.numbered, &mut rows);
            let count = numbers.len();
            for pair in block.key_hashes.into_iter().zip(numbers) {
                self.keys.push(pair).map_err(|error| no_scratch(&error))?;
            }
            self.in_table += count;
            batches.push(block.cells);
            if self.in_table >= self.parts.rows {
                self.filler.append(std::mem::take(&mut batches));
                self.hand_out()?;
            }
        }
        self.filler.append(batches);
        Ok(())
    }

    /// Gives the table away and begins the next.
    fn hand_out(&mut self) -> Result<(), ReadError> {
        let next = Filler::new(self.schema.clone(), self.threads, self.scope);
        let table = std::mem::replace(&mut self.filler, next).finish().ok_or_else(gave_up)?;
        (self.in_table, self.tables) = (0, self.tables + 1);
        if (self.parts.each)(table).is_break() { Err(ReadError::Cancelled) } else { Ok(()) }
    }

    fn finish(mut self) -> Result<InputSummary, ReadError> {
        let bad_rows = self.tally.rows();
        let refused = bad_rows > 0 && (self.rejects.is_none() || bad_rows == self.rows);
        if !self.faults.is_empty() {
            return Err(self.told_faults().into());
        }
        if let Some(rejects) = self.rejects.take() {
            rejects.finish()?;
        }
        if self.rows == 0 {
            let name = &self.input.name;
            let finding = refuse(NO_REQUESTS, format!("`{name}` has no request"), format!("`{name}` 中没有请求"));
            let help = LocalText::new("was it cut off, or is it the wrong file?", "文件是否被截断，或者选错了文件？");
            return Err(finding.with_help(help).into());
        }
        if !refused && (self.in_table > 0 || self.tables == 0) {
            self.hand_out()?;
        }
        self.findings.extend(column_notes::findings(&self.input.name, &self.columns, &self.noted));
        Ok(InputSummary {
            missing_words: column_notes::missing_words(&self.noted),
            repeats: Repeats::of(self.keys.sorted()).map_err(|error| no_scratch(&error))?,
            aside: self.tally.finish(self.rows, self.schema),
            bad: self.bad,
            problems: self.problems,
            findings: self.findings,
            starts: self.starts,
        })
    }

    /// What is wrong with the files, each thing once a file.
    fn told_faults(&self) -> Vec<Finding> {
        let wanted = plan::wanted_columns(self.schema, self.mapping);
        let told = |((_, fault), name): (&(usize, FileFault), &Option<String>)| {
            let name = name.as_deref().unwrap_or(&self.input.name);
            plan_findings::fault(name, fault, &wanted)
        };
        let most = if self.faults.len() > MOST_OF_A_KIND { MOST_OF_A_KIND - 1 } else { MOST_OF_A_KIND };
        let more = self.faults.iter().nth(most).map(|fault| and_more(told(fault).kind, self.faults.len() - most));
        self.faults.iter().take(most).map(told).chain(more).collect()
    }
}

/// The numbers of rows that are taken, from `first` on: all but the `bad` ones, which ascend.
pub(super) fn taken_rows(first: u64, bad: &[u64]) -> impl Iterator<Item = u64> + '_ {
    let mut bad = bad.iter().peekable();
    (first..).filter(move |row| bad.next_if_eq(&row).is_none())
}

/// Puts the rows' numbers into the fields that a mapping makes so, and gives them.
pub(super) fn put_numbers(block: &mut ConvertedBatch, numbered: &[usize], rows: &mut impl Iterator<Item = u64>) -> Vec<u64> {
    let numbers: Vec<u64> = rows.take(block.cells.first().map_or(0, Cells::len)).collect();
    for at in numbered {
        if let Some(cells) = block.cells.get_mut(*at) {
            cells.fill(&numbers);
        }
    }
    numbers
}

/// The positions of the fields that a mapping makes the row's number.
pub(super) fn numbered(schema: &Schema, mapping: Option<&Mapping>) -> Vec<usize> {
    let Some(mapping) = mapping else { return Vec::new() };
    let is_number = |name: &str| mapping.fields.get(name).is_some_and(|field| field.source == FieldSource::RowNumber);
    schema.fields().filter(|(_, name, _)| is_number(name)).map(|(index, ..)| index.at()).collect()
}
