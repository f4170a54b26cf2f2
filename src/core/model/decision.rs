//! What one script returns, and what all rules together say of one request.

use serde::{Deserialize, Serialize};

use super::id::{InterfaceIndex, ReasonIndex, RuleIndex, StageIndex};
use super::value::Fen;
use crate::text::LocalText;

/// What is done with a request, mildest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Verdict {
    /// Let through (通过).
    #[default]
    Accept,
    /// Ask for another factor (加强验证).
    StepUp,
    /// Hand to a person (转人工审核).
    Refer,
    /// Turn down (拒绝).
    Decline,
}

impl Verdict {
    /// All, mildest first.
    pub const ALL: [Self; 4] = [Self::Accept, Self::StepUp, Self::Refer, Self::Decline];

    /// The word in files and on the command line: `accept`, `step_up`, `refer`, `decline`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::StepUp => "step_up",
            Self::Refer => "refer",
            Self::Decline => "decline",
        }
    }

    /// The words for people.
    #[must_use]
    pub fn text(self) -> LocalText {
        match self {
            Self::Accept => LocalText::new("accept", "通过"),
            Self::StepUp => LocalText::new("step up", "加强验证"),
            Self::Refer => LocalText::new("refer", "转人工审核"),
            Self::Decline => LocalText::new("decline", "拒绝"),
        }
    }
}

/// What a limit is counted over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Limit {
    /// One payment (单笔).
    Single,
    /// A day (日累计).
    Day,
    /// A month (月累计).
    Month,
    /// A year (年累计).
    Year,
}

impl Limit {
    /// All, shortest first.
    pub const ALL: [Self; 4] = [Self::Single, Self::Day, Self::Month, Self::Year];

    /// The key in `limit(#{ single: … })`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// Amounts that a customer may pay, each set or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Limits {
    values: [Option<Fen>; 4],
}

impl Limits {
    /// The amount of one limit.
    #[must_use]
    pub fn get(&self, limit: Limit) -> Option<Fen> {
        self.values.get(limit as usize).copied().flatten()
    }

    /// Sets one limit.
    pub fn set(&mut self, limit: Limit, amount: Fen) {
        if let Some(place) = self.values.get_mut(limit as usize) {
            *place = Some(amount);
        }
    }

    /// Keeps the smaller amount of each limit.
    pub fn tighten(&mut self, other: &Self) {
        for (mine, theirs) in self.values.iter_mut().zip(other.values) {
            *mine = match (*mine, theirs) {
                (Some(mine), Some(theirs)) => Some(mine.min(theirs)),
                (one, other) => one.or(other),
            };
        }
    }

    /// Whether none is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.iter().all(Option::is_none)
    }
}

/// One outcome of a script.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// `accept`, `step_up`, `refer` or `decline`, with its reason.
    Verdict(Verdict, ReasonIndex),
    /// `score(points, reason)`.
    Score(i64, ReasonIndex),
    /// `limit(#{ … })`.
    Limit(Limits),
    /// `route(interface)`.
    Route(InterfaceIndex),
}

/// A reason in a decision, and the rule it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReasonGiven {
    /// The code.
    pub reason: ReasonIndex,
    /// The rule that gave it; none for a Route stage without a route.
    pub rule: Option<RuleIndex>,
}

/// A rule that failed, or a Route stage that found no route.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DecisionError {
    /// The stage it happened in.
    pub stage: StageIndex,
    /// The rule that failed; none when no rule routed and there is no default.
    pub rule: Option<RuleIndex>,
    /// Whether the rule is a shadow: then the error has no effect.
    pub shadow: bool,
    /// The interpreter's message, with line and column where it knows them.
    pub message: String,
}

/// What all rules together say of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Decision {
    /// The most severe verdict of the Screen stages, Accept where none was given.
    pub verdict: Verdict,
    /// The reasons of the outcomes that gave that verdict, in order of evaluation, each once.
    pub reasons: Vec<ReasonGiven>,
    /// The smallest amount per limit.
    pub limits: Limits,
    /// The interface to use; none when the decision ended before a Route stage.
    pub interface: Option<InterfaceIndex>,
    /// The rule that routed; none for a stage's default or no route.
    pub routed_by: Option<RuleIndex>,
    /// The sum of all scores, saturating.
    pub score: i64,
    /// Active rules that returned an outcome, in order of evaluation.
    pub hits: Vec<RuleIndex>,
    /// Shadow rules that returned an outcome.
    pub shadow_hits: Vec<RuleIndex>,
    /// What failed.
    pub errors: Vec<DecisionError>,
}
