//! Which values of a script come from certain fields, such as personal ones: what is read of one, calculated with it, or kept in a
//! variable that held such a value.
//!
//! By the script's text and not by the way one request takes through it: a variable that may come to hold such a value anywhere always
//! counts. A truth value tells no more than the decision does, so it passes nothing on.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::{FieldIndex, Schema};
use crate::script::Type;
use crate::script::tree::{self, Block, Expr, ExprKind, ExprPart, ScriptTree};

/// The variables of one script that may hold what comes from certain fields.
#[derive(Clone, Debug)]
pub(super) struct Taint<'a> {
    schema: &'a Schema,
    of: fn(&Schema, FieldIndex) -> bool,
    /// By name: two variables of one name in different blocks count as one.
    variables: HashSet<Arc<str>>,
}

impl<'a> Taint<'a> {
    /// What is personal in a script, with the shared functions it calls.
    pub(super) fn personal(schema: &'a Schema, tree: &ScriptTree) -> Self {
        Self::of(schema, tree, |schema, field| schema.field(field).is_some_and(|field| field.personal))
    }

    /// What comes from identifiers in a script, with the shared functions it calls.
    pub(super) fn identifiers(schema: &'a Schema, tree: &ScriptTree) -> Self {
        Self::of(schema, tree, Schema::is_identifier)
    }

    fn of(schema: &'a Schema, tree: &ScriptTree, of: fn(&Schema, FieldIndex) -> bool) -> Self {
        let mut taint = Self { schema, of, variables: HashSet::new() };
        // What one variable gives another is found in the next round.
        loop {
            let known = taint.variables.len();
            tree::walk_block(&tree.body, &mut |expr| taint.give(expr));
            if taint.variables.len() == known {
                return taint;
            }
        }
    }

    /// Marks the variables that an expression puts such a value into.
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

    /// Whether the value of an expression may come from such a field.
    pub(super) fn reaches(&self, expr: &Expr) -> bool {
        let mut inside = vec![expr];
        while let Some(expr) = inside.pop() {
            match &expr.kind {
                ExprKind::Field(field) if (self.of)(self.schema, *field) => return true,
                _ if expr.ty.present() == Type::Bool => {}
                ExprKind::Local(name) if self.variables.contains(name) => return true,
                // What is given to it is known by the names of its arguments.
                ExprKind::SharedCall { body, .. } => inside.extend(statements(body)),
                _ => inside.extend(tree::parts(expr).into_iter().flat_map(|part| match part {
                    ExprPart::Expr(part) => vec![part],
                    ExprPart::Block(block) => statements(block).collect(),
                })),
            }
        }
        false
    }
}

fn statements(block: &Block) -> impl Iterator<Item = &Expr> {
    block.statements.iter().map(|statement| &statement.expr)
}
