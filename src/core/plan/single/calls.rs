//! Calls of functions for one request.

use super::texts::TextAt;
use super::{Ask, Asked, Single};
use crate::plan::node::{Kind, NodeId};
use crate::script::functions::{FunctionId, MOST_ARGUMENTS, ScriptValue};

/// An argument of a call.
#[derive(Clone, Copy)]
enum Argument<'a> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(TextAt<'a>),
}

impl<'a> Single<'a> {
    /// What `read` takes from the value of a call.
    pub(super) fn call<T>(
        &mut self,
        function: FunctionId,
        args: &[NodeId],
        read: impl FnOnce(ScriptValue<'_>) -> Option<T>,
    ) -> Asked<T> {
        let mut evaluated = [Argument::Bool(false); MOST_ARGUMENTS];
        for (place, arg) in evaluated.iter_mut().zip(args) {
            *place = self.argument(*arg)?;
        }
        let values = evaluated.map(|argument| match argument {
            Argument::Bool(value) => ScriptValue::Bool(value),
            Argument::Int(number) => ScriptValue::Int(number),
            Argument::Float(number) => ScriptValue::Float(number),
            Argument::Text(text) => ScriptValue::text(self.read(text)),
        });
        let values = values.get(..args.len()).ok_or(Ask)?;
        function.evaluate(values, self.graph.zone()).ok().and_then(read).ok_or(Ask)
    }

    fn argument(&mut self, node: NodeId) -> Asked<Argument<'a>> {
        Ok(match self.graph.node(node).kind {
            Kind::Bool => Argument::Bool(self.truth(node)?.ok_or(Ask)?),
            Kind::I64 => Argument::Int(self.int(node)?.ok_or(Ask)?),
            Kind::F64 => Argument::Float(self.float(node)?.ok_or(Ask)?),
            Kind::Text => Argument::Text(self.text(node)?.ok_or(Ask)?),
        })
    }
}
