//! Which lines of a journal are asked for, and those lines for other programs.

use super::{JournalAction, JournalLine, JournalRecord};
use countersign_core::model::{Moment, Timestamp, Zone};
use countersign_core::release::{Digest, matches_principal};
use countersign_core::text::{Cells, reveal_json};

/// Which lines are asked for; by default all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalFilter {
    /// Only what principals of this pattern did: `*` and `?` stand for anything; empty for anybody.
    pub who: String,
    pub what: Option<JournalAction>,
    /// Only what was done to a release whose digest begins so, or whose version is just that; empty for any.
    pub release: String,
    /// Only from then on.
    pub since: Option<Timestamp>,
    /// Only before then.
    pub until: Option<Timestamp>,
}

impl JournalFilter {
    /// Whether a line matches.
    pub fn takes(&self, record: &JournalRecord) -> bool {
        let about = |digest: Option<Digest>| {
            digest.is_some_and(|digest| {
                let text = digest.to_string();
                text.starts_with(&self.release) || text.strip_prefix("sha256:").is_some_and(|hex| hex.starts_with(&self.release))
            })
        };
        self.what.is_none_or(|what| record.what == what)
            && (self.who.is_empty() || matches_principal(&record.who, &self.who))
            && (self.release.is_empty() || record.version == self.release || about(record.to) || about(record.from))
            && self.since.is_none_or(|since| record.at.at >= since)
            && self.until.is_none_or(|until| record.at.at < until)
    }
}

/// A time as people write it for a filter: with an offset, or a date in universal time.
pub fn time(text: &str) -> Option<Timestamp> {
    let moment = Moment::try_from(text.to_owned()).map(|moment| moment.at).ok();
    moment.or_else(|| Zone::default().parse_time(text))
}

/// Lines as a JSON array, each with its hash.
pub fn json(lines: &[&JournalLine]) -> String {
    let shown: Vec<serde_json::Value> = lines
        .iter()
        .map(|line| {
            let mut value = serde_json::to_value(&line.record).unwrap_or_default();
            if let Some(members) = value.as_object_mut() {
                members.insert("hash".to_owned(), line.hash.to_string().into());
            }
            value
        })
        .collect();
    reveal_json(serde_json::to_string_pretty(&shown).unwrap_or_default() + "\n")
}

/// Lines as a sheet with a header.
pub fn csv(lines: &[&JournalLine], cells: Cells) -> String {
    let mut text = String::from("at,what,who,role,from,to,version,file,comment,target,hash,statement,signature\n");
    let digest = |digest: Option<Digest>| digest.map(|digest| digest.to_string()).unwrap_or_default();
    for line in lines {
        let record = &line.record;
        let shown = [
            record.at.to_string(),
            record.what.word().to_owned(),
            record.who.clone(),
            record.role.clone(),
            digest(record.from),
            digest(record.to),
            record.version.clone(),
            record.file.clone(),
            record.comment.clone(),
            record.target.clone(),
            line.hash.to_string(),
            digest(record.statement),
            record.signature.clone(),
        ];
        text.push_str(&cells.line(shown.iter().map(String::as_str)));
    }
    text
}
