//! Findings as JUnit XML, for build servers that show test results: each target is a suite, each of its findings a test case.

use std::fmt::Write as _;

use countersign_core::diagnostic::Place;
use countersign_core::diagnostic::{Finding, Severity, TargetFindings, human};
use countersign_core::text::{Language, reveal};

/// Renders all findings; those at or above `fail_level` are failures, the others passed cases with a text. A target without any finding
/// has one passed case, so that a build server sees that it was looked at.
#[must_use]
pub fn render(found: &[TargetFindings<'_>], language: Language, fail_level: Severity) -> String {
    let counted = |tests: usize, failures: usize| format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\"");
    let (mut suites, mut tests, mut failures) = (String::new(), 0, 0);
    for of in found {
        let cases: Vec<String> = of.findings.iter().map(|finding| case(finding, of, language, fail_level)).collect();
        let (all, failed) = (cases.len().max(1), of.findings.iter().filter(|finding| finding.severity >= fail_level).count());
        let (name, counts) = (escape(of.target), counted(all, failed));
        let passed = format!("    <testcase name=\"check\" classname=\"{name}\"/>\n");
        let body = if cases.is_empty() { passed } else { cases.concat() };
        let _ = write!(suites, "  <testsuite name=\"{name}\" {counts}>\n{body}  </testsuite>\n");
        tests += all;
        failures += failed;
    }
    let counts = counted(tests, failures);
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"countersign\" {counts}>\n{suites}</testsuites>\n")
}

fn case(finding: &Finding, of: &TargetFindings<'_>, language: Language, fail_level: Severity) -> String {
    let sources = of.sources;
    let place = Place::find(sources, finding.span);
    let class = place.map_or(of.target, |place| place.file);
    let (at, line) = place.map_or((String::new(), String::new()), |place| {
        let attributes = format!(" file=\"{}\" line=\"{}\"", escape(place.file), place.start.line);
        (format!(" {}:{}", place.start.line, place.start.column), attributes)
    });
    let name = escape(&format!("{}{at}", finding.id()));
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
    use crate::cli::render::sample;
    use countersign_core::check::kinds::UNUSED_LIST;
    use countersign_core::text::{LocalText, Sources, is_hidden};

    fn rendered(findings: &[Finding], sources: &Sources, language: Language, level: Severity) -> String {
        render(&[TargetFindings { target: "a & <b>", findings, sources, cost: None }], language, level)
    }

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
        findings.push(Finding::new(UNUSED_LIST, None, LocalText::same(wild)));
        for findings in [findings.as_slice(), &[]] {
            for level in [Severity::Error, Severity::Note] {
                assert_well_formed(&rendered(findings, &sources, Language::Zh, level));
            }
        }
    }

    #[test]
    fn only_what_reaches_the_level_fails() {
        let (sources, findings) = sample::findings();
        let shown = rendered(&findings, &sources, Language::En, Severity::Error);
        assert!(shown.contains("tests=\"2\" failures=\"1\""), "{shown}");
        assert!(
            shown.contains("<testcase name=\"unknown-field 2:3\" classname=\"risk/年 a.rhai\" file=\"risk/年 a.rhai\" line=\"2\">")
        );
        assert!(rendered(&[], &sources, Language::En, Severity::Error).contains("tests=\"1\" failures=\"0\""));
        let one = TargetFindings { target: "rules", findings: &findings, sources: &sources, cost: None };
        let shown = render(&[one, TargetFindings { target: "other", findings: &[], ..one }], Language::En, Severity::Error);
        for suite in
            ["tests=\"3\" failures=\"1\"", "name=\"rules\" tests=\"2\"", "name=\"other\" tests=\"1\"", "classname=\"other\"/>"]
        {
            assert!(shown.contains(suite), "{suite} in {shown}");
        }
    }
}
