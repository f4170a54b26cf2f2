//! `identifier-arithmetic`: an identifier that a script calculates with, or compares by order.

use std::collections::HashSet;
use std::sync::Arc;

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::script::Type;
use crate::script::tree::{BinaryOp, Expr, ExprKind, ScriptTree, UnaryOp, walk};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "identifier-arithmetic",
        severity: Severity::Warning,
        title: StaticText::new("an identifier used as a quantity", "将标识符当作数量使用"),
        what: StaticText::new(
            "Finds an Int field that is an identifier, the key or the customer where a script calculates with it, compares it by order \
             or looks for it in a range.",
            "找出脚本对标识符字段（标为标识符的 Int 字段、主键或客户字段）进行计算、比较大小或判断区间的地方。",
        ),
        why: StaticText::new(
            "The number of an identifier says nothing: terminal 7868 is not more than terminal 7863, and numbers may be assigned again.",
            "标识符的数值没有大小含义：终端 7868 并不大于终端 7863，且编号可能重新分配。",
        ),
        example: Example::Script {
            wrong: r#"if card.terminal > 7867 {
    refer("TOO_MANY_CARDS")
}"#,
            right: r#"if card.terminal in [7868, 7869] {
    refer("TOO_MANY_CARDS")
}"#,
        },
        remedy: StaticText::new(
            "Compare with `==` or `in`, or use a list; to choose a part of the requests, use `share(…)`. If the field is a quantity, remove \
             `identifier: true` from `schema.ron`.",
            "请用 `==`、`in` 或名单比较；如需抽取一定比例的请求，请用 `share(…)`。若该字段是数量，请删除 `schema.ron` 中的 `identifier: true`。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for tree in cx.trees().flatten() {
        let names = Names::of(cx, tree);
        walk(tree, &mut |expr| findings.extend(names.misuse(expr).map(finding)));
    }
    findings
}

fn finding(expr: &Expr) -> Finding {
    let message = LocalText::new(
        "an identifier is a name: calculating with it or comparing it by order means nothing",
        "标识符只是编号：对其计算或比较大小没有意义",
    );
    let help = LocalText::new(
        "compare with `==` or `in`, or use a list; `share(…)` chooses a part of the requests",
        "请用 `==`、`in` 或名单比较；如需抽取一定比例的请求，请用 `share(…)`",
    );
    CHECK.finding(expr.span, message).with_help(help)
}

/// The variables of a script that hold identifiers.
struct Names<'a> {
    cx: &'a Context<'a>,
    variables: HashSet<Arc<str>>,
}

impl<'a> Names<'a> {
    fn of(cx: &'a Context<'a>, tree: &ScriptTree) -> Self {
        let mut names = Self { cx, variables: HashSet::new() };
        // What one variable gives another is found in the next round.
        loop {
            let known = names.variables.len();
            walk(tree, &mut |expr| match &expr.kind {
                ExprKind::Let { name, value: Some(value), .. } => names.give(name, value),
                ExprKind::Assign { target, op: None, value, .. } => {
                    if let ExprKind::Local(name) = &target.kind {
                        names.give(name, value);
                    }
                }
                ExprKind::SharedCall { parameters, args, .. } => {
                    parameters.iter().zip(args).for_each(|(name, value)| names.give(name, value));
                }
                _ => {}
            });
            if names.variables.len() == known {
                return names;
            }
        }
    }

    fn give(&mut self, name: &Arc<str>, value: &Expr) {
        if self.is_one(value) {
            self.variables.insert(name.clone());
        }
    }

    /// Whether an expression is an identifier, or one with a default.
    fn is_one(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Field(field) => self.cx.definition.schema.is_identifier(*field),
            ExprKind::Local(name) => self.variables.contains(name),
            ExprKind::Coalesce(all) => all.first().is_some_and(|first| self.is_one(first)),
            _ => false,
        }
    }

    /// The expression that takes an identifier for a quantity.
    fn misuse<'e>(&self, expr: &'e Expr) -> Option<&'e Expr> {
        let is_misused = match &expr.kind {
            // Put after a text, a number is written out.
            ExprKind::Binary { op: BinaryOp::Add, lhs, rhs, .. }
                if [lhs, rhs].iter().any(|side| side.ty.present() == Type::Text) =>
            {
                false
            }
            ExprKind::Binary { op, lhs, rhs, .. } => {
                !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) && (self.is_one(lhs) || self.is_one(rhs))
            }
            ExprKind::Unary(UnaryOp::Negate, of) => self.is_one(of),
            ExprKind::Assign { target, op: Some(_), value, .. } => {
                target.ty.present() != Type::Text && (self.is_one(target) || self.is_one(value))
            }
            ExprKind::In { item, container, .. } => self.is_one(item) && is_range(container),
            ExprKind::Switch { subject, arms, .. } => self.is_one(subject) && arms.iter().flat_map(|arm| &arm.values).any(is_range),
            ExprKind::Call { function, args, .. } => {
                args.iter().zip(function.parameters).any(|(arg, (_, takes))| takes.is_quantity() && self.is_one(arg))
            }
            _ => false,
        };
        let subject = match &expr.kind {
            // Without the arms.
            ExprKind::Switch { subject, .. } => subject,
            _ => expr,
        };
        is_misused.then_some(subject)
    }
}

fn is_range(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Binary { op: BinaryOp::Range | BinaryOp::InclusiveRange, .. })
}
