//! Findings for people: message, place, the source with the fault underlined, help, and a line that sums up.
//!
//! Nothing of the user's text can steer the terminal: control characters are shown as signs.

use std::fmt::Write as _;

use super::paint::{Paint, Tone};
use super::place::Place;
use super::{Finding, Severity, excerpt, width};
use crate::text::{Language, LocalText, Sources, Span};

/// Renders all findings and the summary line; `colour` asks for ANSI colours.
#[must_use]
pub fn render(findings: &[Finding], sources: &Sources, language: Language, colour: bool) -> String {
    let mut out = String::new();
    for finding in findings {
        out.push_str(&render_one(finding, sources, language, colour));
        out.push('\n');
    }
    out.push_str(summary(findings).get(language));
    out.push('\n');
    out
}

/// Renders one finding without a summary.
#[must_use]
pub fn render_one(finding: &Finding, sources: &Sources, language: Language, colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    let spans = std::iter::once(finding.span).chain(finding.notes.iter().map(|(span, _)| *span)).flatten();
    let gutter = spans.filter_map(|span| Some(excerpt::number_width(sources.get(span.source)?, span))).max().unwrap_or(1);
    let head = format!("{}[{}]", finding.severity.text().get(language), finding.id());
    head_line(&mut out, paint, finding.severity, &head, finding.message.get(language));
    place(&mut out, sources, finding.span, gutter, paint, Tone::Of(finding.severity));
    let blank = " ".repeat(gutter);
    if let Some(help) = &finding.help {
        let word = LocalText::new("help", "帮助");
        let _ = write!(out, "{blank} {} ", paint.with(Tone::Rule, "="));
        let _ = writeln!(
            out,
            "{}: {}",
            paint.with(Tone::Strong, word.get(language)),
            lines(help.on_command_line().get(language), gutter + 9)
        );
    }
    for (span, note) in &finding.notes {
        head_line(&mut out, paint, Severity::Note, Severity::Note.text().get(language), note.get(language));
        place(&mut out, sources, *span, gutter, paint, Tone::Of(Severity::Note));
    }
    out
}

fn head_line(out: &mut String, paint: Paint, severity: Severity, head: &str, message: &str) {
    let message = lines(message, 2);
    let _ = writeln!(out, "{}: {}", paint.with(Tone::Of(severity), head), paint.with(Tone::Strong, &message));
}

/// The arrow to the place and the excerpt under it; nothing for what has no place.
fn place(out: &mut String, sources: &Sources, span: Option<Span>, gutter: usize, paint: Paint, tone: Tone) {
    let (Some(place), Some(span)) = (Place::find(sources, span), span) else { return };
    let arrow = paint.with(Tone::Rule, "-->");
    let file = width::harmless(place.file);
    let _ = writeln!(out, "{}{arrow} {file}:{}:{}", " ".repeat(gutter), place.start.line, place.start.column);
    if let Some(source) = sources.get(span.source) {
        excerpt::add(out, source, span, gutter, paint, tone);
    }
}

/// A text of one or more lines, made safe to show, later lines indented.
fn lines(text: &str, indent: usize) -> String {
    let safe = text.lines().map(width::harmless);
    safe.collect::<Vec<_>>().join(&format!("\n{}", " ".repeat(indent)))
}

