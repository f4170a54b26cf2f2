//! One decision in words: verdict, interface, reasons, score, limits, rules.

use super::figures;
use crate::Session;
use countersign_core::engine::Engine;
use countersign_core::model::{Decision, Definition, Limit, RuleId, Verdict};
use countersign_core::text::{Language, LocalText};

/// A decision as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionText {
    pub verdict: Verdict,
    /// The interface's title; none where none is chosen.
    pub interface: Option<LocalText>,
    /// Codes of the verdict's reasons, each with its text.
    pub reasons: Vec<(String, LocalText)>,
    pub score: i64,
    /// The limits that are set, with their amounts in yuan.
    pub limits: Vec<(LocalText, String)>,
    pub hits: Vec<RuleId>,
    pub failed: Vec<RuleId>,
}

impl DecisionText {
    pub fn new(definition: &Definition, decision: &Decision) -> Self {
        let rules = &definition.rule_set;
        let named = |title: &LocalText, id: &str| if title.en.is_empty() { LocalText::same(id) } else { title.clone() };
        let interface = decision.interface.and_then(|interface| rules.interfaces.get_index(interface.at()));
        let mut reasons: Vec<(String, LocalText)> = Vec::new();
        for given in &decision.reasons {
            if let Some((code, reason)) = rules.reasons.get_index(given.reason.at())
                && !reasons.iter().any(|(known, _)| known == code.as_str())
            {
                reasons.push((code.to_string(), reason.text.clone()));
            }
        }
        let limit = |limit: Limit| Some((limit_text(limit), figures::yuan(i128::from(decision.limits.get(limit)?.0))));
        let id = |rule: &countersign_core::model::RuleIndex| rules.rule(*rule).map(|rule| rule.id.clone());
        Self {
            verdict: decision.verdict,
            interface: interface.map(|(id, interface)| named(&interface.title, id.as_str())),
            reasons,
            score: decision.score,
            limits: Limit::ALL.into_iter().filter_map(limit).collect(),
            hits: decision.hits.iter().filter_map(id).collect(),
            failed: decision.errors.iter().filter_map(|error| id(&error.rule?)).collect(),
        }
    }

    /// The codes of the reasons in one line.
    pub fn codes(&self) -> String {
        let codes: Vec<&str> = self.reasons.iter().map(|(code, _)| code.as_str()).collect();
        codes.join(", ")
    }

    /// The texts of the reasons in one line.
    pub fn reason_texts(&self, language: Language) -> String {
        let texts: Vec<&str> =
            self.reasons.iter().map(|(code, text)| if text.en.is_empty() { code } else { text.get(language) }).collect();
        texts.join(if language == Language::Zh { "、" } else { ", " })
    }

    /// The limits in one line.
    pub fn limits_text(&self, language: Language) -> String {
        let limits: Vec<String> = self.limits.iter().map(|(name, amount)| format!("{} {amount}", name.get(language))).collect();
        limits.join(if language == Language::Zh { "，" } else { ", " })
    }
}

/// The name of a limit.
pub fn limit_text(limit: Limit) -> LocalText {
    match limit {
        Limit::Single => LocalText::new("single limit", "单笔限额"),
        Limit::Day => LocalText::new("daily limit", "日累计限额"),
        Limit::Month => LocalText::new("monthly limit", "月累计限额"),
        Limit::Year => LocalText::new("yearly limit", "年累计限额"),
    }
}

/// What decides single requests: the draft, or while it has errors the last one that had none.
pub fn engine(session: &Session) -> Option<&Engine> {
    session.engine().or_else(|| session.impact().value.map(|impact| impact.new.engine()))
}
