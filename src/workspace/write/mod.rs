//! The model as RON: the inverse of `load/`, without what need not be written.

mod cases;
mod rule_set;
mod schema;

pub(super) use cases::{case, template};
pub(super) use rule_set::rule_set;
pub(super) use schema::schema;

use super::ron_tree::Node;
use super::ron_tree::build::{Fields, float, int, text, unit, word};
use countersign_core::model::Scalar;
use countersign_core::text::LocalText;

fn local(both: &LocalText) -> Node {
    Fields::default().with("en", text(&both.en)).with("zh", text(&both.zh)).plain()
}

fn scalar(value: &Scalar) -> Node {
    match value {
        Scalar::Bool(value) => word(if *value { "true" } else { "false" }),
        Scalar::Int(value) => int(*value),
        Scalar::Float(value) => float(*value),
        Scalar::Text(value) => text(value),
        Scalar::Missing(()) => unit(),
    }
}
