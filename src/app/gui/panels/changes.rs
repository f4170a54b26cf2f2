//! What changes from one rule set to another, in plain sentences; hovering shows the other language.

use eframe::egui::Ui;

use crate::gui::icons::Glyph;
use crate::gui::theme::{colours, space};
use crate::gui::widgets::section;
use crate::gui::words::{language, local, tr};
use countersign_core::release::{ChangeKind, ReleaseChange};
use countersign_core::text::Language;

/// Shows them, with the version they are counted from; `None` where nothing was released before.
pub fn show(ui: &mut Ui, against: Option<&str>, changes: &[ReleaseChange]) {
    let count = changes.len();
    let title = match (against, language(ui.ctx())) {
        (Some(against), Language::En) if count == 1 => format!("1 change against {against}"),
        (Some(against), Language::En) => format!("{count} changes against {against}"),
        (Some(against), Language::Zh) => format!("相对 {against} 的变更：{count} 项"),
        (None, Language::En) => format!("{count} parts, all new: nothing was released before"),
        (None, Language::Zh) => format!("共 {count} 项，首次发布，全部为新增"),
    };
    section::header(ui, &title, |_| {});
    if changes.is_empty() {
        section::sentence(ui, Glyph::Equal, colours(ui).text_weak, tr(ui, "The rules are the same", "规则内容相同"));
    }
    for change in changes {
        one_change(ui, change);
    }
}

fn one_change(ui: &mut Ui, change: &ReleaseChange) {
    let c = colours(ui);
    let (glyph, colour) = match change.how {
        ChangeKind::Added => (Glyph::Plus, c.success),
        ChangeKind::Removed => (Glyph::Minus, c.error),
        ChangeKind::Changed => (Glyph::Pencil, c.accent_text),
    };
    let other = match language(ui.ctx()) {
        Language::En => change.text.zh.as_str(),
        Language::Zh => change.text.en.as_str(),
    };
    ui.scope(|ui| section::sentence(ui, glyph, colour, &local(ui, &change.text))).response.on_hover_text(other);
    for reading in &change.readings {
        section::help(ui, reading.get(language(ui.ctx())));
    }
    if !change.readings.is_empty() {
        ui.add_space(space().tiny);
    }
}
