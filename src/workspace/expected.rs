//! What the `ron` crate expected, as messages for people.

use ron::error::Error;

use countersign_core::text::LocalText;

/// What is expected at a place, and how to write it.
pub(super) struct ExpectedValue {
    pub en: &'static str,
    pub zh: &'static str,
    help_en: &'static str,
    help_zh: &'static str,
    /// Whether quotes are all that is lacking round a bare word.
    pub is_text: bool,
}

impl ExpectedValue {
    /// How to write it.
    pub(super) fn help(&self) -> LocalText {
        LocalText::new(self.help_en, self.help_zh)
    }
}

fn wanted(en: &'static str, zh: &'static str, help_en: &'static str, help_zh: &'static str) -> ExpectedValue {
    ExpectedValue { en, zh, help_en, help_zh, is_text: false }
}

/// What an error says was wanted.
pub(super) fn of(error: &Error) -> ExpectedValue {
    match error {
        Error::ExpectedString | Error::ExpectedStringEnd => ExpectedValue {
            is_text: true,
            ..wanted("a text in quotes", "带引号的文本", "put it in quotes: `\"…\"`", "请加上引号：`\"…\"`")
        },
        Error::ExpectedInteger | Error::InvalidIntegerDigit { .. } => {
            wanted("a whole number", "整数", "write digits without quotes: `400`", "请写不带引号的数字：`400`")
        }
        Error::IntegerOutOfBounds => wanted(
            "a whole number in range",
            "范围内的整数",
            "the number is too large, or below zero where that has no meaning",
            "数字过大，或此处不允许为负数",
        ),
        Error::ExpectedFloat => wanted("a number", "数字", "write it like `0.5`", "请写成 `0.5` 的形式"),
        Error::ExpectedBoolean => wanted(
            "`true` or `false`",
            " `true` 或 `false`",
            "write `true` or `false` without quotes",
            "请写不带引号的 `true` 或 `false`",
        ),
        Error::ExpectedArray => {
            wanted("a list in `[ ]`", " `[ ]` 列表", "write `[…]`, with `,` between the items", "请写成 `[…]`，各项之间用 `,` 分隔")
        }
        Error::ExpectedMap => wanted(
            "entries in `{ }`",
            " `{ }` 条目",
            "write `{\"name\": …}`, with `,` between the entries",
            "请写成 `{\"名称\": …}`，条目之间用 `,` 分隔",
        ),
        Error::ExpectedNamedStructLike("LocalText") => {
            wanted("a text in both languages", "双语文本", "write `(en: \"…\", zh: \"…\")`", "请写成 `(en: \"…\", zh: \"…\")`")
        }
        Error::ExpectedNamedStructLike(_) | Error::ExpectedStructLike | Error::ExpectedStructLikeEnd => {
            wanted("fields in `( )`", " `( )` 中的字段", "write `(name: value, …)`", "请写成 `(名称: 值, …)`")
        }
        Error::ExpectedIdentifier | Error::SuggestRawIdentifier(_) | Error::InvalidIdentifier(_) => wanted(
            "a name without quotes",
            "不带引号的名称",
            "write one of the words allowed here without quotes, or a field's name and `:` before the value",
            "请写不带引号的取值，或在值前写出字段名和 `:`",
        ),
        Error::ExpectedComma => wanted(
            "one plain value",
            "单个值",
            "a word takes no brackets here, and a whole number no decimals",
            "此处的取值不带括号，整数不带小数",
        ),
        Error::InvalidValueForType { .. } => wanted(
            "a single value",
            "单个值",
            "write `true`, `42`, `0.5`, a text in quotes, or `()` for a missing value",
            "请写 `true`、`42`、`0.5`、带引号的文本，或用 `()` 表示空值",
        ),
        Error::ExceededRecursionLimit => {
            wanted("fewer brackets inside one another", "更少的括号嵌套", "remove needless brackets", "请删除多余的括号")
        }
        _ => wanted("something else", "其他内容", "compare with a file that works", "请对照一个正确的文件"),
    }
}
