//! What every panel says of the result it shows: that there is none yet, and why; that it is old; that the last try failed.

use countersign_core::diagnostic::Finding;
use countersign_core::diagnostic::Severity;
use eframe::egui::Ui;

use crate::gui::icons::Glyph;
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::colours;
use crate::gui::widgets::row::ListRow;
use crate::gui::widgets::{section, state};
use crate::gui::words::{language, local, say, text, tr};
use countersign_core::text::{Language, StaticText};
use countersign_session::jobs::Freshness;
use countersign_session::{Action, Command, JobKind, JobProgress, ResultView, SelectAction, Session};

const DECIDING: StaticText = text("Requests are being decided", "正在试运行");

/// A line over a value that is not of the draft as it is.
pub fn banner<T>(ui: &mut Ui, shown: &ResultView<'_, T>) {
    match &shown.status {
        Freshness::Stale(why) if shown.value.is_some() => state::stale(ui, &local(ui, why)),
        Freshness::Failed(why) if shown.value.is_some() => state::failed(ui, &local(ui, why)),
        _ => {}
    }
}

/// A line over what can be shown without a result: why there is none yet.
pub fn missing<T>(ui: &mut Ui, session: &Session, shown: &ResultView<'_, T>, being_made: StaticText) {
    match (&shown.status, errors(session)) {
        _ if shown.value.is_some() => {}
        (Freshness::Failed(why), _) => state::failed(ui, &local(ui, why)),
        (_, 0) => section::remark(ui, Glyph::LoaderCircle, say(ui, being_made)),
        (_, errors) => state::failed(ui, &errors_to_mend(language(ui.ctx()), errors)),
    }
}

/// [`missing`] for decisions of the loaded requests.
pub fn undecided(ui: &mut Ui, session: &Session) {
    missing(ui, session, &session.impact(), DECIDING);
}

/// What is shown in place of a result that is not there.
pub fn nothing<T>(ui: &mut Ui, session: &Session, shown: &ResultView<'_, T>, out: &mut Outbox) {
    if session.requests().is_none() {
        return no_requests(ui, session, out);
    }
    if let Freshness::Failed(why) = &shown.status {
        let title = say(ui, text("The requests could not be decided", "试运行失败"));
        state::error(ui, title, &local(ui, why));
        return offer(ui, Glyph::Play, Command::RunNow, out);
    }
    let errors = errors(session);
    if errors > 0 {
        let title = say(ui, text("The draft has errors", "草稿存在错误"));
        state::error(ui, title, &errors_to_mend(language(ui.ctx()), errors));
        return offer(ui, Glyph::ChevronDown, Command::NextProblem, out);
    }
    state::loading(ui, say(ui, DECIDING), shown.running.and_then(part));
}

/// Below a message: a command that leads out.
pub fn offer(ui: &mut Ui, glyph: Glyph, command: Command, out: &mut Outbox) {
    if state::way_out(ui, glyph, &local(ui, &command.title())) {
        out.ask(WindowAction::Run(command));
    }
}

/// How much of a job is done, where that is known.
fn part(running: JobProgress) -> Option<f32> {
    #[expect(clippy::cast_possible_truncation, reason = "a share of a bar")]
    let part = countersign_session::views::figures::ratio(running.done, running.total) as f32;
    (running.total > 0).then_some(part)
}

fn errors(session: &Session) -> usize {
    // What is wrong with cases keeps nothing from being decided.
    let checked = session.check().value.filter(|checked| checked.engine.is_none());
    checked.map_or(0, |checked| checked.count(Severity::Error))
}

fn errors_to_mend(language: Language, errors: usize) -> String {
    match language {
        Language::En if errors == 1 => "Fix the one error under Problems; then the draft decides again".to_owned(),
        Language::En => format!("Fix the {errors} errors under Problems; then the draft decides again"),
        Language::Zh => format!("请先修正“问题”中的 {errors} 个错误，随后自动试运行"),
    }
}

