//! The walk: every expression in order of evaluation, with the value it may have.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::point::{KnownValue, Marks, PointVariable, ProgramPoint};
use super::possible::{Possible, Values};
use super::{FoundMistake, Mistake, keys, ranges};
use crate::model::{Definition, ParameterIndex, Value};
use crate::script::Type;
use crate::script::tree::{Block, Expr, ExprKind, ScriptTree, UnaryOp};
use crate::text::Span;

/// The most expressions walked in one script, those walked twice counted twice.
const MOST: usize = 40_000;

/// What is reported.
#[derive(Clone, Copy)]
pub(super) struct Notes {
    pub(super) conditions: bool,
    pub(super) numbers: bool,
}

pub(super) struct Walk<'a> {
    definition: &'a Definition,
    pub(super) found: Vec<FoundMistake>,
    pub(super) notes: Notes,
    /// The values of `return`, of the script or shared function being walked.
    pub(super) returns: Vec<KnownValue>,
    called_from: Option<Span>,
    /// Shared functions that were walked by themselves.
    looked_at: BTreeSet<String>,
    names: usize,
    steps: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(definition: &'a Definition) -> Self {
        Self {
            definition,
            found: Vec::new(),
            notes: Notes { conditions: true, numbers: true },
            returns: Vec::new(),
            called_from: None,
            looked_at: BTreeSet::new(),
            names: 0,
            steps: 0,
        }
    }

    pub(super) fn script(&mut self, tree: &ScriptTree) {
        self.block(&tree.body, &mut ProgramPoint::start());
    }

    /// Notes a mistake, once.
    pub(super) fn note(&mut self, span: Span, mistake: Mistake) {
        let found = FoundMistake { span, called_from: self.called_from, mistake };
        let kind = std::mem::discriminant(&found.mistake);
        let known = |other: &FoundMistake| other.span == span && std::mem::discriminant(&other.mistake) == kind;
        if !self.found.iter().any(known) {
            self.found.push(found);
        }
    }

    /// Notes a mistake about numbers where code is reached.
    pub(super) fn note_number(&mut self, span: Span, mistake: Mistake, point: &ProgramPoint) {
        if self.notes.numbers && point.reachable && !point.alone {
            self.note(span, mistake);
        }
    }

    /// Walks without reporting anything.
    pub(super) fn quietly<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let notes = std::mem::replace(&mut self.notes, Notes { conditions: false, numbers: false });
        let result = work(self);
        self.notes = notes;
        result
    }

    /// A name for a value that no expression has.
    pub(super) fn fresh(&mut self) -> String {
        self.names += 1;
        format!("#{}", self.names)
    }

    pub(super) fn join(&mut self, one: ProgramPoint, other: ProgramPoint) -> ProgramPoint {
        one.join(other, &mut || {
            self.names += 1;
            format!("#{}", self.names)
        })
    }

    /// Statements in order; variables made inside are forgotten after it.
    pub(super) fn block(&mut self, block: &Block, point: &mut ProgramPoint) -> KnownValue {
        let depth = point.variables.len();
        let mut last = KnownValue::from(Possible::nothing());
        for statement in &block.statements {
            last = self.value(&statement.expr, point);
        }
        point.variables.truncate(depth);
        last
    }

    /// The value of an expression; what it does to variables is done to the point.
    pub(super) fn value(&mut self, expr: &Expr, point: &mut ProgramPoint) -> KnownValue {
        self.steps += 1;
        if self.steps > MOST {
            return Possible::of_type(&expr.ty).into();
        }
        let key = if matches!(expr.kind, ExprKind::Literal(_)) { None } else { keys::key(expr, point) };
        let known = self.kind(expr, point);
        let typed = Possible::of_type(&expr.ty);
        let mut possible = if typed == Possible::ANY { known.possible } else { known.possible.and(typed) };
        if let Some(settled) = key.and_then(|key| point.settled(&key).cloned()) {
            possible = possible.and(settled.possible);
        }
        KnownValue { possible, marks: known.marks }
    }

    fn kind(&mut self, expr: &Expr, point: &mut ProgramPoint) -> KnownValue {
        match &expr.kind {
            ExprKind::Literal(value) => Possible::of_value(value).into(),
            ExprKind::Parameter(index) => self.parameter(*index, expr).into(),
            ExprKind::Local(name) => match point.find(name) {
                Some(variable) if point.alone => KnownValue { possible: variable.alone.clone(), marks: variable.known.marks },
                Some(variable) => variable.known.clone(),
                None => Possible::ANY.into(),
            },
            ExprKind::Unary(UnaryOp::Not, _) | ExprKind::And(_) | ExprKind::Or(_) | ExprKind::In { .. } => self.truth(expr, point),
            ExprKind::Binary { op, .. } if op.is_comparison() => self.truth(expr, point),
            ExprKind::Unary(op, operand) => {
                let operand = self.value(operand, point);
                match op {
                    UnaryOp::Plus => operand,
                    _ if expr.ty == Type::Float => KnownValue { possible: Possible::ANY, marks: operand.marks },
                    _ => KnownValue { possible: ranges::negated(&operand.possible).unwrap_or(Possible::ANY), marks: operand.marks },
                }
            }
            ExprKind::Binary { op, lhs, rhs, .. } => {
                let (one, other) = (self.value(lhs, point), self.value(rhs, point));
                self.reckon((*op, expr.span), (lhs, &one), (rhs, &other), point)
            }
            ExprKind::Coalesce(parts) => self.coalesce(parts, point),
            ExprKind::Call { function, args, .. } => {
                let known: Vec<KnownValue> = args.iter().map(|arg| self.value(arg, point)).collect();
                self.call(*function, expr, args, &known, point)
            }
            ExprKind::Outcome { args, .. } => self.parts(args, point),
            ExprKind::Opaque { children, .. } => self.parts(children, point),
            ExprKind::Array(items) => self.parts(items, point),
            ExprKind::Map(entries) => self.parts(entries.iter().map(|(_, _, value)| value), point),
            ExprKind::Index { base, index } => {
                let marks = self.value(base, point).marks;
                self.value(index, point);
                KnownValue { possible: Possible::ANY, marks }
            }
            ExprKind::SharedCall { name, parameters, args, body, .. } => self.shared(expr, name, parameters, args, body, point),
            _ => self.statement(expr, point),
        }
    }

    /// Anything, with the marks of all parts.
    fn parts<'e>(&mut self, parts: impl IntoIterator<Item = &'e Expr>, point: &mut ProgramPoint) -> KnownValue {
        let marks = parts.into_iter().fold(Marks::default(), |marks, part| marks.or(self.value(part, point).marks));
        KnownValue { possible: Possible::ANY, marks }
    }

    fn parameter(&self, index: ParameterIndex, expr: &Expr) -> Possible {
        let found = self.definition.rule_set.parameters.get_index(index.at());
        let Some(range) = found.and_then(|(_, parameter)| parameter.range.as_ref()) else { return Possible::of_type(&expr.ty) };
        let end = |value: &Value| Possible::of_value(value).number();
        match (end(&range.min), end(&range.max)) {
            (Some(low), Some(high)) if low <= high => Possible::there(Values::numbers(low, high)),
            _ => Possible::of_type(&expr.ty),
        }
    }

    /// A truth value, with both points it leads to.
    fn truth(&mut self, expr: &Expr, point: &mut ProgramPoint) -> KnownValue {
        let (yes, no) = self.condition(expr, point.clone());
        let words = [(yes.reachable, "true"), (no.reachable, "false")];
        let possible = Possible::there(Values::words(words.into_iter().filter_map(|(reached, word)| reached.then_some(word))));
        if !point.reachable || possible.is_empty() {
            return Possible::ANY.into();
        }
        *point = self.join(yes, no);
        possible.into()
    }

    /// The first value that is not `()`.
    fn coalesce(&mut self, parts: &[Expr], point: &mut ProgramPoint) -> KnownValue {
        let mut known: Option<KnownValue> = None;
        for (at, part) in parts.iter().enumerate() {
            let mut value = self.value(part, point);
            if at + 1 < parts.len() {
                value.possible = value.possible.present(true);
            }
            known = Some(match known {
                Some(known) => known.or(value),
                None => value,
            });
        }
        known.unwrap_or_else(|| Possible::nothing().into())
    }

    /// A call of a shared function: once by itself for its conditions, and with what the call gives for its numbers.
    fn shared(
        &mut self,
        expr: &Expr,
        name: &Arc<str>,
        parameters: &[Arc<str>],
        args: &[Expr],
        body: &Block,
        point: &mut ProgramPoint,
    ) -> KnownValue {
        let given: Vec<(Option<String>, KnownValue, &Type)> =
            args.iter().map(|arg| (keys::key(arg, point), self.value(arg, point), &arg.ty)).collect();
        let outer = self.called_from;
        self.called_from.get_or_insert(expr.span);
        let types: Vec<&Type> = given.iter().map(|(.., ty)| *ty).collect();
        if self.notes.conditions && point.reachable && self.looked_at.insert(format!("{name} {types:?}")) {
            let mut alone = ProgramPoint::start();
            for (parameter, ty) in parameters.iter().zip(&types) {
                alone.variables.push(self.argument(parameter, None, Possible::of_type(ty).into(), ty));
            }
            self.inside(body, &mut alone, Notes { conditions: true, numbers: false });
        }
        let mut inner = point.clone();
        inner.variables.clear();
        for (parameter, (key, known, ty)) in parameters.iter().zip(given) {
            inner.variables.push(self.argument(parameter, key, known, ty));
        }
        let numbers = self.notes.numbers;
        let value = self.inside(body, &mut inner, Notes { conditions: false, numbers });
        self.called_from = outer;
        value
    }

    fn argument(&mut self, name: &Arc<str>, key: Option<String>, known: KnownValue, ty: &Type) -> PointVariable {
        let key = key.unwrap_or_else(|| self.fresh());
        PointVariable { name: Arc::clone(name), key, alone: Possible::of_type(ty), known }
    }

    fn inside(&mut self, body: &Block, point: &mut ProgramPoint, notes: Notes) -> KnownValue {
        let notes = std::mem::replace(&mut self.notes, notes);
        let returns = std::mem::take(&mut self.returns);
        let last = self.block(body, point);
        let returned = std::mem::replace(&mut self.returns, returns);
        self.notes = notes;
        let last = point.reachable.then_some(last);
        returned.into_iter().chain(last).reduce(KnownValue::or).unwrap_or_else(|| Possible::ANY.into())
    }
}
