//! Which values of a script tell of a personal field: what is read of one, reckoned with it, or kept in a variable that held such a value.
//!
//! By the script's text and not by the way one request takes through it: a variable that may come to hold such a value anywhere always
//! counts. A truth value tells no more than the decision does, so it passes nothing on.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::Schema;
use crate::script::Type;
use crate::script::tree::{self, Block, Expr, ExprKind, Part, ScriptTree};

/// The variables of one script that may hold what is personal.
#[derive(Clone, Debug)]
pub(super) struct Taint<'a> {
    schema: &'a Schema,
    /// By name: two variables of one name in different blocks count as one.
    variables: HashSet<Arc<str>>,
}

impl<'a> Taint<'a> {
    /// Of a script with the shared functions it calls.
    pub(super) fn of(schema: &'a Schema, tree: &ScriptTree) -> Self {
        let mut taint = Self { schema, variables: HashSet::new() };
        // What one variable gives another is found in the next round.
        loop {
            let known = taint.variables.len();
            tree::walk_block(&tree.body, &mut |expr| taint.give(expr));
            if taint.variables.len() == known {
                return taint;
            }
        }
    }

    /// Marks the variables that an expression puts something personal into.
    fn give(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Let { name, value: Some(value), .. } => self.mark([name], value),
            ExprKind::Assign { target, value, .. } => {
                if let ExprKind::Local(name) = &target.kind {
                    self.mark([name], value);
                }
            }
            ExprKind::For { name, counter, iterable, .. } => {
                self.mark(std::iter::once(name).chain(counter.as_ref().map(|(counter, _)| counter)), iterable);
            }
            ExprKind::SharedCall { parameters, args, .. } => {
                parameters.iter().zip(args).for_each(|(name, value)| self.mark([name], value));
            }
            _ => {}
        }
    }

    fn mark<'n>(&mut self, names: impl IntoIterator<Item = &'n Arc<str>>, value: &Expr) {
        if self.reaches(value) {
            self.variables.extend(names.into_iter().cloned());
        }
    }

    /// Whether the value of an expression may tell of a personal field.
    pub(super) fn reaches(&self, expr: &Expr) -> bool {
        let mut inside = vec![expr];
        while let Some(expr) = inside.pop() {
            match &expr.kind {
                ExprKind::Field(field) if self.schema.field(*field).is_some_and(|field| field.personal) => return true,
                _ if expr.ty.present() == Type::Bool => {}
                ExprKind::Local(name) if self.variables.contains(name) => return true,
                // What is given to it is known by the names of its arguments.
                ExprKind::SharedCall { body, .. } => inside.extend(statements(body)),
                _ => inside.extend(tree::parts(expr).into_iter().flat_map(|part| match part {
                    Part::Expr(part) => vec![part],
                    Part::Block(block) => statements(block).collect(),
                })),
            }
        }
        false
    }
}

fn statements(block: &Block) -> impl Iterator<Item = &Expr> {
    block.statements.iter().map(|statement| &statement.expr)
}
