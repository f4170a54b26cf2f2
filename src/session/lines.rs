//! Beside each `if` of a script: how many of the loaded requests come to it, and for how many it holds.
//!
//! Counted over all loaded requests, whether or not the rule's stage is reached. A condition that reads a variable, or stands in a
//! loop, is left out, and so is everything in a script that returns early: nothing is guessed.

use std::sync::Arc;

use super::order::conditions;
use super::results::{Checked, Done};
use crate::engine::RowSet;
use crate::model::RuleId;
use crate::progress::Progress;
use crate::requests::Table;
use crate::script::tree::{Block, Expr, ExprKind, ScriptTree, walk, walk_expr};
use crate::text::{Source, SourceId};

/// What is known of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineCount {
    /// The line of the condition, from 1.
    pub line: u32,
    /// Requests that come to it.
    pub reached: u64,
    /// Of those, requests for which it holds.
    pub held: u64,
}

/// The counts of one rule's script.
#[derive(Clone, Debug)]
pub struct LineCounts {
    /// The rule.
    pub rule: RuleId,
    /// Its conditions in order.
    pub lines: Vec<LineCount>,
}

/// A condition and how it is come to: the condition around it, and on which side.
struct Condition {
    line: u32,
    /// What must hold for a request to come to it, in the words of the script; empty where every one does.
    before: String,
    /// The condition itself, in brackets.
    own: String,
    around: Option<(usize, bool)>,
}

/// Counts; `None` when asked to stop.
pub(super) fn lines(checked: &Checked, rule: &RuleId, table: &Arc<Table>, progress: &Progress) -> Option<Done> {
    let found = checked.definition.rule_set.find_rule(rule.as_str());
    let tree = found.and_then(|(index, ..)| checked.program.tree(index));
    let source = tree.and_then(|tree| checked.definition.sources.get(tree.source));
    let mut all = Vec::new();
    if let (Some(tree), Some(source)) = (tree, source)
        && !returns(tree)
    {
        collect(&mut all, source, tree.source, &tree.body, None);
    }
    let texts: Vec<String> = all.iter().map(|condition| both(&condition.before, &condition.own)).collect();
    let held = if texts.is_empty() { Vec::new() } else { conditions(&checked.definition, &texts, table, progress)? };
    let mut reached: Vec<RowSet> = Vec::new();
    for condition in &all {
        let rows = match condition.around {
            None => RowSet::all(table.len()),
            Some((around, true)) => held.get(around).map(|(rows, _)| rows.clone()).unwrap_or_default(),
            Some((around, false)) => {
                let outer = reached.get(around).cloned().unwrap_or_default();
                held.get(around).map(|(rows, _)| outer.without(rows)).unwrap_or_default()
            }
        };
        reached.push(rows);
    }
    let counts = all.iter().zip(&reached).zip(&held);
    let lines = counts.map(|((condition, reached), (held, _))| LineCount {
        line: condition.line,
        reached: reached.count() as u64,
        held: held.count() as u64,
    });
    Some(Done::Lines(Box::new(LineCounts { rule: rule.clone(), lines: lines.collect() })))
}

fn both(before: &str, own: &str) -> String {
    if before.is_empty() { own.to_owned() } else { format!("{before} && {own}") }
}

fn returns(tree: &ScriptTree) -> bool {
    let mut found = false;
    walk(tree, &mut |expr| found |= matches!(expr.kind, ExprKind::Return(_)));
    found
}

fn collect(all: &mut Vec<Condition>, source: &Source, id: SourceId, block: &Block, around: Option<(usize, bool)>) {
    for statement in &block.statements {
        let ExprKind::If { condition, then, otherwise } = &statement.expr.kind else { continue };
        if condition.span.source != id || reads_variable(condition) {
            continue;
        }
        let own = format!("({})", source.slice(condition.span));
        let before = around.and_then(|(at, side)| Some((all.get(at)?, side)));
        let before = match before {
            None => String::new(),
            Some((outer, true)) => both(&outer.before, &outer.own),
            Some((outer, false)) => both(&outer.before, &format!("!{}", outer.own)),
        };
        all.push(Condition { line: source.line_column(condition.span.start).line, before, own, around });
        let at = all.len() - 1;
        collect(all, source, id, then, Some((at, true)));
        if let Some(otherwise) = otherwise {
            collect(all, source, id, otherwise, Some((at, false)));
        }
    }
}

fn reads_variable(condition: &Expr) -> bool {
    let mut found = false;
    walk_expr(condition, &mut |expr| found |= matches!(expr.kind, ExprKind::Local(_)) && expr.span.source == condition.span.source);
    found
}
