//! Findings as GitHub workflow commands: printed by a job, they become annotations on the changed lines.

use std::fmt::Write as _;

use countersign_core::diagnostic::Place;
use countersign_core::diagnostic::{Finding, Severity, TargetFindings};
use countersign_core::text::{Language, Sources, reveal};

/// Renders one command a finding; where there are several targets, its title names the finding's.
pub fn render(found: &[TargetFindings<'_>], language: Language) -> String {
    let several = found.len() > 1;
    let of = |of: &TargetFindings<'_>| -> String {
        let title = |finding: &Finding| if several { format!("{} ({})", finding.id(), of.target) } else { finding.id().to_owned() };
        of.findings.iter().map(|finding| one(finding, &title(finding), of.sources, language)).collect()
    };
    found.iter().map(of).collect()
}

fn one(finding: &Finding, title: &str, sources: &Sources, language: Language) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(place) = Place::find(sources, finding.span) {
        properties.push(format!("file={}", escape_property(place.file)));
        properties.push(format!("line={}", place.start.line));
        properties.push(format!("endLine={}", place.end.line));
        // GitHub refuses columns on a range of lines, and an end that is not past the start.
        if place.start.line == place.end.line {
            properties.push(format!("col={}", place.start.column));
            properties.push(format!("endColumn={}", place.end.column.max(place.start.column)));
        }
    }
    properties.push(format!("title={}", escape_property(title)));
    let mut message = finding.message.get(language).to_owned();
    if let Some(help) = &finding.help {
        let _ = write!(message, "\n{}", help.on_command_line().get(language));
    }
    format!("::{command} {}::{}\n", properties.join(","), escape(&message))
}

fn escape(text: &str) -> String {
    reveal(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// For a property's value, where `:` and `,` have a meaning too.
fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_core::check::kinds::UNKNOWN_FIELD;
    use countersign_core::diagnostic::FindingKind;
    use countersign_core::text::{LocalText, Span};

    #[test]
    fn no_text_can_end_a_property_or_start_a_command() {
        const X: &FindingKind = &FindingKind::new("x", Severity::Note, "", "");
        const Y: &FindingKind = &FindingKind::new("y", Severity::Warning, "", "");
        let mut sources = Sources::default();
        let id = sources.add("risk/a,b:c.rhai", "x\ny\n");
        let finding = Finding::new(UNKNOWN_FIELD, Span::new(id, 0, 1), LocalText::same("50% of\u{202e}\n::error::x"))
            .with_help(LocalText::same("h"));
        let note = Finding::new(X, None, LocalText::same("n"));
        let long = Finding::new(Y, Span::new(id, 0, 3), LocalText::same("l"));
        let expected = "\
::error file=risk/a%2Cb%3Ac.rhai,line=1,endLine=1,col=1,endColumn=2,title=unknown-field::50%25 of\\u{202e}%0A::error::x%0Ah
::notice title=x::n
::warning file=risk/a%2Cb%3Ac.rhai,line=1,endLine=2,title=y::l
";
        let findings = [finding, note, long];
        let one = TargetFindings { target: "rules", findings: &findings, sources: &sources, cost: None };
        assert_eq!(render(&[one], Language::En), expected);
        let other = TargetFindings { target: "a: 规则, b", ..one };
        let both = render(&[one, other], Language::En);
        assert_eq!(both.lines().nth(1), Some("::notice title=x (rules)::n"));
        assert_eq!(both.lines().nth(4), Some("::notice title=x (a%3A 规则%2C b)::n"));
    }
}
