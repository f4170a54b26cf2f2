//! Whether two trees mean the same, wherever they are in their texts.

use super::{NodeKind, RonMember, RonNode};

/// Whether both say the same, apart from layout, comments and the way texts are quoted.
pub(crate) fn same(a: &RonNode, b: &RonNode) -> bool {
    let parts = |a: &[RonMember], b: &[RonMember]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_member(a, b));
    match (&a.kind, &b.kind) {
        (NodeKind::Word(a), NodeKind::Word(b))
        | (NodeKind::Number(a), NodeKind::Number(b))
        | (NodeKind::Text(a), NodeKind::Text(b)) => a == b,
        (NodeKind::List(a), NodeKind::List(b)) | (NodeKind::Map(a), NodeKind::Map(b)) => parts(a, b),
        (NodeKind::Parens(a_name, a), NodeKind::Parens(b_name, b)) => a_name == b_name && parts(a, b),
        _ => false,
    }
}

fn same_member(a: &RonMember, b: &RonMember) -> bool {
    let labels = match (&a.label, &b.label) {
        (Some(a), Some(b)) => same(a, b),
        (None, None) => true,
        _ => false,
    };
    labels && same(&a.value, &b.value)
}
