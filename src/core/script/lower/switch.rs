//! `switch`. The interpreter keeps only hashes of the values an arm is for, so they are read again from the tokens.

use rhai::{Expr as Ast, SwitchCasesCollection};

use super::{Low, ScriptLowering, texts};
use crate::model::Value;
use crate::script::fault::FaultKind;
use crate::script::lex::TokenKind;
use crate::script::placed::TokenRange;
use crate::script::tree::{Arm, BinaryOp, Expr, ExprKind, WrittenTexts};
use crate::script::types::Type;
use crate::text::Span;

impl ScriptLowering<'_> {
    pub(super) fn switch(&mut self, subject: &Ast, cases: &SwitchCasesCollection, first: usize) -> Low {
        let subject = self.expr(subject);
        let open = self.outer(&subject).last + 1;
        let extent = TokenRange { first, last: self.placed.close(open) };
        let start = self.env.clone();
        let mut after: Option<super::env::Env> = None;
        let (mut arms, mut default) = (Vec::new(), None);
        let (mut ty, mut found): (Type, Option<WrittenTexts>) = (Type::Never, None);
        let mut at = open + 1;
        for (index, case) in cases.expressions.iter().enumerate() {
            self.env = start.clone();
            let values = self.arm_values(&mut at);
            let guard = (self.placed.word(at) == "if").then(|| {
                let (low, yes, _) = self.condition(&case.lhs);
                self.env = yes;
                low.expr
            });
            let body = self.expr(&case.rhs);
            at = self.after_arm(self.outer(&body).last);
            if self.env.reachable {
                self.meet((&ty, found.as_ref()), (&body.expr.ty, body.expr.texts.as_ref()));
                let texts = body.expr.texts.as_ref();
                let all = if ty == Type::Never { texts.cloned() } else { texts::union([found.as_ref(), texts].into_iter()) };
                ty = texts::join((ty, found.as_ref()), (body.expr.ty.clone(), texts));
                found = all;
            }
            let ended = self.env.clone();
            after = Some(match after {
                Some(after) => after.join(ended),
                None => ended,
            });
            if cases.def_case == Some(index) {
                default = Some(Box::new(body.expr));
            } else {
                arms.push(Arm { values, guard, body: body.expr });
            }
        }
        self.env = match (after, &default) {
            (Some(after), Some(_)) => after,
            (Some(after), None) => after.join(start),
            (None, _) => start,
        };
        if default.is_none() {
            ty = ty.join(Type::Unit);
        }
        self.switch_types(&subject.expr, &arms);
        let kind = ExprKind::Switch { subject: Box::new(subject.expr), arms, default };
        let mut low = self.made(kind, ty, extent);
        low.expr.texts = found;
        low
    }

    /// The values before `=>` or `if`; leaves `at` there.
    fn arm_values(&mut self, at: &mut usize) -> Vec<Expr> {
        let mut values = Vec::new();
        while *at < self.placed.len() && !matches!(self.placed.word(*at), "=>" | "if") {
            if matches!(self.placed.word(*at), "|" | "_") {
                *at += 1;
                continue;
            }
            let low = self.arm_value(*at);
            *at = low.extent.last + 1;
            if matches!(self.placed.word(*at), ".." | "..=") {
                let range = self.arm_range(low, *at);
                *at = range.extent.last + 1;
                values.push(range.expr);
            } else {
                values.push(low.expr);
            }
        }
        values
    }

    fn arm_value(&mut self, at: usize) -> Low {
        let token = TokenRange { first: at, last: at };
        let word = self.placed.word(at).to_owned();
        match (self.placed.kind(at), word.as_str()) {
            (Some(TokenKind::Text), _) if !word.contains('\\') => {
                let text = word.get(1..word.len() - 1).unwrap_or("").replace("\"\"", "\"");
                self.literal(Value::Text(text.into()), Type::Text, token)
            }
            (Some(TokenKind::Number), number) => self.arm_number(number, 1, token),
            (_, "-") => {
                let number = self.placed.word(at + 1).to_owned();
                self.arm_number(&number, -1, TokenRange { first: at, last: at + 1 })
            }
            (_, "true" | "false") => self.literal(Value::Bool(word == "true"), Type::Bool, token),
            (_, "(") if self.placed.close(at) == at + 1 => {
                self.literal(Value::Missing, Type::Unit, TokenRange { first: at, last: at + 1 })
            }
            _ => {
                let last = self.placed.close(at);
                self.opaque(
                    "a value of `switch` that is no plain literal",
                    "`switch` 中不是字面量的值",
                    Vec::new(),
                    TokenRange { first: at, last },
                )
            }
        }
    }

    fn arm_number(&mut self, number: &str, sign: i64, extent: TokenRange) -> Low {
        match number.replace('_', "").parse::<i64>() {
            Ok(value) => self.literal(Value::Int(sign * value), Type::Int, extent),
            Err(_) => self.opaque("a value of `switch` that is no whole number", "`switch` 中不是整数的数值", Vec::new(), extent),
        }
    }

    fn arm_range(&mut self, low: Low, at: usize) -> Low {
        let op = if self.placed.word(at) == ".." { BinaryOp::Range } else { BinaryOp::InclusiveRange };
        if matches!(self.placed.word(at + 1), "=>" | "if" | "|") {
            let extent = TokenRange { first: low.extent.first, last: at };
            return self.opaque("a range without an end", "没有终点的区间", vec![low.expr], extent);
        }
        let high = self.arm_value(at + 1);
        let extent = low.extent.to(high.extent);
        let op_span = self.placed.token_span(at);
        let ty = self.operate(op, op_span, &low.expr, &high.expr).0;
        self.made(ExprKind::Binary { op, op_span, lhs: Box::new(low.expr), rhs: Box::new(high.expr) }, ty, extent)
    }

    /// Past the end of an arm's body and the comma.
    fn after_arm(&self, last: usize) -> usize {
        let mut at = last + 1;
        while matches!(self.placed.word(at), "," | ";") {
            at += 1;
        }
        at
    }

    fn switch_types(&mut self, subject: &Expr, arms: &[Arm]) {
        let for_nothing = arms.iter().flat_map(|arm| &arm.values).any(|value| value.ty == Type::Unit);
        let ty = if for_nothing { subject.ty.present() } else { self.present(subject) };
        let plain = matches!(ty, Type::Bool | Type::Int) || ty.is_text() || ty.is_silent();
        if !plain {
            self.fault(subject.span, FaultKind::WrongOperand { op: "switch", lhs: ty, rhs: None });
            return;
        }
        let mut seen: Vec<(Value, Span)> = Vec::new();
        for arm in arms {
            for value in &arm.values {
                self.arm_type(subject, &ty, value);
                let Some(constant) = &value.constant else { continue };
                if seen.iter().any(|(known, _)| known == constant) {
                    self.fault_of_rule(value.span, FaultKind::Unreachable);
                } else if arm.guard.is_none() {
                    seen.push((constant.clone(), value.span));
                }
            }
        }
    }

    fn arm_type(&mut self, subject: &Expr, ty: &Type, value: &Expr) {
        match &value.ty {
            Type::Unit if subject.ty.may_be_missing() => {}
            Type::Range if *ty == Type::Int || ty.is_silent() => {}
            _ => {
                let present = Expr { ty: ty.clone(), ..subject.clone() };
                self.comparable(&present, value, value.span);
            }
        }
    }
}
