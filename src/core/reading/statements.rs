//! Statements in words.

use super::operands::{Sort, quoted};
use super::{Clause, Phrase, PlainStatement, Says, Worded, Wording};
use crate::plan::{CompareOp, NodeId, Op, Set};
use crate::text::{Language, LocalText, grouped};

impl Wording<'_, '_> {
    /// A statement in words, with the values that must be there.
    pub(super) fn statement(&mut self, statement: &PlainStatement) -> Worded<Phrase> {
        // The guard of a value that is compared is printed with the comparison.
        let compared = match &statement.says {
            Says::Compare(_, item, _) | Says::OneOf(item, _) | Says::InSet(item, _) | Says::InList(item, _) => {
                Some(self.bare(*item))
            }
            _ => None,
        };
        let given: Vec<NodeId> = statement.guards.iter().filter_map(|guard| self.value_of(*guard)).collect();
        let in_passing = compared.is_some() && given.as_slice() == compared.as_slice();
        let said = self.said(statement, if in_passing { Subject::Given } else { Subject::Named })?;
        if given.is_empty() || in_passing {
            return Ok(said);
        }
        let given = given.iter().map(|value| self.operand(*value, Sort::Unknown)).collect::<Worded<Vec<_>>>()?;
        let are = if given.len() == 1 { "is" } else { "are" };
        let given = Phrase::joined(&given, " and ", "、");
        Ok(Phrase::of(&format!("{{0}} {are} given, and {{1}}"), "{0}有值，且{1}", &[&given, &said]))
    }

    /// A value without the demand that it is there.
    pub(super) fn bare(&self, node: NodeId) -> NodeId {
        match &self.graph().node(node).op {
            Op::Present(inner) => *inner,
            _ => node,
        }
    }

    /// What a statement says of its subject.
    pub(super) fn said(&mut self, statement: &PlainStatement, subject: Subject) -> Worded<Phrase> {
        let holds = statement.holds;
        let (en, zh) = match subject {
            Subject::Named => ("{0} ", "{0}"),
            Subject::Given => ("{0} is given and ", "{0}有值且"),
            Subject::LeftOut => ("", ""),
        };
        let either = |yes: (&str, &str), no: (&str, &str), phrases: &[&Phrase]| {
            let (more, more_zh) = if holds { yes } else { no };
            Phrase::of(&format!("{en}{more}"), &format!("{zh}{more_zh}"), phrases)
        };
        Ok(match &statement.says {
            Says::Always
                if holds == (self.graph().as_bool(statement.nodes.first().copied().unwrap_or(NodeId(0))) == Some(true)) =>
            {
                Phrase::words("always", "始终成立")
            }
            Says::Always => Phrase::words("never", "始终不成立"),
            Says::Compare(how, one, other) => {
                let sort = self.sort(*one).or(self.sort(*other));
                let (more, more_zh) = comparison(*how, sort);
                let (one, other) = (self.operand(*one, sort)?, self.operand(*other, sort)?);
                Phrase::of(&format!("{en}{more} {{1}}"), &format!("{zh}{more_zh}{{1}}"), &[&one, &other])
            }
            Says::OneOf(item, values) => {
                let sort = self.sort(*item);
                let item = self.operand(*item, sort)?;
                let values = values.iter().map(|value| self.operand(*value, sort)).collect::<Worded<Vec<_>>>()?;
                let values = several(&values);
                let (more, more_zh) = if statement.is_all { NONE_OF } else { ONE_OF };
                Phrase::of(&format!("{en}{more}"), &format!("{zh}{more_zh}"), &[&item, &values])
            }
            Says::InSet(item, set) => {
                let sort = self.sort(*item);
                let item = self.operand(*item, sort)?;
                let values: Vec<Phrase> = match set {
                    Set::Ints(numbers) => numbers.iter().map(|number| self.number(*number, sort)).collect(),
                    Set::Texts(texts) => texts.iter().map(|text| Phrase::value(&quoted(text, sort))).collect(),
                };
                either(ONE_OF, NONE_OF, &[&item, &several(&values)])
            }
            Says::InList(item, list) => {
                let item = self.operand(*item, Sort::Unknown)?;
                let list = self.list(*list);
                either(("is in {1}", "在{1}中"), ("is not in {1}", "不在{1}中"), &[&item, &list])
            }
            Says::Missing(value) => {
                let value = self.operand(*value, Sort::Unknown)?;
                either(("is missing", "缺失"), ("is given", "有值"), &[&value])
            }
            Says::Call(function, args) => {
                let words = if holds { function.words } else { function.words_if_not };
                let args = self.arguments(*function, args)?;
                Phrase::of(words.en, words.zh, &args.iter().collect::<Vec<_>>())
            }
            Says::Agree(one, other, agree) => {
                let (one, other) = (self.inline(*one, true)?, self.inline(*other, true)?);
                if *agree {
                    Phrase::of("({0}) exactly when ({1})", "（{0}）当且仅当（{1}）", &[&one, &other])
                } else {
                    Phrase::of("either ({0}) or ({1}), but not both", "（{0}）与（{1}）有且仅有一项成立", &[&one, &other])
                }
            }
            Says::Truth(node) => {
                let value = self.operand(*node, Sort::Bool)?;
                either(("is yes", "为是"), ("is no", "为否"), &[&value])
            }
        })
    }

