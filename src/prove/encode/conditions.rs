//! Comparisons and membership in the formula.

use std::sync::Arc;

use batsat::Lit;

use super::super::linear::Linear;
use super::super::texts::{Ask, Text, texts_of};
use super::term::{Cases, Floating, Term, Val};
use super::{Encoder, Part};
use countersign_core::model::{ListEntries, ListIndex};
use countersign_core::plan::{CompareOp, Constant, Graph, NodeId, Op, Set};

/// The most numbers of a list that are told apart.
const MOST_NUMBERS: usize = 2_000;

impl Encoder {
    pub(super) fn compare(&mut self, part: &Part<'_>, graph: &Graph, how: CompareOp, one: NodeId, other: NodeId) -> Term {
        let (left, right) = (part.term(one).clone(), part.term(other).clone());
        let fails = self.formula.any([left.fails, right.fails]);
        let both = self.formula.all([left.missing, right.missing]);
        let neither = self.formula.all([!left.missing, !right.missing]);
        let known =
            |id: NodeId| if let Op::Constant(Constant::Text(text)) = &graph.node(id).op { Some(Arc::clone(text)) } else { None };
        let equality = matches!(how, CompareOp::Equal | CompareOp::NotEqual | CompareOp::Same);
        let same_text = match (known(one), known(other)) {
            (None, Some(text)) if equality => Some(self.is_text(part, graph, one, &text)),
            (Some(text), None) if equality => Some(self.is_text(part, graph, other, &text)),
            _ => None,
        };
        let mut unsure = self.formula.no();
        let there = match same_text {
            Some(same) => {
                if how == CompareOp::NotEqual {
                    !same
                } else {
                    same
                }
            }
            None => self.compare_values(how, &left.value, &right.value, &mut unsure),
        };
        let truth = self.formula.all([neither, there]);
        let truth = match how {
            CompareOp::NotEqual => {
                let one_is = self.formula.all([!both, !neither]);
                self.formula.any([truth, one_is])
            }
            _ if equality => self.formula.any([both, truth]),
            _ => truth,
        };
        let fails = self.formula.any([fails, unsure]);
        Term { fails, missing: self.formula.no(), value: Val::Bool(truth) }
    }

    /// A comparison of two values that are there; `unsure` where it may fail.
    fn compare_values(&mut self, how: CompareOp, one: &Val, other: &Val, unsure: &mut Lit) -> Lit {
        match (one, other) {
            (Val::Int(one), Val::Int(other)) => self.cross(one, other, |this, one, other| {
                Some(match how {
                    CompareOp::Equal | CompareOp::Same => this.equal(one, other),
                    CompareOp::NotEqual => !this.equal(one, other),
                    CompareOp::LessOrEqual => this.at_most(one, other),
                    CompareOp::Greater => !this.at_most(one, other),
                    CompareOp::GreaterOrEqual => this.at_most(other, one),
                    CompareOp::Less => !this.at_most(other, one),
                })
            }),
            (Val::Float(one), Val::Float(other)) => self.cross(one, other, |this, one, other| this.floats(how, one, other)),
            (Val::Bool(one), Val::Bool(other)) => self.truths(how, *one, *other),
            (Val::Text(one), Val::Text(other)) => self.cross(one, other, |this, one, other| this.order_texts(how, one, other)),
            _ => {
                *unsure = self.formula.yes();
                self.formula.no()
            }
        }
    }

    fn cross<A, B>(&mut self, one: &Cases<A>, other: &Cases<B>, ask: impl Fn(&mut Self, &A, &B) -> Option<Lit>) -> Lit {
        let mut held = Vec::new();
        for (left_guard, left) in one {
            for (right_guard, right) in other {
                let guard = self.formula.all([*left_guard, *right_guard]);
                if guard == self.formula.no() {
                    continue;
                }
                let answer = match ask(self, left, right) {
                    Some(answer) => answer,
                    None => self.vague_truth("a comparison of values of two kinds of request data", "两类请求数据之间的比较"),
                };
                held.push(self.formula.all([guard, answer]));
            }
        }
        self.formula.any(held)
    }

    fn floats(&mut self, how: CompareOp, one: &Floating, other: &Floating) -> Option<Lit> {
        let at_most = self.floats_at_most(one, other)?;
        Some(match how {
            CompareOp::LessOrEqual => at_most,
            CompareOp::Greater => !at_most,
            CompareOp::GreaterOrEqual => self.floats_at_most(other, one)?,
            CompareOp::Less => !self.floats_at_most(other, one)?,
            CompareOp::Equal | CompareOp::Same | CompareOp::NotEqual => {
                let at_least = self.floats_at_most(other, one)?;
                let same = self.formula.all([at_most, at_least]);
                if how == CompareOp::NotEqual { !same } else { same }
            }
        })
    }

