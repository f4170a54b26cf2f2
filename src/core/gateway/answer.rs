//! A decision with names and codes in place of positions: what a gateway logs and sends on.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::model::{Decision, DecisionError, Fen, InterfaceIndex, Limit, ReasonGiven, RuleIndex};
use crate::release::Release;

/// A decision for other programs. As JSON, every field is always there; what does not apply is `null` or empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionResponse {
    /// `accept`, `step_up`, `refer` or `decline`.
    pub verdict: String,
    /// The reasons of that verdict, in order of evaluation.
    pub reasons: Vec<AnswerReason>,
    /// The smallest amount per limit, in fen: `single`, `day`, `month`, `year`.
    pub limits: IndexMap<String, i64>,
    /// The interface to use.
    pub interface: Option<String>,
    /// The rule that routed; none for a stage's default.
    pub routed_by: Option<String>,
    /// The sum of all scores.
    pub score: i64,
    /// Active rules that returned an outcome, in order of evaluation.
    pub hits: Vec<String>,
    /// Shadow rules that returned an outcome.
    pub shadow_hits: Vec<String>,
    /// What failed.
    pub errors: Vec<AnswerError>,
    /// What decided.
    pub release: String,
    /// The rule set's version in that release.
    pub version: String,
}

/// A reason with its codes on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerReason {
    /// Our own code, such as `INTERFACE_CLOSED_FOR_NEW`.
    pub code: String,
    /// The code on the wire, such as `PB511099`.
    pub wire: String,
    /// ISO 8583 field 39, such as `57`.
    pub iso8583: Option<String>,
    /// The rule that gave it; none for a Route stage without a route.
    pub rule: Option<String>,
}

/// A rule that failed, or a stage that found no route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerError {
    /// The stage.
    pub stage: String,
    /// The rule; none when no rule routed.
    pub rule: Option<String>,
    /// Whether the rule is a shadow; then the error has no effect.
    pub shadow: bool,
    /// What went wrong.
    pub message: String,
}

/// What a gateway runs, for its operators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerRelease {
    /// The release's digest: its identity.
    pub digest: String,
    /// The rule set's name.
    pub name: String,
    /// The rule set's version.
    pub version: String,
    /// When it was made.
    pub created_at: String,
    /// Who made it.
    pub maker: String,
    /// How many approved it, besides the maker who submitted it.
    pub approvals: usize,
}

impl AnswerRelease {
    /// What a release is called.
    #[must_use]
    pub fn new(release: &Release) -> Self {
        Self {
            digest: release.digest().to_string(),
            name: release.name().to_owned(),
            version: release.version().to_owned(),
            created_at: release.provenance().created_at.to_string(),
            maker: release.provenance().maker.clone(),
            approvals: release.approvals().iter().filter(|approval| approval.counts()).count(),
        }
    }
}

impl DecisionResponse {
    /// Names what `decision` of `request`, made by `release`, points at. An error's wording holds no personal value.
    #[must_use]
    pub fn new(release: &Release, decision: &Decision) -> Self {
        let rules = &release.definition().rule_set;
        let rule = |index: RuleIndex| rules.rule(index).map(|rule| rule.id.to_string()).unwrap_or_default();
        let interface = |index: InterfaceIndex| rules.interfaces.get_index(index.at()).map(|(id, _)| id.to_string());
        let reason = |given: &ReasonGiven| {
            let found = rules.reasons.get_index(given.reason.at());
            AnswerReason {
                code: found.map(|(code, _)| code.to_string()).unwrap_or_default(),
                wire: found.map(|(_, reason)| reason.wire.clone()).unwrap_or_default(),
                iso8583: found.and_then(|(_, reason)| reason.iso8583.clone()),
                rule: given.rule.map(rule),
            }
        };
        let error = |error: &DecisionError| AnswerError {
            stage: rules.stages.get(error.stage.at()).map(|stage| stage.id.to_string()).unwrap_or_default(),
            rule: error.rule.map(rule),
            shadow: error.shadow,
            message: error.message.clone(),
        };
        let limit = |limit: Limit| decision.limits.get(limit).map(|Fen(amount)| (limit.word().to_owned(), amount));
        Self {
            verdict: decision.verdict.word().to_owned(),
            reasons: decision.reasons.iter().map(reason).collect(),
            limits: Limit::ALL.into_iter().filter_map(limit).collect(),
            interface: decision.interface.and_then(interface),
            routed_by: decision.routed_by.map(rule),
            score: decision.score,
            hits: decision.hits.iter().map(|index| rule(*index)).collect(),
            shadow_hits: decision.shadow_hits.iter().map(|index| rule(*index)).collect(),
            errors: decision.errors.iter().map(error).collect(),
            release: release.digest().to_string(),
            version: release.version().to_owned(),
        }
    }
}
