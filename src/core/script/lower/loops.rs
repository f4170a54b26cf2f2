//! Loops. What a loop changes is known after it only by what it may ever hold.

use rhai::{Expr as Ast, FlowControl, Ident, Stmt, StmtBlock};

use super::env::{Env, Local};
use super::{Low, ScriptLowering};
use crate::model::Value;
use crate::script::fault::{FaultKind, ScriptFault};
use crate::script::placed::TokenRange;
use crate::script::tree::ExprKind;
use crate::script::types::Type;

impl ScriptLowering<'_> {
    pub(super) fn while_loop(&mut self, flow: &FlowControl, first: usize) -> Low {
        let entered = self.env.reachable;
        self.enter_loop(&flow.body);
        let endless = flow.expr.is_unit();
        let (condition, exit) = if endless {
            (None, None)
        } else {
            let (low, yes, no) = self.loop_condition(&flow.expr);
            self.env = yes;
            (Some(low), Some(no))
        };
        let always = endless || condition.as_ref().is_some_and(|low| low.expr.constant == Some(Value::Bool(true)));
        let (body, extent) = self.braces(&flow.body);
        let extent = TokenRange { first, last: extent.last };
        let leaves = self.leave(exit.filter(|_| !always), &flow.body);
        if always && !leaves && entered {
            let span = self.placed.token_span(first);
            self.faults.push(ScriptFault { span, called_from: self.called_from, kind: FaultKind::UnboundedLoop });
        }
        self.dropped_by_loop(&body);
        let kind = ExprKind::While { condition: condition.map(|low| Box::new(low.expr)), body };
        self.made(kind, Type::Unit, extent)
    }

    /// The condition of a loop; `while true` is no constant condition but a `loop`.
    fn loop_condition(&mut self, ast: &Ast) -> (Low, Env, Env) {
        if let Ast::BoolConstant(true, _) = ast {
            let low = self.expr(ast);
            let mut never = self.env.clone();
            never.reachable = false;
            return (low, self.env.clone(), never);
        }
        self.condition(ast)
    }

    pub(super) fn do_loop(&mut self, flow: &FlowControl, until: bool, first: usize) -> Low {
        self.enter_loop(&flow.body);
        let (body, body_extent) = self.braces(&flow.body);
        // A `continue` leads to the condition from anywhere, so nothing that the body settled holds there.
        self.env.reachable = true;
        self.env.widen(&changed(&flow.body));
        let (condition, yes, no) = self.condition(&flow.expr);
        let extent = TokenRange { first, last: self.outer(&condition).last.max(body_extent.last) };
        let exit = if until { yes } else { no };
        self.leave(Some(exit), &flow.body);
        self.dropped_by_loop(&body);
        let kind = ExprKind::Do { body, condition: Box::new(condition.expr), until };
        self.made(kind, Type::Unit, extent)
    }

    pub(super) fn for_loop(&mut self, name: &Ident, counter: Option<&Ident>, flow: &FlowControl, first: usize) -> Low {
        let iterable = self.expr(&flow.expr);
        let element = match self.present(&iterable.expr) {
            Type::Array(element) if !super::outcomes::holds_outcome(&element) => *element,
            Type::Range => Type::Int,
            ty if ty.is_silent() => Type::Unknown,
            ty => {
                self.fault(iterable.expr.span, FaultKind::WrongOperand { op: "for", lhs: ty, rhs: None });
                Type::Unknown
            }
        };
        self.enter_loop(&flow.body);
        let before = self.env.clone();
        let depth = self.env.locals.len();
        for (ident, ty) in std::iter::once((name, element)).chain(counter.map(|counter| (counter, Type::Int))) {
            let span = self.placed.token_span(self.placed.at(ident.pos).unwrap_or(first));
            self.check_new_name(ident.name.as_str(), span);
            let name = ident.name.as_str().into();
            let local = Local { name, declared: ty.clone(), ty, value: None, texts: None, constant: false, loops: self.loops };
            self.env.locals.push(local);
        }
        let (body, extent) = self.braces(&flow.body);
        let extent = TokenRange { first, last: extent.last };
        self.env.locals.truncate(depth);
        self.leave(Some(before), &flow.body);
        self.dropped_by_loop(&body);
        let place = |ident: &Ident| self.placed.token_span(self.placed.at(ident.pos).unwrap_or(first));
        let kind = ExprKind::For {
            name: name.name.as_str().into(),
            name_span: place(name),
            counter: counter.map(|counter| (counter.name.as_str().into(), place(counter))),
            iterable: Box::new(iterable.expr),
            body,
        };
        self.made(kind, Type::Unit, extent)
    }

    /// `break` and `continue`.
    pub(super) fn leave_loop(&mut self, value: Option<&Ast>, is_break: bool, first: usize) -> Low {
        let extent = TokenRange { first, last: first };
        if let Some(value) = value {
            let low = self.expr(value);
            let extent = extent.to(self.outer(&low));
            self.env.reachable = false;
            return self.opaque("a `break` with a value", "带值的 `break`", vec![low.expr], extent);
        }
        let env = self.env.clone();
        if is_break && let Some(breaks) = self.breaks.last_mut() {
            breaks.push(env);
        }
        self.env.reachable = false;
        let kind = if is_break { ExprKind::Break(None) } else { ExprKind::Continue };
        self.made(kind, Type::Never, extent)
    }

    fn enter_loop(&mut self, body: &StmtBlock) {
        self.env.widen(&changed(body));
        self.loops += 1;
        self.breaks.push(Vec::new());
    }

    /// What is known after a loop: where its condition ended it, or where a `break` did. Whether there is any such way.
    fn leave(&mut self, exit: Option<Env>, body: &StmtBlock) -> bool {
        self.loops = self.loops.saturating_sub(1);
        let breaks = self.breaks.pop().unwrap_or_default();
        let depth = exit.as_ref().map(|exit| exit.locals.len());
        let mut ways = exit.into_iter().chain(breaks).filter(|env| env.reachable);
        let Some(first) = ways.next() else {
            self.env.reachable = false;
            return false;
        };
        let depth = depth.unwrap_or(first.locals.len()).min(self.env.locals.len());
        let mut after = ways.fold(first, |one, mut other| {
            other.locals.truncate(one.locals.len());
            one.join(other)
        });
        after.locals.truncate(depth);
        after.widen(&changed(body));
        self.env = after;
        true
    }

    /// An outcome that the body of a loop ends with is thrown away each time.
    fn dropped_by_loop(&mut self, body: &crate::script::tree::Block) {
        if let Some(last) = body.statements.last()
            && super::outcomes::holds_outcome(&body.ty)
        {
            let span = last.expr.span;
            self.faults.push(ScriptFault { span, called_from: self.called_from, kind: FaultKind::OutcomeDropped });
        }
    }
}

/// The names that are assigned to anywhere in a block.
fn changed(body: &StmtBlock) -> Vec<String> {
    let mut found = Vec::new();
    let mut path = Vec::new();
    for stmt in body.statements() {
        stmt.walk(&mut path, &mut |nodes| {
            if let Some(rhai::ASTNode::Stmt(Stmt::Assignment(assignment))) = nodes.last()
                && let Ast::Variable(variable, ..) = &assignment.1.lhs
            {
                found.push(variable.1.to_string());
            }
            true
        });
    }
    found
}
