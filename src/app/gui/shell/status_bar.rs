//! The bar at the bottom: problems, what is loaded, what is running.

use countersign_core::diagnostic::Severity;
use eframe::egui::{Align, Button, Color32, Frame, Layout, Panel, RichText, Stroke, Ui};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::words::{counted, local, say, text};
use countersign_session::views::figures;
use countersign_session::{Command, JobKind, Session};

pub fn show(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let frame = Frame::new().fill(colours(ui).bar);
    Panel::bottom("status bar").frame(frame).exact_size(metrics().status_bar).show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = space().small;
            ui.add_space(space().medium);
            problems(ui, session, out);
            requests(ui, session, out);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(space().medium);
                right(ui, session, out);
            });
        });
    });
}

/// A small word that can be pressed.
fn item(ui: &mut Ui, glyph: Glyph, colour: Color32, words: &str) -> bool {
    ui.scope(|ui| {
        let inactive = &mut ui.visuals_mut().widgets.inactive;
        (inactive.weak_bg_fill, inactive.bg_stroke) = (Color32::TRANSPARENT, Stroke::NONE);
        let text = RichText::new(words).font(theme::small()).color(colours(ui).text);
        let response = ui.add(Button::new((icons::small(glyph, colour), text)).small());
        response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, true, words));
        response.clicked()
    })
    .inner
}

fn problems(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let c = colours(ui);
    let count = |severity| session.findings().iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let is_unchecked = session.document().is_editable() && session.check().value.is_none();
    let (glyph, colour, words) = match (errors, warnings) {
        (0, 0) if is_unchecked => (Glyph::LoaderCircle, c.text_weak, say(ui, text("Being checked", "正在检查")).to_owned()),
        (0, 0) => (Glyph::CircleCheck, c.success, say(ui, text("No problems", "无问题")).to_owned()),
        (0, _) => (Glyph::TriangleAlert, c.warning, counted(ui, warnings, ("warning", "warnings"), "个警告")),
        _ => (Glyph::CircleX, c.error, counted(ui, errors, ("error", "errors"), "个错误")),
    };
    if item(ui, glyph, colour, &words) {
        out.ask(WindowAction::Run(Command::NextProblem));
    }
}

fn requests(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let c = colours(ui);
    let words = match session.requests() {
        Some(requests) => format!("{} · {}", requests.name, figures::count(requests.table.len())),
        None => say(ui, text("Open requests…", "打开请求文件…")).to_owned(),
    };
    if item(ui, Glyph::TableProperties, c.text_weak, &words) {
        out.ask(WindowAction::Run(Command::OpenRequests));
    }
    if let Some(aside) = session.left_out() {
        let words = aside.short();
        if item(ui, Glyph::TriangleAlert, c.warning, &local(ui, &words)) {
            out.ask(WindowAction::Run(Command::LeftOut));
        }
    }
}

fn right(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let c = colours(ui);
    if session.preferences().scale_percent != 100 {
        ui.label(theme::weak(ui, format!("{} %", session.preferences().scale_percent)));
    }
    let title = Command::Shortcuts.title();
    if item(ui, Glyph::Keyboard, c.text_weak, &local(ui, &title)) {
        out.ask(WindowAction::Run(Command::Shortcuts));
    }
    // Looking at the releases comes and goes all the time.
    for (kind, running) in session.underway().filter(|(kind, _)| *kind != JobKind::Releases) {
        let what = kind.text();
        let part = if running.total > 0 { format!(" {}", figures::share(running.done, running.total)) } else { String::new() };
        ui.label(theme::weak(ui, format!("{}{part}", local(ui, &what))));
        ui.label(icons::small(Glyph::LoaderCircle, c.accent_text));
    }
}
