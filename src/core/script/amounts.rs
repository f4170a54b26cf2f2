//! Errors over whole numbers that are amounts or times: the interpreter does not tell them apart, the typed tree does.

use rhai::Position;

use super::host::FailedArithmetic;
use super::placed::PlacedTokens;
use super::tree::{Block, Expr, ExprKind, ExprPart, ScriptTree, parts};
use super::types::Type;
use crate::model::{Fen, Timestamp, Zone};

/// The scripts that an error may lie in.
pub(super) struct Scripts<'a> {
    pub tree: &'a ScriptTree,
    pub own: &'a PlacedTokens,
    pub shared: Option<&'a PlacedTokens>,
    pub zone: Zone,
}

impl Scripts<'_> {
    /// The message with amounts in yuan and times as dates; none where the place is not found.
    pub(super) fn message(&self, over: FailedArithmetic, path: &[Position]) -> Option<String> {
        let (place, calls) = path.split_first()?;
        let mut block = &self.tree.body;
        let mut placed = self.own;
        for call in calls.iter().rev() {
            let at = start(placed, *call)?;
            block = find(block, &mut |expr| match &expr.kind {
                ExprKind::SharedCall { name_span, body, .. } if name_span.start == at => Some(body),
                _ => None,
            })?;
            placed = self.shared?;
        }
        let at = start(placed, *place)?;
        let (one, other) = find(block, &mut |expr| operands(expr, at))?;
        let show = |first: bool, number: i64| shown(number, if first { Some(one) } else { other }, self.zone);
        Some(over.message(show))
    }
}

fn start(placed: &PlacedTokens, position: Position) -> Option<u32> {
    Some(placed.token_span(placed.at(position)?).start)
}

/// The first thing found in a block, without what lies in shared functions.
fn find<'a, T>(block: &'a Block, seek: &mut dyn FnMut(&'a Expr) -> Option<T>) -> Option<T> {
    block.statements.iter().find_map(|statement| find_in(&statement.expr, seek))
}

fn find_in<'a, T>(expr: &'a Expr, seek: &mut dyn FnMut(&'a Expr) -> Option<T>) -> Option<T> {
    let is_call = matches!(expr.kind, ExprKind::SharedCall { .. });
    let inner = parts(expr).into_iter().find_map(|part| match part {
        ExprPart::Expr(inner) => find_in(inner, seek),
        ExprPart::Block(_) if is_call => None,
        ExprPart::Block(block) => find(block, seek),
    });
    inner.or_else(|| seek(expr))
}

/// The types of the operands of the operation at a place.
fn operands(expr: &Expr, at: u32) -> Option<(&Type, Option<&Type>)> {
    match &expr.kind {
        ExprKind::Binary { op_span, lhs, rhs, .. } if op_span.start == at => Some((&lhs.ty, Some(&rhs.ty))),
        ExprKind::Unary(_, operand) if expr.span.start == at => Some((&operand.ty, None)),
        ExprKind::Assign { target, op: Some(_), value } if (target.span.end..=value.span.start).contains(&at) => {
            Some((&target.ty, Some(&value.ty)))
        }
        ExprKind::Call { name_span, args, .. } if name_span.start == at => {
            let (one, others) = args.split_first()?;
            Some((&one.ty, others.first().map(|other| &other.ty)))
        }
        _ => None,
    }
}

fn shown(number: i64, ty: Option<&Type>, zone: Zone) -> String {
    match ty.map(Type::present) {
        Some(Type::Money) => Fen(number).shown(),
        Some(Type::Time) => {
            let time = Timestamp::from_micros(number);
            time.map_or_else(|| number.to_string(), |time| zone.civil(time).to_string().replacen('T', " ", 1))
        }
        _ => number.to_string(),
    }
}
