//! One line of a gateway's decision log: what was asked, what was decided and by which release, without anyone's identity.
//!
//! As JSON, one object a line. `countersign replay` decides each line again.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{Answer, Request, Scalar, Serving};
use crate::model::Value;

/// The format of a line.
const FORMAT: u32 = 1;

/// A decision as it is logged. Nothing in it is a personal value: fields that the schema marks as such are named and left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogLine {
    /// The format of the line, 1.
    pub format: u32,
    /// When it was decided, by the gateway's clock, with an offset.
    pub at: String,
    /// The request's key.
    pub key: String,
    /// The fields that had a value and are not personal.
    pub request: IndexMap<String, Scalar>,
    /// The personal fields that had a value.
    pub masked: Vec<String>,
    /// What was decided, with the release's digest.
    pub answer: Answer,
}

impl LogLine {
    /// Whether the line has a format that this program reads.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.format == FORMAT
    }
}

impl Serving {
    /// The line that logs a decision of this release; `at` is when it was made, with an offset.
    #[must_use]
    pub fn log_line(&self, request: &Request, answer: Answer, at: impl Into<String>) -> LogLine {
        let schema = &self.release().definition().schema;
        let mut line =
            LogLine { format: FORMAT, at: at.into(), key: String::new(), request: IndexMap::new(), masked: Vec::new(), answer };
        let key = schema.roles.key.as_str();
        for (index, name, field) in schema.fields() {
            let value = request.get(index);
            if name == key {
                line.key = value.show(schema.zone);
            }
            if *value == Value::Missing {
                continue;
            }
            if field.personal && name != key {
                line.masked.push(name);
            } else {
                line.request.insert(name, value.to_scalar(schema.zone));
            }
        }
        line
    }
}