    /// A condition within a sentence.
    pub(super) fn inline(&mut self, node: NodeId, holds: bool) -> Worded<Phrase> {
        let clause = self.worded(node, holds)?;
        Ok(inline(&clause, false))
    }

    /// A list by its title, with how many entries it has.
    fn list(&self, list: crate::model::ListIndex) -> Phrase {
        let Some((id, held)) = self.definition().rule_set.lists.get_index(list.at()) else { return Phrase::default() };
        let name = |language| match held.title.get(language) {
            "" => id.to_string(),
            title => title.to_owned(),
        };
        let title = LocalText { en: name(Language::En), zh: name(Language::Zh) };
        let title =
            Phrase::part(super::PartKind::List(list), &LocalText::new(format!("“{}”", title.en), format!("“{}”", title.zh)));
        let count = held.entries.len();
        let (entries, number) = (if count == 1 { "entry" } else { "entries" }, grouped(count));
        Phrase::of(&format!("the list {{0}} ({number} {entries})"), &format!("名单{{0}}（{number} 条）"), &[&title])
    }
}

/// How the value that a statement is about is named.
#[derive(Clone, Copy)]
pub(super) enum Subject {
    /// "X is over".
    Named,
    /// "X is given and is over".
    Given,
    /// "is over": printed as "above".
    LeftOut,
}

const ONE_OF: (&str, &str) = ("is one of {1}", "为{1}之一");
const NONE_OF: (&str, &str) = ("is none of {1}", "不是{1}中的任何一项");

/// "A, B and C".
fn several(values: &[Phrase]) -> Phrase {
    match values.split_last() {
        Some((last, rest)) if !rest.is_empty() => {
            let rest = Phrase::joined(rest, ", ", "、");
            Phrase::joined(&[rest, last.clone()], " and ", "、")
        }
        _ => Phrase::joined(values, ", ", "、"),
    }
}

/// A clause within a sentence; in brackets where that is needed.
pub(super) fn inline(clause: &Clause, brackets: bool) -> Phrase {
    let (parts, (en, zh)) = match clause {
        Clause::One(statement) => return statement.text.clone(),
        Clause::All(parts) => (parts, (" and ", "且")),
        Clause::Any(parts) => (parts, (" or ", "或")),
    };
    let parts: Vec<Phrase> = parts.iter().map(|part| inline(part, true)).collect();
    let all = Phrase::joined(&parts, en, zh);
    if brackets { Phrase::of("({0})", "（{0}）", &[&all]) } else { all }
}

/// The words of a comparison.
fn comparison(how: CompareOp, sort: Sort<'_>) -> (&'static str, &'static str) {
    let is_time = matches!(sort, Sort::Time);
    match how {
        CompareOp::Equal | CompareOp::Same => ("is", "为"),
        CompareOp::NotEqual => ("is not", "不为"),
        CompareOp::Less if is_time => ("is before", "早于"),
        CompareOp::LessOrEqual if is_time => ("is no later than", "不晚于"),
        CompareOp::Greater if is_time => ("is after", "晚于"),
        CompareOp::GreaterOrEqual if is_time => ("is no earlier than", "不早于"),
        CompareOp::Less => ("is under", "低于"),
        CompareOp::LessOrEqual => ("is at most", "不超过"),
        CompareOp::Greater => ("is over", "超过"),
        CompareOp::GreaterOrEqual => ("is at least", "不低于"),
    }
}
