//! Expressions that are the same in two rule sets, so that both have one value in the formula.

use super::Part;
use countersign_core::model::{ListEntries, Value};
use countersign_core::plan::{Constant, NodeId, Op, PlanNode, Set, ValueKind};

/// An expression by what it does, with its parts by their own numbers over all rule sets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    op: Op,
    kind: ValueKind,
    fallible: bool,
    /// It looks its item up in a list, which fails for a missing item.
    list: bool,
}

/// What an expression has in common with an equal one of another rule set; none where it depends on its own rule set.
pub(super) fn shape(part: &Part<'_>, node: &PlanNode) -> Option<Shape> {
    let own = |id: NodeId| part.shared.get(id.at()).copied().flatten();
    let mut list = false;
    let op = match &node.op {
        Op::Constant(_) | Op::Field(_) => node.op.clone(),
        Op::Parameter(parameter) if part.is_set(*parameter) => Op::Constant(constant(part.plan.parameter(*parameter))?),
        Op::Parameter(_) | Op::Interface(_) | Op::Reason(_) => return None,
        Op::Present(one) => Op::Present(own(*one)?),
        Op::IsMissing(one) => Op::IsMissing(own(*one)?),
        Op::Unary(how, one) => Op::Unary(*how, own(*one)?),
        Op::Binary(how, one, other) => Op::Binary(*how, own(*one)?, own(*other)?),
        Op::Call(function, args) => Op::Call(*function, args.iter().map(|arg| own(*arg)).collect::<Option<_>>()?),
        Op::Compare(how, one, other) => Op::Compare(*how, own(*one)?, own(*other)?),
        Op::All(parts) => Op::All(parts.iter().map(|part| own(*part)).collect::<Option<_>>()?),
        Op::Any(parts) => Op::Any(parts.iter().map(|part| own(*part)).collect::<Option<_>>()?),
        Op::Coalesce(one, other) => Op::Coalesce(own(*one)?, own(*other)?),
        Op::Select(condition, one, other) => Op::Select(own(*condition)?, own(*one)?, own(*other)?),
        Op::InSet(set, item) => Op::InSet(set.clone(), own(*item)?),
        Op::InList(index, item) => {
            list = true;
            let set = match part.plan.list(*index)? {
                ListEntries::Text(texts) => Set::Texts(texts.clone()),
                ListEntries::Int(numbers) => Set::Ints(numbers.clone()),
            };
            Op::InSet(set, own(*item)?)
        }
    };
    Some(Shape { op, kind: node.kind, fallible: node.fallible, list })
}

fn constant(value: &Value) -> Option<Constant> {
    Some(match value {
        Value::Bool(value) => Constant::Bool(*value),
        Value::Int(number) => Constant::Int(*number),
        Value::Money(fen) => Constant::Int(fen.0),
        Value::Time(time) => Constant::Int(time.micros()),
        Value::Float(number) => Constant::Float(number.to_bits()),
        Value::Text(text) => Constant::Text(text.clone()),
        Value::Missing => return None,
    })
}
