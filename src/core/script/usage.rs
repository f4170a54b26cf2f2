//! What becomes of the values of a script: outcomes that no way through it returns, and variables and values that nothing reads.
//!
//! A script is walked from its end to its start with what is still wanted of each variable. A loop is walked until that no longer
//! changes; deep nests of loops count every variable they read as wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Type;
use super::lower::holds_outcome;
use super::tree::{Arm, Block, Expr, ExprKind, ExprPart, ScriptStatement, ScriptTree, parts, walk_block, walk_expr};
use crate::model::Value;
use crate::text::Span;

/// How many loops inside each other are walked to the end.
const MOST_LOOPS: usize = 3;
/// How often one loop is walked.
const MOST_ROUNDS: usize = 8;

/// A value or name that is of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// Where; may lie in the shared source.
    pub span: Span,
    /// The call in the rule's own script, when the place lies in a shared function.
    pub called_from: Option<Span>,
    /// What it is.
    pub what: UnusedKind,
}

/// What is of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnusedKind {
    /// An outcome that no way through the script returns.
    Outcome,
    /// A variable that nothing reads.
    Variable {
        /// Its name.
        name: Arc<str>,
        /// Whether it is never changed either, so that another name is all it takes.
        fixed: bool,
    },
    /// A value of a variable that is replaced, or that the script ends without reading.
    Assigned(Arc<str>),
    /// The value of a statement that does nothing else than to have one.
    Statement,
}

/// Everything in a script that is of no use, each thing once.
#[must_use]
pub fn unused(tree: &ScriptTree) -> Vec<Unused> {
    let mut usage =
        Usage { found: Vec::new(), quiet: 0, covered: 0, gives: vec![Want::Given], loops: Vec::new(), called_from: None };
    usage.block(&tree.body, Want::Given, &mut Live::new());
    usage.found.sort_by_key(|unused| unused.span);
    usage.found.dedup();
    usage.found
}

/// What is wanted of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Want {
    /// Nothing: it is thrown away.
    #[default]
    Nothing,
    /// It is looked at.
    Read,
    /// It becomes the script's value, or a part of it.
    Given,
}

/// What is wanted of a variable from a point on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct HeldValue {
    /// What is wanted of the value it holds here.
    want: Want,
    /// Whether anything reads it later, whatever it then holds.
    read: bool,
    /// Assignments whose value nothing reads.
    dead: BTreeSet<Span>,
    /// Whether it is assigned to later.
    changed: bool,
}

type Live = BTreeMap<Arc<str>, HeldValue>;

/// What is wanted where two ways part.
fn join(one: &mut Live, other: Live) {
    for (name, held) in other {
        let mine = one.entry(name).or_default();
        mine.want = mine.want.max(held.want);
        mine.read |= held.read;
        mine.changed |= held.changed;
        mine.dead.extend(held.dead);
    }
}

/// What is wanted at a jump: what its target wants; what is known of the code between stays known.
fn jump(live: &mut Live, target: Option<&Live>) {
    for (name, held) in live.iter_mut() {
        held.want = target.and_then(|target| target.get(name)).map_or(Want::Nothing, |there| there.want);
    }
    for (name, there) in target.into_iter().flatten() {
        live.entry(name.clone()).or_insert_with(|| there.clone());
    }
}

struct Usage {
    found: Vec<Unused>,
    /// Above zero nothing is noted: the same code is walked once more.
    quiet: u32,
    /// Above zero, outcomes without use have been reported with the statement around them.
    covered: u32,
    /// What is wanted of the value of the script, or of each shared function being walked.
    gives: Vec<Want>,
    /// For each loop, what is wanted after it and at its head.
    loops: Vec<(Live, Live)>,
    called_from: Option<Span>,
}

impl Usage {
    fn note(&mut self, span: Span, what: UnusedKind) {
        let covered = self.covered > 0 && what == UnusedKind::Outcome;
        if self.quiet == 0 && !covered {
            self.found.push(Unused { span, called_from: self.called_from, what });
        }
    }

