//! The operators of scripts, and the functions that give outcomes.

use super::types::OutcomeKinds;
use crate::model::Verdict;

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `-x`.
    Negate,
    /// `+x`.
    Plus,
    /// `!x`.
    Not,
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Modulo,
    /// `**`.
    Power,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `a..b`, without `b`.
    Range,
    /// `a..=b`, with `b`.
    InclusiveRange,
}

impl BinaryOp {
    /// The comparison that holds where this one does not; the operator itself where it is no comparison.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
            other => other,
        }
    }

    /// The same comparison with its sides exchanged.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            other => other,
        }
    }

    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Modulo,
        Self::Power,
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessOrEqual,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::Range,
        Self::InclusiveRange,
    ];

    /// As written in a script.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
            Self::Power => "**",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Range => "..",
            Self::InclusiveRange => "..=",
        }
    }

    /// Whether it compares two values.
    #[must_use]
    pub fn is_comparison(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual | Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual)
    }
}

/// Which outcome function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutcomeCall {
    /// `accept(reason)`, `step_up(reason)`, `refer(reason)`, `decline(reason)`.
    Verdict(Verdict),
    /// `score(points, reason)`.
    Score,
    /// `limit(#{ … })`.
    Limit,
    /// `route(interface)`.
    Route,
}

impl OutcomeCall {
    /// The function's name in scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Verdict(verdict) => verdict.word(),
            Self::Score => "score",
            Self::Limit => "limit",
            Self::Route => "route",
        }
    }

    /// What it gives, as a type.
    #[must_use]
    pub fn kinds(self) -> OutcomeKinds {
        let none = OutcomeKinds::default();
        match self {
            Self::Verdict(_) => OutcomeKinds { verdict: true, ..none },
            Self::Score => OutcomeKinds { score: true, ..none },
            Self::Limit => OutcomeKinds { limit: true, ..none },
            Self::Route => OutcomeKinds { route: true, ..none },
        }
    }
}
