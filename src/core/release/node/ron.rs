//! The text of a release file: RON in one fixed layout, so that two releases differ in the lines where they mean something else.
//!
//! What fits a line is on one; texts of several lines (scripts, lists, signatures) are raw strings, as their authors wrote them.
//! Characters that nobody sees, or that turn a line's direction, are escaped: what a person reads is what is there.

use super::Node;
use crate::text::{SourceId, Span, is_hidden, quoted};

/// Widest line, in bytes, that is not broken up.
const WIDTH: usize = 120;
const INDENT: usize = 4;

/// A printed text, and the place of each part.
pub(crate) struct Printed {
    /// The text.
    pub text: String,
    /// Path (`rule_set.stages.access.rules.r2.title.zh`) and place of every named part, in order; `source` is 0.
    pub places: Vec<(String, Span)>,
}

/// Prints a tree below a first line. `places` asks for the places too, which cost time and memory.
pub(crate) fn print(first_line: &str, node: &Node, places: bool) -> Printed {
    let mut printer = Printer { out: format!("{first_line}\n"), path: String::new(), places: places.then(Vec::new) };
    match node {
        Node::Record(fields) => printer.broken_record("(", fields, 0),
        other => printer.value(other, 0),
    }
    printer.out.push('\n');
    Printed { text: printer.out, places: printer.places.unwrap_or_default() }
}

struct Printer {
    out: String,
    path: String,
    places: Option<Vec<(String, Span)>>,
}

impl Printer {
    /// Prints a value whose line is indented by `indent`.
    fn value(&mut self, node: &Node, indent: usize) {
        let used = self.out.len() - self.out.rfind('\n').map_or(0, |at| at + 1);
        // The comma after it counts too.
        let mut left = WIDTH.saturating_sub(used + 1);
        if fits(node, &mut left) {
            return self.flat(node);
        }
        match node {
            Node::List(items) => self.broken_list(items, indent),
            Node::Record(fields) => self.broken_record("(", fields, indent),
            Node::Variant(name, content) => match content.as_ref() {
                Node::Record(fields) => self.broken_record(&format!("{name}("), fields, indent),
                other => {
                    self.out.push_str(name);
                    self.out.push('(');
                    self.value(other, indent);
                    self.out.push(')');
                }
            },
            Node::Text(text) => string(text, &mut self.out),
            other => self.flat(other),
        }
    }

    fn broken_list(&mut self, items: &[Node], indent: usize) {
        self.out.push('[');
        for (at, item) in items.iter().enumerate() {
            self.line(indent + INDENT);
            let name = name_of(item).map_or_else(|| at.to_string(), str::to_owned);
            self.part(&name, |printer| printer.value(item, indent + INDENT));
            self.out.push(',');
        }
        self.line(indent);
        self.out.push(']');
    }

