//! Statements: blocks, variables, assignments, `if`, `return`.

use rhai::{ASTFlags, BinaryExpr, Ident, OpAssignment, Stmt, StmtBlock, Token};

use super::env::Local;
use super::{Low, ScriptLowering, outcomes, texts};
use crate::script::fault::FaultKind;
use crate::script::placed::TokenRange;
use crate::script::tree::{BinaryOp, Block, Expr, ExprKind, ScriptStatement, WrittenTexts};
use crate::script::types::Type;
use crate::text::LocalText;

impl ScriptLowering<'_> {
    /// Statements in order; variables made inside are forgotten after it.
    pub(super) fn block(&mut self, statements: &[Stmt], extent: TokenRange) -> Block {
        let depth = self.env.locals.len();
        let mut made: Vec<ScriptStatement> = Vec::new();
        let mut reported = false;
        let mut ty = Type::Unit;
        let last = statements.iter().rposition(|stmt| !stmt.is_noop());
        for (at, stmt) in statements.iter().enumerate() {
            if stmt.is_noop() {
                continue;
            }
            let reachable = self.env.reachable;
            let expr = self.statement(stmt).expr;
            if !reachable && !reported {
                self.fault_of_rule(expr.span, FaultKind::Unreachable);
                reported = true;
            }
            if last == Some(at) {
                ty = if self.env.reachable { value_of(&expr) } else { Type::Never };
            } else if outcomes::holds_outcome(&expr.ty) {
                self.fault(expr.span, FaultKind::OutcomeDropped);
            }
            made.push(ScriptStatement { expr, reachable });
        }
        if last.is_none() && !self.env.reachable {
            ty = Type::Never;
        }
        self.env.locals.truncate(depth);
        Block { statements: made, ty, span: self.placed.span(extent) }
    }

    /// A block between braces.
    pub(super) fn braces(&mut self, block: &StmtBlock) -> (Block, TokenRange) {
        let extent = self.brace_extent(block);
        (self.block(block.statements(), extent), extent)
    }

    fn brace_extent(&self, block: &StmtBlock) -> TokenRange {
        let first = self.placed.at(block.position()).unwrap_or(0);
        TokenRange { first, last: self.placed.close(first) }
    }

    pub(super) fn statement(&mut self, stmt: &Stmt) -> Low {
        match stmt {
            Stmt::Expr(expr) => self.expr(expr),
            Stmt::FnCall(call, position) => self.call(call, *position, None),
            Stmt::Block(block) => {
                let (block, extent) = self.braces(block);
                let ty = block.ty.clone();
                self.made(ExprKind::Block(block), ty, extent)
            }
            Stmt::If(flow, position) => self.if_statement(flow, self.placed.at(*position).unwrap_or(0)),
            Stmt::Switch(switch, position) => {
                let first = self.placed.at(*position).unwrap_or(0);
                if self.placed.word(first) == "if" {
                    self.flat_chain(&switch.1, first)
                } else {
                    self.switch(&switch.0, &switch.1, first)
                }
            }
            Stmt::Var(var, flags, position) => self.variable(&var.0, &var.1, *flags, self.placed.at(*position).unwrap_or(0)),
            Stmt::Assignment(assignment) => self.assignment(&assignment.0, &assignment.1),
            Stmt::Return(value, flags, position) => {
                let first = self.placed.at(*position).unwrap_or(0);
                if flags.contains(ASTFlags::BREAK) {
                    return self.opaque("`throw`", "`throw`", Vec::new(), TokenRange { first, last: first });
                }
                self.return_statement(value.as_deref(), first)
            }
            Stmt::While(flow, position) => self.while_loop(flow, self.placed.at(*position).unwrap_or(0)),
            Stmt::Do(flow, flags, position) => {
                self.do_loop(flow, flags.contains(ASTFlags::NEGATED), self.placed.at(*position).unwrap_or(0))
            }
            Stmt::For(parts, position) => {
                self.for_loop(&parts.0, parts.1.as_ref(), &parts.2, self.placed.at(*position).unwrap_or(0))
            }
            Stmt::BreakLoop(value, flags, position) => {
                let first = self.placed.at(*position).unwrap_or(0);
                self.leave_loop(value.as_deref(), flags.contains(ASTFlags::BREAK), first)
            }
            other => {
                let first = self.placed.at(other.position()).unwrap_or(0);
                self.opaque("a construct that rules do not have", "规则不支持的语法", Vec::new(), TokenRange { first, last: first })
            }
        }
    }

    fn variable(&mut self, ident: &Ident, value: &rhai::Expr, flags: ASTFlags, first: usize) -> Low {
        let name_at = self.placed.at(ident.pos).unwrap_or(first);
        let name_span = self.placed.token_span(name_at);
        let written = !value.position().is_none() || !value.is_unit();
        let low = written.then(|| self.expr(value));
        let last = low.as_ref().map_or(name_at, |low| self.outer(low).last);
        let (ty, known) = match &low {
            Some(low) => (low.expr.ty.clone(), low.expr.constant.clone()),
            None => (Type::Unit, None),
        };
        self.check_new_name(ident.name.as_str(), name_span);
        let constant = flags.contains(ASTFlags::CONSTANT);
        let name: std::sync::Arc<str> = ident.name.as_str().into();
        let texts = low.as_ref().and_then(|low| low.expr.texts.clone());
        let local = Local { name: name.clone(), declared: ty.clone(), ty, value: known, texts, constant, loops: self.loops };
        self.env.locals.push(local);
        let kind = ExprKind::Let { name, name_span, constant, value: low.map(|low| Box::new(low.expr)) };
        self.made(kind, Type::Unit, TokenRange { first, last })
    }

    pub(super) fn check_new_name(&mut self, name: &str, span: crate::text::Span) {
        if self.calls.is_empty() && self.names.is_taken(name) {
            let what = LocalText::new(
                format!("a variable with the name of `{name}`, which requests or the rule set have"),
                format!("变量与请求分组或规则集中的名称 `{name}` 同名"),
            );
            self.fault(span, FaultKind::Forbidden(what));
        }
    }

    fn assignment(&mut self, op: &OpAssignment, sides: &BinaryExpr) -> Low {
        let value = self.expr(&sides.rhs);
        let op_at = self.placed.at(op.position()).unwrap_or(value.extent.first);
        let target = self.expr(&sides.lhs);
        let extent = self.outer(&target).to(self.outer(&value));
        let operator = op.get_op_assignment_info().map(|(.., token, _)| binary_op(token));
        let result = match operator {
            Some(Some(operator)) => self.operate(operator, self.placed.token_span(op_at), &target.expr, &value.expr).0,
            Some(None) => {
                return self.opaque("this operator", "该运算符", vec![target.expr, value.expr], extent);
            }
            None => value.expr.ty.clone(),
        };
        let (known, texts) =
            if operator.is_none() { (value.expr.constant.clone(), value.expr.texts.clone()) } else { (None, None) };
        self.store(&target.expr, result, known, texts);
        let kind = ExprKind::Assign { target: Box::new(target.expr), op: operator.flatten(), value: Box::new(value.expr) };
        self.made(kind, Type::Unit, extent)
    }

    /// Gives a variable its new type; a fault where it cannot be changed.
    fn store(&mut self, target: &Expr, becomes: Type, known: Option<crate::model::Value>, texts: Option<WrittenTexts>) {
        let ExprKind::Local(name) = &target.kind else {
            if !target.ty.is_silent() || !matches!(target.kind, ExprKind::Unknown(_) | ExprKind::Opaque { .. }) {
                let written = self.placed.text.get(target.span.range()).unwrap_or("").to_owned();
                self.fault(target.span, FaultKind::AssignmentToConstant(written));
            }
            return;
        };
        let Some((at, local)) = self.env.find(name) else { return };
        let (was, outside) = (local.declared.clone(), local.loops < self.loops);
        if local.constant {
            self.fault(target.span, FaultKind::AssignmentToConstant(name.to_string()));
            return;
        }
        self.meet((&was, None), (&becomes, texts.as_ref()));
        let joined = match &was {
            Type::Unit => becomes.clone().optional(),
            _ => texts::join((was.clone(), None), (becomes.clone(), texts.as_ref())),
        };
        let changed = joined == Type::Mixed || (outside && joined != was && becomes != Type::Unknown);
        if changed && was != Type::Mixed {
            self.fault(target.span, FaultKind::ChangedType { name: name.to_string(), was, becomes: becomes.clone() });
        }
        if let Some(local) = self.env.locals.get_mut(at) {
            local.declared = joined;
            local.ty = becomes;
            (local.value, local.texts) = (known, texts);
        }
    }

    fn return_statement(&mut self, value: Option<&rhai::Expr>, first: usize) -> Low {
        let low = value.map(|value| self.expr(value));
        let last = low.as_ref().map_or(first, |low| self.outer(low).last);
        if self.env.reachable {
            let ty = low.as_ref().map_or(Type::Unit, |low| value_of(&low.expr));
            let span = low.as_ref().map_or_else(|| self.placed.token_span(first), |low| low.expr.span);
            self.returns.push(ty);
            self.return_spans.push(span);
        }
        self.env.reachable = false;
        self.made(ExprKind::Return(low.map(|low| Box::new(low.expr))), Type::Never, TokenRange { first, last })
    }
}

/// The type of an expression as the value of a block; statements without a value give `()`.
fn value_of(expr: &Expr) -> Type {
    expr.ty.clone()
}

/// The operator of a token.
pub(super) fn binary_op(token: &Token) -> Option<BinaryOp> {
    Some(match token {
        Token::Plus => BinaryOp::Add,
        Token::Minus => BinaryOp::Subtract,
        Token::Multiply => BinaryOp::Multiply,
        Token::Divide => BinaryOp::Divide,
        Token::Modulo => BinaryOp::Modulo,
        Token::PowerOf => BinaryOp::Power,
        Token::EqualsTo => BinaryOp::Equal,
        Token::NotEqualsTo => BinaryOp::NotEqual,
        Token::LessThan => BinaryOp::Less,
        Token::LessThanEqualsTo => BinaryOp::LessOrEqual,
        Token::GreaterThan => BinaryOp::Greater,
        Token::GreaterThanEqualsTo => BinaryOp::GreaterOrEqual,
        Token::ExclusiveRange => BinaryOp::Range,
        Token::InclusiveRange => BinaryOp::InclusiveRange,
        _ => return None,
    })
}
