//! `syntax-error`: a script that cannot be read.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Severity};
use crate::text::StaticText;

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "syntax-error",
    severity: Severity::Error,
    title: StaticText::new("a script that cannot be read", "无法解析的脚本"),
    what: StaticText::new(
        "Finds text that is not a script: a missing bracket, a stray character, a text without its closing quote, a script that is nested too deeply.",
        "找出不符合脚本语法的文本：缺少括号、多余的字符、引号未闭合、嵌套过深。",
    ),
    why: StaticText::new(
        "A rule whose script cannot be read fails for every request, and each of them takes the verdict of `on_error`.",
        "脚本无法解析的规则对每笔请求都会出错，所有请求都将按 `on_error` 的结论处理。",
    ),
    example: Example::Script {
        wrong: r#"if customer.kind == "new" {
    decline("INTERFACE_CLOSED_FOR_NEW")"#,
        right: r#"if customer.kind == "new" {
    decline("INTERFACE_CLOSED_FOR_NEW")
}"#,
    },
    remedy: StaticText::new(
        "Look at the marked place and just before it: what is reported is where the reader gave up, the mistake may stand a little earlier.",
        "请检查标记处及其前面的内容：报告的是解析中断的位置，真正的错误可能略早一些。",
    ),
});