    fn truths(&mut self, how: CompareOp, one: Lit, other: Lit) -> Lit {
        match how {
            CompareOp::Equal | CompareOp::Same => self.formula.same(one, other),
            CompareOp::NotEqual => !self.formula.same(one, other),
            CompareOp::Less => self.formula.all([!one, other]),
            CompareOp::LessOrEqual => self.formula.any([!one, other]),
            CompareOp::Greater => self.formula.all([one, !other]),
            CompareOp::GreaterOrEqual => self.formula.any([one, !other]),
        }
    }

    fn order_texts(&mut self, how: CompareOp, one: &Text, other: &Text) -> Option<Lit> {
        match how {
            CompareOp::Equal | CompareOp::Same => return Some(self.texts.same(&mut self.formula, one, other)),
            CompareOp::NotEqual => return Some(!self.texts.same(&mut self.formula, one, other)),
            _ => {}
        }
        let (text, known, turned) = match (one, other) {
            (text, Text::Known(known)) => (text, known, false),
            (Text::Known(known), text) => (text, known, true),
            _ => return None,
        };
        let before = self.texts.ask(&mut self.formula, text, &Ask::Before(Arc::clone(known)));
        let same = self.texts.same(&mut self.formula, text, &Text::Known(Arc::clone(known)));
        let until = self.formula.any([before, same]);
        Some(match (how, turned) {
            (CompareOp::Less, false) | (CompareOp::Greater, true) => before,
            (CompareOp::LessOrEqual, false) | (CompareOp::GreaterOrEqual, true) => until,
            (CompareOp::Greater, false) | (CompareOp::Less, true) => !until,
            _ => !before,
        })
    }

    pub(super) fn in_list(&mut self, part: &Part<'_>, graph: &Graph, list: ListIndex, item: NodeId) -> Term {
        let term = part.term(item).clone();
        let fails = term.is_bad(&mut self.formula);
        let truth = match part.plan.list(list) {
            Some(entries @ ListEntries::Text(_)) => match texts_of(entries) {
                Some(texts) => self.one_of(part, graph, item, &texts),
                None => self.formula.no(),
            },
            Some(ListEntries::Int(numbers)) => self.one_of_numbers(&term, numbers),
            None => self.vague_truth("a list that is not there", "不存在的名单"),
        };
        Term { fails, missing: self.formula.no(), value: Val::Bool(truth) }
    }

    pub(super) fn in_set(&mut self, part: &Part<'_>, graph: &Graph, set: &Set, item: NodeId) -> Term {
        let term = part.term(item).clone();
        let truth = match set {
            Set::Texts(texts) => self.one_of(part, graph, item, texts),
            Set::Ints(numbers) => self.one_of_numbers(&term, numbers),
        };
        let truth = self.formula.all([!term.missing, truth]);
        Term { fails: term.fails, missing: self.formula.no(), value: Val::Bool(truth) }
    }

    fn one_of(&mut self, part: &Part<'_>, graph: &Graph, item: NodeId, texts: &Arc<[Arc<str>]>) -> Lit {
        let inner = if let Op::Present(inner) = &graph.node(item).op { *inner } else { item };
        if super::numbers::cut_of(graph, inner).is_some() && texts.len() <= MOST_NUMBERS {
            let mut held = Vec::new();
            for text in texts.iter() {
                held.push(self.is_text(part, graph, item, text));
            }
            return self.formula.any(held);
        }
        let Val::Text(cases) = part.term(item).value.clone() else { return self.formula.no() };
        let ask = Ask::OneOf(Arc::clone(texts));
        self.any_case(&cases, |this, text| this.texts.ask(&mut this.formula, text, &ask))
    }

    fn one_of_numbers(&mut self, term: &Term, numbers: &[i64]) -> Lit {
        let Val::Int(cases) = &term.value else { return self.formula.no() };
        if numbers.len() > MOST_NUMBERS {
            return self.vague_truth("a list of more than 2,000 numbers", "超过 2000 个数的名单");
        }
        self.any_case(cases, |this, item| {
            let equal: Vec<Lit> = numbers.iter().map(|number| this.equal(item, &Linear::constant((*number).into()))).collect();
            this.formula.any(equal)
        })
    }
}
