//! Why the selected request is decided as it is, as the panel shows it: rules in order, the parts of a script as indented lines.

use super::decided;
use crate::Session;
use crate::draft::ScriptRef;
use crate::jobs::impact::DecideDraft;
use countersign_core::engine::explain::{Explanation, ExplanationNode, NodeKind, explain};
use countersign_core::model::RuleId;
use countersign_core::text::LocalText;

/// One line of a script's tree.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainLine {
    pub depth: usize,
    pub kind: NodeKind,
    pub text: String,
    /// Whether the script evaluates it for this request.
    pub reached: bool,
    /// Whether the script failed just here.
    pub failed: bool,
    pub holds: Option<bool>,
    pub value: Option<LocalText>,
    pub script: ScriptRef,
    /// Its bytes there.
    pub span: (u32, u32),
}

/// Explains the selected request by the draft; by the last draft without errors while it has some.
pub fn of(session: &Session) -> Option<Explanation> {
    let row = session.view().selection.request? as usize;
    let requests = session.requests()?;
    let engine = decided::engine(session)?;
    // Derived fields that changed since the file was read are computed for the impact.
    let table = session.fresh::<DecideDraft>().map_or(&requests.table, |impact| impact.new.seen());
    let fits = engine.definition().schema == **table.schema();
    (fits && row < table.len()).then(|| explain(engine, &table.request(row)))
}

/// The statements of a rule as lines, in order; names and values that a line above already shows are left out.
pub fn lines(rule: &RuleId, tree: &[ExplanationNode]) -> Vec<ExplainLine> {
    let mut lines = Vec::new();
    for node in tree {
        add(rule, node, 0, &mut lines);
    }
    lines
}

fn add(rule: &RuleId, node: &ExplanationNode, depth: usize, lines: &mut Vec<ExplainLine>) {
    let script = if node.shared { ScriptRef::Shared } else { ScriptRef::Rule(rule.clone()) };
    lines.push(ExplainLine {
        depth,
        kind: node.kind,
        text: one_line(&node.text),
        reached: node.reached,
        failed: node.failed,
        holds: node.holds,
        value: node.value.clone(),
        script,
        span: (node.span.start, node.span.end),
    });
    node.parts.iter().for_each(|part| add(rule, part, depth + 1, lines));
}

/// A script's lines joined, without indentation.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
