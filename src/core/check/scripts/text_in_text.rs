//! `text-in-text`: a text looked for in a text by `in`.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "text-in-text",
    severity: Severity::Error,
    title: StaticText::new("a text looked for in a text by `in`", "用 `in` 在文本中查找文本"),
    what: StaticText::new(
        r#"Finds `in` and `!in` with a text on the right, such as `card.kind in "credit,debit"`, where an array or a list was meant."#,
        r#"找出右边是文本的 `in` 和 `!in`，例如 `card.kind in "credit,debit"`；此处本应使用数组或名单。"#,
    ),
    why: StaticText::new(
        r#"Such an `in` looks for a part of the text: `"it"` and `"credit,debit"` are in it, and a misspelt value is noticed by nobody."#,
        r#"这样的 `in` 查找的是文本的一部分：`"it"` 也会被找到，而拼写错误的取值不会被发现。"#,
    ),
    example: Example::Script {
        wrong: r#"if customer.kind in "new,stock" {
    refer("TOO_MANY_CARDS")
}"#,
        right: r#"if customer.kind in ["new", "stock"] {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new(
        r#"Write the values as an array, `x in ["A", "B"]`, or use a list, `x in lists.name`. For a part of a text write `contains(text, part)`."#,
        r#"请把取值写成数组 `x in ["A", "B"]`，或使用名单 `x in lists.名单`。查找文本的一部分请写 `contains(text, part)`。"#,
    ),
});

/// Says what `in` takes; `fix` is what to write in place of which bytes.
pub(in crate::check) fn finding(span: Span, fix: Option<&(Span, String)>) -> Finding {
    let message = LocalText::new(
        "`in` looks for a value in an array or a list, not in a text",
        "`in` 用于在数组或名单中查找值，而不是在文本中查找",
    );
    let finding = CHECK.finding(span, message);
    match fix {
        Some((place, text)) => {
            let help = LocalText::new(format!("did you mean `{text}`?"), format!("是否想写 `{text}`？"));
            finding.with_help(help).with_fix(*place, text.clone())
        }
        None => finding.with_help(LocalText::new(
            "did you mean an array, `x in [\"A\", \"B\"]`, or a list, `x in lists.name`?",
            "是否想写数组 `x in [\"A\", \"B\"]`，或名单 `x in lists.名单`？",
        )),
    }
}