    fn broken_record(&mut self, open: &str, fields: &[(&'static str, Node)], indent: usize) {
        self.out.push_str(open);
        for (name, field) in shown(fields) {
            self.line(indent + INDENT);
            self.out.push_str(name);
            self.out.push_str(": ");
            self.part(name, |printer| printer.value(field, indent + INDENT));
            self.out.push(',');
        }
        self.line(indent);
        self.out.push(')');
    }

    /// Prints on the current line; [`fits`] was true.
    fn flat(&mut self, node: &Node) {
        match node {
            Node::Nothing => self.out.push_str("()"),
            Node::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Node::Int(number) => self.out.push_str(&number.to_string()),
            Node::Float(number) => self.out.push_str(&float(*number)),
            Node::Text(text) => string(text, &mut self.out),
            Node::Word(word) => self.out.push_str(word),
            Node::Variant(name, content) => {
                self.out.push_str(name);
                if matches!(content.as_ref(), Node::Record(_)) {
                    self.flat(content);
                } else {
                    self.out.push('(');
                    self.flat(content);
                    self.out.push(')');
                }
            }
            Node::List(items) => {
                self.out.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.comma(at);
                    let name = name_of(item).map_or_else(|| at.to_string(), str::to_owned);
                    self.part(&name, |printer| printer.flat(item));
                }
                self.out.push(']');
            }
            Node::Record(fields) => {
                self.out.push('(');
                for (at, (name, field)) in shown(fields).enumerate() {
                    self.comma(at);
                    self.out.push_str(name);
                    self.out.push_str(": ");
                    self.part(name, |printer| printer.flat(field));
                }
                self.out.push(')');
            }
            Node::Map(entries) => self.map(entries),
        }
    }

    fn map(&mut self, entries: &[(String, Node)]) {
        self.out.push('{');
        for (at, (name, entry)) in entries.iter().enumerate() {
            self.comma(at);
            string(name, &mut self.out);
            self.out.push_str(": ");
            self.part(name, |printer| printer.flat(entry));
        }
        self.out.push('}');
    }

    fn comma(&mut self, at: usize) {
        if at > 0 {
            self.out.push_str(", ");
        }
    }

    fn line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    /// Prints a named part and notes its place.
    fn part(&mut self, name: &str, print: impl FnOnce(&mut Self)) {
        if self.places.is_none() {
            return print(self);
        }
        let before = self.path.len();
        if before > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        let start = self.out.len();
        print(self);
        let place = (self.path.clone(), Span::new(SourceId(0), start, self.out.len()));
        if let Some(places) = &mut self.places {
            places.push(place);
        }
        self.path.truncate(before);
    }
}

/// The fields that are written: those that hold something.
fn shown<'a>(fields: &'a [(&'static str, Node)]) -> impl Iterator<Item = (&'static str, &'a Node)> {
    fields.iter().filter(|(_, field)| *field != Node::Nothing).map(|(name, field)| (*name, field))
}

/// What a list's item is called in paths: its `id`, `name` or `code`.
fn name_of(node: &Node) -> Option<&str> {
    let Node::Record(fields) = node else { return None };
    match fields.first()? {
        ("id" | "name" | "code", Node::Text(name)) => Some(name),
        _ => None,
    }
}

/// Whether a value fits in `left` more bytes of a line; takes away what it needs.
fn fits(node: &Node, left: &mut usize) -> bool {
    let take = |left: &mut usize, bytes: usize| match left.checked_sub(bytes) {
        Some(rest) => {
            *left = rest;
            true
        }
        None => false,
    };
    match node {
        Node::Nothing => take(left, 2),
        Node::Bool(value) => take(left, if *value { 4 } else { 5 }),
        Node::Int(number) => take(left, number.to_string().len()),
        Node::Float(number) => take(left, float(*number).len()),
        Node::Text(text) if text.len() <= *left && !text.contains('\n') => {
            let mut printed = String::new();
            string(text, &mut printed);
            take(left, printed.len())
        }
        Node::Text(_) => false,
        Node::Word(word) => take(left, word.len()),
        Node::Variant(name, content) => take(left, name.len() + 2) && fits(content, left),
        Node::List(items) => take(left, 2) && items.iter().all(|item| fits(item, left) && take(left, 2)),
        Node::Record(fields) => take(left, 2) && shown(fields).all(|(name, field)| take(left, name.len() + 4) && fits(field, left)),
        Node::Map(entries) => take(left, 2) && entries.iter().all(|(name, entry)| take(left, name.len() + 6) && fits(entry, left)),
    }
}

fn float(number: f64) -> String {
    // Without an exponent, but with a point, so that it reads as a float again.
    let text = number.to_string();
    if text.contains('.') { text } else { format!("{text}.0") }
}

/// A text in quotes: raw where it has several lines and nothing hidden, escaped otherwise.
fn string(text: &str, out: &mut String) {
    let plain = |c: char| c == '\n' || c == '\t' || !is_hidden(c);
    if text.contains('\n') && text.chars().all(plain) {
        let hashes = "#".repeat(longest_hashes(text) + 1);
        out.push('r');
        out.push_str(&hashes);
        out.push('"');
        out.push_str(text);
        out.push('"');
        out.push_str(&hashes);
        return;
    }
    out.push_str(&quoted(text));
}

/// The longest run of `#` right after a quote: the raw text's own quotes must have more.
fn longest_hashes(text: &str) -> usize {
    text.split('"').skip(1).map(|after| after.len() - after.trim_start_matches('#').len()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn printed(text: &str) -> String {
        let mut out = String::new();
        string(text, &mut out);
        out
    }

    #[test]
    fn a_script_stands_raw_and_hidden_characters_are_escaped() {
        assert_eq!(printed("if a {\n\tdecline(\"X\")\n}\n"), "r#\"if a {\n\tdecline(\"X\")\n}\n\"#");
        assert_eq!(printed("a\n\"##b"), "r###\"a\n\"##b\"###");
        assert_eq!(printed("a\r\n"), "\"a\\r\\n\"");
        assert_eq!(printed("a\u{202e}b\n"), "\"a\\u{202e}b\\n\"");
        assert_eq!(printed("接口"), "\"接口\"");
    }

    #[test]
    fn places_name_every_part() {
        let rule = Node::Record(vec![("id", Node::Text("r2".to_owned())), ("title", Node::Text("x".repeat(130)))]);
        let tree = Node::Record(vec![("format", Node::Int(1)), ("rules", Node::List(vec![rule]))]);
        let printed = print("// first", &tree, true);
        let shown: Vec<(&str, &str)> =
            printed.places.iter().map(|(path, span)| (path.as_str(), printed.text.get(span.range()).unwrap())).collect();
        let paths: Vec<&str> = shown.iter().map(|(path, _)| *path).collect();
        assert_eq!(paths, ["format", "rules.r2.id", "rules.r2.title", "rules.r2", "rules"]);
        assert_eq!(shown[0].1, "1");
        assert_eq!(shown[1].1, "\"r2\"");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_text_reads_back(text in prop_oneof![any::<String>(), "[\"#\\\\\n\r\t a\u{202e}\u{0}]{0,12}"]) {
            prop_assert_eq!(::ron::from_str::<String>(&printed(&text)).unwrap(), text);
        }

        #[test]
        fn every_float_reads_back(number in any::<f64>().prop_filter("finite", |number| number.is_finite())) {
            prop_assert_eq!(::ron::from_str::<f64>(&float(number)).unwrap().to_bits(), number.to_bits());
        }
    }
}
