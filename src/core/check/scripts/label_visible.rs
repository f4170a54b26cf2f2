//! `label-visible`: a script that reads the label.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::model::FieldIndex;
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "label-visible",
    severity: Severity::Error,
    title: StaticText::new("a script that reads the label", "脚本读取了标签"),
    what: StaticText::new(
        "Finds scripts and conditions that use the field that plays the part `label`.",
        "找出使用了担任 `label` 角色的字段的脚本和条件。",
    ),
    why: StaticText::new(
        "The label is known only afterwards. A rule that reads it looks perfect in a dry run and can never work in the gateway.",
        "标签只有事后才能得知。读取标签的规则在试运行中看似完美，在网关中却永远无法工作。",
    ),
    example: Example::Script {
        wrong: r#"if label.fraud ?? false {
    decline("BLOCKED_ID")
}"#,
        right: r#"if !check.id_match {
    decline("BLOCKED_ID")
}"#,
    },
    remedy: StaticText::new(
        "Use what is known when the request arrives. The dry run compares decisions with the label by itself.",
        "请使用请求到达时已知的字段。试运行会自行将决策与标签比较。",
    ),
});

/// Says that scripts never see this field.
pub(in crate::check) fn finding(cx: &Context<'_>, span: Span, field: FieldIndex) -> Finding {
    let name = cx.definition.schema.name_of(field).unwrap_or_default();
    let message =
        LocalText::new(format!("`{name}` is the label, which no script may read"), format!("`{name}` 是标签，脚本不得读取"));
    let help = LocalText::new(
        "use fields that are known when the request arrives; the label is for the dry run's scoring only",
        "请使用请求到达时已知的字段；标签仅供试运行评估使用",
    );
    CHECK.finding(span, message).with_help(help)
}
