//! Conditions: what is known where a condition is true, and which conditions can never be true.

use super::keys;
use super::point::ProgramPoint;
use super::possible::{Possible, Values};
use super::walk::Walk;
use super::{FoundMistake, Mistake};
use crate::model::Value;
use crate::script::Type;
use crate::script::tree::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::text::Span;

/// The point where a condition is true, and the one where it is false.
type Ways = (ProgramPoint, ProgramPoint);

/// What is reported about conditions.
#[derive(Clone, Copy, PartialEq)]
enum Say {
    Nothing,
    /// That it can never be true after the conditions before it.
    Never,
    /// Also that it is always true, whatever the conditions before it.
    All,
}

/// The position of a condition.
#[derive(Clone, Copy)]
struct ConditionQuery {
    /// Whether its true branch matters, rather than its false one.
    positive: bool,
    say: Say,
}

impl Walk<'_> {
    /// Where a condition leads to.
    pub(super) fn condition(&mut self, expr: &Expr, point: ProgramPoint) -> Ways {
        if !self.notes.conditions || !point.reachable || point.alone {
            return self.ways(expr, point, ConditionQuery { positive: true, say: Say::Nothing });
        }
        self.ways(expr, point.by_itself(), ConditionQuery { positive: true, say: Say::All });
        self.ways(expr, point, ConditionQuery { positive: true, say: Say::Never })
    }

    fn ways(&mut self, expr: &Expr, point: ProgramPoint, asked: ConditionQuery) -> Ways {
        match &expr.kind {
            ExprKind::Unary(UnaryOp::Not, operand) => {
                let (yes, no) = self.ways(operand, point, ConditionQuery { positive: !asked.positive, ..asked });
                (no, yes)
            }
            ExprKind::And(parts) => self.chain(parts, true, point, asked),
            ExprKind::Or(parts) => {
                let before = point.clone();
                let ways = self.chain(parts, false, point, asked);
                if asked.say == Say::All && before.reachable {
                    let silent = ConditionQuery { say: Say::Nothing, ..asked };
                    let (yes, no) = self.quietly(|walk| walk.chain(parts, false, before.by_itself(), silent));
                    if yes.reachable && !no.reachable && !self.says_of(expr.span) {
                        self.note(expr.span, Mistake::Constant(true, None));
                    }
                }
                ways
            }
            _ => self.leaf(expr, point, asked),
        }
    }

    /// `a && b && …`, `a || b || …`.
    fn chain(&mut self, parts: &[Expr], and: bool, point: ProgramPoint, asked: ConditionQuery) -> Ways {
        let mut on = point;
        let mut left: Option<ProgramPoint> = None;
        for part in parts {
            let (yes, no) = self.ways(part, on, asked);
            let (next, off) = if and { (yes, no) } else { (no, yes) };
            on = next;
            left = Some(match left {
                Some(left) => self.join(left, off),
                None => off,
            });
        }
        let left = left.unwrap_or_else(|| on.clone());
        if and { (on, left) } else { (left, on) }
    }

    /// Whether something is reported already for a part of that text.
    fn says_of(&self, span: Span) -> bool {
        let inside = |found: &FoundMistake| {
            let part = found.span;
            part.source == span.source && span.start <= part.start && part.end <= span.end
        };
        self.found.iter().any(|found| matches!(found.mistake, Mistake::Constant(..)) && inside(found))
    }

    fn leaf(&mut self, expr: &Expr, point: ProgramPoint, asked: ConditionQuery) -> Ways {
        let before = point.clone();
        let (yes, no, because) = self.decide(expr, point);
        let settled = match (yes.reachable, no.reachable) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        };
        if let Some(value) = settled.filter(|_| before.reachable && asked.say != Say::Nothing && !is_plain(expr)) {
            let stops = value != asked.positive;
            let by_itself = asked.say == Say::All && {
                let (yes, no, _) = self.quietly(|walk| walk.decide(expr, before.by_itself()));
                (yes.reachable, no.reachable) == (value, !value)
            };
            if stops || by_itself {
                self.note(expr.span, Mistake::Constant(value, because));
            }
        }
        (yes, no)
    }

    /// Where a condition without parts leads to, and the condition before it that settles something of it.
    fn decide(&mut self, expr: &Expr, mut point: ProgramPoint) -> (ProgramPoint, ProgramPoint, Option<Span>) {
        match &expr.kind {
            ExprKind::Binary { op, lhs, rhs, .. } if op.is_comparison() => self.comparison(*op, expr.span, lhs, rhs, point),
            ExprKind::In { item, container, negated } => {
                let (yes, no, because) = self.within(expr, item, container, point);
                if *negated { (no, yes, because) } else { (yes, no, because) }
            }
            ExprKind::Unary(UnaryOp::Not, _) | ExprKind::And(_) | ExprKind::Or(_) => {
                let (yes, no) = self.ways(expr, point, ConditionQuery { positive: true, say: Say::Nothing });
                (yes, no, None)
            }
            _ => {
                let key = keys::key(expr, &point);
                let known = self.value(expr, &mut point);
                split(key.as_deref(), &known.possible, &point, expr.span)
            }
        }
    }

    fn comparison(
        &mut self,
        op: BinaryOp,
        span: Span,
        lhs: &Expr,
        rhs: &Expr,
        mut point: ProgramPoint,
    ) -> (ProgramPoint, ProgramPoint, Option<Span>) {
        let (key, other_key) = (keys::key(lhs, &point), keys::key(rhs, &point));
        let (one, other) = (self.value(lhs, &mut point), self.value(rhs, &mut point));
        self.compared(op, span, (lhs, &one), (rhs, &other), &point);
        let nothing = |expr: &Expr| matches!(expr.kind, ExprKind::Literal(Value::Missing));
        if nothing(rhs) || nothing(lhs) {
            let (key, known) = if nothing(rhs) { (key, one) } else { (other_key, other) };
            let because = because(key.as_deref(), &point);
            let ways = [true, false].map(|there| point.with(key.as_deref(), known.possible.clone().present(there), span));
            let [there, missing] = ways;
            return if op == BinaryOp::Equal { (missing, there, because) } else { (there, missing, because) };
        }
        // Comparing what is not there fails, which is a fault of its own.
        if one.possible.is_nothing() || other.possible.is_nothing() {
            let no = point.clone();
            return (point, no, None);
        }
        let sides = if other.possible.is_one() {
            Some((op, key.clone(), &one, lhs, &other, rhs))
        } else if one.possible.is_one() {
            Some((op.turned(), other_key.clone(), &other, rhs, &one, lhs))
        } else {
            None
        };
        if let Some((op, key, subject, expr, with, against)) = sides {
            let (ty, against) = (expr.ty.present(), against.ty.present());
            let because = because(key.as_deref(), &point);
            let way = |op: BinaryOp| point.with(key.as_deref(), subject.possible.compared(op, &ty, &against, &with.possible), span);
            return (way(op), way(op.opposite()), because);
        }
        if let (Some(key), Some(other_key)) = (key, other_key) {
            let line = (lhs.ty.present() == Type::Float) == (rhs.ty.present() == Type::Float);
            return order(op, span, (&key, &one.possible), (&other_key, &other.possible), line, &point);
        }
        let no = point.clone();
        (point, no, None)
    }

    /// The value of an expression that has only one.
    fn one(&mut self, expr: &Expr, point: &ProgramPoint) -> Option<Possible> {
        let possible = self.quietly(|walk| walk.value(expr, &mut point.clone())).possible;
        possible.is_one().then_some(possible)
    }

    /// `item in container`.
    fn within(
        &mut self,
        expr: &Expr,
        item: &Expr,
        container: &Expr,
        mut point: ProgramPoint,
    ) -> (ProgramPoint, ProgramPoint, Option<Span>) {
        let held = self.value(container, &mut point);
        let key = keys::key(item, &point);
        let known = self.value(item, &mut point);
        self.among(expr.span, (item, &known), (container, &held), &point);
        let ty = item.ty.present();
        let because = because(key.as_deref(), &point);
        let either = |yes: Possible, no: Possible| {
            (point.with(key.as_deref(), yes, expr.span), point.with(key.as_deref(), no, expr.span), because)
        };
        match &container.kind {
            ExprKind::Array(items) if items.iter().all(|item| self.one(item, &point).is_some()) => {
                let mut yes = Possible::there(Values::words([]));
                let mut no = known.possible.clone();
                for element in items {
                    let one = self.one(element, &point).unwrap_or(Possible::ANY);
                    let against = element.ty.present();
                    yes = yes.or(known.possible.compared(BinaryOp::Equal, &ty, &against, &one));
                    no = no.compared(BinaryOp::NotEqual, &ty, &against, &one);
                }
                either(yes, no)
            }
            ExprKind::Binary { op: op @ (BinaryOp::Range | BinaryOp::InclusiveRange), lhs, rhs, .. } => {
                let (Some(low), Some(high)) = (self.one(lhs, &point), self.one(rhs, &point)) else {
                    let no = point.clone();
                    return (point, no, None);
                };
                let last = if *op == BinaryOp::Range { BinaryOp::Less } else { BinaryOp::LessOrEqual };
                let beside = |of: &Possible, op: BinaryOp, end: &Possible| of.compared(op, &ty, &ty, end);
                let yes = beside(&beside(&known.possible, BinaryOp::GreaterOrEqual, &low), last, &high);
                let below = beside(&known.possible, BinaryOp::Less, &low);
                let above = beside(&known.possible, last.opposite(), &high);
                either(yes, below.or(above))
            }
            _ => {
                let key = keys::key(expr, &point);
                let truth = Possible::there(Values::words(["false", "true"]));
                let truth = match key.as_deref().and_then(|key| point.settled(key)) {
                    Some(settled) => truth.and(settled.possible.clone()),
                    None => truth,
                };
                split(key.as_deref(), &truth, &point, expr.span)
            }
        }
    }
}

