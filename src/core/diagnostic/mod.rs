//! What is reported: one [`Finding`] type for checks, readers and files; each renderer is its own file.
//!
//! Style of a message: lower case, no full stop, backticks around the user's own text, no Rust type names; `help` says how to fix it.

mod cost;
mod help;
mod kind;
mod place;

pub use place::Place;

pub use cost::RuleCost;
pub use help::{Help, Operation};
pub use kind::FindingKind;

use std::collections::HashMap;

use crate::text::{LocalText, Sources, Span};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing need be done.
    Note,
    /// Probably a mistake; a release can still be made.
    Warning,
    /// The rule set must not run like this.
    Error,
}

impl Severity {
    /// The word used in every output: `error`, `warning` or `note`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }

    /// The word for people.
    #[must_use]
    pub fn text(self) -> LocalText {
        let zh = match self {
            Self::Error => "错误",
            Self::Warning => "警告",
            Self::Note => "提示",
        };
        LocalText::new(self.word(), zh)
    }
}

/// A remedy that a tool may apply unchanged: `replacement` instead of the text under `span`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

/// Something a person should look at, with its place and remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, in general.
    pub kind: &'static FindingKind,
    /// That of the kind, with few exceptions.
    pub severity: Severity,
    /// Its place; none for what has no text (a missing file).
    pub span: Option<Span>,
    /// What is wrong, in both languages.
    pub message: LocalText,
    /// How to fix it.
    pub help: Option<Help>,
    /// Other places that matter, each with what to see there.
    pub notes: Vec<(Option<Span>, LocalText)>,
    /// A remedy that can be applied with one click.
    pub fix: Option<Fix>,
}

impl Finding {
    /// A finding without help, notes or fix; add them with the `with_` functions.
    #[must_use]
    pub fn new(kind: &'static FindingKind, span: impl Into<Option<Span>>, message: LocalText) -> Self {
        Self { kind, severity: kind.severity(), span: span.into(), message, help: None, notes: Vec::new(), fix: None }
    }

    /// The id of its kind.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.kind.id()
    }

    /// With another severity than its kind has.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// With words that say how to fix it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<Help>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What is wrong and how to fix it, in one sentence for the window.
    #[must_use]
    pub fn sentence(&self) -> LocalText {
        let LocalText { en, zh } = &self.message;
        self.help
            .as_ref()
            .map(Help::in_window)
            .map_or_else(|| self.message.clone(), |help| LocalText::new(format!("{en}; {}", help.en), format!("{zh}；{}", help.zh)))
    }

    /// Points at another place that matters.
    #[must_use]
    pub fn with_note(mut self, span: impl Into<Option<Span>>, note: LocalText) -> Self {
        self.notes.push((span.into(), note));
        self
    }

    /// With a replacement that fixes it.
    #[must_use]
    pub fn with_fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }
}

/// The findings of one workspace, release or other file; several are shown together, each under its target.
#[derive(Clone, Copy, Debug)]
pub struct TargetFindings<'a> {
    /// Its name, as on the command line.
    pub target: &'a str,
    /// In the order of the output.
    pub findings: &'a [Finding],
    /// The texts that the findings point into; their names are paths from the current folder.
    pub sources: &'a Sources,
    /// The most that a rule used of its budget over the cases; none where no case was run.
    pub cost: Option<&'a RuleCost>,
}

/// The most findings of one kind that are listed for one file.
pub const MOST_OF_A_KIND: usize = 100;

/// At most [`MOST_OF_A_KIND`] findings of each kind; the last one then counts those that are left out.
#[must_use]
pub fn bounded(findings: Vec<Finding>) -> Vec<Finding> {
    let mut counts: HashMap<&'static str, usize> = HashMap::new();
    for finding in &findings {
        *counts.entry(finding.id()).or_default() += 1;
    }
    if counts.values().all(|count| *count <= MOST_OF_A_KIND) {
        return findings;
    }
    let mut listed: HashMap<&'static str, usize> = HashMap::new();
    let mut kept = Vec::new();
    for finding in findings {
        let (listed, count) = (listed.entry(finding.id()).or_default(), counts.get(finding.id()).copied().unwrap_or(0));
        *listed += 1;
        if count <= MOST_OF_A_KIND || *listed < MOST_OF_A_KIND {
            kept.push(finding);
        } else if *listed == MOST_OF_A_KIND {
            kept.push(and_more(finding.kind, count - MOST_OF_A_KIND + 1).with_severity(finding.severity));
        }
    }
    kept
}

