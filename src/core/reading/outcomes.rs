//! Outcomes in words.

use super::operands::Sort;
use super::{PartKind, Phrase, Worded, Wording};
use crate::model::{Limit, ReasonIndex};
use crate::plan::{OutcomeNode, ReasonNode};
use crate::text::{Language, LocalText};

impl Wording<'_, '_> {
    /// What an outcome does, and for which reason.
    pub(super) fn outcome(&mut self, outcome: &OutcomeNode) -> Worded<Phrase> {
        self.spend()?;
        Ok(match outcome {
            OutcomeNode::Verdict(verdict, reason) => {
                let word = Phrase::part(PartKind::Verdict(*verdict), &verdict.text());
                let reason = self.reason(*reason)?;
                Phrase::of("{0} · {1}", "{0} · {1}", &[&word, &reason])
            }
            OutcomeNode::Score(points, reason) => {
                let (points, reason) = (self.operand(*points, Sort::Int(None))?, self.reason(*reason)?);
                Phrase::of("score {0} points · {1}", "评分 {0} 分 · {1}", &[&points, &reason])
            }
            OutcomeNode::Limit(amounts) => {
                let mut limits = Vec::new();
                for (limit, amount) in Limit::ALL.into_iter().zip(amounts) {
                    let Some(amount) = amount else { continue };
                    let (en, zh) = match limit {
                        Limit::Single => ("per payment at most {0}", "单笔不超过{0}"),
                        Limit::Day => ("per day at most {0}", "日累计不超过{0}"),
                        Limit::Month => ("per month at most {0}", "月累计不超过{0}"),
                        Limit::Year => ("per year at most {0}", "年累计不超过{0}"),
                    };
                    let amount = self.operand(*amount, Sort::Money)?;
                    limits.push(Phrase::of(en, zh, &[&amount]));
                }
                Phrase::of("limit {0}", "限额：{0}", &[&Phrase::joined(&limits, "; ", "；")])
            }
            OutcomeNode::Route(interface) => {
                let held = self.definition().rule_set.interfaces.get_index(interface.at());
                let name = held.map(|(id, held)| {
                    let name = |language| match held.title.get(language) {
                        "" => id.to_string(),
                        title => title.to_owned(),
                    };
                    LocalText::new(format!("“{}”", name(Language::En)), format!("“{}”", name(Language::Zh)))
                });
                Phrase::of("route to {0}", "路由至{0}", &[&Phrase::value(&name.unwrap_or_default())])
            }
            OutcomeNode::RouteTo(node) => Phrase::of("route to {0}", "路由至{0}", &[&self.operand(*node, Sort::Text)?]),
        })
    }

    fn reason(&mut self, reason: ReasonNode) -> Worded<Phrase> {
        match reason {
            ReasonNode::Fixed(reason) => Ok(self.fixed_reason(reason)),
            ReasonNode::Of(node) => {
                let code = self.operand(node, Sort::Text)?;
                Ok(Phrase::of("the reason named by {0}", "{0}所指的原因", &[&code]))
            }
        }
    }

    fn fixed_reason(&self, reason: ReasonIndex) -> Phrase {
        let held = self.definition().rule_set.reasons.get_index(reason.at());
        let text = |language| {
            held.map_or_else(String::new, |(code, reason)| match reason.text.get(language) {
                "" => code.to_string(),
                text => text.to_owned(),
            })
        };
        Phrase::words(&text(Language::En), &text(Language::Zh))
    }
}
