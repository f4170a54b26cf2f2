//! What every panel says of the result it shows: that there is none yet, and why; that it is old; that the last try failed.

use eframe::egui::Ui;

use crate::diagnostic::Severity;
use crate::gui::icons::Glyph;
use crate::gui::widgets::state;
use crate::gui::words::{language, local, say, text, tr};
use crate::session::jobs::Status;
use crate::session::{Session, Shown};
use crate::text::Language;

/// A line over a value that is not of the draft as it is.
pub fn banner<T>(ui: &mut Ui, shown: &Shown<'_, T>) {
    match &shown.status {
        Status::Stale(why) if shown.value.is_some() => state::stale(ui, local(ui, why)),
        Status::Failed(why) if shown.value.is_some() => state::failed(ui, local(ui, why)),
        _ => {}
    }
}

/// What stands in place of a result that is not there.
pub fn nothing<T>(ui: &mut Ui, session: &Session, shown: &Shown<'_, T>) {
    if let Status::Failed(why) = &shown.status {
        let title = say(ui, text("The requests could not be decided", "试运行失败"));
        return state::error(ui, title, local(ui, why));
    }
    if session.requests().is_none() {
        return no_requests(ui);
    }
    let errors = session.check().value.map_or(0, |checked| checked.count(Severity::Error));
    if errors > 0 {
        let title = say(ui, text("The draft has errors", "草稿存在错误"));
        return state::error(ui, title, &errors_to_mend(language(ui.ctx()), errors));
    }
    let part = shown.running.filter(|running| running.total > 0);
    #[expect(clippy::cast_possible_truncation, reason = "a share of a bar")]
    let part = part.map(|running| crate::session::views::figures::ratio(running.done, running.total) as f32);
    state::loading(ui, say(ui, text("Requests are being decided", "正在试运行")), part);
}

fn errors_to_mend(language: Language, errors: usize) -> String {
    match language {
        Language::En if errors == 1 => "Mend the one error under Problems; then the requests are decided".to_owned(),
        Language::En => format!("Mend the {errors} errors under Problems; then the requests are decided"),
        Language::Zh => format!("请先修正“问题”中的 {errors} 个错误，随后自动试运行"),
    }
}

/// No request file is open.
pub fn no_requests(ui: &mut Ui) {
    let title = say(ui, text("No requests are loaded", "尚未载入请求"));
    let hint = tr(
        ui,
        "Open a request file, or drop one here: CSV, JSON Lines or Parquet",
        "打开请求文件，或拖放到此处：CSV、JSON Lines 或 Parquet",
    );
    state::empty(ui, Glyph::TableProperties, title, hint);
}
