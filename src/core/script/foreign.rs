//! What other languages call something, and what to write here instead.

use super::functions;
use crate::text::{LocalText, StaticText};

/// What other languages have under these names and scripts have no function for: the names, compared without case and `_`, and what to
/// write here. A function's own foreign names are at the function.
struct Foreign {
    names: &'static [&'static str],
    write: StaticText,
}

const fn other(names: &'static [&'static str], en: &'static str, zh: &'static str) -> Foreign {
    Foreign { names, write: StaticText::new(en, zh) }
}

const NAMES: &[Foreign] = &[
    other(
        &["ceil", "ceiling", "roundup"],
        "rounding up is `-floor(-x)`; `floor(x)` rounds down and `round(x)` to the nearest",
        "向上取整请写 `-floor(-x)`；`floor(x)` 向下取整，`round(x)` 四舍五入",
    ),
    other(
        &["trunc", "truncate", "rounddown", "int", "toint", "parseint", "integer", "cint"],
        "`floor(x)` makes a whole number of a Float; texts are not turned into numbers: give the field the type Int",
        "`floor(x)` 将小数取整；文本不能转换为数字：请将字段类型设为 Int",
    ),
    other(
        &["float", "tofloat", "parsefloat", "double", "number", "tonumber", "val", "cast", "convert"],
        "an Int becomes a Float in `x * 1.0`; texts are not turned into numbers: give the field the right type",
        "`x * 1.0` 将整数变为小数；文本不能转换为数字：请为字段设置正确的类型",
    ),
    other(
        &["str", "tostring", "string", "tochar", "text", "format", "sprintf"],
        "values are not turned into texts: compare them as what they are",
        "值不能转换为文本：请按其本身的类型比较",
    ),
    other(
        &["substring", "substr", "mid", "slice", "substringof"],
        "write `left(text, n)` for the first and `right(text, n)` for the last characters; the middle is `right(left(text, end), count)`",
        "取开头写 `left(text, n)`，取结尾写 `right(text, n)`；取中间写 `right(left(text, end), count)`",
    ),
    other(
        &["includes", "include", "inarray", "member", "ismember", "isin", "any", "some", "oneof", "anyof", "exists"],
        "write `x in [\"A\", \"B\"]` or `x in lists.name`; for a part of a text `contains(text, part)`",
        "请写 `x in [\"A\", \"B\"]` 或 `x in lists.名单`；判断文本的一部分请写 `contains(text, part)`",
    ),
    other(
        &["indexof", "find", "position", "instr", "locate", "charindex", "strpos", "search"],
        "positions are not available: write `contains(text, part)`, `starts_with(text, part)` or `left(text, n) == \"…\"`",
        "不提供位置查找：请写 `contains(text, part)`、`starts_with(text, part)` 或 `left(text, n) == \"…\"`",
    ),
    other(
        &["isnull", "isnone", "isnil", "ismissing", "isundefined", "isna", "isnan", "isblank"],
        "write `x == ()`",
        "请写 `x == ()`",
    ),
    other(
        &["notnull", "isnotnull", "isdefined", "defined", "issome", "hasvalue", "ispresent", "isset"],
        "write `x != ()`",
        "请写 `x != ()`",
    ),
    other(
        &["coalesce", "nvl", "ifnull", "default", "orelse", "unwrapor", "getordefault"],
        "write `x ?? value`",
        "请写 `x ?? 默认值`",
    ),
    other(
        &[
            "matches",
            "match",
            "regex",
            "regexp",
            "rematch",
            "like",
            "rlike",
            "ilike",
            "regexplike",
            "regexmatch",
            "ismatch",
            "test",
            "glob",
        ],
        "patterns are not available: write `starts_with`, `ends_with`, `contains`, or a list with `in`",
        "不支持正则表达式和通配符：请使用 `starts_with`、`ends_with`、`contains`，或用 `in` 查名单",
    ),
    other(
        &["now", "today", "currentdate", "currenttime", "currenttimestamp", "sysdate", "getdatetime", "utcnow", "clock"],
        "scripts see no clock, so that a decision can be repeated: use the request's time",
        "脚本不能读取时钟，以便决策可以重现：请使用请求中的时间字段",
    ),
    other(
        &["datediff", "days", "daydiff", "diffdays", "timediff", "daysdiff", "daysuntil", "dayssince", "age"],
        "write `days_between(from, to)` or `minutes_between(from, to)`",
        "请写 `days_between(from, to)` 或 `minutes_between(from, to)`",
    ),
    other(
        &["dateadd", "adddays", "addmonths", "interval", "plusdays", "timedelta"],
        "times are not added to: compare `days_between(from, to)` with a number",
        "时间不能相加：请用 `days_between(from, to)` 与数字比较",
    ),
    other(
        &["between"],
        "write `x >= low && x <= high`, or `x in 1..=5` for whole numbers",
        "请写 `x >= 下限 && x <= 上限`；整数可写 `x in 1..=5`",
    ),
    other(
        &["iif", "ifelse", "iff", "decode", "choose", "when", "cond", "ternary"],
        "write `if condition { a } else { b }`",
        "请写 `if 条件 { a } else { b }`",
    ),
    other(&["concat", "join", "concatenate"], "write `one + other`", "请写 `one + other`"),
    other(&["pow", "power", "square"], "write `x ** 2`", "请写 `x ** 2`"),
    other(&["mod", "modulo", "rem"], "write `x % y`", "请写 `x % y`"),
    other(
        &["sum", "avg", "average", "mean", "stddev", "median", "total"],
        "add values with `+`; a figure over several requests must come as a field of the request",
        "请用 `+` 相加；跨多笔请求的统计值须作为请求的字段提供",
    ),
    other(
        &["sqrt", "log", "ln", "exp", "sin", "cos", "log10"],
        "this is not available; have it computed into a field of the request",
        "不提供该函数；请预先计算并作为请求的字段提供",
    ),
    other(
        &["rand", "random", "uuid", "randint", "hash", "md5", "sha1", "sha256", "crc32", "bucket"],
        "write `share(key, \"name\") < 500`: the same five per cent every time",
        "请写 `share(key, \"名称\") < 500`：每次都是同样的百分之五",
    ),
    other(
        &[
            "replace", "split", "reverse", "sort", "filter", "map", "reduce", "foreach", "push", "append", "add", "first", "last",
            "distinct", "unique",
        ],
        "texts and arrays are not changed: write the elements out, as in `[a, b]`",
        "文本和数组不能修改：请直接写出元素，例如 `[a, b]`",
    ),
    other(&["null", "none", "nil", "undefined", "na"], "write `()` for a missing value", "缺失值请写 `()`"),
    other(&["true"], "write `true`", "请写 `true`"),
    other(&["false"], "write `false`", "请写 `false`"),
    other(
        &["print", "println", "console", "logger", "fetch", "http", "open", "read", "query", "select"],
        "rules are pure: a request in, an outcome out; this is not available",
        "规则是纯函数：输入请求，输出结果；不支持该功能",
    ),
];

