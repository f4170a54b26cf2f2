//! Large values in scripts: which variables hold them, and how much of the budget a script without loops can use at most.

use super::Type;
use super::host::BUDGET;
use super::host::work::{COMPARE, Cost, JOIN, LIST, LargeValues, MOST_SEARCHED, NAME};
use super::tree::{BinaryOp, Expr, ExprKind, ScriptTree, walk};

/// The most steps of the interpreter for one expression.
const STEPS: u64 = 10;

/// The variables of a script that may hold large values.
pub(super) fn values(tree: &ScriptTree) -> LargeValues {
    let mut large = LargeValues::default();
    walk(tree, &mut |expr| match &expr.kind {
        ExprKind::Local(name) if is_copied(&expr.ty) => {
            large.names.insert(name.clone());
        }
        ExprKind::Switch { subject, .. } => large.texts |= matches!(subject.ty.present(), Type::Text | Type::Mixed | Type::Unknown),
        _ => {}
    });
    large
}

/// Whether naming a variable of that type copies more than one value.
fn is_copied(ty: &Type) -> bool {
    matches!(ty.present(), Type::Array(_) | Type::Map | Type::Mixed | Type::Unknown)
}

/// The most operations that a script can use where no text is longer than so many bytes, and no array is in another; none where
/// it has a loop, so that there is no bound.
#[must_use]
pub fn most_operations(tree: &ScriptTree, text_bytes: usize) -> Option<u64> {
    let large = values(tree);
    let (mut most, mut elements, mut copies, mut loops) = (0_u64, 0_u64, 0_u64, false);
    walk(tree, &mut |expr: &Expr| {
        most = most.saturating_add(STEPS + most_beside(&expr.kind, &large, text_bytes));
        match &expr.kind {
            ExprKind::While { .. } | ExprKind::Do { .. } | ExprKind::For { .. } => loops = true,
            ExprKind::Array(items) => elements += items.len() as u64,
            ExprKind::Map(entries) => elements += 4 * entries.len() as u64,
            ExprKind::Local(name) if large.names.contains(name) => copies += 1,
            ExprKind::In { .. } => copies += 1,
            _ => {}
        }
    });
    let elements = elements.min(BUDGET.array_elements as u64 + 4 * BUDGET.map_entries as u64);
    (!loops).then(|| most.saturating_add(copies.saturating_mul(elements)))
}

/// The most that an expression costs beside its steps and the elements of arrays.
fn most_beside(kind: &ExprKind, large: &LargeValues, text_bytes: usize) -> u64 {
    let two = |cost: Cost| cost.of(2 * text_bytes);
    match kind {
        ExprKind::Local(_) | ExprKind::Field(_) | ExprKind::Parameter(_) | ExprKind::List(_) if !large.is_empty() => MOST_SEARCHED,
        ExprKind::Binary { op: BinaryOp::Add, .. } | ExprKind::Assign { op: Some(_), .. } => two(JOIN),
        ExprKind::Binary { .. } => two(COMPARE),
        ExprKind::In { .. } => two(LIST),
        ExprKind::Outcome { .. } => two(NAME),
        ExprKind::Call { function, .. } => function.charge.map_or(0, |charge| two(charge.cost)),
        _ => 0,
    }
}
