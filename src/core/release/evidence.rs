//! What a release was approved on: which rules, on which requests and cases, with which result; and who made it.
//!
//! The dry run counts, this room keeps the counts and says what differs when they are counted again.

use serde::{Deserialize, Serialize};

use crate::model::{Digest, Moment, SetAside, Verdict};
use crate::text::LocalText;

use super::lineage::Lineage;

/// What the rules did when the release was made. Whoever verifies the release counts again and compares with [`Evidence::differences`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The rule set that ran, by [`rule_set_digest`](super::rule_set_digest).
    pub rule_set: Digest,
    /// The schema, by [`schema_digest`](super::schema_digest).
    pub schema: Digest,
    /// The cases; none when the workspace has none.
    pub cases: Option<CaseEvidence>,
    /// The files of sample requests, in the order they were run.
    pub samples: Vec<SampleEvidence>,
    /// Rules that hit at least one request or case.
    pub coverage: Coverage,
    /// How the live release compares; none when nothing is live yet.
    pub against: Option<LiveEvidence>,
    /// What the check found.
    pub check: CheckEvidence,
}

/// The cases and their result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseEvidence {
    /// All cases with their templates, by [`cases_digest`](super::cases_digest).
    pub digest: Digest,
    /// How many cases there are.
    pub total: u64,
    /// How many got the decision they must get.
    pub passed: u64,
}

/// One file of sample requests and what was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleEvidence {
    /// The file's name without its folder.
    pub file: String,
    /// The file's bytes.
    pub digest: Digest,
    /// The bytes of the column mapping it was read with; none where it needed none.
    pub mapping: Option<Digest>,
    /// How many requests it holds.
    pub requests: u64,
    /// Requests per verdict; they add up to `requests`.
    pub verdicts: VerdictCounts,
    /// Requests on which an active rule failed or no rule routed.
    pub failed: u64,
    /// Rows of the file that could not be read and were not decided; none where all were.
    pub set_aside: Option<AsideEvidence>,
}

/// Rows that are in no figure of the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsideEvidence {
    /// The rows.
    pub rows: SetAside,
    /// Who looked at them and takes them on.
    pub acknowledged: Vec<Acknowledgement>,
}

impl AsideEvidence {
    /// How many rows nobody has acknowledged.
    #[must_use]
    pub fn open(&self) -> u64 {
        still_open(self.rows.rows, &self.acknowledged)
    }

    /// Counts that contradict each other, by the name of the part.
    fn contradiction(&self) -> Option<(&'static str, LocalText)> {
        let rows = &self.rows;
        let sum = |counts: &mut dyn Iterator<Item = u64>| counts.fold(0_u64, u64::saturating_add);
        let labels = rows.labels.unwrap_or_default();
        let wrong = |part, en: &str, zh: &str| Some((part, LocalText::new(en, zh)));
        if rows.rows == 0 {
            wrong("rows", "no row is set aside", "没有剔除任何记录")
        } else if sum(&mut rows.reasons.iter().map(|reason| reason.rows)) != rows.rows {
            wrong("reasons", "the counts per reason do not add up to the rows", "各原因的条数之和与剔除的记录数不符")
        } else if sum(&mut [labels.fraud, labels.genuine, labels.unknown].into_iter()) > rows.rows {
            wrong("labels", "more labels are counted than there are rows", "标签数多于剔除的记录数")
        } else if rows.amount.is_some_and(|amount| amount.rows > rows.rows) {
            wrong("amount", "more amounts are counted than there are rows", "金额数多于剔除的记录数")
        } else if sum(&mut self.acknowledged.iter().map(|one| one.count)) > rows.rows {
            wrong("acknowledged", "more rows are acknowledged than there are", "已确认的记录数多于剔除的记录数")
        } else {
            None
        }
    }
}

/// Requests per verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VerdictCounts {
    counts: [u64; 4],
}

impl VerdictCounts {
    /// Counts of accept, step up, refer and decline.
    #[must_use]
    pub fn new(counts: [u64; 4]) -> Self {
        Self { counts }
    }

    /// How many requests got that verdict.
    #[must_use]
    pub fn get(&self, verdict: Verdict) -> u64 {
        self.counts.get(verdict as usize).copied().unwrap_or(0)
    }

    /// Counts `more` requests.
    pub fn add(&mut self, verdict: Verdict, more: u64) {
        if let Some(count) = self.counts.get_mut(verdict as usize) {
            *count = count.saturating_add(more);
        }
    }

    /// All requests.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }
}

/// How many rules hit anything, out of those that are not off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Rules that are active or shadow.
    pub rules: u64,
    /// Of those, rules that hit a case.
    pub hit_by_cases: u64,
    /// Of those, rules that hit a sample request.
    pub hit_by_samples: u64,
}

