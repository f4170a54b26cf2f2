//! Makes the typed tree: the interpreter's syntax tree, walked in order of evaluation with what is known at each point.

mod branches;
mod calls;
mod chain;
mod compare;
mod condition;
mod env;
mod expressions;
mod loops;
mod operators;
mod outcomes;
mod statements;
mod switch;
mod texts;

use std::collections::BTreeMap;
use std::sync::Arc;

use rhai::StmtBlock;

use super::fault::{FaultKind, ScriptFault};
use super::names::ScriptNames;
use super::placed::{PlacedTokens, TokenRange};
use super::tree::{Block, Expr, ExprKind, Purpose, ScriptTree};
use super::types::Type;
use crate::model::Value;
use crate::text::{LocalText, Span};
use env::Env;
pub(super) use outcomes::holds_outcome;

/// How deep calls of shared functions may be nested.
pub(super) const MAX_CALLS: usize = 8;
/// How many expressions a script may have, with the shared functions put in place of each call.
const MAX_NODES: usize = 40_000;

/// A function of the shared script.
#[derive(Clone, Debug)]
pub(super) struct SharedFunction {
    pub name: Arc<str>,
    pub parameters: Vec<Arc<str>>,
    pub body: StmtBlock,
}

/// The shared script with its functions by name and number of arguments.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    pub placed: Arc<PlacedTokens>,
    pub functions: BTreeMap<(String, usize), SharedFunction>,
}

/// Types a script.
pub(super) fn lower(
    names: &ScriptNames,
    shared: Option<&Shared>,
    placed: &Arc<PlacedTokens>,
    statements: &[rhai::Stmt],
    purpose: Purpose,
) -> ScriptTree {
    let mut lower = ScriptLowering::new(names, shared, Arc::clone(placed));
    let whole = TokenRange { first: 0, last: placed.len().saturating_sub(1) };
    let body = lower.block(statements, whole);
    lower.end_of_script(&body, purpose);
    let value = lower.returns.iter().cloned().fold(body.ty.clone(), Type::join);
    let mut faults = lower.faults;
    faults.sort_by_key(|fault| (fault.span, fault.called_from));
    faults.dedup_by(|a, b| a.span == b.span && a.kind == b.kind);
    ScriptTree { source: placed.source, purpose, body, value, faults }
}

/// One expression with the tokens it was made of.
struct Low {
    expr: Expr,
    extent: TokenRange,
}

struct ScriptLowering<'a> {
    names: &'a ScriptNames,
    shared: Option<&'a Shared>,
    /// The script whose text is being walked: the rule's or the shared one.
    placed: Arc<PlacedTokens>,
    env: Env,
    faults: Vec<ScriptFault>,
    /// The types of the values of `return`, of the script or of the shared function being walked.
    returns: Vec<Type>,
    /// The places of returned values, for faults about values that are no outcomes.
    return_spans: Vec<Span>,
    /// Names of the shared functions being walked, with the place of the outermost call.
    calls: Vec<String>,
    called_from: Option<Span>,
    loops: u32,
    /// Points where `break` leaves the innermost loop.
    breaks: Vec<Vec<Env>>,
    nodes: usize,
}

impl<'a> ScriptLowering<'a> {
    fn new(names: &'a ScriptNames, shared: Option<&'a Shared>, placed: Arc<PlacedTokens>) -> Self {
        Self {
            names,
            shared,
            placed,
            env: Env::new(),
            faults: Vec::new(),
            returns: Vec::new(),
            return_spans: Vec::new(),
            calls: Vec::new(),
            called_from: None,
            loops: 0,
            breaks: Vec::new(),
            nodes: 0,
        }
    }

    /// Adds a fault; none for code that is not reached, which is reported by itself.
    fn fault(&mut self, span: Span, kind: FaultKind) {
        let is_reported = self.env.reachable || matches!(kind, FaultKind::Unreachable | FaultKind::UnknownName(_));
        if is_reported {
            self.faults.push(ScriptFault { span, called_from: self.called_from, kind });
        }
    }

    /// Adds a fault that depends on the call: none inside a shared function, which serves other calls too.
    fn fault_of_rule(&mut self, span: Span, kind: FaultKind) {
        if self.calls.is_empty() {
            self.fault(span, kind);
        }
    }

    fn made(&mut self, kind: ExprKind, ty: Type, extent: TokenRange) -> Low {
        self.nodes += 1;
        let constant = match &kind {
            ExprKind::Literal(value) => Some(value.clone()),
            _ => None,
        };
        let span = self.placed.span(extent);
        let texts = texts::of(&kind, span);
        Low { expr: Expr { kind, ty, span, constant, texts }, extent }
    }

    fn literal(&mut self, value: Value, ty: Type, extent: TokenRange) -> Low {
        self.made(ExprKind::Literal(value), ty, extent)
    }

    /// A part that rules may not hold.
    fn opaque(&mut self, what: &'static str, zh: &str, children: Vec<Expr>, extent: TokenRange) -> Low {
        let low = self.made(ExprKind::Opaque { what, children }, Type::Unknown, extent);
        self.fault(low.expr.span, FaultKind::Forbidden(LocalText::new(what, zh)));
        low
    }

    /// The extent with the brackets around it.
    fn outer(&self, low: &Low) -> TokenRange {
        self.placed.grouped(low.extent)
    }

    fn too_large(&self) -> bool {
        self.nodes > MAX_NODES
    }

    /// Whether the script's value is what its purpose wants.
    fn end_of_script(&mut self, body: &Block, purpose: Purpose) {
        let reached = self.env.reachable;
        self.env.reachable = true;
        let last = body.statements.last().map(|statement| (statement.expr.span, body.ty.clone()));
        let returns = self.return_spans.clone().into_iter().zip(self.returns.clone());
        let ends: Vec<(Span, Type)> = returns.chain(last.filter(|_| reached)).collect();
        let mut wanted = false;
        for (span, ty) in &ends {
            match purpose {
                Purpose::Rule if outcomes::is_outcome(ty) => wanted |= !matches!(ty, Type::Unit | Type::Never),
                Purpose::Condition if matches!(ty, Type::Bool | Type::Unknown | Type::Never) => wanted = true,
                _ => {
                    wanted = true;
                    self.fault(*span, FaultKind::NotAnOutcome(ty.clone()));
                }
            }
        }
        // A script that never ends is reported by itself.
        if !wanted && (reached || !ends.is_empty()) {
            self.fault(body.span, FaultKind::NotAnOutcome(Type::Unit));
        }
    }
}
