//! Reads a request file by a mapping; where its columns do not fit, a mapping is to be made.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::mapping::{is_misfit, misfit};
use super::{Basis, Job, JobKind, JobOutput, JobResult};
use crate::draft::Draft;
use crate::requests::{LoadedRequests, RequestSource, first_sentence};
use crate::{Session, mappings};
use countersign_core::model::Definition;
use countersign_core::progress::Progress;
use countersign_core::release::Digest;
use countersign_core::script::Program;
use countersign_core::text::LocalText;
use countersign_requests::{
    Input, Mapping, MappingChoice, ReadError, ReadOptions, Table, ambiguous_mapping_text, choose_mapping, read,
};
use countersign_run::{NotDecided, with_history};
use countersign_workspace::{Files, InputRequest, LARGEST_RON, OpenedInput, open_input};

pub(crate) struct ReadRequests {
    pub files: Arc<dyn Files>,
    pub wanted: RequestSource,
    pub draft: Draft,
    /// The loaded requests, where only their derived fields are to be computed.
    pub known: Option<Arc<LoadedRequests>>,
}

pub(crate) enum ReadOutcome {
    Read(Box<LoadedRequests>),
    /// The columns of the file do not fit; why.
    Misfit(PathBuf, LocalText),
}

impl Job for ReadRequests {
    const KIND: JobKind = JobKind::Requests;
    type Output = ReadOutcome;

    fn run(self, progress: &Progress) -> JobResult<ReadOutcome> {
        let (files, draft) = (self.files.as_ref(), &self.draft);
        let schema = &draft.definition.schema;
        if let Some(known) = self.known {
            let fields = schema.fields().map(|(_, name, _)| known.table.schema().find(&name).map(|(index, _)| index));
            let table = known.table.projected(Arc::new(schema.as_read()), &fields.collect::<Vec<_>>());
            let made = computed(&draft.definition, table, progress)?;
            let requests = |table| ReadOutcome::Read(Box::new(LoadedRequests { table, ..LoadedRequests::clone(&known) }));
            return Ok(made.map(requests));
        }
        let opened = input(files, &self.wanted.path)?;
        let input = &opened.input;
        let (wanted, found) = &with_mapping(files, input, &self.wanted, draft, progress)?;
        let text = mapping_text(wanted, draft)?;
        let name = wanted.mapping.as_deref().unwrap_or("…");
        let mapping = text.map(|text| mappings::understand(name, text, schema)).transpose()?;
        let mut nowhere = io::sink();
        let exact = Program::compile(&draft.definition).program.looked_up();
        let names = exact.iter().filter_map(|field| schema.name_of(*field)).collect();
        let options = ReadOptions { mapping: mapping.as_ref(), exact, rejects: Some(&mut nowhere), ..ReadOptions::default() };
        match read(input, &Arc::new(schema.as_read()), options, progress) {
            Err(ReadError::Cancelled) => Ok(None),
            Err(ReadError::Refused(refusal)) if wanted.again => Err(not_again(&input.name, &misfit(&input.name, &refusal))),
            Err(ReadError::Refused(refusal)) if is_misfit(&refusal.findings) => {
                let why = if let MappingMatch::Several(why) = found { why.clone() } else { misfit(&input.name, &refusal) };
                Ok(Some(ReadOutcome::Misfit(wanted.path.clone(), why)))
            }
            Err(ReadError::Refused(refusal)) => Err(first_sentence(&refusal.findings)),
            Ok(reading) => {
                let Some(table) = computed(&draft.definition, reading.table, progress)? else { return Ok(None) };
                let digest = opened.digest(progress).map_err(|error| error.message())?;
                Ok(digest.map(|digest| {
                    ReadOutcome::Read(Box::new(LoadedRequests {
                        path: wanted.path.clone(),
                        name: opened.name.clone(),
                        mapping: wanted.mapping.clone(),
                        is_mapping_found: *found == MappingMatch::One,
                        own_mapping: wanted.own.clone(),
                        mapping_digest: text.map(|text| Digest::of(text.as_bytes())),
                        digest,
                        table,
                        set_aside: reading.set_aside,
                        problems: reading.problems,
                        findings: reading.findings,
                        exact: names,
                    }))
                }))
            }
        }
    }