/// How many findings of each severity there are, in one line.
#[must_use]
pub fn summary(findings: &[Finding]) -> LocalText {
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let (mut en, mut zh) = (Vec::new(), Vec::new());
    for severity in severities {
        let count = findings.iter().filter(|finding| finding.severity == severity).count();
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            en.push(format!("{count} {}{plural}", severity.word()));
            zh.push(format!("{count} 个{}", severity.text().zh));
        }
    }
    if en.is_empty() {
        return LocalText::new("no findings", "没有发现问题");
    }
    LocalText::new(format!("found {}", en.join(", ")), format!("发现 {}", zh.join("、")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::kinds::{DUPLICATE_ID, UNKNOWN_FIELD};

    fn check(text: &str, marked: (usize, usize), expected: &str) {
        let mut sources = Sources::default();
        let id = sources.add("risk/a.rhai", text);
        let finding = Finding::new(UNKNOWN_FIELD, Span::new(id, marked.0, marked.1), LocalText::same("m"));
        let shown = render_one(&finding, &sources, Language::En, false);
        let excerpt: Vec<&str> = shown.lines().skip(1).collect();
        assert_eq!(excerpt.join("\n"), expected.trim_matches('\n'), "{text:?}");
    }

    #[test]
    fn the_underline_stands_below_the_fault() {
        check("if age > 1 {}", (3, 6), "\n --> risk/a.rhai:1:4\n  |\n1 | if age > 1 {}\n  |    ^^^\n");
        check("\"年龄\" == agee", (12, 16), "\n --> risk/a.rhai:1:9\n  |\n1 | \"年龄\" == agee\n  |           ^^^^\n");
        check("\"年龄\"", (1, 7), "\n --> risk/a.rhai:1:2\n  |\n1 | \"年龄\"\n  |  ^^^^\n");
        check("\tage", (1, 4), "\n --> risk/a.rhai:1:2\n  |\n1 |     age\n  |     ^^^\n");
        check("a\r\nbc\r\n", (4, 5), "\n --> risk/a.rhai:2:2\n  |\n2 | bc\n  |  ^\n");
    }

    #[test]
    fn an_empty_span_is_one_mark_wide_even_at_the_end() {
        check("ab", (1, 1), "\n --> risk/a.rhai:1:2\n  |\n1 | ab\n  |  ^\n");
        check("ab", (2, 2), "\n --> risk/a.rhai:1:3\n  |\n1 | ab\n  |   ^\n");
        check("", (0, 0), "\n --> risk/a.rhai:1:1\n  |\n1 |\n  | ^\n");
        check("ab\n", (99, 120), "\n --> risk/a.rhai:2:1\n  |\n2 |\n  | ^\n");
    }

    #[test]
    fn a_span_over_lines_marks_each_and_a_long_one_its_ends() {
        check("if x {\n  y\n}\n", (3, 12), "\n --> risk/a.rhai:1:4\n  |\n1 | if x {\n  |    ^^^\n2 |   y\n  |   ^\n3 | }\n  | ^\n");
        let long = "a\nb\nc\nd\ne\n";
        check(long, (0, 10), "\n --> risk/a.rhai:1:1\n  |\n1 | a\n  | ^\n...\n5 | e\n  | ^\n");
    }

    #[test]
    fn a_very_long_line_is_cut_round_the_fault() {
        let text = format!("{}名{}", "x".repeat(5000), "y".repeat(5000));
        let mut sources = Sources::default();
        let id = sources.add("a", text);
        let finding = Finding::new(UNKNOWN_FIELD, Span::new(id, 5000, 5003), LocalText::same("m"));
        let shown = render_one(&finding, &sources, Language::En, false);
        assert!(shown.lines().all(|line| line.chars().count() < 160), "{shown}");
        let mut last_two = shown.lines().rev().take(2);
        let (marks, line) = (last_two.next().unwrap(), last_two.next().unwrap());
        let at = line.find('名').map(|byte| line[..byte].chars().count()).unwrap();
        assert_eq!(marks.find('^'), Some(at));
        assert!(marks.ends_with("^^"));
    }

    #[test]
    fn help_notes_and_summary_are_in_the_chosen_language() {
        let mut sources = Sources::default();
        let id = sources.add("a.rhai", "x\ny\n");
        let finding = Finding::new(DUPLICATE_ID, Span::new(id, 2, 3), LocalText::new("twice", "重复"))
            .with_severity(Severity::Warning)
            .with_help(LocalText::new("rename it", "改名"))
            .with_note(Span::new(id, 0, 1), LocalText::new("first here", "首次出现"));
        let shown = render(std::slice::from_ref(&finding), &sources, Language::Zh, false);
        let expected = "\
警告[duplicate-id]: 重复
 --> a.rhai:2:1
  |
2 | y
  | ^
  = 帮助: 改名
提示: 首次出现
 --> a.rhai:1:1
  |
1 | x
  | ^

发现 1 个警告
";
        assert_eq!(shown, expected);
        assert!(render(&[], &sources, Language::En, false).contains("no findings"));
        assert!(render(&[finding], &sources, Language::En, true).contains("\u{1b}[1;33mwarning[duplicate-id]\u{1b}[0m: "));
    }

    #[test]
    fn the_users_text_cannot_steer_the_terminal() {
        let mut sources = Sources::default();
        let id = sources.add("a\u{1b}]0;x\u{7}.rhai", "\u{1b}[2Jx");
        let finding = Finding::new(UNKNOWN_FIELD, Span::new(id, 0, 4), LocalText::same("`\u{1b}[31m`"));
        assert!(!render(&[finding], &sources, Language::En, false).contains('\u{1b}'));
    }
}
