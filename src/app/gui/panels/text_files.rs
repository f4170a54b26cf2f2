//! A workspace that could not be understood: its files as text, with what is wrong under them.

use countersign_core::diagnostic::Finding;
use eframe::egui::{CentralPanel, Frame, Label, Panel, RichText, ScrollArea, Ui};

use super::problems;
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::editor::{CodeEditor, EditorCompletion, EditorInput, EditorMark, HoverDoc};
use crate::gui::widgets::row::ListRow;
use crate::gui::widgets::{button, section, state};
use crate::gui::words::{language, local, say, text, tr};
use countersign_core::script::highlight::Pieces;
use countersign_core::text::Language;
use countersign_session::{Action, Command, FileAction, SelectAction, Session, UnreadableWorkspace};

/// Longer texts are no work for a hand; bytes.
const LONGEST: usize = 4 << 20;

#[derive(Default)]
pub struct TextFilesPanel {
    editor: CodeEditor,
    shown: Option<String>,
    /// The file that was brought into view in the list.
    listed: Option<String>,
    problems: problems::ProblemsPanel,
}

impl TextFilesPanel {
    /// Shows the panel in place of all others.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, broken: &UnreadableWorkspace, out: &mut Outbox) {
        let (c, m) = (colours(ui), metrics());
        let ground = |colour| Frame::new().fill(colour);
        let chosen = self.follow(session, broken, out);
        Panel::left("fix files").frame(ground(c.panel)).default_size(m.rules_width).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let reveal = self.listed != chosen;
            self.listed.clone_from(&chosen);
            files(ui, session, broken, chosen.as_deref().map(|file| (file, reveal)), out);
        });
        Panel::bottom("fix problems").frame(ground(c.panel)).default_size(m.tabs_height * 0.6).resizable(true).show(ui, |ui| {
            self.problems.show(ui, session, out);
        });
        CentralPanel::default().frame(ground(c.canvas)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            head(ui, session, broken, chosen.as_deref(), out);
            section::rule(ui);
            let Some(file) = chosen else {
                let title = say(ui, text("Choose a file on the left", "请在左侧选择文件"));
                return state::empty(ui, Glyph::FileCode, title, "");
            };
            self.edit(ui, session, broken, &file, out);
        });
    }

    /// The file that is shown: the chosen one, at first the one with the first finding.
    fn follow(&mut self, session: &Session, broken: &UnreadableWorkspace, out: &mut Outbox) -> Option<String> {
        let held = session.document().raw_files();
        let named = |finding: &Finding| Some(broken.sources.get(finding.span?.source)?.name().to_owned());
        let asked = session.view().selection.file.clone().filter(|file| held.contains(file.as_str()));
        let first = || broken.findings.iter().find_map(named).filter(|file| held.contains(file.as_str()));
        let chosen = asked.or_else(|| self.shown.clone().filter(|file| held.contains(file.as_str())));
        let chosen = chosen.or_else(first).or_else(|| held.first().map(|file| (*file).to_owned()))?;
        let now = session.document().raw_text(&chosen)?;
        if now.len() > LONGEST {
            return Some(chosen);
        }
        if self.shown.as_ref() == Some(&chosen) {
            self.editor.follow(now);
        } else {
            self.editor.open(&chosen, now);
            self.shown = Some(chosen.clone());
        }
        if let Some((from, to)) = session.view().selection.jump {
            self.editor.go_to(from as usize..to as usize);
            out.push(Action::Select(SelectAction::Reached));
        }
        Some(chosen)
    }

    fn edit(&mut self, ui: &mut Ui, session: &Session, broken: &UnreadableWorkspace, file: &str, out: &mut Outbox) {
        if session.document().raw_text(file).is_none_or(|held| held.len() > LONGEST) {
            let title = say(ui, text("This file is too long to be edited here", "文件过大，无法在此编辑"));
            let hint = say(ui, text("Shorten it with another program, then reload", "请用其他程序缩短后重新载入"));
            return state::error(ui, title, hint);
        }
        let marks = marks(ui, broken, file, self.editor.text());
        let nothing = |_: &Pieces, at: usize| (at..at, Vec::<EditorCompletion>::new());
        let input = EditorInput {
            label: say(ui, text("Text of the file", "文件文本")),
            marks: &marks,
            notes: &[],
            notes_are_old: false,
            complete: &nothing,
            document: &|_, _| None::<HoverDoc>,
            editable: true,
        };
        if self.editor.show(ui, &input).changed {
            out.push(Action::File(FileAction::EditText(file.to_owned(), self.editor.text().to_owned())));
        }
    }
}

