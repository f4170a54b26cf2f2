//! Findings for people at a terminal: message, place, the source with the fault underlined, help; and a line that counts them.
//!
//! `annotate-snippets` draws them. What it shows of the user's text is masked before, since it masks fewer characters than `mask` does.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::text::{Language, LineColumn, LocalText, Source, Sources, Span};

use super::super::columns::mask;

/// A span over more lines has only its first and its last line underlined.
const MOST_UNDERLINED_LINES: u32 = 4;
/// Characters of one line that are underlined at most: a longer excerpt would fill the screen.
const MOST_UNDERLINED_CHARS: usize = 120;

/// All findings and the summary line; with `colour`, with ANSI colours.
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

/// One finding without a summary.
pub fn render_one(finding: &Finding, sources: &Sources, language: Language, colour: bool) -> String {
    let title = level(finding.severity, language).primary_title(mask_lines(finding.message.get(language))).id(finding.id());
    let mut main = with_excerpt(Group::with_title(title), sources, finding.span);
    if let Some(help) = &finding.help {
        let word = LocalText::new("help", "帮助");
        let level = Level::HELP.with_name(word.get(language).to_owned());
        main = main.element(level.message(mask_lines(help.on_command_line().get(language))));
    }
    let mut report = vec![main];
    report.extend(finding.notes.iter().map(|(span, note)| {
        let title = level(Severity::Note, language).secondary_title(mask_lines(note.get(language)));
        with_excerpt(Group::with_title(title), sources, *span)
    }));
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&report) + "\n"
}

fn level(severity: Severity, language: Language) -> Level<'static> {
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    level.with_name(severity.text().get(language).to_owned())
}

/// Unchanged where the span is none, or its source unknown.
fn with_excerpt(group: Group<'static>, sources: &Sources, span: Option<Span>) -> Group<'static> {
    match span.and_then(|span| Some((sources.get(span.source)?, span))) {
        Some((source, span)) => group.element(excerpt(source, span)),
        None => group,
    }
}

/// The lines that a span covers, masked, each with the covered part underlined.
fn excerpt(source: &Source, span: Span) -> Snippet<'static, Annotation<'static>> {
    let first = source.line_column(span.start).line;
    let end = source.line_column(span.end);
    // A span that ends with a line break does not reach into the next line.
    let last = if end.column == 1 && end.line > first { end.line - 1 } else { end.line };
    let (mut shown, mut underlined) = (String::new(), Vec::new());
    for line in first..=last {
        let text = source.line_text(line);
        let line_start = source.byte_at(LineColumn { line, column: 1 });
        let inside = |byte: u32| text.floor_char_boundary((byte as usize).saturating_sub(line_start));
        // What a span over several lines covers of a later line begins after its indentation.
        let from = if line == first { inside(span.start) } else { text.len() - text.trim_start().len() };
        let (before, rest) = text.split_at_checked(from).unwrap_or((text, ""));
        let covered = rest.get(..inside(span.end).saturating_sub(from)).unwrap_or("");
        let start = shown.len() + mask_source(before).len();
        let covered: String = covered.chars().take(MOST_UNDERLINED_CHARS).collect();
        if last - first < MOST_UNDERLINED_LINES || line == first || line == last {
            underlined.push(AnnotationKind::Primary.span(start..start + mask_source(&covered).len()));
        }
        shown.push_str(&mask_source(text));
        if line < last {
            shown.push('\n');
        }
    }
    Snippet::source(shown).path(mask(source.name())).line_start(first as usize).annotations(underlined)
}

fn mask_lines(text: &str) -> String {
    text.lines().map(mask).collect::<Vec<_>>().join("\n")
}

/// Tabs stay: `annotate-snippets` shows each as blanks and counts it as one column.
fn mask_source(text: &str) -> String {
    text.split('\t').map(mask).collect::<Vec<_>>().join("\t")
}

/// How many findings of each severity there are, in one line.
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
    use countersign_core::check::kinds::{DUPLICATE_ID, UNKNOWN_FIELD};

    use super::*;

    #[test]
    fn excerpts_underline_the_span() {
        let long = format!("{}名{}", "x".repeat(5000), "y".repeat(5000));
        for (text, (start, end), place, excerpt) in [
            ("if age > 1 {}", (3, 6), "1:4", "1 | if age > 1 {}\n  |    ^^^"),
            // Chinese characters are two columns wide, a tab is four blanks.
            ("\"年龄\" == agee", (12, 16), "1:9", "1 | \"年龄\" == agee\n  |           ^^^^"),
            ("\"年龄\"", (1, 7), "1:2", "1 | \"年龄\"\n  |  ^^^^"),
            ("\tage", (1, 4), "1:2", "1 |     age\n  |     ^^^"),
            ("a\r\nbc\r\n", (4, 5), "2:2", "2 | bc\n  |  ^"),
            // An empty span has one mark, also at the end and past it.
            ("ab", (1, 1), "1:2", "1 | ab\n  |  ^"),
            ("ab", (2, 2), "1:3", "1 | ab\n  |   ^"),
            ("", (0, 0), "1:1", "1 |\n  | ^"),
            ("ab\n", (99, 120), "2:1", "2 |\n  | ^"),
            // Every line of a span; of a long one, the first and the last.
            ("if x {\n  y\n}\n", (3, 12), "1:4", "1 | if x {\n  |    ^^^\n2 |   y\n  |   ^\n3 | }\n  | ^"),
            ("a\nb\nc\nd\ne\n", (0, 10), "1:1", "1 | a\n  | ^\n...\n5 | e\n  | ^"),
            // Characters that could steer the terminal are shown as signs.
            ("\u{1b}[2J\u{9b}\u{ad}x", (8, 9), "1:7", "1 | \u{241b}[2J��x\n  |       ^"),
            // A long line is cut around the span.
            (&long, (5000, 5003), "1:5001", "名"),
        ] {
            let mut sources = Sources::default();
            let id = sources.add("risk/a\u{7}.rhai", text);
            let finding = Finding::new(UNKNOWN_FIELD, Span::new(id, start, end), LocalText::same("`\u{1b}[31m`"));
            let shown = render_one(&finding, &sources, Language::En, false);
            if text.len() < 100 {
                let head = "error[unknown-field]: `\u{241b}[31m`";
                assert_eq!(shown, format!("{head}\n --> risk/a\u{2407}.rhai:{place}\n  |\n{excerpt}\n"), "{text:?}");
            } else {
                assert!(shown.contains(place) && shown.contains(excerpt), "{shown}");
                assert!(shown.lines().all(|line| line.chars().count() < 160), "{shown}");
            }
        }
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
  |
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
        assert!(render(&[finding], &sources, Language::En, true).contains("\u{1b}[33mwarning[duplicate-id]\u{1b}[0m"));
    }
}
