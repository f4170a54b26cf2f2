//! What the keys of the editor do, as one table: the help lists it, and a key is an entry of it.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::carets::{Caret, CaretText, beside, vertical, word_beside};
use super::edits::{self, INDENT, TextChange, find_all, line_end, line_start};
use countersign_core::text::StaticText;

/// What a key does.
#[derive(Clone, Copy)]
pub enum EditorStep {
    /// Changes the text; whether it did.
    Edit(fn(&mut CaretText<'_>) -> bool),
    /// Moves carets or makes others; allowed in a text that cannot be changed.
    Move(fn(&mut CaretText<'_>)),
    /// Asks the editor itself.
    Ask(EditorAsk),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditorAsk {
    Find,
    Replace,
    FindNext,
    FindPrevious,
    GoToLine,
    GoToDefinition,
    Complete,
    Remedy,
}

/// A key with what it does. Keys of movement alone have no title: everybody knows them.
pub struct EditorKey {
    pub keys: &'static str,
    pub title: StaticText,
    pub step: EditorStep,
    /// Whether the text field does as much while there is one caret.
    pub only_many: bool,
}

const NOTHING: StaticText = StaticText::new("", "");

const fn edit(keys: &'static str, en: &'static str, zh: &'static str, edit: fn(&mut CaretText<'_>) -> bool) -> EditorKey {
    EditorKey { keys, title: StaticText::new(en, zh), step: EditorStep::Edit(edit), only_many: false }
}

const fn go(keys: &'static str, en: &'static str, zh: &'static str, step: fn(&mut CaretText<'_>)) -> EditorKey {
    EditorKey { keys, title: StaticText::new(en, zh), step: EditorStep::Move(step), only_many: false }
}

const fn ask(keys: &'static str, en: &'static str, zh: &'static str, ask: EditorAsk) -> EditorKey {
    EditorKey { keys, title: StaticText::new(en, zh), step: EditorStep::Ask(ask), only_many: false }
}

const fn many(keys: &'static str, step: EditorStep) -> EditorKey {
    EditorKey { keys, title: NOTHING, step, only_many: true }
}

/// Every key of the editor.
pub const EDITOR_KEYS: &[EditorKey] = &[
    ask("Ctrl+Space", "Complete", "自动补全", EditorAsk::Complete),
    ask("Ctrl+Period", "Apply the remedy at the caret", "应用光标处的修正", EditorAsk::Remedy),
    ask("Ctrl+F", "Find", "查找", EditorAsk::Find),
    ask("Ctrl+H", "Find and replace", "查找并替换", EditorAsk::Replace),
    ask("F3", "Next match", "下一个匹配", EditorAsk::FindNext),
    ask("Shift+F3", "Previous match", "上一个匹配", EditorAsk::FindPrevious),
    ask("Ctrl+G", "Go to line", "转到行", EditorAsk::GoToLine),
    ask("F12", "Go to definition", "转到定义", EditorAsk::GoToDefinition),
    edit("Ctrl+Slash", "Toggle comment", "切换注释", toggle_comment),
    edit("Alt+Up", "Move lines up", "上移行", move_up),
    edit("Alt+Down", "Move lines down", "下移行", move_down),
    edit("Shift+Alt+Up", "Copy lines up", "向上复制行", copy_up),
    edit("Shift+Alt+Down", "Copy lines down", "向下复制行", copy_down),
    edit("Ctrl+Shift+K", "Delete lines", "删除行", delete_lines),
    edit("Ctrl+Enter", "New line below", "在下方插入行", line_below),
    edit("Ctrl+Shift+Enter", "New line above", "在上方插入行", line_above),
    go("Ctrl+L", "Select line", "选择行", select_line),
    go("Ctrl+D", "Select the next occurrence too", "加选下一处相同内容", next_occurrence),
    go("Ctrl+Shift+L", "Select all occurrences", "选择全部相同处", all_occurrences),
    go("Ctrl+Alt+Up", "Caret above", "在上方添加光标", caret_above),
    go("Ctrl+Alt+Down", "Caret below", "在下方添加光标", caret_below),
    edit("Tab", "", "", indent),
    edit("Shift+Tab", "", "", outdent),
    edit("Enter", "", "", line_break),
    edit("Backspace", "", "", backspace),
    go("Home", "", "", |text| text.step(|text, caret| caret.to(smart_home(text, caret.head), false))),
    go("Shift+Home", "", "", |text| text.step(|text, caret| caret.to(smart_home(text, caret.head), true))),
    many("Delete", EditorStep::Edit(delete)),
    many("Ctrl+Backspace", EditorStep::Edit(|text| text.change(|text, range| removed(text, range, word_beside, false)))),
    many("Ctrl+Delete", EditorStep::Edit(|text| text.change(|text, range| removed(text, range, word_beside, true)))),
    many("End", EditorStep::Move(|text| text.step(|text, caret| caret.to(line_end(text, caret.head), false)))),
    many("Shift+End", EditorStep::Move(|text| text.step(|text, caret| caret.to(line_end(text, caret.head), true)))),
    many("Left", EditorStep::Move(|text| text.step(|text, caret| horizontal(text, caret, false)))),
    many("Right", EditorStep::Move(|text| text.step(|text, caret| horizontal(text, caret, true)))),
    many("Shift+Left", EditorStep::Move(|text| text.step(|text, caret| caret.to(beside(text, caret.head, false), true)))),
    many("Shift+Right", EditorStep::Move(|text| text.step(|text, caret| caret.to(beside(text, caret.head, true), true)))),
    many("Ctrl+Left", EditorStep::Move(|text| text.step(|text, caret| caret.to(word_beside(text, caret.head, false), false)))),
    many("Ctrl+Right", EditorStep::Move(|text| text.step(|text, caret| caret.to(word_beside(text, caret.head, true), false)))),
    many("Ctrl+Shift+Left", EditorStep::Move(|text| text.step(|text, caret| caret.to(word_beside(text, caret.head, false), true)))),
    many("Ctrl+Shift+Right", EditorStep::Move(|text| text.step(|text, caret| caret.to(word_beside(text, caret.head, true), true)))),
    many("Up", EditorStep::Move(|text| text.step(|text, caret| lines_on(text, caret, false, false)))),
    many("Down", EditorStep::Move(|text| text.step(|text, caret| lines_on(text, caret, true, false)))),
    many("Shift+Up", EditorStep::Move(|text| text.step(|text, caret| lines_on(text, caret, false, true)))),
    many("Shift+Down", EditorStep::Move(|text| text.step(|text, caret| lines_on(text, caret, true, true)))),
];

/// What closes what a character opens.
fn closer(open: &str) -> Option<&'static str> {
    match open {
        "(" => Some(")"),
        "[" => Some("]"),
        "{" => Some("}"),
        "\"" => Some("\""),
        "`" => Some("`"),
        _ => None,
    }
}

/// The brackets and quotes that a text opens and does not close, to be put after it: `decline("` needs `")`.
pub fn closers(text: &str) -> String {
    let mut open: Vec<&'static str> = Vec::new();
    for c in text.chars() {
        let c = c.encode_utf8(&mut [0; 4]).to_owned();
        let in_text = matches!(open.last(), Some(&("\"" | "`")));
        match closer(&c) {
            _ if open.last() == Some(&c.as_str()) => drop(open.pop()),
            Some(closer) if !in_text => open.push(closer),
            _ => {}
        }
    }
    open.into_iter().rev().collect()
}

/// Whether a typed text opens or closes something.
pub fn is_paired(typed: &str) -> bool {
    closer(typed).is_some() || matches!(typed, ")" | "]" | "}")
}

/// Types a text: brackets and quotes come in pairs, surround what is selected, and a closing one that is there is stepped over.
pub fn typed(text: &mut CaretText<'_>, typed: &str) -> bool {
    let is_code = text.is_code;
    text.change(|text, range| Some(typed_at(text, range, typed, is_code)))
}

fn typed_at(text: &str, range: Range<usize>, typed: &str, is_code: &dyn Fn(usize) -> bool) -> TextChange {
    let after = text.get(range.end..).and_then(|rest| rest.chars().next());
    let before = text.get(..range.start).and_then(|rest| rest.chars().next_back());
    let is_quote = matches!(typed, "\"" | "`");
    let closes = matches!(typed, ")" | "]" | "}") || is_quote;
    if let (Some(closer), false) = (closer(typed), range.is_empty()) {
        let inner = text.get(range.clone()).unwrap_or("");
        let select = range.start + typed.len()..range.end + typed.len();
        return TextChange { with: format!("{typed}{inner}{closer}"), replace: range, select };
    }
    if closes && range.is_empty() && after.is_some_and(|after| typed.starts_with(after)) {
        let caret = range.end + typed.len();
        return TextChange { replace: range.end..range.end, with: String::new(), select: caret..caret };
    }
    if let Some(change) = (closes && !is_quote && range.is_empty()).then(|| over_blank(text, range.start, typed, is_code)).flatten()
    {
        return change;
    }
    if closes
        && !is_quote
        && let Some(change) = edits::closing_bracket(text, range.clone(), typed)
    {
        return change;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    // A byte before the caret that is in a text or a comment: what is typed there is no code.
    let follows_code = range.start == 0 || is_code(range.start - 1);
    let has_room = after.is_none_or(|c| c.is_whitespace() || matches!(c, ')' | ']' | '}' | ',' | ';'));
    match closer(typed) {
        Some(end) if follows_code && has_room && !(is_quote && before.is_some_and(is_word)) => {
            let caret = range.start + typed.len();
            TextChange { with: format!("{typed}{end}"), replace: range, select: caret..caret }
        }
        _ => TextChange::insert(range, typed),
    }
}

/// A closing bracket typed on a blank line before the one that closes already: that one is stepped over, and the blank line goes.
fn over_blank(text: &str, caret: usize, typed: &str, is_code: &dyn Fn(usize) -> bool) -> Option<TextChange> {
    let start = line_start(text, caret);
    let after = text.get(caret..)?;
    let blank = after.len() - after.trim_start().len();
    let is_blank = text.get(start..caret)?.trim().is_empty() && after.get(..blank)?.contains('\n');
    let open = match typed {
        ")" => b'(',
        "]" => b'[',
        _ => b'{',
    };
    let count = |wanted: u8| text.bytes().enumerate().filter(|(at, byte)| *byte == wanted && is_code(*at)).count();
    let is_closed = after.get(blank..)?.starts_with(typed) && typed.bytes().next().is_some_and(|close| count(open) == count(close));
    if !is_blank || !is_closed {
        return None;
    }
    let bracket = caret + blank;
    let indent = text.get(line_start(text, bracket)..bracket)?;
    let select = start + indent.len() + typed.len();
    let replace = start..bracket + typed.len();
    Some(TextChange { replace, with: format!("{indent}{typed}"), select: select..select })
}

/// Removes what is selected, or from the caret to where `to` leads.
fn removed(text: &str, range: Range<usize>, to: fn(&str, usize, bool) -> usize, forward: bool) -> Option<TextChange> {
    let range = match (range.is_empty(), forward) {
        (false, _) => range,
        (true, true) => range.start..to(text, range.start, true),
        (true, false) => to(text, range.start, false)..range.start,
    };
    (!range.is_empty()).then(|| TextChange::insert(range, ""))
}

/// Between a bracket and its partner both go.
fn backspace(text: &mut CaretText<'_>) -> bool {
    text.change(|text, range| {
        let (start, end) = (beside(text, range.start, false), beside(text, range.end, true));
        let is_pair = range.is_empty()
            && text.get(start..range.start).and_then(closer).is_some_and(|closer| text.get(range.end..end) == Some(closer));
        if is_pair { Some(TextChange::insert(start..end, "")) } else { removed(text, range, beside, false) }
    })
}

fn delete(text: &mut CaretText<'_>) -> bool {
    text.change(|text, range| removed(text, range, beside, true))
}

pub fn toggle_comment(text: &mut CaretText<'_>) -> bool {
    text.change(|text, range| Some(edits::toggle_comment(text, &range)))
}

fn indent(text: &mut CaretText<'_>) -> bool {
    text.change(|text, range| Some(edits::indent(text, &range)))
}

fn outdent(text: &mut CaretText<'_>) -> bool {
    text.change(|text, range| Some(edits::outdent(text, &range)))
}

fn line_break(text: &mut CaretText<'_>) -> bool {
    text.change(|text, range| Some(edits::line_break(text, range)))
}

/// Where a line is indented; from there, its start.
fn smart_home(text: &str, byte: usize) -> usize {
    let start = line_start(text, byte);
    let line = text.get(start..line_end(text, byte)).unwrap_or("");
    let first = start + line.len() - line.trim_start().len();
    if byte == first { start } else { first }
}

fn horizontal(text: &str, caret: Caret, forward: bool) -> Caret {
    let range = caret.range();
    let to = match (range.is_empty(), forward) {
        (true, _) => beside(text, caret.head, forward),
        (false, true) => range.end,
        (false, false) => range.start,
    };
    caret.to(to, false)
}

fn lines_on(text: &str, caret: Caret, down: bool, selects: bool) -> Caret {
    let edge = if down { text.len() } else { 0 };
    caret.to(vertical(text, caret.head, down).unwrap_or(edge), selects)
}

/// Blocks of lines that carets touch, each with its line break if it has one; blocks that meet are one.
fn blocks(text: &CaretText<'_>) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = text.carets.iter().map(|caret| edits::lines(text.text, &caret.range())).collect();
    all.sort_unstable_by_key(|block| block.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for block in all {
        match joined.last_mut() {
            Some(last) if block.start <= last.end + 1 => last.end = last.end.max(block.end),
            _ => joined.push(block),
        }
    }
    joined
}

/// Exchanges every block of lines with the line above or below it.
fn move_lines(text: &mut CaretText<'_>, down: bool) -> bool {
    let mut all = blocks(text);
    if down {
        all.reverse();
    }
    let mut is_changed = false;
    for block in all {
        let source = text.text.clone();
        let (first, second) = if down {
            (block.clone(), block.end + 1..line_end(&source, block.end + 1))
        } else {
            let Some(above) = block.start.checked_sub(1) else { continue };
            (line_start(&source, above)..above, block.clone())
        };
        let (Some(one), Some(other)) = (source.get(first.clone()), source.get(second.clone())) else { continue };
        text.text.replace_range(first.start..second.end, &format!("{other}\n{one}"));
        let (moved_up, moved_down) = (one.len() + 1, other.len() + 1);
        for caret in &mut text.carets {
            for byte in [&mut caret.anchor, &mut caret.head] {
                if block.contains(byte) || *byte == block.end {
                    *byte = if down { *byte + moved_down } else { *byte - moved_up };
                }
            }
        }
        is_changed = true;
    }
    text.merge();
    is_changed
}

fn move_up(text: &mut CaretText<'_>) -> bool {
    move_lines(text, false)
}

fn move_down(text: &mut CaretText<'_>) -> bool {
    move_lines(text, true)
}

/// Copies every block of lines; carets go with the copy that is above or below.
fn copy_lines(text: &mut CaretText<'_>, down: bool) -> bool {
    for block in blocks(text).into_iter().rev() {
        let lines = text.text.get(block.clone()).unwrap_or("").to_owned();
        text.text.insert_str(block.end, &format!("\n{lines}"));
        for caret in &mut text.carets {
            for byte in [&mut caret.anchor, &mut caret.head] {
                if *byte > block.end || (down && *byte >= block.start) {
                    *byte += lines.len() + 1;
                }
            }
        }
    }
    text.merge();
    true
}

fn copy_up(text: &mut CaretText<'_>) -> bool {
    copy_lines(text, false)
}

fn copy_down(text: &mut CaretText<'_>) -> bool {
    copy_lines(text, true)
}

/// The lines of a selection with one line break: the one after them, or at the end of the text the one before.
fn whole_lines(text: &str, range: &Range<usize>) -> Range<usize> {
    let lines = edits::lines(text, range);
    if lines.end < text.len() { lines.start..lines.end + 1 } else { lines.start.saturating_sub(1)..lines.end }
}

fn delete_lines(text: &mut CaretText<'_>) -> bool {
    text.change(|text, range| {
        let lines = whole_lines(text, &range);
        let caret = if lines.end < text.len() || lines.start == 0 { lines.start } else { line_start(text, lines.start) };
        Some(TextChange { replace: lines, with: String::new(), select: caret..caret })
    })
}

/// Removes what is selected, and the lines of carets without a selection.
pub fn cut(text: &mut CaretText<'_>) -> bool {
    if text.carets.iter().all(|caret| caret.range().is_empty()) {
        return delete_lines(text);
    }
    text.change(|_, range| (!range.is_empty()).then(|| TextChange::insert(range, "")))
}

fn indentation(text: &str, byte: usize) -> String {
    let line = text.get(line_start(text, byte)..).unwrap_or("");
    line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect()
}

fn line_below(text: &mut CaretText<'_>) -> bool {
    text.change(|text, range| {
        let end = line_end(text, range.end);
        let opens = text.get(..end).is_some_and(|before| before.trim_end().ends_with(['{', '(', '[']));
        let deeper = if opens { INDENT } else { "" };
        Some(TextChange::insert(end..end, format!("\n{}{deeper}", indentation(text, range.end))))
    })
}

fn line_above(text: &mut CaretText<'_>) -> bool {
    text.change(|text, range| {
        let start = line_start(text, range.start);
        let indentation = indentation(text, range.start);
        let caret = start + indentation.len();
        Some(TextChange { replace: start..start, with: format!("{indentation}\n"), select: caret..caret })
    })
}

/// From the start of the line to the start of the next; again, one line more.
fn select_line(text: &mut CaretText<'_>) {
    text.step(|text, caret| {
        let range = caret.range();
        Caret { anchor: line_start(text, range.start), head: (line_end(text, range.end) + 1).min(text.len()) }
    });
}

fn word_at(text: &str, byte: usize) -> Option<Range<usize>> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let before = text.get(..byte)?.chars().rev().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
    let after = text.get(byte..)?.chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
    (before + after > 0).then_some(byte - before..byte + after)
}

/// Selects the words at carets without a selection; where all have one, the next place that reads as the last does.
fn next_occurrence(text: &mut CaretText<'_>) {
    if text.carets.iter().any(|caret| caret.range().is_empty()) {
        return text.step(|text, caret| {
            word_at(text, caret.head).filter(|_| caret.range().is_empty()).map_or(caret, |word| Caret::of(&word))
        });
    }
    let last = text.last().range();
    let wanted = text.text.get(last.clone()).unwrap_or("");
    let places = find_all(text.text, wanted, true);
    let is_free = |place: &&Range<usize>| !text.carets.iter().any(|caret| caret.range() == **place);
    let after = places.iter().filter(is_free).find(|place| place.start >= last.end);
    if let Some(place) = after.or_else(|| places.iter().find(is_free)) {
        text.carets.push(Caret::of(place));
    }
}

fn all_occurrences(text: &mut CaretText<'_>) {
    let range = text.last().range();
    let Some(wanted) = (if range.is_empty() { word_at(text.text, range.start) } else { Some(range) }) else { return };
    let places = find_all(text.text, text.text.get(wanted).unwrap_or(""), true);
    text.carets = places.iter().map(Caret::of).collect();
}

fn caret_beside(text: &mut CaretText<'_>, down: bool) {
    let heads = text.carets.iter().map(|caret| caret.head);
    let Some(edge) = (if down { heads.max() } else { heads.min() }) else { return };
    if let Some(byte) = vertical(text.text, edge, down) {
        text.carets.push(Caret::at(byte));
        text.merge();
    }
}

fn caret_above(text: &mut CaretText<'_>) {
    caret_beside(text, false);
}

fn caret_below(text: &mut CaretText<'_>) {
    caret_beside(text, true);
}
