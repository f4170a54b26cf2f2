//! The first rows of a request file, and a mapping tried on them.

use std::io;
use std::sync::Arc;

use super::requests::input;
use super::{Job, JobKind, JobOutput, JobResult};
use crate::Session;
use crate::mapper::{Mapper, TRIED_ROWS};
use crate::requests::first_sentence;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::model::Definition;
use countersign_core::progress::Progress;
use countersign_core::script::Program;
use countersign_core::text::LocalText;
use countersign_requests::kinds::{ALL_ROWS_SET_ASIDE, MISSING_COLUMN, UNKNOWN_COLUMN};
use countersign_requests::read::{FirstRows, first_rows, guess};
use countersign_requests::{Mapping, ReadError, ReadOptions, Refusal, RowProblem, read};
use countersign_workspace::{Files, InputRequest, open_input};

/// Reads the first rows of a file for a mapping.
pub(crate) struct ReadFirstRows {
    pub files: Arc<dyn Files>,
    pub asked: InputRequest,
    pub definition: Arc<Definition>,
    /// The mapping the file was read by; without one its columns are guessed.
    pub mapping: Option<Mapping>,
    pub why: Option<LocalText>,
}

impl Job for ReadFirstRows {
    const KIND: JobKind = JobKind::FirstRows;
    type Output = Mapper;

    fn run(self, _: &Progress) -> JobResult<Mapper> {
        let Self { files, asked, definition, mapping, why } = self;
        let first = first(files.as_ref(), &asked, TRIED_ROWS)?;
        let InputRequest { mut paths, read_as, .. } = asked;
        let mapping = mapping.unwrap_or_else(|| Mapping {
            encoding: read_as.encoding.map(|encoding| encoding.name().to_owned()),
            sheet: read_as.sheet.clone(),
            ..guess::propose(&definition.schema, &first)
        });
        let path = paths.pop().unwrap_or_default();
        Ok(Some(Mapper { path, read_as, first: Arc::new(first), mapping, why }))
    }

    fn apply(session: &mut Session, made: JobOutput<Mapper>) {
        session.try_mapping(made.output);
    }
}

/// The first rows of a file.
pub(super) fn first(files: &dyn Files, asked: &InputRequest, most: usize) -> Result<FirstRows, LocalText> {
    let opened = open_input(files, asked).map_err(|findings| first_sentence(&findings))?;
    first_rows(&opened.input, None, most).map_err(|findings| first_sentence(&findings))
}

/// What a mapping makes of the first rows.
#[derive(Clone, Debug, Default)]
pub struct MappingTrial {
    pub read: usize,
    pub bad: u64,
    /// The first of them.
    pub problems: Vec<RowProblem>,
    /// Why nothing can be read, worst first; notes about missing columns otherwise.
    pub findings: Vec<Finding>,
    /// Words that often mean "no value" and that the mapping does not name.
    pub missing_words: Vec<String>,
    pub can_load: bool,
}

pub(crate) struct TryMapping {
    pub files: Arc<dyn Files>,
    pub mapper: Mapper,
    pub definition: Arc<Definition>,
}

impl Job for TryMapping {
    const KIND: JobKind = JobKind::TryMapping;
    type Output = MappingTrial;

    fn run(self, progress: &Progress) -> JobResult<MappingTrial> {
        let opened = input(self.files.as_ref(), &self.mapper.path)?;
        let mut nowhere = io::sink();
        let exact = Program::compile(&self.definition).program.looked_up();
        let options = ReadOptions {
            mapping: Some(&self.mapper.mapping),
            exact,
            rejects: Some(&mut nowhere),
            rows: Some(TRIED_ROWS),
            ..ReadOptions::default()
        };
        let tried = match read(&opened.input, &Arc::new(self.definition.schema.as_read()), options, progress) {
            Err(ReadError::Cancelled) => return Ok(None),
            Err(ReadError::Refused(refusal)) => MappingTrial {
                bad: refusal.bad_rows(),
                problems: refusal.problems,
                findings: refusal.findings,
                ..MappingTrial::default()
            },
            Ok(reading) => MappingTrial {
                read: reading.table.len(),
                bad: reading.rows_set_aside(),
                can_load: true,
                problems: reading.problems,
                findings: reading.findings,
                missing_words: reading.missing_words,
            },
        };
        Ok(Some(tried))
    }

    fn apply(session: &mut Session, made: JobOutput<MappingTrial>) {
        session.requests.set_tried(made.output);
    }
}

/// Whether a file was refused, or gave nothing, for want of a mapping: its columns do not fit.
pub(super) fn is_misfit(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| [MISSING_COLUMN, UNKNOWN_COLUMN, ALL_ROWS_SET_ASIDE].contains(&finding.kind))
}

/// Why a mapping is needed: the first bad row where none can be read, else what refused the file.
pub(super) fn misfit(file: &str, refusal: &Refusal) -> LocalText {
    let row = refusal.problems.first().map(|problem| problem.to_finding(file, Severity::Error).message);
    row.unwrap_or_else(|| first_sentence(&refusal.findings))
}
