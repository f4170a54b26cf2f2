//! All findings, worst first in a script's order; a click goes there, a button fixes it.

use eframe::egui::{Label, ScrollArea, Ui};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, Colours, colours, metrics, space};
use crate::gui::widgets::row::ListRow;
use crate::gui::widgets::{button, section};
use crate::gui::words::{local, say, text};
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::text::Sources;
use countersign_session::{Action, Command, FileAction, ScriptAction, SelectAction, Session};

#[derive(Default)]
pub struct ProblemsPanel {
    only_script: bool,
}

impl ProblemsPanel {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let findings = session.findings();
        self.header(ui, findings, out);
        let sources = sources(session);
        let shown: Vec<(usize, &Finding)> =
            findings.iter().enumerate().filter(|(_, finding)| !self.only_script || is_here(session, finding)).collect();
        if shown.is_empty() {
            let checking = session.check().value.is_none() && session.unreadable().is_none();
            let (glyph, words) = if checking {
                (Glyph::LoaderCircle, text("Being checked", "正在检查"))
            } else {
                (Glyph::CircleCheck, text("No problems found", "未发现问题"))
            };
            section::remark(ui, glyph, say(ui, words));
            return;
        }
        let scroll = ScrollArea::vertical().auto_shrink(false).id_salt("problems");
        scroll.show_rows(ui, metrics().row, shown.len(), |ui, range| {
            for (at, finding) in shown.get(range).unwrap_or_default() {
                row(ui, session, sources, (*at, finding), out);
            }
        });
    }

    fn header(&mut self, ui: &mut Ui, findings: &[Finding], out: &mut Outbox) {
        section::header(ui, say(ui, text("Problems", "问题")), |ui| {
            let label = say(ui, text("This script only", "仅当前脚本"));
            if button::switch(ui, Glyph::FileCode, label, self.only_script).clicked() {
                self.only_script = !self.only_script;
            }
            for (glyph, command) in [(Glyph::ChevronDown, Command::NextProblem), (Glyph::ChevronUp, Command::PreviousProblem)] {
                let title = command.title();
                if button::icon(ui, glyph, &local(ui, &title)).clicked() {
                    out.ask(WindowAction::Run(command));
                }
            }
            for severity in [Severity::Note, Severity::Warning, Severity::Error] {
                let count = findings.iter().filter(|finding| finding.severity == severity).count();
                if count > 0 {
                    let colour = colour(colours(ui), severity);
                    ui.label(theme::weak(ui, count.to_string()));
                    ui.label(icons::small(icons::severity(severity), colour));
                    ui.add_space(space().small);
                }
            }
        });
    }
}

/// The colour of how much a finding weighs.
fn colour(colours: &Colours, severity: Severity) -> eframe::egui::Color32 {
    match severity {
        Severity::Error => colours.error,
        Severity::Warning => colours.warning,
        Severity::Note => colours.note,
    }
}

/// The texts that the shown findings point into.
fn sources(session: &Session) -> &Sources {
    match session.document().opened() {
        countersign_session::OpenState::Unreadable(broken) => &broken.sources,
        _ => session.check().value.map_or(&session.document().definition().sources, |checked| &checked.definition.sources),
    }
}

fn is_here(session: &Session, finding: &Finding) -> bool {
    let script = finding.span.and_then(|span| session.document().draft().script_of(span.source));
    script.is_some() && script == session.view().selection.script
}

fn row(ui: &mut Ui, session: &Session, sources: &Sources, (at, finding): (usize, &Finding), out: &mut Outbox) {
    let message = local(ui, &finding.message);
    let place = finding.span.and_then(|span| {
        let source = sources.get(span.source)?;
        Some(format!("{}:{}", source.name(), source.line_column(span.start).line))
    });
    let place = place.unwrap_or_default();
    let glyph = icons::severity(finding.severity);
    let row = ListRow::new(&message).icon(glyph, colour(colours(ui), finding.severity)).hint(&place);
    let can = finding.fix.as_ref().and_then(|fix| remedy(session, fix));
    let width = if can.is_some() { metrics().label_column } else { 0.0 };
    let mut is_fixed = false;
    let response = row.show_with(ui, width, |ui| {
        let label = say(ui, text("Fix", "修正"));
        is_fixed = button::ghost(ui, Some(Glyph::WandSparkles), label).clicked();
    });
    if is_fixed {
        if let Some(action) = can {
            out.push(action);
        }
    } else if response.clicked() {
        out.push(Action::Select(SelectAction::Finding(at)));
    }
    response.on_hover_ui(|ui| {
        ui.add(Label::new(message).wrap());
        if let Some(help) = &finding.help {
            ui.add(Label::new(theme::weak(ui, local(ui, &help.in_window()))).wrap());
        }
        ui.label(theme::weak(ui, finding.id()));
    });
}

/// The action of a remedy, for the text as it was checked.
pub(super) fn remedy(session: &Session, fix: &countersign_core::diagnostic::Fix) -> Option<Action> {
    if let Some(broken) = session.unreadable() {
        let source = broken.sources.get(fix.span.source)?;
        let mut text = source.text().to_string();
        text.get(fix.span.range())?;
        text.replace_range(fix.span.range(), &fix.replacement);
        return Some(Action::File(FileAction::EditText(source.name().to_owned(), text)));
    }
    let checked = session.check().value?;
    let was = checked.definition.sources.get(fix.span.source)?.slice(fix.span).to_owned();
    let script = session.document().draft().script_of(fix.span.source)?;
    let (start, end, with) = (fix.span.start, fix.span.end, fix.replacement.clone());
    Some(Action::Script(ScriptAction::Replace { script, start, end, was, with }))
}
