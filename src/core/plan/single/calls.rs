//! Calls of functions for one request.

use super::texts::TextAt;
use super::{EvalResult, NeedsInterpreter, Single};
use crate::plan::node::{NodeId, ValueKind};
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
    ) -> EvalResult<T> {
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
        let values = values.get(..args.len()).ok_or(NeedsInterpreter)?;
        function.evaluate(values, self.graph.zone()).ok().and_then(read).ok_or(NeedsInterpreter)
    }

    fn argument(&mut self, node: NodeId) -> EvalResult<Argument<'a>> {
        Ok(match self.graph.node(node).kind {
            ValueKind::Bool => Argument::Bool(self.truth(node)?.ok_or(NeedsInterpreter)?),
            ValueKind::I64 => Argument::Int(self.int(node)?.ok_or(NeedsInterpreter)?),
            ValueKind::F64 => Argument::Float(self.float(node)?.ok_or(NeedsInterpreter)?),
            ValueKind::Text => Argument::Text(self.text(node)?.ok_or(NeedsInterpreter)?),
        })
    }
}
