//! The interpreter's words for a script that it cannot parse, in both languages.

use rhai::{LexError, ParseErrorType};

use crate::text::{LocalText, StaticText};

/// What is wrong, to follow "cannot be read: ".
pub(super) fn message(error: &ParseErrorType) -> LocalText {
    use ParseErrorType as P;
    let text = |en: &str, zh: &str| LocalText::new(en, zh);
    match error {
        P::BadInput(error) => token_message(error),
        P::UnexpectedEOF => text("the script ends too early", "脚本不完整，提前结束"),
        P::UnknownOperator(op) => named("there is no operator", "没有运算符", op),
        P::MissingToken(token, purpose) => missing(token, purpose),
        P::MissingSymbol(wanted) => missing_symbol(wanted),
        P::MalformedIndexExpr(what) => index(what),
        P::MalformedCapture(_) => text("a call with `!` is not possible here", "此处不能使用带 `!` 的调用"),
        P::DuplicatedProperty(name) => named("this name appears twice in the map", "映射中名称重复", name),
        P::DuplicatedVariable(name) => named("this variable appears twice", "变量重复", name),
        P::WrongSwitchIntegerCase => {
            text("a number in a `switch` must stand before the ranges", "`switch` 中的数值必须写在区间之前")
        }
        P::WrongSwitchDefaultCase => text("`_` must be the last arm of a `switch`", "`_` 必须是 `switch` 的最后一个分支"),
        P::WrongSwitchCaseCondition => text("`_` in a `switch` takes no condition", "`switch` 中的 `_` 分支不能带条件"),
        P::PropertyExpected => text("the name of a field is missing", "缺少字段名"),
        P::VariableExpected => text("the name of a variable is missing", "缺少变量名"),
        P::ForbiddenVariable(name) => named("no variable may be called", "变量不能使用名称", name),
        P::Reserved(word) => named("the language keeps the word", "语言保留了该词：", word),
        P::MismatchedType(wanted, found) => mismatch(wanted, found),
        P::ExprExpected(what) => expected(what),
        P::WrongDocComment => text("a comment `///` must stand right before a function", "注释 `///` 必须紧接在函数之前"),
        P::WrongFnDefinition => text("a function must stand at the top level of the shared script", "函数必须写在共享脚本的最外层"),
        P::FnDuplicatedDefinition(name, count) => LocalText::new(
            format!("there is a function `{name}` with {count} arguments already"),
            format!("已有名为 `{name}`、参数个数为 {count} 的函数"),
        ),
        P::FnMissingName => text("the name of the function is missing", "缺少函数名"),
        P::FnMissingParams(name) => {
            named("the arguments in `(…)` are missing after the function", "函数缺少参数列表 `(…)`：", name)
        }
        P::FnDuplicatedParam(function, name) => LocalText::new(
            format!("the function `{function}` has two arguments `{name}`"),
            format!("函数 `{function}` 有两个同名参数 `{name}`"),
        ),
        P::FnMissingBody(name) => named("the statements in `{…}` are missing after the function", "函数缺少函数体 `{…}`：", name),
        P::WrongExport => text("`export` is not allowed here", "此处不能使用 `export`"),
        P::AssignmentToConstant(name) => named("a constant cannot be changed:", "常量不能修改：", name),
        P::AssignmentToInvalidLHS(_) => text("only a variable can be set with `=`", "只有变量才能用 `=` 赋值"),
        P::VariableExists(name) => named("there is a variable of this name already:", "已有同名变量：", name),
        P::VariableUndefined(name) => named("there is no variable", "没有变量", name),
        P::ModuleUndefined(name) => named("there is no module", "没有模块", name),
        P::ExprTooDeep => text("the parts are nested too deeply", "嵌套过深"),
        P::TooManyFunctions => text("there are too many functions", "函数过多"),
        P::LiteralTooLarge(_, most) => LocalText::new(
            format!("what is written out here is too large; at most {most}"),
            format!("此处写出的内容过大，最多 {most}"),
        ),
        P::LoopBreak => text("`break` and `continue` belong into a loop", "`break` 和 `continue` 只能用在循环中"),
        _ => text("this is not part of the language", "此处不符合语法"),
    }
}

fn token_message(error: &LexError) -> LocalText {
    match error {
        LexError::UnexpectedInput(found) => named("nothing like this is expected here:", "此处不应出现", found),
        LexError::UnterminatedString => LocalText::new("the text is not closed", "文本没有结尾的引号"),
        LexError::StringTooLong(most) => LocalText::new(
            format!("a text or name is too long; at most {most} characters"),
            format!("文本或名称过长，最多 {most} 个字符"),
        ),
        LexError::MalformedEscapeSequence(found) => named("there is no such escape in a text:", "文本中的转义无效：", found),
        LexError::MalformedNumber(found) => named("this is no number:", "不是有效的数：", found),
        LexError::MalformedChar(found) => named("texts stand in double quotes, not", "文本应使用双引号，而不是", found),
        LexError::MalformedIdentifier(found) => named("this is no name:", "不是有效的名称：", found),
        LexError::ImproperSymbol(found, _) => named("this is not allowed here:", "此处不能使用", found),
        _ => LocalText::new("this is not part of the language", "此处不符合语法"),
    }
}