/// What to write in place of a function or name, and the function to write its name for, where that is all.
#[must_use]
pub fn name(written: &str) -> Option<(LocalText, Option<&'static str>)> {
    let plain: String = written.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).take(40).collect();
    if let Some(function) = functions::ALL.iter().find(|function| function.foreign.contains(&plain.as_str())) {
        return Some((function.write.local(), Some(function.name)));
    }
    if let Some(foreign) = NAMES.iter().find(|foreign| foreign.names.contains(&plain.as_str())) {
        return Some((foreign.write.local(), None));
    }
    let wanted = functions::ALL.iter().find(|function| function.name.replace('_', "") == plain)?.name;
    Some((LocalText::new(format!("write `{wanted}`"), format!("请写 `{wanted}`")), Some(wanted)))
}

/// Words and symbols that other languages have, with what follows them where that matters.
const WORDS: &[(&[&str], &str, StaticText)] = &[
    (&["is"], "not", StaticText::new("write `x != ()` for `is not null`", "`is not null` 请写 `x != ()`")),
    (&["is"], "null", StaticText::new("write `x == ()` for `is null`", "`is null` 请写 `x == ()`")),
    (&["not"], "in", StaticText::new("write `!in`", "请写 `!in`")),
    (&["not"], "between", StaticText::new("write `x < low || x > high`", "请写 `x < 下限 || x > 上限`")),
    (&["not"], "like", StaticText::new("write `!contains(text, part)`", "请写 `!contains(text, part)`")),
    (&["<"], ">", StaticText::new("write `!=`", "请写 `!=`")),
    (&["="], "<", StaticText::new("write `<=`", "请写 `<=`")),
    (&["="], ">", StaticText::new("write `>=`", "请写 `>=`")),
    (&["="], "!", StaticText::new("write `!=`", "请写 `!=`")),
    (
        &["in", "IN"],
        "(",
        StaticText::new("write the values in square brackets: `x in [1, 2]`", "请用方括号写出取值：`x in [1, 2]`"),
    ),
    (&["and", "AND", "And", "&"], "", StaticText::new("write `&&`", "请写 `&&`")),
    (&["or", "OR", "Or", "|"], "", StaticText::new("write `||`", "请写 `||`")),
    (&["not", "NOT", "Not"], "", StaticText::new("write `!`", "请写 `!`")),
    (
        &["xor", "^"],
        "",
        StaticText::new(
            "write `one != other` for either-or, and `x ** 2` for a power",
            "异或请写 `one != other`，乘方请写 `x ** 2`",
        ),
    ),
    (&["null", "nil", "None", "undefined", "void"], "", StaticText::new("write `()`", "请写 `()`")),
    (&["NULL", "Null", "NIL", "NONE"], "", StaticText::new("write `()`", "请写 `()`")),
    (&["elif", "elseif", "elsif", "elsf", "ELSEIF", "ELSIF", "elseIf"], "", StaticText::new("write `else if`", "请写 `else if`")),
    (&["then", "begin", "THEN", "BEGIN"], "", StaticText::new("write `{`", "请写 `{`")),
    (&["end", "endif", "END", "fi"], "", StaticText::new("write `}`", "请写 `}`")),
    (&["unless"], "", StaticText::new("write `if !(…)`", "请写 `if !(…)`")),
    (&["IF", "If"], "", StaticText::new("write `if`", "请写 `if`")),
    (&["===", "is", "equals", "eq"], "", StaticText::new("write `==`", "请写 `==`")),
    (&["!==", "ne", "neq"], "", StaticText::new("write `!=`", "请写 `!=`")),
    (&["<-"], "", StaticText::new("write `<=`, or a space before the minus", "请写 `<=`，或在减号前加空格")),
    (&["->"], "", StaticText::new("write `=>` in a `switch`", "`switch` 中请写 `=>`")),
    (&[":="], "", StaticText::new("write `=` to set and `==` to compare", "赋值请写 `=`，比较请写 `==`")),
    (
        &["?"],
        "",
        StaticText::new(
            "write `if condition { a } else { b }` for `condition ? a : b`",
            "`条件 ? a : b` 请写 `if 条件 { a } else { b }`",
        ),
    ),
    (&["between", "BETWEEN"], "", StaticText::new("write `x >= low && x <= high`", "请写 `x >= 下限 && x <= 上限`")),
    (
        &["like", "LIKE", "matches", "regexp", "~", "=~"],
        "",
        StaticText::new(
            "write `starts_with(text, part)`, `ends_with(text, part)` or `contains(text, part)`",
            "请写 `starts_with(text, part)`、`ends_with(text, part)` 或 `contains(text, part)`",
        ),
    ),
    (&["function", "def", "fun", "func"], "", StaticText::new("write `fn`", "请写 `fn`")),
    (&["var", "val", "const_"], "", StaticText::new("write `let`", "请写 `let`")),
    (
        &["match", "case", "CASE", "when", "WHEN"],
        "",
        StaticText::new("write `switch x { \"A\" => …, _ => … }`", "请写 `switch x { \"A\" => …, _ => … }`"),
    ),
    (&["++"], "", StaticText::new("write `+= 1`", "请写 `+= 1`")),
    (&["--"], "", StaticText::new("write `-= 1`", "请写 `-= 1`")),
    (&["True", "TRUE"], "", StaticText::new("write `true`", "请写 `true`")),
    (&["False", "FALSE"], "", StaticText::new("write `false`", "请写 `false`")),
    (&["//"], "", StaticText::new("write `/`", "请写 `/`")),
    (&["fn"], "", StaticText::new("functions stand in the shared script, at its top level", "函数须写在共享脚本的最外层")),
    (
        &["try", "throw", "import", "export", "eval", "Fn", "print", "debug", "this"],
        "",
        StaticText::new(
            "rules are pure: a request in, an outcome out; this is not available",
            "规则是纯函数：输入请求，输出结果；不支持该功能",
        ),
    ),
];

/// What to write in place of a word or symbol that is followed by another.
#[must_use]
pub(super) fn word(written: &str, after: &str) -> Option<LocalText> {
    let found = WORDS.iter().find(|(words, next, _)| words.contains(&written) && (next.is_empty() || *next == after));
    found.map(|(.., write)| write.local())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_call_it_leads_to_what_there_is_here() {
        let of_functions = functions::ALL.iter().map(|function| (function.foreign, Some(function.name)));
        for (names, same) in of_functions.chain(NAMES.iter().map(|foreign| (foreign.names, None))) {
            for written in names {
                let is_plain = written.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
                assert!(is_plain, "{written}");
                assert!(functions::find(written).is_none(), "`{written}` is a function here");
                assert_eq!(name(written).map(|(_, same)| same), Some(same), "{written}");
            }
        }
        let cases = [("toLowerCase", Some("lower")), ("startsWith", Some("starts_with")), ("index_of", None), ("IsNull", None)];
        for (written, same) in cases {
            assert_eq!(name(written).map(|(_, same)| same), Some(same), "{written}");
        }
        assert_eq!(name("frobnicate"), None);
    }
}
