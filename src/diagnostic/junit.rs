//! Findings as JUnit XML, for build servers that show test results: each finding is a test case.

use super::place::Place;
use super::{Finding, Severity, human};
use crate::text::{Language, Sources, reveal};

/// Renders all findings; those at or above `fail_level` are failures, the others passed cases with a text. Without any finding there
/// is one passed case, so that a build server sees that the check has run.
#[must_use]
pub fn render(findings: &[Finding], sources: &Sources, language: Language, fail_level: Severity) -> String {
    let failures = findings.iter().filter(|finding| finding.severity >= fail_level).count();
    let cases: Vec<String> = findings.iter().map(|finding| case(finding, sources, language, fail_level)).collect();
    let tests = cases.len().max(1);
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\"");
    let body =
        if cases.is_empty() { "    <testcase name=\"check\" classname=\"countersign\"/>\n".to_owned() } else { cases.concat() };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"countersign\" {counts}>\n  <testsuite name=\"check\" {counts}>\n\
         {body}  </testsuite>\n</testsuites>\n"
    )
}

fn case(finding: &Finding, sources: &Sources, language: Language, fail_level: Severity) -> String {
    let place = Place::find(sources, finding.span);
    let class = place.map_or("countersign", |place| place.file);
    let (at, line) = place.map_or((String::new(), String::new()), |place| {
        let attributes = format!(" file=\"{}\" line=\"{}\"", escape(place.file), place.start.line);
        (format!(" {}:{}", place.start.line, place.start.column), attributes)
    });
    let name = escape(&format!("{}{at}", finding.id));
    let text = escape_text(&human::render_one(finding, sources, language, false));
    let inside = if finding.severity >= fail_level {
        let message = escape(finding.message.get(language));
        format!("      <failure type=\"{}\" message=\"{message}\">{text}</failure>\n", finding.severity.word())
    } else {
        format!("      <system-out>{text}</system-out>\n")
    };
    format!("    <testcase name=\"{name}\" classname=\"{}\"{line}>\n{inside}    </testcase>\n", escape(class))
}

/// Whether XML 1.0 allows the character at all, escaped or not.
fn is_allowed(c: char) -> bool {
    !matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// For an attribute: line breaks and tabs too, which a parser would turn into blanks.
fn escape(text: &str) -> String {
    escape_text(text).replace('\n', "&#10;").replace('\t', "&#9;")
}

/// For the text between tags; hidden characters are written out, and what XML cannot hold is left out.
fn escape_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in reveal(text).chars().filter(|c| is_allowed(*c)) {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::sample;
    use crate::text::{LocalText, is_hidden};

    /// Reads the XML far enough to know that it is well-formed: tags are closed in order, attributes quoted, every `&` an entity.
    fn assert_well_formed(xml: &str) {
        let mut open = Vec::new();
        let mut rest = xml;
        while let Some(at) = rest.find('<') {
            let text = &rest[..at];
            assert!(!text.contains('>'), "a bare `>` in {text:?}");
            rest = &rest[at + 1..];
            let end = rest.find('>').expect("a tag is closed");
            let tag = &rest[..end];
            rest = &rest[end + 1..];
            if tag.starts_with('?') {
                continue;
            }
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name.to_owned()));
            } else if !tag.ends_with('/') {
                open.push(tag.split_whitespace().next().unwrap().to_owned());
            }
        }
        assert!(open.is_empty(), "{open:?}");
        for (at, _) in xml.match_indices('&') {
            let entity = &xml[at + 1..at + xml[at..].find(';').unwrap()];
            assert!(["amp", "lt", "gt", "quot", "#10", "#9"].contains(&entity), "{entity}");
        }
        assert!(xml.chars().all(|c| is_allowed(c) && (c == '\n' || !is_hidden(c))), "{xml}");
    }

    #[test]
    fn the_xml_is_well_formed_whatever_the_text() {
        let (sources, mut findings) = sample::findings();
        let wild = "<a b=\"c\"> & ]]> \u{1b}[31m \0 \u{202e}\u{ffff}\r\n\t '名'";
        findings.push(Finding::warning("unused-list", None, LocalText::same(wild)));
        for findings in [findings.as_slice(), &[]] {
            for level in [Severity::Error, Severity::Note] {
                assert_well_formed(&render(findings, &sources, Language::Zh, level));
            }
        }
    }

    #[test]
    fn only_what_reaches_the_level_fails() {
        let (sources, findings) = sample::findings();
        let shown = render(&findings, &sources, Language::En, Severity::Error);
        assert!(shown.contains("tests=\"2\" failures=\"1\""), "{shown}");
        assert!(
            shown.contains("<testcase name=\"unknown-field 2:3\" classname=\"risk/年 a.rhai\" file=\"risk/年 a.rhai\" line=\"2\">")
        );
        assert!(render(&[], &sources, Language::En, Severity::Error).contains("tests=\"1\" failures=\"0\""));
    }
}