/// The live release and what changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveEvidence {
    /// The live release's digest.
    pub release: Digest,
    /// Sample requests that the two decide differently.
    pub flips: u64,
    /// Who looked at them and takes them on.
    pub acknowledged: Vec<Acknowledgement>,
}

/// How many of `all` nobody has acknowledged.
fn still_open(all: u64, acknowledged: &[Acknowledgement]) -> u64 {
    acknowledged.iter().fold(all, |open, one| open.saturating_sub(one.count))
}

/// Somebody's word that flips, or rows set aside, are meant (确认).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The principal.
    pub by: String,
    /// When.
    pub at: Moment,
    /// How many flips or rows.
    pub count: u64,
    /// Why they are meant.
    pub comment: String,
}

impl LiveEvidence {
    /// How many flips nobody has acknowledged.
    #[must_use]
    pub fn open_flips(&self) -> u64 {
        still_open(self.flips, &self.acknowledged)
    }
}

/// What the check found; a release with errors is not made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckEvidence {
    /// Warnings.
    pub warnings: u64,
    /// Notes.
    pub notes: u64,
}

/// Who made the release, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The maker (经办), a name such as `li.na@bank.example`; another principal approves.
    pub maker: String,
    /// When it was made, handed in by the caller.
    pub created_at: Moment,
    /// Why it was made; may be empty.
    pub comment: String,
    /// The release whose rules it brings back, where it rolls back to one.
    pub rolls_back: Option<Digest>,
    /// Its place in the line of releases; none makes a release of format 1.
    pub lineage: Option<Lineage>,
}

/// One thing that was not the same when counted again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceDifference {
    /// Which part, as a path in the file: `samples.requests.csv.verdicts.decline`.
    pub path: String,
    /// What the release says.
    pub stated: String,
    /// What was found.
    pub found: String,
}

impl Evidence {
    /// The same evidence with somebody's word for every flip against the live release and every row set aside, where there are any.
    #[must_use]
    pub fn acknowledged(self, by: &str, at: Moment, comment: &str) -> Self {
        self.acknowledged_in_parts(by, at, comment, &[])
    }

    /// The same, with a comment of its own for each of so many flips; `comment` is for the rest.
    #[must_use]
    pub fn acknowledged_in_parts(mut self, by: &str, at: Moment, comment: &str, flips: &[(u64, String)]) -> Self {
        let word = |count, comment: &str| Acknowledgement { by: by.to_owned(), at, count, comment: comment.to_owned() };
        if let Some(against) = &mut self.against {
            let mut open = against.flips;
            for (count, comment) in flips.iter().map(|(count, own)| (*count, own.as_str())).chain([(u64::MAX, comment)]) {
                let count = count.min(open);
                open -= count;
                against.acknowledged.extend((count > 0).then(|| word(count, comment)));
            }
        }
        for aside in self.samples.iter_mut().filter_map(|sample| sample.set_aside.as_mut()) {
            aside.acknowledged.push(word(aside.rows.rows, comment));
        }
        self
    }

    /// Whether the evidence can be at all: counts add up, nothing passes that is not there.
    ///
    /// # Errors
    /// The part that cannot be, as a path in the file, and why.
    pub fn consistent(&self) -> Result<(), (String, LocalText)> {
        let wrong = |path: &str, en: &str, zh: &str| Err((format!("evidence.{path}"), LocalText::new(en, zh)));
        if let Some(cases) = &self.cases
            && cases.passed != cases.total
        {
            return wrong("cases.passed", "not every case passed", "并非所有用例都通过");
        }
        for sample in &self.samples {
            let path = format!("samples.{}", sample.file);
            if sample.verdicts.total() != sample.requests {
                return wrong(&path, "the counts per verdict do not add up to the requests", "各决策结果的数量之和与请求数不符");
            }
            if sample.failed > sample.requests {
                return wrong(&path, "more requests failed than there are", "出错的请求数多于请求总数");
            }
            if let Some((part, why)) = sample.set_aside.as_ref().and_then(AsideEvidence::contradiction) {
                return Err((format!("evidence.{path}.set_aside.{part}"), why));
            }
        }
        let hit = self.coverage.hit_by_cases.max(self.coverage.hit_by_samples);
        if hit > self.coverage.rules {
            return wrong("coverage", "more rules hit than there are", "命中的规则数多于规则总数");
        }
        let requests = self.samples.iter().fold(0_u64, |sum, sample| sum.saturating_add(sample.requests));
        if self.against.as_ref().is_some_and(|against| against.flips > requests) {
            return wrong("against.flips", "more requests flip than there are", "决策改变的请求数多于请求总数");
        }
        let acknowledged = |live: &LiveEvidence| live.acknowledged.iter().fold(0_u64, |sum, one| sum.saturating_add(one.count));
        if self.against.as_ref().is_some_and(|against| acknowledged(against) > against.flips) {
            return wrong("against.acknowledged", "more flips are acknowledged than there are", "已确认的决策改变数多于实际数量");
        }
        Ok(())
    }

