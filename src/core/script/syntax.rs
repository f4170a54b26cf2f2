//! Findings about a script that cannot be parsed.

use rhai::{LexError, ParseError, ParseErrorType, Position};

use super::lex::TokenKind;
use super::placed::{PlacedTokens, TokenRange};
use super::{foreign, parse_error};
use crate::diagnostic::Finding;
use crate::script::kinds::{ASSIGNMENT_IN_CONDITION, FORBIDDEN_CONSTRUCT, SYNTAX_ERROR};
use crate::text::{LocalText, Span};

/// A bracket without its partner.
pub(super) fn unpaired(placed: &PlacedTokens, at: usize) -> Finding {
    let word = placed.word(at);
    let message = LocalText::new(format!("`{word}` without its partner"), format!("`{word}` 没有与之配对的括号"));
    let help = LocalText::new("write the bracket that is missing, or take this one away", "请补上缺少的括号，或删去此处的括号");
    Finding::new(SYNTAX_ERROR, placed.token_span(at), message).with_help(help)
}

/// The finding for a parser's error, with its place and, for a common mistake, how to fix it.
pub(super) fn finding(placed: &PlacedTokens, error: &ParseError) -> Finding {
    let at = place(placed, error.position());
    let span = match at {
        Some(at) => placed.token_span(at),
        None => Span::new(placed.source, placed.text.len(), placed.text.len()),
    };
    let word = at.map_or("", |at| placed.word(at));
    if is_assignment(error, word) {
        let message = LocalText::new("`=` sets a value and compares nothing", "`=` 是赋值，不是比较");
        let help = LocalText::new("write `==` to compare", "比较请写 `==`");
        return Finding::new(ASSIGNMENT_IN_CONDITION, span, message).with_help(help).with_fix(span, "==");
    }
    let reason = parse_error::message(error.err_type());
    let message = LocalText::new(format!("cannot be read: {}", reason.en), format!("语法错误，无法解析：{}", reason.zh));
    let finding = Finding::new(SYNTAX_ERROR, span, message);
    match help(placed, at, error) {
        Some(help) => finding.with_help(help),
        None => finding,
    }
}

fn place(placed: &PlacedTokens, position: Position) -> Option<usize> {
    let at = placed.at(position)?;
    // Past the last token the interpreter means "the end".
    let last = placed.len().checked_sub(1)?;
    Some(at.min(last))
}

fn is_assignment(error: &ParseError, word: &str) -> bool {
    word == "=" && matches!(error.err_type(), ParseErrorType::BadInput(LexError::ImproperSymbol(symbol, _)) if symbol == "=")
}

/// Words of other languages and slips of the finger, with what belongs in their place.
fn help(placed: &PlacedTokens, at: Option<usize>, error: &ParseError) -> Option<LocalText> {
    let at = at?;
    let near = [at.checked_sub(1), Some(at), at.checked_add(1)];
    let slip = near.into_iter().flatten().find_map(|at| slip(placed, at));
    slip.or_else(|| by_kind(error))
}

fn slip(placed: &PlacedTokens, at: usize) -> Option<LocalText> {
    foreign::word(placed.word(at), placed.word(at + 1))
}

fn by_kind(error: &ParseError) -> Option<LocalText> {
    let (en, zh) = match error.err_type() {
        ParseErrorType::MissingToken(token, _) if token == ";" => {
            ("end the statement before with `;`, or join the two with an operator", "请在前一语句末尾加 `;`，或用运算符连接两者")
        }
        ParseErrorType::VariableExists(_) => {
            ("choose another name: a variable may not hide an earlier one", "请换一个名称：变量不得与已有变量同名")
        }
        ParseErrorType::ExprTooDeep => ("split the condition with `let`", "请用 `let` 拆分条件"),
        ParseErrorType::TooManyFunctions => ("functions stand in the shared script", "函数须写在共享脚本中"),
        ParseErrorType::Reserved(_) => ("the word is kept for the language; choose another", "该词为语言保留字，请换一个名称"),
        _ => return None,
    };
    Some(LocalText::new(en, zh))
}

/// Constructs that parse but that no rule may hold, found from the tokens.
pub(super) fn forbidden(placed: &PlacedTokens, allow_functions: bool) -> Option<Finding> {
    (0..placed.len()).find_map(|at| {
        let word = placed.word(at);
        let symbol = placed.kind(at) == Some(TokenKind::Symbol);
        let after_point = placed.before(at) == ".";
        let wrong = match word {
            _ if after_point && !symbol => false,
            "fn" | "private" => !allow_functions,
            // `f!(…)` would let a function see the variables of its caller.
            "!" => placed.word(at + 1) == "(" && calls(placed, at),
            "?." | "?[" | "::" | "&" | "^" | "<<" | ">>" | "&=" | "|=" | "^=" | "<<=" | ">>=" => symbol,
            "try" | "throw" | "import" | "export" | "this" | "eval" | "Fn" | "call" | "curry" | "print" | "debug" | "type_of"
            | "is_shared" | "is_def_var" | "is_def_fn" | "global" => true,
            _ => false,
        };
        wrong.then(|| {
            let message = LocalText::new(format!("`{word}` is not allowed in rules"), format!("规则中不允许使用 `{word}`"));
            let span = placed.span(TokenRange { first: at, last: at });
            let finding = Finding::new(FORBIDDEN_CONSTRUCT, span, message);
            match forbidden_help(placed, at) {
                Some(help) => finding.with_help(help),
                None => finding,
            }
        })
    })
}

/// Whether a name is right before `at`.
fn calls(placed: &PlacedTokens, at: usize) -> bool {
    let before = at.checked_sub(1);
    before.is_some_and(|at| {
        placed.kind(at) == Some(TokenKind::Word)
            && !matches!(placed.word(at), "if" | "while" | "until" | "in" | "return" | "else" | "switch")
    })
}

fn forbidden_help(placed: &PlacedTokens, at: usize) -> Option<LocalText> {
    match placed.word(at) {
        "?." | "?[" => Some(LocalText::new("a group is always there: write `.`", "分组总是存在：请写 `.`")),
        _ => slip(placed, at),
    }
}