    /// Statements from the last to the first.
    fn block(&mut self, block: &Block, want: Want, live: &mut Live) {
        let Some((last, before)) = block.statements.split_last() else { return };
        self.statement(last, want, live);
        before.iter().rev().for_each(|statement| self.dropped(statement, live));
    }

    /// The body of a loop: the value it ends with is thrown away, too.
    fn body(&mut self, block: &Block, live: &mut Live) {
        block.statements.iter().rev().for_each(|statement| self.dropped(statement, live));
    }

    /// A statement whose value is thrown away; where that is an outcome, typing has found it.
    fn dropped(&mut self, statement: &ScriptStatement, live: &mut Live) {
        let covered = u32::from(holds_outcome(&statement.expr.ty));
        if statement.reachable && is_idle(&statement.expr) {
            self.note(statement.expr.span, UnusedKind::Statement);
        }
        self.covered += covered;
        self.statement(statement, Want::Nothing, live);
        self.covered -= covered;
    }

    /// Code that is not reached needs nothing, and is reported by another finding.
    fn statement(&mut self, statement: &ScriptStatement, want: Want, live: &mut Live) {
        if statement.reachable {
            return self.expr(&statement.expr, want, live);
        }
        walk_expr(&statement.expr, &mut |expr| {
            if let ExprKind::Local(name) = &expr.kind {
                live.entry(name.clone()).or_default().read = true;
            }
        });
    }

    fn expr(&mut self, expr: &Expr, want: Want, live: &mut Live) {
        match &expr.kind {
            ExprKind::Local(name) => {
                let held = live.entry(name.clone()).or_default();
                held.read = true;
                held.want = held.want.max(if self.covered > 0 { Want::Given } else { want });
            }
            ExprKind::Outcome { args, .. } => {
                if want < Want::Given {
                    self.note(expr.span, UnusedKind::Outcome);
                }
                self.all(args, Want::Read, live);
            }
            ExprKind::Array(items) => self.all(items, want, live),
            ExprKind::Coalesce(parts) => self.some(parts, want, live),
            ExprKind::And(parts) | ExprKind::Or(parts) => self.some(parts, Want::Read, live),
            ExprKind::If { arms, otherwise } => self.if_else(arms, otherwise.as_ref(), want, live),
            ExprKind::Switch { subject, arms, default } => self.switch(subject, arms, default.as_deref(), want, live),
            ExprKind::Block(block) => self.block(block, want, live),
            ExprKind::Let { name, name_span, value, .. } => self.variable(name, *name_span, value.as_deref(), live),
            ExprKind::Assign { target, op, value } => self.assign(target, op.is_some(), value, live),
            ExprKind::Return(value) => {
                jump(live, None);
                let gives = self.gives.last().copied().unwrap_or_default();
                if let Some(value) = value {
                    self.expr(value, gives, live);
                }
            }
            ExprKind::Break(None) => {
                let after = self.loops.last().map(|(after, _)| after.clone());
                jump(live, after.as_ref());
            }
            ExprKind::Continue => {
                let head = self.loops.last().map(|(_, head)| head.clone());
                jump(live, head.as_ref());
            }
            ExprKind::While { condition, body } => self.repeat(live, |usage, live| {
                let after = live.clone();
                usage.body(body, live);
                if let Some(condition) = condition {
                    join(live, after);
                    usage.expr(condition, Want::Read, live);
                }
            }),
            ExprKind::Do { body, condition, .. } => self.repeat(live, |usage, live| {
                usage.expr(condition, Want::Read, live);
                usage.body(body, live);
            }),
            ExprKind::For { name, name_span, counter, iterable, body } => {
                self.repeat(live, |usage, live| {
                    usage.body(body, live);
                    let counter = counter.iter().map(|(counter, span)| (counter, *span));
                    for (name, span) in std::iter::once((name, *name_span)).chain(counter) {
                        let held = live.remove(name).unwrap_or_default();
                        usage.unread(name, span, &held);
                    }
                });
                self.expr(iterable, Want::Read, live);
            }
            ExprKind::SharedCall { parameters, args, body, .. } => self.shared(expr, parameters, args, body, want, live),
            _ => {
                for part in parts(expr).into_iter().rev() {
                    match part {
                        ExprPart::Expr(inner) => self.expr(inner, Want::Read, live),
                        ExprPart::Block(block) => self.block(block, Want::Read, live),
                    }
                }
            }
        }
    }

