//! Whether two trees mean the same, wherever they stand.

use super::{Kind, Member, Node};

/// Whether both say the same, apart from layout, comments and the way texts are quoted.
pub(crate) fn same(a: &Node, b: &Node) -> bool {
    let parts = |a: &[Member], b: &[Member]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_member(a, b));
    match (&a.kind, &b.kind) {
        (Kind::Word(a), Kind::Word(b)) | (Kind::Number(a), Kind::Number(b)) | (Kind::Text(a), Kind::Text(b)) => a == b,
        (Kind::List(a), Kind::List(b)) | (Kind::Map(a), Kind::Map(b)) => parts(a, b),
        (Kind::Parens(a_name, a), Kind::Parens(b_name, b)) => a_name == b_name && parts(a, b),
        _ => false,
    }
}

fn same_member(a: &Member, b: &Member) -> bool {
    let labels = match (&a.label, &b.label) {
        (Some(a), Some(b)) => same(a, b),
        (None, None) => true,
        _ => false,
    };
    labels && same(&a.value, &b.value)
}
