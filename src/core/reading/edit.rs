//! The place in a script of a comparison that a table shows, and values as scripts write them.

use std::collections::BTreeMap;

use super::WrittenComparison;
use super::clauses::{opposite, turned};
use crate::model::{Fen, Value, Zone};
use crate::plan::{CompareOp, Constant};
use crate::script::tree::{Expr, ExprKind, ScriptTree, walk};
use crate::text::{Span, grouped};

impl WrittenComparison {
    /// The bytes of the value in a rule's own script, and the value; none where the comparison does not occur there exactly once.
    #[must_use]
    pub fn place(&self, tree: &ScriptTree) -> Option<(Span, Value)> {
        let mut places: BTreeMap<Span, Value> = BTreeMap::new();
        walk(tree, &mut |expr| {
            let ExprKind::Binary { op, lhs, rhs, .. } = &expr.kind else { return };
            let Some(how) = CompareOp::of(*op) else { return };
            for (field, value, how) in [(lhs, rhs, how), (rhs, lhs, turned(how))] {
                let is_meant = how == self.how || opposite(how) == self.how;
                let Some(constant) = &value.constant else { continue };
                if is_meant && value.span.source == tree.source && self.compares(field, constant) {
                    places.insert(value.span, constant.clone());
                }
            }
        });
        let mut places = places.into_iter();
        places.next().filter(|_| places.next().is_none())
    }

    fn compares(&self, field: &Expr, value: &Value) -> bool {
        let constant = match value {
            Value::Missing => Constant::Missing,
            Value::Bool(value) => Constant::Bool(*value),
            Value::Int(number) => Constant::Int(*number),
            Value::Money(fen) => Constant::Int(fen.0),
            Value::Time(time) => Constant::Int(time.micros()),
            Value::Float(number) => Constant::Float(number.to_bits()),
            Value::Text(text) => Constant::Text(text.clone()),
        };
        matches!(field.kind, ExprKind::Field(field) if field == self.field) && constant == self.value
    }
}

/// A value as a script writes it: `yuan(5_000)`, `"PAY"`.
#[must_use]
pub fn as_script(value: &Value, zone: Zone) -> String {
    match value {
        Value::Missing => "()".to_owned(),
        Value::Bool(value) => value.to_string(),
        // The least whole number without its sign is out of range.
        Value::Int(i64::MIN) => format!("({} - 1)", as_script(&Value::Int(i64::MIN + 1), zone)),
        Value::Int(number) => grouped(number).replace(',', "_"),
        Value::Money(Fen(fen)) if fen % 100 == 0 => format!("yuan({})", grouped(fen / 100).replace(',', "_")),
        Value::Money(fen) => format!("yuan(\"{fen}\")"),
        Value::Float(number) => format!("{number:?}"),
        Value::Time(_) => format!("time(\"{}\")", value.show(zone)),
        Value::Text(text) => {
            let mut quoted = String::from("\"");
            for c in text.chars() {
                match c {
                    '"' => quoted.push_str("\\\""),
                    '\\' => quoted.push_str("\\\\"),
                    '\n' => quoted.push_str("\\n"),
                    '\r' => quoted.push_str("\\r"),
                    '\t' => quoted.push_str("\\t"),
                    c => quoted.push(c),
                }
            }
            quoted.push('"');
            quoted
        }
    }
}
