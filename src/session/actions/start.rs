//! A workspace being made.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Session;
use crate::new_workspace::ColumnRole;
use crate::templates;
use countersign_core::model::Zone;
use countersign_core::text::LocalText;
use countersign_requests::read::guess::NewField;

/// Something done to the workspace that is being made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StartAction {
    Begin(PathBuf),
    /// Takes its fields from the columns of a request file.
    From(PathBuf),
    /// What the column at that position becomes.
    Field(usize, Box<NewField>),
    /// The column that plays a part, by position; none for no such field, and of the key for the row's number.
    Part(ColumnRole, Option<usize>),
    /// The offset in which its times are.
    Zone(Zone),
    /// The template of the first rule, by its id.
    Template(String),
    /// Opens it, unsaved, and runs it over the file.
    Create,
    /// Makes none.
    Cancel,
}

pub(super) fn apply(session: &mut Session, action: StartAction) -> Result<(), LocalText> {
    match action {
        StartAction::Begin(root) => session.begin_new_workspace(root),
        StartAction::From(path) => session.take_fields_from(path),
        StartAction::Field(at, field) => session.change_new_workspace(|starting| starting.change(at, *field)),
        StartAction::Part(part, at) => session.change_new_workspace(|starting| {
            match at {
                Some(at) => starting.parts.insert(part, at),
                None => starting.parts.remove(&part),
            };
        }),
        StartAction::Zone(zone) => session.change_new_workspace(|starting| starting.zone = zone),
        StartAction::Template(id) => {
            session.change_new_workspace(|starting| starting.template = templates::find(&id).map(|template| template.id))
        }
        StartAction::Create => session.create_workspace(),
        StartAction::Cancel => {
            session.new_workspace = None;
            Ok(())
        }
    }
}
