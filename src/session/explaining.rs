//! The selected request, decided and explained; with some of its values changed, what would come of it then.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::results::Done;
use crate::engine::Engine;
use crate::engine::explain::{Explanation, explain};
use crate::model::{Decision, FieldName, Request, Scalar, Value};
use crate::requests::Table;
use crate::text::LocalText;

/// A request and why it is decided as it is.
#[derive(Clone, Debug)]
pub struct Explained {
    /// Its row in the table.
    pub row: u32,
    /// The request, with the values tried.
    pub request: Request,
    /// The draft's decision, step by step.
    pub explanation: Explanation,
    /// The decision of what the draft is compared with, of the same values.
    pub before: Option<Decision>,
    /// What it would be without the values tried; none where none are.
    pub untried: Option<Decision>,
    /// Tried values that do not fit their field; they are left out.
    pub problems: Vec<(FieldName, LocalText)>,
}

/// What is explained.
pub(super) struct Asked {
    pub row: u32,
    pub table: Arc<Table>,
    pub trial: BTreeMap<FieldName, Scalar>,
    pub draft: Engine,
    pub baseline: Option<Engine>,
}

/// Explains.
pub(super) fn explained(asked: &Asked) -> Done {
    let schema = asked.table.schema();
    let original = asked.table.request(asked.row as usize);
    let mut request = original.clone();
    let mut problems = Vec::new();
    for (name, scalar) in &asked.trial {
        let Some((index, field)) = schema.find(name.as_str()) else { continue };
        let value = Value::from_scalar(&field.kind, scalar, schema.zone).and_then(|value| field.accepts(&value).map(|()| value));
        let Ok(value) = value else {
            let looks = field.kind.looks_like();
            let why = LocalText::new(format!("the value must be {looks}"), format!("值的类型应为 {}", field.kind.name()));
            problems.push((name.clone(), why));
            continue;
        };
        request.set(index, value);
    }
    // A baseline of another schema decides other requests; the comparison of whole tables matches them by name.
    let same = |engine: &&Engine| engine.definition().schema == **schema;
    let before = asked.baseline.as_ref().filter(same).map(|engine| engine.decide(&request));
    let untried = (original != request).then(|| asked.draft.decide(&original));
    let explanation = explain(&asked.draft, &request);
    Done::Explained(Box::new(Explained { row: asked.row, request, explanation, before, untried, problems }))
}