/// What is open, why it looks like this, and the way out.
fn head(ui: &mut Ui, session: &Session, broken: &UnreadableWorkspace, file: Option<&str>, out: &mut Outbox) {
    let is_mended = broken.findings.is_empty();
    let left = |ui: &mut Ui| {
        ui.add_space(space().medium);
        let c = colours(ui);
        let (glyph, colour) = if is_mended { (Glyph::CircleCheck, c.success) } else { (Glyph::FileWarning, c.warning) };
        ui.label(icons::icon(glyph).color(colour));
        let words = how_it_stands(language(ui.ctx()), broken, session.document().is_dirty());
        ui.add(Label::new(RichText::new(words).font(theme::strong()).color(c.text_strong)).truncate());
        if let Some(file) = file {
            ui.label(theme::weak(ui, file));
        }
    };
    section::sides(ui, metrics().section + space().small, left, |ui| ways_out(ui, session, broken.opens, out));
}

fn how_it_stands(language: Language, broken: &UnreadableWorkspace, is_dirty: bool) -> String {
    let count = broken.findings.len();
    match (count, language) {
        (0, Language::En) if !is_dirty => "The files of the workspace as text".to_owned(),
        (0, Language::Zh) if !is_dirty => "工作区文件的文本".to_owned(),
        (0, Language::En) => "Everything can be understood now: save to open the workspace".to_owned(),
        (0, Language::Zh) => "所有文件均可解析，保存后即可打开工作区".to_owned(),
        (_, Language::En) if broken.opens => format!("Files of the workspace as text: {count} to fix"),
        (_, Language::Zh) if broken.opens => format!("工作区文件的文本：有 {count} 处需要修正"),
        (_, Language::En) => format!("This workspace cannot be understood yet: {count} to fix"),
        (_, Language::Zh) => format!("工作区暂时无法解析：有 {count} 处需要修正"),
    }
}

/// Saving and reloading, from the right.
fn ways_out(ui: &mut Ui, session: &Session, opens: bool, out: &mut Outbox) {
    ui.add_space(space().medium);
    ui.add_enabled_ui(session.document().is_dirty(), |ui| {
        if button::primary(ui, Some(Glyph::Save), tr(ui, "Save and open", "保存并打开")).clicked() {
            out.ask(WindowAction::Run(Command::Save));
        }
    });
    let is_untouched = opens && !session.document().is_dirty();
    let words = if is_untouched {
        tr(ui, "Back to the workspace", "返回工作区")
    } else {
        tr(ui, "Reload from disk", "从磁盘重新载入")
    };
    if button::plain(ui, Some(Glyph::RotateCw), words).clicked() {
        out.ask(WindowAction::Run(Command::Reload));
    }
}

fn files(ui: &mut Ui, session: &Session, broken: &UnreadableWorkspace, chosen: Option<(&str, bool)>, out: &mut Outbox) {
    section::header(ui, say(ui, text("Files of the workspace", "工作区文件")), |_| {});
    let unsaved = session.document().dirty_files();
    ScrollArea::vertical().auto_shrink(false).id_salt("fix list").show(ui, |ui| {
        for file in session.document().raw_files() {
            let is_in = |finding: &&Finding| {
                finding.span.and_then(|span| broken.sources.get(span.source)).is_some_and(|source| source.name() == file)
            };
            let count = broken.findings.iter().filter(is_in).count();
            let c = colours(ui);
            let (glyph, colour) = if count > 0 { (Glyph::CircleX, c.error) } else { (Glyph::FileCheck, c.text_weak) };
            let spoken = match language(ui.ctx()) {
                Language::En => format!("{file}, {count} to fix"),
                Language::Zh => format!("{file}，{count} 处需修正"),
            };
            let hint = if unsaved.contains(file) { say(ui, text("unsaved", "未保存")) } else { "" };
            let is_chosen = chosen.is_some_and(|(chosen, _)| chosen == file);
            let row = ListRow::new(file).spoken(&spoken).icon(glyph, colour).selected(is_chosen).hint(hint);
            let right = |ui: &mut Ui| {
                if count > 0 {
                    ui.label(theme::weak(ui, count.to_string()));
                }
            };
            let response = row.show_with(ui, metrics().button, right);
            if is_chosen && chosen.is_some_and(|(_, reveal)| reveal) {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                out.push(Action::Select(SelectAction::File(file.to_owned())));
            }
        }
    });
}

/// The findings of the file whose text is still as it was looked at.
fn marks(ui: &Ui, broken: &UnreadableWorkspace, file: &str, now: &str) -> Vec<EditorMark> {
    let Some((id, source)) = broken.sources.find(file) else { return Vec::new() };
    let here = broken.findings.iter().filter_map(|finding| Some((finding, finding.span.filter(|span| span.source == id)?)));
    let still = here.filter(|(_, span)| now.get(span.range()) == Some(source.slice(*span)));
    still
        .map(|(finding, span)| EditorMark {
            range: span.range(),
            severity: finding.severity,
            message: local(ui, &finding.message).into_owned(),
            help: finding.help.as_ref().map(|help| local(ui, &help.in_window()).into_owned()),
            remedy: None,
        })
        .collect()
}
