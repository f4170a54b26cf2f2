//! An explanation as plain data: stages, rules, and the values inside each rule. Every text for people is there in both languages.

use serde::{Serialize, Serializer};

use crate::model::{Decision, FieldIndex, InterfaceId, ReasonId, RuleId, RuleIndex, Scalar, StageId, Value, Verdict, Zone};
use crate::text::{LocalText, Span};

/// Why one request is decided as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The request's key.
    pub request: String,
    /// The zone that times are shown in.
    pub zone: Zone,
    /// The decision, with positions; the fields below hold the same by name.
    #[serde(skip)]
    pub decision: Decision,
    /// The verdict.
    pub verdict: Verdict,
    /// The reasons of the verdict, each with the rule that gave it.
    pub reasons: Vec<GivenReason>,
    /// The sum of scores.
    pub score: i64,
    /// The interface the request goes to.
    pub interface: Option<GivenInterface>,
    /// The limits, each with the rules that set the smallest amount.
    pub limits: Vec<GivenLimit>,
    /// The stages in order.
    pub stages: Vec<StageExplanation>,
}

/// A reason of the verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GivenReason {
    /// Its code.
    pub code: ReasonId,
    /// Its text.
    pub text: LocalText,
    /// The rule that gave it; none where no rule could.
    pub rule: Option<RuleId>,
}

/// The interface a request goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GivenInterface {
    /// Its id.
    pub id: InterfaceId,
    /// Its title.
    pub title: LocalText,
    /// The rule that routed; none for the stage's default.
    pub rule: Option<RuleId>,
}

/// A limit that is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GivenLimit {
    /// `single`, `day`, `month` or `year`.
    pub limit: &'static str,
    /// The amount in yuan: `5000.00`.
    pub amount: String,
    /// The amount as people write it: `5,000.00`.
    pub shown: String,
    /// The rules that set just this amount.
    pub rules: Vec<RuleId>,
}

/// What happened in one stage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageExplanation {
    /// The stage.
    pub id: StageId,
    /// Its title.
    pub title: LocalText,
    /// Whether it was reached.
    pub reached: bool,
    /// Its result.
    pub verdict: Option<Verdict>,
    /// The sum of its scores.
    pub score: i64,
    /// The verdict of the band the sum fell into.
    pub band: Option<Verdict>,
    /// The rules that decided it: those whose verdict or error is the stage's, that scored into its band, that routed, or that set a
    /// limit of the decision.
    pub decided_by: Vec<RuleId>,
    /// Its rules in order.
    pub rules: Vec<RuleExplanation>,
}

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It gave an outcome.
    Fired,
    /// It was evaluated and gave none.
    DidNotFire,
    /// A rule before it settled the stage, or the stage was not reached.
    NotReached,
    /// Its status is Off.
    Off,
    /// The request's time lies outside its window.
    OutOfWindow,
    /// It failed.
    Error,
}

/// What happened to one rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleExplanation {
    /// Its position.
    #[serde(skip)]
    pub index: RuleIndex,
    /// The rule.
    pub id: RuleId,
    /// Its title.
    pub title: LocalText,
    /// Its script's file.
    pub file: String,
    /// What became of it.
    pub fate: Fate,
    /// Whether it is a shadow, without effect.
    pub shadow: bool,
    /// Its outcome, for people.
    pub outcomes: Vec<LocalText>,
    /// What went wrong, in the interpreter's words.
    pub error: Option<String>,
    /// Whether the values inside are known: the rule was evaluated, and following its script gave the interpreter's result.
    pub followed: bool,
    /// Its statements with the value of every part; empty where they are not known.
    pub tree: Vec<ExplanationNode>,
    /// The conditions that kept it from firing.
    pub failing: Vec<Failing>,
    /// Why it did not fire, in one sentence; for a rule that fired, what would have kept it from firing.
    pub why: Option<LocalText>,
    /// Changes of one field that would turn it, the smallest first, at most one a field.
    pub changes: Vec<FieldChange>,
}

/// What a part of a script is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// `if`, with its condition first, then the statements of either branch.
    If,
    /// `switch`, with what is looked at first.
    Switch,
    /// A loop; values are those of the last time round.
    Loop,
    /// All parts must hold.
    All,
    /// One part must hold.
    Any,
    /// The opposite.
    Not,
    /// A comparison or a look-up with `in`.
    Comparison,
    /// A call of a helper or a shared function; the latter's statements are parts.
    Call,
    /// A call of an outcome function.
    Outcome,
    /// A field, parameter or variable.
    Name,
    /// A variable is made or changed.
    Assignment,
    /// `return`.
    Return,
    /// Anything else that is reckoned.
    Value,
}

/// A part of a script with its value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExplanationNode {
    /// What it is.
    pub kind: NodeKind,
    /// Its own text; of what has statements inside, only the head.
    pub text: String,
    /// Its bytes in the script's file, or in the shared functions.
    #[serde(serialize_with = "bytes")]
    pub span: Span,
    /// Whether it lies in the shared functions.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// Whether the script evaluates it for this request.
    pub reached: bool,
    /// Whether the script failed just here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub failed: bool,
    /// Its truth value, where it has one; of what is not reached, what it would be.
    pub holds: Option<bool>,
    /// Its value as people write it; none for what is not reached.
    pub value: Option<LocalText>,
    /// Its parts in order of evaluation; what is written out has no node.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ExplanationNode>,
}

/// A condition that kept a rule from firing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failing {
    /// Its own text.
    pub text: String,
    /// Its bytes.
    #[serde(serialize_with = "bytes")]
    pub span: Span,
    /// What it was: "`money.amount` 4,980.00 is not over 5,000.00".
    pub said: LocalText,
}

/// Another value of one field that would turn a rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldChange {
    /// The field's position.
    #[serde(skip)]
    pub index: FieldIndex,
    /// The field.
    pub field: String,
    /// Its value, as files write it; personal values are masked.
    pub from: Scalar,
    /// The value that would turn the rule; personal values are masked.
    pub to: Scalar,
    /// The same, to set in a request.
    #[serde(skip)]
    pub value: Value,
    /// The change in words: "20.01 more", "set to New customer (new)".
    pub said: LocalText,
}

fn bytes<S: Serializer>(span: &Span, to: S) -> Result<S::Ok, S::Error> {
    (span.start, span.end).serialize(to)
}
