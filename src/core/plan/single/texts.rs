//! Texts of one request: most lie in the request or the graph and are only pointed at.

use super::{DONE, EvalResult, FAILED, NeedsInterpreter, Single};
use crate::model::Value;
use crate::plan::node::{Binary, Constant, NodeId, Op};
use crate::plan::semantics::TEXT_BYTES;
use crate::script::functions::ScriptValue;

/// Where a text lies.
#[derive(Clone, Copy)]
pub(super) enum TextAt<'a> {
    /// In the request, the graph or the parameters.
    There(&'a str),
    /// Among the texts made for this request.
    Made(usize),
}

impl<'a> Single<'a> {
    pub(super) fn read(&self, text: TextAt<'a>) -> &str {
        match text {
            TextAt::There(text) => text,
            TextAt::Made(at) => self.scratch.texts.get(at).map_or("", String::as_str),
        }
    }

    /// A text; none when missing.
    pub(super) fn text(&mut self, node: NodeId) -> EvalResult<Option<TextAt<'a>>> {
        let (graph, plan, request) = (self.graph, self.plan, self.request);
        match &graph.node(node).op {
            Op::Constant(Constant::Text(text)) => Ok(Some(TextAt::There(text))),
            Op::Constant(Constant::Missing) => Ok(None),
            Op::Field(field) => text_value(request.get(*field)),
            Op::Parameter(parameter) => text_value(plan.parameter(*parameter)),
            Op::Present(one) => self.text(*one)?.ok_or(NeedsInterpreter).map(Some),
            Op::Coalesce(one, other) => match self.text(*one)? {
                Some(text) => Ok(Some(text)),
                None => self.text(*other),
            },
            Op::Select(condition, one, other) => {
                let taken = if self.holds(*condition)? { *one } else { *other };
                self.text(taken)
            }
            _ => self.made(node).map(Some),
        }
    }

    fn made(&mut self, node: NodeId) -> EvalResult<TextAt<'a>> {
        match self.state(node) {
            DONE => return Ok(TextAt::Made(usize::try_from(self.number(node)).map_err(|_| NeedsInterpreter)?)),
            FAILED => return Err(NeedsInterpreter),
            _ => {}
        }
        let made = self.make(node);
        let at = self.scratch.texts.len();
        self.keep(node, made.as_ref().map(|_| i64::try_from(at).ok()).map_err(|ask| *ask));
        self.scratch.texts.push(made?);
        Ok(TextAt::Made(at))
    }

    fn make(&mut self, node: NodeId) -> EvalResult<String> {
        let graph = self.graph;
        match &graph.node(node).op {
            Op::Call(function, args) => self.call(*function, args, |value| match value {
                ScriptValue::Text(text) if text.len() <= TEXT_BYTES => Some(text.into_owned()),
                _ => None,
            }),
            Op::Binary(Binary::Concat, one, other) => {
                let (one, other) = (self.text(*one)?.ok_or(NeedsInterpreter)?, self.text(*other)?.ok_or(NeedsInterpreter)?);
                let (one, other) = (self.read(one), self.read(other));
                if one.len() + other.len() > TEXT_BYTES {
                    return Err(NeedsInterpreter);
                }
                Ok([one, other].concat())
            }
            _ => Err(NeedsInterpreter),
        }
    }
}

fn text_value(value: &Value) -> EvalResult<Option<TextAt<'_>>> {
    match value {
        Value::Text(text) => Ok(Some(TextAt::There(text))),
        Value::Missing => Ok(None),
        _ => Err(NeedsInterpreter),
    }
}
