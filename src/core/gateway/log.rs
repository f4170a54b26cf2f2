//! One line of a gateway's decision log: what was asked, what was decided and by which release, without anyone's identity.
//!
//! As JSON, one object a line. `countersign replay` decides each line again. Lines may be chained: each has its number and the digest of
//! the line before, so that what was cut, left out or edited is seen; then some lines are notes of the log about itself.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{DecisionResponse, Request, Scalar, Serving};
use crate::model::{Digest, Value};

/// The format of a line. In format 1 no line was chained.
const FORMAT: u32 = 2;
/// The formats that are read.
const KNOWN: [u32; 2] = [1, FORMAT];

/// A place in a chain: a line's number and digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEnd {
    /// The line's number, from 1.
    pub number: u64,
    /// The digest of the line without its line end.
    pub digest: Digest,
}

impl LogEnd {
    /// Before the first line: the digest of nothing.
    #[must_use]
    pub fn start() -> Self {
        Self { number: 0, digest: Digest::of(b"") }
    }

    /// As the head file beside a log has it: always of one length, so that it is overwritten in place even on a full disk.
    #[must_use]
    pub fn text(self) -> String {
        format!("{:020} {}\n", self.number, self.digest)
    }

    /// Reads what [`LogEnd::text`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (number, digest) = text.strip_suffix('\n')?.split_once(' ')?;
        let end = Self { number: number.parse().ok()?, digest: Digest::parse(digest)? };
        (end.text() == text).then_some(end)
    }
}

/// A decision as it is logged. Nothing in it is a personal value: fields that the schema marks as such are named and left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogLine {
    /// The format of the line, 1 or 2.
    pub format: u32,
    /// The line's place in its chain, from 1; none in a log that is not chained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The digest of the line before, without its line end; of nothing for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Digest>,
    /// When it was decided, by the gateway's clock, with an offset.
    pub at: String,
    /// The request's key.
    pub key: String,
    /// The fields that had a value and are not personal.
    pub request: IndexMap<String, Scalar>,
    /// The personal fields that had a value.
    pub masked: Vec<String>,
    /// What was decided, with the release's digest.
    pub answer: DecisionResponse,
}

impl LogLine {
    /// Whether the line has a format that this program reads.
    #[must_use]
    pub fn is_known(&self) -> bool {
        KNOWN.contains(&self.format)
    }
}

/// A line that says something about the log itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogNote {
    /// The format of the line, 2.
    pub format: u32,
    /// The line's place in its chain; none before the log gave it one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The digest of the line before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Digest>,
    /// When it was noted, by the gateway's clock.
    pub at: String,
    /// The note.
    pub note: LogNoteKind,
}

/// What a log says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum LogNoteKind {
    /// A gateway began to write.
    Opened,
    /// The gateway ended in order; whatever follows was written after a new start.
    Closed,
    /// The first line of a file: the line before is the last one of another file.
    Continues {
        /// That file's name.
        file: String,
    },
    /// The line before this one was cut while it was written, when the gateway or its machine was stopped: nobody was answered by it.
    Torn {
        /// How many bytes of it there are.
        bytes: u64,
        /// Their digest.
        digest: Digest,
    },
    /// At a start the log did not hold what had been written to it.
    Missing {
        /// The number of the last line that was found.
        found: u64,
        /// The number of the last line that had been written.
        written: u64,
        /// That line's digest.
        digest: Digest,
    },
}

impl LogNote {
    /// A note for a log that gives it its place.
    #[must_use]
    pub fn new(at: impl Into<String>, note: LogNoteKind) -> Self {
        Self { format: FORMAT, number: None, previous: None, at: at.into(), note }
    }

    /// Whether the line has a format that this program reads.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.format == FORMAT
    }
}

impl Serving {
    /// The line that logs a decision of this release; `at` is when it was made, with an offset.
    #[must_use]
    pub fn log_line(&self, request: &Request, answer: DecisionResponse, at: impl Into<String>) -> LogLine {
        let schema = &self.release().definition().schema;
        let mut line = LogLine {
            format: FORMAT,
            number: None,
            previous: None,
            at: at.into(),
            key: String::new(),
            request: IndexMap::new(),
            masked: Vec::new(),
            answer,
        };
        let key = schema.find(schema.roles.key.as_str()).map(|(index, _)| index);
        for (index, field) in schema.indexed() {
            let value = request.get(index);
            let is_key = Some(index) == key;
            if is_key {
                line.key = value.show(schema.zone);
            }
            if *value == Value::Missing {
                continue;
            }
            let name = schema.name_of(index).unwrap_or_default();
            if field.personal && !is_key {
                line.masked.push(name);
            } else {
                line.request.insert(name, value.to_scalar(schema.zone));
            }
        }
        line
    }
}