    fn apply(session: &mut Session, made: JobOutput<ReadOutcome>) {
        if session.is_read_by_another_schema() {
            return;
        }
        match made.output {
            ReadOutcome::Read(requests) => session.requests_read(*requests),
            ReadOutcome::Misfit(path, why) => session.map_requests(InputRequest::of(&path), Some(why)),
        }
    }

    fn fail(session: &mut Session, _: Basis, why: LocalText) {
        if !session.is_read_by_another_schema() {
            session.requests_failed(why);
        }
    }
}

/// The requests with their derived fields; none when stopped.
fn computed(definition: &Definition, table: Table, progress: &Progress) -> Result<Option<Arc<Table>>, LocalText> {
    match with_history(definition, &Arc::new(table), progress) {
        Ok(made) => Ok(Some(made.table)),
        Err(NotDecided::Cancelled) => Ok(None),
        Err(NotDecided::Schema(findings)) => Err(first_sentence(&findings)),
    }
}

/// A request file to be read, a folder of such files, or a pattern.
pub(super) fn input(files: &dyn Files, path: &Path) -> Result<OpenedInput, LocalText> {
    open_input(files, &InputRequest::of(path)).map_err(|findings| first_sentence(&findings))
}

/// The loaded requests do not fit the schema as it is now.
fn not_again(name: &str, why: &LocalText) -> LocalText {
    LocalText::new(
        format!("`{name}` does not fit the changed fields: {}", why.en),
        format!("`{name}` 与修改后的字段不符：{}", why.zh),
    )
}

/// What was found among the workspace's mappings for a file that none was named for.
#[derive(PartialEq, Eq)]
enum MappingMatch {
    Nothing,
    One,
    /// Several fit, and which they are.
    Several(LocalText),
}

/// What is wanted with the mapping that the file is read by: the one that was named, in the workspace or by its path, else one of the
/// workspace's that fits.
fn with_mapping(
    files: &dyn Files,
    input: &Input,
    wanted: &RequestSource,
    draft: &Draft,
    progress: &Progress,
) -> Result<(RequestSource, MappingMatch), LocalText> {
    if let Some(named) = wanted.mapping.as_ref().filter(|named| wanted.own.is_none() && !draft.mappings.contains_key(*named)) {
        let path = Path::new(named);
        if !files.exists(path) {
            return Ok((wanted.clone(), MappingMatch::Nothing));
        }
        let bytes = files.read(path, LARGEST_RON).map_err(|error| error.message())?;
        let text = String::from_utf8(bytes);
        let own = text.map_err(|_| LocalText::new(format!("`{named}` is not UTF-8"), format!("`{named}` 不是 UTF-8 编码")))?;
        return Ok((RequestSource { mapping: None, own: Some(own), ..wanted.clone() }, MappingMatch::Nothing));
    }
    if wanted.mapping.is_some() || wanted.own.is_some() || wanted.again {
        return Ok((wanted.clone(), MappingMatch::Nothing));
    }
    let schema = &draft.definition.schema;
    let understood = |(name, text): (&String, &String)| Some((name.clone(), mappings::understand(name, text, schema).ok()?));
    let all: Vec<(String, Mapping)> = draft.mappings.iter().filter_map(understood).collect();
    let name = |at: &usize| all.get(*at).map(|(name, _)| name.as_str());
    Ok(match choose_mapping(input, &Arc::new(schema.as_read()), &all, progress) {
        MappingChoice::Nothing => (wanted.clone(), MappingMatch::Nothing),
        MappingChoice::One(at) => (RequestSource { mapping: name(&at).map(str::to_owned), ..wanted.clone() }, MappingMatch::One),
        MappingChoice::Several(several) => {
            let names: Vec<&str> = several.iter().filter_map(name).collect();
            (wanted.clone(), MappingMatch::Several(ambiguous_mapping_text(&input.name, &names)))
        }
    })
}

/// The text of the mapping: the draft's of that name, else the one that is kept nowhere.
fn mapping_text<'a>(wanted: &'a RequestSource, draft: &'a Draft) -> Result<Option<&'a str>, LocalText> {
    let Some(name) = &wanted.mapping else { return Ok(wanted.own.as_deref()) };
    let held = draft.mappings.get(name).or(wanted.own.as_ref());
    let held = held.ok_or_else(|| {
        LocalText::new(format!("the workspace has no mapping `{name}`"), format!("工作区中没有名为 `{name}` 的映射"))
    })?;
    Ok(Some(held))
}
