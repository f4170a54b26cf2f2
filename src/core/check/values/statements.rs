//! Statements: variables, branches, loops, and what leaves a script early.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::keys;
use super::point::{KnownValue, PointVariable, ProgramPoint};
use super::possible::Possible;
use super::walk::Walk;
use crate::model::Value;
use crate::script::tree::{Arm, BinaryOp, Block, Expr, ExprKind, walk_block};

impl Walk<'_> {
    pub(super) fn statement(&mut self, expr: &Expr, point: &mut ProgramPoint) -> KnownValue {
        match &expr.kind {
            ExprKind::Block(block) => self.block(block, point),
            ExprKind::If { arms, otherwise } => self.branch(arms, otherwise.as_ref(), point),
            ExprKind::Switch { subject, arms, default } => self.switch(subject, arms, default.as_deref(), point),
            ExprKind::Let { name, value, .. } => self.variable(name, value.as_deref(), point),
            ExprKind::Assign { target, op, value } => self.assign(expr, target, *op, value, point),
            ExprKind::Return(value) => {
                let known = value.as_deref().map(|value| self.value(value, point));
                if point.reachable {
                    self.returns.push(known.unwrap_or_else(|| Possible::nothing().into()));
                }
                point.reachable = false;
                Possible::ANY.into()
            }
            ExprKind::While { condition, body } => {
                self.repeat(body, point, |walk, inner| {
                    if let Some(condition) = condition {
                        let (yes, _) = walk.condition(condition, inner.clone());
                        *inner = yes;
                    }
                    walk.block(body, inner);
                });
                Possible::nothing().into()
            }
            ExprKind::Do { body, condition, .. } => {
                self.repeat(body, point, |walk, inner| {
                    // A `continue` leads to the condition from anywhere, so nothing that the body settles holds there.
                    let before = inner.clone();
                    walk.block(body, inner);
                    walk.condition(condition, before);
                });
                Possible::nothing().into()
            }
            ExprKind::For { name, counter, iterable, body, .. } => {
                let items = self.value(iterable, point);
                self.repeat(body, point, |walk, inner| {
                    let depth = inner.variables.len();
                    let item = KnownValue { possible: Possible::ANY, marks: items.marks };
                    walk.put(name, None, Possible::ANY, item, inner);
                    if let Some((counter, _)) = counter {
                        walk.put(counter, None, Possible::ANY, Possible::ANY.into(), inner);
                    }
                    walk.block(body, inner);
                    inner.variables.truncate(depth);
                });
                Possible::nothing().into()
            }
            ExprKind::Break(_) | ExprKind::Continue => {
                point.reachable = false;
                Possible::ANY.into()
            }
            _ => Possible::of_type(&expr.ty).into(),
        }
    }

    fn put(&mut self, name: &Arc<str>, key: Option<String>, alone: Possible, known: KnownValue, point: &mut ProgramPoint) {
        let key = key.unwrap_or_else(|| self.fresh());
        point.variables.push(PointVariable { name: Arc::clone(name), key, alone, known });
    }

    /// The possible values, without regard to conditions around it.
    fn alone(&mut self, value: &Expr, point: &ProgramPoint) -> Possible {
        let mut point = point.by_itself();
        self.quietly(|walk| walk.value(value, &mut point)).possible
    }

    fn variable(&mut self, name: &Arc<str>, value: Option<&Expr>, point: &mut ProgramPoint) -> KnownValue {
        match value {
            Some(value) => {
                let (alone, key) = (self.alone(value, point), keys::key(value, point));
                let known = self.value(value, point);
                self.put(name, key, alone, known, point);
            }
            None => self.put(name, None, Possible::nothing(), Possible::nothing().into(), point),
        }
        Possible::nothing().into()
    }

    fn assign(&mut self, whole: &Expr, target: &Expr, op: Option<BinaryOp>, value: &Expr, point: &mut ProgramPoint) -> KnownValue {
        let (alone, key) = match op {
            None => (self.alone(value, point), keys::key(value, point)),
            Some(_) => (Possible::of_type(&target.ty), None),
        };
        let given = self.value(value, point);
        let known = match op {
            None => given,
            Some(op) => {
                let held = self.value(target, point);
                self.reckon((op, whole.span), (target, &held), (value, &given), point)
            }
        };
        let key = key.unwrap_or_else(|| self.fresh());
        if let ExprKind::Local(name) = &target.kind
            && let Some(variable) = point.variables.iter_mut().rev().find(|variable| variable.name == *name)
        {
            (variable.key, variable.alone, variable.known) = (key, alone, known);
        }
        Possible::nothing().into()
    }

    /// `if … else if … else …`.
    fn branch(&mut self, arms: &[(Expr, Block)], otherwise: Option<&Block>, point: &mut ProgramPoint) -> KnownValue {
        let mut ways: Vec<(KnownValue, ProgramPoint)> = Vec::new();
        let mut rest = point.clone();
        for (condition, then) in arms {
            let (mut yes, no) = self.condition(condition, rest);
            rest = no;
            ways.push((self.block(then, &mut yes), yes));
        }
        let known = match otherwise {
            Some(block) => self.block(block, &mut rest),
            None => Possible::nothing().into(),
        };
        ways.push((known, rest));
        self.meet(ways, point)
    }

    /// The value where several branches meet, of those that lead on.
    fn meet(&mut self, ways: Vec<(KnownValue, ProgramPoint)>, point: &mut ProgramPoint) -> KnownValue {
        let all = ways.into_iter().reduce(|(one, here), (other, there)| {
            let known = match (here.reachable, there.reachable) {
                (true, false) => one,
                (false, true) => other,
                _ => one.or(other),
            };
            (known, self.join(here, there))
        });
        let Some((known, after)) = all else { return Possible::ANY.into() };
        *point = after;
        known
    }

    fn switch(&mut self, subject: &Expr, arms: &[Arm], default: Option<&Expr>, point: &mut ProgramPoint) -> KnownValue {
        let known = self.value(subject, point);
        let key = keys::key(subject, point);
        let mut rest = point.clone();
        let mut left = known.possible.clone();
        let mut ways: Vec<(KnownValue, ProgramPoint)> = Vec::new();
        for arm in arms {
            let taken = arm.values.iter().map(|value| chosen(&known.possible, subject, value)).reduce(Possible::or);
            let taken = taken.unwrap_or(Possible::ANY).and(left.clone());
            let mut inner = rest.with(key.as_deref(), taken, subject.span);
            if let Some(guard) = &arm.guard {
                (inner, _) = self.condition(guard, inner);
            } else {
                for value in &arm.values {
                    left = without(left, subject, value);
                }
                rest = rest.with(key.as_deref(), left.clone(), subject.span);
            }
            let value = self.value(&arm.body, &mut inner);
            ways.push((value, inner));
        }
        let value = match default {
            Some(default) => self.value(default, &mut rest),
            None => Possible::nothing().into(),
        };
        ways.push((value, rest));
        self.meet(ways, point)
    }

    /// A loop: walked once without reporting, to see how it changes the marks of variables, then once more.
    fn repeat(&mut self, body: &Block, point: &mut ProgramPoint, mut once: impl FnMut(&mut Self, &mut ProgramPoint)) {
        let changed = changed(body);
        self.forget(&changed, point);
        let mut first = point.clone();
        self.quietly(|walk| once(walk, &mut first));
        for (variable, after) in point.variables.iter_mut().zip(&first.variables) {
            variable.known.marks = variable.known.marks.or(after.known.marks);
        }
        let mut second = point.clone();
        once(self, &mut second);
        for (variable, after) in point.variables.iter_mut().zip(&second.variables) {
            variable.known.marks = variable.known.marks.or(after.known.marks);
        }
    }

    /// Nothing more is known of variables that a loop changes.
    fn forget(&mut self, changed: &BTreeSet<Arc<str>>, point: &mut ProgramPoint) {
        for at in 0..point.variables.len() {
            let key = self.fresh();
            if let Some(variable) = point.variables.get_mut(at).filter(|variable| changed.contains(&variable.name)) {
                variable.key = key;
                variable.alone = Possible::ANY;
                variable.known.possible = Possible::ANY;
            }
        }
    }
}

/// The names that are assigned to anywhere in a block.
fn changed(body: &Block) -> BTreeSet<Arc<str>> {
    let mut found = BTreeSet::new();
    walk_block(body, &mut |expr| {
        if let ExprKind::Assign { target, .. } = &expr.kind
            && let ExprKind::Local(name) = &target.kind
        {
            found.insert(Arc::clone(name));
        }
    });
    found
}

/// What the subject is in an arm for that value.
fn chosen(possible: &Possible, subject: &Expr, value: &Expr) -> Possible {
    match (&value.constant, &value.kind) {
        (Some(Value::Missing), _) => possible.clone().present(false),
        (Some(constant), _) => possible.compared(BinaryOp::Equal, &subject.ty.present(), &value.ty, &Possible::of_value(constant)),
        _ => possible.clone(),
    }
}

/// What is left of the subject after an arm for that value.
fn without(possible: Possible, subject: &Expr, value: &Expr) -> Possible {
    match &value.constant {
        Some(Value::Missing) => possible.present(true),
        Some(constant) => possible.compared(BinaryOp::NotEqual, &subject.ty.present(), &value.ty, &Possible::of_value(constant)),
        None => possible,
    }
}
