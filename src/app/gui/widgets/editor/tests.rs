//! The editor as a person uses it: keys, marks and places.

use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::*;
use crate::gui::icons::Glyph;
use crate::gui::widgets::testing::harness;
use countersign_core::diagnostic::Severity;
use countersign_core::script::highlight::Pieces;

struct EditorDesk {
    editor: CodeEditor,
    marks: Vec<EditorMark>,
    answers: Vec<EditorResponse>,
}

fn complete(pieces: &Pieces, byte: usize) -> (Range<usize>, Vec<EditorCompletion>) {
    let before = &pieces.text()[..byte];
    let start = before.rfind(|c: char| !c.is_alphanumeric() && c != '.').map_or(0, |at| at + 1);
    let all = ["customer.age", "customer.kind"].into_iter().filter(|name| name.starts_with(&before[start..]));
    let item = |name: &str| EditorCompletion {
        label: name.to_owned(),
        insert: name.to_owned(),
        detail: "Int".to_owned(),
        doc: "documentation".to_owned(),
        glyph: Glyph::Database,
    };
    (start..byte, if start == byte { Vec::new() } else { all.map(item).collect() })
}

fn desk(text: &str) -> Harness<'static, EditorDesk> {
    let mut editor = CodeEditor::default();
    editor.open("a.rhai", text);
    editor.go_to(text.len()..text.len());
    harness(EditorDesk { editor, marks: Vec::new(), answers: Vec::new() }, |ui, desk| {
        let notes = [LineNote { line: 1, text: "812 / 40".to_owned(), hover: "reached and true".to_owned() }];
        let input = EditorInput {
            label: "Script",
            marks: &desk.marks,
            notes: &notes,
            notes_are_old: false,
            complete: &complete,
            document: &|_, _| None,
            editable: true,
        };
        let answer = desk.editor.show(ui, &input);
        if answer != EditorResponse::default() {
            desk.answers.push(answer);
        }
    })
}

fn press(desk: &mut Harness<'_, EditorDesk>, modifiers: Modifiers, key: Key) {
    desk.key_press_modifiers(modifiers, key);
    desk.run();
}

fn type_text(desk: &mut Harness<'_, EditorDesk>, text: &str) {
    desk.get_by_label("Script").type_text(text);
    desk.run();
}

#[test]
fn keys_indent_comment_and_break_lines() {
    let mut desk = desk("if x {");
    desk.run();
    press(&mut desk, Modifiers::NONE, Key::Enter);
    type_text(&mut desk, "y");
    assert_eq!(desk.state().editor.text(), "if x {\n    y");
    press(&mut desk, Modifiers::COMMAND, Key::Slash);
    assert_eq!(desk.state().editor.text(), "if x {\n    // y");
    press(&mut desk, Modifiers::NONE, Key::Enter);
    type_text(&mut desk, "}");
    assert_eq!(desk.state().editor.text(), "if x {\n    // y\n}");
    assert!(desk.state().answers.iter().any(|answer| answer.changed));
}

#[test]
fn a_completion_is_chosen_by_keys() {
    let mut desk = desk("if ");
    desk.run();
    type_text(&mut desk, "cust");
    desk.get_by_label("customer.age");
    press(&mut desk, Modifiers::NONE, Key::ArrowDown);
    press(&mut desk, Modifiers::NONE, Key::Tab);
    assert_eq!(desk.state().editor.text(), "if customer.kind");
    assert!(desk.query_by_label("customer.age").is_none());
}

#[test]
fn escape_closes_what_is_open_and_typing_goes_on_where_it_was() {
    let mut desk = desk("if ");
    desk.run();
    type_text(&mut desk, "cust");
    press(&mut desk, Modifiers::NONE, Key::Escape);
    assert!(desk.query_by_label("customer.age").is_none());
    assert!(desk.get_by_label("Script").is_focused());
    press(&mut desk, Modifiers::COMMAND, Key::G);
    press(&mut desk, Modifiers::NONE, Key::Escape);
    assert!(desk.get_by_label("Script").is_focused());
    assert_eq!(desk.state().editor.caret(), 7..7);
}

#[test]
fn places_are_found_and_replaced() {
    let mut desk = desk("age age AGE");
    desk.run();
    press(&mut desk, Modifiers::COMMAND, Key::H);
    desk.get_by_label("Find").type_text("age");
    desk.run();
    desk.get_by_label("– / 3");
    desk.get_by_label("Match case").click();
    desk.run();
    desk.get_by_label("– / 2");
    desk.get_by_label("Replace with").focus();
    desk.run();
    desk.get_by_label("Replace with").type_text("x");
    desk.run();
    desk.get_by_label("Replace all").click();
    desk.run();
    assert_eq!(desk.state().editor.text(), "x x AGE");
}

#[test]
fn a_line_is_reached_by_its_number() {
    let mut desk = desk("a\nb\nc\nd");
    desk.run();
    press(&mut desk, Modifiers::COMMAND, Key::G);
    desk.get_by_label("Go to line").type_text("3");
    desk.run();
    press(&mut desk, Modifiers::NONE, Key::Enter);
    assert_eq!(desk.state().editor.caret(), 4..4);
}

#[test]
fn a_remedy_is_offered_where_a_finding_is() {
    let mut desk = desk("if agee");
    desk.state_mut().marks.push(EditorMark {
        range: 3..7,
        severity: Severity::Error,
        message: "unknown name".to_owned(),
        help: Some("did you mean `age`".to_owned()),
        remedy: Some("Use age".to_owned()),
    });
    desk.run();
    let place = desk.get_by_label("Script").rect();
    let digit = 8.0;
    desk.hover_at(place.left_top() + Vec2::new(digit * 4.5, 6.0));
    desk.run_steps(12);
    desk.get_by_label("unknown name");
    desk.get_by_label("Use age").click();
    desk.run_steps(4);
    assert!(desk.state().answers.iter().any(|answer| answer.remedy == Some(0)), "{:?}", desk.state().answers);
}

#[test]
fn two_thousand_lines_can_be_typed_in() {
    let mut desk = desk(&"if customer.age > 10 && true {\n".repeat(2_000));
    desk.run();
    let before = desk.state().editor.text().len();
    type_text(&mut desk, "x");
    assert_eq!(desk.state().editor.text().len(), before + 1);
}