/// Compares two values that both differ between requests: what becomes known is their order. `line` says whether both are whole numbers, or
/// both numbers with a fraction.
fn order(
    op: BinaryOp,
    span: Span,
    (key, one): (&str, &Possible),
    (other_key, other): (&str, &Possible),
    line: bool,
    point: &ProgramPoint,
) -> (ProgramPoint, ProgramPoint, Option<Span>) {
    let (pair, is_turned) = keys::pair(key, other_key);
    let op = if is_turned { op.turned() } else { op };
    let mut orders = Values::words(["<", "=", ">"]);
    if key == other_key {
        orders = Values::words(["="]);
    } else if let (true, false, Some((low, high)), Some((from, to))) =
        (line, one.missing || other.missing, one.ends(), other.ends())
        && (high < from || to < low)
    {
        orders = Values::words([if (high < from) == is_turned { ">" } else { "<" }]);
    }
    let known = Possible::there(orders);
    let because = because(Some(&pair), point);
    let known = match point.settled(&pair) {
        Some(settled) => known.and(settled.possible.clone()),
        None => known,
    };
    let holding: &[&str] = match op {
        BinaryOp::Equal => &["="],
        BinaryOp::NotEqual => &["<", ">"],
        BinaryOp::Less => &["<"],
        BinaryOp::LessOrEqual => &["<", "="],
        BinaryOp::Greater => &[">"],
        _ => &[">", "="],
    };
    let others = ["<", "=", ">"].into_iter().filter(|order| !holding.contains(order));
    let yes = known.clone().and(Possible::there(Values::words(holding.iter().copied())));
    let no = known.and(Possible::there(Values::words(others)));
    (point.with(Some(&pair), yes, span), point.with(Some(&pair), no, span), because)
}

/// A literal: typing reports it already.
fn is_plain(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(_))
}

/// The condition that settled something of an expression.
fn because(key: Option<&str>, point: &ProgramPoint) -> Option<Span> {
    point.settled(key?)?.by
}

/// Both ways of a truth value.
fn split(key: Option<&str>, known: &Possible, point: &ProgramPoint, span: Span) -> (ProgramPoint, ProgramPoint, Option<Span>) {
    let because = because(key, point);
    let way = |word: &str| point.with(key, known.clone().and(Possible::there(Values::words([word]))), span);
    (way("true"), way("false"), because)
}
