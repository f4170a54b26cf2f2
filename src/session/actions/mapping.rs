//! How the columns of a request file become fields.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Session;
use crate::mapper::Mapper;
use countersign_core::model::FieldName;
use countersign_core::text::LocalText;
use countersign_requests::mapping::FieldMapping;
use countersign_requests::{TextFormOverrides, encoding_named};
use countersign_workspace::InputRequest;

/// Something done to the mapping that is being made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MappingAction {
    /// Looks at the first rows of a file and guesses what its columns are.
    Begin(PathBuf),
    /// Opens the mapping by which a file was read of which rows cannot be read; guessed where it had none.
    Correct,
    /// Lets a column feed a field, or nothing.
    Assign {
        column: String,
        /// The field; none to leave the column out.
        field: Option<FieldName>,
    },
    /// How the cells of a field are read; where they come from stays.
    How(FieldName, Box<FieldMapping>),
    /// The same text in every row of a field that no column feeds; none for no value.
    Constant(FieldName, Option<String>),
    /// What separates the cells of a CSV file; everything is guessed again.
    Delimiter(char),
    /// The encoding of a text file, by name; everything is guessed again.
    Encoding(String),
    /// The sheet of a workbook, by name; everything is guessed again.
    Sheet(String),
    /// Words that stand for "no value".
    Missing(Vec<String>),
    /// Reads the whole file, and keeps the mapping in the workspace where it gets a name.
    Accept(Option<String>),
    Cancel,
}

pub(super) fn apply(session: &mut Session, action: MappingAction) -> Result<(), LocalText> {
    let schema = session.document.definition().schema.clone();
    match action {
        MappingAction::Begin(path) => {
            if !session.document.is_editable() {
                return Err(LocalText::new("open a workspace first", "请先打开工作区"));
            }
            session.map_requests(InputRequest::of(&path), None);
            Ok(())
        }
        MappingAction::Correct => session.correct_mapping(),
        MappingAction::Assign { column, field } => change(session, |mapper| mapper.assign(&column, field, &schema)),
        MappingAction::How(field, how) => change(session, |mapper| mapper.how(field, *how)),
        MappingAction::Constant(field, text) => change(session, |mapper| mapper.constant(field, text)),
        MappingAction::Missing(words) => change(session, |mapper| mapper.mapping.missing = words),
        MappingAction::Delimiter(delimiter) => read_again(session, |read_as| read_as.delimiter = Some(delimiter)),
        MappingAction::Encoding(name) => read_again(session, |read_as| read_as.encoding = encoding_named(&name)),
        MappingAction::Sheet(name) => read_again(session, |read_as| read_as.sheet = Some(name)),
        MappingAction::Accept(keep_as) => session.accept_mapping(keep_as),
        MappingAction::Cancel => {
            session.requests.close_mapper();
            Ok(())
        }
    }
}

/// Reads the first rows again, in another way.
fn read_again(session: &mut Session, change: impl FnOnce(&mut TextFormOverrides)) -> Result<(), LocalText> {
    let mapper = session.mapper().ok_or_else(nothing)?;
    let (mut asked, why) = (InputRequest { read_as: mapper.read_as.clone(), ..InputRequest::of(&mapper.path) }, mapper.why.clone());
    change(&mut asked.read_as);
    session.map_requests(asked, why);
    Ok(())
}

fn nothing() -> LocalText {
    LocalText::new("no mapping is being made", "没有正在编辑的映射")
}

fn change(session: &mut Session, change: impl FnOnce(&mut Mapper)) -> Result<(), LocalText> {
    let mut mapper = session.mapper().cloned().ok_or_else(nothing)?;
    change(&mut mapper);
    session.try_mapping(mapper);
    Ok(())
}
