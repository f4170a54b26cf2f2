//! The chosen script in the editor, with its findings and what it did to the loaded requests.

mod reading;
mod stage_table;

use std::ops::Range;

use eframe::egui::{Frame, Label, Panel, RichText, Ui};

use super::problems::remedy;
use super::standing;
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::editor::{CodeEditor, EditorCompletion, EditorInput, EditorMark, HoverDoc, LineNote};
use crate::gui::widgets::{badge, section, state};
use crate::gui::words::{self, local, say, text};
use countersign_core::model::Script as ScriptText;
use countersign_core::script::Program;
use countersign_core::script::highlight::Pieces;
use countersign_core::text::Language;
use countersign_session::views::assist;
use countersign_session::views::figures;
use countersign_session::{Action, Command, PreferenceAction, ScriptAction, ScriptRef, ScriptView, SelectAction, Session};

/// How many places that were left are remembered.
const PLACES: usize = 100;

#[derive(Default)]
pub struct EditorPanel {
    editor: CodeEditor,
    shown: Option<ScriptRef>,
    /// A command of a menu, done with the next frame.
    pending: Option<Command>,
    /// Places in scripts that were left, the last one at the end, and those that somebody went back from.
    left: Vec<(ScriptRef, Range<usize>)>,
    ahead: Vec<(ScriptRef, Range<usize>)>,
    /// Whether the next place is one of these, and not left for a new one.
    is_going: bool,
}

impl EditorPanel {
    pub fn run(&mut self, command: Command) {
        match command {
            Command::Find => self.editor.open_find(false),
            Command::Replace => self.editor.open_find(true),
            Command::GoToLine => self.editor.open_line(),
            Command::GoToDefinition | Command::ToggleComment | Command::GoBack | Command::GoForward => self.pending = Some(command),
            _ => {}
        }
    }

    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let chosen = session.view().selection.script.clone();
        let script = chosen.as_ref().and_then(|chosen| session.document().draft().script(chosen));
        let (Some(chosen), Some(script)) = (chosen, script) else {
            return no_script(ui, session, out);
        };
        ui.spacing_mut().item_spacing.y = 0.0;
        header(ui, session, &chosen, script, out);
        section::rule(ui);
        if standing::unread(ui, session, &script.file, out) {
            return;
        }
        if let ScriptRef::Rule(rule) = &chosen {
            match session.preferences().script_view {
                ScriptView::Reading => return reading::show(ui, session, rule, out),
                ScriptView::Table => return stage_table::show(ui, session, rule, out),
                ScriptView::Script => {}
                ScriptView::Both => {
                    // As high as the reading, but the script keeps a good part.
                    let height = reading::height(ui, rule).min(ui.available_height() * 0.6);
                    let above = Panel::top("reading").frame(Frame::new()).resizable(false).exact_size(height);
                    above.show(ui, |ui| reading::show(ui, session, rule, out));
                }
            }
        }
        self.follow(session, &chosen, script, out);
        let marks = marks(ui, session, script);
        let notes = notes(ui, session, &chosen);
        let shown: Vec<EditorMark> = marks.iter().map(|(mark, _)| mark.clone()).collect();
        let language = words::language(ui.ctx());
        let documented = |pieces: &Pieces, byte| {
            let doc = assist::document(session.document().definition(), program(session), pieces, byte)?;
            Some(HoverDoc { head: doc.head.get(language).to_owned(), body: doc.body.get(language).to_owned() })
        };
        let input = EditorInput {
            label: say(ui, text("Script", "脚本")),
            marks: &shown,
            notes: &notes,
            notes_are_old: !session.line_counts().is_fresh(),
            complete: &|pieces, byte| complete(session, language, pieces, byte),
            document: &documented,
            editable: session.document().is_editable(),
        };
        let mut answer = self.editor.show(ui, &input);
        match self.pending.take() {
            Some(Command::GoToDefinition) => answer.definition = Some(self.editor.caret().end),
            Some(Command::ToggleComment) if input.editable => {
                self.editor.toggle_comment();
                answer.changed = true;
            }
            Some(Command::GoBack) => self.go(&chosen, true, out),
            Some(Command::GoForward) => self.go(&chosen, false, out),
            _ => {}
        }
        if answer.changed {
            let put = if answer.committed { ScriptAction::Commit } else { ScriptAction::SetText };
            out.push(Action::Script(put(chosen, self.editor.text().to_owned())));
        }
        if let Some((script, range)) =
            answer.definition.and_then(|at| assist::definition(program(session)?, &Pieces::of(self.editor.text()), at))
        {
            let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            out.push(Action::Select(SelectAction::Jump(script, byte(range.start), byte(range.end))));
        }
        if let Some(action) = answer.remedy.and_then(|at| marks.into_iter().nth(at)).and_then(|(_, action)| action) {
            out.push(action);
        }
    }

    /// To the place that was left last, or the one that somebody went back from.
    fn go(&mut self, shown: &ScriptRef, back: bool, out: &mut Outbox) {
        let (from, to) = if back { (&mut self.left, &mut self.ahead) } else { (&mut self.ahead, &mut self.left) };
        let Some((script, range)) = from.pop() else { return };
        to.push((shown.clone(), self.editor.caret()));
        self.is_going = true;
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        out.push(Action::Select(SelectAction::Jump(script, byte(range.start), byte(range.end))));
    }

    /// Remembers the place that is left for another.
    fn leave(&mut self) {
        if std::mem::take(&mut self.is_going) {
            return;
        }
        let Some(shown) = self.shown.clone() else { return };
        self.ahead.clear();
        self.left.push((shown, self.editor.caret()));
        let over = self.left.len().saturating_sub(PLACES);
        self.left.drain(..over);
    }

    /// Takes over another script, a text changed elsewhere, and a place to go to.
    fn follow(&mut self, session: &Session, chosen: &ScriptRef, script: &ScriptText, out: &mut Outbox) {
        let jump = session.view().selection.jump;
        if self.shown.as_ref() != Some(chosen) || jump.is_some() {
            self.leave();
        }
        if self.shown.as_ref() == Some(chosen) {
            self.editor.follow(&script.text);
        } else {
            self.editor.open(&script.file, &script.text);
            self.shown = Some(chosen.clone());
        }
        if let Some((from, to)) = jump {
            self.editor.go_to(from as usize..to as usize);
            out.push(Action::Select(SelectAction::Reached));
        }
    }
}