/// Words followed by what they are about.
fn named(en: &str, zh: &str, name: &str) -> LocalText {
    if name.is_empty() {
        let trim = |text: &str| text.trim_end_matches([':', '：']).to_owned();
        return LocalText::new(trim(en), trim(zh));
    }
    let name = name.replace('`', "'");
    let space = if zh.ends_with('：') { "" } else { " " };
    LocalText::new(format!("{en} `{name}`"), format!("{zh}{space}`{name}`"))
}

/// What a missing token would be for: the interpreter's words, by how they begin, and ours.
const PURPOSES: [(&str, StaticText); 27] = [
    (
        "to close the arguments list of this function call",
        StaticText::new("to close the arguments of the call", "以结束调用的参数"),
    ),
    ("to separate the arguments to function call", StaticText::new("between the arguments of the call", "以分隔调用的参数")),
    ("to start arguments list of function call", StaticText::new("before the arguments of the call", "以开始调用的参数")),
    ("for a matching [", StaticText::new("to close the square bracket", "以闭合方括号")),
    ("for a matching (", StaticText::new("to close the bracket", "以闭合括号")),
    ("to end this array literal", StaticText::new("to end the array", "以结束数组")),
    ("to separate the items of this array literal", StaticText::new("between the elements of the array", "以分隔数组元素")),
    ("to end this object map literal", StaticText::new("to end the map", "以结束映射")),
    ("to follow the property", StaticText::new("after the name in the map", "写在映射的名称之后")),
    ("to separate the items of this object map literal", StaticText::new("between the entries of the map", "以分隔映射的各项")),
    ("to start a switch block", StaticText::new("before the arms of the `switch`", "以开始 `switch` 的分支")),
    ("to end this switch block", StaticText::new("after the arms of the `switch`", "以结束 `switch` 的分支")),
    ("in this switch case", StaticText::new("after the values of the arm", "写在分支取值之后")),
    ("to separate the items in this switch block", StaticText::new("between the arms of the `switch`", "以分隔 `switch` 的分支")),
    ("for the do statement", StaticText::new("after the statements of the `do`", "写在 `do` 的语句之后")),
    ("after the iteration variable", StaticText::new("after the loop's variable", "写在循环变量之后")),
    ("to close the iteration variable", StaticText::new("after the loop's variables", "写在循环变量之后")),
    ("to start a statement block", StaticText::new("before the statements", "以开始语句块")),
    ("to terminate this block", StaticText::new("after the last statement", "以结束语句块")),
    ("to terminate this statement", StaticText::new("to end the statement before", "以结束前一语句")),
    ("to close the parameters list of", StaticText::new("after the arguments of the function", "写在函数参数之后")),
    ("to separate the parameters of", StaticText::new("between the arguments of the function", "以分隔函数参数")),
    ("following 'private'", StaticText::new("after `private`", "写在 `private` 之后")),
    ("for the 'try' statement", StaticText::new("after `try`", "写在 `try` 之后")),
    ("to enclose the catch variable", StaticText::new("around the variable of `catch`", "包住 `catch` 的变量")),
    ("after the type name for 'this'", StaticText::new("after the type's name", "写在类型名之后")),
    ("for '", StaticText::new("here", "")),
];

fn missing(token: &str, purpose: &str) -> LocalText {
    let known = PURPOSES.iter().find(|(begins, _)| purpose.starts_with(begins)).map(|(_, words)| *words);
    let words = known.unwrap_or(StaticText::new("here", ""));
    let comma = if words.zh.is_empty() { "" } else { "，" };
    LocalText::new(format!("expecting `{token}` {}", words.en), format!("此处缺少 `{token}`{comma}{}", words.zh))
}

fn missing_symbol(wanted: &str) -> LocalText {
    let quoted = wanted.split('\'').nth(1);
    match quoted {
        Some(token) => missing(token, ""),
        None => LocalText::new("a symbol is missing here", "此处缺少符号"),
    }
}

fn index(what: &str) -> LocalText {
    if what.starts_with("Object map") {
        return LocalText::new("an entry of a map is looked up by a text", "映射的项须用文本查找");
    }
    LocalText::new("a position in `[…]` is a whole number", "`[…]` 中的位置须为整数")
}