    fn all(&mut self, exprs: &[Expr], want: Want, live: &mut Live) {
        exprs.iter().rev().for_each(|expr| self.expr(expr, want, live));
    }

    /// Parts of which the first is evaluated always, the others sometimes.
    fn some(&mut self, exprs: &[Expr], want: Want, live: &mut Live) {
        for (at, expr) in exprs.iter().enumerate().rev() {
            let without = live.clone();
            self.expr(expr, want, live);
            if at > 0 {
                join(live, without);
            }
        }
    }

    fn if_else(&mut self, arms: &[(Expr, Block)], otherwise: Option<&Block>, want: Want, live: &mut Live) {
        let after = live.clone();
        if let Some(otherwise) = otherwise {
            self.block(otherwise, want, live);
        }
        for (condition, then) in arms.iter().rev() {
            let mut taken = after.clone();
            self.block(then, want, &mut taken);
            // Inside a shared function what is constant depends on the call.
            match condition.constant.as_ref().filter(|_| self.called_from.is_none()) {
                Some(Value::Bool(true)) => jump_past(live, &taken),
                Some(Value::Bool(false)) => jump_past(&mut taken, live),
                _ => {}
            }
            join(live, taken);
            self.expr(condition, Want::Read, live);
        }
    }

    fn switch(&mut self, subject: &Expr, arms: &[Arm], default: Option<&Expr>, want: Want, live: &mut Live) {
        let after = live.clone();
        if let Some(default) = default {
            self.expr(default, want, live);
        }
        for arm in arms.iter().rev() {
            let mut taken = after.clone();
            self.expr(&arm.body, want, &mut taken);
            join(live, taken);
            if let Some(guard) = &arm.guard {
                self.expr(guard, Want::Read, live);
            }
        }
        self.expr(subject, Want::Read, live);
    }

    fn variable(&mut self, name: &Arc<str>, name_span: Span, value: Option<&Expr>, live: &mut Live) {
        let held = live.remove(name).unwrap_or_default();
        let given = value.filter(|value| !matches!(value.kind, ExprKind::Literal(Value::Missing)));
        if held.read {
            if let Some(value) = given.filter(|value| held.want == Want::Nothing && !holds_outcome(&value.ty)) {
                self.note(value.span, UnusedKind::Assigned(name.clone()));
            }
            self.flush(name, &held);
        } else {
            self.unread(name, name_span, &held);
        }
        if let Some(value) = value {
            self.expr(value, held.want, live);
        }
    }

    /// A name that is read nowhere; what was assigned to it is not mentioned besides.
    fn unread(&mut self, name: &Arc<str>, span: Span, held: &HeldValue) {
        if held.read {
            self.flush(name, held);
        } else if !name.starts_with('_') {
            self.note(span, UnusedKind::Variable { name: name.clone(), fixed: !held.changed });
        }
    }

    fn flush(&mut self, name: &Arc<str>, held: &HeldValue) {
        for span in &held.dead {
            self.note(*span, UnusedKind::Assigned(name.clone()));
        }
    }

    fn assign(&mut self, target: &Expr, adds: bool, value: &Expr, live: &mut Live) {
        let ExprKind::Local(name) = &target.kind else {
            self.expr(value, Want::Read, live);
            return self.expr(target, Want::Read, live);
        };
        let held = live.entry(name.clone()).or_default();
        held.changed = true;
        let want = held.want;
        if self.quiet == 0 && want == Want::Nothing && !holds_outcome(&value.ty) && !name.starts_with('_') {
            held.dead.insert(value.span);
        }
        if !adds {
            held.want = Want::Nothing;
        }
        self.expr(value, if adds { want.min(Want::Read) } else { want }, live);
    }

