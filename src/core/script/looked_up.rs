//! Which fields scripts look up in lists: there a text must be exact.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Type;
use super::tree::{Block, Expr, ExprKind, ScriptTree, walk, walk_block, walk_expr};
use crate::model::FieldIndex;

/// Fields, and variables that hold something made of them.
#[derive(Default)]
struct TextSources {
    fields: BTreeSet<FieldIndex>,
    locals: BTreeSet<Arc<str>>,
}

impl TextSources {
    fn of(expr: &Expr) -> Self {
        let mut sources = Self::default();
        walk_expr(expr, &mut |expr| match &expr.kind {
            ExprKind::Field(field) => {
                sources.fields.insert(*field);
            }
            ExprKind::Local(name) => {
                sources.locals.insert(Arc::clone(name));
            }
            _ => {}
        });
        sources
    }

    fn merge(&mut self, other: Self) {
        self.fields.extend(other.fields);
        self.locals.extend(other.locals);
    }
}

/// The fields of a script that are looked up in a list: named before `in`, or through variables, loops and shared functions.
/// Of two variables of one name the fields of both count.
pub(super) fn looked_up(tree: &ScriptTree) -> BTreeSet<FieldIndex> {
    let mut made: BTreeMap<Arc<str>, TextSources> = BTreeMap::new();
    let mut wanted = TextSources::default();
    walk(tree, &mut |expr| {
        let mut give = |name: &Arc<str>, value: &Expr| made.entry(Arc::clone(name)).or_default().merge(TextSources::of(value));
        match &expr.kind {
            ExprKind::In { item, container, .. } if is_list(container) => wanted.merge(TextSources::of(item)),
            ExprKind::Let { name, value: Some(value), .. } => give(name, value),
            ExprKind::Assign { target, value, .. } => {
                if let ExprKind::Local(name) = &target.kind {
                    give(name, value);
                }
            }
            ExprKind::For { name, iterable, .. } => give(name, iterable),
            ExprKind::SharedCall { parameters, args, body, .. } if searches_list(body) => {
                parameters.iter().zip(args).for_each(|(name, value)| give(name, value));
            }
            _ => {}
        }
    });
    let mut fields = wanted.fields;
    let mut open: Vec<Arc<str>> = wanted.locals.into_iter().collect();
    while let Some(name) = open.pop() {
        // Taken out, so that each variable is followed once.
        let Some(sources) = made.remove(&name) else { continue };
        fields.extend(sources.fields);
        open.extend(sources.locals);
    }
    fields
}

fn is_list(container: &Expr) -> bool {
    matches!(container.ty, Type::List(_))
}

fn searches_list(body: &Block) -> bool {
    let mut searches = false;
    walk_block(body, &mut |expr| searches |= matches!(&expr.kind, ExprKind::In { container, .. } if is_list(container)));
    searches
}
