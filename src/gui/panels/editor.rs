//! The chosen script in the editor, with its findings and what it did to the loaded requests.

use eframe::egui::{Align, Label, Layout, RichText, Ui};

use super::problems::remedy;
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::editor::{Class, Editor, Input, Mark, Note, Token};
use crate::gui::widgets::{badge, section, state};
use crate::gui::words::{local, say, text};
use crate::model::Script as ScriptText;
use crate::script::highlight_window::{self as highlight, highlight};
use crate::session::{Action, Command, ScriptAction, ScriptRef, SelectAction, Session};

/// What the panel keeps.
#[derive(Default)]
pub struct Script {
    editor: Editor,
    shown: Option<ScriptRef>,
}

impl Script {
    /// Does one of the window's commands.
    pub fn run(&mut self, command: Command) {
        match command {
            Command::Find => self.editor.open_find(false),
            Command::GoToLine => self.editor.open_line(),
            _ => {}
        }
    }

    /// Shows the panel.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let chosen = session.view().selection.script.clone();
        let script = chosen.as_ref().and_then(|chosen| session.document().draft().script(chosen));
        let (Some(chosen), Some(script)) = (chosen, script) else {
            let hint = say(ui, text("Choose a rule on the left to see its script", "在左侧选择规则以查看其脚本"));
            return state::empty(ui, Glyph::FileCode, say(ui, text("No script is open", "未打开脚本")), hint);
        };
        ui.spacing_mut().item_spacing.y = 0.0;
        header(ui, session, &chosen, script);
        section::rule(ui);
        self.follow(session, &chosen, script, out);
        let marks = marks(ui, session, script);
        let notes: Vec<Note> = Vec::new();
        let shown: Vec<Mark> = marks.iter().map(|(mark, _)| mark.clone()).collect();
        let input = Input {
            label: say(ui, text("Script", "脚本")),
            highlight: &tokens,
            marks: &shown,
            notes: &notes,
            notes_are_old: !session.impact().is_fresh(),
            complete: &|_, byte| (byte..byte, Vec::new()),
            document: &|_, _| None,
            editable: session.document().is_editable(),
        };
        let answer = self.editor.show(ui, &input);
        if answer.changed {
            out.push(Action::Script(ScriptAction::SetText(chosen, self.editor.text().to_owned())));
        }
        if let Some(action) = answer.remedy.and_then(|at| marks.into_iter().nth(at)).and_then(|(_, action)| action) {
            out.push(action);
        }
    }

    /// Takes over another script, a text changed elsewhere, and a place to go to.
    fn follow(&mut self, session: &Session, chosen: &ScriptRef, script: &ScriptText, out: &mut Outbox) {
        if self.shown.as_ref() == Some(chosen) {
            self.editor.follow(&script.text);
        } else {
            self.editor.open(&script.file, &script.text);
            self.shown = Some(chosen.clone());
        }
        if let Some((from, to)) = session.view().selection.jump {
            self.editor.go_to(from as usize..to as usize);
            out.push(Action::Select(SelectAction::Reached));
        }
    }
}

/// What the script is, and how it stands.
fn header(ui: &mut Ui, session: &Session, chosen: &ScriptRef, script: &ScriptText) {
    let rule = match chosen {
        ScriptRef::Rule(id) => session.document().rule_set().find_rule(id.as_str()).map(|(.., rule)| rule),
        ScriptRef::Shared => None,
    };
    let title =
        rule.map_or_else(|| say(ui, text("Shared functions", "共享函数")).to_owned(), |rule| local(ui, &rule.title).to_owned());
    ui.horizontal(|ui| {
        ui.set_height(metrics().tab_bar);
        ui.add_space(space().medium);
        ui.label(icons::small(Glyph::FileCode, colours(ui).text_weak));
        ui.add(Label::new(RichText::new(title).font(theme::title()).color(colours(ui).text_strong)).truncate());
        ui.label(theme::weak(ui, &script.file));
        if session.document().dirty_files().contains(&script.file) {
            ui.label(RichText::new("●").font(theme::small()).color(colours(ui).warning))
                .on_hover_text(say(ui, text("Unsaved", "未保存")));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(space().medium);
            if let Some(rule) = rule {
                badge::status(ui, rule.status);
            }
        });
    });
}

/// The classes of the script's tokens.
fn tokens(text: &str) -> Vec<Token> {
    let class = |class| match class {
        highlight::Class::Keyword => Class::Keyword,
        highlight::Class::Constant => Class::Constant,
        highlight::Class::Function => Class::Function,
        highlight::Class::Text => Class::Literal,
        highlight::Class::Number => Class::Number,
        highlight::Class::Comment => Class::Comment,
        highlight::Class::Symbol => Class::Operator,
        highlight::Class::Name => Class::Name,
    };
    highlight(text).into_iter().map(|token| Token { range: token.start..token.end, class: class(token.class) }).collect()
}

/// The findings in this script with their remedies; those whose text has changed since are left out.
fn marks(ui: &Ui, session: &Session, script: &ScriptText) -> Vec<(Mark, Option<Action>)> {
    let Some(checked) = session.check().value else { return Vec::new() };
    let Some(source) = checked.definition.sources.get(script.source) else { return Vec::new() };
    let here =
        checked.findings.iter().filter_map(|finding| Some((finding, finding.span.filter(|span| span.source == script.source)?)));
    let still = here.filter(|(_, span)| script.text.get(span.range()) == Some(source.slice(*span)));
    still
        .map(|(finding, span)| {
            let action = finding.fix.as_ref().and_then(|fix| remedy(session, fix));
            let remedy = finding.fix.as_ref().filter(|_| action.is_some()).map(|fix| remedy_words(ui, &fix.replacement));
            let mark = Mark {
                range: span.range(),
                severity: finding.severity,
                message: local(ui, &finding.message).to_owned(),
                help: finding.help.as_ref().map(|help| local(ui, help).to_owned()),
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
