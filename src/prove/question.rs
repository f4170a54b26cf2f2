//! What can be asked of a rule set, and the answers.

use super::budget::UnknownReason;
use super::decided::Decided;
use super::witness::Witness;
use countersign_core::model::{RuleIndex, StageIndex, Verdict};

/// A question about every request there can be: whether there is one for which this is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// A rule is evaluated and gives something.
    Fires(RuleIndex),
    Fails(RuleIndex),
    /// A Route stage without a default ends without an interface.
    Unrouted(StageIndex),
    /// The sum of a stage falls into a band, by its position.
    InBand(StageIndex, usize),
    /// An invariant, by its position, is broken.
    Breaks(usize),
    /// The first rule set gives a milder verdict than the second.
    Milder,
    /// The first rule set gives a more severe verdict than the second.
    Stricter,
}

/// An answer has three values: that nothing was found is no proof.
#[derive(Clone, Debug, PartialEq)]
pub enum ProofAnswer {
    /// Proved: no request does it.
    Never,
    Request(Box<Witness>),
    /// Neither was found.
    Unknown(UnknownReason),
}

/// Why a rule never fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Silence {
    /// Its own conditions and window hold for no request.
    Alone,
    /// Whenever it would fire, one of these rules before it has settled the stage; without any of them it could fire.
    Shadowed(Vec<RuleIndex>),
    /// Its stage is not reached by any request it would fire for.
    NotReached,
    /// The budget did not suffice to say.
    Unknown(UnknownReason),
}

/// How one rule set relates to another over all requests, by verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Whether the first gives a milder verdict somewhere.
    pub milder: ProofAnswer,
    /// Whether the first gives a more severe verdict somewhere.
    pub stricter: ProofAnswer,
}

/// The relation in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The same verdict for every request.
    Equivalent,
    /// Never milder, somewhere more severe.
    OnlyStricter,
    /// Never more severe, somewhere milder.
    OnlyMilder,
    /// Both.
    Incomparable,
    /// Not known.
    Unknown,
}

impl ProofAnswer {
    pub fn is_request(&self) -> bool {
        matches!(self, Self::Request(_))
    }

    /// Whether it is proved that there is none.
    pub fn is_never(&self) -> bool {
        matches!(self, Self::Never)
    }
}

impl Relation {
    /// The relation in one word.
    pub fn direction(&self) -> Direction {
        match (&self.milder, &self.stricter) {
            (ProofAnswer::Unknown(_), _) | (_, ProofAnswer::Unknown(_)) => Direction::Unknown,
            (ProofAnswer::Never, ProofAnswer::Never) => Direction::Equivalent,
            (ProofAnswer::Never, ProofAnswer::Request(_)) => Direction::OnlyStricter,
            (ProofAnswer::Request(_), ProofAnswer::Never) => Direction::OnlyMilder,
            (ProofAnswer::Request(_), ProofAnswer::Request(_)) => Direction::Incomparable,
        }
    }
}

impl Question {
    /// Whether decided requests show what the question asks for: one for each rule set.
    pub(super) fn is_shown(self, decided: &[Decided], bands: impl Fn(StageIndex) -> Vec<i64>) -> bool {
        let Some(first) = decided.first() else { return false };
        let decision = &first.trace.decision;
        let verdicts = || -> Option<(Verdict, Verdict)> { Some((decision.verdict, decided.get(1)?.trace.decision.verdict)) };
        match self {
            Self::Fires(rule) => decision.hits.contains(&rule) || decision.shadow_hits.contains(&rule),
            Self::Fails(rule) => decision.errors.iter().any(|error| error.rule == Some(rule)),
            Self::Unrouted(stage) => decision.errors.iter().any(|error| error.stage == stage && error.rule.is_none()),
            Self::InBand(stage, at) => first.trace.stages.iter().any(|held| {
                let reached = held.result.filter(|_| held.stage == stage);
                reached.is_some_and(|result| bands(stage).iter().rposition(|least| result.score >= *least) == Some(at))
            }),
            Self::Breaks(invariant) => first.broken.contains(&invariant),
            Self::Milder => verdicts().is_some_and(|(one, other)| one < other),
            Self::Stricter => verdicts().is_some_and(|(one, other)| one > other),
        }
    }
}
