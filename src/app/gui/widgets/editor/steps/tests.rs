//! Keys on texts with marked carets, without a window.

use super::*;

/// Reads a text in which `|` is a caret and `‹…›` a selection whose head is at its end.
fn read(marked: &str) -> (String, Vec<Caret>) {
    let (mut text, mut carets, mut anchor) = (String::new(), Vec::new(), 0);
    for c in marked.chars() {
        match c {
            '|' => carets.push(Caret::at(text.len())),
            '‹' => anchor = text.len(),
            '›' => carets.push(Caret { anchor, head: text.len() }),
            c => text.push(c),
        }
    }
    (text, carets)
}

fn write(text: &CaretText<'_>) -> String {
    let mut marks: Vec<(usize, char)> = Vec::new();
    for caret in &text.carets {
        let range = caret.range();
        if range.is_empty() {
            marks.push((range.start, '|'));
        } else {
            marks.extend([(range.start, '‹'), (range.end, '›')]);
        }
    }
    marks.sort_by_key(|(at, mark)| (*at, *mark != '›'));
    let mut written = text.text.clone();
    marks.iter().rev().for_each(|(at, mark)| written.insert(*at, *mark));
    written
}

/// Presses keys by their names; a text in quotes is typed.
fn press(marked: &str, keys: &str) -> String {
    let (mut text, carets) = read(marked);
    let no_code: Vec<bool> = text
        .bytes()
        .scan(false, |inside, byte| {
            *inside ^= byte == b'"';
            Some(!*inside)
        })
        .collect();
    let is_code = |byte: usize| no_code.get(byte).copied().unwrap_or(true);
    let mut state = CaretText { text: &mut text, carets, is_code: &is_code };
    for key in keys.split(' ') {
        if let Some(text) = key.strip_prefix('\'') {
            typed(&mut state, text);
            continue;
        }
        let known = EDITOR_KEYS.iter().find(|known| known.keys == key).unwrap_or_else(|| panic!("no key {key}"));
        match known.step {
            EditorStep::Edit(edit) => drop(edit(&mut state)),
            EditorStep::Move(step) => step(&mut state),
            EditorStep::Ask(ask) => panic!("{ask:?} is no edit"),
        }
    }
    write(&state)
}

