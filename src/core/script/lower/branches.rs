//! `if … else if … else …`, of any length: one list of conditions, however the interpreter holds them.

use rhai::{Expr as Ast, FlowControl, Stmt, StmtBlock, SwitchCasesCollection};

use super::env::Env;
use super::{Low, ScriptLowering, texts};
use crate::script::placed::TokenRange;
use crate::script::tree::{Block, Expr, ExprKind};
use crate::script::types::Type;

/// The arms so far, with what is known after each.
struct BranchArms {
    made: Vec<(Expr, Block)>,
    after: Vec<Env>,
    extent: TokenRange,
}

impl ScriptLowering<'_> {
    /// `if`, as the interpreter nests it.
    pub(super) fn if_statement(&mut self, flow: &FlowControl, first: usize) -> Low {
        let mut arms = BranchArms { made: Vec::new(), after: Vec::new(), extent: TokenRange { first, last: first } };
        let mut flow = flow;
        loop {
            self.arm(&mut arms, &flow.expr, &flow.body);
            match self.else_if(&flow.branch) {
                Some(next) => flow = next,
                None => break,
            }
        }
        let otherwise = Some(&flow.branch).filter(|block| !is_absent(block));
        self.end_if(arms, otherwise)
    }

    /// A long chain, which the interpreter holds as a `switch`.
    pub(super) fn flat_chain(&mut self, cases: &SwitchCasesCollection, first: usize) -> Low {
        let mut arms = BranchArms { made: Vec::new(), after: Vec::new(), extent: TokenRange { first, last: first } };
        let mut otherwise = None;
        for (index, case) in cases.expressions.iter().enumerate() {
            let Ast::Stmt(block) = &case.rhs else { continue };
            if cases.def_case == Some(index) {
                otherwise = Some(&**block);
            } else {
                self.arm(&mut arms, &case.lhs, block);
            }
        }
        self.end_if(arms, otherwise)
    }

    /// One condition and its statements; afterwards what is known is that the condition does not hold.
    fn arm(&mut self, arms: &mut BranchArms, condition: &Ast, body: &StmtBlock) {
        let (condition, yes, no) = self.condition(condition);
        self.env = yes;
        let (then, extent) = self.braces(body);
        arms.after.push(std::mem::replace(&mut self.env, no));
        arms.extent = arms.extent.to(extent);
        arms.made.push((condition.expr, then));
    }

    /// The `if` right after `else`.
    fn else_if<'s>(&self, branch: &'s StmtBlock) -> Option<&'s FlowControl> {
        match branch.statements() {
            [Stmt::If(flow, _)] if self.placed.at(branch.position()).is_some_and(|at| self.placed.word(at) == "if") => Some(flow),
            _ => None,
        }
    }

    fn end_if(&mut self, arms: BranchArms, otherwise: Option<&StmtBlock>) -> Low {
        let BranchArms { made, after, mut extent } = arms;
        let otherwise = otherwise.map(|block| {
            let (block, place) = self.braces(block);
            extent = extent.to(place);
            block
        });
        let mut ty = match &otherwise {
            Some(block) => block.ty.clone(),
            None if self.env.reachable => Type::Unit,
            None => Type::Never,
        };
        let mut found = otherwise.as_ref().and_then(texts::of_block).cloned();
        for (_, then) in made.iter().rev() {
            let own = texts::of_block(then);
            self.meet((&then.ty, own), (&ty, found.as_ref()));
            let all = match (&then.ty, &ty) {
                (Type::Never | Type::Unit, _) => found.clone(),
                (_, Type::Never | Type::Unit) => own.cloned(),
                _ => texts::union([own, found.as_ref()].into_iter()),
            };
            ty = texts::join((then.ty.clone(), own), (ty, found.as_ref()));
            found = all;
        }
        for env in after.into_iter().rev() {
            let rest = std::mem::replace(&mut self.env, env);
            self.env = self.env.clone().join(rest);
        }
        let mut low = self.made(ExprKind::If { arms: made, otherwise }, ty, extent);
        low.expr.texts = found;
        low
    }
}

/// Whether an `else` was not written at all.
fn is_absent(block: &StmtBlock) -> bool {
    block.is_empty() && block.position().is_none()
}
