//! The words of the window in both languages, and which of the two is shown.
//!
//! The language lies in the context, so that a widget needs no more than its `Ui` to speak.

use std::borrow::Cow;

use eframe::egui::{Context, Id, Ui};

use countersign_core::diagnostic::Severity;
use countersign_core::model::{HitPolicy, StageKind, Status, Verdict};
use countersign_core::text::{Language, LocalText, StaticText};

fn place() -> Id {
    Id::unique("language of the window")
}

/// Shows everything in `language` from now on.
pub fn speak(ctx: &Context, language: Language) {
    ctx.data_mut(|data| data.insert_temp(place(), language));
}

pub fn language(ctx: &Context) -> Language {
    ctx.data(|data| data.get_temp(place())).unwrap_or_default()
}

pub const fn text(en: &'static str, zh: &'static str) -> StaticText {
    StaticText::new(en, zh)
}

/// A text of the program in the language shown.
pub fn say(ui: &Ui, text: StaticText) -> &'static str {
    text.get(language(ui.ctx()))
}

/// Both halves given in place, in the language shown.
pub fn tr<'a>(ui: &Ui, en: &'a str, zh: &'a str) -> &'a str {
    match language(ui.ctx()) {
        Language::En => en,
        Language::Zh => zh,
    }
}

/// A text in the language shown. Names that messages put in backticks, for the terminal, are shown in quotation marks.
pub fn local<'a>(ui: &Ui, text: &'a LocalText) -> Cow<'a, str> {
    quoted(text.get(language(ui.ctx())))
}

/// Quotation marks for pairs of backticks.
pub(in crate::gui) fn quoted(text: &str) -> Cow<'_, str> {
    let parts: Vec<&str> = text.split('`').collect();
    let [first, rest @ ..] = parts.as_slice() else { return Cow::Borrowed(text) };
    if rest.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut quoted = (*first).to_owned();
    for (at, part) in rest.iter().enumerate() {
        // One without a partner stays as it is.
        let mark = match at % 2 {
            0 if at + 1 == rest.len() => '`',
            0 => '“',
            _ => '”',
        };
        quoted.push(mark);
        quoted.push_str(part);
    }
    Cow::Owned(quoted)
}

/// Both halves of a text with the names of their languages, the language shown first.
pub fn halves<'a>(ui: &Ui, text: &'a mut LocalText) -> [(&'static str, &'a mut String); 2] {
    let (en, zh) = (("en", &mut text.en), ("中文", &mut text.zh));
    match language(ui.ctx()) {
        Language::En => [en, zh],
        Language::Zh => [zh, en],
    }
}

/// A number with what is counted: `1 error`, `2 errors`, `2 个错误`.
pub fn counted(ui: &Ui, number: usize, (one, many): (&str, &str), zh: &str) -> String {
    match language(ui.ctx()) {
        Language::En => countersign_core::text::counted(number, one, many),
        Language::Zh => format!("{} {zh}", countersign_core::text::grouped(number)),
    }
}

/// A verdict as a label: capital first.
pub fn verdict(verdict: Verdict) -> StaticText {
    match verdict {
        Verdict::Accept => text("Accept", "通过"),
        Verdict::StepUp => text("Step up", "加强验证"),
        Verdict::Refer => text("Refer", "转人工审核"),
        Verdict::Decline => text("Decline", "拒绝"),
    }
}

/// Whether a rule counts, as a label.
pub fn status(status: Status) -> StaticText {
    match status {
        Status::Active => text("Active", "启用"),
        Status::Shadow => text("Shadow", "影子（仅记录）"),
        Status::Off => text("Off", "停用"),
    }
}

/// What a stage is for, as a label.
pub fn stage_kind(kind: &StageKind) -> StaticText {
    match kind {
        StageKind::Screen { .. } => text("Screen", "筛查"),
        StageKind::Limit => text("Limit", "限额"),
        StageKind::Route { .. } => text("Route", "路由"),
    }
}

/// Which outcome of a Screen stage counts, as a label.
pub fn hit_policy(policy: HitPolicy) -> StaticText {
    match policy {
        HitPolicy::First => text("The first rule with a verdict", "首条给出结论的规则"),
        HitPolicy::MostSevere => text("The most severe verdict", "最严的结论"),
    }
}

/// How much a finding weighs, as a label.
pub fn severity(severity: Severity) -> StaticText {
    match severity {
        Severity::Error => text("Error", "错误"),
        Severity::Warning => text("Warning", "警告"),
        Severity::Note => text("Note", "提示"),
    }
}