fn no_script(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let title = say(ui, text("No script is open", "未打开脚本"));
    if session.document().rule_set().rules().next().is_some() {
        let hint = say(ui, text("Choose a rule on the left to see its script", "在左侧选择规则以查看其脚本"));
        return state::empty(ui, Glyph::FileCode, title, hint);
    }
    state::empty(ui, Glyph::FileCode, title, say(ui, text("A new rule opens here", "新增的规则将在此打开")));
    standing::offer(ui, Glyph::Plus, Command::AddRule, out);
}

/// Beside each condition: how many of the loaded requests come to it, and for how many it holds.
fn notes(ui: &Ui, session: &Session, chosen: &ScriptRef) -> Vec<LineNote> {
    let shown = session.line_counts();
    let counts = shown.value.filter(|counts| *chosen == ScriptRef::Rule(counts.rule.clone()));
    let lines = counts.map_or(&[][..], |counts| &counts.lines);
    let note = |count: &countersign_session::LineCount| {
        let (reached, held) = (figures::count(count.reached), figures::count(count.held));
        let hover = match words::language(ui.ctx()) {
            Language::En => format!("{reached} loaded requests come to this condition; it holds for {held}"),
            Language::Zh => format!("已载入请求中有 {reached} 条到达此条件，其中 {held} 条成立"),
        };
        LineNote { line: count.line as usize, text: format!("{reached} → {held}"), hover }
    };
    lines.iter().map(note).collect()
}

