//! `unused-variable`: a variable or argument that nothing reads.

use std::collections::BTreeMap;

use crate::check::{Check, Context, said};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::script::tree::{ExprKind, walk};
use crate::script::usage::{self, UnusedKind};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "unused-variable",
        severity: Severity::Warning,
        title: StaticText::new("a variable that nothing reads", "没有被使用的变量"),
        what: StaticText::new(
            "Finds variables, variables of loops, and arguments of shared functions that nothing reads. A name that begins with `_` says that this is meant.",
            "找出没有代码读取的变量、循环变量和共享函数的参数。以 `_` 开头的名称表示有意如此。",
        ),
        why: StaticText::new(
            "A condition was prepared and then forgotten, or another name was written in its place: the rule decides without it.",
            "条件已准备好却被遗忘，或误写成了别的名称：规则在没有它的情况下作出决策。",
        ),
        example: Example::Script {
            wrong: r#"let many = velocity.cards_by_mobile > 5;
if customer.kind == "new" {
    refer("TOO_MANY_CARDS")
}"#,
            right: r#"let many = velocity.cards_by_mobile > 5;
if customer.kind == "new" && many {
    refer("TOO_MANY_CARDS")
}"#,
        },
        remedy: StaticText::new(
            "Use the variable where it was meant, take it away, or begin its name with `_`.",
            "请在应当使用之处使用该变量，或删除它，或让名称以 `_` 开头。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for unused in &cx.unused {
        if let UnusedKind::Variable { name, fixed } = &unused.what {
            let message = LocalText::new(format!("nothing reads the variable `{name}`"), format!("没有代码读取变量 `{name}`"));
            findings.push(said::called_from(finding(unused.span, name, message, *fixed), unused.called_from));
        }
    }
    findings.extend(parameters(cx));
    findings
}

fn finding(span: Span, name: &str, message: LocalText, renames: bool) -> Finding {
    let help = LocalText::new(
        format!("use it, take it away, or call it `_{name}` to say that this is meant"),
        format!("请使用或删除它；若有意如此，请改名为 `_{name}`"),
    );
    let finding = CHECK.finding(span, message).with_help(help);
    if renames { finding.with_fix(span, format!("_{name}")) } else { finding }
}

/// Arguments of the shared functions that some rule calls.
fn parameters(cx: &Context<'_>) -> Vec<Finding> {
    let mut unread: BTreeMap<(&str, usize), Vec<usize>> = BTreeMap::new();
    for tree in cx.trees().flatten() {
        walk(tree, &mut |expr| {
            if let ExprKind::SharedCall { name, parameters, body, .. } = &expr.kind {
                unread.entry((name, parameters.len())).or_insert_with(|| usage::unread_parameters(parameters, body));
            }
        });
    }
    let mut findings = Vec::new();
    for signature in cx.program.shared() {
        let places = unread.get(&(signature.name.as_str(), signature.parameters.len())).into_iter().flatten();
        for at in places {
            let (Some(name), Some(span)) = (signature.parameters.get(*at), signature.parameter_spans.get(*at)) else { continue };
            let function = &signature.name;
            let message = LocalText::new(
                format!("`{function}` does not read its argument `{name}`"),
                format!("`{function}` 没有读取其参数 `{name}`"),
            );
            findings.push(finding(*span, name, message, true));
        }
    }
    findings
}