    /// Rows left out of the figures, with the name of their file.
    pub fn left_out(&self) -> impl Iterator<Item = (&str, &AsideEvidence)> {
        self.samples.iter().filter_map(|sample| Some((sample.file.as_str(), sample.set_aside.as_ref()?)))
    }

    /// How many rows of all files were left out, and so are not compared with the live release either.
    #[must_use]
    pub fn rows_left_out(&self) -> u64 {
        self.left_out().fold(0, |sum, (_, aside)| sum.saturating_add(aside.rows.rows))
    }

    /// What differs between this, as a release states it, and what was `found` now, field by field.
    #[must_use]
    pub fn differences(&self, found: &Self) -> Vec<EvidenceDifference> {
        let stated = self.lines();
        let found = found.lines();
        let get =
            |lines: &[(String, String)], path: &str| lines.iter().find(|(other, _)| other == path).map(|(_, value)| value.clone());
        let mut paths: Vec<&String> = stated.iter().map(|(path, _)| path).collect();
        paths.extend(found.iter().map(|(path, _)| path).filter(|path| get(&stated, path).is_none()));
        let none = || "–".to_owned();
        let pairs = paths.into_iter().map(|path| EvidenceDifference {
            path: path.clone(),
            stated: get(&stated, path).unwrap_or_else(none),
            found: get(&found, path).unwrap_or_else(none),
        });
        pairs.filter(|difference| difference.stated != difference.found).collect()
    }

    /// Every value with its path, in order.
    fn lines(&self) -> Vec<(String, String)> {
        let mut lines = Vec::new();
        let mut add = |path: String, value: &dyn ToString| lines.push((path, value.to_string()));
        add("rule_set".to_owned(), &self.rule_set);
        add("schema".to_owned(), &self.schema);
        if let Some(cases) = &self.cases {
            add("cases.digest".to_owned(), &cases.digest);
            add("cases.total".to_owned(), &cases.total);
            add("cases.passed".to_owned(), &cases.passed);
        }
        for sample in &self.samples {
            let path = format!("samples.{}", sample.file);
            add(format!("{path}.digest"), &sample.digest);
            if let Some(mapping) = &sample.mapping {
                add(format!("{path}.mapping"), mapping);
            }
            add(format!("{path}.requests"), &sample.requests);
            for verdict in Verdict::ALL {
                add(format!("{path}.verdicts.{}", verdict.word()), &sample.verdicts.get(verdict));
            }
            add(format!("{path}.failed"), &sample.failed);
            if let Some(aside) = &sample.set_aside {
                lines_of_aside(&format!("{path}.set_aside"), &aside.rows, &mut add);
            }
        }
        add("coverage.rules".to_owned(), &self.coverage.rules);
        add("coverage.hit_by_cases".to_owned(), &self.coverage.hit_by_cases);
        add("coverage.hit_by_samples".to_owned(), &self.coverage.hit_by_samples);
        if let Some(against) = &self.against {
            add("against.release".to_owned(), &against.release);
            add("against.flips".to_owned(), &against.flips);
        }
        add("check.warnings".to_owned(), &self.check.warnings);
        add("check.notes".to_owned(), &self.check.notes);
        lines
    }
}

/// Every value of the rows set aside.
fn lines_of_aside(path: &str, aside: &SetAside, add: &mut dyn FnMut(String, &dyn ToString)) {
    add(format!("{path}.rows"), &aside.rows);
    for reason in &aside.reasons {
        let column = reason.column.as_ref().map_or(String::new(), |column| format!(".{column}"));
        add(format!("{path}.reasons.{}{column}", reason.fault.word()), &reason.rows);
    }
    if let Some(labels) = &aside.labels {
        add(format!("{path}.labels.fraud"), &labels.fraud);
        add(format!("{path}.labels.genuine"), &labels.genuine);
        add(format!("{path}.labels.unknown"), &labels.unknown);
    }
    if let Some(amount) = &aside.amount {
        add(format!("{path}.amount.rows"), &amount.rows);
        add(format!("{path}.amount.fen"), &amount.fen);
    }
    add(format!("{path}.digest"), &aside.digest);
}