/// What the script is, and its state.
fn header(ui: &mut Ui, session: &Session, chosen: &ScriptRef, script: &ScriptText, out: &mut Outbox) {
    let rule = match chosen {
        ScriptRef::Rule(id) => session.document().rule_set().find_rule(id.as_str()).map(|(.., rule)| rule),
        ScriptRef::Shared => None,
    };
    let title =
        rule.map_or_else(|| say(ui, text("Shared functions", "共享函数")).to_owned(), |rule| local(ui, &rule.title).into_owned());
    let left = |ui: &mut Ui| {
        ui.add_space(space().medium);
        ui.label(icons::small(Glyph::FileCode, colours(ui).text_weak));
        ui.add(Label::new(RichText::new(title).font(theme::title()).color(colours(ui).text_strong)).truncate());
        ui.label(theme::weak(ui, &script.file));
        if session.document().dirty_files().contains(&script.file) {
            let unsaved = say(ui, text("Unsaved", "未保存"));
            let dot = RichText::new("●").font(theme::small()).color(colours(ui).warning);
            ui.label(dot).accessible_name(unsaved).on_hover_text(unsaved);
        }
    };
    section::sides(ui, metrics().tab_bar, left, |ui| {
        ui.add_space(space().medium);
        if let Some(rule) = rule {
            badge::status(ui, rule.status);
            ui.add_space(space().small);
            view_switch(ui, session, out);
        }
    });
}

/// Reading, script, both, or the stage's table; from the right, so that it reads from the left.
fn view_switch(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    ui.spacing_mut().item_spacing.x = space().tiny;
    let now = session.preferences().script_view;
    for (view, name, spoken) in [
        (ScriptView::Table, text("Table", "决策表"), text("Show the table of the stage", "显示阶段的决策表")),
        (ScriptView::Both, text("Both", "两者"), text("Show both", "显示文字和脚本")),
        (ScriptView::Script, text("Script", "脚本"), text("Show the script", "显示脚本")),
        (ScriptView::Reading, text("Reading", "文字"), text("Show the reading", "显示文字")),
    ] {
        let words = RichText::new(say(ui, name)).font(theme::small());
        let chosen = ui.selectable_label(now == view, words).accessible_name(say(ui, spoken)).clicked();
        if chosen && now != view {
            out.push(Action::Prefer(PreferenceAction::ScriptView(view)));
        }
    }
}

/// What could be typed at a byte.
fn complete(session: &Session, language: Language, pieces: &Pieces, byte: usize) -> (Range<usize>, Vec<EditorCompletion>) {
    let found = assist::complete(session.document().definition(), program(session), pieces, byte);
    let item = |item: assist::Completion| EditorCompletion {
        glyph: glyph(item.what),
        detail: item.detail.get(language).to_owned(),
        doc: item.doc.get(language).to_owned(),
        label: item.label,
        insert: item.insert,
    };
    (found.replace, found.all.into_iter().map(item).collect())
}

fn program(session: &Session) -> Option<&Program> {
    session.check().value.map(|checked| &checked.program)
}

fn glyph(what: assist::CompletionKind) -> Glyph {
    use assist::CompletionKind as W;
    match what {
        W::Field => Glyph::Database,
        W::Value => Glyph::Tag,
        W::Parameter => Glyph::SlidersHorizontal,
        W::List => Glyph::List,
        W::Reason => Glyph::MessageSquareText,
        W::Interface => Glyph::Network,
        W::Variable => Glyph::Variable,
        W::Group => Glyph::Braces,
        W::Shared | W::Function => Glyph::SquareFunction,
        W::Keyword => Glyph::KeyRound,
    }
}

/// The findings in this script with their remedies; those whose text has changed since are left out.
fn marks(ui: &Ui, session: &Session, script: &ScriptText) -> Vec<(EditorMark, Option<Action>)> {
    let Some(checked) = session.check().value else { return Vec::new() };
    let Some(source) = checked.definition.sources.get(script.source) else { return Vec::new() };
    let here =
        checked.findings.iter().filter_map(|finding| Some((finding, finding.span.filter(|span| span.source == script.source)?)));
    let still = here.filter(|(_, span)| script.text.get(span.range()) == Some(source.slice(*span)));
    still
        .map(|(finding, span)| {
            let action = finding.fix.as_ref().and_then(|fix| remedy(session, fix));
            let remedy = finding.fix.as_ref().filter(|_| action.is_some()).map(|fix| remedy_words(ui, &fix.replacement));
            let mark = EditorMark {
                range: span.range(),
                severity: finding.severity,
                message: local(ui, &finding.message).into_owned(),
                help: finding.help.as_ref().map(|help| local(ui, &help.in_window()).into_owned()),
                remedy,
            };
            (mark, action)
        })
        .collect()
}

fn remedy_words(ui: &Ui, replacement: &str) -> String {
    let short: String = replacement.chars().take(30).collect();
    format!("{} {short}", say(ui, text("Put", "改为")))
}
