//! Expressions that make texts, and questions about texts.

use std::sync::Arc;

use batsat::Lit;

use super::super::texts::{Ask, Text};
use super::term::{Cases, MOST_CASES, Term, Val, add_case};
use super::{Encoder, Part, Vague};
use countersign_core::plan::semantics::TEXT_BYTES;
use countersign_core::plan::{Graph, NodeId, ValueKind};
use countersign_core::script::functions::FunctionId;
use countersign_core::text::LocalText;

impl Encoder {
    /// The cases with each text of few possible values as these values.
    pub(super) fn expanded(&mut self, cases: &Cases<Text>) -> Cases<Text> {
        let mut made = Vec::new();
        for (guard, text) in cases {
            let among = match text {
                Text::Open(open) => self.texts.among(*open).filter(|among| among.len() <= MOST_CASES).map(<[Arc<str>]>::to_vec),
                Text::Known(_) => None,
            };
            let (Some(among), Text::Open(open)) = (among, text) else {
                add_case(&mut self.formula, &mut made, *guard, text.clone());
                continue;
            };
            for value in among {
                let is = self.texts.equals(&mut self.formula, *open, &value);
                let guard = self.formula.all([*guard, is]);
                add_case(&mut self.formula, &mut made, guard, Text::Known(value));
            }
        }
        made
    }

    /// A text made of another one; of one that is not known before the request, some text.
    pub(super) fn rewritten(
        &mut self,
        bad: Lit,
        cases: &Cases<Text>,
        rewrite: impl Fn(&str) -> Option<Arc<str>> + Clone + 'static,
    ) -> Term {
        let (mut made, mut fails) = (Vec::new(), vec![bad]);
        for (guard, text) in self.expanded(cases) {
            match &text {
                Text::Known(text) => match rewrite(text) {
                    Some(text) => add_case(&mut self.formula, &mut made, guard, Text::Known(text)),
                    None => fails.push(guard),
                },
                Text::Open(open) => {
                    let text = self.texts.made_of(&mut self.formula, *open, Box::new(rewrite.clone()));
                    made.push((guard, Text::Open(text)));
                    let what = LocalText::new("a text made of another", "由其他文本生成的文本");
                    self.vague.push(Vague { what, literals: Vec::new(), numbers: vec![self.texts.number_of(text)] });
                }
            }
        }
        Term { fails: self.formula.any(fails), missing: self.formula.no(), value: Val::Text(made) }
    }

    pub(super) fn concat(&mut self, bad: Lit, one: &Cases<Text>, other: &Cases<Text>) -> Term {
        let (one, other) = (self.expanded(one), self.expanded(other));
        let mut made = Vec::new();
        let mut fails = vec![bad];
        for (left_guard, left) in &one {
            for (right_guard, right) in &other {
                let guard = self.formula.all([*left_guard, *right_guard]);
                match (left, right) {
                    (Text::Known(left), Text::Known(right))
                        if left.len() + right.len() <= TEXT_BYTES && made.len() <= MOST_CASES =>
                    {
                        let text = Text::Known(Arc::from(format!("{left}{right}")));
                        add_case(&mut self.formula, &mut made, guard, text);
                    }
                    _ => {
                        let what = LocalText::new("a text put together", "拼接的文本");
                        let term = self.vague_term(ValueKind::Text, (0, 0), &what);
                        fails.push(self.formula.all([guard, term.fails]));
                        if let Val::Text(cases) = term.value {
                            made.extend(cases.into_iter().map(|(_, text)| (guard, text)));
                        }
                    }
                }
            }
        }
        Term { fails: self.formula.any(fails), missing: self.formula.no(), value: Val::Text(made) }
    }

    pub(super) fn search(&mut self, function: FunctionId, bad: Lit, one: &Cases<Text>, other: &Cases<Text>) -> Term {
        let mut held = Vec::new();
        let other = self.expanded(other);
        for (part_guard, part) in &other {
            for (guard, text) in one {
                let ask = match (function, part) {
                    (FunctionId::StartsWith, Text::Known(part)) => Some(Ask::StartsWith(Arc::clone(part))),
                    (FunctionId::EndsWith, Text::Known(part)) => Some(Ask::EndsWith(Arc::clone(part))),
                    (_, Text::Known(part)) => Some(Ask::Contains(Arc::clone(part))),
                    (_, Text::Open(_)) => None,
                };
                let answer = match ask {
                    Some(ask) => self.texts.ask(&mut self.formula, text, &ask),
                    None => self.vague_truth("a text looked for in another", "在文本中查找另一文本"),
                };
                held.push(self.formula.all([*part_guard, *guard, answer]));
            }
        }
        let truth = self.formula.any(held);
        Term { fails: bad, missing: self.formula.no(), value: Val::Bool(truth) }
    }

    /// Whether an expression, where it is there, is this text.
    pub(super) fn is_text(&mut self, part: &Part<'_>, graph: &Graph, id: NodeId, wanted: &Arc<str>) -> Lit {
        let id = if let countersign_core::plan::Op::Present(inner) = &graph.node(id).op { *inner } else { id };
        if let Some((how, text, count)) = super::numbers::cut_of(graph, id)
            && let Val::Text(cases) = part.term(text).value.clone()
        {
            // The first characters are the wanted ones: it begins with them, or is no longer than they are.
            let length = i64::try_from(wanted.chars().count()).unwrap_or(i64::MAX);
            return self.any_case(&cases, |this, text| match length.cmp(&count) {
                std::cmp::Ordering::Greater => this.formula.no(),
                std::cmp::Ordering::Less => this.texts.same(&mut this.formula, text, &Text::Known(Arc::clone(wanted))),
                std::cmp::Ordering::Equal => {
                    let starts = how == FunctionId::Left;
                    let ask = if starts { Ask::StartsWith(Arc::clone(wanted)) } else { Ask::EndsWith(Arc::clone(wanted)) };
                    this.texts.ask(&mut this.formula, text, &ask)
                }
            });
        }
        let Val::Text(cases) = part.term(id).value.clone() else { return self.formula.no() };
        self.any_case(&cases, |this, text| this.texts.same(&mut this.formula, text, &Text::Known(Arc::clone(wanted))))
    }
}
