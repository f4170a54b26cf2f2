//! A dry run, and a comparison, as files: JSON for programs, one page of HTML for a risk committee, decisions and flips as rows.
//!
//! Everything that is not in the dry run itself (file names, digests, the time of the run) is handed in by [`About`]: this room reads no
//! clock, so the same run gives the same bytes. Personal fields never get here; the key does.

mod explained;
mod flips;
#[expect(clippy::format_push_string, clippy::format_collect, reason = "a page is made once, and its markup is read often")]
pub mod html;
mod json;
mod sheets;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub use explained::{Explained, WhyFlip};
pub use flips::{FlipLine, FlipSide, flip_lines};
pub use json::json;
pub use sheets::{DecisionSheet, FlipSheet, decisions, flips};

use crate::Comparison;
use crate::Run;
use crate::compare::Figures;
use crate::decisions::{DecisionOutline, Ratio};
use crate::figures::{Labels, Summary};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{Definition, RuleSet, SetAside};
use countersign_core::text::LocalText;
use countersign_requests::kinds::DUPLICATE_REQUEST;

/// The file of requests that was run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Samples {
    /// The file's name, without folders.
    pub file: String,
    /// Its digest, `sha256:…`, where it was computed.
    pub digest: Option<String>,
    /// Rows set aside because they could not be read: they are in no figure.
    pub set_aside: Option<SetAside>,
    /// What is worth knowing of the file, by [`remarks`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<LocalText>,
}

/// What findings of a request file say of its columns: values that were trimmed, words that may mean "no value". Keys that repeat are
/// among the figures already.
pub fn remarks(findings: &[Finding]) -> Vec<LocalText> {
    findings.iter().filter(|finding| finding.kind != DUPLICATE_REQUEST).map(|finding| finding.message.clone()).collect()
}

/// Which rule set a report is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Named {
    pub name: String,
    pub version: String,
    /// What it is, for people.
    pub title: LocalText,
    /// The digest of the workspace or release, `sha256:…`, where it was computed.
    pub digest: Option<String>,
}

impl Named {
    /// Names a rule set; `digest` is that of the workspace or release it came from.
    pub fn new(rule_set: &RuleSet, digest: Option<String>) -> Self {
        Self { name: rule_set.name.clone(), version: rule_set.version.clone(), title: rule_set.title.clone(), digest }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct About {
    /// When it was made, as it is to be shown; handed in.
    pub generated_at: String,
    /// What made it: name and version.
    pub generator: String,
    pub samples: Samples,
    pub rule_set: Named,
    pub against: Option<Named>,
}

/// The columns of the limits, in fen.
const LIMIT_COLUMNS: [&str; 4] = ["limit_single", "limit_day", "limit_month", "limit_year"];

/// How many flips a report lists; all of them are in the CSV.
pub const FLIPS_LISTED: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Against {
    pub figures: Figures,
    /// The first flips, at most [`FLIPS_LISTED`].
    pub first_flips: Vec<FlipLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    pub about: About,
    pub summary: Summary,
    /// The comparison, where there is one.
    pub against: Option<Against>,
    /// Recall per level, were every row set aside that may have been fraud not caught; empty where none may have been.
    pub recall_at_worst: Vec<RecallAtWorst>,
    /// Why the examples are decided as they are, where they were explained.
    pub explained: Explained,
}

/// Recall at one level where rows set aside count as fraud let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RecallAtWorst {
    /// The mildest verdict that counts as caught.
    pub at_least: &'static str,
    /// Fraud caught, of all known fraud and of all rows set aside that may have been fraud.
    pub recall: Ratio,
}

fn at_worst(aside: Option<&SetAside>, labels: Option<&Labels>) -> Vec<RecallAtWorst> {
    let (Some(aside), Some(labels)) = (aside, labels) else { return Vec::new() };
    let levels = labels.levels.iter().filter_map(|level| {
        let Ratio { part, whole } = level.quality.recall;
        Some(RecallAtWorst { at_least: level.at_least, recall: Ratio::new(part, aside.worst_fraud(whole)?) })
    });
    levels.collect()
}

impl Report {
    /// The report of figures taken elsewhere, with the first flips of those compared.
    pub fn of_figures(about: About, summary: Summary, compared: Option<(Figures, Vec<FlipLine>)>) -> Self {
        let against = compared.map(|(figures, first_flips)| Against { figures, first_flips });
        let recall_at_worst = at_worst(about.samples.set_aside.as_ref(), summary.labels.as_ref());
        Self { about, summary, against, recall_at_worst, explained: Explained::default() }
    }

    /// The same report, its examples explained.
    pub fn explaining(self, explained: Explained) -> Self {
        Self { explained, ..self }
    }

    pub fn of_run(about: About, run: &Run) -> Self {
        Self::of_figures(about, Summary::of(run), None)
    }

    /// The report of a comparison: the new rule set's run, and what flips.
    pub fn of_comparison(about: About, comparison: &Comparison) -> Self {
        let first_flips = flip_lines(comparison).take(FLIPS_LISTED).collect();
        Self::of_figures(about, Summary::of(comparison.new_run()), Some((Figures::of(comparison), first_flips)))
    }
}

/// The id of a reason, an interface, a rule, by position; empty outside the rule set.
pub(crate) struct Ids<'a>(pub(crate) &'a Definition);

impl<'a> Ids<'a> {
    fn reason(&self, reason: countersign_core::model::ReasonIndex) -> &'a str {
        self.0.rule_set.reasons.get_index(reason.at()).map_or("", |(id, _)| id.as_str())
    }

    /// A shape's reason codes, each once, in order of evaluation.
    pub(crate) fn codes(&self, shape: &DecisionOutline) -> Vec<&'a str> {
        let mut codes = Vec::new();
        for given in &shape.reasons {
            let code = self.reason(given.reason);
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }

    pub(crate) fn interface(&self, interface: Option<countersign_core::model::InterfaceIndex>) -> &'a str {
        let found = interface.and_then(|interface| self.0.rule_set.interfaces.get_index(interface.at()));
        found.map_or("", |(id, _)| id.as_str())
    }
}
