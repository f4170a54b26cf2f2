//! One line: what was done, chained to what was done before.

use serde::{Deserialize, Serialize};

use countersign_core::model::Moment;
use countersign_core::release::Digest;
use countersign_core::text::StaticText;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalAction {
    /// A release was made: a draft.
    Created,
    /// Its maker submitted it.
    Submitted,
    /// Somebody approved it.
    Approved,
    /// Somebody rejected it.
    Rejected,
    Withdrawn,
    /// It is about to be written to the gateway's file.
    Publishing,
    /// It went live; the one that was live is superseded.
    Published,
    /// It was about to be written to the gateway's file, and was not.
    NotPublished,
    /// A line of the journal that a crash cut short was looked at: the entry names the digest of what is left of it.
    Repaired,
}

impl JournalAction {
    pub const ALL: [Self; 9] = [
        Self::Created,
        Self::Submitted,
        Self::Approved,
        Self::Rejected,
        Self::Withdrawn,
        Self::Publishing,
        Self::Published,
        Self::NotPublished,
        Self::Repaired,
    ];

    /// The word in files and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Publishing => "publishing",
            Self::Published => "published",
            Self::NotPublished => "not_published",
            Self::Repaired => "repaired",
        }
    }

    /// The word for people.
    pub fn text(self) -> StaticText {
        let en = if self == Self::NotPublished { "not published" } else { self.word() };
        let zh = match self {
            Self::Created => "生成",
            Self::Submitted => "提交",
            Self::Approved => "审批通过",
            Self::Rejected => "驳回",
            Self::Withdrawn => "撤回",
            Self::Publishing => "开始上线",
            Self::Published => "上线",
            Self::NotPublished => "未上线",
            Self::Repaired => "修复",
        };
        StaticText::new(en, zh)
    }
}

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalRecord {
    /// The hashes of the lines before it: one, or several where branches join; none for the first. Put in when it is written.
    pub previous: Vec<Digest>,
    /// When, by the clock of whoever did it.
    pub at: Moment,
    /// Who: a principal.
    pub who: String,
    pub what: JournalAction,
    /// What was there before: the live release that a new one supersedes.
    pub from: Option<Digest>,
    /// What it was done to, or what came of it.
    pub to: Option<Digest>,
    /// The rule set's version in it.
    pub version: String,
    /// The file, inside the workspace where it lies there.
    pub file: String,
    /// The role acted in; empty where none is.
    pub role: String,
    /// Why; may be empty.
    pub comment: String,
    /// The gateway's file that is written; empty where none is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// The digest of the statement under the release that whoever acted has signed; none where no such signature was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<Digest>,
    /// The armoured `SSHSIG` signature of whoever acted over [`JournalRecord::signed_text`]; empty where the entry is not signed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub signature: String,
}

/// The namespace that an entry's signature is made for, as in `ssh-keygen -Y sign -n`.
pub const JOURNAL_NAMESPACE: &str = "countersign-journal";

/// What comes between a record and its hash.
const HASH: &str = ",\"hash\":\"";

impl JournalRecord {
    /// The text that an entry's signature is over: the line without its signature and its hash.
    pub fn signed_text(&self) -> String {
        serde_json::to_string(&Self { signature: String::new(), ..self.clone() }).unwrap_or_default()
    }

    /// The line without its end, and its hash.
    pub fn line(&self) -> (String, Digest) {
        let body = serde_json::to_string(self).unwrap_or_default();
        let hash = Digest::of(body.as_bytes());
        let open = body.strip_suffix('}').unwrap_or(&body);
        (format!("{open}{HASH}{hash}\"}}"), hash)
    }

    /// Reads a line: nothing but the one way in which it is written.
    pub fn parse(line: &str) -> Option<(Self, Digest)> {
        let (open, hash) = line.strip_suffix("\"}")?.rsplit_once(HASH)?;
        let record: Self = serde_json::from_str(&format!("{open}}}")).ok()?;
        let (again, computed) = record.line();
        (again == line && computed.to_string() == hash).then_some((record, computed))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record() -> impl Strategy<Value = JournalRecord> {
        let texts = prop::collection::vec(any::<String>(), 7);
        let digest = prop::option::of(any::<u64>().prop_map(|number| Digest::of(&number.to_be_bytes())));
        let time = (0..4_000_000_000_000_000_i64, -18 * 60..18 * 60_i32).prop_map(|(micros, minutes)| Moment {
            at: countersign_core::model::Timestamp::from_micros(micros).unwrap(),
            zone: countersign_core::model::Zone::from_seconds(minutes * 60).unwrap(),
        });
        (texts, digest.clone(), digest, time, prop::sample::select(&JournalAction::ALL[..])).prop_map(
            |(texts, from, to, at, what)| {
                let [who, version, file, role, comment, target, signature] = texts.try_into().unwrap();
                JournalRecord {
                    previous: Vec::new(),
                    at,
                    who,
                    what,
                    from,
                    to,
                    version,
                    file,
                    role,
                    comment,
                    target,
                    statement: from,
                    signature,
                }
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_line_reads_back_as_what_was_written(record in record(), count in 0..3_u8) {
            let record = JournalRecord { previous: (0..count).map(|at| Digest::of(&[at])).collect(), ..record };
            let (line, hash) = record.line();
            prop_assert!(!line.contains('\n'), "one line");
            prop_assert_eq!(JournalRecord::parse(&line), Some((record, hash)));
        }

        #[test]
        fn a_changed_line_is_none(record in record(), at in any::<prop::sample::Index>(), with in any::<char>()) {
            let (line, _) = record.line();
            let mut chars: Vec<char> = line.chars().collect();
            let at = at.index(chars.len());
            prop_assume!(chars[at] != with);
            chars[at] = with;
            prop_assert_eq!(JournalRecord::parse(&chars.into_iter().collect::<String>()), None);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in any::<String>()) {
            prop_assert_eq!(JournalRecord::parse(&text), None);
        }
    }
}