/// The kinds of values as the interpreter calls them.
fn kind(name: &str) -> StaticText {
    match name {
        "a boolean expression" | "a boolean" => StaticText::new("a condition", "条件"),
        "an iterable value" => StaticText::new("an array or a range", "数组或区间"),
        "()" => StaticText::new("nothing `()`", "空值 `()`"),
        "a number" => StaticText::new("a whole number", "整数"),
        "a floating-point number" => StaticText::new("a number with a fraction", "小数"),
        "a character" | "a string" => StaticText::new("a text", "文本"),
        "an array" => StaticText::new("an array", "数组"),
        "an object map" => StaticText::new("a map `#{ … }`", "映射 `#{ … }`"),
        _ => StaticText::new("another value", "其他值"),
    }
}

fn mismatch(wanted: &str, found: &str) -> LocalText {
    let (wanted, found) = (kind(wanted), kind(found));
    LocalText::new(format!("expecting {}, not {}", wanted.en, found.en), format!("此处应为{}，而不是{}", wanted.zh, found.zh))
}

fn expected(what: &str) -> LocalText {
    let words = match what {
        "literal" | "a literal" => StaticText::new("a value that is written out", "直接写出的值"),
        other if kind(other).en != "another value" => kind(other),
        _ => StaticText::new("a value", "一个值"),
    };
    LocalText::new(format!("expecting {}", words.en), format!("此处应为{}", words.zh))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every variant of the pinned version, with texts that the interpreter puts into it.
    fn all() -> Vec<ParseErrorType> {
        use ParseErrorType as P;
        let s = str::to_owned;
        let lex = [
            LexError::UnexpectedInput(s("@")),
            LexError::UnterminatedString,
            LexError::StringTooLong(9),
            LexError::MalformedEscapeSequence(s("\\q")),
            LexError::MalformedNumber(s("1x")),
            LexError::MalformedChar(s("ab")),
            LexError::MalformedIdentifier(s("a-")),
            LexError::ImproperSymbol(s("==="), s("'===' is not a valid operator. This is not JavaScript!")),
            LexError::ImproperSymbol(s("::"), String::new()),
            LexError::Runtime(s("anything")),
        ];
        #[expect(deprecated, reason = "they are variants all the same")]
        let old = [P::MalformedCallExpr(s("x")), P::MalformedInExpr(s("x")), P::DuplicatedSwitchCase];
        let others = [
            P::UnexpectedEOF,
            P::UnknownOperator(s("@")),
            P::MissingToken(s(";"), s("to terminate this statement")),
            P::MissingToken(s("x"), s("words of another version")),
            P::MissingSymbol(String::new()),
            P::MissingSymbol(s("Expecting '{' or '|'")),
            P::MalformedIndexExpr(s("Object map expects string index, not a number")),
            P::MalformedIndexExpr(s("Array, string or bit-field expects integer index, not a float")),
            P::MalformedIndexExpr(String::new()),
            P::MalformedCapture(s("method-call style does not support running within the caller's scope")),
            P::DuplicatedProperty(s("a")),
            P::DuplicatedVariable(s("a")),
            P::WrongSwitchIntegerCase,
            P::WrongSwitchDefaultCase,
            P::WrongSwitchCaseCondition,
            P::PropertyExpected,
            P::VariableExpected,
            P::ForbiddenVariable(s("a")),
            P::Reserved(s("is")),
            P::MismatchedType(s("a boolean expression"), s("a string")),
            P::MismatchedType(s("an iterable value"), s("a number")),
            P::ExprExpected(s("a boolean")),
            P::ExprExpected(s("literal")),
            P::WrongDocComment,
            P::WrongFnDefinition,
            P::FnDuplicatedDefinition(s("f"), 1),
            P::FnMissingName,
            P::FnMissingParams(s("f")),
            P::FnDuplicatedParam(s("f"), s("a")),
            P::FnMissingBody(s("f")),
            P::FnMissingBody(String::new()),
            P::WrongExport,
            P::AssignmentToConstant(s("a")),
            P::AssignmentToInvalidLHS(String::new()),
            P::VariableExists(s("a")),
            P::VariableUndefined(s("a")),
            P::ModuleUndefined(s("a")),
            P::ExprTooDeep,
            P::TooManyFunctions,
            P::LiteralTooLarge(s("Size of array literal"), 9),
            P::LoopBreak,
        ];
        let purposes = PURPOSES.iter().map(|(begins, _)| P::MissingToken(s("x"), s(begins)));
        lex.into_iter().map(P::BadInput).chain(old).chain(others).chain(purposes).collect()
    }

    #[test]
    fn every_error_of_the_parser_has_a_chinese_message() {
        for error in all() {
            let text = message(&error);
            let outside: String = text.zh.split('`').step_by(2).collect();
            assert!(!outside.chars().any(|c| c.is_ascii_alphabetic()), "{error:?}: {}", text.zh);
            assert!(text.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{error:?}: {}", text.zh);
            assert!(text.en.is_ascii() || text.en.contains('…'), "{error:?}: {}", text.en);
        }
        // A new version may have new variants: look them up, then change this.
        let lock = include_str!("../../../Cargo.lock");
        assert!(lock.contains("name = \"rhai\"\nversion = \"1.27.0\""), "another version of the interpreter");
    }
}