#[test]
fn keys_do_what_they_say() {
    let cases = [
        // Brackets and quotes.
        ("f|", "'(", "f(|)"),
        ("f(|)", "')", "f()|"),
        ("f(|)", "Backspace", "f|"),
        ("f(|x)", "Backspace", "f|x)"),
        ("f|x", "'(", "f(|x"),
        ("‹a名› b", "'(", "(‹a名›) b"),
        ("‹a› ‹b›", "'\"", "\"‹a›\" \"‹b›\""),
        ("x == |", "'\"", "x == \"|\""),
        ("x == \"|\"", "'\"", "x == \"\"|"),
        ("it|", "'\"", "it\"|"),
        ("\"a (|\"", "'(", "\"a ((|\""),
        ("{\n    |", "'}", "{\n}|"),
        ("if x {\n    a\n    |\n}", "'}", "if x {\n    a\n}|"),
        ("{\n{\n    |\n}", "'}", "{\n{\n}|\n}"),
        ("if x {|}", "Enter", "if x {\n    |\n}"),
        // Lines.
        ("a\nb|\nc", "Alt+Up", "b|\na\nc"),
        ("a\nb|\nc", "Alt+Down", "a\nc\nb|"),
        ("a|\nb", "Alt+Up", "a|\nb"),
        ("a\nb|", "Alt+Down", "a\nb|"),
        ("a\n‹b\nc›\nd", "Alt+Up", "‹b\nc›\na\nd"),
        ("名|\nb", "Alt+Down", "b\n名|"),
        ("a|\nb", "Shift+Alt+Down", "a\na|\nb"),
        ("a|\nb", "Shift+Alt+Up", "a|\na\nb"),
        ("a\nb|\nc", "Ctrl+Shift+K", "a\n|c"),
        ("a\nb|", "Ctrl+Shift+K", "|a"),
        ("|", "Ctrl+Shift+K", "|"),
        ("a|\nb\nc|", "Ctrl+Shift+K", "|b"),
        ("  a|b\nc", "Ctrl+Enter", "  ab\n  |\nc"),
        ("if x {|", "Ctrl+Enter", "if x {\n    |"),
        ("  a|b", "Ctrl+Shift+Enter", "  |\n  ab"),
        ("a|b\nc\nd", "Ctrl+L", "‹ab\n›c\nd"),
        ("a|b\nc\nd", "Ctrl+L Ctrl+L", "‹ab\nc\n›d"),
        ("    a|b", "Home", "    |ab"),
        ("    a|b", "Home Home", "|    ab"),
        ("    a|b", "Shift+Home", "    ‹a›b"),
        // Many carets.
        ("age > a|ge + age", "Ctrl+D", "age > ‹age› + age"),
        ("age > a|ge + age", "Ctrl+D Ctrl+D", "age > ‹age› + ‹age›"),
        ("age > a|ge + age", "Ctrl+D Ctrl+D Ctrl+D Ctrl+D 'x", "x| > x| + x|"),
        ("a|ge age", "Ctrl+Shift+L 'n", "n| n|"),
        ("a|b\ncd\nef", "Ctrl+Alt+Down Ctrl+Alt+Down 'x", "ax|b\ncx|d\nex|f"),
        ("ab\nc|d", "Ctrl+Alt+Up Ctrl+Alt+Up", "a|b\nc|d"),
        ("a|\nb|", "Ctrl+Slash", "// a|\n// b|"),
        ("a|b|c", "Left", "|a|bc"),
        ("|ab|", "Right Right", "ab|"),
        ("a|b\nc|d", "Shift+End Backspace", "a|\nc|"),
        ("ab cd|\nef|", "Ctrl+Backspace", "ab |\n|"),
        ("名a|\n名b|", "Left Left Delete", "|a\n|b"),
        ("ab|\ncdef|", "Up", "|ab|\ncdef"),
    ];
    for (before, keys, after) in cases {
        assert_eq!(press(before, keys), after, "{before:?} {keys}");
    }
}

#[test]
fn whatever_is_pressed_carets_stay_in_the_text() {
    let texts = ["", "a", "名字(\n  \"b\"\n)\n", "{\n\n}", "a\r\nb"];
    for text in texts {
        for first in EDITOR_KEYS {
            for second in EDITOR_KEYS {
                let mut held = text.to_owned();
                let end = Caret::at(held.len());
                let mut state = CaretText { text: &mut held, carets: vec![Caret::at(0), end], is_code: &|_| true };
                for key in [first, second] {
                    match key.step {
                        EditorStep::Edit(edit) => drop(edit(&mut state)),
                        EditorStep::Move(step) => step(&mut state),
                        EditorStep::Ask(_) => {}
                    }
                    typed(&mut state, "(");
                    let is_inside =
                        |caret: &Caret| state.text.is_char_boundary(caret.anchor) && state.text.is_char_boundary(caret.head);
                    assert!(!state.carets.is_empty() && state.carets.iter().all(is_inside), "{text:?} {}", key.keys);
                }
            }
        }
    }
}

#[test]
fn what_is_copied_is_pasted_caret_by_caret() {
    let (mut text, carets) = read("‹ab› ‹cd›");
    let mut state = CaretText { text: &mut text, carets, is_code: &|_| true };
    let copied = state.copied();
    assert_eq!(copied, "ab\ncd");
    state.paste("1\n2");
    assert_eq!(write(&state), "1| 2|");
    state.paste("名");
    assert_eq!(write(&state), "1名| 2名|");
    let (mut text, carets) = read("ab\nc|d");
    let state = CaretText { text: &mut text, carets, is_code: &|_| true };
    assert_eq!(state.copied(), "cd\n");
}

#[test]
fn what_a_completion_opens_is_closed() {
    for (text, expected) in [("decline(\"", "\")"), ("limit(#{ single: ", "})"), ("age", ""), ("f(\")\")", ""), ("f()", "")] {
        assert_eq!(closers(text), expected, "{text}");
    }
}
