//! Expressions that are no chains, calls or conditions: literals, arrays, maps, blocks as values.

use rhai::{Expr as Ast, Position, Stmt, StmtBlock, Token};

use super::statements::binary_op;
use super::{Low, ScriptLowering, texts};
use crate::model::Value;
use crate::script::fault::FaultKind;
use crate::script::placed::TokenRange;
use crate::script::tree::{ExprKind, UnaryOp, WrittenTexts};
use crate::script::types::Type;

impl ScriptLowering<'_> {
    /// Types an expression, in order of evaluation.
    pub(super) fn expr(&mut self, ast: &Ast) -> Low {
        let at = self.placed.at(ast.position()).unwrap_or(0);
        let token = TokenRange { first: at, last: at };
        if self.too_large() {
            return self.opaque(
                "a script that is too large with its shared functions",
                "展开共享函数后过大的脚本",
                Vec::new(),
                token,
            );
        }
        match ast {
            Ast::BoolConstant(value, _) => self.literal(Value::Bool(*value), Type::Bool, token),
            Ast::IntegerConstant(value, _) => {
                let extent = self.number(at);
                self.literal(Value::Int(*value), Type::Int, extent)
            }
            Ast::FloatConstant(value, _) => self.float(**value, at),
            Ast::StringConstant(text, _) => self.literal(Value::Text(text.as_str().into()), Type::Text, token),
            Ast::Unit(_) => {
                let last = self.placed.close(at);
                self.literal(Value::Missing, Type::Unit, TokenRange { first: at, last })
            }
            Ast::Variable(variable, ..) => self.name(variable.1.as_str(), at),
            Ast::Dot(..) | Ast::Index(..) => self.chain(ast),
            Ast::FnCall(call, position) => self.call(call, *position, None),
            Ast::And(..) | Ast::Or(..) => self.condition_value(ast),
            Ast::Coalesce(parts, _) => self.coalesce(parts),
            Ast::Array(items, _) => self.array(items, at),
            Ast::Map(map, _) => self.map(map.0.iter().map(|(ident, value)| (ident.as_str(), ident.pos, value)), at),
            Ast::Stmt(block) => self.block_value(block),
            _ => self.opaque("a construct that rules do not have", "规则不支持的语法", Vec::new(), token),
        }
    }

    /// The tokens of a number whose sign is at `at`: on to the digits, out of the brackets between.
    fn number(&self, at: usize) -> TokenRange {
        if self.placed.word(at) != "-" && self.placed.word(at) != "+" {
            return TokenRange { first: at, last: at };
        }
        let mut digits = at;
        while matches!(self.placed.word(digits), "-" | "+" | "(") && digits < self.placed.len() {
            digits += 1;
        }
        let opened = (at..digits).find(|at| self.placed.word(*at) == "(");
        TokenRange { first: at, last: opened.map_or(digits, |open| self.placed.close(open)) }
    }

    fn float(&mut self, value: f64, at: usize) -> Low {
        let extent = self.number(at);
        let written = self.placed.written(extent).to_owned();
        let whole = !written.contains(['.', 'e', 'E']);
        if whole || !value.is_finite() {
            return self.opaque("a number that is too large", "过大的数", Vec::new(), extent);
        }
        self.literal(Value::Float(value), Type::Float, extent)
    }

    fn array(&mut self, items: &[Ast], at: usize) -> Low {
        let (mut element, mut found): (Type, Option<WrittenTexts>) = (Type::Never, None);
        let mut made = Vec::new();
        for item in items {
            let low = self.expr(item);
            let (ty, texts) = (low.expr.ty.clone(), low.expr.texts.clone());
            self.meet((&element, found.as_ref()), (&ty, texts.as_ref()));
            element = texts::join((element, found.as_ref()), (ty, texts.as_ref()));
            found = if made.is_empty() { texts } else { texts::union([found.as_ref(), texts.as_ref()].into_iter()) };
            made.push(low.expr);
        }
        let extent = TokenRange { first: at, last: self.placed.close(at) };
        self.made(ExprKind::Array(made), Type::Array(Box::new(element)), extent)
    }

    fn map<'e>(&mut self, entries: impl Iterator<Item = (&'e str, Position, &'e Ast)>, at: usize) -> Low {
        let mut made = Vec::new();
        for (name, position, value) in entries {
            let span = self.placed.token_span(self.placed.at(position).unwrap_or(at));
            let low = self.expr(value);
            made.push((name.into(), span, low.expr));
        }
        let extent = TokenRange { first: at, last: self.placed.close(at) };
        self.made(ExprKind::Map(made), Type::Map, extent)
    }

    /// `if`, `switch` or a block where a value is wanted.
    fn block_value(&mut self, block: &StmtBlock) -> Low {
        if let [only] = block.statements()
            && self.placed.at(block.position()).is_none_or(|at| self.placed.word(at) != "{")
            && !matches!(only, Stmt::Block(_))
        {
            return self.statement(only);
        }
        let (block, extent) = self.braces(block);
        let ty = block.ty.clone();
        self.made(ExprKind::Block(block), ty, extent)
    }

    /// `a ?? b`: the first that is there.
    fn coalesce(&mut self, parts: &[Ast]) -> Low {
        let mut made = Vec::new();
        let mut extent: Option<TokenRange> = None;
        let (mut ty, mut found): (Type, Option<WrittenTexts>) = (Type::Never, None);
        let count = parts.len();
        for (at, part) in parts.iter().enumerate() {
            let low = self.expr(part);
            let outer = self.outer(&low);
            extent = Some(extent.map_or(outer, |extent| extent.to(outer)));
            let offered = if at + 1 < count { low.expr.ty.present() } else { low.expr.ty.clone() };
            let texts = low.expr.texts.as_ref();
            self.meet((&ty, found.as_ref()), (&offered, texts));
            let joined = texts::join((ty.clone(), found.as_ref()), (offered.clone(), texts));
            found = if at == 0 { texts.cloned() } else { texts::union([found.as_ref(), texts].into_iter()) };
            if joined == Type::Mixed && offered != Type::Mixed && ty != Type::Mixed {
                self.fault(low.expr.span, FaultKind::WrongOperand { op: "??", lhs: ty.clone(), rhs: Some(offered) });
                ty = Type::Unknown;
            } else {
                ty = joined;
            }
            made.push(low.expr);
        }
        let extent = self.placed.balanced(extent.unwrap_or(TokenRange { first: 0, last: 0 }));
        let mut low = self.made(ExprKind::Coalesce(made), ty, extent);
        low.expr.texts = found;
        low
    }

    /// An operator with one operand.
    pub(super) fn unary(&mut self, token: &Token, operand: &Ast, at: usize) -> Low {
        if matches!(token, Token::Bang) {
            return self.condition_value_of_not(operand, at);
        }
        let low = self.expr(operand);
        let op = if matches!(token, Token::Plus | Token::UnaryPlus) { UnaryOp::Plus } else { UnaryOp::Negate };
        let ty = self.present(&low.expr);
        let extent = TokenRange { first: at, last: self.outer(&low).last };
        let result = match ty {
            Type::Int | Type::Money | Type::Float => ty,
            ty if ty.is_silent() => Type::Unknown,
            ty => {
                let op = if op == UnaryOp::Plus { "+" } else { "-" };
                self.fault(low.expr.span, FaultKind::WrongOperand { op, lhs: ty, rhs: None });
                Type::Unknown
            }
        };
        self.made(ExprKind::Unary(op, Box::new(low.expr)), result, extent)
    }

    /// An operator with two operands.
    pub(super) fn binary(&mut self, token: &Token, sides: (&Ast, &Ast), at: usize) -> Low {
        let lhs = self.expr(sides.0);
        let rhs = self.expr(sides.1);
        let extent = self.outer(&lhs).to(self.outer(&rhs));
        let Some(op) = binary_op(token) else {
            return self.opaque("this operator", "该运算符", vec![lhs.expr, rhs.expr], extent);
        };
        let op_span = self.placed.token_span(at);
        let (ty, constant) = self.operate(op, op_span, &lhs.expr, &rhs.expr);
        let kind = ExprKind::Binary { op, op_span, lhs: Box::new(lhs.expr), rhs: Box::new(rhs.expr) };
        let mut low = self.made(kind, ty, extent);
        low.expr.constant = constant;
        low
    }
}
