//! Names for expressions: two with the same name have the same value for one request.

use std::fmt::Write as _;

use super::point::ProgramPoint;
use crate::script::tree::{Expr, ExprKind, UnaryOp};

/// The longest name; expressions with longer ones are not compared.
const LONGEST: usize = 300;

/// The name of an expression at a point; none for what is made of statements, or is very long.
pub(super) fn key(expr: &Expr, point: &ProgramPoint) -> Option<String> {
    let mut name = String::new();
    write(expr, point, &mut name)?;
    Some(name)
}

/// The name of the order of two expressions, and whether it is that of the second to the first.
pub(super) fn pair(one: &str, other: &str) -> (String, bool) {
    if one <= other { (format!("order({one},{other})"), false) } else { (format!("order({other},{one})"), true) }
}

fn write(expr: &Expr, point: &ProgramPoint, name: &mut String) -> Option<()> {
    if name.len() > LONGEST {
        return None;
    }
    let put = |name: &mut String, text: std::fmt::Arguments<'_>| name.write_fmt(text).ok();
    match &expr.kind {
        ExprKind::Literal(value) => put(name, format_args!("{value:?}")),
        ExprKind::Field(index) => put(name, format_args!("f{}", index.at())),
        ExprKind::Parameter(index) => put(name, format_args!("p{}", index.at())),
        ExprKind::List(index) => put(name, format_args!("l{}", index.at())),
        ExprKind::Local(variable) => put(name, format_args!("{}", point.find(variable)?.key)),
        ExprKind::Unary(UnaryOp::Plus, operand) => write(operand, point, name),
        ExprKind::Unary(op, operand) => {
            put(name, format_args!("{op:?}"))?;
            all(std::slice::from_ref(operand.as_ref()), point, name)
        }
        ExprKind::Binary { op, lhs, rhs, .. } => {
            put(name, format_args!("{}(", op.symbol()))?;
            write(lhs, point, name)?;
            name.push(',');
            write(rhs, point, name)?;
            name.push(')');
            Some(())
        }
        ExprKind::In { item, container, .. } => {
            put(name, format_args!("in("))?;
            write(item, point, name)?;
            name.push(',');
            write(container, point, name)?;
            name.push(')');
            Some(())
        }
        ExprKind::And(parts) => named("and", parts, point, name),
        ExprKind::Or(parts) => named("or", parts, point, name),
        ExprKind::Coalesce(parts) => named("first", parts, point, name),
        ExprKind::Array(parts) => named("array", parts, point, name),
        ExprKind::Call { function, args, .. } => named(function.name, args, point, name),
        ExprKind::SharedCall { name: function, args, .. } => named(function, args, point, name),
        _ => None,
    }
}

fn named(function: &str, parts: &[Expr], point: &ProgramPoint, name: &mut String) -> Option<()> {
    name.push_str(function);
    all(parts, point, name)
}

fn all(parts: &[Expr], point: &ProgramPoint, name: &mut String) -> Option<()> {
    name.push('(');
    for part in parts {
        write(part, point, name)?;
        name.push(',');
    }
    name.push(')');
    Some(())
}
