//! `missing-translation`: a text that one language lacks.

use crate::check::texts;
use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "missing-translation",
        severity: Severity::Warning,
        title: StaticText::new("a text that one language lacks", "缺少一种语言的文字"),
        what: StaticText::new(
            "Finds titles, explanations, reasons and other texts for people that are empty in English or Chinese.",
            "找出英文或中文为空的标题、说明、原因及其他供人阅读的文字。",
        ),
        why: StaticText::new(
            "The screen, the report for the committee and the reason given to a customer show these texts in the reader's language.",
            "界面、提交委员会的报告以及给客户的原因都按读者的语言显示这些文字。",
        ),
        example: Example::Entry {
            part: Part::Reason,
            wrong: r#""BLOCKED_DEVICE": (text: (en: "The device is blocked", zh: ""), wire: "PB511099"),"#,
            right: r#""BLOCKED_DEVICE": (text: (en: "The device is blocked", zh: "设备已被列入黑名单"), wire: "PB511099"),"#,
        },
        remedy: StaticText::new("Write the missing half.", "请补上缺少的语言。"),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    texts::all(cx, &mut |path, text| {
        let (half, en, zh) = match (text.en.trim().is_empty(), text.zh.trim().is_empty()) {
            (false, false) => return,
            (true, true) => ("en", "no text", "没有文字"),
            (true, false) => ("en", "no English text", "没有英文"),
            (false, true) => ("zh", "no Chinese text", "没有中文"),
        };
        let message = LocalText::new(format!("`{path}` has {en}"), format!("`{path}` {zh}"));
        let there = if half == "en" { &text.zh } else { &text.en };
        let help = if there.trim().is_empty() {
            LocalText::new("write `(en: \"…\", zh: \"…\")`", "请写 `(en: \"…\", zh: \"…\")`")
        } else {
            LocalText::new(format!("translate `{there}`"), format!("请翻译 `{there}`"))
        };
        findings.push(CHECK.finding(cx.place(&format!("{path}.{half}")), message).with_help(help));
    });
    findings
}