    /// A loop: `once` walks it once, from what is wanted at its end to what is wanted at its start.
    fn repeat(&mut self, live: &mut Live, once: impl Fn(&mut Self, &mut Live)) {
        let after = live.clone();
        let mut head = live.clone();
        let rounds = if self.loops.len() < MOST_LOOPS { MOST_ROUNDS } else { 0 };
        let mut settled = false;
        self.quiet += 1;
        for _ in 0..rounds {
            let mut now = head.clone();
            self.loops.push((after.clone(), head.clone()));
            once(self, &mut now);
            self.loops.pop();
            join(&mut now, head.clone());
            settled = now == head;
            head = now;
            if settled {
                break;
            }
        }
        self.quiet -= 1;
        if !settled {
            for held in head.values_mut() {
                held.want = Want::Given;
            }
        }
        *live = head.clone();
        self.loops.push((after.clone(), head));
        once(self, live);
        self.loops.pop();
        // It may not be walked at all.
        join(live, after);
    }

    fn shared(&mut self, call: &Expr, parameters: &[Arc<str>], args: &[Expr], body: &Block, want: Want, live: &mut Live) {
        let outcome = holds_outcome(&call.ty);
        if outcome && want < Want::Given {
            self.note(call.span, UnusedKind::Outcome);
        }
        let gives = if outcome { Want::Given } else { Want::Read };
        let mut inner = Live::new();
        let (from, loops) = (self.called_from, std::mem::take(&mut self.loops));
        let covered = std::mem::take(&mut self.covered);
        self.called_from = from.or(Some(call.span));
        self.gives.push(gives);
        self.block(body, gives, &mut inner);
        self.gives.pop();
        for name in parameters {
            if let Some(held) = inner.get(name).filter(|held| held.read).cloned() {
                self.flush(name, &held);
            }
        }
        (self.called_from, self.loops, self.covered) = (from, loops, covered);
        for (name, arg) in parameters.iter().zip(args).rev() {
            let want = inner.get(name).map_or(Want::Nothing, |held| held.want);
            self.expr(arg, want, live);
        }
    }
}

/// Nothing is wanted by a way that no request takes.
fn jump_past(never: &mut Live, always: &Live) {
    for (name, held) in never.iter_mut() {
        held.want = always.get(name).map_or(Want::Nothing, |held| held.want);
    }
}

/// Whether a statement does nothing else than to have a value.
fn is_idle(expr: &Expr) -> bool {
    use ExprKind as K;
    let value = match &expr.kind {
        K::Literal(value) => *value != Value::Missing,
        K::If { .. }
        | K::Switch { .. }
        | K::Block(_)
        | K::While { .. }
        | K::Do { .. }
        | K::For { .. }
        | K::Let { .. }
        | K::Assign { .. }
        | K::Return(_)
        | K::Break(_)
        | K::Continue
        | K::Unknown(_)
        | K::Opaque { .. }
        | K::Outcome { .. } => false,
        _ => true,
    };
    value && !holds_outcome(&expr.ty) && !matches!(expr.ty, Type::Unknown | Type::Never)
}

/// The names of a shared function's arguments that its body does not read.
#[must_use]
pub fn unread_parameters(parameters: &[Arc<str>], body: &Block) -> Vec<usize> {
    let mut read = BTreeSet::new();
    walk_block(body, &mut |expr| {
        if let ExprKind::Local(name) = &expr.kind {
            read.insert(name.clone());
        }
    });
    let unread = parameters.iter().enumerate().filter(|(_, name)| !name.starts_with('_') && !read.contains(*name));
    unread.map(|(at, _)| at).collect()
}