/// The finding that counts those of its kind that are not listed.
#[must_use]
pub fn and_more(kind: &'static FindingKind, count: usize) -> Finding {
    let (en, zh) = if count == 1 {
        ("1 more finding of this kind is not listed".to_owned(), "另有 1 个同类问题未列出".to_owned())
    } else {
        (format!("{count} more findings of this kind are not listed"), format!("另有 {count} 个同类问题未列出"))
    };
    let help = LocalText::new("correct those that are listed first, and check again", "请先修正已列出的问题，然后重新检查");
    Finding::new(kind, None, LocalText::new(en, zh)).with_help(help)
}

/// Adds "did you mean" help and a fix when one of `known` is close to `name`; otherwise lists a few of what is known.
#[must_use]
pub fn suggest<'a>(finding: Finding, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Finding {
    if let Some(best) = nearest(name, known.clone()) {
        let help = LocalText::new(format!("did you mean `{best}`?"), format!("是否想写 `{best}`？"));
        let span = finding.span;
        let finding = finding.with_help(help);
        return match span {
            Some(span) => finding.with_fix(span, best),
            None => finding,
        };
    }
    let mut some: Vec<&str> = known.take(MOST_NAMES).filter(|known| known.len() <= LONGEST_COMPARED).collect();
    if some.is_empty() {
        return finding;
    }
    if some.len() > 8 && name.len() <= LONGEST_COMPARED {
        some.sort_by_cached_key(|known| distance(name, known));
    }
    some.truncate(8);
    let list = some.join("`, `");
    finding.with_help(LocalText::new(format!("known here: `{list}`"), format!("此处可用：`{list}`")))
}

/// How many letters differ, without case; the work grows with the product of both lengths.
fn distance(name: &str, known: &str) -> usize {
    if known.len() > LONGEST_COMPARED {
        return usize::MAX;
    }
    strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase())
}

/// The most names that one is compared with to list those like it.
const MOST_NAMES: usize = 2_000;
/// Longer names are compared with nothing, in bytes: the cost of a comparison is the product of both lengths.
const LONGEST_COMPARED: usize = 64;

/// The known name most like `name`, if one is like enough to be what was meant. Names over 64 bytes are like nothing.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST_COMPARED {
        return None;
    }
    let name = name.to_lowercase();
    let length = name.chars().count();
    let allowed = (length / 3).max(1);
    // The distance is at least the difference of the lengths.
    let is_near = |candidate: &&str| candidate.len() <= LONGEST_COMPARED && candidate.chars().count().abs_diff(length) <= allowed;
    let score = |candidate: &'a str| (strsim::damerau_levenshtein(&name, &candidate.to_lowercase()), candidate);
    let best = known.filter(is_near).map(score).min()?;
    (best.0 <= allowed).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_findings_the_last_says_how_many_more_there_are() {
        const ONE: &FindingKind = &FindingKind::new("one", Severity::Error, "", "");
        const OTHER: &FindingKind = &FindingKind::new("other", Severity::Error, "", "");
        let of = |kind, count: usize| (0..count).map(move |at| Finding::new(kind, None, LocalText::same(at.to_string())));
        for (ones, others, kept, last) in [
            (3, 100, 103, "99"),
            (101, 2, 102, "2 more findings of this kind are not listed"),
            (0, 5_000, 100, "4901 more findings of this kind are not listed"),
        ] {
            let found = bounded(of(ONE, ones).chain(of(OTHER, others)).collect());
            assert_eq!(found.len(), kept);
            assert!(found.iter().any(|finding| finding.message.en == last), "{last}");
        }
    }

    #[test]
    fn nearest_offers_a_likely_name_and_nothing_wild() {
        let known = ["amount", "age", "paid_today"];
        assert_eq!(nearest("amuont", known.into_iter()), Some("amount"));
        assert_eq!(nearest("paid_tody", known.into_iter()), Some("paid_today"));
        assert_eq!(nearest("colour", known.into_iter()), None);
        assert_eq!(nearest(&"a".repeat(65), ["a".repeat(65).as_str()].into_iter()), None);
    }
}