/// A line over figures from which rows of the request file were left out; a click shows the reasons.
pub fn rows_left_out(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let Some(aside) = session.left_out() else { return };
    let said = aside.sentence();
    // The sentence once more: a narrow panel cuts it off.
    let lines = std::iter::once(said.clone()).chain(aside.reason_lines());
    let whole: Vec<String> = lines.map(|line| local(ui, &line).into_owned()).collect();
    let row = ListRow::new(&local(ui, &said)).icon(Glyph::TriangleAlert, colours(ui).warning).show(ui);
    if row.on_hover_text(whole.join("\n")).clicked() {
        out.ask(WindowAction::Run(Command::LeftOut));
    }
}

/// In place of a file that could not be read: why, and the way to its text. Whether it is there.
pub fn unread(ui: &mut Ui, session: &Session, file: &str, out: &mut Outbox) -> bool {
    let unread = &session.document().draft().unread;
    let Some(why) = unread.why(file) else { return false };
    if !unread.keeps(file) {
        // There is no such file: what is written here makes one.
        state::failed(ui, &local(ui, why));
        return false;
    }
    let title = match language(ui.ctx()) {
        Language::En => format!("“{file}” could not be read"),
        Language::Zh => format!("“{file}” 无法读取"),
    };
    state::error(ui, &title, &local(ui, why));
    let at = session.findings().iter().position(|finding| finding.message == *why);
    if let Some(at) = at
        && state::way_out(ui, Glyph::FileCode, tr(ui, "Show the file as text", "以文本显示该文件"))
    {
        out.push(Action::Select(SelectAction::Finding(at)));
    }
    true
}

/// A line over cases of which some could not be read; a click shows the first place.
pub fn unread_cases(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let first = session.document().draft().unread.cases.first();
    left_out(ui, session, first, tr(ui, "Some cases could not be read and are not run", "部分用例无法读取，未运行"), out);
}

/// A line over what `ruleset.ron` or `schema.ron` holds, where parts of it could not be read; a click shows the first place.
pub fn unread_parts(ui: &mut Ui, session: &Session, file: &str, out: &mut Outbox) {
    let draft = session.document().draft();
    let of_file = |finding: &&Finding| {
        let source = finding.span.and_then(|span| draft.definition.sources.get(span.source));
        source.is_some_and(|source| source.name() == file)
    };
    let first = draft.unread.rules.iter().find(of_file);
    left_out(ui, session, first, tr(ui, "Some parts could not be read and are left out", "部分内容无法读取，未列出"), out);
}

fn left_out(ui: &mut Ui, session: &Session, first: Option<&Finding>, words: &str, out: &mut Outbox) {
    let Some(first) = first else { return };
    let row = ListRow::new(words).icon(Glyph::CircleX, colours(ui).error);
    let clicked = row.show(ui).on_hover_text(local(ui, &first.message)).clicked();
    if let Some(at) = session.findings().iter().position(|finding| finding == first).filter(|_| clicked) {
        out.push(Action::Select(SelectAction::Finding(at)));
    }
}

/// No request file is open: it is being read, could not be read, or was never asked for.
pub fn no_requests(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    if let Some((_, running)) = session.underway().find(|(kind, _)| *kind == JobKind::Requests) {
        return state::loading(ui, say(ui, text("Requests are being read", "正在读取请求")), part(running));
    }
    if let Some(why) = session.requests_failure() {
        state::error(ui, say(ui, text("The request file could not be read", "无法读取请求文件")), &local(ui, why));
    } else {
        let title = say(ui, text("No requests are loaded", "尚未载入请求"));
        let hint = tr(
            ui,
            "Open a request file, or drop one here: CSV, JSON, Parquet or Excel",
            "打开请求文件，或拖放到此处：CSV、JSON、Parquet 或 Excel",
        );
        state::empty(ui, Glyph::TableProperties, title, hint);
    }
    offer(ui, Glyph::FolderOpen, Command::OpenRequests, out);
}
